import LedgerModel
import LedgerTestKit
import Testing

@testable import WhatIf

/// Figures computed by hand: the example of `docs/what-if.md`, and what single rules come to.
@Suite("What if by hand")
struct WorkedExampleTests {
    private static func past(_ table: String) -> PastOfLedger {
        let table = RuleTable(table)
        #expect(table.complaints == [])
        return PastOfLedger(table.ledger.events, of: "acme")
    }

    private static func price(_ charges: (unit: Name, rate: String)..., dimension: Name = "pages") -> PriceDocument {
        PriceDocument(
            charges: charges.map { Charge(unit: $0.unit, rates: [.init(dimension: dimension, rate: Rate($0.rate)!)]) })
    }

    @Test("a page costs two credits instead of one")
    func document() {
        let past = Self.past(
            """
            configure price/chat credits pages=1          => ok
            plan basic credits 100 day                    => ok
            grant u-7 credits 50                          => ok
            subscribe u-7 basic                           => ok
            debit u-7 feature chat pages=60               => ok
            debit u-7 feature chat pages=30               => ok
            debit u-7 feature chat pages=20               => ok
            at +1d
            debit u-7 feature chat pages=10 id d-4        => ok
            refund d-4 amount 5                           => ok
            """)
        let answer = past.answer(past.proposed(Self.price(("credits", "2")), of: "chat"), from: ManualClock.start)
        #expect(answer.uses == 4 && answer.accounts == 1 && answer.notPriced == 0 && answer.notJudged == 0)
        let (taken, beyond) = (Compared(actual: 115, proposed: 130), Compared(actual: 10, proposed: 20))
        #expect(answer.units == [WhatIfAnswer.Unit(unit: "credits", taken: taken, beyondAllowance: beyond)])
        #expect(
            answer.features == [WhatIfAnswer.Feature(feature: "chat", unit: "credits", uses: 4, refused: 2, taken: taken)])
        #expect(answer.refusals == [WhatIfAnswer.Refusal(rejection: "allowanceExhausted", uses: 2)])
        #expect(answer.thresholds.map(\.threshold) == [80, 95, 100])
        #expect(answer.thresholds.allSatisfy { $0.actual == 1 && $0.proposed == 1 && $0.gained == 0 && $0.lost == 0 })
        #expect(
            answer.mostAffected == [
                WhatIfAnswer.Account(account: "u-7", unit: "credits", refused: 2, taken: taken, beyondAllowance: beyond)
            ])
    }

    @Test("what is saved lets nobody have less, and thresholds are not reached any more")
    func cheaper() {
        let past = Self.past(
            """
            configure price/chat credits pages=1          => ok
            plan basic credits 100 day                    => ok
            subscribe u-7 basic                           => ok
            debit u-7 feature chat pages=90               => ok
            """)
        let answer = past.answer(past.proposed(Self.price(("credits", "1/3")), of: "chat"))
        #expect(answer.units.map(\.taken) == [Compared(actual: 90, proposed: 30)])
        #expect(answer.refused == 0)
        #expect(answer.thresholds.map { [$0.threshold, $0.actual, $0.proposed, $0.gained, $0.lost] } == [[80, 1, 0, 0, 1]])
    }

    @Test("a plan that gives half lets the account's own units bear the rest")
    func halfPlan() {
        let past = Self.past(
            """
            plan basic credits 100 day                    => ok
            grant u-7 credits 20                          => ok
            grant u-8 credits 500                         => ok
            subscribe u-7 basic                           => ok
            subscribe u-8 basic                           => ok
            debit u-7 credits 80                          => ok
            debit u-8 credits 80                          => ok
            """)
        let plan = PlanDocument(allowances: [AllowanceDocument(unit: "credits", amount: .units(50), period: .day)])
        let answer = past.answer(past.proposed(plan, of: "basic"))
        #expect(answer.refusals == [WhatIfAnswer.Refusal(rejection: "allowanceExhausted", uses: 1)])
        #expect(answer.units.map(\.taken) == [Compared(actual: 160, proposed: 80)])
        #expect(answer.units.map(\.beyondAllowance) == [Compared(actual: 0, proposed: 30)])
        // Before the refused one nothing is used of the smaller allowance; the other one is used up.
        #expect(answer.thresholds.map { [$0.threshold, $0.actual, $0.proposed] } == [[80, 2, 1], [95, 0, 1], [100, 0, 1]])
        #expect(answer.mostAffected.map(\.account) == ["u-7", "u-8"])
    }

    @Test("what a plan gives anew, it gives to those who have it, from the first window on")
    func newAllowance() {
        let past = Self.past(
            """
            plan basic credits 100 day                    => ok
            grant u-7 pages 40                            => ok
            grant u-8 pages 40                            => ok
            subscribe u-7 basic                           => ok
            debit u-7 pages 30                            => ok
            debit u-8 pages 30                            => ok
            """)
        let plan = PlanDocument(allowances: [
            AllowanceDocument(unit: "credits", amount: .units(100), period: .day),
            AllowanceDocument(unit: "pages", amount: .units(25), period: .month),
        ])
        let answer = past.answer(past.proposed(plan, of: "basic"))
        #expect(answer.units.map(\.beyondAllowance) == [Compared(actual: 60, proposed: 35)])
        #expect(answer.mostAffected.map(\.account) == ["u-7"])
        #expect(answer.thresholds.map(\.gained) == [1, 1, 1])
    }

    @Test("uses that name their amount are not priced, and a price can refuse a dimension, or all")
    func notPriced() {
        let past = Self.past(
            """
            configure price/chat credits pages=1          => ok
            grant u-7 credits 100                         => ok
            debit u-7 feature chat pages=10               => ok
            debit u-7 credits 7                           => ok
            """)
        let other = past.answer(past.proposed(Self.price(("credits", "2"), dimension: "words"), of: "chat"))
        #expect(other.notPriced == 1 && other.refusals.map(\.rejection) == ["unknownDimension"])
        #expect(other.units.map(\.taken) == [Compared(actual: 17, proposed: 7)])
        var disabled = Self.price(("credits", "1"))
        disabled.enabled = false
        #expect(past.answer(past.proposed(disabled, of: "chat")).refusals.map(\.rejection) == ["priceDisabled"])
        let unknown = past.answer(past.proposed(Self.price(("credits", "2")), of: "other"))
        #expect(unknown.units.map(\.taken) == [Compared(actual: 17, proposed: 17)] && unknown.mostAffected == [])
    }

    @Test("of the accounts most affected there are so many for each unit, those with most first")
    func ranking() {
        let grants = (1...9).map { "grant u-\($0) credits 1000 => ok\ndebit u-\($0) feature chat pages=\($0) => ok" }
        let past = Self.past((["configure price/chat credits pages=1 => ok"] + grants).joined(separator: "\n"))
        let answer = past.answer(past.proposed(Self.price(("credits", "3")), of: "chat"), top: 3)
        #expect(answer.mostAffected.map(\.account) == ["u-9", "u-8", "u-7"])
        #expect(answer.mostAffected.map(\.taken.difference) == [18, 16, 14])
        #expect(past.answer(past.proposed(Self.price(("credits", "3")), of: "chat"), top: 0).mostAffected == [])
    }

    @Test("without limit nothing is refused, and with one again it is")
    func unlimited() {
        let past = Self.past(
            """
            plan basic credits -1 month                   => ok
            subscribe u-7 basic                           => ok
            debit u-7 credits 500                         => ok
            debit u-7 credits 600                         => ok
            """)
        let limited = PlanDocument(allowances: [AllowanceDocument(unit: "credits", amount: .units(1000), period: .month)])
        let answer = past.answer(past.proposed(limited, of: "basic"))
        #expect(answer.refused == 1 && answer.units.map(\.taken) == [Compared(actual: 1100, proposed: 500)])
        let none = past.answer(past.proposed(PlanDocument(), of: "basic"))
        #expect(none.refused == 2 && none.refusals.map(\.rejection) == ["insufficientBalance"])
    }

    @Test("sums of the largest amounts stay within bounds")
    func overflow() {
        let most = Amount.max
        let uses = (1...3000).map { number in
            PastUse(
                sequence: SequenceNumber(UInt64(number)), at: Timestamp(microseconds: Int64(number)), day: Day("1970-01-01")!,
                account: "u-7", parts: [PastUse.Part(unit: "credits", amount: most, available: most)])
        }
        let window = PastWindow(
            number: .first, plan: "basic", unit: "credits", period: .never,
            interval: Interval(start: Timestamp(microseconds: 0), end: nil),
            amount: .unlimited)
        for document in [[], [AllowanceDocument(unit: "credits", amount: .unlimited, period: .never)]] {
            let plan = ProposedPlan("basic", PlanDocument(allowances: document), zone: .utc, versions: [])
            let days = Day("1970-01-01")!...Day("1970-01-02")!
            var comparison = Comparison(ComparisonTerms(proposal: .plan(plan), days: days, zone: .utc))
            for use in uses {
                comparison.take(use, own: nil) { _ in
                    PastPlans(windows: [window])
                } balance: { _ in
                    nil
                }
            }
            let answer = comparison.finish()
            #expect(answer.units.map(\.taken.actual) == [.max])
            #expect(answer.refused == (document.isEmpty ? 2999 : 0))
        }
    }
}
