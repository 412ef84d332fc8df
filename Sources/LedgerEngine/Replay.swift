import EventCodec
import Glibc
import LedgerModel
import SegmentLog

/// Reading events back from the log.
extension LogBatch {
    /// The events of this batch from a sequence number on, in order, as long as `body` wants more.
    func forEachEvent(from sequence: SequenceNumber, _ body: (Event) throws(EngineError) -> Bool) throws(EngineError) {
        let result = records.withUnsafeBytes { bytes in
            Result { () throws(EngineError) in try LogBatch.walk(bytes, from: firstSequence, to: sequence, body) }
        }
        try result.get()
    }

    private static func walk(
        _ bytes: UnsafeRawBufferPointer, from first: SequenceNumber, to wanted: SequenceNumber,
        _ body: (Event) throws(EngineError) -> Bool
    ) throws(EngineError) {
        var (start, sequence) = (0, first)
        while start < bytes.count {
            let end = bytes.endOfLine(from: start)
            if sequence >= wanted {
                let event: Event
                do throws(EventError) {
                    event = try EventCodec.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                } catch { throw .undecodable(sequence: sequence.rawValue, reason: error.description) }
                if event.sequence != sequence {
                    throw .inconsistent(sequence: sequence.rawValue, reason: "the line says \(event.sequence)")
                }
                if try !body(event) { return }
            }
            (start, sequence) = (end + 1, sequence.next)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where the next line feed stands, or the end.
    fileprivate func endOfLine(from start: Int) -> Int {
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
            try batch.forEachEvent(from: batch.firstSequence) { event throws(EngineError) in
                if event.at < lastAt { throw .inconsistent(sequence: event.sequence.rawValue, reason: "its time goes back") }
                if case .recovered(let fact) = event.fact { recorded.insert(fact.torn) }
                apply(event)
                return true
            }
            progress(ReplayProgress(events: lastSequence.rawValue, eventsTotal: head.lastSequence.rawValue))
        }
        return recorded
    }
}
