import LedgerTestKit
import Testing

/// When alerts are raised, and when not again.
@Suite("Rules of alerts")
struct AlertRuleTests {
    @Test("an allowance's thresholds are told as they are reached, each once, also those that a jump passes")
    func allowanceUsed() {
        let table = RuleTable(
            """
            plan pro articles 100 day                      => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 79 id d-1                   => ok allowanceOpened debited
            debit u-7 articles 1                           => ok debited alertRaised
            last alerts                                    => $allowanceUsed: 80 of 100 articles 80 %
            last severities                                => info
            debit u-7 articles 14                          => ok debited
            refund d-1 amount 50                           => ok refunded
            debit u-7 articles 50                          => ok debited              # 80 was told already
            debit u-7 articles 6                           => ok debited alertRaised alertRaised
            last alerts                                    => $allowanceUsed: 100 of 100 articles 95 % , $allowanceUsed: 100 of 100 articles 100 %
            last severities                                => warning error
            refund d-1                                     => ok
            debit u-7 articles 29                          => ok debited
            at +1d
            debit u-7 articles 100                         => ok allowanceOpened debited alertRaised alertRaised alertRaised
            """)
        #expect(table.complaints == [])
    }

    @Test("what is held does not count, what is settled or captured does")
    func allowanceHeld() {
        let table = RuleTable(
            """
            plan pro articles 100 day                      => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 articles 90                       => ok allowanceOpened held
            settle h-1 80                                  => ok settled alertRaised
            last alerts                                    => $allowanceUsed: 80 of 100 articles 80 %
            hold h-2 u-7 articles 20 for 5m capture        => ok held
            at +5m                                         => due holdExpired alertRaised alertRaised
            last id                                        => $holdExpired/8 $holdExpired/8 $holdExpired/8
            """)
        #expect(table.complaints == [])
    }

    @Test("a new limit is told of anew, at once when it is reached already")
    func allowanceLimit() {
        let table = RuleTable(
            """
            plan pro articles 100 day                      => ok
            plan max articles 96 day                       => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 90                          => ok allowanceOpened debited alertRaised
            override u-7 pro articles day 200              => ok allowanceOverridden lotExpired allowanceOpened
            override u-7 pro articles day 92               => ok allowanceOverridden lotExpired allowanceOpened alertRaised alertRaised
            last alerts                                    => $allowanceUsed: 90 of 92 articles 80 % , $allowanceUsed: 90 of 92 articles 95 %
            override u-7 pro articles day 100              => ok allowanceOverridden lotExpired allowanceOpened
            changePlan u-7 pro max                         => ok planChanged lotExpired allowanceOpened alertRaised
            last alerts                                    => $allowanceUsed: 90 of 96 articles 80 %
            reset u-7 max articles day                     => ok allowanceReset lotExpired allowanceOpened
            debit u-7 articles 96                          => ok debited alertRaised alertRaised
            last alerts                                    => $allowanceUsed: 96 of 96 articles 95 % , $allowanceUsed: 96 of 96 articles 100 %
            """)
        #expect(table.complaints == [])
    }

    @Test("without limit, or with none at all, nothing is told")
    func allowanceWithoutLimit() {
        let table = RuleTable(
            """
            plan pro articles -1 day, reports 0 day        => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 1000                        => ok allowanceOpened debited
            debit u-7 reports 0                            => ok allowanceOpened debited
            """)
        #expect(table.complaints == [])
    }

    @Test("rules of its own take the place of the rule that stands without them, of one unit or of all")
    func allowanceRules() {
        let table = RuleTable(
            """
            plan pro articles 100 day, pages 100 day                               => ok
            configure alert/half used articles 50 , alert/b used 60 70 severity error   => ok
            configure price/both articles n=1, pages n=1                           => ok
            subscribe u-7 pro                                                      => ok
            debit u-7 articles 70                                                  => ok allowanceOpened debited alertRaised alertRaised alertRaised
            last alerts                                                            => b: 70 of 100 articles 60 % , b: 70 of 100 articles 70 % , half: 70 of 100 articles 50 %
            last severities                                                        => error error info
            debit u-7 pages 95                                                     => ok
            last alerts                                                            => b: 95 of 100 pages 60 % , b: 95 of 100 pages 70 %
            configure alert/half delete , alert/b used 90 disabled                 => ok
            debit u-7 articles 30                                                  => ok debited
            configure alert/b delete                                               => ok
            debit u-7 pages 5                                                      => ok debited alertRaised alertRaised alertRaised
            last alerts                                                            => $allowanceUsed: 100 of 100 pages 80 % , $allowanceUsed: 100 of 100 pages 95 % , $allowanceUsed: 100 of 100 pages 100 %
            """)
        #expect(table.complaints == [])
    }

    @Test("a low balance is told after whatever takes from it, once, until it has recovered")
    func lowBalance() {
        let table = RuleTable(
            """
            configure alert/low credits below 30           => ok
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 71                        => ok held alertRaised
            last alerts                                    => low: 29 credits below 30
            settle h-1 70                                  => ok settled
            hold h-2 u-7 credits 5 overage allow 5 for 5m capture   => ok held alertRaised
            last alerts                                    => low: 25 credits below 30
            release h-2                                    => ok released
            adjust u-7 credits -1                          => ok adjusted alertRaised
            grant u-7 credits 6                            => ok
            hold h-3 u-7 credits 4 overage allow 9         => ok held
            settle h-3 10                                  => ok settled alertRaised
            last alerts                                    => low: 25 credits below 30
            grant u-7 credits 100                          => ok
            hold h-4 u-7 credits 95 for 5m capture         => ok held
            grant u-7 credits 100                          => ok
            at +5m                                         => due holdExpired
            """)
        #expect(table.complaints == [])
    }

    @Test("no balance is low beside a lot without limit")
    func lowBalanceUnlimited() {
        let table = RuleTable(
            """
            configure alert/low credits below 30           => ok
            plan pro credits -1 day                        => ok
            subscribe u-7 pro until +1d                    => ok
            grant u-7 credits 5                            => ok
            debit u-7 credits 9                            => ok debited
            at +1d
            debit u-7 credits 1                            => ok debited alertRaised
            last alerts                                    => low: 4 credits below 30
            """)
        #expect(table.complaints == [])
    }

    @Test("an account's spending is told once a window, when it passes the limit")
    func spend() {
        let table = RuleTable(
            """
            configure alert/big spend account credits above 100 day severity error => ok
            grant u-7 credits 10000                        => ok
            debit u-7 credits 100 id d-1                   => ok debited
            last meters                                    => big u-7 credits 100 of 100
            refund d-1 amount 50                           => ok refunded
            debit u-7 credits 50                           => ok debited
            hold h-1 u-7 credits 20                        => ok held
            settle h-1 1                                   => ok settled alertRaised
            last alerts                                    => big: account u-7 spent 101 credits above 100
            last severities                                => error
            refund d-1                                     => ok
            debit u-7 credits 500                          => ok debited
            debit u-7 tokens 0                             => ok debited
            last meters                                    => none
            hold h-2 u-7 credits 101 for 1d capture        => ok held
            at +1d                                         => due holdExpired alertRaised
            last alerts                                    => big: account u-7 spent 101 credits above 100
            adjust u-7 credits -500                        => ok adjusted
            at +2d
            debit u-7 credits 100                          => ok debited
            refund d-1                                     => notRefundable
            debit u-7 credits 1                            => ok debited alertRaised
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund lowers what was spent only in the window in which it was taken")
    func spendRefund() {
        let table = RuleTable(
            """
            configure alert/big spend account credits above 100 day                => ok
            grant u-7 credits 10000                        => ok
            debit u-7 credits 90 id d-1                    => ok
            at +1d
            refund d-1 amount 10                           => ok refunded
            last meters                                    => none
            debit u-7 credits 90                           => ok debited
            refund d-1                                     => ok refunded
            last meters                                    => none
            debit u-7 credits 11                           => ok debited alertRaised
            """)
        #expect(table.complaints == [])
    }

    @Test("so is the spending of a key, of a tag and of a platform")
    func spendSubjects() {
        let table = RuleTable(
            """
            configure alert/k spend key credits above 10 month , alert/t spend tag credits above 10 month , alert/p spend platform credits above 10 month   => ok
            grant u-7 credits 1000                                         => ok
            grant u-8 credits 1000                                         => ok
            issue k-1 u-7 platform web tags x+y , k-2 u-8 tags x           => ok
            debit u-7 credits 100                                          => ok debited
            last meters                                                    => none
            debit u-7 credits 10 key k-1                                   => ok debited
            last meters                                                    => k k-1 credits 10 of 10 , p web credits 10 of 10 , t x credits 10 of 10 , t y credits 10 of 10
            debit u-8 credits 1 key k-2                                    => ok debited alertRaised
            last alerts                                                    => t: tag x spent 11 credits above 10
            debit u-8 credits 1 labels platform=web                        => ok debited alertRaised
            last alerts                                                    => p: platform web spent 11 credits above 10
            debit u-7 credits 1 key k-1 labels platform=app                => ok debited alertRaised alertRaised
            last alerts                                                    => k: key k-1 spent 11 credits above 10 , t: tag y spent 11 credits above 10
            at 2026-04-01T00:00:00Z
            debit u-7 credits 11 key k-1                                   => ok debited alertRaised alertRaised alertRaised alertRaised
            last alerts                                                    => k: key k-1 spent 11 credits above 10 , p: platform web spent 11 credits above 10 , t: tag x spent 11 credits above 10 , t: tag y spent 11 credits above 10
            """)
        #expect(table.complaints == [])
    }

    @Test("a key's end is told days before, in groups of the ledger's own")
    func keyExpiring() {
        let table = RuleTable(
            """
            openAccount u-7                                => ok
            issue k-1 u-7 expires +10d                     => ok        # event 2
            nextDue                                        => +3d
            at 2026-03-03T23:59:59.999999Z
            at +3d                                         => due alertRaised
            last id                                        => $keyExpiring/2/7
            last alerts                                    => $keyExpiring: k-1 in 7 days
            last severities                                => info
            nextDue                                        => +7d
            at +9d                                         => due alertRaised / alertRaised
            last id                                        => $keyExpiring/2/3 $keyExpiring/2/1
            last severities                                => warning error
            nextDue                                        => never
            update k-1 owner ann                           => ok        # event 6: told already
            nextDue                                        => never
            update k-1 expires +30d                        => ok        # event 7
            nextDue                                        => +23d
            at +23d                                        => due alertRaised
            last id                                        => $keyExpiring/7/7
            revoke k-1                                     => ok
            nextDue                                        => never
            """)
        #expect(table.complaints == [])
    }

    @Test("a key that is soon to end when it is issued is told of at once")
    func keyExpiringSoon() {
        let table = RuleTable(
            """
            configure alert/soon expiring 30 2             => ok
            openAccount u-7                                => ok
            issue k-1 u-7 expires +10d                     => ok keyIssued
            due                                            => due alertRaised
            last alerts                                    => soon: k-1 in 30 days
            nextDue                                        => +8d
            update k-1 expires never                       => ok
            nextDue                                        => never
            """)
        #expect(table.complaints == [])
    }

    @Test("a key that is reported faulty is told of, and again when it was not in between")
    func keyFaulty() {
        let table = RuleTable(
            """
            openAccount u-7                                => ok
            issue k-1 u-7 , k-2 u-7                        => ok
            update k-1 status faulty , k-2 status disabled => ok keyUpdated keyUpdated alertRaised
            last alerts                                    => $keyFaulty: k-1 is faulty
            last severities                                => warning
            update k-1 status faulty                       => ok keyUpdated
            update k-1 status active                       => ok keyUpdated
            update k-1 status faulty                       => ok keyUpdated alertRaised
            configure alert/f faulty disabled              => ok
            update k-2 status faulty                       => ok keyUpdated
            """)
        #expect(table.complaints == [])
    }

    @Test("a hold that stays open is told of")
    func holdAgeing() {
        let table = RuleTable(
            """
            configure alert/old ageing 10m , alert/older ageing 20m severity error     => ok
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 1 for 1h                  => ok            # event 5
            hold h-2 u-7 credits 1 for 1h                  => ok            # event 6
            nextDue                                        => +10m
            at +9m
            settle h-2                                     => ok
            at +10m                                        => due alertRaised
            last id                                        => $holdAgeing/5/600
            last alerts                                    => old: h-1 for 600 s
            last severities                                => warning
            extend h-1 2h                                  => ok
            at +1h                                         => due alertRaised
            last id                                        => $holdAgeing/5/1200
            at +2h
            nextDue                                        => +2h10m
            at +2h10m                                      => due holdExpired
            """)
        #expect(table.complaints == [])
    }

    @Test("alerts come last, ordered by rule, then by what was moved")
    func order() {
        let table = RuleTable(
            """
            configure alert/a credits below 50 , alert/z used 50 , alert/m spend account credits above 10 day   => ok
            grant u-7 credits 40                           => ok
            plan pro credits 20 day                        => ok
            subscribe u-7 pro                              => ok
            debit u-7 credits 15                           => ok allowanceOpened debited alertRaised alertRaised alertRaised
            last alerts                                    => a: 45 credits below 50 , m: account u-7 spent 15 credits above 10 , z: 15 of 20 credits 50 %
            """)
        #expect(table.complaints == [])
    }

    @Test("in a submission each command's alerts stand behind its own events")
    func submission() {
        let table = RuleTable(
            """
            configure alert/low credits below 30           => ok
            grant u-7 credits 40                           => ok
            submit debit u-7 credits 11 ; debit u-7 credits 1 ; grant u-7 credits 5 ; debit u-7 credits 4   => ok submitted debited alertRaised debited granted debited alertRaised
            """)
        #expect(table.complaints == [])
    }

    @Test("the same window of the same plan is told of once, whoever left and came back; another plan's is another")
    func allowanceIdentity() {
        let table = RuleTable(
            """
            plan pro articles 100 day                      => ok
            plan max articles 100 day                      => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 80                          => ok allowanceOpened debited alertRaised
            changePlan u-7 pro max                         => ok planChanged lotExpired allowanceOpened alertRaised
            last alerts                                    => $allowanceUsed: 80 of 100 articles 80 %
            changePlan u-7 max pro                         => ok planChanged lotExpired allowanceOpened
            unsubscribe u-7 pro                            => ok lotExpired unsubscribed
            subscribe u-7 pro                              => ok subscribed
            debit u-7 articles 80                          => ok allowanceOpened debited
            """)
        #expect(table.complaints == [])
    }

    @Test("a rule that comes later speaks at once of what it would have told")
    func laterRules() {
        let table = RuleTable(
            """
            grant u-7 credits 5                            => ok
            hold h-1 u-7 credits 1 for 1h                  => ok
            issue k-1 u-7 expires +9d                      => ok
            at +30m
            configure alert/old ageing 10m                 => ok
            due                                            => due alertRaised
            last alerts                                    => old: h-1 for 600 s
            configure alert/soon expiring 20 2             => ok
            due                                            => due alertRaised
            last alerts                                    => soon: k-1 in 20 days
            nextDue                                        => +1h
            """)
        #expect(table.complaints == [])
    }

    @Test("a batch is told of once, by what it leaves")
    func batch() {
        let table = RuleTable(
            """
            plan pro articles 100 day                                                      => ok
            subscribe u-7 pro                                                              => ok
            debitBatch u-7 b i-1 articles 50 , i-2 articles 31 , i-3 articles 15           => ok
            last alerts                                                                    => $allowanceUsed: 96 of 100 articles 80 % , $allowanceUsed: 96 of 100 articles 95 %
            """)
        #expect(table.complaints == [])
    }

    @Test("a window that has ended speaks no more, whatever is settled of it")
    func allowanceSettledLater() {
        let table = RuleTable(
            """
            plan pro articles 20 day                       => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 articles 16 for 2d                => ok
            hold h-2 u-7 articles 4 for 2d                 => ok
            at +1d
            settle h-1                                     => ok allowanceOpened settled
            settle h-2                                     => ok settled
            quota u-7 pro articles day                     => used 0 limit 20
            """)
        #expect(table.complaints == [])
    }
}
