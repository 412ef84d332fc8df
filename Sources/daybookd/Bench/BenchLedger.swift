import Foundation
import LedgerEngine
import LedgerModel
import LedgerServer
import Logging
import Notary
import Projections
import ReadModels
import SegmentLog

/// A ledger of its own for a measurement: new, priced, every account with more than can be spent.
final class BenchLedger: @unchecked Sendable {
    let engine: LedgerEngine
    private let directory: String
    private let models: ReadModels
    private let notary: Notary
    private let isFollowed: Bool
    private var server: LedgerServer?

    static let tenant: Name = "bench"
    static let feature: Name = "call"

    static func account(_ number: Int) -> Name {
        Name("account-" + String(repeating: "0", count: 7 - String(number).utf8.count) + String(number))!
    }

    /// A new ledger in a directory of its own, in which every account can pay.
    convenience init(in parent: String, accounts: Int, readModels: Bool) async throws {
        try self.init(at: "\(parent)/daybook-bench-\(UUID().uuidString)", LedgerEngine.Options(), readModels: readModels)
        try prepare(accounts)
    }

    /// The ledger in a directory, which is made when it is not there.
    init(at directory: String, _ options: LedgerEngine.Options, readModels: Bool) throws {
        self.directory = directory
        engine = try LedgerEngine(directory, options, onFailure: { fault in complain("\(fault)") })
        models = try ReadModels(
            "\(directory)/views", projections: Projection.builtIn, reader: LogReader(directory), head: engine.committed,
            note: { complain($0) })
        notary = try engine.notary(in: directory, note: { complain($0) })
        notary.start()
        isFollowed = readModels
        if readModels { models.start() }
    }

    /// One credit a request.
    static var configuration: Command {
        let charge = Charge(unit: "credits", rates: [Charge.DimensionRate(dimension: "requests", rate: Rate("1")!)])
        let price = Configure.Change(
            key: DocumentKey(.price, BenchLedger.feature), document: .price(PriceDocument(charges: [charge])))
        return .configure(Configure(changes: [price], reason: "bench"))
    }

    private func prepare(_ accounts: Int) throws {
        var commands = [BenchLedger.configuration]
        commands += (0..<accounts).map {
            .grant(Grant(account: BenchLedger.account($0), unit: "credits", amount: 1_000_000_000_000))
        }
        let caller = Caller(engine)
        for (index, command) in commands.enumerated() {
            caller.ask(Request(tenant: BenchLedger.tenant, id: Name("prepare-\(index)")!, body: 0, command: command))
        }
        guard caller.collect(commands.count).allSatisfy(\.isAccepted) else {
            throw BenchError("the ledger could not be prepared")
        }
    }

    /// Serves the ledger on a socket and answers its path.
    func serve() async throws -> String {
        let path = "\(directory)/daybook.sock"
        let server = LedgerServer(
            engine: engine, readModels: models, notary: notary, log: LogReader(directory), socketPath: path,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try await server.start()
        self.server = server
        return path
    }

    var committed: LogHead { engine.committed.current }

    /// How many events the slowest read model is behind; nil when none follows.
    var lag: UInt64? { isFollowed ? models.status().map(\.lag).max() : nil }

    func remove() async {
        await stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func stop() async {
        await server?.stop()
        await models.stop()
        engine.stop()
        notary.stop()
    }
}

/// A lane of its own: asks, and collects answers on the caller's thread.
final class Caller: @unchecked Sendable {
    private let engine: LedgerEngine
    private let condition = NSCondition()
    private var arrived: [Answer] = []
    private var lane = 0
    private var tag: UInt64 = 0

    init(_ engine: LedgerEngine) {
        self.engine = engine
        lane = engine.addLane { [self] answers in
            condition.withLock {
                arrived.append(contentsOf: answers)
                condition.signal()
            }
        }
    }

    func asked(_ request: Request, connection: UInt64 = 0) -> Asked {
        tag += 1
        return Asked(lane: lane, connection: connection, tag: tag, question: .command(request))
    }

    func ask(_ request: Request) { send([asked(request)]) }

    /// Waits while the mailbox is full.
    func send(_ asked: [Asked]) {
        while !engine.submit(asked) { usleep(100) }
    }

    /// Waits for answers and takes all that are there.
    func take() -> [Answer] {
        condition.withLock {
            while arrived.isEmpty { condition.wait() }
            defer { arrived.removeAll(keepingCapacity: true) }
            return arrived
        }
    }

    func collect(_ count: Int) -> [Answer] {
        var answers: [Answer] = []
        while answers.count < count { answers += take() }
        return answers
    }
}

extension Answer {
    var isAccepted: Bool { if case .accepted = outcome { true } else { false } }
}
