import EventCodec
import Foundation
import Glibc
import JSONText
import LedgerEngine
import LedgerModel

/// Whether the cost of a debit grows with what the account has been through: measured in turns on an account with a long past
/// and on fresh ones, in the same run.
struct HistoryBench {
    private let directory: String
    private let history = History()

    private static let turns = 40
    private static let debitsPerTurn = 1000
    private static let ratioMax = 1.5

    init(in directory: String) { self.directory = directory }

    /// Prints what was measured, and throws when the past costs more than it may.
    func run() throws {
        print(
            """
            a debit on an account with \(grouped(History.debitCount)) past debits, \(grouped(History.expiredLotCount)) expired lots and \
            \(grouped(History.openHoldCount)) open holds, and on a fresh one, in turns of \(grouped(Self.debitsPerTurn)):
            """)
        let inMemory = measure(InMemory(history))
        print("  decide, encode and apply   \(inMemory)")
        print("  until durable, 64 at once  \(measure(try Durable(history, in: directory)))")
        if inMemory.ratio > Self.ratioMax {
            throw BenchError("the past makes a debit dearer than \(Self.ratioMax) times a fresh account's")
        }
    }

    /// One turn on each, many times; a fresh account for each turn.
    private func measure(_ ledger: some HistoryLedger) -> Costs {
        var costs = Costs()
        for turn in 0..<Self.turns {
            let fresh = Name("fresh-\(turn)")!
            ledger.take([History.grant(to: fresh)])
            costs.fresh.append(ledger.cost(of: Array(repeating: History.debit(fresh), count: Self.debitsPerTurn)))
            costs.old.append(ledger.cost(of: Array(repeating: History.debit(History.account), count: Self.debitsPerTurn)))
        }
        ledger.end()
        return costs
    }
}

/// Nanoseconds per debit, one value a turn.
private struct Costs: CustomStringConvertible {
    var old: [Int] = []
    var fresh: [Int] = []

    var ratio: Double { Double(Costs.median(old)) / Double(max(1, Costs.median(fresh))) }

    var description: String {
        "\(grouped(Costs.median(old))) ns and \(grouped(Costs.median(fresh))) ns: ratio \((ratio * 100).rounded() / 100)"
    }

    private static func median(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }
}

/// A ledger that has the history behind it.
private protocol HistoryLedger: AnyObject {
    func take(_ commands: [Command])
    /// Nanoseconds for each of them.
    func cost(of commands: [Command]) -> Int
    func end()
}

/// A book alone: what the writer does for a command, without mailbox, log and answers.
private final class InMemory: HistoryLedger {
    private var book = Book(hashKey: HashKey(1, 2), zones: .foundation)
    private var writer = JSONWriter(capacity: 1 << 20)
    private let now: Timestamp
    private var commandCount = 0

    init(_ history: History) {
        now = history.end
        for step in history.steps { take(step.commands, at: step.at) }
    }

    func take(_ commands: [Command]) { take(commands, at: now) }

    private func take(_ commands: [Command], at now: Timestamp) {
        for command in commands { take(command, at: now) }
        writer.removeAll()
    }

    private func take(_ command: Command, at now: Timestamp) {
        commandCount += 1
        let request = Request(tenant: BenchLedger.tenant, id: Name("c-\(commandCount)")!, body: 0, command: command)
        guard case .accepted(let events)? = try? book.decide(request, at: now) else { preconditionFailure("\(command)") }
        for event in events { EventCodec.encode(event, into: &writer) }
        for event in events { book.apply(event) }
    }

    func cost(of commands: [Command]) -> Int {
        let start = InMemory.processorTime
        take(commands)
        return (InMemory.processorTime - start) / commands.count
    }

    /// Of this thread, in nanoseconds.
    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    func end() {}
}

/// The whole engine: until the answers are there.
private final class Durable: HistoryLedger {
    private let directory: String
    private let engine: LedgerEngine
    private let caller: Caller
    private var commandCount = 0

    private static let underWayMax = 64

    init(_ history: History, in parent: String) throws {
        directory = "\(parent)/daybook-bench-\(UUID().uuidString)"
        let time = Mutable(history.steps[0].at)
        var options = LedgerEngine.Options()
        options.clock = Clock(now: { time.value })
        engine = try LedgerEngine(directory, options, onFailure: { fault in complain("\(fault)") })
        caller = Caller(engine)
        for step in history.steps {
            time.value = step.at
            take(step.commands)
        }
    }

    func take(_ commands: [Command]) { _ = cost(of: commands) }

    func cost(of commands: [Command]) -> Int {
        let start = ContinuousClock.now
        var rest = commands[...]
        var underWay = 0
        while underWay > 0 || !rest.isEmpty {
            let next = rest.prefix(Durable.underWayMax - underWay)
            rest = rest.dropFirst(next.count)
            caller.send(next.map(asked))
            let answers = caller.take()
            precondition(answers.allSatisfy(\.isAccepted), "the history is one that is accepted")
            underWay += next.count - answers.count
        }
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000) / commands.count
    }

    private func asked(_ command: Command) -> Asked {
        commandCount += 1
        return caller.asked(Request(tenant: BenchLedger.tenant, id: Name("c-\(commandCount)")!, body: 0, command: command))
    }

    func end() {
        engine.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}

/// A value that two threads share.
private final class Mutable<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var current: Value

    init(_ value: Value) { current = value }

    var value: Value {
        get { lock.withLock { current } }
        set { lock.withLock { current = newValue } }
    }
}
