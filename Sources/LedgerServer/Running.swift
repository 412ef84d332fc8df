import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The lanes of a server, one per event loop.
struct Lanes: Sendable {
    private let lanes: [ObjectIdentifier: NIOLoopBound<Lane>]
    private let connectionCount = NIOLockedValueBox<UInt64>(0)

    init(_ ledger: Ledger, _ group: MultiThreadedEventLoopGroup, readingThreads: NIOThreadPool) async throws {
        var lanes: [ObjectIdentifier: NIOLoopBound<Lane>] = [:]
        for eventLoop in group.makeIterator() {
            lanes[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                NIOLoopBound(Lane(ledger, eventLoop, readingThreads: readingThreads), eventLoop: eventLoop)
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

/// What a server has while it listens.
final class Running: Sendable {
    let lanes: Lanes
    private let group: MultiThreadedEventLoopGroup
    private let readingThreads: NIOThreadPool
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)

    init(_ ledger: Ledger, eventLoopCount: Int) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: eventLoopCount)
        readingThreads = NIOThreadPool(numberOfThreads: 1)
        readingThreads.start()
        lanes = try await Lanes(ledger, group, readingThreads: readingThreads)
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
        try? await readingThreads.shutdownGracefully()
        try? await group.shutdownGracefully()
    }
}
