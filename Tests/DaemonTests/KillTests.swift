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
            // What was answered is never sent again: what is lost once stays lost.
            if round % 10 == 9 { try load.check(in: directory.path) }
        }
        let daemon = try RunningDaemon(data: directory.path)
        try load.sendAgainWhatIsUnanswered(to: daemon.connect())
        try load.check(in: directory.path)
        #expect(load.unansweredCount == 0)
        #expect(try load.balanceComesTrue(on: daemon.connect(), in: directory.path))
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

    /// Sixteen commands use 24 or 25 units in the end. Holds of a second end by time, many of them while no daemon runs.
    private static func command(_ round: Int, _ number: Int) -> (String, Call) {
        let id = "\(round)-\(number)"
        let before: JSONValue = .string("\(round)-\(number - 1)")
        switch number % 16 {
        // What 64 commands use and some more, in few lots: there may be 256. The first has to last while holds wait.
        case 0 where number % 64 == 0: return (id, call("grant", id, ["amount": number == 0 && round == 0 ? 5108 : 108]))
        case 0: return (id, call("debit", id, ["amount": 1]))
        case 3: return (id, call("hold", id, ["amount": 4]))
        case 4: return (id, Call("settle", ["tenant": "t", "id": .string(id), "hold": before, "amount": 2]))
        case 5: return (id, call("hold", id, ["amount": 3, "expiresInSeconds": 1, "onExpiry": "capture"]))
        case 7:
            let items: [JSONValue] = (0..<5).map { ["id": .string("\(id)/\($0)"), "unit": "credits", "amount": 1] }
            return (
                id,
                Call(
                    "debitBatch",
                    ["tenant": "t", "id": .string(id), "account": "a", "batch": .string(id), "items": .array(items)])
            )
        case 8: return (id, submit(id))
        case 9: return (id, call("hold", id, ["amount": 2, "expiresInSeconds": 1]))
        case 10: return (id, call("hold", id, ["amount": 2]))
        case 11: return (id, Call("release", ["tenant": "t", "id": .string(id), "hold": before]))
        case 13: return (id, Call("refund", ["tenant": "t", "id": .string(id), "of": before, "amount": 1]))
        default: return (id, call("debit", id, ["amount": 2]))
        }
    }

    private static func call(_ method: String, _ id: String, _ fields: KeyValuePairs<String, JSONValue>) -> Call {
        let common: KeyValuePairs<String, JSONValue> = ["tenant": "t", "id": .string(id), "account": "a", "unit": "credits"]
        return Call(method, .object((Array(common) + Array(fields)).map { JSONValue.Member($0.key, $0.value) }))
    }

    /// A debit, a hold and its settlement, all or nothing.
    private static func submit(_ id: String) -> Call {
        let ids = (1...3).map { JSONValue.string("\(id)+\($0)") }
        return Call(
            "submit",
            [
                "tenant": "t", "id": .string(id),
                "commands": [
                    ["method": "debit", "params": ["id": ids[0], "account": "a", "unit": "credits", "amount": 2]],
                    ["method": "hold", "params": ["id": ids[1], "account": "a", "unit": "credits", "amount": 3]],
                    ["method": "settle", "params": ["id": ids[2], "hold": ids[1], "amount": 1]],
                ],
            ])
    }

    /// Every answered id heads one group in the log, and that ends at the sequence number that was answered; no id heads two.
    /// What was submitted together is there together.
    func check(in directory: String) throws {
        var found: [String: Int64] = [:]
        var together = Together()
        try Load.forEachEvent(in: directory) { event in
            together.note(event)
            guard let group = event.group, event.tenant != .system else { return }
            let last = Int64(event.sequence.rawValue) + Int64(group.count) - 1
            #expect(found.updateValue(last, forKey: event.id.text) == nil, "\(event.id) twice")
        }
        #expect(together.faults == [])
        for (id, sequence) in answered where found[id] != sequence {
            Issue.record("\(id) was answered at \(sequence) and the log says \(String(describing: found[id]))")
        }
    }

    /// The balance is what the events add up to: at once, or when the holds have ended that end while this is asked.
    func balanceComesTrue(on connection: LedgerConnection, in directory: String) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let answer = try connection.call("balance", ["tenant": "t", "account": "a"])
            let available = answer["balances"]?.elements?.first?["available"]?.integer
            if try available == Load.expectedBalance(in: directory) { return true }
        }
        return false
    }

    /// What the events add up to, without the ledger's own rules.
    private static func expectedBalance(in directory: String) throws -> Int64 {
        var sum: Int64 = 0
        try Load.forEachEvent(in: directory) { event in
            switch event.fact {
            case .granted(let fact): sum += fact.part.amount.rawValue
            case .debited(let fact): sum -= fact.parts[0].amount.rawValue
            case .held(let fact): sum -= fact.parts[0].amount.rawValue
            case .settled(let fact), .released(let fact), .holdExpired(let fact):
                sum += fact.returns.map(\.part.amount.rawValue).reduce(0, +)
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

/// Whether commands that were submitted together stand in the log together.
private struct Together {
    private var last: UInt64 = 0
    private var missing = 0
    private(set) var faults: [String] = []

    mutating func note(_ event: Event) {
        let number = event.sequence.rawValue
        if case .submitted(let fact) = event.fact {
            (last, missing) = (number + UInt64(event.group?.count ?? 0) - 1, fact.commands)
        } else if event.group != nil {
            if number <= last { missing -= 1 } else if event.id.text.contains("+") { faults.append("\(event.id) stands alone") }
        }
        if number == last, missing != 0 { faults.append("\(missing) commands before \(number) are missing") }
    }
}
