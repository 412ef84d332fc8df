import LedgerTestKit
import Testing

/// Where windows begin and end, in time zones as they are.
@Suite("Rules of calendars")
struct CalendarRuleTests {
    /// A tenant in a zone, whose account `u-7` has a plan with a day's and a month's allowance since the first line's instant.
    private func table(in zone: String, from start: String, _ lines: String) -> RuleTable {
        RuleTable(
            """
            at \(start)
            configure tenant/settings zone \(zone)         => ok
            plan pro articles 5 day, reports 9 month       => ok
            subscribe u-7 pro                              => ok

            """ + lines)
    }

    @Test("a day is 23 hours long when clocks go forward, and 25 when they go back")
    func berlin() {
        let table = table(
            in: "Europe/Berlin", from: "2026-03-28T22:59:59.999999Z",
            """
            quota u-7 pro articles day      => start 2026-03-27T23:00:00Z end 2026-03-28T23:00:00Z
            quota u-7 pro reports month     => start 2026-02-28T23:00:00Z end 2026-03-31T22:00:00Z
            debit u-7 articles 1            => ok allowanceOpened debited
            last day                        => 2026-03-28 2026-03-28
            at 2026-03-28T23:00:00Z
            quota u-7 pro articles day      => used 0 start 2026-03-28T23:00:00Z end 2026-03-29T22:00:00Z
            debit u-7 articles 1            => ok lotExpired allowanceOpened debited
            last day                        => 2026-03-29 2026-03-29 2026-03-29
            at 2026-03-29T01:00:00Z
            quota u-7 pro articles day      => used 1
            at 2026-03-29T21:59:59.999999Z
            quota u-7 pro articles day      => used 1
            at 2026-03-29T22:00:00Z
            quota u-7 pro articles day      => used 0 start 2026-03-29T22:00:00Z end 2026-03-30T22:00:00Z
            at 2026-03-31T22:00:00Z
            quota u-7 pro reports month     => start 2026-03-31T22:00:00Z end 2026-04-30T22:00:00Z
            at 2026-10-24T22:00:00Z
            debit u-7 articles 1            => ok
            quota u-7 pro articles day      => used 1 start 2026-10-24T22:00:00Z end 2026-10-25T23:00:00Z
            at 2026-10-25T22:59:59.999999Z
            quota u-7 pro articles day      => used 1
            at 2026-10-25T23:00:00Z
            quota u-7 pro articles day      => used 0 end 2026-10-26T23:00:00Z
            quota u-7 pro reports month     => start 2026-09-30T22:00:00Z end 2026-10-31T23:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("west of Greenwich")
    func newYork() {
        let table = table(
            in: "America/New_York", from: "2026-03-08T04:59:59.999999Z",
            """
            quota u-7 pro articles day      => start 2026-03-07T05:00:00Z end 2026-03-08T05:00:00Z
            at 2026-03-08T05:00:00Z
            quota u-7 pro articles day      => start 2026-03-08T05:00:00Z end 2026-03-09T04:00:00Z
            quota u-7 pro reports month     => start 2026-03-01T05:00:00Z end 2026-04-01T04:00:00Z
            at 2026-11-01T03:59:59.999999Z
            quota u-7 pro articles day      => start 2026-10-31T04:00:00Z end 2026-11-01T04:00:00Z
            quota u-7 pro reports month     => end 2026-11-01T04:00:00Z
            at 2026-11-01T04:00:00Z
            quota u-7 pro articles day      => start 2026-11-01T04:00:00Z end 2026-11-02T05:00:00Z
            quota u-7 pro reports month     => start 2026-11-01T04:00:00Z end 2026-12-01T05:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("where there is no midnight the day begins at one, and where there are two it is 25 hours long")
    func noMidnight() {
        let saoPaulo = table(
            in: "America/Sao_Paulo", from: "2017-10-14T12:00:00Z",
            """
            quota u-7 pro articles day      => start 2017-10-14T03:00:00Z end 2017-10-15T03:00:00Z
            at 2017-10-15T02:59:59.999999Z
            quota u-7 pro articles day      => start 2017-10-14T03:00:00Z
            at 2017-10-15T03:00:00Z
            quota u-7 pro articles day      => start 2017-10-15T03:00:00Z end 2017-10-16T02:00:00Z
            at 2018-02-17T02:00:00Z
            quota u-7 pro articles day      => start 2018-02-17T02:00:00Z end 2018-02-18T03:00:00Z
            at 2018-02-18T02:59:59.999999Z
            quota u-7 pro articles day      => start 2018-02-17T02:00:00Z
            at 2018-02-18T03:00:00Z
            quota u-7 pro articles day      => start 2018-02-18T03:00:00Z end 2018-02-19T03:00:00Z
            """)
        #expect(saoPaulo.complaints == [])
        let beirut = table(
            in: "Asia/Beirut", from: "2026-03-28T21:59:59.999999Z",
            """
            quota u-7 pro articles day      => start 2026-03-27T22:00:00Z end 2026-03-28T22:00:00Z
            at 2026-03-28T22:00:00Z
            quota u-7 pro articles day      => start 2026-03-28T22:00:00Z end 2026-03-29T21:00:00Z
            at 2026-10-24T21:30:00Z
            quota u-7 pro articles day      => start 2026-10-23T21:00:00Z end 2026-10-24T22:00:00Z
            """)
        #expect(beirut.complaints == [])
    }

    @Test("a midnight that comes twice begins one day, at the first")
    func midnightTwice() {
        let table = table(
            in: "America/St_Johns", from: "2010-11-06T12:00:00Z",
            """
            quota u-7 pro articles day      => start 2010-11-06T02:30:00Z end 2010-11-07T02:30:00Z
            at 2010-11-07T02:30:00Z
            debit u-7 articles 1            => ok
            quota u-7 pro articles day      => used 1 start 2010-11-07T02:30:00Z end 2010-11-08T03:30:00Z
            at 2010-11-07T03:00:00Z
            quota u-7 pro articles day      => used 1 start 2010-11-07T02:30:00Z
            at 2010-11-07T03:30:00Z
            quota u-7 pro articles day      => used 1 end 2010-11-08T03:30:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a day that never was has no window, and a boundary on it falls on the next day")
    func apia() {
        let table = table(
            in: "Pacific/Apia", from: "2011-12-29T10:00:00Z",
            """
            plan anchored reports 9 month anchored         => ok
            subscribe u-8 anchored anchor 30               => ok
            quota u-7 pro articles day      => start 2011-12-29T10:00:00Z end 2011-12-30T10:00:00Z
            quota u-8 anchored reports month => start 2011-11-30T10:00:00Z end 2011-12-30T10:00:00Z
            last day                        => 2011-12-29 2011-12-29
            at 2011-12-30T10:00:00Z
            quota u-7 pro articles day      => start 2011-12-30T10:00:00Z end 2011-12-31T10:00:00Z
            debit u-7 articles 1            => ok
            last day                        => 2011-12-31 2011-12-31
            quota u-8 anchored reports month => start 2011-12-30T10:00:00Z end 2012-01-29T10:00:00Z
            at 2011-12-31T10:00:00Z
            quota u-7 pro reports month     => start 2011-12-31T10:00:00Z end 2012-01-31T10:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a month begins on its first, or on the subscription's day, or on its last when it has no such day")
    func anchors() {
        let table = RuleTable(
            """
            at 2026-01-31T12:00:00Z
            plan pro articles 5 month, reports 5 month anchored        => ok
            subscribe u-31 pro                                         => ok
            last subscribed                                            => pro from 2026-01-31T12:00:00Z until never anchor 31
            subscribe u-30 pro anchor 30                               => ok
            subscribe u-29 pro anchor 29                               => ok
            subscribe u-28 pro anchor 28                               => ok
            subscribe u-15 pro anchor 15                               => ok
            subscribe u-7 pro anchor 0                                 => invalidField
            subscribe u-7 pro anchor 32                                => invalidField
            quota u-31 pro articles month                              => start 2026-01-01T00:00:00Z end 2026-02-01T00:00:00Z
            quota u-31 pro reports month                               => start 2026-01-31T00:00:00Z end 2026-02-28T00:00:00Z
            quota u-30 pro reports month                               => start 2026-01-30T00:00:00Z end 2026-02-28T00:00:00Z
            quota u-29 pro reports month                               => start 2026-01-29T00:00:00Z end 2026-02-28T00:00:00Z
            quota u-28 pro reports month                               => start 2026-01-28T00:00:00Z end 2026-02-28T00:00:00Z
            quota u-15 pro reports month                               => start 2026-01-15T00:00:00Z end 2026-02-15T00:00:00Z
            at 2026-02-27T23:59:59.999999Z
            quota u-31 pro reports month                               => end 2026-02-28T00:00:00Z
            at 2026-02-28T00:00:00Z
            quota u-31 pro reports month                               => start 2026-02-28T00:00:00Z end 2026-03-31T00:00:00Z
            quota u-30 pro reports month                               => start 2026-02-28T00:00:00Z end 2026-03-30T00:00:00Z
            quota u-29 pro reports month                               => start 2026-02-28T00:00:00Z end 2026-03-29T00:00:00Z
            at 2026-04-30T00:00:00Z
            quota u-31 pro reports month                               => start 2026-04-30T00:00:00Z end 2026-05-31T00:00:00Z
            at 2028-02-28T12:00:00Z
            quota u-31 pro reports month                               => start 2028-01-31T00:00:00Z end 2028-02-29T00:00:00Z
            quota u-29 pro reports month                               => start 2028-01-29T00:00:00Z end 2028-02-29T00:00:00Z
            quota u-28 pro reports month                               => start 2028-02-28T00:00:00Z end 2028-03-28T00:00:00Z
            at 2028-02-29T00:00:00Z
            quota u-30 pro reports month                               => start 2028-02-29T00:00:00Z end 2028-03-30T00:00:00Z
            quota u-29 pro reports month                               => start 2028-02-29T00:00:00Z end 2028-03-29T00:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("the anchor is the local day of the subscription's beginning")
    func localAnchor() {
        let table = RuleTable(
            """
            at 2026-03-30T22:30:00Z
            configure tenant/settings zone Europe/Berlin   => ok
            plan pro reports 5 month anchored              => ok
            subscribe u-7 pro                              => ok
            last subscribed                                => pro from 2026-03-30T22:30:00Z until never anchor 31
            quota u-7 pro reports month                    => start 2026-03-30T22:00:00Z end 2026-04-29T22:00:00Z
            at 2026-04-29T22:00:00Z
            quota u-7 pro reports month                    => start 2026-04-29T22:00:00Z end 2026-05-30T22:00:00Z
            at 2026-11-29T22:59:59.999999Z
            quota u-7 pro reports month                    => start 2026-10-30T23:00:00Z end 2026-11-29T23:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a zone's change holds from the end of the open window")
    func zoneChange() {
        let table = RuleTable(
            """
            plan pro articles 5 day, reports 5 month       => ok
            subscribe u-7 pro                              => ok
            subscribe u-8 pro                              => ok
            debit u-7 articles 1                           => ok
            at +12h
            configure tenant/settings zone America/New_York => ok
            quota u-7 pro articles day                     => used 1 start +0d end +1d
            quota u-8 pro articles day                     => start +0d end +1d
            at +1d
            quota u-7 pro articles day                     => start +1d end 2026-03-02T05:00:00Z
            quota u-8 pro articles day                     => start +1d end 2026-03-02T05:00:00Z
            debit u-8 articles 1                           => ok
            last windows                                   => +1d 2026-03-02T05:00:00Z
            at 2026-03-02T05:00:00Z
            quota u-7 pro articles day                     => start 2026-03-02T05:00:00Z end 2026-03-03T05:00:00Z
            quota u-8 pro articles day                     => start 2026-03-02T05:00:00Z end 2026-03-03T05:00:00Z
            quota u-7 pro reports month                    => start +0d end 2026-04-01T00:00:00Z
            at 2026-03-02T06:00:00Z
            configure tenant/settings zone Europe/Berlin   => ok
            at 2026-03-03T05:00:00Z
            quota u-7 pro articles day                     => start 2026-03-03T05:00:00Z end 2026-03-03T23:00:00Z
            at 2026-03-10T12:00:00Z
            quota u-7 pro articles day                     => start 2026-03-09T23:00:00Z end 2026-03-10T23:00:00Z
            at 2026-04-01T00:00:00Z
            quota u-7 pro reports month                    => start 2026-04-01T00:00:00Z end 2026-04-30T22:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a change to a zone further west makes one short window between")
    func shortWindow() {
        let table = RuleTable(
            """
            plan pro reports 5 month                       => ok
            subscribe u-7 pro                              => ok
            at +1h
            configure tenant/settings zone America/New_York => ok
            at 2026-04-01T00:00:00Z
            quota u-7 pro reports month                    => start 2026-04-01T00:00:00Z end 2026-04-01T04:00:00Z
            at 2026-04-01T04:00:00Z
            quota u-7 pro reports month                    => start 2026-04-01T04:00:00Z end 2026-05-01T04:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("an edit that moves the anchor holds from the end of the open window")
    func anchorChange() {
        let table = RuleTable(
            """
            plan pro reports 5 month                       => ok
            subscribe u-7 pro anchor 15                    => ok
            at +1h
            plan pro reports 6 month anchored              => ok
            quota u-7 pro reports month                    => limit 5 start +0d end 2026-04-01T00:00:00Z
            at 2026-04-01T00:00:00Z
            quota u-7 pro reports month                    => limit 6 start 2026-04-01T00:00:00Z end 2026-04-15T00:00:00Z
            at 2026-04-15T00:00:00Z
            quota u-7 pro reports month                    => limit 6 start 2026-04-15T00:00:00Z end 2026-05-15T00:00:00Z
            """)
        #expect(table.complaints == [])
    }

    @Test("a key's window is the calendar's, in the tenant's zone")
    func keyWindow() {
        let table = RuleTable(
            """
            at 2026-03-28T22:30:00Z
            configure tenant/settings zone Europe/Berlin   => ok
            grant u-7 credits 1000                         => ok
            issue k-1 u-7 limit credits 10 day             => ok
            debit u-7 credits 10 key k-1                   => ok
            key k-1                                        => active used 10 start 2026-03-27T23:00:00Z end 2026-03-28T23:00:00Z
            debit u-7 credits 1 key k-1                    => keyLimitExceeded resetsAt 2026-03-28T23:00:00Z
            at 2026-03-28T23:00:00Z
            key k-1                                        => active used 0 end 2026-03-29T22:00:00Z
            debit u-7 credits 10 key k-1                   => ok
            debit u-7 credits 1 key k-1                    => keyLimitExceeded resetsAt 2026-03-29T22:00:00Z
            """)
        #expect(table.complaints == [])
    }
}
