import Foundation
import LedgerModel
import SegmentLog

/// When snapshots are written.
public struct SnapshotPolicy: Sendable {
    /// While the ledger is at work, after so many events: by a second book on a thread of its own, so that the writer never waits. Nil for
    /// never.
    public var eventCountRunning: UInt64? = 1_000_000
    /// When the ledger stops, if there are so many events since the last snapshot: fewer are replayed in a tenth of a second. Nil for never.
    public var eventCountAtStop: UInt64? = 100_000
    /// Told in a sentence of snapshots that are not used at the start, and of those that cannot be written. From any thread.
    public var note: @Sendable (String) -> Void = { _ in }

    public init() {}
}

/// Follows the log and writes snapshots. For each it makes a book of its own, from the last snapshot and the log behind it, and lets it go:
/// the memory of a second book, but only meanwhile.
final class Snapshotter: @unchecked Sendable {
    private let snapshots: Snapshots
    private let reader: LogReader
    private let committed: CommittedHead
    private let policy: SnapshotPolicy
    private let emptyBook: @Sendable () -> Book
    private let ended = DispatchSemaphore(value: 0)
    private let lock = NSLock()
    // Only under the lock.
    private var last: SequenceNumber
    private var isStopped = false
    private var task: Task<Void, Never>?

    /// - Parameter last: The event of the last snapshot; zero when there is none.
    init(
        _ snapshots: Snapshots, _ reader: LogReader, _ committed: CommittedHead, _ policy: SnapshotPolicy, last: SequenceNumber,
        emptyBook: @escaping @Sendable () -> Book
    ) {
        self.snapshots = snapshots
        self.reader = reader
        self.committed = committed
        self.policy = policy
        self.last = last
        self.emptyBook = emptyBook
    }

    func start() {
        guard let eventCount = policy.eventCountRunning else {
            ended.signal()
            return
        }
        let thread = BackgroundThread()
        let task = Task(executorPreference: thread) { [self] in
            await follow(every: max(1, eventCount))
            thread.close()
            ended.signal()
        }
        lock.withLock { self.task = task }
    }

    /// Returns when nothing is under way any more. A snapshot that is not finished is given up.
    func stop() {
        lock.withLock {
            isStopped = true
            task?.cancel()
        }
        ended.wait()
        ended.signal()
    }

    /// Writes the book of a ledger that has stopped, if that is worth it.
    func writeLast(_ book: Book, at head: LogHead) {
        guard let eventCount = policy.eventCountAtStop, isDue(head, after: eventCount) else { return }
        do { try snapshots.write(book, at: head) } catch { policy.note("no snapshot was written: \(error)") }
    }

    private func isDue(_ head: LogHead, after eventCount: UInt64) -> Bool {
        head.lastSequence.rawValue >= lock.withLock { last }.rawValue + max(1, eventCount)
    }

    private func follow(every eventCount: UInt64) async {
        var last = lock.withLock { self.last }
        while true {
            let head = await committed.growth(past: SequenceNumber(last.rawValue + eventCount - 1))
            guard !isCancelled, head.lastSequence.rawValue >= last.rawValue + eventCount else { return }
            write(upTo: head)
            // After one that failed too: it is tried again when there is as much to gain again.
            last = head.lastSequence
        }
    }

    private var isCancelled: Bool { lock.withLock { isStopped } || committed.isClosed }

    private func write(upTo head: LogHead) {
        do {
            var book = snapshots.newest(upTo: head, note: { _ in }) ?? emptyBook()
            try book.replay(reader, upTo: head, threads: 0) { _ in if isCancelled { throw CancellationError() } }
            try snapshots.write(book, at: head, isCancelled: { [self] in isCancelled })
            lock.withLock { last = head.lastSequence }
        } catch is CancellationError {
        } catch {
            policy.note("no snapshot was written: \(error)")
        }
    }
}
