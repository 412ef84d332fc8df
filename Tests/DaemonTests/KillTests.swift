import EventCodec
import Foundation
import LedgerClient
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

/// The promise that matters most: kill the daemon at any moment under load, and every answered command is in the log exactly once.
@Suite struct KillTests {
    private static let rounds = 50

    @Test func everyAnsweredCommandIsThereExactlyOnceAfterFiftyKills() throws {
        let directory = try TemporaryDirectory()
        let seed = UInt64.random(in: .min ... .max)
        print("kills with seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var load = Load()
        for round in 0..<Self.rounds {
            let daemon = try RunningDaemon(data: directory.path)
            try load.sendAgainWhatIsUnanswered(to: daemon.connect())
            let answersBeforeTheKill = Int.random(in: 0..<400, using: &random)
            try load.run(round, on: daemon.connect(), until: answersBeforeTheKill) { daemon.killAtOnce() }
            try load.check(in: directory.path)
        }
        let daemon = try RunningDaemon(data: directory.path)
        try load.sendAgainWhatIsUnanswered(to: daemon.connect())
        try load.check(in: directory.path)
        #expect(load.unansweredCount == 0)
        #expect(
            try daemon.connect().call("balance", ["tenant": "t", "account": "a"])["balances"]?.elements?.first?["available"]?
                .integer == load.expectedBalance(in: directory.path))
        #expect(daemon.stop() == 0)
        #expect(try Programs.run(Programs.path("daybookd"), ["verify", "--data", directory.path]).status == 0)
    }
}

/// Commands with what is known of each: answered with a sequence number, or not answered.
private struct Load {
    /// In the order sent: a refund comes behind its debit.
    private var calls: [(id: String, call: Call)] = []
    private var answered: [String: Int64] = [:]

    var unansweredCount: Int { calls.count - answered.count }

    /// Sends a mix of commands as fast as they go, kills after so many answers with more under way, and takes what still arrives.
    mutating func run(_ round: Int, on connection: LedgerConnection, until answerCount: Int, kill: () -> Void) throws {
        var ids: [Int64: String] = [:]
        var next = 0
        func sendMore() {
            while connection.hasRoom(in: 256) {
                let (id, call) = Load.command(round, next)
                next += 1
                calls.append((id, call))
                ids[connection.send(call)] = id
            }
        }
        var count = 0
        while count < answerCount {
            sendMore()
            try note(connection.nextAnswer()!, ids)
            count += 1
        }
        sendMore()
        _ = try connection.nextAnswer().map { try note($0, ids) }
        kill()
        while let answer = try? connection.nextAnswer() { try note(answer, ids) }
    }

    private mutating func note(_ answer: LedgerConnection.Answer, _ ids: [Int64: String]) throws {
        answered[ids[answer.number]!] = try #require(try answer.outcome.get()["seq"]?.integer)
    }

    mutating func sendAgainWhatIsUnanswered(to connection: LedgerConnection) throws {
        var ids: [Int64: String] = [:]
        for (id, call) in calls where answered[id] == nil { ids[connection.send(call)] = id }
        while let answer = try connection.nextAnswer() { try note(answer, ids) }
    }

    private static func command(_ round: Int, _ number: Int) -> (String, Call) {
        let id = "\(round)-\(number)"
        let name: JSONValue = .string(id)
        switch number % 16 {
        // What sixteen commands use, and two more: old lots are used up, for there may be 256.
        case 0: return (id, Call("grant", ["tenant": "t", "id": name, "account": "a", "unit": "credits", "amount": 32]))
        case 7:
            let items: [JSONValue] = (0..<5).map { ["id": .string("\(id)/\($0)"), "unit": "credits", "amount": 1] }
            return (id, Call("debitBatch", ["tenant": "t", "id": name, "account": "a", "batch": name, "items": .array(items)]))
        case 12: return (id, Call("refund", ["tenant": "t", "id": name, "of": .string("\(round)-\(number - 1)"), "amount": 1]))
        default: return (id, Call("debit", ["tenant": "t", "id": name, "account": "a", "unit": "credits", "amount": 2]))
        }
    }

    /// Every answered id heads one group in the log, and that ends at the sequence number that was answered; no id heads two.
    func check(in directory: String) throws {
        var found: [String: Int64] = [:]
        try Load.forEachEvent(in: directory) { event in
            guard let group = event.group, event.tenant != .system else { return }
            let last = Int64(event.sequence.rawValue) + Int64(group.count) - 1
            #expect(found.updateValue(last, forKey: event.id.text) == nil, "\(event.id) twice")
        }
        for (id, sequence) in answered where found[id] != sequence {
            Issue.record("\(id) was answered at \(sequence) and the log says \(String(describing: found[id]))")
        }
    }

    /// What the events add up to, without the ledger's own rules.
    func expectedBalance(in directory: String) throws -> Int64 {
        var sum: Int64 = 0
        try Load.forEachEvent(in: directory) { event in
            switch event.fact {
            case .granted(let fact): sum += fact.part.amount.rawValue
            case .debited(let fact): sum -= fact.parts[0].amount.rawValue
            case .refunded(let fact): sum += fact.returns[0].part.amount.rawValue
            default: break
            }
        }
        return sum
    }

    private static func forEachEvent(in directory: String, _ body: (Event) -> Void) throws {
        let reader = LogReader(directory)
        let head = try reader.head()
        let cursor = reader.cursor(from: .first)
        while let batch = try cursor.next(upTo: head) {
            for line in batch.records.split(separator: UInt8(ascii: "\n")) {
                body(try line.withUnsafeBytes { bytes throws in try EventCodec.decode(bytes) })
            }
        }
    }
}
