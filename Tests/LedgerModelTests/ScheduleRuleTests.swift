import LedgerTestKit
import Testing

/// Configuration that comes into force later, or is only tried.
@Suite("Rules of scheduled configuration")
struct ScheduleRuleTests {
    @Test("what is scheduled comes into force at its instant, in a group of the ledger's own")
    func schedule() {
        let table = RuleTable(
            """
            configure price/s credits n=1                                      => ok configured
            configure price/s credits n=2 effective +0h                        => invalidField field effectiveAt
            configure price/s credits n=2 effective -1h                        => invalidField
            configure price/s credits n=2 effective +1d                        => ok configurationScheduled      # event 2
            nextDue                                                            => +1d
            document price/s 2                                                 => none
            at 2026-03-01T23:59:59.999999Z
            at +1d                                                             => due configured
            last id                                                            => $configured/2
            last versions                                                      => price/s=2
            last effectiveAt                                                   => +1d
            document price/s 2                                                 => price
            nextDue                                                            => never
            configure price/s delete , price/t credits n=1 effective +3d       => ok configurationScheduled configurationScheduled
            at +30d                                                            => due configured configured
            last versions                                                      => price/s=3 price/t=1
            last effectiveAt                                                   => +3d +3d
            rollback price/s 1                                                 => ok
            last versions                                                      => price/s=4
            """)
        #expect(table.complaints == [])
    }

    @Test("one is pending per key: a newer one takes its place, `cancel` takes it back")
    func pending() {
        let table = RuleTable(
            """
            configure price/s credits n=1                                      => ok
            configure price/s cancel                                           => nothingScheduled key price/s
            configure price/s credits n=2 effective +1d                        => ok configurationScheduled
            configure price/s credits n=3 effective +2d                        => ok configurationScheduled      # event 3
            nextDue                                                            => +2d
            configure price/s credits n=9                                      => ok configured                  # event 4
            nextDue                                                            => +2d
            at +2d                                                             => due configured
            last id                                                            => $configured/3
            last versions                                                      => price/s=3
            configure price/s credits n=4 effective +9d                        => ok
            configure price/s cancel , price/t cancel                          => nothingScheduled key price/t
            configure price/s cancel , price/t credits n=1                     => ok configurationCancelled configured
            nextDue                                                            => never
            configure price/s cancel                                           => nothingScheduled
            """)
        #expect(table.complaints == [])
    }

    @Test("what no longer fits at its time is cancelled, and told why")
    func noLongerFits() {
        let table = RuleTable(
            """
            configure unit/credits 2 effective +1d                             => ok configurationScheduled      # event 1
            configure unit/tokens 2 effective +1d                              => ok configurationScheduled      # event 2
            grant u-7 credits 5                                                => ok
            at +1d                                                             => due configurationCancelled / configured
            last id                                                            => $configured/1 $configured/2
            document unit/credits 1                                            => none
            configure price/s delete effective +2d                             => documentNotFound key price/s
            configure price/s credits n=1                                      => ok
            configure price/s delete effective +2d                             => ok
            configure price/s delete                                           => ok
            at +2d                                                             => due configurationCancelled
            """)
        #expect(table.complaints == [])
    }

    @Test("documents come into force first; then due things come in order of their times, and of their causes")
    func order() {
        let table = RuleTable(
            """
            configure alert/old ageing 1h                                      => ok            # event 1
            configure price/s credits n=1 effective +2h                        => ok            # event 2
            grant u-7 credits 5                                                => ok            # events 3 and 4
            hold h-1 u-7 credits 1 for 2h                                      => ok            # event 5
            configure price/t credits n=1 effective +2h                        => ok            # event 6
            hold h-2 u-7 credits 1 for 90m                                     => ok            # event 7
            configure price/u credits n=1 effective +30m                       => ok            # event 8
            at +1d                                                             => due configured / configured / configured / alertRaised / alertRaised / holdExpired / holdExpired
            last id                                                            => $configured/8 $configured/2 $configured/6 $holdAgeing/5/3600 $holdAgeing/7/3600 $holdExpired/7 $holdExpired/5
            """)
        #expect(table.complaints == [])
    }

    @Test("a setting that is scheduled holds from its time")
    func settings() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                            => ok
            subscribe u-7 pro                                                  => ok
            configure tenant/settings zone Europe/Berlin effective +12h        => ok
            configure tenant/settings zone Mars/Olympus effective +12h         => unknownTimeZone
            at +3d                                                             => due configured
            quota u-7 pro articles day                                         => start 2026-03-03T23:00:00Z end 2026-03-04T23:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a dry run tells what would differ and how many accounts that touches, and changes nothing")
    func dryRun() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                            => ok
            subscribe u-7 pro                                                  => ok
            subscribe u-8 pro                                                  => ok
            openAccount u-9                                                    => ok
            configure dryRun plan/pro articles 9 day id c-1                    => dryRun plan/pro 1 accounts 2
            configure dryRun plan/max articles 9 day id c-1                    => dryRun plan/max 0 accounts 0
            configure dryRun plan/pro articles 9 day expect 7                  => versionMismatch
            quota u-7 pro articles day                                         => limit 5 version 1
            configure plan/pro articles 9 day id c-1                           => ok configured
            last versions                                                      => plan/pro=2
            configure dryRun price/s credits n=1 effective +1d                 => dryRun price/s 0 accounts 0
            nextDue                                                            => never
            """)
        #expect(table.complaints == [])
    }
}
