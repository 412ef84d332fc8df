import LedgerTestKit
import Testing

/// The rules of accounts, lots and explicit debits.
@Suite("Rules of balances")
struct BalanceRuleTests {
    @Test("lots are drawn by priority, then by expiry, then by age")
    func burnDownOrder() {
        let table = RuleTable(
            """
            grant u-7 credits 10                          => ok accountOpened granted
            grant u-7 credits 20                          => ok granted
            grant u-7 credits 30 expires +9d              => ok
            grant u-7 credits 40 expires +3d              => ok
            grant u-7 credits 50 priority 5               => ok
            grant u-7 credits 60 priority 30 expires +1d  => ok
            lots u-7 credits                              => 50 40 30 10 20 60
            balance u-7 credits                           => 210
            debit u-7 credits 45                          => ok debited
            last drawn                                    => 45
            debit u-7 credits 50                          => ok
            last drawn                                    => 5 40 5
            last available                                => 115
            lots u-7 credits                              => 25 10 20 60
            debit u-7 credits 115                         => ok
            last drawn                                    => 25 10 20 60
            lots u-7 credits                              => none
            balance u-7 credits                           => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a debit is all or nothing, and never leaves less than nothing")
    func allOrNothing() {
        let table = RuleTable(
            """
            debit u-7 credits 1        => accountNotFound
            openAccount u-7            => ok accountOpened
            openAccount u-7            => accountExists
            debit u-7 credits 1        => insufficientBalance
            debit u-7 credits 0        => ok debited
            balance u-7 credits        => 0
            grant u-7 credits 100      => ok granted
            debit u-7 credits 101      => insufficientBalance
            balance u-7 credits        => 100
            debit u-7 credits 100      => ok
            debit u-7 credits 1        => insufficientBalance
            grant u-7 credits 0        => invalidField
            tenant other
            balance u-7 credits        => none
            debit u-7 credits 0        => accountNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("a lot lapses at its instant, and that is told once, before the command's own events")
    func expiry() {
        let table = RuleTable(
            """
            grant u-7 credits 100 expires +2d   => ok
            grant u-7 credits 50 expires +2d    => ok
            grant u-7 credits 7                 => ok
            debit u-7 credits 30                => ok debited
            at +47h59m59s
            balance u-7 credits                 => 127
            at +2d
            balance u-7 credits                 => 7
            lots u-7 credits                    => 7
            debit u-7 credits 8                 => insufficientBalance
            debit u-7 credits 2                 => ok lotExpired lotExpired debited
            debit u-7 credits 2                 => ok debited
            balance u-7 credits                 => 3
            grant u-7 credits 1 expires +2d     => invalidField
            grant u-7 credits 1 effective +49h expires +49h => invalidField
            """)
        #expect(table.complaints == [])
    }

    @Test("every command that moves a balance tells first what lapsed on it")
    func expiryBeforeAnyMove() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +1d   => ok
            grant u-7 credits 10 expires +2d   => ok
            grant u-7 credits 10 expires +3d   => ok
            grant u-7 tokens 10 expires +3d    => ok
            grant u-7 credits 10               => ok
            at +1d
            grant u-7 credits 1                => ok lotExpired granted
            at +2d
            adjust u-7 credits +1              => ok lotExpired adjusted
            at +3d
            adjust u-7 credits -1              => ok lotExpired adjusted
            debitBatch u-7 b i-1 credits 1     => ok batchOpened debited
            debitBatch u-7 b i-2 tokens 0      => ok lotExpired debited
            balance u-7 credits                => 10
            """)
        #expect(table.complaints == [])
    }

    @Test("a lot is not drawn before its time comes")
    func effectiveAt() {
        let table = RuleTable(
            """
            grant u-7 credits 100 effective +1d expires +3d   => ok
            last available                                    => 0
            balance u-7 credits                               => 0
            lots u-7 credits                                  => 100
            debit u-7 credits 1                               => insufficientBalance
            grant u-7 credits 5                               => ok
            debit u-7 credits 2                               => ok
            lots u-7 credits                                  => 100 3
            at +1d
            balance u-7 credits                               => 103
            debit u-7 credits 101                             => ok
            last drawn                                        => 100 1
            """)
        #expect(table.complaints == [])
    }

    @Test("an adjustment opens a lot, or draws in the usual order")
    func adjust() {
        let table = RuleTable(
            """
            adjust u-7 credits +5              => accountNotFound
            grant u-7 credits 10 expires +9d   => ok
            adjust u-7 credits +5              => ok adjusted
            lots u-7 credits                   => 10 5
            adjust u-7 credits -12             => ok adjusted
            last drawn                         => 10 2
            balance u-7 credits                => 3
            adjust u-7 credits -4              => insufficientBalance
            adjust u-7 credits +0              => invalidField
            """)
        #expect(table.complaints == [])
    }

    @Test("no balance passes 2^53-1, future lots counted")
    func overflow() {
        let table = RuleTable(
            """
            grant u-7 credits 2^53-1                   => ok
            grant u-7 credits 1                        => amountOverflow
            grant u-7 credits 1 effective +1d          => amountOverflow
            adjust u-7 credits +1                      => amountOverflow
            debit u-7 credits 1 id d-1                 => ok
            grant u-7 credits 1                        => ok
            refund d-1                                 => amountOverflow
            debit u-7 credits 1                        => ok
            refund d-1                                 => ok
            balance u-7 credits                        => 9007199254740991
            """)
        #expect(table.complaints == [])
    }

    @Test("at most 256 lots are open per account and unit")
    func tooManyLots() {
        let grants = (1...256).map { "grant u-7 credits 1 expires +\($0)d => ok" }.joined(separator: "\n")
        let table = RuleTable(
            grants + """

                grant u-7 credits 1                 => tooManyLots
                adjust u-7 credits +1               => tooManyLots
                grant u-7 tokens 1                  => ok
                debit u-7 credits 1 id d-1          => ok
                grant u-7 credits 1                 => ok
                refund d-1                          => tooManyLots
                debit u-7 credits 256 id d-2        => ok
                refund d-2                          => ok refunded
                last reopened                       => 256
                balance u-7 credits                 => 256
                at +2d                              # the first is gone, the second lapses
                grant u-7 credits 1                 => ok lotExpired granted
                """)
        #expect(table.complaints == [])
    }

    @Test("an id is used once, for ever, per tenant; reserved names are refused")
    func identifiers() {
        let table = RuleTable(
            """
            grant u-7 credits 100 id g-1                       => ok accountOpened granted
            grant u-7 credits 100 id g-1                       => known 1
            debit u-9 tokens 5 id g-1                          => known 1
            debit u-7 credits 500 id d-1                       => insufficientBalance
            debit u-7 credits 50 id d-1                        => ok
            debit u-7 credits 50 id d-1                        => known 3
            at +9999d
            debit u-7 credits 50 id d-1                        => known 3
            debit u-7 credits 1 id $d                          => reservedName
            debitBatch u-7 b $i credits 1                      => reservedName
            tenant $system
            openAccount u-7                                    => reservedName
            tenant other
            grant u-7 credits 7 id g-1                         => ok
            balance u-7 credits                                => 7
            """)
        #expect(table.complaints == [])
    }

    @Test("the day of an event is that of its use, in the tenant's zone")
    func days() {
        let table = RuleTable(
            """
            grant u-7 credits 100                                   => ok
            last day                                                => 2026-03-01 2026-03-01
            debit u-7 credits 1 occurred +1s                        => occurredInFuture
            debit u-7 credits 1 occurred +0s                        => ok
            debit u-7 credits 1 occurred -1s                        => ok
            last day                                                => 2026-02-28
            debit u-7 credits 1 occurred -35d                       => ok
            last day                                                => 2026-01-25
            debit u-7 credits 1 occurred -35d1s                     => occurredTooLate
            configure tenant/settings zone Mars/Olympus             => unknownTimeZone
            configure tenant/settings zone Europe/Berlin lateDays 1 => ok configured
            debit u-7 credits 1 occurred -1s                        => ok
            last day                                                => 2026-03-01
            debit u-7 credits 1 occurred -1h1s                      => ok
            last day                                                => 2026-02-28
            debit u-7 credits 1 occurred -24h1s                     => occurredTooLate
            debitBatch u-7 b i-1 credits 1 occurred -1h1s , i-2 credits 1 => ok batchOpened debited debited
            last day                                                => 2026-03-01 2026-02-28 2026-03-01
            at 2026-03-29T21:59:59Z
            debit u-7 credits 1                                     => ok
            last day                                                => 2026-03-29
            at 2026-03-29T22:00:00Z
            debit u-7 credits 1                                     => ok
            last day                                                => 2026-03-30
            configure tenant/settings zone Pacific/Kiritimati lateDays 0 => ok
            debit u-7 credits 1                                     => ok
            last day                                                => 2026-03-30
            debit u-7 credits 1 occurred 2026-03-29T21:59:59.999999Z => occurredTooLate
            configure tenant/settings delete                        => ok
            debit u-7 credits 1 occurred 2026-02-22T22:00:00Z       => ok
            last day                                                => 2026-02-22
            """)
        #expect(table.complaints == [])
    }
}
