public import LedgerModel

/// The end of what is committed, told by the writer's thread to all who follow the log. Followers read the log themselves, up to
/// the head they find here; nothing is handed over but the head.
public final class CommittedHead: Sendable {
    private struct Waiter {
        let past: SequenceNumber
        let continuation: CheckedContinuation<LogHead, Never>
    }

    /// Guarded by `lock`.
    private final class State: @unchecked Sendable {
        var head: LogHead
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
        var isClosed = false

        init(_ head: LogHead) { self.head = head }

        func takeNumber() -> UInt64 {
            nextWaiter += 1
            return nextWaiter
        }
    }

    private let lock = Lock()
    private let state: State

    public init(_ head: LogHead) { state = State(head) }

    /// The newest head that was published.
    public var current: LogHead { lock.withLock { state.head } }

    /// Whether the writer has ended: the head grows no more.
    public var isClosed: Bool { lock.withLock { state.isClosed } }

    /// Tells a newer head. Costs a lock, and a wake for each follower that waits.
    public func publish(_ head: LogHead) {
        for waiter in lock.withLock({ take(head) }) { waiter.continuation.resume(returning: head) }
    }

    /// The writer ends: all who wait are answered with the head as it is, and so is whoever asks later.
    public func close() {
        let (head, waiters) = lock.withLock {
            state.isClosed = true
            return (state.head, takeWaiters { _ in true })
        }
        for waiter in waiters { waiter.continuation.resume(returning: head) }
    }

    /// The head as soon as it lies beyond `sequence`. Answers with the head as it is when the writer has ended or the task is
    /// cancelled; the caller tells that by the head's sequence number.
    public func growth(past sequence: SequenceNumber) async -> LogHead {
        let waiter = lock.withLock { state.takeNumber() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let head = lock.withLock { wait(Waiter(past: sequence, continuation: continuation), as: waiter) }
                if let head { continuation.resume(returning: head) }
            }
        } onCancel: {
            cancel(waiter)
        }
    }

    private func take(_ head: LogHead) -> [Waiter] {
        state.head = head
        return takeWaiters { $0.past < head.lastSequence }
    }

    private func takeWaiters(where isDone: (Waiter) -> Bool) -> [Waiter] {
        let done = state.waiters.filter { isDone($0.value) }
        for number in done.keys { state.waiters[number] = nil }
        return Array(done.values)
    }

    /// The head when there is nothing to wait for; nil when the waiter was put down. The task may have been cancelled before
    /// there was a waiter to cancel, so that is asked here.
    private func wait(_ waiter: Waiter, as number: UInt64) -> LogHead? {
        if state.head.lastSequence > waiter.past || state.isClosed || Task.isCancelled { return state.head }
        state.waiters[number] = waiter
        return nil
    }

    private func cancel(_ number: UInt64) {
        let (head, waiter) = lock.withLock { (state.head, state.waiters.removeValue(forKey: number)) }
        waiter?.continuation.resume(returning: head)
    }
}
