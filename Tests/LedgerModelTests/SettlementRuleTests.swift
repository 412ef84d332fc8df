import LedgerTestKit
import Testing

/// What a settlement takes and gives back: less, as much or more than was held, in time or late.
@Suite("Rules of settlements")
struct SettlementRuleTests {
    @Test("less: what was used is taken in the order drawn, the rest goes back, last drawn first")
    func less() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +9d           => ok
            grant u-7 credits 20                       => ok
            hold h-1 u-7 credits 25                    => ok
            settle h-1 12                              => ok settled
            last drawn                                 => 10 2
            last returned                              => 13
            last returnedTo                            => 13
            last available                             => 18
            last held                                  => 0
            lots u-7 credits                           => 18
            grant u-7 credits 10 expires +9d           => ok
            hold h-2 u-7 credits 25                    => ok
            settle h-2 7                               => ok settled
            last drawn                                 => 7
            last returnedTo                            => 15 3
            lots u-7 credits                           => 3 18
            hold h-3 u-7 credits 20                    => ok
            settle h-3 0                               => ok settled
            last amount                                => 0
            last returned                              => 20
            lots u-7 credits                           => 3 18
            """)
        #expect(table.complaints == [])
    }

    @Test("more under `reject` is refused, and the hold stays")
    func reject() {
        let table = RuleTable(
            """
            grant u-7 credits 100                      => ok
            hold h-1 u-7 credits 60                    => ok
            settle h-1 61                              => amountExceedsHold hold h-1 unit credits asked 61 held 60
            settle h-1 2^53-1                          => amountExceedsHold asked 9007199254740991 held 60
            balance u-7 credits                        => 40 held 60
            settle h-1 60                              => ok settled
            balance u-7 credits                        => 40
            """)
        #expect(table.complaints == [])
    }

    @Test("more under `cap` takes what is held, and tells what is missing")
    func cap() {
        let table = RuleTable(
            """
            grant u-7 credits 100                      => ok
            hold h-1 u-7 credits 60 overage cap        => ok
            settle h-1 75                              => ok settled
            last amount                                => 60
            last returned                              => none
            last shortfall                             => 15
            balance u-7 credits                        => 40
            hold h-2 u-7 credits 40 overage cap        => ok
            settle h-2 30                              => ok settled
            last shortfall                             => 0
            balance u-7 credits                        => 10
            """)
        #expect(table.complaints == [])
    }

    @Test("more under `allow` takes up to so many more, as far as there are any")
    func allow() {
        let table = RuleTable(
            """
            grant u-7 credits 60 expires +9d               => ok
            grant u-7 credits 40                           => ok
            hold h-1 u-7 credits 60 overage allow 10       => ok
            settle h-1 65                                  => ok settled
            last amount                                    => 65
            last drawn                                     => 60 5
            last shortfall                                 => 0
            lots u-7 credits                               => 35
            hold h-2 u-7 credits 10 overage allow 10       => ok
            settle h-2 25                                  => ok settled
            last amount                                    => 20
            last shortfall                                 => 5
            lots u-7 credits                               => 15
            hold h-3 u-7 credits 10 overage allow 10       => ok
            settle h-3 18                                  => ok settled
            last amount                                    => 15
            last shortfall                                 => 3
            balance u-7 credits                            => 0
            hold h-4 u-7 credits 0 overage allow 10        => ok
            settle h-4 4                                   => ok settled
            last amount                                    => 0
            last shortfall                                 => 4
            """)
        #expect(table.complaints == [])
    }

    @Test("what another hold has set aside is not there for an overage")
    func allowBesideHolds() {
        let table = RuleTable(
            """
            grant u-7 credits 10                           => ok
            hold h-1 u-7 credits 4 overage allow 9         => ok
            hold h-2 u-7 credits 5                         => ok
            settle h-1 9                                   => ok settled
            last amount                                    => 5
            last shortfall                                 => 4
            balance u-7 credits                            => 0 held 5
            release h-2                                    => ok
            balance u-7 credits                            => 5
            """)
        #expect(table.complaints == [])
    }

    @Test("an overage finds neither what lapsed nor what is not yet in force")
    func allowByTime() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +5m               => ok
            grant u-7 credits 10 effective +1h             => ok
            hold h-1 u-7 credits 4 overage allow 9         => ok
            at +10m
            settle h-1 6                                   => ok lotExpired settled
            last amount                                    => 4
            last shortfall                                 => 2
            last lapsed                                    => 6
            """)
        #expect(table.complaints == [])
    }

    @Test("a hold ends once: nothing but its refund comes after")
    func once() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            settle h-1                                     => holdNotFound hold h-1
            release h-1                                    => holdNotFound hold h-1
            settle command-1                               => holdNotFound
            debit u-7 credits 1 id d-1                     => ok
            settle d-1                                     => holdNotFound hold d-1
            hold h-1 u-7 credits 60                        => ok                # event 4
            settle h-1 50 id s-1                           => ok settled        # event 5
            settle h-1 50 id s-1                           => known 5
            settle h-1 50                                  => holdClosed hold h-1
            settle h-1 1000                                => holdClosed
            release h-1                                    => holdClosed hold h-1
            settle s-1                                     => holdNotFound
            hold h-1 u-7 credits 60                        => known 5
            hold h-2 u-7 credits 10                        => ok                # event 6
            release h-2 id r-2                             => ok released       # event 7
            release h-2 id r-2                             => known 7
            release h-2                                    => holdClosed
            settle h-2                                     => holdClosed
            hold h-2 u-7 credits 10                        => known 7
            tenant other
            settle h-1                                     => holdNotFound
            """)
        #expect(table.complaints == [])
    }

    @Test("a settlement is refunded by its own id or by the hold's, together never more than it took")
    func refund() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +9d               => ok
            grant u-7 credits 90                           => ok
            hold h-1 u-7 credits 60                        => ok
            refund h-1                                     => notRefundable of h-1
            settle h-1 50 id s-1                           => ok
            refund h-1 amount 20                           => ok refunded
            last drawn                                     => 20
            lots u-7 credits                               => 70
            refund s-1 amount 31                           => refundExceedsDebit of s-1 asked 31 left 30
            refund h-1 amount 31                           => refundExceedsDebit of h-1 asked 31 left 30
            refund s-1                                     => ok refunded
            last drawn                                     => 20 10
            last reopened                                  => 1
            lots u-7 credits                               => 10 90
            refund h-1                                     => notRefundable
            refund s-1                                     => notRefundable
            hold h-2 u-7 credits 5                         => ok
            release h-2 id r-2                             => ok
            refund h-2                                     => notRefundable of h-2
            refund r-2                                     => notRefundable of r-2
            """)
        #expect(table.complaints == [])
    }

    @Test("late after a release: a debit of what is available, at most what was held, once")
    func lateAfterRelease() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 60 for 5m                 => ok                # event 3
            hold h-2 u-7 credits 50 for 5m                 => insufficientBalance
            hold h-2 u-7 credits 40 for 5m                 => ok                # event 4
            at +5m                                         => due holdExpired / holdExpired
            balance u-7 credits                            => 100
            release h-1                                    => holdClosed
            extend h-1 5m                                  => holdClosed
            refund h-1                                     => notRefundable
            settle h-1 75 observed id s-1                  => ok debited        # event 7
            last amount                                    => 60
            last shortfall                                 => 15
            last method                                    => observed
            balance u-7 credits                            => 40
            settle h-1 1                                   => holdClosed
            settle h-1 75 observed id s-1                  => known 7
            hold h-1 u-7 credits 60 for 5m                 => known 7
            debit u-7 credits 30                           => ok
            settle h-2 25                                  => ok debited
            last amount                                    => 10
            last shortfall                                 => 15
            balance u-7 credits                            => 0
            refund h-1 amount 20                           => ok refunded
            refund s-1 amount 41                           => refundExceedsDebit left 40
            refund s-1                                     => ok refunded
            balance u-7 credits                            => 60
            """)
        #expect(table.complaints == [])
    }

    @Test("late after a release, nothing said: all that was held")
    func lateEverything() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 60 for 5m                 => ok
            at +5m                                         => due holdExpired
            freezeAccount u-7                              => ok
            settle h-1                                     => ok debited
            last amount                                    => 60
            balance u-7 credits                            => 40
            """)
        #expect(table.complaints == [])
    }

    @Test("late after a capture: a refund of what was not used, once")
    func lateAfterCapture() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 20 for 5m capture         => ok                # event 3
            hold h-2 u-7 credits 20 for 5m capture         => ok                # event 4
            hold h-3 u-7 credits 20 for 5m capture         => ok                # event 5
            at +5m                                         => due holdExpired / holdExpired / holdExpired
            balance u-7 credits                            => 40
            release h-1                                    => holdClosed
            settle h-1 15 estimated id s-1                 => ok refunded       # event 9
            last amount                                    => 5
            last shortfall                                 => 0
            last method                                    => estimated
            balance u-7 credits                            => 45
            settle h-1 15                                  => holdClosed
            settle h-1 15 estimated id s-1                 => known 9
            hold h-1 u-7 credits 20 for 5m capture         => known 9
            settle h-2                                     => ok refunded
            last shortfall                                 => 0
            balance u-7 credits                            => 45
            settle h-3 27                                  => ok refunded
            last shortfall                                 => 7
            balance u-7 credits                            => 45
            """)
        #expect(table.complaints == [])
    }

    @Test("a capture is refunded by the hold's id, and what a late settlement gave back counts")
    func refundOfCapture() {
        let table = RuleTable(
            """
            grant u-7 credits 100                          => ok
            hold h-1 u-7 credits 60 for 5m capture         => ok
            hold h-2 u-7 credits 40 for 5m capture         => ok
            at +5m                                         => due holdExpired / holdExpired
            refund h-1 amount 20                           => ok refunded
            balance u-7 credits                            => 20
            settle h-2 30                                  => ok refunded
            balance u-7 credits                            => 30
            refund h-2 amount 31                           => refundExceedsDebit asked 31 left 30
            refund h-2                                     => ok refunded
            balance u-7 credits                            => 60
            refund h-1                                     => ok refunded
            balance u-7 credits                            => 100
            settle h-1 10                                  => ok refunded       # 50 were not used, but nothing is left to give back
            balance u-7 credits                            => 100
            """)
        #expect(table.complaints == [])
    }

    @Test("late settlements give back to lots that are still there, and tell what has expired")
    func lateAndLapsed() {
        let table = RuleTable(
            """
            grant u-7 credits 20 expires +1h               => ok
            grant u-7 credits 20                           => ok
            hold h-1 u-7 credits 30 for 5m capture         => ok
            at +2h                                         => due holdExpired
            settle h-1 5                                   => ok refunded
            last amount                                    => 25
            last expired                                   => 15
            balance u-7 credits                            => 20
            """)
        #expect(table.complaints == [])
    }

    @Test("a priced hold is settled at its own price version, by quantities, or in one unit by amount")
    func priced() {
        let table = RuleTable(
            """
            grant u-7 credits 1000                         => ok
            configure price/s credits pages=3 words=1/2 minimum 5   => ok
            hold h-1 u-7 feature s pages=10 words=10       => ok
            last amount                                    => 35
            hold h-2 u-7 feature s pages=10                => ok
            hold h-3 u-7 feature s pages=10                => ok
            hold h-4 u-7 feature s pages=10                => ok
            hold h-5 u-7 feature s pages=10                => ok
            configure price/s credits pages=50             => ok
            settle h-1 lines=1                             => unknownDimension feature s dimension lines
            settle h-1 pages=4 words=3                     => ok settled
            last amount                                    => 14
            last quantities                                => pages=4 words=3
            last returned                                  => 21
            settle h-2                                     => ok settled
            last amount                                    => 30
            last quantities                                => pages=10
            settle h-3 7                                   => ok settled
            last amount                                    => 7
            settle h-4 unused                              => ok settled    # the minimum, all the same
            last amount                                    => 5
            configure price/s delete                       => ok
            settle h-5 pages=11                            => amountExceedsHold asked 33 held 30
            settle h-5 pages=1                             => ok settled
            last amount                                    => 5
            balance u-7 credits                            => 939
            hold h-6 u-7 credits 10                        => ok
            settle h-6 pages=1                             => notSettleable hold h-6
            """)
        #expect(table.complaints == [])
    }

    @Test("in several units each pays at most what was held of it, and the last one's ask counts against its hold")
    func charges() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            grant u-7 tokens 10                            => ok
            grant u-7 usd 100                              => ok
            hold h-1 u-7 feature chat in=30                => ok held
            last amount                                    => 10 40
            settle h-1 5                                   => notSettleable hold h-1
            settle h-1 in=40                               => amountExceedsHold unit usd asked 60 held 40
            settle h-1 in=15                               => ok settled
            last amount                                    => 10 10
            last returned                                  => 30
            balance u-7 tokens                             => 0
            balance u-7 usd                                => 90
            refund h-1                                     => ok refunded
            hold h-2 u-7 feature chat in=30                => ok
            settle h-2 in=4                                => ok settled
            last amount                                    => 4 0
            last returned                                  => 6 40
            balance u-7 tokens                             => 6
            balance u-7 usd                                => 100
            hold h-3 u-7 feature chat in=30                => ok
            last amount                                    => 6 48
            settle h-3                                     => ok settled
            last amount                                    => 6 48
            balance u-7 usd                                => 52
            """)
        #expect(table.complaints == [])
    }

    @Test("an overage in several units is of the last one")
    func chargesOverage() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            grant u-7 tokens 10                            => ok
            grant u-7 usd 100                              => ok
            hold h-1 u-7 feature chat in=30 overage allow 15   => ok
            grant u-7 tokens 50                            => ok            # earlier units pay what was held, no more
            settle h-1 in=40                               => ok settled    # asks 60 usd
            last amount                                    => 10 55
            last shortfall                                 => 5
            balance u-7 tokens                             => 50
            balance u-7 usd                                => 45
            hold h-2 u-7 feature chat in=50 overage allow 5    => ok held
            last amount                                    => 50
            settle h-2 in=60                               => ok settled    # a sixth is left, 20 usd
            last amount                                    => 50 5
            last shortfall                                 => 15
            balance u-7 usd                                => 40
            grant u-7 tokens 5                             => ok
            hold h-3 u-7 feature chat in=5                 => ok held
            settle h-3 in=6                                => amountExceedsHold unit usd asked 2 held 0
            """)
        #expect(table.complaints == [])
    }

    @Test("late by quantities: priced like any settlement, and cut to what was held")
    func latePriced() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2                 => ok
            grant u-7 tokens 10                                        => ok
            grant u-7 usd 100                                          => ok
            hold h-1 u-7 feature chat in=30 for 5m                     => ok
            at +5m                                                     => due holdExpired
            settle h-1 in=40                                           => ok debited
            last amount                                                => 10 40
            last shortfall                                             => 20
            balance u-7 usd                                            => 60
            grant u-7 tokens 10                                        => ok
            hold h-2 u-7 feature chat in=30 for 5m capture             => ok
            at +10m                                                    => due holdExpired
            last amount                                                => 10 40
            last quantities                                            => in=30
            settle h-2 in=15                                           => ok refunded
            balance u-7 usd                                            => 50
            balance u-7 tokens                                         => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("the settlement inherits what was said of the hold, and may add to it")
    func use() {
        let table = RuleTable(
            """
            grant u-7 credits 100                                      => ok
            hold h-1 u-7 credits 5 batch b-1 labels a=1 b=2            => ok batchOpened held
            closeBatch u-7 b-1                                         => ok
            settle h-1 3 none labels b=3 c=4                           => ok settled
            last labels                                                => a=1 b=3 c=4
            last method                                                => none
            hold h-3 u-7 credits 5 labels a=1 for 2m capture           => ok
            at +2m                                                     => due holdExpired
            last labels                                                => a=1
            hold h-2 u-7 credits 5 labels a=1 for 5m                   => ok
            at +7m                                                     => due holdExpired
            settle h-2 3 labels b=2                                    => ok debited
            last labels                                                => a=1 b=2
            """)
        #expect(table.complaints == [])
    }

    @Test("a refund of a settlement's quantities reprices the rest at the hold's version")
    func refundOfQuantities() {
        let table = RuleTable(
            """
            configure price/s credits pages=3 words=1/2 minimum 5      => ok
            grant u-7 credits 100                                      => ok
            hold h-1 u-7 feature s pages=10                            => ok
            configure price/s credits pages=50                         => ok
            settle h-1 pages=4 words=3                                 => ok
            last amount                                                => 14
            refund h-1 pages=5                                         => refundExceedsDebit
            refund h-1 pages=3                                         => ok refunded
            last amount                                                => 9
            refund h-1 pages=1 words=3                                 => ok refunded
            last amount                                                => 5
            balance u-7 credits                                        => 100
            """)
        #expect(table.complaints == [])
    }

    @Test("nothing said, late and priced: all that was held, of each unit what it held")
    func lateEverythingPriced() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            grant u-7 tokens 10                            => ok
            grant u-7 usd 100                              => ok
            hold h-1 u-7 feature chat in=30 for 1m         => ok
            at +1m                                         => due holdExpired
            grant u-7 tokens 50                            => ok
            settle h-1                                     => ok debited
            last amount                                    => 10 40
            last shortfall                                 => 0
            """)
        #expect(table.complaints == [])
    }

    @Test("a unit without limit pays all of a price, and comes back as a count")
    func pricedWithoutLimit() {
        let table = RuleTable(
            """
            configure price/chat tokens in=1, usd in=2     => ok
            plan pro tokens -1 month                       => ok
            subscribe u-7 pro                              => ok
            hold h-1 u-7 feature chat in=30                => ok
            last amount                                    => 30
            settle h-1 in=10                               => ok
            last amount                                    => 10
            last returned                                  => 20
            quota u-7 pro tokens month                     => used 10 held 0
            refund h-1 in=4                                => ok
            last amount                                    => 4
            quota u-7 pro tokens month                     => used 6
            """)
        #expect(table.complaints == [])
    }

    @Test("what has expired can be given anew")
    func reissue() {
        let table = RuleTable(
            """
            grant u-7 credits 10 expires +1h               => ok
            hold h-1 u-7 credits 5 for 2h                  => ok
            at +1h
            settle h-1 2                                   => ok lotExpired settled
            last expired                                   => 3
            refund h-1 reissue forever                     => ok refunded
            last reissued                                  => yes
            balance u-7 credits                            => 2
            """)
        #expect(table.complaints == [])
    }

    @Test("only a hold can be released, extended or settled")
    func noHold() {
        let table = RuleTable(
            """
            grant u-7 credits 5 id g-1                     => ok
            settle g-1                                     => holdNotFound hold g-1
            release g-1                                    => holdNotFound hold g-1
            extend g-1 5m                                  => holdNotFound hold g-1
            """)
        #expect(table.complaints == [])
    }
}
