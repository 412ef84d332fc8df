import LedgerTestKit
import Testing

/// What an allowance gives in its windows, and what comes back to them.
@Suite("Rules of windows")
struct WindowRuleTests {
    @Test("a window opens with the first accepted command in it; until then it is judged as if it were open")
    func opening() {
        let table = RuleTable(
            """
            plan pro articles 5 day                        => ok configured
            subscribe u-7 pro                              => ok accountOpened subscribed
            quota u-7                                      => pro/articles/day
            quota u-7 pro articles day                     => used 0 held 0 limit 5 carried 0 start +0d end +1d version 1 default no
            balance u-7 articles                           => 5
            lots u-7 articles                              => 5
            debit u-7 articles 6                           => allowanceExhausted unit articles asked 6 available 5 held 0 plan pro period day used 0 limit 5 resetsAt +1d
            check u-7 articles 2                           => ok allowanceOpened debited
            debit u-7 articles 2                           => ok allowanceOpened debited
            last opened                                    => pro v1 articles day 5 gives 5
            last windows                                   => +0d +1d
            last meters                                    => pro articles day 2 of 5
            debit u-7 articles 1                           => ok debited
            quota u-7 pro articles day                     => used 3 limit 5
            debit u-7 articles 3                           => allowanceExhausted asked 3 available 2 used 3
            at 2026-03-01T23:59:59.999999Z
            quota u-7 pro articles day                     => used 3 end +1d
            at +1d
            quota u-7 pro articles day                     => used 0 limit 5 start +1d end +2d
            balance u-7 articles                           => 5
            debit u-7 articles 6                           => allowanceExhausted used 0 resetsAt +2d
            debit u-7 articles 1                           => ok lotExpired allowanceOpened debited
            last lapsed                                    => 2
            last lapsedAt                                  => +1d
            at +100d12h
            debit u-7 articles 1                           => ok lotExpired allowanceOpened debited
            last windows                                   => +100d +101d
            last lapsedAt                                  => +2d
            """)
        #expect(table.complaints == [])
    }

    @Test("what a plan gives is drawn before what was bought, unless their priorities say otherwise")
    func priority() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                                  => ok
            plan pro articles 5 day, pages 5 day priority 30                         => ok
            grant u-7 articles 10                                                    => ok
            grant u-7 pages 10                                                       => ok
            grant u-7 articles 10 priority 5                                         => ok
            subscribe u-7 pro                                                        => ok subscribed
            lots u-7 articles                                                        => 10 5 10
            debit u-7 articles 12                                                    => ok
            last drawn                                                               => 10 2
            debit u-7 articles 4                                                     => ok
            last drawn                                                               => 3 1
            last meters                                                              => pro articles day 5 of 5
            debit u-7 articles 10                                                    => allowanceExhausted available 9 used 5 limit 5
            debit u-7 pages 7                                                        => ok
            last drawn                                                               => 7
            last meters                                                              => none
            debit u-7 pages 7                                                        => ok
            last drawn                                                               => 3 4
            quota u-7 pro pages day                                                  => used 4
            """)
        #expect(table.complaints == [])
    }

    @Test("the allowances of several plans stack, the one that ends first is drawn first and names the shortage")
    func stacked() {
        let table = RuleTable(
            """
            plan pro articles 5 month                      => ok
            plan extra articles 3 day                      => ok
            plan gift articles 2 never                     => ok
            subscribe u-7 pro                              => ok
            subscribe u-7 extra                            => ok
            subscribe u-7 gift                             => ok
            quota u-7                                      => extra/articles/day gift/articles/never pro/articles/month
            lots u-7 articles                              => 3 5 2
            debit u-7 articles 9                           => ok allowanceOpened allowanceOpened allowanceOpened debited alertRaised alertRaised alertRaised alertRaised alertRaised alertRaised
            last drawn                                     => 3 5 1
            last opened                                    => pro v1 articles month 5 gives 5 , extra v1 articles day 3 gives 3 , gift v1 articles never 2 gives 2
            debit u-7 articles 2                           => allowanceExhausted asked 2 available 1 plan extra period day used 3 limit 3 resetsAt +1d
            at +1d
            balance u-7 articles                           => 4
            """)
        #expect(table.complaints == [])
    }

    @Test("one plan may give a unit by day and by month, and other units beside it")
    func periods() {
        let table = RuleTable(
            """
            plan pro articles 5 day, articles 20 month, reports 3 never  => ok
            subscribe u-7 pro                                            => ok
            quota u-7                                                    => pro/articles/day pro/articles/month pro/reports/never
            debit u-7 articles 7                                         => ok
            last drawn                                                   => 5 2
            last meters                                                  => pro articles day 5 of 5 , pro articles month 2 of 20
            debit u-7 reports 2                                          => ok allowanceOpened debited
            last windows                                                 => +0d never
            at +40d
            quota u-7 pro articles month                                 => used 0 start 2026-04-01T00:00:00Z end 2026-05-01T00:00:00Z
            quota u-7 pro reports never                                  => used 2 end never
            debit u-7 reports 2                                          => allowanceExhausted available 1 used 2 limit 3
            debit u-7 reports 1                                          => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("without limit nothing is refused: what is drawn is counted only")
    func unlimited() {
        let table = RuleTable(
            """
            plan pro reports -1 month                      => ok
            subscribe u-7 pro                              => ok
            balance u-7 reports                            => 0 unlimited
            lots u-7 reports                               => unlimited
            grant u-7 reports 10                           => ok
            grant u-7 reports 10 priority 5                => ok
            debit u-7 reports 1000 id d-1                  => ok debited
            last drawn                                     => 10 990
            last meters                                    => pro reports month 990 of unlimited
            quota u-7 pro reports month                    => used 990 limit unlimited
            balance u-7 reports                            => 10 unlimited
            hold h-1 u-7 reports 500                       => ok
            quota u-7 pro reports month                    => used 990 held 500
            lots u-7 reports                               => unlimited+500 10
            settle h-1 200                                 => ok settled
            last returned                                  => 300
            last expired                                   => 0
            quota u-7 pro reports month                    => used 1190 held 0
            refund d-1 amount 400                          => ok refunded
            last expired                                   => 0
            quota u-7 pro reports month                    => used 790
            refund d-1                                     => ok refunded
            quota u-7 pro reports month                    => used 200
            lots u-7 reports                               => 10 unlimited 10
            at 2026-04-01T00:00:00Z
            quota u-7 pro reports month                    => used 0
            debit u-7 reports 2^53-1                       => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("an unlimited window lapses with nothing to tell")
    func unlimitedEnds() {
        let table = RuleTable(
            """
            plan pro reports -1 day                        => ok
            subscribe u-7 pro until +36h                   => ok
            debit u-7 reports 5 id d-1                     => ok allowanceOpened debited
            at +1d
            debit u-7 reports 5                            => ok allowanceOpened debited
            at +36h
            debit u-7 reports 5                            => insufficientBalance available 0
            refund d-1                                     => ok refunded
            last expired                                   => 0           # units without limit are only counted
            balance u-7 reports                            => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund lowers what is used of the window it came from")
    func refund() {
        let table = RuleTable(
            """
            plan pro articles 50 day                       => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 30 id d-1                   => ok
            debit u-7 articles 2 id d-2                    => ok
            refund d-1 amount 10                           => ok refunded
            last meters                                    => pro articles day 22 of 50
            quota u-7 pro articles day                     => used 22
            balance u-7 articles                           => 28
            at +1d
            refund d-1                                     => ok lotExpired allowanceOpened refunded
            last lapsed                                    => 28
            last amount                                    => 20
            last expired                                   => 20
            quota u-7 pro articles day                     => used 0 limit 50
            balance u-7 articles                           => 50
            debit u-7 articles 1                           => ok
            refund d-2 reissue forever                     => ok refunded
            last expired                                   => 2
            last reissued                                  => yes
            balance u-7 articles                           => 51
            quota u-7 pro articles day                     => used 1
            """)
        #expect(table.complaints == [])
    }

    @Test("a fully used window's lot stays until the window ends")
    func usedUp() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled        => ok
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            debit u-7 articles 5 id d-1                    => ok allowanceOpened debited
            debit u-7 articles 0                           => ok debited
            refund d-1 amount 2                            => ok refunded
            last reopened                                  => 0
            quota u-7 pro articles day                     => used 3
            debit u-7 articles 2                           => ok debited
            at +1d
            debit u-7 articles 1                           => ok allowanceOpened debited
            """)
        #expect(table.complaints == [])
    }

    @Test("what a hold sets aside of a window is used when it is settled; once the window ended it expires")
    func hold() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled        => ok
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 articles 3 for 1d                 => ok allowanceOpened held
            quota u-7 pro articles day                     => used 0 held 3 limit 5
            debit u-7 articles 3                           => allowanceExhausted available 2 held 3 used 0
            hold h-2 u-7 articles 2 for 1d                 => ok held
            settle h-2 1                                   => ok settled
            last meters                                    => pro articles day 1 of 5
            quota u-7 pro articles day                     => used 1 held 3
            at 2026-03-01T23:30:00Z
            release h-1                                    => ok released
            quota u-7 pro articles day                     => used 1 held 0
            hold h-3 u-7 articles 3 for 1d                 => ok
            hold h-4 u-7 articles 1 for 1d                 => ok
            at +1d
            balance u-7 articles                           => 5 held 4
            quota u-7 pro articles day                     => used 0 held 0
            settle h-3 2                                   => ok allowanceOpened settled
            last amount                                    => 2
            last returned                                  => 1
            last expired                                   => 1
            quota u-7 pro articles day                     => used 0
            release h-4                                    => ok released
            last expired                                   => 1
            balance u-7 articles                           => 5
            """)
        #expect(table.complaints == [])
    }

    @Test("an overage may take what the new window gives")
    func overage() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled        => ok
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 articles 5 for 1d overage allow 3 => ok
            at +23h
            settle h-1 6 id s-0                            => ok settled
            last shortfall                                 => 1
            refund s-0                                     => ok
            hold h-2 u-7 articles 5 for 1d overage allow 3 => ok
            at +1d
            settle h-2 7                                   => ok
            last amount                                    => 7
            last drawn                                     => 5 2
            quota u-7 pro articles day                     => used 2
            """)
        #expect(table.complaints == [])
    }

    @Test("a plan's edit holds from the next window on")
    func edit() {
        let table = RuleTable(
            """
            plan pro articles 5 day                        => ok
            subscribe u-7 pro                              => ok
            subscribe u-8 pro                              => ok
            debit u-7 articles 1                           => ok
            at +12h
            plan pro articles 10 day, reports 3 day, seats 7 never  => ok
            quota u-7 pro articles day                     => limit 5 version 1
            quota u-8 pro articles day                     => limit 5 version 1         # nobody touched it, all the same
            quota u-7 pro reports day                      => none
            debit u-7 reports 1                            => insufficientBalance available 0
            debit u-8 articles 6                           => allowanceExhausted limit 5
            quota u-7 pro seats never                      => limit 7 start +12h end never version 2
            debit u-8 seats 1                              => ok allowanceOpened debited
            at +13h
            subscribe u-9 pro                              => ok
            quota u-9 pro articles day                     => limit 10 start +0h version 2
            at +1d
            quota u-7 pro articles day                     => limit 10 version 2
            quota u-8 pro articles day                     => limit 10 version 2
            quota u-8 pro reports day                      => limit 3 start +1d version 2
            at +30h
            plan pro seats 9 never                         => ok
            quota u-7 pro articles day                     => limit 10
            quota u-7 pro seats never                      => limit 7
            at +2d
            quota u-7 pro articles day                     => none
            balance u-7 articles                           => 0
            debit u-7 articles 1                           => insufficientBalance available 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a scheduled edit is in force from its time, however late anybody looks")
    func scheduledEdit() {
        let table = RuleTable(
            """
            plan pro articles 5 day, reports 5 day         => ok
            subscribe u-7 pro                              => ok
            subscribe u-8 pro                              => ok
            configure plan/pro articles 10 day, reports 10 day effective +1d      => ok configurationScheduled
            debit u-7 articles 1                           => ok
            at 2026-03-01T23:59:59.999999Z
            quota u-7 pro articles day                     => limit 5
            at +1d12h                                      => due configured
            quota u-7 pro articles day                     => limit 10 start +1d version 2
            quota u-8 pro articles day                     => limit 10
            configure plan/pro articles 20 day effective 2026-03-03T00:00:00.000001Z => ok
            at +2d12h                                      => due configured
            quota u-7 pro articles day                     => limit 10 start +2d version 2
            at +3d
            quota u-7 pro articles day                     => limit 20 version 3
            quota u-7 pro reports day                      => none
            """)
        #expect(table.complaints == [])
    }

    @Test("a subscription begins and ends at its instants; its last lot lapses with it")
    func bounds() {
        let table = RuleTable(
            """
            plan pro articles 5 day                                    => ok
            subscribe u-7 pro from +6h until +36h                      => ok
            balance u-7 articles                                       => none
            quota u-7                                                  => none
            debit u-7 articles 1                                       => insufficientBalance
            at 2026-03-01T05:59:59.999999Z
            quota u-7                                                  => none
            at +6h
            quota u-7 pro articles day                                 => limit 5 start +0h end +1d
            debit u-7 articles 1                                       => ok
            at +1d
            quota u-7 pro articles day                                 => limit 5 start +1d end +2d
            debit u-7 articles 1                                       => ok
            at 2026-03-02T11:59:59.999999Z
            balance u-7 articles                                       => 4
            at +36h
            quota u-7                                                  => none
            balance u-7 articles                                       => 0
            debit u-7 articles 1                                       => insufficientBalance
            debit u-7 articles 0                                       => ok lotExpired debited
            last lapsed                                                => 4
            last lapsedAt                                              => +36h
            subscribe u-7 pro                                          => ok subscribed
            quota u-7 pro articles day                                 => used 0 limit 5 start +1d end +2d
            """)
        #expect(table.complaints == [])
    }

    @Test("no balance passes 2^53-1: a window gives what there is room for")
    func overflow() {
        let table = RuleTable(
            """
            grant u-7 articles 9007199254740989            => ok
            plan pro articles 5 day, reports 2^53-1 day rollover 2^53-1   => ok
            subscribe u-7 pro                              => ok
            balance u-7 articles                           => 9007199254740991
            debit u-7 articles 2 id d-1                    => ok
            last drawn                                     => 2
            grant u-7 articles 2                           => ok
            refund d-1                                     => amountOverflow unit articles
            override u-7 pro articles day 50               => ok
            balance u-7 articles                           => 9007199254740991
            debit u-7 reports 1                            => ok
            at +3d
            quota u-7 pro reports day                      => limit 9007199254740991
            balance u-7 reports                            => 9007199254740991
            debit u-7 reports 1                            => ok
            balance u-7 reports                            => 9007199254740990
            """)
        #expect(table.complaints == [])
    }

    @Test("what is counted without limit does not pass 2^53-1 either")
    func countOverflow() {
        let table = RuleTable(
            """
            plan pro reports -1 day                        => ok
            subscribe u-7 pro                              => ok
            debit u-7 reports 2^53-1                       => ok
            debit u-7 reports 1                            => amountOverflow unit reports
            debitBatch u-7 b i-1 reports 1                 => amountOverflow in i-1
            hold h-1 u-7 reports 5                         => amountOverflow unit reports
            at +1d
            hold h-1 u-7 reports 2^53-1                    => ok
            debit u-7 reports 1                            => amountOverflow unit reports
            settle h-1                                     => ok
            at +2d
            debit u-7 reports 1                            => ok
            """)
        #expect(table.complaints == [])
    }

    @Test("holds without limit do not pass 2^53-1 together")
    func holdOverflow() async {
        await #expect(processExitsWith: .success) {
            let table = RuleTable(
                """
                plan pro reports -1 day                        => ok
                subscribe u-7 pro                              => ok
                hold h-1 u-7 reports 2^53-1                    => ok
                hold h-2 u-7 reports 1                         => amountOverflow unit reports
                release h-1                                    => ok
                hold h-2 u-7 reports 1                         => ok
                """)
            #expect(table.complaints == [])
        }
    }
}
