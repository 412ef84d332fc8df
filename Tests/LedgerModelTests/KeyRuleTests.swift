import LedgerTestKit
import Testing

/// What a key may be used for, how long, and how much it may spend.
@Suite("Rules of keys")
struct KeyRuleTests {
    @Test("keys are issued together or not at all; a key and a hash are used once")
    func issue() {
        let table = RuleTable(
            """
            issue k-1 u-7                                  => accountNotFound account u-7
            openAccount u-7                                => ok
            openAccount u-8                                => ok
            issue nothing                                  => invalidField
            issue k-1 u-7 , k-1 u-7                        => invalidField
            issue k-1 u-7 , k-2 u-7 hash of k-1            => keyHashExists key k-2
            issue k-1 u-7 , k-2 u-9                        => accountNotFound account u-9
            issue k-1 u-7 tags prod+eu owner ann , k-2 u-8 => ok keyIssued keyIssued
            key k-1                                        => active account u-7 tags eu+prod owner ann expired no state open holds 0 limit none
            issue k-1 u-7                                  => keyExists key k-1
            issue k-3 u-7 hash of k-1                      => keyHashExists key k-3
            issue k-3 u-7 , k-1 u-7                        => keyExists key k-1
            key k-3                                        => none
            revoke k-1                                     => ok keyRevoked
            issue k-1 u-7                                  => keyExists
            issue k-4 u-7 hash of k-1                      => keyHashExists
            tenant other
            openAccount u-7                                => ok
            issue k-1 u-7 hash of k-9                      => ok
            issue k-2 u-7                                  => keyHashExists key k-2
            """)
        #expect(table.complaints == [])
    }

    @Test("a use needs a key of its account that is neither revoked, expired nor disabled")
    func usable() {
        let table = RuleTable(
            """
            configure alert/quiet expiring 1 disabled      => ok
            grant u-7 credits 100                          => ok
            openAccount u-8                                => ok
            issue k-1 u-7 , k-2 u-8 , k-3 u-7 expires +1d  => ok
            debit u-7 credits 1 key k-0                    => keyNotFound key k-0
            debit u-7 credits 1 key k-2                    => keyOfOtherAccount key k-2 account u-7
            debit u-7 credits 1 key k-1                    => ok
            update k-1 status disabled                     => ok keyUpdated
            key k-1                                        => disabled
            debit u-7 credits 1 key k-1                    => keyDisabled key k-1
            hold h-1 u-7 credits 1 key k-1                 => keyDisabled
            debitBatch u-7 b key k-1 i-1 credits 1         => keyDisabled in i-1
            update k-1 status active                       => ok keyUpdated
            hold h-1 u-7 credits 9 key k-1 overage allow 5 => ok
            update k-1 status faulty                       => ok keyUpdated alertRaised
            debit u-7 credits 1 key k-1                    => ok
            revoke k-1                                     => ok keyRevoked
            key k-1                                        => revoked holds 1
            debit u-7 credits 1 key k-1                    => keyRevoked key k-1
            hold h-2 u-7 credits 1 key k-1                 => keyRevoked
            debitBatch u-7 b key k-1 i-1 credits 1         => keyRevoked in i-1
            debitBatch u-7 b each key k-1 i-1 credits 1    => ok
            last rejected                                  => i-1:keyRevoked
            settle h-1 11                                  => ok settled
            update k-1 status active                       => keyRevoked key k-1
            revoke k-1                                     => keyRevoked key k-1
            at 2026-03-01T23:59:59.999999Z
            debit u-7 credits 1 key k-3                    => ok
            key k-3                                        => active expired no
            at +1d
            key k-3                                        => active expired yes
            debit u-7 credits 1 key k-3                    => keyExpired key k-3 expiresAt +1d
            update k-3 expires +2d                         => ok
            debit u-7 credits 1 key k-3                    => ok
            update k-3 expires never                       => ok
            at +9d
            debit u-7 credits 1 key k-3                    => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("of keys that are updated or revoked together, each is there, and named once")
    func bulk() {
        let table = RuleTable(
            """
            openAccount u-7                                => ok
            issue k-1 u-7 , k-2 u-7 , k-3 u-7              => ok
            update nothing                                 => invalidField
            update k-1 owner ann , k-1 owner bob           => invalidField
            update k-1 owner ann , k-9 owner bob           => keyNotFound key k-9
            key k-1                                        => active owner none
            update k-1 status revoked                      => invalidField
            update k-1 owner ann , k-2 owner bob status disabled   => ok keyUpdated keyUpdated
            key k-2                                        => disabled owner bob
            update k-2 tags x                              => ok
            key k-2                                        => disabled owner bob tags x
            update k-2 owner none tags none                => ok
            key k-2                                        => disabled owner none
            revoke nothing                                 => invalidField
            revoke k-1 k-1                                 => invalidField
            revoke k-1 k-9                                 => keyNotFound key k-9
            key k-1                                        => active
            revoke k-1 k-2                                 => ok keyRevoked keyRevoked
            update k-3 owner ann , k-2 owner bob           => keyRevoked key k-2
            tenant other
            revoke k-3                                     => keyNotFound key k-3
            """)
        #expect(table.complaints == [])
    }

    @Test("a key may be for some features only")
    func features() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            configure price/chat credits n=1 , price/search credits n=1 , price/image credits n=1   => ok
            issue k-1 u-7 features chat+search             => ok
            debit u-7 feature chat n=1 key k-1             => ok
            debit u-7 feature search n=1 key k-1           => ok
            debit u-7 feature image n=1 key k-1            => featureNotAllowed key k-1 feature image
            debit u-7 credits 1 key k-1                    => featureNotAllowed key k-1
            hold h-1 u-7 feature image n=1 key k-1         => featureNotAllowed
            debitBatch u-7 b key k-1 i-1 feature chat n=1 , i-2 feature image n=1   => featureNotAllowed in i-2
            debitBatch u-7 b each key k-1 i-1 feature chat n=1 , i-2 feature image n=1   => ok
            last rejected                                  => i-2:featureNotAllowed
            update k-1 features image                      => ok
            debit u-7 feature chat n=1 key k-1             => featureNotAllowed feature chat
            update k-1 features all                        => ok
            debit u-7 credits 1 key k-1                    => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("a limit counts what is taken and what is held in a window of the calendar")
    func limit() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            grant u-7 tokens 1000                          => ok
            issue k-1 u-7 limit credits 100 day , k-2 u-7  => ok
            at +12h
            debit u-7 credits 101 key k-1                  => keyLimitExceeded key k-1 unit credits asked 101 used 0 limit 100 resetsAt +1d
            debit u-7 credits 60 key k-1                   => ok
            last meters                                    => k-1 credits 60 of 100
            debit u-7 credits 500 key k-2                  => ok
            debit u-7 tokens 500 key k-1                   => ok
            last meters                                    => none
            key k-1                                        => active used 60 limit 100 start +0d end +1d
            debit u-7 credits 41 key k-1                   => keyLimitExceeded asked 41 used 60
            hold h-1 u-7 credits 30 key k-1                => ok held
            last meters                                    => k-1 credits 90 of 100
            key k-1                                        => active used 90 holds 1
            hold h-2 u-7 credits 11 key k-1                => keyLimitExceeded asked 11 used 90
            settle h-1 10                                  => ok settled
            last meters                                    => k-1 credits 70 of 100
            hold h-2 u-7 credits 30 key k-1                => ok
            release h-2                                    => ok released
            last meters                                    => k-1 credits 70 of 100
            hold h-3 u-7 credits 30 key k-1 for 5m         => ok
            at +12h5m                                      => due holdExpired
            key k-1                                        => active used 70
            settle h-3 20                                  => ok debited
            key k-1                                        => active used 90
            at +1d
            key k-1                                        => active used 0 start +1d
            debit u-7 credits 100 key k-1                  => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("what comes back lowers the count only in the window in which it was taken")
    func limitRefunds() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 100 day            => ok
            debit u-7 credits 60 key k-1 id d-1            => ok
            refund d-1 amount 20                           => ok refunded
            last meters                                    => k-1 credits 40 of 100
            hold h-1 u-7 credits 60 key k-1 for 1d         => ok
            hold h-2 u-7 credits 0 key k-1 for 1d          => ok
            debit u-7 credits 1 key k-1                    => keyLimitExceeded used 100
            at 2026-03-01T23:59:59.999999Z
            key k-1                                        => active used 100
            at +1d                                         => due holdExpired / holdExpired
            key k-1                                        => active used 0
            refund d-1 amount 10                           => ok refunded
            last meters                                    => none
            key k-1                                        => active used 0
            debit u-7 credits 50 key k-1                   => ok
            refund d-1                                     => ok refunded
            last meters                                    => none
            key k-1                                        => active used 50
            """)
        #expect(table.complaints == [])
    }

    @Test("a hold of yesterday that is settled today counted yesterday")
    func limitOverMidnight() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 100 day            => ok
            at +23h
            hold h-1 u-7 credits 60 key k-1 for 4h         => ok
            hold h-2 u-7 credits 30 key k-1 for 4h         => ok
            at +1d
            key k-1                                        => active used 0 holds 2
            debit u-7 credits 100 key k-1                  => ok
            settle h-1 50                                  => ok settled
            last meters                                    => none
            release h-2                                    => ok released
            last meters                                    => none
            key k-1                                        => active used 100 holds 0
            """)
        #expect(table.complaints == [])
    }

    @Test("an overage counts, and is never refused")
    func limitOverage() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 100 day            => ok
            hold h-1 u-7 credits 90 key k-1 overage allow 50   => ok
            settle h-1 140                                 => ok settled
            last amount                                    => 140
            key k-1                                        => active used 140 limit 100
            debit u-7 credits 1 key k-1                    => keyLimitExceeded used 140
            """)
        #expect(table.complaints == [])
    }

    @Test("by month, or for ever; and a limit that is changed counts what was spent")
    func limitPeriods() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 100 month , k-2 u-7 limit credits 100 never   => ok
            debit u-7 credits 80 key k-1                   => ok
            debit u-7 credits 80 key k-2                   => ok
            debit u-7 credits 30 key k-1                   => keyLimitExceeded resetsAt 2026-04-01T00:00:00Z
            update k-1 limit credits 120 month             => ok
            debit u-7 credits 30 key k-1                   => ok
            update k-1 limit credits 50 month              => ok
            debit u-7 credits 1 key k-1                    => keyLimitExceeded used 110 limit 50
            update k-1 limit none                          => ok
            debit u-7 credits 30 key k-1                   => ok
            at +999d
            debit u-7 credits 21 key k-2                   => keyLimitExceeded used 80 limit 100
            debit u-7 credits 20 key k-2                   => ok
            key k-2                                        => active used 100 end never
            """)
        #expect(table.complaints == [])
    }

    @Test("of a price in several units the limit counts its own")
    func limitOfCharges() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            grant u-7 tokens 10                            => ok
            grant u-7 usd 100                              => ok
            issue k-1 u-7 limit usd 50 day                 => ok
            debit u-7 feature chat in=10 key k-1           => ok
            debit u-7 feature chat in=20 key k-1           => ok
            last meters                                    => k-1 usd 40 of 50
            debit u-7 feature chat in=6 key k-1            => keyLimitExceeded unit usd asked 12 used 40
            debit u-7 feature chat in=5 key k-1            => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("the items of a batch count one after the other")
    func limitOfBatches() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                                                                 => ok
            issue k-1 u-7 limit credits 100 day                                                    => ok
            debitBatch u-7 b key k-1 i-1 credits 60 , i-2 credits 41                               => keyLimitExceeded in i-2 asked 41 used 60
            debitBatch u-7 b each key k-1 i-1 credits 60 , i-2 credits 41 , i-3 credits 40         => ok
            last rejected                                                                          => i-2:keyLimitExceeded
            last meters                                                                            => k-1 credits 60 of 100 , k-1 credits 100 of 100
            """)
        #expect(table.complaints == [])
    }

    @Test("a key's view tells what becomes of its account")
    func view() {
        let table = RuleTable(
            """
            key k-1                                        => none
            openAccount u-7                                => ok
            issue k-1 u-7                                  => ok
            key k-1                                        => active state open
            freezeAccount u-7                              => ok
            key k-1                                        => active state frozen
            unfreezeAccount u-7                            => ok
            closeAccount u-7                               => ok
            key k-1                                        => active state closed
            """)
        #expect(table.complaints == [])
    }

    @Test("a hold counts in the window in which it was held, its overage and its refund too")
    func limitOfHoldOfYesterday() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 100 day            => ok
            at +23h
            hold h-1 u-7 credits 60 key k-1 for 4h overage allow 50    => ok
            at +1d
            debit u-7 credits 50 key k-1                   => ok
            settle h-1 80                                  => ok
            key k-1                                        => active used 50
            refund h-1                                     => ok
            key k-1                                        => active used 50
            """)
        #expect(table.complaints == [])
    }
}
