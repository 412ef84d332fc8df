import EventCodec
import Foundation
import JSONText
public import LedgerModel
public import SegmentLog

/// The ledger at work: one thread that decides, writes and answers, fed by a bounded mailbox.
///
/// An answer is given only when everything it rests on is durable. After the first error of the log nothing is answered any more:
/// what was in flight is indeterminate, and its clients ask again, with the same ids, after a restart.
public final class LedgerEngine: @unchecked Sendable {
    public struct Options: Sendable {
        public var clock = Clock.system
        public var zones = ZoneTable.foundation
        public var bounds = LogBounds.standard
        /// What others have seen of this log; it must still be there.
        public var watermarks: [Watermark] = []
        /// Start although the clock is more than an hour behind the last event.
        public var acceptClock = false
        /// Cut a bad last batch even when it may have been acknowledged: the operator's own decision.
        public var operatorCuts = false
        /// Never make a new ledger: there must be one.
        public var mustExist = false
        /// The origin of a new ledger's checkpoints; `daybook/<UUID>` when nil.
        public var origin: Name?
        /// Where the log and the snapshots are.
        public var volume: any Volume = PosixVolume()
        public var snapshots = SnapshotPolicy()
        public var housekeeping = Housekeeping()
        /// How many questions may wait before the ledger is overloaded.
        public var mailboxCapacity = 65_536

        public init() {}
    }

    /// What is worth telling an operator at the start.
    public enum Notice: Sendable {
        case replaying(ReplayProgress)
        case cut(Cut)
        /// The clock is more than 30 days ahead of the last event.
        case clockAhead(days: Int64)
    }

    public let committed: CommittedHead
    /// Who the ledger is. It stays so for as long as this one is open.
    public let identity: Identity
    /// What opening found and had to cut off.
    public let recovery: Recovery
    private let mailbox: Mailbox<Writer.Letter>
    private let lanes = Lanes()
    private let commits: Commits
    private let recallers: Recallers
    private let snapshotter: Snapshotter
    private let housekeeper: Housekeeper
    private let clock: Clock
    private let ended = DispatchSemaphore(value: 0)
    private let lastWork = Guarded<[@Sendable () -> Void]>([])
    private let onFailure: @Sendable (LogError) -> Void

    /// Opens the ledger in a data directory, or makes one in an empty or absent directory; recovers, replays what follows the newest
    /// snapshot that fits the log, and starts its thread.
    ///
    /// - Parameter onFailure: Called on the engine's thread when the log fails; the process must end.
    /// - Throws: `LogError` when the log does not open, `EngineError` when its events do not.
    public init(
        _ directory: String, _ options: Options = Options(), notice: (Notice) -> Void = { _ in },
        onFailure: @escaping @Sendable (LogError) -> Void
    ) throws {
        let (log, recovery) = try options.openLog(directory)
        let reader = LogReader(directory, volume: options.volume)
        let snapshots = Snapshots(directory, options.volume, reader, options.zones)
        var book = snapshots.newest(upTo: log.head, note: options.snapshots.note) ?? options.emptyBook
        let snapshot = book.lastSequence
        try book.replay(reader, upTo: log.head) { notice(.replaying($0)) }
        try options.checkClock(book.lastAt, notice)
        var opening = Opening(log, book, now: max(options.clock.now(), book.lastAt))
        if log.head.lastSequence == .zero {
            let origin = options.origin ?? Name("daybook/\(log.head.ledger)")!
            try opening.openLedger(origin: origin, key: SigningKey(in: directory).verifierKey(of: origin))
        }
        for cut in recovery.cuts where opening.book.sequence(of: cut.recordedAs, in: .system) == nil {
            notice(.cut(cut))
            try opening.record(cut)
        }
        book = opening.book
        guard let identity = book.identity else { throw EngineError.nameless }
        self.identity = identity
        self.recovery = recovery
        self.onFailure = onFailure
        clock = options.clock
        commits = Commits(log.head, book)
        committed = commits.head
        mailbox = Mailbox(capacity: options.mailboxCapacity)
        snapshotter = Snapshotter(
            snapshots, reader, commits.head, options.snapshots, last: snapshot, emptyBook: { options.emptyBook })
        housekeeper = Housekeeper(
            directory, volume: options.volume, log.reserve, commits.head, clock: options.clock, options.housekeeping
        ) { [mailbox] in mailbox.putRegardless(.rotten(segment: $0, reason: $1)) }
        recallers = Recallers(reader) { [mailbox, lanes] in LedgerEngine.finish($0, $1, mailbox, lanes) }
        clock.onMove { [mailbox] in mailbox.wake() }
        start(log, book, options)
    }

    private func start(_ log: SegmentLog, _ book: consuming Book, _ options: Options) {
        recallers.start()
        snapshotter.start()
        housekeeper.start()
        let (book, log) = (Handover(book), Handover(log))
        let thread = Thread { [self] in
            write(log, book, options)
            snapshotter.stop()
            housekeeper.stop()
            recallers.stop()
            committed.close()
            ended.signal()
        }
        thread.name = "writer"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// The writer's life. When this returns the log is closed and its directory free, whatever happened; and after a clean end its book is
    /// a snapshot, if that spares the next start much.
    private func write(_ log: Handover<SegmentLog>, _ book: Handover<Book>, _ options: Options) {
        let writer = Writer(
            log.take(), book.take(), clock: options.clock, lanes: lanes, commits: commits,
            limit: options.bounds.batchRawByteCountMax, rolled: { [housekeeper] in housekeeper.segmentSealed() }
        ) { [recallers] errand, head in recallers.send(errand, head: head) }
        do throws(LogError) {
            try writer.run(mailbox)
            snapshotter.stop()
            snapshotter.writeLast(writer.book, at: committed.current)
            for body in lastWork.withLock({ $0 }) { body() }
            try writer.close()
        } catch {
            mailbox.close()
            onFailure(error)
        }
    }

    /// Registers a way back. `deliver` is called once per log batch with all answers for it, on one of the engine's threads: it must
    /// hand them over and return at once.
    public func addLane(_ deliver: @escaping @Sendable ([Answer]) -> Void) -> Int { lanes.add(deliver) }

    /// Puts questions into the mailbox, in this order. False when it is full or the engine has stopped: then none of them was taken.
    public func submit(_ asked: [Asked]) -> Bool { mailbox.put(asked.map { .asked($0) }) }

    /// Tells of a balance that does not add up: an alert `drift` under `$system`, once for each account, unit and event, for ever. Returns at
    /// once; after the engine has stopped it does nothing.
    public func raise(_ drift: AlertRaised.Drift) { mailbox.putRegardless(.drifted(drift)) }

    /// Has something done at a clean end, when nothing is committed any more and the directory is still locked. It must return by itself.
    public func atEnd(_ body: @escaping @Sendable () -> Void) { lastWork.withLock { $0.append(body) } }

    public var status: EngineStatus { housekeeper.completed(commits.status) }

    /// The ledger's time now, as of the last commit: the clock, or the last event's time if the clock is behind.
    public var now: Timestamp { max(clock.now(), commits.status.lastAt) }

    /// Takes no more questions, answers those that wait, closes the log, and returns when all that is done.
    public func stop() {
        mailbox.close()
        ended.wait()
        ended.signal()
    }

    /// What becomes of an errand: a repeated command is answered, all else goes back to the writer, and so does the news of damage.
    private static func finish(
        _ errand: Errand, _ result: Result<Finding, ArchiveError>, _ mailbox: Mailbox<Writer.Letter>, _ lanes: Lanes
    ) {
        if case .failure(let error) = result, let segment = error.damagedSegment {
            mailbox.putRegardless(.rotten(segment: segment, reason: error.reason))
        }
        guard case .replay = errand.purpose else { return mailbox.putRegardless(.found(errand, result)) }
        let outcome: Outcome =
            switch result {
            case .success(.answer(let outcome)): outcome
            case .success: preconditionFailure("a repeated command is answered")
            case .failure(let error): .failed(error.reason)
            }
        lanes.deliver(
            [Answer(connection: errand.asked.connection, tag: errand.asked.tag, outcome: outcome)], to: errand.asked.lane)
    }
}

/// A value that several threads change.
private final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result { lock.withLock { body(&value) } }
}

/// Carries a value that is used by one thread only over to that thread. Nothing of it stays behind: a second reference to the book
/// would make the first change of each of its parts a copy.
private final class Handover<Value>: @unchecked Sendable {
    private var value: Value?

    init(_ value: consuming Value) { self.value = value }

    func take() -> Value {
        defer { value = nil }
        return value!
    }
}

extension Cut {
    /// The id of the `recovered` event that tells of it.
    fileprivate var recordedAs: Name { Name("$recovered/\(tornFile)")! }
}

extension LedgerEngine.Options {
    /// A book without events. The secret by which it hashes ids is its own.
    var emptyBook: Book { Book(hashKey: HashKey(.random(in: .min ... .max), .random(in: .min ... .max)), zones: zones) }

    /// A signing key is made with its ledger: where there is one, there must be a log.
    func openLog(_ directory: String) throws -> (log: SegmentLog, recovery: Recovery) {
        let hasKey = SigningKey.exists(in: directory)
        do throws(LogError) {
            return try SegmentLog.open(
                directory, volume: volume, bounds: bounds, watermarks: watermarks, operatorCuts: operatorCuts,
                creatingWith: mustExist || hasKey ? nil : { LedgerID.random() }, now: clock.now())
        } catch {
            throw hasKey && error.code == .notFound ? EngineError.logMissing(directory) : error
        }
    }

    private static let hour: Int64 = 3_600_000_000

    fileprivate func checkClock(_ lastAt: Timestamp, _ notice: (LedgerEngine.Notice) -> Void) throws(EngineError) {
        if lastAt.rawValue == 0 { return }
        let ahead = clock.now().rawValue - lastAt.rawValue
        if ahead < -Self.hour, !acceptClock { throw .clockBehind(by: -ahead / Timestamp.microsecondsPerSecond) }
        if ahead > 30 * Timestamp.microsecondsPerDay { notice(.clockAhead(days: ahead / Timestamp.microsecondsPerDay)) }
    }
}
