import EventCodec
import Glibc
import LedgerModel
import SegmentLog

/// Reading events back from the log.
extension Event {
    /// - Parameter sequence: The number that the line must bear.
    init(line: UnsafeRawBufferPointer, _ sequence: SequenceNumber) throws(EngineError) {
        do throws(EventError) {
            self = try EventCodec.decode(line)
        } catch { throw .undecodable(sequence: sequence.rawValue, reason: error.description) }
        if self.sequence != sequence {
            throw .inconsistent(sequence: sequence.rawValue, reason: "the line says \(self.sequence)")
        }
    }
}

extension LogBatch {
    /// The events of this batch, in order.
    func forEachEvent(_ body: (Event) throws(EngineError) -> Void) throws(EngineError) {
        let result = records.withUnsafeBytes { bytes in
            Result { () throws(EngineError) in
                var (start, sequence) = (0, firstSequence)
                while start < bytes.count {
                    let end = bytes.endOfLine(from: start)
                    try body(Event(line: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), sequence))
                    (start, sequence) = (end + 1, sequence.next)
                }
            }
        }
        try result.get()
    }
}

extension UnsafeRawBufferPointer {
    /// Where the next line feed stands, or the end.
    func endOfLine(from start: Int) -> Int {
        guard let found = memchr(baseAddress! + start, Int32(UInt8(ascii: "\n")), count - start) else { return count }
        return UnsafeRawPointer(found) - baseAddress!
    }
}

/// How far a replay has come.
public struct ReplayProgress: Sendable {
    public let events: UInt64
    public let eventsTotal: UInt64
}

extension Book {
    /// Applies what follows the book's last event, up to the head.
    ///
    /// - Parameters:
    ///   - threads: How many threads read events ahead, beside this one, which applies them, and reads too when it would have to wait.
    ///   - progress: Told of every stretch of the log; what it throws ends the replay.
    mutating func replay(
        _ reader: LogReader, upTo head: LogHead, threads: Int = ReadAhead.threadCount, progress: (ReplayProgress) throws -> Void
    ) throws {
        let ahead = ReadAhead(reader.cursor(from: lastSequence.next), upTo: head, identifierHasher)
        ahead.start(threads)
        defer { ahead.stop() }
        var segments = SegmentOwners()
        while let stretch = try ahead.next() {
            for batch in stretch { try take(batch, &segments) }
            try progress(ReplayProgress(events: lastSequence.rawValue, eventsTotal: head.lastSequence.rawValue))
        }
    }

    private mutating func take(_ batch: ReadAhead.Batch, _ segments: inout SegmentOwners) throws(EngineError) {
        let events = batch.hashed.events
        var lastAt = lastAt
        for index in events.indices {
            if events[index].at < lastAt {
                throw .inconsistent(sequence: events[index].sequence.rawValue, reason: "its time goes back")
            }
            lastAt = events[index].at
        }
        if let first = events.first { try segments.check(batch, identity(after: first)) }
        apply(batch.hashed)
    }
}

/// A segment bears the ledger of the last `ledgerOpened` or `restored` up to its first event.
private struct SegmentOwners {
    /// What was found to agree last: it does so for all log batches of most logs.
    private var agreeing: (ledger: LedgerID, name: Name)?

    /// - Parameter identity: As of the first event of the log batch.
    mutating func check(_ batch: ReadAhead.Batch, _ identity: Identity?) throws(EngineError) {
        if let agreeing, let identity, agreeing.ledger == batch.ledger, agreeing.name == identity.ledger { return }
        guard let name = identity?.ledger, LedgerID(name.text) == batch.ledger else {
            let named = identity.map { "ledger \($0.ledger)" } ?? "none"
            throw .inconsistent(
                sequence: batch.firstSequence.rawValue,
                reason: "it stands in a segment of ledger \(batch.ledger), and the events up to it name \(named)")
        }
        agreeing = (batch.ledger, name)
    }
}
