import Foundation
import LedgerModel
import SegmentLog

/// What the ledger does beside its work, and how much of it.
public struct Housekeeping: Sendable {
    /// How long to wait before the reserve of space is tried again on a full disk, in seconds.
    public var reserveRetrySeconds = 5.0
    /// How many bytes of sealed segments are read again each second; 0 for none.
    public var scrubBytesPerSecond = 8 << 20
    /// How long the scrub rests between two rounds, in seconds.
    public var scrubRestSeconds = 3600.0
    /// A command for `/bin/sh -c`, run for every sealed segment with its path in DAYBOOK_SEGMENT and the ledger in DAYBOOK_LEDGER.
    public var onSegment: String?
    /// How long a stop waits for such a command, in seconds.
    public var onSegmentPatienceSeconds = 10.0
    /// Told in a sentence of what an operator should know. From any thread.
    public var note: @Sendable (String) -> Void = { _ in }

    public init() {}
}

/// The threads that keep house: one writes the reserve, one scrubs, one hands over sealed segments.
final class Housekeeper: Sendable {
    private let log: LogReserve
    private let scrubber: Scrubber
    private let reserve: Chore
    private let scrub: Chore?
    private let hook: (work: SegmentHook, chore: Chore)?
    private let patienceSeconds: Double

    /// - Parameter raise: Told once of each segment that has rotted, and why.
    init(
        _ directory: String, volume: any Volume = PosixVolume(), _ log: LogReserve, _ committed: CommittedHead, clock: Clock,
        _ options: Housekeeping, raise: @escaping @Sendable (SequenceNumber, String) -> Void
    ) {
        let keeper = ReserveKeeper(log, retrySeconds: options.reserveRetrySeconds, note: options.note)
        let scrubber = Scrubber(
            LogScrub(directory, volume: volume), committed, bytesPerSecond: options.scrubBytesPerSecond,
            restSeconds: options.scrubRestSeconds, now: clock.now, note: options.note, raise: raise)
        self.log = log
        self.scrubber = scrubber
        reserve = Chore(name: "reserve") { keeper.step() }
        scrub = options.scrubBytesPerSecond > 0 ? Chore(name: "scrub", niceness: 19) { scrubber.step() } : nil
        hook = options.onSegment.map { command in
            let hook = SegmentHook(command, in: directory, committed, note: options.note)
            return (hook, Chore(name: "on-segment") { hook.step() })
        }
        patienceSeconds = options.onSegmentPatienceSeconds
    }

    /// The status with what is known here.
    func completed(_ status: EngineStatus) -> EngineStatus {
        var status = status
        status.isDiskFull = log.isDiskFull
        status.scrub = scrubber.progress
        return status
    }

    func start() {
        reserve.start()
        scrub?.start()
        hook?.chore.start()
    }

    /// To be called when the log has rolled, by the writer: the reserve is gone, and there is a segment to hand over.
    func segmentSealed() {
        reserve.wake()
        hook?.chore.wake()
    }

    /// Returns when nothing of it touches the directory any more, or the patience with the command for a segment is over.
    func stop() {
        reserve.stop()
        scrub?.stop()
        if let hook, !hook.chore.stop(patienceSeconds: patienceSeconds) { hook.work.terminate() }
    }
}
