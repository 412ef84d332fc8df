import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct HoldResults {
    private let until = instant("2026-11-21T02:00:00Z")
    private let meter = Meter(
        counter: .key("k-1"), unit: "credits", used: 7, limit: 9,
        window: Interval(start: instant("2026-11-01T00:00:00Z"), end: instant("2026-12-01T00:00:00Z")))
    private let told =
        #""meters":[{"key":"k-1","unit":"credits","used":7,"limit":9,"start":"2026-11-01T00:00:00.000000Z","end":"2026-12-01T00:00:00.000000Z"}]"#

    @Test func aHoldIsNamedByItsID() {
        let held = Held(
            account: "u", priced: Priced(feature: "chat", quantities: [], version: 2), use: Use(key: "k-1"),
            terms: HoldTerms(expiresAt: until), parts: [part(7, left: 3, held: 7)], meters: [meter])
        #expect(
            deed(group(.held(held), id: "h-1"))
                == #""hold":"h-1","expiresAt":"2026-11-21T02:00:00.000000Z","price":2,"parts":[{"unit":"credits","amount":7,"balance":{"available":3,"held":7}}],\#(told)"#
        )
        #expect(
            deed(group(.holdExtended(HoldExtended(account: "u", hold: "h-1", expiresAt: until))))
                == #""hold":"h-1","expiresAt":"2026-11-21T02:00:00.000000Z""#)
    }

    @Test func aSettlementTellsWhatWasTakenAndWhatCameBack() {
        let ended = HoldEnded(
            account: "u", hold: "h-1", held: SequenceNumber(9), method: .reported, parts: [part(4, left: 6)],
            returns: [Return(part: part(3, left: 6), expired: 1)], shortfall: 2, meters: [meter])
        #expect(
            deed(group(.settled(ended)))
                == #""hold":"h-1","parts":[{"unit":"credits","amount":4,"balance":{"available":6,"held":0}}],"returned":[{"unit":"credits","amount":3,"expired":1,"balance":{"available":6,"held":0}}],"shortfall":2,\#(told)"#
        )
    }

    @Test func aReleaseTellsWhatCameBack() {
        let ended = HoldEnded(
            account: "u", hold: "h-1", held: SequenceNumber(9), returns: [Return(part: part(7, left: 10))])
        #expect(
            deed(group(.released(ended)))
                == #""hold":"h-1","returned":[{"unit":"credits","amount":7,"expired":0,"balance":{"available":10,"held":0}}]"#)
    }

    @Test func aLateSettlementAnswersLikeOneInTime() {
        let late = LateSettlement(hold: "h-1", held: SequenceNumber(9), method: .observed, shortfall: 3)
        let debited = Debited(account: "u", priced: nil, use: Use(), parts: [part(4, left: 0)], late: late)
        #expect(
            deed(group(.debited(debited)))
                == #""hold":"h-1","late":true,"parts":[{"unit":"credits","amount":4,"balance":{"available":0,"held":0}}],"returned":[],"shortfall":3"#
        )
        let refunded = Refunded(
            account: "u", of: "h-1", debit: SequenceNumber(10), feature: nil, batch: nil, labels: [:], quantities: [],
            reason: nil,
            returns: [Return(part: part(5, left: 5))],
            late: LateSettlement(hold: "h-1", held: SequenceNumber(9), method: .reported, shortfall: .zero))
        #expect(
            deed(group(.refunded(refunded)))
                == #""hold":"h-1","late":true,"parts":[],"returned":[{"unit":"credits","amount":5,"expired":0,"balance":{"available":5,"held":0}}]"#
        )
    }

    @Test func aBatchTellsEachCounterAsTheLastItemLeftIt() {
        let item = { (id: Name, used: Amount) in
            var meter = self.meter
            meter.used = used
            return Fact.debited(
                Debited(account: "u", priced: nil, use: Use(batch: "b"), item: id, parts: [part(1, left: 1)], meters: [meter]))
        }
        #expect(deed(group(item("i-1", 6), item("i-2", 7))).hasSuffix(told))
    }

    @Test func sumsWithoutEndStopAtTheGreatestAmount() {
        let item = { (id: Name) in
            Fact.debited(
                Debited(account: "u", priced: nil, use: Use(batch: "b"), item: id, parts: [part(.max, left: 0)]))
        }
        #expect(deed(group(item("i-1"), item("i-2"))).contains(#""amount":9007199254740991"#))
    }

    @Test func usesAndReportsThatMoveNothing() {
        let recorded = UsageRecorded(account: "u", ask: .amount(unit: "credits", 3), use: Use())
        #expect(deed(group(.usageRecorded(recorded))) == #""account":"u""#)
    }
}
