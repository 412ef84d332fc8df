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
    /// Applies the whole log up to its head, and answers the names of the files in `torn/` that `recovered` events account for.
    mutating func replay(_ reader: LogReader, upTo head: LogHead, progress: (ReplayProgress) -> Void) throws -> Set<Name> {
        var recorded: Set<Name> = []
        let cursor = reader.cursor(from: .first)
        while let batch = try cursor.next(upTo: head) {
            try batch.forEachEvent { event throws(EngineError) in
                if event.at < lastAt { throw .inconsistent(sequence: event.sequence.rawValue, reason: "its time goes back") }
                if case .recovered(let fact) = event.fact { recorded.insert(fact.torn) }
                apply(event)
            }
            progress(ReplayProgress(events: lastSequence.rawValue, eventsTotal: head.lastSequence.rawValue))
        }
        return recorded
    }
}
