import JSONText
import LedgerEngine
import LedgerRPC
import NIOCore
import NIOPosix

/// One event loop's way to the engine and back: its connections, their questions of one turn of the loop, and the buffer in which their
/// answers are written. Everything here happens on that loop.
final class Lane {
    let ledger: Ledger
    let eventLoop: any EventLoop
    let threads: BlockingThreads
    /// What answers are written in before they go to their connection.
    var writer = JSONWriter(capacity: 64 << 10)
    private var number = 0
    private var connections: [UInt64: Connection] = [:]
    private var asked: [Asked] = []
    /// How much work is done off the loop that will come back to it.
    private var workCount = 0
    /// Of large writes that clients have not taken yet.
    private var unsentByteCount = 0
    private var isStopping = false
    private var stopped: EventLoopPromise<Void>?

    /// Must be made on the event loop.
    init(_ ledger: Ledger, _ eventLoop: any EventLoop, _ threads: BlockingThreads) {
        self.ledger = ledger
        self.eventLoop = eventLoop
        self.threads = threads
        asked.reserveCapacity(1024)
        let lane = NIOLoopBound(self, eventLoop: eventLoop)
        number = ledger.addLane { answers in eventLoop.execute { lane.value.deliver(answers) } }
    }

    // MARK: Connections

    func add(_ connection: Connection) {
        connections[connection.number] = connection
        if isStopping { connection.stop() }
    }

    func remove(_ connection: Connection) {
        connections[connection.number] = nil
        finishStopping()
    }

    func workBegins() { workCount += 1 }

    func workEnds() {
        workCount -= 1
        finishStopping()
    }

    // MARK: Unsent bytes

    /// Clients leave so much unread that no more large answers are made.
    var isFull: Bool { unsentByteCount > ServerBounds.unsentByteCountMaxInAll }

    /// Counts a large write until it is done; nil for a small one, of which each connection has a few at most.
    func promise(for byteCount: Int) -> EventLoopPromise<Void>? {
        if byteCount < ServerBounds.answersUnread.low { return nil }
        unsentByteCount += byteCount
        let (promise, lane) = (eventLoop.makePromise(of: Void.self), NIOLoopBound(self, eventLoop: eventLoop))
        promise.futureResult.whenComplete { _ in lane.value.unsentByteCount -= byteCount }
        return promise
    }

    // MARK: Questions and answers

    /// Questions of one turn of the loop go to the engine together, so that it is woken once.
    func ask(_ question: Question, from connection: UInt64, tag: UInt64) {
        if asked.isEmpty {
            let lane = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.execute { lane.value.submit() }
        }
        asked.append(Asked(lane: number, connection: connection, tag: tag, question: question))
    }

    private func submit() {
        let isTaken = ledger.submit(asked)
        if !isTaken { refuse(asked) }
        asked.removeAll(keepingCapacity: true)
    }

    private func refuse(_ asked: [Asked]) {
        for question in asked { connections[question.connection]?.answer(question.tag, with: .overloaded) }
        settle(asked.lazy.map(\.connection))
    }

    private func deliver(_ answers: [Answer]) {
        for answer in answers { connections[answer.connection]?.answer(answer.tag, with: answer.outcome) }
        settle(answers.lazy.map(\.connection))
    }

    /// Each connection that has been answered sends all of it with one write, and goes on.
    private func settle(_ numbers: some Sequence<UInt64>) {
        for number in numbers { connections[number]?.settle() }
    }

    // MARK: Stopping

    /// Connections take no more requests, and close once they have answered what they took.
    func stop() -> EventLoopFuture<Void> {
        isStopping = true
        let stopped = eventLoop.makePromise(of: Void.self)
        self.stopped = stopped
        for connection in connections.values { connection.stop() }
        finishStopping()
        return stopped.futureResult
    }

    /// Closes what has not closed by itself.
    func closeAll() {
        for connection in connections.values { connection.close() }
    }

    private func finishStopping() {
        guard isStopping, connections.isEmpty, workCount == 0 else { return }
        stopped?.succeed()
        stopped = nil
    }
}
