import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerSimulation

/// The laws of the simulation are broken by what must break them.
@Suite("The laws of the simulation")
struct ChronicleTests {
    private let requests: [Request]
    private let groups: [[Event]]
    private var chronicle = Chronicle(MemoryLedger.emptyBook(zones: .ofSimulation))
    private let now = ManualClock.start

    init() throws {
        requests = ([10, 20, 30] as [Int64]).map { amount in
            let grant = Grant(account: "a", unit: "u", amount: Amount(rawValue: amount)!)
            return Request(tenant: "t", id: Name("g-\(amount)")!, body: 7, command: .grant(grant))
        }
        var ledger = MemoryLedger(zones: .ofSimulation)
        groups = try requests.map { request in
            guard case .accepted(let group) = try ledger.send(request, at: ManualClock.start) else { return [] }
            return group
        }
    }

    private func turn(_ numbers: [Int], answered: [Int], unanswered: [Int]? = nil) -> TurnReport {
        TurnReport(
            answers: answered.map { (.command(requests[$0]), .accepted(groups[$0], replayed: false)) },
            events: numbers.flatMap { groups[$0] }, now: now, unanswered: unanswered.map { $0.map { requests[$0] } })
    }

    @Test("what is answered and in the log is well") mutating func sound() throws {
        try chronicle.follow(turn([0, 1], answered: [0, 1]))
        try chronicle.follow(turn([2], answered: [], unanswered: [1, 2]))
        #expect(chronicle.events == groups.flatMap(\.self) && chronicle.acceptedCount == 3)
        try chronicle.compare(chronicle.shadow, at: now)
    }

    @Test("an answer without its group in the log") mutating func lost() {
        #expect(throws: LawBroken.self) { try chronicle.follow(turn([0], answered: [0, 1])) }
    }

    @Test("answers in another order than the log") mutating func disordered() {
        #expect(throws: LawBroken.self) { try chronicle.follow(turn([0, 1], answered: [1, 0])) }
    }

    @Test("a group that nobody asked for") mutating func invented() {
        #expect(throws: LawBroken.self) { try chronicle.follow(turn([0, 1], answered: [0])) }
    }

    @Test("a group of a command that was answered otherwise") mutating func notWaitedFor() {
        #expect(throws: LawBroken.self) { try chronicle.follow(turn([0], answered: [], unanswered: [1])) }
    }

    @Test("a gap") mutating func gap() {
        #expect(throws: LawBroken.self) { try chronicle.follow(turn([1], answered: [1])) }
    }

    @Test("a command twice") mutating func twice() throws {
        try chronicle.follow(turn([0], answered: [0]))
        var again = groups[0]
        for index in again.indices { again[index].sequence = again[index].sequence.advanced(by: again.count) }
        let report = TurnReport(events: again, now: now, unanswered: [requests[0]])
        #expect(throws: LawBroken.self) { try chronicle.follow(report) }
    }

    @Test("a part of a group") mutating func part() {
        var torn = turn([0], answered: [], unanswered: [0])
        torn.events[0].group = GroupHead(count: 2 + groups[0].count, body: 7)
        #expect(throws: LawBroken.self) { try chronicle.follow(torn) }
    }

    @Test("another history after a start, and a shorter one") mutating func history() throws {
        try chronicle.follow(turn([0, 1], answered: [0, 1]))
        #expect(try chronicle.news(in: groups.flatMap(\.self)) == groups[2])
        #expect(throws: LawBroken.self) { try chronicle.news(in: groups[0]) }
        var changed = groups.flatMap(\.self)
        changed[0].peer = 5
        #expect(throws: LawBroken.self) { try chronicle.news(in: changed) }
    }

    @Test("a repeat that is answered otherwise, or refused, or answered although it is another command")
    mutating func repeats() throws {
        try chronicle.follow(turn([0, 1], answered: [0, 1]))
        try chronicle.check(repeated: requests[0], .accepted(groups[0], replayed: true))
        var other = requests[0]
        other.body = 8
        try chronicle.check(repeated: other, .idMismatch(groups[0][0].sequence))
        #expect(throws: LawBroken.self) { try chronicle.check(repeated: requests[0], .accepted(groups[1], replayed: true)) }
        #expect(throws: LawBroken.self) { try chronicle.check(repeated: requests[0], .idMismatch(groups[0][0].sequence)) }
        #expect(throws: LawBroken.self) { try chronicle.check(repeated: other, .accepted(groups[0], replayed: true)) }
        #expect(throws: LawBroken.self) { try chronicle.check(repeated: requests[2], .accepted(groups[2], replayed: true)) }
    }

    @Test("a refusal of what the rules allow") mutating func refusal() {
        let report = TurnReport(answers: [(.command(requests[0]), .rejected(.accountNotFound("a")))], events: [], now: now)
        #expect(throws: LawBroken.self) { try chronicle.follow(report) }
    }

    @Test("a refusal for another reason than the oracle's") mutating func reason() throws {
        let freeze = Command.freezeAccount(ChangeAccountState(account: "b", reason: "no such"))
        let request = Request(tenant: "t", id: "f", body: 1, command: freeze)
        try chronicle.follow(
            TurnReport(answers: [(.command(request), .rejected(.accountNotFound("b")))], events: [], now: now))
        #expect(throws: LawBroken.self) {
            try chronicle.follow(
                TurnReport(answers: [(.command(request), .rejected(.accountClosed("b")))], events: [], now: now))
        }
    }
}
