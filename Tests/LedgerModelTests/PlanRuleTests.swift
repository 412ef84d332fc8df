import LedgerTestKit
import Testing

/// Who has which plan, and what becomes of what it gave.
@Suite("Rules of plans")
struct PlanRuleTests {
    @Test("an account has a plan once, and at most 16")
    func subscribe() {
        let plans = (1...17).map { "plan p-\($0) articles 1 day => ok" }.joined(separator: "\n")
        let subscriptions = (1...16).map { "subscribe u-8 p-\($0) => ok" }.joined(separator: "\n")
        let table = RuleTable(
            """
            subscribe u-7 pro                              => planNotFound plan pro
            plan pro articles 5 day                        => ok
            plan old articles 5 day disabled               => ok
            subscribe u-7 old                              => planDisabled plan old version 1
            subscribe u-7 pro until +0h                    => invalidField
            subscribe u-7 pro from +2h until +2h           => invalidField
            subscribe u-7 pro from -2h until -1h           => invalidField
            subscribe u-7 pro                              => ok accountOpened subscribed
            last subscribed                                => pro from +0d until never anchor 1
            subscribe u-7 pro                              => alreadySubscribed account u-7 plan pro
            subscribe u-7 pro from +9d                     => alreadySubscribed
            unsubscribe u-7 pro                            => ok unsubscribed
            unsubscribe u-7 pro                            => notSubscribed account u-7 plan pro
            subscribe u-7 pro from +9d                     => ok subscribed
            last subscribed                                => pro from +9d until never anchor 10
            subscribe u-7 pro                              => alreadySubscribed
            unsubscribe u-7 pro                            => ok unsubscribed
            unsubscribe u-9 pro                            => accountNotFound account u-9
            configure plan/pro delete                      => ok
            subscribe u-7 pro                              => planNotFound
            \(plans)
            \(subscriptions)
            subscribe u-8 p-17                             => tooManyPlans account u-8 limit 16
            unsubscribe u-8 p-3                            => ok
            subscribe u-8 p-17 from +9d                    => ok
            subscribe u-8 p-3                              => tooManyPlans
            """)
        #expect(table.complaints == [])
    }

    @Test("a plan that is disabled or edited stays with those who have it")
    func disabled() {
        let table = RuleTable(
            """
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            at +1h
            plan pro articles 6 day disabled               => ok
            subscribe u-8 pro                              => planDisabled plan pro version 2
            at +1d
            quota u-7 pro articles day                     => limit 6 version 2
            """)
        #expect(table.complaints == [])
    }

    @Test("a subscription that began in the past has the windows that it would have had")
    func past() {
        let table = RuleTable(
            """
            at 2026-02-01T00:00:00Z
            plan pro articles 100 month anchored rollover 50   => ok
            at +0d
            subscribe u-7 pro                                  => ok
            subscribe u-8 pro from 2026-02-10T12:00:00Z        => ok
            last subscribed                                    => pro from 2026-02-10T12:00:00Z until never anchor 10
            quota u-8 pro articles month                       => limit 100 carried 0 start 2026-02-10T00:00:00Z end 2026-03-10T00:00:00Z
            subscribe u-9 pro from 2026-02-01T00:00:00Z        => ok
            quota u-9 pro articles month                       => limit 150 carried 50 start 2026-03-01T00:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("who leaves a plan loses at once what it gave, in all units; what is held goes on")
    func unsubscribe() {
        let table = RuleTable(
            """
            plan pro articles 5 day, reports 7 month, seats -1 never   => ok
            plan extra articles 3 day                                  => ok
            subscribe u-7 pro                                          => ok
            subscribe u-7 extra                                        => ok
            grant u-7 articles 10                                      => ok
            debit u-7 articles 1 id d-1                                => ok
            debit u-7 reports 1                                        => ok
            debit u-7 seats 1                                          => ok
            hold h-1 u-7 reports 2                                     => ok
            at +1h                                                     => due holdExpired
            hold h-1b u-7 reports 2                                    => ok
            unsubscribe u-7 pro                                        => ok lotExpired lotExpired unsubscribed
            last lapsed                                                => 4 4
            last lapsedAt                                              => +1h +1h
            quota u-7                                                  => extra/articles/day
            balance u-7 articles                                       => 13
            balance u-7 reports                                        => 0 held 2
            balance u-7 seats                                          => 0
            debit u-7 reports 1                                        => insufficientBalance held 2
            debit u-7 seats 1                                          => insufficientBalance
            release h-1b                                               => ok released
            last expired                                               => 2
            refund d-1                                                 => ok refunded
            last expired                                               => 1
            subscribe u-7 pro                                          => ok subscribed
            quota u-7 pro articles day                                 => used 0 limit 5 start +0d end +1d
            quota u-7 pro reports month                                => used 0 held 0 limit 7
            """)
        #expect(table.complaints == [])
    }

    @Test("an account without a plan has the default one, and opens with its first use")
    func defaultPlan() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            debit u-7 articles 1                                       => accountNotFound account u-7
            configure tenant/settings plan free                        => planNotFound plan free
            plan free articles 2 day                                   => ok
            configure tenant/settings plan free                        => ok
            quota u-7 free articles day                                => used 0 limit 2 default yes
            balance u-7 articles                                       => 2
            debit u-7 articles 3                                       => allowanceExhausted asked 3 available 2 plan free
            debit u-7 articles 1                                       => ok accountOpened subscribed allowanceOpened debited
            last subscribed                                            => free from +0d until never anchor 1 default
            debit u-7 articles 1                                       => ok debited
            hold h-1 u-8 articles 1                                    => ok accountOpened subscribed allowanceOpened held
            debitBatch u-9 b i-1 articles 1                            => ok
            recordUsage u-10 articles 1                                => ok
            openBatch u-11 b                                           => ok
            override u-12 free articles day 7                          => ok
            quota u-12 free articles day                               => limit 7 default yes
            reset u-13 free articles day                               => ok
            release h-1                                                => ok
            closeBatch u-14 b                                          => accountNotFound
            freezeAccount u-14                                         => accountNotFound
            at +1d
            debit u-7 articles 1                                       => ok allowanceOpened debited
            """)
        #expect(table.complaints == [])
    }

    @Test("the first plan of its own ends the default one, and the last one's end brings it back")
    func defaultEnds() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                    => ok
            plan free articles 4 day                                   => ok
            plan pro articles 10 day                                   => ok
            configure tenant/settings plan free                        => ok
            debit u-7 articles 1 id d-1                                => ok
            at +1h
            subscribe u-7 pro                                          => ok subscribed lotExpired unsubscribed
            last lapsed                                                => 3
            last lapsedAt                                              => +1h
            quota u-7                                                  => pro/articles/day
            balance u-7 articles                                       => 10
            refund d-1                                                 => ok
            last expired                                               => 1
            unsubscribe u-7 free                                       => notSubscribed
            at +2h
            unsubscribe u-7 pro                                        => ok
            quota u-7 free articles day                                => used 0 limit 4 default yes
            at +3h
            debit u-7 articles 1                                       => ok subscribed allowanceOpened debited
            last subscribed                                            => free from +2h until never anchor 1 default
            subscribe u-7 pro from +1d until +2d                       => ok
            quota u-7                                                  => free/articles/day
            at +1d
            quota u-7                                                  => pro/articles/day
            at +2d
            quota u-7                                                  => free/articles/day
            debit u-7 articles 1                                       => ok
            last subscribed                                            => free from +2d until never anchor 3 default
            """)
        #expect(table.complaints == [])
    }

    @Test("who has the default plan may take it for their own")
    func defaultTaken() {
        let table = RuleTable(
            """
            plan free articles 4 day                                   => ok
            configure tenant/settings plan free                        => ok
            debit u-7 articles 1                                       => ok
            at +1h
            subscribe u-7 free                                         => ok subscribed lotExpired unsubscribed
            quota u-7 free articles day                                => used 0 limit 4 default no
            subscribe u-7 free                                         => alreadySubscribed
            """)
        #expect(table.complaints == [])
    }

    @Test("another default plan follows the one before from its setting on")
    func defaultChanges() {
        let table = RuleTable(
            """
            plan free articles 4 day                                   => ok
            plan basic articles 9 day                                  => ok
            configure tenant/settings plan free                        => ok
            debit u-7 articles 1                                       => ok
            openAccount u-8                                            => ok
            at +1h
            configure tenant/settings plan basic                       => ok
            quota u-7                                                  => basic/articles/day
            quota u-7 basic articles day                               => used 0 limit 9
            balance u-7 articles                                       => 9
            quota u-8                                                  => basic/articles/day
            at +2h
            debit u-7 articles 1                                       => ok
            last subscribed                                            => basic from +1h until never anchor 1 default
            configure tenant/settings delete                           => ok
            quota u-7                                                  => none
            debit u-7 articles 1                                       => insufficientBalance
            debit u-9 articles 1                                       => accountNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("who comes back to a plan within a window has a window of its own")
    func comeBack() {
        let table = RuleTable(
            """
            plan pro articles 50 day                                   => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 3 id d-1                                => ok
            hold h-1 u-7 articles 2                                    => ok
            hold h-2 u-7 articles 2                                    => ok
            unsubscribe u-7 pro                                        => ok
            subscribe u-7 pro                                          => ok
            debit u-7 articles 2                                       => ok
            settle h-1 1                                               => ok
            quota u-7 pro articles day                                 => used 2 held 0 limit 50
            refund d-1                                                 => ok
            last expired                                               => 3
            quota u-7 pro articles day                                 => used 2 held 0 limit 50
            release h-2                                                => ok
            last expired                                               => 2
            balance u-7 articles                                       => 48
            """)
        #expect(table.complaints == [])
    }

    @Test("who leaves a plan of which all is held gets nothing back")
    func leaveAllHeld() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            subscribe u-7 pro                                          => ok
            hold h-1 u-7 articles 5                                    => ok
            unsubscribe u-7 pro                                        => ok unsubscribed
            release h-1                                                => ok released
            last expired                                               => 5
            balance u-7 articles                                       => 0
            """)
        #expect(table.complaints == [])
    }
}
