import Glibc
import JSONText
import LedgerModel
import LedgerRPC
import NIOCore
import SegmentLog

/// Notifications for a subscriber, and where the next ones begin.
struct EventPage: Sendable {
    let bytes: ByteBuffer
    let next: SequenceNumber
}

/// Reads the log for one subscriber. Its follower asks for one page after the other, each on a thread that may block: never two at once,
/// which is what makes it safe to send.
final class EventSource: @unchecked Sendable {
    private let cursor: LogCursor
    private let filter: EventFilter
    private var next: SequenceNumber
    private var writer = JSONWriter(capacity: 16 << 10)

    init(_ log: LogReader, _ filter: EventFilter, from: SequenceNumber) {
        cursor = log.cursor(from: from)
        self.filter = filter
        next = from
    }

    /// The next events up to a head, which may be none when the filter keeps none of those looked through.
    func page(upTo head: LogHead) throws(LogError) -> EventPage {
        writer.removeAll()
        var scanned = 0
        while writer.count < ServerBounds.notificationByteCount, scanned < ServerBounds.scanByteCountMax,
            let batch = try cursor.next(upTo: head)
        {
            batch.records.withUnsafeBytes { append($0, from: batch.firstSequence) }
            scanned += batch.records.count
            next = batch.lastSequence.next
        }
        return EventPage(bytes: ByteBuffer(bytes: writer.bytes), next: next)
    }

    /// The lines of a log batch, but for those before the subscriber's place in the first one.
    private func append(_ lines: UnsafeRawBufferPointer, from first: SequenceNumber) {
        var (start, sequence) = (0, first)
        while let end = EventSource.newline(in: lines, from: start) {
            let line = UnsafeRawBufferPointer(rebasing: lines[start..<end])
            if sequence >= next, filter.matches(line) { writer.eventNotification(line) }
            (start, sequence) = (end + 1, sequence.next)
        }
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, 0x0a, bytes.count - start).map { UnsafeRawPointer($0) - base }
    }
}
