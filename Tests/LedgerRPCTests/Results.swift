import LedgerModel
import Testing

@testable import LedgerRPC

/// What surrounds a fact in these tests: each has its place in one group.
func group(_ facts: Fact..., id: Name = "x", from first: UInt64 = 12) -> [Event] {
    facts.enumerated().map { index, fact in
        Event(
            sequence: SequenceNumber(first + UInt64(index)), at: instant("2026-11-21T01:23:45.678901Z"),
            day: Day(daysSinceEpoch: 20_778), tenant: "acme", id: id,
            group: index == 0 ? GroupHead(count: facts.count, body: 1) : nil, peer: 0, actor: nil, fact: fact)
    }
}

/// What a result says behind `seq`, `at` and `replayed`.
func deed(_ events: [Event]) -> String {
    let text = written { $0.commandResult(events, replayed: false) }
    let common = #"{"seq":\#(events.last!.sequence),"at":"2026-11-21T01:23:45.678901Z","replayed":false,"#
    #expect(text.hasPrefix(common), "\(text)")
    return String(text.dropFirst(common.count).dropLast())
}

func part(_ amount: Amount, of unit: Name = "credits", left: Amount, held: Amount = .zero) -> Part {
    Part(unit: unit, amount: amount, lots: [], balance: Balance(available: left, held: held))
}
