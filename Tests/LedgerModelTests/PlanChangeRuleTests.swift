import LedgerTestKit
import Testing

/// Another plan, another amount, another count: what becomes of the windows that are open.
@Suite("Rules of changes of plans and allowances")
struct PlanChangeRuleTests {
    @Test("a change of plan now keeps the windows and what is used of them")
    func now() {
        let table = RuleTable(
            """
            plan pro articles 10 day, reports 7 month                  => ok
            plan max articles 30 day, seats 2 never                    => ok
            subscribe u-7 pro until +99d anchor 15                     => ok
            debit u-7 articles 4                                       => ok
            debit u-7 reports 1                                        => ok
            hold h-1 u-7 articles 2 for 20h                            => ok
            at +12h
            changePlan u-7 pro max                                     => ok planChanged lotExpired allowanceOpened lotExpired
            last lapsed                                                => 4 6
            last opened                                                => max v1 articles day 30 used 4 anew gives 24
            last windows                                               => +0d +1d
            last subscribed                                            => max from +12h until +99d anchor 15
            quota u-7                                                  => max/articles/day max/seats/never
            quota u-7 max articles day                                 => used 4 held 2 limit 30 start +0d end +1d
            balance u-7 articles                                       => 24 held 2
            balance u-7 reports                                        => 0
            release h-1                                                => ok released
            last expired                                               => 0
            balance u-7 articles                                       => 26
            debit u-7 articles 1                                       => ok debited
            quota u-7 max articles day                                 => used 5 held 0
            quota u-7 max seats never                                  => used 0 limit 2 start +12h
            at +1d
            quota u-7 max articles day                                 => used 0 limit 30
            at +99d
            quota u-7                                                  => none
            """)
        #expect(table.complaints == [])
    }

    @Test("a change to less leaves nothing, not less, and what comes back finds room under the new limit only")
    func less() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 10 day                                   => ok
            plan mini articles 7 day                                   => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 5 id d-1                                => ok
            hold h-1 u-7 articles 4                                    => ok
            changePlan u-7 pro mini                                    => ok planChanged lotExpired allowanceOpened
            last opened                                                => mini v1 articles day 7 used 5 anew gives 0
            quota u-7 mini articles day                                => used 5 held 4 limit 7
            balance u-7 articles                                       => 0 held 4
            debit u-7 articles 1                                       => allowanceExhausted plan mini used 5 limit 7 available 0 held 4
            settle h-1 1                                               => ok settled
            last returned                                              => 3
            last expired                                               => 2
            quota u-7 mini articles day                                => used 6 held 0 limit 7
            balance u-7 articles                                       => 1
            refund d-1 amount 3                                        => ok refunded
            last expired                                               => 0
            quota u-7 mini articles day                                => used 3 limit 7
            balance u-7 articles                                       => 4
            """)
        #expect(table.complaints == [])
    }

    @Test("to and from a plan without limit")
    func unlimited() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 10 day                                   => ok
            plan all articles -1 day                                   => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 4 id d-1                                => ok
            changePlan u-7 pro all                                     => ok planChanged lotExpired allowanceOpened
            last opened                                                => all v1 articles day unlimited used 4 anew gives 0
            quota u-7 all articles day                                 => used 4 limit unlimited
            balance u-7 articles                                       => 0 unlimited
            debit u-7 articles 20 id d-2                               => ok
            changePlan u-7 all pro                                     => ok planChanged allowanceOpened
            quota u-7 pro articles day                                 => used 24 limit 10
            balance u-7 articles                                       => 0
            refund d-2                                                 => ok refunded
            quota u-7 pro articles day                                 => used 4 limit 10      # drawn without limit, it only lowers the count
            balance u-7 articles                                       => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a change of plan needs the one plan and not the other")
    func refusals() {
        let table = RuleTable(
            """
            plan pro articles 10 day                                   => ok
            plan max articles 30 day                                   => ok
            plan old articles 30 day disabled                          => ok
            plan ever articles 30 never                                => ok
            changePlan u-7 pro max                                     => accountNotFound account u-7
            openAccount u-7                                            => ok
            changePlan u-7 pro max                                     => notSubscribed account u-7 plan pro
            changePlan u-7 pro nope                                    => planNotFound plan nope
            subscribe u-7 pro                                          => ok
            changePlan u-7 pro pro                                     => alreadySubscribed plan pro
            changePlan u-7 pro old                                     => planDisabled plan old version 1
            changePlan u-7 pro nope                                    => planNotFound plan nope
            subscribe u-7 max                                          => ok
            changePlan u-7 pro max                                     => alreadySubscribed plan max
            changePlan u-7 pro max nextWindow                          => alreadySubscribed plan max
            """)
        #expect(table.complaints == [])
    }

    @Test("the default plan may be changed from")
    func fromDefault() {
        let table = RuleTable(
            """
            plan free articles 5 day                                   => ok
            plan pro articles 10 day                                   => ok
            configure tenant/settings plan free                        => ok
            debit u-7 articles 2                                       => ok
            changePlan u-7 free pro                                    => ok planChanged lotExpired allowanceOpened
            quota u-7                                                  => pro/articles/day
            quota u-7 pro articles day                                 => used 2 limit 10 default no
            """)
        #expect(table.complaints == [])
    }

    @Test("a change at the next window waits for the end of the longest one")
    func nextWindow() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 10 day, reports 7 month anchored         => ok
            plan max articles 30 day, reports 20 month anchored        => ok
            at +4d
            subscribe u-7 pro until +99d                               => ok
            at +5d
            debit u-7 reports 3                                        => ok
            changePlan u-7 pro max nextWindow                          => ok allowanceOpened planChanged
            last subscribed                                            => max from 2026-04-05T00:00:00Z until +99d anchor 5
            subscribe u-7 max                                          => alreadySubscribed
            quota u-7                                                  => pro/articles/day pro/reports/month
            quota u-7 pro reports month                                => used 3 limit 7
            at 2026-04-04T23:59:59.999999Z
            quota u-7 pro articles day                                 => limit 10
            debit u-7 articles 1                                       => ok
            at 2026-04-05T00:00:00Z
            quota u-7                                                  => max/articles/day max/reports/month
            quota u-7 max reports month                                => used 0 limit 20 start 2026-04-05T00:00:00Z end 2026-05-05T00:00:00Z
            debit u-7 articles 30                                      => ok lotExpired allowanceOpened debited
            at +99d
            quota u-7                                                  => none
            """)
        #expect(table.complaints == [])
    }

    @Test("an override acts at once and stays, until the plan's own amount is put back")
    func override() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 5 day                                    => ok
            override u-7 pro articles day 9                            => accountNotFound account u-7
            openAccount u-7                                            => ok
            override u-7 pro articles day 9                            => notSubscribed account u-7 plan pro
            subscribe u-7 pro                                          => ok
            override u-7 pro reports day 9                             => allowanceNotFound plan pro unit reports period day
            override u-7 pro articles month 9                          => allowanceNotFound period month
            debit u-7 articles 3 id d-1                                => ok
            override u-7 pro articles day 9                            => ok allowanceOverridden lotExpired allowanceOpened
            last lapsed                                                => 2
            last opened                                                => pro v1 articles day 9 used 3 anew gives 6
            quota u-7 pro articles day                                 => used 3 limit 9
            debit u-7 articles 5                                       => ok
            override u-7 pro articles day 6                            => ok
            quota u-7 pro articles day                                 => used 8 limit 6
            balance u-7 articles                                       => 0
            debit u-7 articles 1                                       => allowanceExhausted used 8 limit 6
            refund d-1                                                 => ok refunded
            last expired                                               => 2
            quota u-7 pro articles day                                 => used 5 limit 6
            balance u-7 articles                                       => 1
            override u-7 pro articles day -1                           => ok allowanceOverridden lotExpired allowanceOpened
            debit u-7 articles 100                                     => ok
            quota u-7 pro articles day                                 => used 105 limit unlimited
            at +1d
            quota u-7 pro articles day                                 => used 0 limit unlimited
            override u-7 pro articles day plan                         => ok
            quota u-7 pro articles day                                 => used 0 limit 5
            override u-7 pro articles day 0                            => ok
            debit u-7 articles 1                                       => allowanceExhausted used 0 limit 0
            """)
        #expect(table.complaints == [])
    }

    @Test("an override without a window yet holds from the first one")
    func overrideBefore() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            subscribe u-7 pro from +2d                                 => ok
            override u-7 pro articles day 9                            => ok allowanceOverridden
            at +2d
            quota u-7 pro articles day                                 => limit 9
            """)
        #expect(table.complaints == [])
    }

    @Test("what the plan gives is put back by the version in force now")
    func overridePutBack() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 1                                       => ok
            override u-7 pro articles day 9                            => ok
            at +1h
            plan pro articles 7 day                                    => ok
            quota u-7 pro articles day                                 => limit 9 version 1
            override u-7 pro articles day plan                         => ok
            quota u-7 pro articles day                                 => used 1 limit 7 version 2
            """)
        #expect(table.complaints == [])
    }

    @Test("a reset starts the window's count again; what is held stays held")
    func reset() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 5 day rollover 2                         => ok
            reset u-7 pro articles day                                 => accountNotFound
            subscribe u-7 pro                                          => ok
            reset u-7 pro reports day                                  => allowanceNotFound plan pro unit reports period day
            reset u-7 max articles day                                 => notSubscribed plan max
            debit u-7 articles 1 id d-0                                => ok
            at +1d
            debit u-7 articles 3 id d-1                                => ok
            hold h-1 u-7 articles 2                                    => ok
            quota u-7 pro articles day                                 => used 3 held 2 limit 7 carried 2
            reset u-7 pro articles day                                 => ok allowanceReset lotExpired allowanceOpened
            last lapsed                                                => 2
            last opened                                                => pro v1 articles day 5 carried 2 anew gives 5
            quota u-7 pro articles day                                 => used 0 held 2 limit 7 carried 2
            balance u-7 articles                                       => 5 held 2
            refund d-1                                                 => ok refunded
            last expired                                               => 3
            quota u-7 pro articles day                                 => used 0
            debit u-7 articles 4                                       => ok
            release h-1                                                => ok released
            last expired                                               => 0
            balance u-7 articles                                       => 3
            """)
        #expect(table.complaints == [])
    }

    @Test("a reset finds a window only where one is open")
    func resetNothing() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            subscribe u-7 pro from +1d                                 => ok
            reset u-7 pro articles day                                 => allowanceNotFound
            at +1d
            reset u-7 pro articles day                                 => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("what a lot gave before it was replaced comes back to the one in its place")
    func chainOfReplacements() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan pro articles 10 day                                   => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 6 id d-1                                => ok
            hold h-1 u-7 articles 4                                    => ok
            override u-7 pro articles day 12                           => ok
            override u-7 pro articles day 14                           => ok
            refund d-1 amount 2                                        => ok
            quota u-7 pro articles day                                 => used 4 held 4 limit 14
            balance u-7 articles                                       => 6 held 4
            settle h-1 3                                               => ok
            quota u-7 pro articles day                                 => used 7 held 0 limit 14
            balance u-7 articles                                       => 7
            refund h-1                                                 => ok
            refund d-1                                                 => ok
            quota u-7 pro articles day                                 => used 0 limit 14
            balance u-7 articles                                       => 14
            """)
        #expect(table.complaints == [])
    }

    @Test("what is held of an allowance that the new plan does not give expires when it comes back")
    func heldUnmatched() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            plan max reports 1 day                                     => ok
            subscribe u-7 pro                                          => ok
            hold h-1 u-7 articles 5                                    => ok
            changePlan u-7 pro max                                     => ok
            release h-1                                                => ok released
            last expired                                               => 5
            balance u-7 articles                                       => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("an allowance that the new plan does not give has no quota any more")
    func endedQuota() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            plan max reports 1 day                                     => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 1 id d-1                                => ok
            changePlan u-7 pro max                                     => ok planChanged lotExpired
            quota u-7                                                  => max/reports/day
            debit u-7 articles 1                                       => insufficientBalance available 0
            refund d-1                                                 => ok
            last expired                                               => 1
            """)
        #expect(table.complaints == [])
    }

    @Test("a window that changed its plan carries over as the new plan says; another subscription begins with nothing")
    func carriedAfterChange() {
        let table = RuleTable(
            """
            plan pro articles 10 day rollover 5                        => ok
            plan max articles 20 day rollover 8                        => ok
            subscribe u-7 pro                                          => ok
            subscribe u-8 pro                                          => ok
            debit u-7 articles 4                                       => ok
            changePlan u-7 pro max                                     => ok
            changePlan u-8 pro max nextWindow                          => ok
            at +1d
            quota u-7 max articles day                                 => limit 28 carried 8
            quota u-8 max articles day                                 => limit 20 carried 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a plan without a window that ends can only be changed now")
    func neverEnds() {
        let table = RuleTable(
            """
            plan ever articles 5 never                                 => ok
            plan max articles 9 day                                    => ok
            subscribe u-7 ever                                         => ok
            debit u-7 articles 1                                       => ok
            changePlan u-7 ever max nextWindow                         => invalidField field when
            changePlan u-7 ever max                                    => ok planChanged lotExpired
            quota u-7 max articles day                                 => used 0 limit 9
            """)
        #expect(table.complaints == [])
    }
}
