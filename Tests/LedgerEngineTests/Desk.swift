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

    func batches() throws -> [LogBatch] {
        let reader = LogReader(path)
        let (cursor, head) = (reader.cursor(from: .first), try reader.head())
        var batches: [LogBatch] = []
        while let batch = try cursor.next(upTo: head) { batches.append(batch) }
        return batches
    }

    /// Every event of the log, as its lines say.
    func events() throws -> [Event] {
        var events: [Event] = []
        for batch in try batches() {
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
    private let bell: Bell
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
        let bell = Bell()
        options.clock = Clock(now: { clock.now }, onMove: { bell.add($0) })
        change(&options)
        var notices: [String] = []
        let failure = Failure()
        engine = try LedgerEngine(path, options, notice: { notices.append("\($0)") }, onFailure: { failure.handle($0) })
        self.clock = clock
        self.bell = bell
        self.notices = notices
        failure.desk = self
        lane = engine.addLane { [unowned self] in take($0) }
    }

    /// Who waits for time to pass.
    private final class Bell: @unchecked Sendable {
        private let lock = NSLock()
        private var listeners: [@Sendable () -> Void] = []

        func add(_ listener: @escaping @Sendable () -> Void) { lock.withLock { listeners.append(listener) } }
        func ring() { for listener in lock.withLock({ listeners }) { listener() } }
    }

    /// Lets time pass for an engine that nobody asks anything.
    func pass(seconds: Int64) {
        clock.advance(seconds: seconds)
        bell.ring()
    }

    /// Waits until the engine has committed so many events, by itself.
    func waitForEvents(_ count: UInt64) async -> SequenceNumber {
        await engine.committed.growth(past: SequenceNumber(count - 1)).lastSequence
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
        try ask(.balance(tenant: tenant, account: account, unit: unit)).balance
    }

    /// What is available and what is held.
    func funds(_ account: Name = "a", _ unit: Name = "u") throws -> [Int64] {
        guard case .balances(let holdings) = try ask(.balance(tenant: "t", account: account, unit: unit)) else { return [] }
        return holdings.flatMap { [$0.balance.available.rawValue, $0.balance.held.rawValue] }
    }

    func ask(_ question: Question) throws -> Outcome { wait(for: try put([(99, question)])[0]) }

    func explain(_ inquiry: Inquiry) throws -> Explanation {
        guard case .explained(let explanation, _) = try ask(.explain(inquiry)) else { throw NotTaken() }
        return explanation
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
        case .dryRun: "dryRun"
        case .balances: "balances"
        case .quotas: "quotas"
        case .checked(.success(let events)): "allowed " + events.map(\.fact.caseName).joined(separator: " ")
        case .checked(.failure(let rejection)): "refused " + RejectionRecord(rejection).name
        case .key: "key"
        case .explained: "explained"
        case .failed: "failed"
        case .diskFull: "diskFull"
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
func hold(
    _ amount: Amount, of account: Name = "a", for seconds: Int = 60, onExpiry: HoldTerms.Expiry = .release,
    overage: HoldTerms.Overage = .reject
) -> Command {
    .hold(
        Hold(
            account: account, ask: .amount(unit: "u", amount), expiresInSeconds: seconds, onExpiry: onExpiry, overage: overage))
}
func settle(_ hold: Name, _ amount: Amount? = nil) -> Command {
    .settle(Settle(hold: hold, extent: amount.map { .amount($0) } ?? .everything))
}
func command(_ id: Name, _ command: Command) -> Question { .command(Request(tenant: "t", id: id, body: 1, command: command)) }
