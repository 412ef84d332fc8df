import LedgerTestKit
import Testing

/// Prices in several units: what one cannot pay, the next is asked for.
@Suite("Rules of charges")
struct ChargeRuleTests {
    @Test("the share that a unit leaves unpaid falls to the next, and the last pays whole or refuses")
    func fallThrough() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            grant u-7 tokens 100                           => ok
            grant u-7 usd 50                               => ok
            debit u-7 feature chat in=40                   => ok debited
            last amount                                    => 40
            debit u-7 feature chat in=80                   => ok debited       # a quarter is left: 40 of 160
            last amount                                    => 60 40
            last available                                 => 0 10
            debit u-7 feature chat in=6                    => insufficientBalance unit usd asked 12 available 10
            debit u-7 feature chat in=5                    => ok debited
            last amount                                    => 0 10
            debit u-7 feature chat in=0                    => ok debited
            last amount                                    => 0
            debit u-7 feature chat                         => ok debited
            last amount                                    => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("shares are exact fractions, each ask rounds up once")
    func exact() {
        let table = RuleTable(
            """
            configure price/chat a in=1, b in=1/3, c in=1/7          => ok
            grant u-7 a 1                                            => ok
            grant u-7 b 1                                            => ok
            grant u-7 c 100                                          => ok
            debit u-7 feature chat in=10                             => ok     # b: 9/10 x 10/3 = 3; c: 9/10 x 2/3 x 10/7 = 6/7
            last amount                                              => 1 1 1
            grant u-7 a 3                                            => ok
            grant u-7 b 2                                            => ok
            debit u-7 feature chat in=100                            => ok     # b: 97/100 x 100/3 = 32.33, asks 33; c: 97/100 x 31/33 x 100/7 = 13.02
            last amount                                              => 3 2 14
            grant u-7 a 999999                                       => ok
            debit u-7 feature chat in=1000000                        => ok     # b: 1/1000000 x 333333.3 = 0.33, asks 1; c: the same x 142857.1 = 0.14
            last amount                                              => 999999 0 1
            """)
        #expect(table.complaints == [])
    }

    @Test("an event has a part for each charge up to the last that asked anything")
    func parts() {
        let table = RuleTable(
            """
            configure price/chat a in=1, b out=1, c in=1             => ok
            grant u-7 a 10                                           => ok
            grant u-7 b 10                                           => ok
            grant u-7 c 10                                           => ok
            debit u-7 feature chat in=4                              => ok
            last amount                                              => 4
            debit u-7 feature chat in=10                             => ok     # b asks nothing, so nothing is left for c
            last amount                                              => 6
            debit u-7 feature chat out=4                             => ok
            last amount                                              => 0
            debit u-7 feature chat in=2 out=4                        => ok     # a has none left: b asks all of 4, and has them
            last amount                                              => 0 4
            debit u-7 feature chat in=4 out=12                       => ok     # b has 6 of 12: c asks the half of 4
            last amount                                              => 0 6 2
            debit u-7 feature chat other=1                           => unknownDimension feature chat dimension other
            """)
        #expect(table.complaints == [])
    }

    @Test("the minimum is of the first unit, and what of it is not paid falls through")
    func minimum() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=3 minimum 10    => ok
            grant u-7 tokens 15                                      => ok
            grant u-7 usd 100                                        => ok
            debit u-7 feature chat in=4                              => ok
            last amount                                              => 10
            debit u-7 feature chat in=4                              => ok     # 5 of 10 are left: half of 12 usd
            last amount                                              => 5 6
            debit u-7 feature chat in=4                              => ok
            last amount                                              => 0 12
            debit u-7 feature chat                                   => ok     # the minimum is asked, but of usd it costs nothing
            last amount                                              => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("each unit has its own scale")
    func scales() {
        let table = RuleTable(
            """
            configure unit/usd 6 , price/chat tokens in=1 out=4, usd in=2.50/1000000 out=10/1000000   => ok
            grant u-7 tokens 100                                     => ok
            grant u-7 usd 1_000_000                                  => ok
            debit u-7 feature chat in=100 out=25                     => ok     # half is left: half of 250 + 250
            last amount                                              => 100 250
            """)
        #expect(table.complaints == [])
    }

    @Test("what a plan gives pays first, and money pays the rest; the last unit alone can refuse")
    func planFirst() {
        let table = RuleTable(
            """
            configure alert/quiet used 100 disabled                  => ok
            configure price/chat tokens in=1, usd in=2               => ok
            plan pro tokens 100 day                                  => ok
            subscribe u-7 pro                                        => ok
            debit u-7 feature chat in=150                            => insufficientBalance unit usd asked 100 available 0
            grant u-7 usd 100                                        => ok
            debit u-7 feature chat in=150 id d-1                     => ok
            last amount                                              => 100 100
            last meters                                              => pro tokens day 100 of 100
            refund d-1 in=50                                         => ok refunded
            balance u-7 usd                                          => 100
            refund d-1 in=40                                         => ok refunded
            quota u-7 pro tokens day                                 => used 60
            refund d-1 in=70                                         => refundExceedsDebit
            refund d-1                                               => ok refunded
            quota u-7 pro tokens day                                 => used 0
            plan cheap usd 5 day                                     => ok
            subscribe u-8 cheap                                      => ok
            debit u-8 feature chat in=3                              => allowanceExhausted unit usd asked 6 available 5 plan cheap
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund of quantities leaves each unit what it would have paid of what it did pay")
    func refundByQuantities() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2               => ok
            grant u-7 tokens 10                                      => ok
            grant u-7 usd 100                                        => ok
            debit u-7 feature chat in=30 id d-1                      => ok
            last amount                                              => 10 40
            grant u-7 tokens 50                                      => ok     # too late: the debit paid 10 tokens
            configure price/chat usd in=9                            => ok
            refund d-1 amount 5                                      => notRefundable
            refund d-1 in=10                                         => ok     # 20: tokens 10, half of it is left: 20 usd
            balance u-7 usd                                          => 80
            refund d-1 in=12                                         => ok     # 8: tokens 8
            last amount                                              => 2 20
            refund d-1 in=8                                          => ok
            balance u-7 tokens                                       => 60
            balance u-7 usd                                          => 100
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund tells of the units of which something comes back, and of one at least")
    func refundTells() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2               => ok
            grant u-7 tokens 10                                      => ok
            grant u-7 usd 100                                        => ok
            debit u-7 feature chat in=30 id d-1                      => ok
            last amount                                              => 10 40
            refund d-1 in=10                                         => ok
            last amount                                              => 20
            refund d-1                                               => ok
            last amount                                              => 10 20
            """)
        #expect(table.complaints == [])
    }

    @Test("after rounding the last unit keeps no more than it paid")
    func refundRounding() {
        let table = RuleTable(
            """
            configure price/chat a in=1, b in=1/2                    => ok
            grant u-7 a 1                                            => ok
            grant u-7 b 10                                           => ok
            debit u-7 feature chat in=4 id d-1                       => ok     # 3/4 x 2 = 1.5
            last amount                                              => 1 2
            refund d-1 in=1                                          => ok     # 2/3 x 1.5 = 1
            balance u-7 b                                            => 9
            refund d-1 in=1                                          => ok     # 1/2 x 1 = 0.5
            balance u-7 b                                            => 9
            refund d-1 in=1                                          => ok     # 1: a pays it alone
            balance u-7 b                                            => 10
            balance u-7 a                                            => 0
            refund d-1 in=1                                          => ok
            balance u-7 a                                            => 1
            balance u-7 b                                            => 10
            """)
        #expect(table.complaints == [])
    }

    @Test("amounts up to 2^53-1, and what would pass it")
    func large() {
        let table = RuleTable(
            """
            configure price/a a n=1, b n=1 , price/b a n=2, b n=1 , price/c a n=1, b n=2   => ok
            grant u-7 a 2^53-1                                       => ok
            grant u-7 b 2^53-1                                       => ok
            debit u-7 feature a n=2^53-1 id d-1                      => ok
            last amount                                              => 9007199254740991
            refund d-1                                               => ok
            debit u-7 feature b n=2^53-1                             => amountOverflow unit a
            debit u-7 feature c n=2^53-1 id d-2                      => ok     # a pays it all, b is not asked
            refund d-2                                               => ok
            debit u-7 a 1                                            => ok
            debit u-7 feature a n=2^53-1 id d-3                      => ok
            last amount                                              => 9007199254740990 1
            refund d-3                                               => ok
            debit u-7 a 9007199254740989                             => ok
            debit u-7 feature c n=2^53-1                             => amountOverflow unit b
            debit u-7 feature a n=2^53-1                             => ok
            last amount                                              => 1 9007199254740990
            """)
        #expect(table.complaints == [])
    }

    @Test("each unit is charged once, in at most eight")
    func document() {
        let table = RuleTable(
            """
            configure price/a a n=1, b n=1, c n=1, d n=1, e n=1, f n=1, g n=1, h n=1       => ok
            grant u-7 h 5                                                                  => ok
            debit u-7 feature a n=5                                                        => ok
            last amount                                                                    => 0 0 0 0 0 0 0 5
            configure price/b z n=999999999999999999, usd n=1 , unit/z 2                   => rateOutOfRange key price/b
            """)
        #expect(table.complaints == [])
    }

    @Test("a price counts from its own event, and each debit keeps its version")
    func version() {
        let table = RuleTable(
            """
            grant u-7 credits 100                                    => ok
            configure price/s credits n=1                            => ok
            configure price/s credits n=2 effective +1d              => ok configurationScheduled
            debit u-7 feature s n=1 id d-1                           => ok
            last amount                                              => 1
            at 2026-03-01T23:59:59.999999Z
            debit u-7 feature s n=1                                  => ok
            last amount                                              => 1
            at +1d                                                   => due configured
            debit u-7 feature s n=1 id d-2                           => ok
            last amount                                              => 2
            configure price/s credits n=3                            => ok
            refund d-2 n=1                                           => ok
            last amount                                              => 2
            """)
        #expect(table.complaints == [])
    }
}
