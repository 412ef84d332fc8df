import EventCodec
import JSONText
public import LedgerModel
public import SegmentLog
import Transparency

/// Up to where a new ledger takes over the events of another. Commands are taken whole or not at all.
public enum RestorePoint: Sendable, Hashable {
    /// Every command of which all events have at most this number.
    case sequence(SequenceNumber)
    /// Every command that was accepted at this time or before.
    case time(Timestamp)
}

/// A new ledger that began as a copy of the beginning of another.
public struct RestoredLedger: Sendable, Hashable {
    /// The event that opens it: who it is, whose events it has, and how many.
    public let fact: Restored
    /// When the last of them was accepted.
    public let lastAt: Timestamp
    /// The event that opens it is the last of its log.
    public let head: LogHead
}

/// Why there is nothing to restore.
public struct RestoreError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension RestorePoint {
    /// Makes a new ledger in a new directory: the log up to here, a segment of its own that `restored` opens, and a new key.
    /// Nothing else of the old one comes along: no checkpoint, for another key signed it; no read models; no cut bytes.
    ///
    /// - Parameters:
    ///   - source: a backup or a data directory. It is only read.
    ///   - directory: the new data directory, which must not be there.
    ///   - origin: of its checkpoints; `daybook/<UUID>` when nil.
    ///   - clock: when `restored` is written: at the clock's time, or at the last event's when the clock is behind it.
    ///   - progress: how many of how many have been done.
    /// - Throws: `RestoreError` when no command ends at or before the point, or the log ends before it; `LogError` where the
    ///     log is damaged; `EngineError` where an event cannot be read, or the key cannot be made.
    public func makeLedger(
        from source: String, in directory: String, origin: Name? = nil, volume: any Volume = PosixVolume(),
        clock: Clock = .system,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> RestoredLedger {
        let kept = try beginning(of: LogReader(source, volume: volume), progress)
        let ledger = LedgerID.random()
        let origin = origin ?? Name("daybook/\(ledger)")!
        let key = SigningKey()
        let fact = Restored(
            ledger: Name(ledger.description)!, origin: origin, key: try key.verifierKey(of: origin), parent: kept.ledger,
            sequence: kept.last, root: Name(kept.tree.root.base64)!)
        let now = max(clock.now(), kept.lastAt)
        let head = try LogBranch(of: source, in: directory, volume: volume).write(
            through: kept.last, thenAs: ledger, beginningWith: Event.restored(fact, at: now).line, at: now
        ) { progress($0.byteCount, $0.byteCountTotal) }
        try key.prepare(in: directory, volume)
        try SigningKey.install(in: directory, volume)
        return RestoredLedger(fact: fact, lastAt: kept.lastAt, head: head)
    }

    /// Reads the log up to the last whole command that is taken.
    private func beginning(of reader: LogReader, _ progress: (UInt64, UInt64) -> Void) throws -> LogBeginning {
        let head = try reader.head()
        if case .sequence(let sequence) = self { try check(sequence, head) }
        var found = LogBeginning(until: self)
        let cursor = reader.cursor(from: .first)
        while !found.isComplete, let batch = try cursor.next(upTo: head) {
            try found.take(batch)
            progress(batch.lastSequence.rawValue, head.lastSequence.rawValue)
        }
        if found.last == .zero {
            throw RestoreError(
                "no command ends there or before: the first event is of \(found.firstAt.map { "\($0)" } ?? "no time")")
        }
        return found
    }

    private func check(_ sequence: SequenceNumber, _ head: LogHead) throws(RestoreError) {
        if sequence == .zero { throw RestoreError("event numbers begin at 1: there is nothing to restore") }
        if sequence > head.lastSequence {
            throw RestoreError("event \(sequence) is not in the log, which ends at \(head.lastSequence)")
        }
    }
}

/// The events up to a point, as they are read.
private struct LogBeginning {
    private let point: RestorePoint
    private(set) var tree = MerkleFrontier()
    private(set) var last = SequenceNumber.zero
    private(set) var lastAt = Timestamp(microseconds: 0)
    /// Of the first event of the log.
    private(set) var firstAt: Timestamp?
    /// Of which ledger the last event is.
    private(set) var ledger: Name = "none"
    /// The next command lies beyond the point.
    private(set) var isComplete = false
    /// Events of the present command that are still to come.
    private var missingCount = 0

    init(until point: RestorePoint) { self.point = point }

    mutating func take(_ batch: LogBatch) throws(EngineError) {
        let result = batch.records.withUnsafeBytes { bytes in
            Result { () throws(EngineError) in
                var (start, sequence) = (0, batch.firstSequence)
                while start < bytes.count, !isComplete {
                    let end = bytes.endOfLine(from: start)
                    try take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), sequence)
                    (start, sequence) = (end + 1, sequence.next)
                }
            }
        }
        try result.get()
    }

    private mutating func take(_ line: UnsafeRawBufferPointer, _ sequence: SequenceNumber) throws(EngineError) {
        let event = try Event(line: line, sequence)
        if firstAt == nil { firstAt = event.at }
        if missingCount == 0 {
            guard let group = event.group else {
                throw .inconsistent(sequence: sequence.rawValue, reason: "no command begins here")
            }
            if point.excludes(event, count: group.count) { return isComplete = true }
            missingCount = group.count
        }
        missingCount -= 1
        tree.append(.leaf(line))
        (last, lastAt) = (sequence, event.at)
        follow(event.fact)
    }

    private mutating func follow(_ fact: Fact) {
        switch fact {
        case .ledgerOpened(let fact): ledger = fact.ledger
        case .restored(let fact): ledger = fact.ledger
        default: break
        }
    }
}

extension RestorePoint {
    /// Whether the command that begins with an event and has so many lies beyond the point.
    fileprivate func excludes(_ first: Event, count: Int) -> Bool {
        switch self {
        case .sequence(let sequence): first.sequence.rawValue + UInt64(count) - 1 > sequence.rawValue
        case .time(let time): first.at > time
        }
    }
}

extension Event {
    fileprivate static func restored(_ fact: Restored, at now: Timestamp) -> Event {
        Event(
            sequence: fact.sequence.next, at: now, day: Day(utc: now), tenant: .system, id: Name("$restored/\(fact.ledger)")!,
            group: GroupHead(count: 1, body: 0), peer: nil, actor: nil, fact: .restored(fact))
    }

    /// Its line in the log, with the newline.
    fileprivate var line: [UInt8] {
        var line = JSONWriter()
        EventCodec.encode(self, into: &line)
        return Array(line.bytes)
    }
}
