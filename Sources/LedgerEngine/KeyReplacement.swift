import EventCodec
import JSONText
public import LedgerModel
public import SegmentLog

/// A signing key that took the place of another.
public struct KeyReplacement: Sendable {
    /// The verifier keys before and after.
    public let old: Name
    public let new: Name
    /// The event that says so.
    public let sequence: SequenceNumber
}

extension LedgerEngine {
    /// Gives a ledger that nobody serves a new signing key. The old one need not be there. What it signed stays verifiable, for
    /// the log names it.
    ///
    /// Whatever fails in between, the ledger starts afterwards, with the old key or with the new one.
    ///
    /// - Parameters:
    ///   - reason: why, at most 1,024 bytes: it is written into the log.
    ///   - watermarks: what others have seen of this log.
    /// - Throws: `LogError`, `.locked` while a daemon serves; `EngineError`.
    public static func replaceKey(
        in directory: String, volume: any Volume = PosixVolume(), reason: String, bounds: LogBounds = .standard,
        watermarks: [Watermark] = [], clock: Clock = .system, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> KeyReplacement {
        let (log, _) = try SegmentLog.open(
            directory, volume: volume, bounds: bounds, watermarks: watermarks, creatingWith: nil, now: clock.now())
        let reader = LogReader(directory, volume: volume)
        let identity = try IdentityScan(reader, upTo: log.head, progress: progress)
        guard let origin = identity.origin, let old = identity.keys.last?.key else {
            throw EngineError.inconsistent(sequence: 1, reason: "the log names no ledger: start daybookd serve once")
        }
        let key = SigningKey()
        let replacement = KeyReplacement(old: old, new: try key.verifierKey(of: origin), sequence: log.head.lastSequence.next)
        try key.prepare(in: directory, volume)
        let last = try reader.batch(holding: log.head.lastSequence, upTo: log.head)
        try log.append(replacement, reason, at: max(clock.now(), try last.lastTime()))
        try SigningKey.install(in: directory, volume)
        try log.close()
        return replacement
    }
}

extension SegmentLog {
    fileprivate func append(_ replacement: KeyReplacement, _ reason: String, at now: Timestamp) throws(LogError) {
        let event = Event(
            sequence: replacement.sequence, at: now, day: Day(utc: now), tenant: .system,
            id: Name("$signingKeyReplaced/\(replacement.sequence)")!, group: GroupHead(count: 1, body: 0), peer: nil, actor: nil,
            fact: .signingKeyReplaced(SigningKeyReplaced(key: replacement.new, reason: reason)))
        var line = JSONWriter()
        EventCodec.encode(event, into: &line)
        try append(line.bytes, count: 1, at: now)
    }
}

extension LogBatch {
    /// The ledger's time of its last event.
    fileprivate func lastTime() throws(EngineError) -> Timestamp {
        var time = Timestamp(microseconds: 0)
        try forEachEvent { time = $0.at }
        return time
    }
}
