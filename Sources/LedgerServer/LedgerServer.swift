import Glibc
public import LedgerEngine
import LedgerRPC
public import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import Notary
public import ReadModels
public import SegmentLog

/// The ledger's socket: JSON-RPC 2.0 over a Unix stream socket, one message per line (`docs/rpc.md`).
///
/// Only processes of the daemon's own user are heard. Commands of one connection take effect in the order sent.
public final class LedgerServer: Sendable {
    private let ledger: Ledger
    private let socket: SocketFile
    private let eventLoopCount: Int
    private let bounds: ServerBounds
    private let admittedUser: UInt32
    private let logger: Logger
    private let running = NIOLockedValueBox<Running?>(nil)

    /// - Parameters:
    ///   - log: Where subscribers' events are read; of the same directory as the engine's log.
    ///   - drifts: Asked by `status` how many balances do not add up.
    ///   - eventLoopCount: Threads that read and write sockets. One is enough for more requests than a disk can sync.
    public convenience init(
        engine: LedgerEngine, readModels: ReadModels, notary: Notary, log: LogReader, drifts: DriftWatch? = nil,
        socketPath: String, eventLoopCount: Int = 1, bounds: ServerBounds = ServerBounds(), logger: Logger
    ) {
        self.init(
            Ledger(engine, readModels, notary, log, drifts), socketPath: socketPath, eventLoopCount: eventLoopCount,
            bounds: bounds,
            admittedUser: getuid(),
            logger: logger)
    }

    init(_ ledger: Ledger, socketPath: String, eventLoopCount: Int, bounds: ServerBounds, admittedUser: UInt32, logger: Logger) {
        self.ledger = ledger
        socket = SocketFile(path: socketPath)
        self.eventLoopCount = eventLoopCount
        self.bounds = bounds
        self.admittedUser = admittedUser
        self.logger = logger
    }

    /// Listens from now on. Throws `SocketError` when the path cannot be used, or what listening threw. To be called once.
    public func start() async throws {
        try socket.makeWay()
        let running = try await Running(ledger, eventLoopCount: eventLoopCount)
        do {
            try await running.listen(on: socket, serve(running.lanes))
            try socket.setMode()
        } catch {
            await running.stop(patienceSeconds: 0)
            throw error
        }
        self.running.withLockedValue { $0 = running }
        logger.info("listening", metadata: ["socket": "\(socket.path)"])
    }

    /// Accepts no more connections and requests, answers what was taken, and closes. Returns when all of it is done.
    public func stop() async {
        guard let running = running.withLockedValue({ $0.take() }) else { return }
        socket.remove()
        await running.stop(patienceSeconds: bounds.stopPatienceSeconds)
        logger.info("no longer listening", metadata: ["socket": "\(socket.path)"])
    }

    // MARK: Connections

    /// What is done with each new channel before anything is read from it.
    private func serve(_ lanes: Lanes) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        let queries = Set(ledger.queries.map(\.name))
        return { [bounds, admittedUser, logger] channel in
            PeerCredentials.read(from: channel).flatMapThrowing { peer in
                guard peer.user == admittedUser else {
                    logger.warning("refused", metadata: ["user": "\(peer.user)", "process": "\(peer.process)"])
                    return try channel.pipeline.syncOperations.addHandler(Refusal(peer))
                }
                let lane = lanes.lane(of: channel.eventLoop)
                let parser = RequestParser(queries: queries, peer: peer.user)
                try channel.pipeline.syncOperations.addHandler(Connection(lanes.nextConnection(), lane, parser, bounds))
            }
        }
    }
}
