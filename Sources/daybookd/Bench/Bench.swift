import ArgumentParser
import Foundation
import LedgerGenerator
import LedgerModel
import SegmentLog

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this machine: durable debits per second, and how long each waits.",
        discussion: """
            Makes a ledger of its own in a temporary directory and removes it. A debit counts when its answer has come, that is after the \
            sync of its event. The load is made by this same process: its cost is included. Beside it stands the rate of bare syncs of \
            4 KiB on the same disk in the same minute: figures of different machines compare only as ratios to that.

            The scenario `history` tells instead whether a debit costs more on an account with a long past: the ratio should be near \
            1, and above 1.5 ends with exit status 1.

            The scenario `start` makes a ledger of many events without syncs, and tells how long it takes to its first answer: by replaying \
            its log, and with a snapshot.

            The scenario `views` makes a ledger as `daybookd generate` does, or copies one, builds its read models, asks them what programs \
            ask, cold and warm, and tells how far they fall behind 60,000 debits a second.
            """)

    @Argument(help: "What is measured: load, history, start or views.")
    var scenario = BenchScenario.load

    @Option(help: ArgumentHelp("How long each row is measured.", valueName: "seconds"))
    var seconds = 3.0

    @Option(help: ArgumentHelp("Where the temporary ledger is made: the disk that is measured.", valueName: "dir"))
    var directory = NSTemporaryDirectory()

    @Option(
        help: ArgumentHelp(
            "How many accounts the debits are dealt to, evenly: 1,000 unless given. For `start`: 1,000,000, and for `views`: 100,000, of which few have most.",
            valueName: "n"))
    var accounts: Int?

    @Option(help: ArgumentHelp("For `start` and `views`: how many events the ledger has.", valueName: "n"))
    var events = 10_000_000

    @Option(
        help: ArgumentHelp(
            "Measure this many clients with this many debits a request, such as 64x1; may be given several times.",
            valueName: "clients x debits"))
    var shape = BenchShape.usual

    @Option(help: "Measure this way only: inside the process, or over the socket.")
    var way: [BenchWay] = BenchWay.allCases

    @Option(
        help: ArgumentHelp(
            "For `views`: the data directory that is copied instead of making a ledger; its read models are not built if they are there.",
            valueName: "dir"))
    var data: String?

    @Flag(help: "Follow with all read models meanwhile.")
    var readModels = false

    func validate() throws {
        guard seconds > 0, seconds <= 600 else { throw ValidationError("--seconds must be more than 0 and at most 600") }
        guard (1...1_000_000).contains(accountCount) else { throw ValidationError("--accounts must be 1 to 1,000,000") }
        if scenario == .views, data == nil, accountCount > max(1, events / 8) {
            throw ValidationError("--accounts must be at most an eighth of --events: to open one takes some events")
        }
        guard (1...1_000_000_000).contains(events) else { throw ValidationError("--events must be 1 to 1,000,000,000") }
    }

    func run() async throws {
        switch scenario {
        case .history: try HistoryBench(in: directory).run()
        case .start: try StartBench(eventCount: events, accountCount: accountCount, parent: directory).run()
        case .views: try await ViewsBench(options: generatorOptions, parent: directory, data: data, seconds: seconds).run()
        case .load: try await measureLoad()
        }
    }

    private var accountCount: Int { accounts ?? scenario.accountCountDefault }

    private var generatorOptions: LedgerGenerator.Options {
        LedgerGenerator.Options(eventCount: events, accountCount: accountCount)
    }

    private func measureLoad() async throws {
        print(
            "daybookd bench: \(ProcessInfo.processInfo.activeProcessorCount) cores, \(accountCount) accounts, \(seconds) s a row, sync on, read models \(readModels ? "on" : "off")"
        )
        let sync = try SyncBaseline.measure(in: directory)
        print("bare fdatasync of 4 KiB into zeros: \(sync)\n")
        print(BenchRow.heading)
        for way in way {
            for shape in shape { print(try await measure(way, shape)) }
        }
    }

    private func measure(_ way: BenchWay, _ shape: BenchShape) async throws -> BenchRow {
        let ledger = try await BenchLedger(in: directory, accounts: accountCount, readModels: readModels)
        let duration = Duration.seconds(seconds)
        let before = ledger.committed
        let start = ContinuousClock.now
        let latencies =
            way == .socket
            ? try await SocketLoad(shape, accounts: accountCount).run(for: duration, on: ledger.serve())
            : InProcessLoad(shape, accounts: accountCount).run(for: duration, on: ledger.engine)
        let elapsed = ContinuousClock.now - start
        let after = ledger.committed
        let lag = ledger.lag
        await ledger.remove()
        return BenchRow(
            way: way, shape: shape, elapsed: elapsed, latencies: latencies,
            events: after.lastSequence.rawValue - before.lastSequence.rawValue, lag: lag)
    }
}

enum BenchScenario: String, CaseIterable, ExpressibleByArgument {
    case load, history, start, views

    var accountCountDefault: Int {
        switch self {
        case .load, .history: 1000
        case .start: 1_000_000
        case .views: 100_000
        }
    }
}

/// How many clients ask at once, and for how many debits with one request.
struct BenchShape: Sendable, ExpressibleByArgument {
    let connections: Int
    let itemsPerRequest: Int

    static let usual = ["1x1", "64x1", "4x1000"].map { BenchShape(argument: $0)! }

    var defaultValueDescription: String { "\(connections)x\(itemsPerRequest)" }

    /// Nil unless the text is such as `64x1`, with at most 1,000 clients and 10,000 debits a request.
    init?(argument: String) {
        let numbers = argument.split(separator: "x").compactMap { Int($0) }
        guard numbers.count == 2, (1...1000).contains(numbers[0]), (1...10_000).contains(numbers[1]) else { return nil }
        (connections, itemsPerRequest) = (numbers[0], numbers[1])
    }

    var name: String { "\(connections) × \(itemsPerRequest)" }
}

/// The way a request takes.
enum BenchWay: String, Sendable, CaseIterable, ExpressibleByArgument {
    case inProcess = "in-process"
    case socket
}

/// How long each request waited for its answer.
struct Latencies {
    private(set) var microseconds: [UInt32] = []

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        microseconds.append(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    /// The value that a share of the requests did not pass.
    func percentile(_ share: Double) -> UInt32 {
        if microseconds.isEmpty { return 0 }
        return microseconds.sorted()[min(microseconds.count - 1, Int(Double(microseconds.count) * share))]
    }
}

/// One line of the table.
struct BenchRow: CustomStringConvertible {
    let way: BenchWay
    let shape: BenchShape
    let elapsed: Duration
    let latencies: Latencies
    let events: UInt64
    let lag: UInt64?

    static let heading = line("", "clients × debits", "debits/s", "p50 µs", "p99 µs", "requests", "lag")

    var description: String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let debits = latencies.microseconds.count * shape.itemsPerRequest
        return BenchRow.line(
            way.rawValue, shape.name, grouped(Int(Double(debits) / seconds)), grouped(latencies.percentile(0.5)),
            grouped(latencies.percentile(0.99)),
            grouped(latencies.microseconds.count), lag.map { grouped($0) } ?? "-")
    }

    private static func line(_ columns: String...) -> String {
        zip(columns, [10, 16, 12, 9, 9, 12, 9]).enumerated().map { index, column in
            let padding = String(repeating: " ", count: max(0, column.1 - column.0.count))
            return index < 2 ? column.0 + padding : padding + column.0
        }.joined(separator: "  ")
    }
}
