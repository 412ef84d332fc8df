import LedgerTestKit
import Testing

/// What a hold sets aside, how long it lasts, and how many there may be.
@Suite("Rules of holds")
struct HoldRuleTests {
    @Test("a hold takes units out of the lots: nobody else has them until it ends")
    func hold() {
        let table = RuleTable(
            """
            grant u-7 credits 100                    => ok
            hold h-1 u-7 credits 60                  => ok held
            last drawn                               => 60
            last available                           => 40
            last held                                => 60
            balance u-7 credits                      => 40 held 60
            lots u-7 credits                         => 40+60
            debit u-7 credits 50                     => insufficientBalance asked 50 available 40 held 60
            hold h-2 u-7 credits 41                  => insufficientBalance asked 41 available 40 held 60
            hold h-2 u-7 credits 40                  => ok held
            balance u-7 credits                      => 0 held 100
            lots u-7 credits                         => 0+100
            adjust u-7 credits -1                    => insufficientBalance available 0 held 100
            hold h-3 u-7 credits 0                   => ok held
            settle h-3                               => ok settled
            settle h-1                               => ok settled
            last amount                              => 60
            last returned                            => none
            last shortfall                           => 0
            last method                              => reported
            release h-2                              => ok released
            last amount                              => none
            last returned                            => 40
            balance u-7 credits                      => 40
            """)
        #expect(table.complaints == [])
    }

    @Test("it draws in burn-down order, and a lot of which only held units are left stays")
    func drawn() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +9d         => ok
            grant u-7 credits 20                     => ok
            hold h-1 u-7 credits 25                  => ok
            last drawn                               => 10 15
            lots u-7 credits                         => 0+10 5+15
            hold h-2 u-7 credits 5                   => ok
            lots u-7 credits                         => 0+10 0+20
            debit u-7 credits 0                      => ok debited
            release h-1                              => ok released
            last returnedTo                          => 15 10
            last reopened                            => 0
            lots u-7 credits                         => 10 15+5
            release h-2                              => ok released
            lots u-7 credits                         => 10 20
            """)
        #expect(table.complaints == [])
    }

    @Test("it checks what a debit checks")
    func asDebit() {
        let table = RuleTable(
            """
            hold h-1 u-7 credits 1                         => accountNotFound account u-7
            openAccount u-7                                => ok
            hold h-1 u-7 credits 1 occurred +1s            => occurredInFuture
            hold h-1 u-7 credits 1 occurred -36d           => occurredTooLate
            hold h-1 u-7 feature chat a=1                  => priceNotFound feature chat
            hold h-1 u-7 credits 1 key k-1                 => keyNotFound key k-1
            hold $h u-7 credits 0                          => reservedName
            configure price/chat credits a=1               => ok
            hold h-1 u-7 feature chat b=1                  => unknownDimension feature chat dimension b
            freezeAccount u-7                              => ok accountFrozen
            hold h-1 u-7 credits 0                         => accountFrozen account u-7
            unfreezeAccount u-7                            => ok accountUnfrozen
            openBatch u-7 b-1                              => ok
            closeBatch u-7 b-1                             => ok
            hold h-1 u-7 credits 0 batch b-1               => batchClosed
            hold h-1 u-7 credits 0 batch b-2               => ok batchOpened held
            hold h-1 u-7 credits 0 batch b-2               => known 7
            grant u-7 credits 5                            => ok
            hold h-1 u-7 credits 5                         => known 7
            debit u-7 credits 5 id h-1                     => known 7
            """)
        #expect(table.complaints == [])
    }

    @Test("it ends by itself at its instant, in a group of the ledger's own")
    func expiry() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 60                        => ok            # event 3; 900 seconds when not said
            nextDue                                        => +15m
            at 2026-03-01T00:14:59.999999Z
            balance u-7 credits                            => 40 held 60
            at +15m                                        => due holdExpired
            last id                                        => $holdExpired/3
            last heads                                     => 1
            last amount                                    => none
            last returned                                  => 60
            balance u-7 credits                            => 100
            nextDue                                        => never
            hold h-2 u-7 credits 60 for 10m capture        => ok            # event 5
            hold h-3 u-7 credits 30 for 5m                 => ok            # event 6
            nextDue                                        => +20m
            at +1d                                         => due holdExpired / holdExpired
            last id                                        => $holdExpired/6 $holdExpired/5
            last amount                                    => 60
            last returned                                  => 30
            balance u-7 credits                            => 40
            configure tenant/settings holdSeconds 60       => ok
            hold h-4 u-7 credits 1                         => ok
            nextDue                                        => +24h1m
            hold h-5 u-7 credits 1 for 0                   => invalidField
            hold h-5 u-7 credits 1 for 2678401             => invalidField
            hold h-5 u-7 credits 1 for 31d                 => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("of holds that end at the same instant the older one ends first")
    func order() {
        let table = RuleTable(
            """
            grant u-7 credits 10                           => ok
            hold h-1 u-7 credits 1 for 10m                 => ok            # event 3
            hold h-2 u-7 credits 1 for 5m                  => ok            # event 4
            at +5m                                         => due holdExpired
            hold h-3 u-7 credits 1 for 5m                  => ok            # event 6
            hold h-4 u-7 credits 1 for 4m                  => ok            # event 7
            extend h-1 5m                                  => ok            # the same instant as before
            at +10m                                        => due holdExpired / holdExpired / holdExpired
            last id                                        => $holdExpired/7 $holdExpired/3 $holdExpired/6
            """)
        #expect(table.complaints == [])
    }

    @Test("`extend` counts anew from now, longer or shorter")
    func extend() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            extend h-1 10m                                 => holdNotFound hold h-1
            extend h-1 0                                   => invalidField
            hold h-1 u-7 credits 60 for 10m                => ok
            at +5m
            extend h-1 31d1s                               => invalidField
            extend h-1 10m                                 => ok holdExtended
            nextDue                                        => +15m
            at +10m
            balance u-7 credits                            => 40 held 60
            extend h-1 1s                                  => ok holdExtended
            nextDue                                        => +10m1s
            at +10m1s                                      => due holdExpired
            extend h-1 10m                                 => holdClosed hold h-1
            hold h-2 u-7 credits 1                         => ok
            settle h-2                                     => ok
            extend h-2 10m                                 => holdClosed
            tenant other
            extend h-2 10m                                 => holdNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("an account has so many open at once as its tenant says, a key so many as its own terms say")
    func tooMany() {
        let table = RuleTable(
            """
            configure tenant/settings maxOpenHolds 2       => ok
            grant u-7 credits 100                          => ok
            grant u-8 credits 100                          => ok
            issue k-1 u-7 maxOpenHolds 1                   => ok
            hold h-1 u-7 credits 1 key k-1                 => ok
            hold h-2 u-7 credits 1 key k-1                 => tooManyHolds of k-1 limit 1
            hold h-2 u-7 credits 1 for 5m                  => ok
            hold h-3 u-7 credits 1                         => tooManyHolds of u-7 limit 2
            hold h-3 u-7 credits 1000                      => tooManyHolds
            hold h-3 u-8 credits 1                         => ok
            release h-1                                    => ok
            hold h-4 u-7 credits 1 key k-1                 => ok
            hold h-5 u-7 credits 1                         => tooManyHolds
            at +5m                                         => due holdExpired
            hold h-5 u-7 credits 1                         => ok
            hold h-6 u-7 credits 1                         => tooManyHolds of u-7 limit 2
            configure tenant/settings maxOpenHolds 3       => ok
            hold h-6 u-7 credits 1                         => ok
            hold h-7 u-7 credits 1                         => tooManyHolds of u-7 limit 3
            configure tenant/settings delete               => ok
            hold h-7 u-7 credits 1                         => ok
            key k-1                                        => active holds 1
            """)
        #expect(table.complaints == [])
    }

    @Test("what is held does not lapse with its lot, but what comes back of it does")
    func lapsed() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +1h               => ok
            grant u-7 credits 10 expires +1h priority 30   => ok
            grant u-7 credits 10 priority 40               => ok
            hold h-1 u-7 credits 8 for 3h                  => ok
            hold h-2 u-7 credits 7 for 3h                  => ok
            hold h-3 u-7 credits 6 for 3h                  => ok
            last drawn                                     => 5 1
            lots u-7 credits                               => 0+10 0+10 9+1
            at +1h
            balance u-7 credits                            => 9 held 21
            lots u-7 credits                               => 9+1
            release h-1                                    => ok released
            last returned                                  => 8
            last expired                                   => 8
            balance u-7 credits                            => 9 held 13
            settle h-2 3                                   => ok settled
            last amount                                    => 3
            last returned                                  => 4
            last expired                                   => 4
            settle h-3 5                                   => ok settled
            last drawn                                     => 5
            last returned                                  => 1
            last expired                                   => 0
            lots u-7 credits                               => 10
            """)
        #expect(table.complaints == [])
    }

    @Test("what was not held of a lapsed lot is told before the hold's end")
    func lapsedRest() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +1h               => ok
            hold h-1 u-7 credits 4 for 3h                  => ok
            hold h-2 u-7 credits 1 for 3h                  => ok
            hold h-3 u-7 credits 1 for 2h                  => ok
            at +1h
            balance u-7 credits                            => 0 held 6
            release h-1                                    => ok lotExpired released
            last lapsed                                    => 4
            last expired                                   => 4
            settle h-2                                     => ok settled
            last amount                                    => 1
            at +2h                                         => due holdExpired
            last expired                                   => 1
            lots u-7 credits                               => none
            """)
        #expect(table.complaints == [])
    }

    @Test("held units count when it is judged whether an amount would pass 2^53-1")
    func overflow() {
        let table = RuleTable(
            """
            grant u-7 credits 2^53-1                       => ok
            hold h-1 u-7 credits 10                        => ok
            grant u-7 credits 1                            => amountOverflow unit credits
            adjust u-7 credits +1                          => amountOverflow
            settle h-1 4                                   => ok
            grant u-7 credits 5                            => amountOverflow
            grant u-7 credits 4                            => ok
            balance u-7 credits                            => 9007199254740991
            """)
        #expect(table.complaints == [])
    }

    @Test("a closed account has no open holds, and nothing more happens on it")
    func closing() {
        let table = RuleTable(
            """
            closeAccount u-7                               => accountNotFound account u-7
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 60                        => ok
            hold h-2 u-7 credits 1                         => ok
            closeAccount u-7                               => holdsOpen account u-7 count 2
            settle h-1                                     => ok
            release h-2                                    => ok
            closeAccount u-7                               => ok accountClosed
            closeAccount u-7                               => accountClosed account u-7
            hold h-3 u-7 credits 1                         => accountClosed account u-7
            debit u-7 credits 1                            => accountClosed
            debitBatch u-7 b i-1 credits 1                 => accountClosed
            grant u-7 credits 1                            => accountClosed
            adjust u-7 credits +1                          => accountClosed
            freezeAccount u-7                              => accountClosed
            unfreezeAccount u-7                            => accountClosed
            openBatch u-7 b                                => accountClosed
            recordUsage u-7 credits 1                      => accountClosed
            issue k-1 u-7                                  => accountClosed
            openAccount u-7                                => accountExists account u-7
            balance u-7 credits                            => 40
            """)
        #expect(table.complaints == [])
    }

    @Test("a frozen account gives nothing out, but takes back and ends what it has")
    func freezing() {
        let table = RuleTable(
            """
            freezeAccount u-7                              => accountNotFound
            grant u-7 credits 100                          => ok
            unfreezeAccount u-7                            => accountNotFrozen account u-7
            debit u-7 credits 10 id d-1                    => ok
            hold h-1 u-7 credits 10 overage allow 5        => ok
            hold h-2 u-7 credits 10                        => ok
            hold h-3 u-7 credits 10 for 5m capture         => ok
            freezeAccount u-7                              => ok accountFrozen
            freezeAccount u-7                              => accountFrozen account u-7
            debit u-7 credits 1                            => accountFrozen
            debitBatch u-7 b i-1 credits 1                 => accountFrozen
            hold h-4 u-7 credits 1                         => accountFrozen
            grant u-7 credits 1                            => ok
            refund d-1                                     => ok
            settle h-1 15                                  => ok settled
            extend h-2 1m                                  => ok
            release h-2                                    => ok
            at +5m                                         => due holdExpired
            balance u-7 credits                            => 76
            unfreezeAccount u-7                            => ok accountUnfrozen
            debit u-7 credits 76                           => ok
            """)
        #expect(table.complaints == [])
    }
}
