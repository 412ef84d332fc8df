import LedgerTestKit
import Testing

/// What is carried from one window into the next.
@Suite("Rules of rollover")
struct RolloverRuleTests {
    @Test("without rollover nothing is carried")
    func none() {
        let table = RuleTable(
            """
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            at +1d
            quota u-7 pro articles day                     => limit 5 carried 0
            """)
        #expect(table.complaints == [])
    }

    @Test(
        "what remained is carried, up to a maximum: it expires with the old lot, is opened with the new and counts in its limit")
    func maximum() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 3             => ok
            subscribe u-7 pro                              => ok
            quota u-7 pro articles day                     => limit 5 carried 0
            debit u-7 articles 3                           => ok
            at +1d
            quota u-7 pro articles day                     => limit 7 carried 2 used 0
            debit u-7 articles 1                           => ok lotExpired allowanceOpened debited
            last lapsed                                    => 2
            last opened                                    => pro v1 articles day 5 carried 2 gives 7
            last meters                                    => pro articles day 1 of 7
            at +2d
            quota u-7 pro articles day                     => limit 8 carried 3
            debit u-7 articles 6                           => ok
            last lapsed                                    => 6
            at +3d
            quota u-7 pro articles day                     => limit 7 carried 2
            """)
        #expect(table.complaints == [])
    }

    @Test("windows that nobody touched count as if each had been opened and nothing drawn")
    func skipped() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled        => ok
            plan pro articles 5 day rollover 12            => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 5                           => ok
            at +1d
            quota u-7 pro articles day                     => carried 0
            at +2d
            quota u-7 pro articles day                     => carried 5 limit 10
            at +3d
            quota u-7 pro articles day                     => carried 10 limit 15
            at +4d
            quota u-7 pro articles day                     => carried 12 limit 17
            debit u-7 articles 17                          => ok allowanceOpened debited
            last opened                                    => pro v1 articles day 5 carried 12 gives 17
            at +400d
            quota u-7 pro articles day                     => carried 12 limit 17 start +400d
            debit u-7 articles 1                           => ok allowanceOpened debited
            at +401d
            quota u-7 pro articles day                     => carried 12
            """)
        #expect(table.complaints == [])
    }

    @Test("what is held does not remain, nor does what comes back later")
    func held() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 5             => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 articles 3 for 2d                 => ok
            at +1d
            quota u-7 pro articles day                     => carried 2 limit 7
            release h-1                                    => ok lotExpired allowanceOpened released
            last expired                                   => 3
            quota u-7 pro articles day                     => carried 2 limit 7
            """)
        #expect(table.complaints == [])
    }

    @Test("the version that opens a window says how much may come over")
    func versions() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 3             => ok
            subscribe u-7 pro                              => ok
            at +12h
            plan pro articles 10 day rollover 4            => ok
            at +36h
            quota u-7 pro articles day                     => limit 14 carried 4
            plan pro articles 7 day                        => ok
            at +2d
            quota u-7 pro articles day                     => limit 7 carried 0
            at +60h
            plan pro articles 1 day rollover 100           => ok
            at +3d
            quota u-7 pro articles day                     => limit 8 carried 7
            """)
        #expect(table.complaints == [])
    }

    @Test("versions that came and went between two touches each had their windows")
    func versionsBetween() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 100           => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 2                           => ok
            at +12h
            plan pro articles 7 day rollover 100           => ok       # windows +1d: 7 + 3
            at +36h
            plan pro articles 1 day rollover 4             => ok       # +2d: 1 + 4, +3d: 1 + 4
            at +84h
            plan pro articles 2 day rollover 100           => ok       # +4d: 2 + 5
            at +4d
            quota u-7 pro articles day                     => limit 7 carried 5 version 4
            """)
        #expect(table.complaints == [])
    }

    @Test("a window without the allowance breaks the chain, and so does one without limit")
    func broken() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 9, reports 5 day rollover 9       => ok
            subscribe u-7 pro                                                  => ok
            at +12h
            plan pro reports -1 day rollover 9                                 => ok
            at +36h
            quota u-7 pro articles day                                         => none
            quota u-7 pro reports day                                          => limit unlimited carried 0
            plan pro articles 5 day rollover 9, reports 5 day rollover 9       => ok
            at +60h
            quota u-7 pro articles day                                         => limit 5 carried 0
            quota u-7 pro reports day                                          => limit 5 carried 0
            at +84h
            quota u-7 pro articles day                                         => limit 10 carried 5
            """)
        #expect(table.complaints == [])
    }

    @Test("another subscription begins with nothing carried")
    func anotherSubscription() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 9             => ok
            subscribe u-7 pro until +1d                    => ok
            at +12h
            debit u-7 articles 1                           => ok
            at +1d
            subscribe u-7 pro                              => ok
            quota u-7 pro articles day                     => limit 5 carried 0
            at +2d
            unsubscribe u-7 pro                            => ok
            subscribe u-7 pro                              => ok
            quota u-7 pro articles day                     => limit 5 carried 0
            """)
        #expect(table.complaints == [])
    }

    @Test("an override counts for the windows that it holds in")
    func override() {
        let table = RuleTable(
            """
            plan pro articles 5 day rollover 100           => ok
            subscribe u-7 pro                              => ok
            at +12h
            override u-7 pro articles day 20               => ok
            at +36h                                                    # +0d: 20, +1d: 5 is 20 now, carried 20
            quota u-7 pro articles day                     => limit 40 carried 20
            override u-7 pro articles day plan             => ok
            quota u-7 pro articles day                     => limit 25 carried 20
            at +2d
            quota u-7 pro articles day                     => limit 30 carried 25
            """)
        #expect(table.complaints == [])
    }

    @Test("months carry as days do, over years with nobody looking")
    func months() {
        let table = RuleTable(
            """
            at 2026-01-31T12:00:00Z
            plan pro articles 100 month rollover 250 anchored  => ok
            subscribe u-7 pro                                  => ok
            debit u-7 articles 40                              => ok
            at 2026-02-28T00:00:00Z
            quota u-7 pro articles month                       => limit 160 carried 60
            at 2026-03-31T00:00:00Z
            quota u-7 pro articles month                       => limit 260 carried 160
            at 2026-04-30T00:00:00Z
            quota u-7 pro articles month                       => limit 350 carried 250
            at 2028-02-29T00:00:00Z
            quota u-7 pro articles month                       => limit 350 carried 250 start 2028-02-29T00:00:00Z
            """)
        #expect(table.complaints == [])
    }
}
