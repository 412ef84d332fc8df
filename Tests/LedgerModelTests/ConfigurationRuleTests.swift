import LedgerTestKit
import Testing

/// The rules of documents and alerts.
@Suite("Rules of configuration and alerts")
struct ConfigurationRuleTests {
    @Test("each document counts its versions, and `expect` guards them")
    func versions() {
        let table = RuleTable(
            """
            configure nothing                                            => invalidField
            configure price/s credits a=1 expect 1                       => versionMismatch
            configure price/s credits a=1 expect 0                       => ok configured
            configure price/s credits a=2 expect 0                       => versionMismatch
            configure price/s credits a=2                                => ok
            last versions                                                => price/s=2
            configure price/s credits a=3 expect 2 , price/t credits a=1 expect 1   => versionMismatch
            configure price/s credits a=3 expect 2 , price/t credits a=1 expect 0   => ok configured configured
            last versions                                                => price/s=3 price/t=1
            configure price/s credits a=3 , price/s credits a=4          => invalidField
            configure price/u delete                                     => documentNotFound
            configure price/s delete                                     => ok
            configure price/s delete                                     => documentNotFound
            configure price/s credits a=3 expect 4                       => ok
            last versions                                                => price/s=5
            configure price/s as unit 2                                  => invalidField
            """)
        #expect(table.complaints == [])
    }

    @Test("the order of the checks is that of the rejections, over all changes")
    func precedence() {
        let table = RuleTable(
            """
            configure price/s credits a=1 expect 7 , price/t as unit 1                 => invalidField
            configure price/s credits a=1 expect 7 , tenant/settings zone Mars/Olympus => unknownTimeZone
            configure unit/credits 2                                                   => ok
            grant u-7 credits 1                                                        => ok
            configure unit/credits 3 , price/s credits a=1 expect 7                    => versionMismatch
            """)
        #expect(table.complaints == [])
    }

    @Test("a rollback makes an earlier content the newest version")
    func rollback() {
        let table = RuleTable(
            """
            rollback price/s 1                        => documentNotFound
            configure price/s credits a=1             => ok
            configure price/s credits a=2             => ok
            configure price/s delete                  => ok
            rollback price/s 4                        => versionNotFound
            rollback price/s 0                        => versionNotFound
            grant u-7 credits 10                      => ok
            debit u-7 feature s a=1                   => priceNotFound
            rollback price/s 1                        => ok configured
            last versions                             => price/s=4
            last rollbackOf                           => 1
            debit u-7 feature s a=1 id d-1            => ok
            last amount                               => 1
            rollback price/s 3                        => ok
            debit u-7 feature s a=1                   => priceNotFound
            refund d-1 a=1                            => ok
            rollback price/s 2                        => ok
            debit u-7 feature s a=1                   => ok
            last amount                               => 2
            """)
        #expect(table.complaints == [])
    }

    @Test("a scale is fixed once an amount, a price or an alert names its unit")
    func scale() {
        let table = RuleTable(
            """
            configure unit/a 2                                 => ok
            configure unit/a 3                                 => ok
            grant u-7 a 1                                      => ok
            configure unit/a 2                                 => scaleInUse
            configure unit/a 3                                 => ok
            configure unit/a delete                            => scaleInUse
            rollback unit/a 1                                  => scaleInUse
            rollback unit/a 2                                  => ok
            grant u-7 b 1                                      => ok
            configure unit/b 2                                 => scaleInUse
            configure unit/b 0                                 => ok
            configure unit/b delete                            => ok
            configure price/s c x=1                            => ok
            configure unit/c 2                                 => scaleInUse
            configure alert/low d below 1                      => ok
            configure unit/d 2                                 => scaleInUse
            configure price/t e x=1/8 , unit/e 3               => ok configured configured
            last versions                                      => unit/e=1 price/t=1
            grant u-7 e 500                                    => ok
            debit u-7 feature t x=1                            => ok
            last amount                                        => 125
            openAccount u-8                                    => ok
            debit u-8 f 0                                      => ok
            configure unit/f 1                                 => scaleInUse
            """)
        #expect(table.complaints == [])
    }

    @Test("a price is judged by the scales that its own command leaves")
    func scaleDeletedWithPrice() {
        let table = RuleTable(
            """
            configure unit/a 12                                               => ok
            configure price/s a x=99999999999                                 => rateOutOfRange
            configure price/s a x=99999999999 , unit/a delete                 => ok
            configure price/t b x=99999999999 , unit/b 12                     => rateOutOfRange
            grant u-7 a 99999999999                                           => ok
            debit u-7 feature s x=1                                           => ok
            last amount                                                       => 99999999999
            """)
        #expect(table.complaints == [])
    }

    @Test("a low balance is told once, and again when it had recovered")
    func lowBalance() {
        let table = RuleTable(
            """
            configure alert/low credits below 30       => ok
            grant u-7 credits 100                      => ok accountOpened granted
            debit u-7 credits 70                       => ok debited
            debit u-7 credits 1                        => ok debited alertRaised
            last alerts                                => low: 29 credits below 30
            debit u-7 credits 1                        => ok debited
            adjust u-7 credits -1                      => ok adjusted
            grant u-7 credits 2                        => ok
            debit u-7 credits 1 id d-1                 => ok debited
            grant u-7 credits 2                        => ok           # 30: recovered
            debit u-7 credits 1 id d-2                 => ok debited alertRaised
            refund d-2                                 => ok
            adjust u-7 credits -1                      => ok adjusted alertRaised
            configure alert/low credits below 20       => ok
            debit u-7 credits 9                        => ok debited
            debit u-7 credits 1                        => ok debited alertRaised
            last alerts                                => low: 19 credits below 20
            configure alert/low credits below 50 , alert/lower credits below 10   => ok
            debit u-7 credits 1                        => ok debited alertRaised
            debit u-7 credits 9                        => ok debited alertRaised
            last alerts                                => lower: 9 credits below 10
            configure alert/low delete                 => ok
            grant u-7 credits 100                      => ok
            debit u-7 credits 80                       => ok debited
            debit u-7 tokens 0                         => ok debited
            """)
        #expect(table.complaints == [])
    }

    @Test("a batch is judged by the balances it leaves, in the units it drew from")
    func lowBalanceAfterBatch() {
        let table = RuleTable(
            """
            configure alert/low credits below 30 , alert/tokens tokens below 30       => ok
            grant u-7 credits 40                                                      => ok
            grant u-7 tokens 10                                                       => ok
            debitBatch u-7 b i-1 credits 20 , i-2 credits 5                           => ok batchOpened debited debited alertRaised
            last alerts                                                               => low: 15 credits below 30
            debitBatch u-7 b each i-3 credits 5 , i-4 tokens 50                       => ok debited itemsRejected
            debitBatch u-7 b i-5 tokens 1                                             => ok debited alertRaised
            last alerts                                                               => tokens: 9 tokens below 30
            """)
        #expect(table.complaints == [])
    }

    @Test("a balance that recovered by time alone is armed again")
    func recoveryByTime() {
        let table = RuleTable(
            """
            configure alert/low credits below 30           => ok
            grant u-7 credits 30                           => ok
            grant u-7 credits 50 effective +1d             => ok
            debit u-7 credits 10                           => ok debited alertRaised
            at +1d
            balance u-7 credits                            => 70
            debit u-7 credits 41                           => ok debited alertRaised
            debit u-7 credits 1                            => ok debited
            """)
        #expect(table.complaints == [])
    }

    @Test("one command acknowledges at most 1,000 alerts")
    func acknowledgeMany() {
        func acknowledge(_ count: Int) -> String { "acknowledge " + (1...count).map(String.init).joined(separator: " ") }
        #expect(RuleTable("\(acknowledge(1000)) => alertNotFound\n\(acknowledge(1001)) => invalidField").complaints == [])
    }

    @Test("an alert is acknowledged until it is read")
    func acknowledge() {
        let table = RuleTable(
            """
            configure alert/low credits below 30       => ok
            grant u-7 credits 10                       => ok
            debit u-7 credits 1                        => ok debited alertRaised   # events 4 and 5
            acknowledge                                => invalidField
            acknowledge 4                              => alertNotFound
            acknowledge 5 6                            => alertNotFound
            acknowledge 5 delivered                    => ok alertDelivered
            acknowledge 5 delivered                    => ok alertDelivered
            acknowledge 5                              => ok alertRead
            acknowledge 5                              => alertNotFound
            tenant other
            acknowledge 5                              => alertNotFound
            """)
        #expect(table.complaints == [])
    }
}
