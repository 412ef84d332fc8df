import EventCodec
import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

/// A data directory of its own, removed at the end.
struct DataDirectory: ~Copyable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every event of the log, as its lines say.
    func events() throws -> [Event] {
        let reader = LogReader(path)
        let (cursor, head) = (reader.cursor(from: .first), try reader.head())
        var events: [Event] = []
        while let batch = try cursor.next(upTo: head) {
            try batch.records.withUnsafeBytes { bytes in
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    events.append(try EventCodec.decode(UnsafeRawBufferPointer(rebasing: line)))
                }
            }
        }
        return events
    }
}

/// An engine with somebody who asks and waits for the answers.
final class Desk: @unchecked Sendable {
    let clock: ManualClock
    let engine: LedgerEngine
    private(set) var notices: [String]
    private let condition = NSCondition()
    private var outcomes: [UInt64: Outcome] = [:]
    private var failures: [LogError] = []
    /// How many events of an answer were not covered by the committed head when it came.
    private var uncoveredCount = 0
    private var lane = 0
    private var nextTag: UInt64 = 0

    init(_ path: String, clock: ManualClock = ManualClock(), _ change: (inout LedgerEngine.Options) -> Void = { _ in }) throws {
        var options = LedgerEngine.Options()
        options.clock = Clock { clock.now }
        change(&options)
        var notices: [String] = []
        let failure = Failure()
        engine = try LedgerEngine(path, options, notice: { notices.append("\($0)") }, onFailure: { failure.handle($0) })
        self.clock = clock
        self.notices = notices
        failure.desk = self
        lane = engine.addLane { [unowned self] in take($0) }
    }

    /// Takes the engine's failure to the desk, which is not there yet when the engine is made.
    private final class Failure: @unchecked Sendable {
        weak var desk: Desk?
        func handle(_ error: LogError) { desk?.take(error) }
    }

    private func take(_ answers: [Answer]) {
        let committed = engine.committed.current.lastSequence
        condition.withLock {
            for answer in answers {
                outcomes[answer.tag] = answer.outcome
                if case .accepted(let events, _) = answer.outcome {
                    uncoveredCount += events.filter { $0.sequence > committed }.count
                }
            }
            condition.broadcast()
        }
    }

    private func take(_ error: LogError) {
        condition.withLock {
            failures.append(error)
            condition.broadcast()
        }
    }

    /// Puts questions into the mailbox together; nil when they were not taken.
    func submit(_ questions: [(connection: UInt64, question: Question)]) -> [UInt64]? {
        let asked = condition.withLock {
            questions.map { entry in
                nextTag += 1
                return Asked(lane: lane, connection: entry.connection, tag: nextTag, question: entry.question)
            }
        }
        return engine.submit(asked) ? asked.map(\.tag) : nil
    }

    /// The same, where they must be taken.
    func put(_ questions: [(connection: UInt64, question: Question)]) throws -> [UInt64] {
        guard let tags = submit(questions) else { throw NotTaken() }
        return tags
    }

    struct NotTaken: Error {}

    func wait(for tag: UInt64) -> Outcome {
        condition.withLock {
            while outcomes[tag] == nil { condition.wait() }
            return outcomes[tag]!
        }
    }

    /// The answer, or nil when the engine has failed without one.
    func waitOrFail(for tag: UInt64) -> Outcome? {
        condition.withLock {
            while outcomes[tag] == nil && failures.isEmpty { condition.wait() }
            return outcomes[tag]
        }
    }

    func waitForFailure() -> LogError {
        condition.withLock {
            while failures.isEmpty { condition.wait() }
            return failures[0]
        }
    }

    func isAnswered(_ tag: UInt64) -> Bool { condition.withLock { outcomes[tag] != nil } }
    var uncoveredEventCount: Int { condition.withLock { uncoveredCount } }

    func ask(_ id: Name, _ command: Command, body: UInt64 = 1, on connection: UInt64 = 1, tenant: Name = "t") throws -> Outcome {
        let request = Request(tenant: tenant, id: id, body: body, peer: 7, command: command)
        return wait(for: try put([(connection, .command(request))])[0])
    }

    func balance(_ account: Name, _ unit: Name = "u", tenant: Name = "t") throws -> Int64? {
        let question = Question.balance(tenant: tenant, account: account, unit: unit)
        return wait(for: try put([(99, question)])[0]).balance
    }
}

extension Outcome {
    /// What it is, in a word or two.
    var told: String {
        switch self {
        case .accepted(let events, let replayed):
            (replayed ? "replayed " : "accepted ") + events.map(\.fact.caseName).joined(separator: " ")
        case .rejected(let rejection): RejectionRecord(rejection).name
        case .idMismatch(let sequence): "idMismatch \(sequence)"
        case .tooLarge: "tooLarge"
        case .balances: "balances"
        case .failed: "failed"
        }
    }

    var events: [Event] { if case .accepted(let events, _) = self { events } else { [] } }

    var balance: Int64? {
        if case .balances(let holdings) = self { holdings.first?.balance.available.rawValue } else { nil }
    }
}

func grant(_ amount: Amount, to account: Name = "a") -> Command { .grant(Grant(account: account, unit: "u", amount: amount)) }
func debit(_ amount: Amount, from account: Name = "a", details: String? = nil) -> Command {
    .debit(Debit(account: account, ask: .amount(unit: "u", amount), use: Use(details: details)))
}
func command(_ id: Name, _ command: Command) -> Question { .command(Request(tenant: "t", id: id, body: 1, command: command)) }
