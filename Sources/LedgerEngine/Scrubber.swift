import Foundation
public import LedgerModel
import SegmentLog

/// How far the scrub has come.
public struct ScrubProgress: Sendable, Hashable {
    /// Rounds through all sealed segments that have ended since the start.
    public var finishedRoundCount = 0
    /// The segment that is being read or is the next to be, by its first sequence number.
    public var segment = SequenceNumber.first
    /// When the last round ended.
    public var lastFinishedAt: Timestamp?
    /// Segments that did not check out since the start, in the order found.
    public var damaged: [SequenceNumber] = []

    public init() {}
}

/// Reads the sealed segments again and again, at a bounded rate, and tells of those that have rotted.
final class Scrubber: @unchecked Sendable {
    private let scrub: LogScrub
    private let committed: CommittedHead
    private let bytesPerSecond: Double
    private let restSeconds: Double
    private let now: @Sendable () -> Timestamp
    private let note: @Sendable (String) -> Void
    private let raise: @Sendable (SequenceNumber, String) -> Void
    private var notOpened: Set<SequenceNumber> = []
    private let lock = NSLock()
    // Only under the lock.
    private var current = ScrubProgress()

    /// - Parameters:
    ///   - restSeconds: How long to rest between two rounds.
    ///   - raise: Told once of each segment that is damaged, and why.
    init(
        _ scrub: LogScrub, _ committed: CommittedHead, bytesPerSecond: Int, restSeconds: Double,
        now: @escaping @Sendable () -> Timestamp, note: @escaping @Sendable (String) -> Void,
        raise: @escaping @Sendable (SequenceNumber, String) -> Void
    ) {
        self.scrub = scrub
        self.committed = committed
        self.bytesPerSecond = Double(bytesPerSecond)
        self.restSeconds = restSeconds
        self.now = now
        self.note = note
        self.raise = raise
    }

    var progress: ScrubProgress { lock.withLock { current } }

    /// Reads the next piece; the rest after it keeps the rate. Belongs to one thread.
    func step() -> Chore.Rest {
        let step = scrub.step(upTo: committed.current)
        lock.withLock { current.segment = scrub.segment }
        switch step {
        case .read(let byteCount): return .seconds(Double(byteCount) / bytesPerSecond)
        case .finishedRound:
            finishRound()
            return .seconds(restSeconds)
        case .found(let error, let segment): tell(error, of: segment)
        case .couldNotOpen(let error, let segment):
            if notOpened.insert(segment).inserted {
                note("segment \(segment) could not be opened for reading it again: \(error)")
            }
        }
        return .seconds(0)
    }

    private func finishRound() {
        lock.withLock {
            current.finishedRoundCount += 1
            current.lastFinishedAt = now()
        }
        notOpened = []
    }

    private func tell(_ error: LogError, of segment: SequenceNumber) {
        let isNew = lock.withLock {
            if current.damaged.contains(segment) { return false }
            current.damaged.append(segment)
            return true
        }
        guard isNew else { return }
        note("segment \(segment) is damaged: \(error); restore it from a backup: sealed segments are the same bytes")
        raise(segment, "\(error)")
    }
}
