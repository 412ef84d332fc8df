import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The lanes of a server, one per event loop.
struct Lanes: Sendable {
    private let lanes: [ObjectIdentifier: NIOLoopBound<Lane>]
    private let connectionCount = NIOLockedValueBox<UInt64>(0)

    init(_ ledger: Ledger, _ group: MultiThreadedEventLoopGroup, _ threads: BlockingThreads) async throws {
        var lanes: [ObjectIdentifier: NIOLoopBound<Lane>] = [:]
        for eventLoop in group.makeIterator() {
            lanes[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                NIOLoopBound(Lane(ledger, eventLoop, threads), eventLoop: eventLoop)
            }.get()
        }
        self.lanes = lanes
    }

    /// To be asked on that event loop.
    func lane(of eventLoop: any EventLoop) -> Lane { lanes[ObjectIdentifier(eventLoop)]!.value }

    /// A number that no other connection has.
    func nextConnection() -> UInt64 {
        connectionCount.withLockedValue { count in
            count += 1
            return count
        }
    }

    /// Returns when all connections have closed: by themselves, or when the patience is over.
    func stop(patienceSeconds: Int64) async {
        for lane in lanes.values {
            let late = lane.eventLoop.scheduleTask(in: .seconds(patienceSeconds)) { lane.value.closeAll() }
            try? await lane.eventLoop.flatSubmit { lane.value.stop() }.get()
            late.cancel()
        }
    }
}

/// Where work is done that may block: reading the log for subscribers, and proving, which may wait for a signature.
struct BlockingThreads: Sendable {
    let reading = NIOThreadPool(numberOfThreads: 1)
    let proving = NIOThreadPool(numberOfThreads: 1)

    func start() {
        reading.start()
        proving.start()
    }

    func stop() async {
        try? await reading.shutdownGracefully()
        try? await proving.shutdownGracefully()
    }
}

/// What a server has while it listens.
final class Running: Sendable {
    let lanes: Lanes
    private let group: MultiThreadedEventLoopGroup
    private let threads = BlockingThreads()
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)

    init(_ ledger: Ledger, eventLoopCount: Int) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: eventLoopCount)
        threads.start()
        lanes = try await Lanes(ledger, group, threads)
    }

    func listen(
        on socket: SocketFile, _ serve: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: ServerBounds.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: ServerBounds.answersUnread)
            .childChannelInitializer(serve)
            .bind(unixDomainSocketPath: socket.path).get()
        listener.withLockedValue { $0 = channel }
    }

    func stop(patienceSeconds: Int64) async {
        try? await listener.withLockedValue { $0 }?.close()
        await lanes.stop(patienceSeconds: patienceSeconds)
        await threads.stop()
        try? await group.shutdownGracefully()
    }
}
