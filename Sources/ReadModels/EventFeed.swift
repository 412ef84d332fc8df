import Glibc
import LedgerModel
import SegmentLog

/// Reads the log for all projectors. They follow the same events within moments of each other, so the last stretches are kept: what one
/// has had decoded, the others find ready.
final class EventFeed: Sendable {
    fileprivate struct Kept {
        let stretch: Stretch
        var isTaken: Bool
    }

    fileprivate struct State {
        /// The one read last at the end.
        var recent: [Kept] = []
        /// In all of them.
        var eventCount = 0
        /// Places to read on from, the one used last at the end. Each stands at the beginning of a batch.
        var cursors: [LogCursor] = []
        /// Where the stretches begin that are being decoded, each by one thread.
        var decoding: Set<SequenceNumber> = []
        /// Requests for which nothing is read ahead.
        var pause = 0
    }

    private let reader: LogReader
    private let bounds: ReadModelBounds
    private let readsAhead: Bool
    private let state = Monitor(State())

    /// - Parameter readsAhead: whether the stretch behind a full one is decoded on another thread meanwhile.
    init(_ reader: LogReader, bounds: ReadModelBounds, readsAhead: Bool = true) {
        self.reader = reader
        self.bounds = bounds
        self.readsAhead = readsAhead
    }

    /// The stretch that begins behind `sequence`, with what is there up to the head and no log batch beyond `limit`; nil when there is
    /// nothing. Whoever comes while another decodes the same waits for it, and then finds it done.
    func stretch(after sequence: SequenceNumber, through limit: SequenceNumber, upTo head: LogHead) throws -> Stretch? {
        let known = state.wait { $0.take(after: sequence, through: limit) }
        guard let stretch = try known ?? decode(after: sequence, through: limit, upTo: head, isTaken: true) else { return nil }
        if readsAhead, stretch.eventCount >= bounds.stretchEventCount {
            readAhead(after: stretch.last, through: limit, upTo: head)
        }
        return stretch
    }

    /// Decodes the next stretch on another thread, unless one is being decoded anyway. What fails here fails again for whoever needs it.
    private func readAhead(after sequence: SequenceNumber, through limit: SequenceNumber, upTo head: LogHead) {
        if sequence >= limit || !state.withLock({ $0.startAhead(after: sequence) }) { return }
        // As nice as who will wait for it, whose thread alone the number 0 means on Linux.
        let niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        OwnThread.run(niceness: niceness) { [self] in
            _ = try? decode(after: sequence, through: limit, upTo: head, isTaken: false)
        }
    }

    /// Decodes a stretch whose beginning the state has noted.
    private func decode(
        after sequence: SequenceNumber, through limit: SequenceNumber, upTo head: LogHead, isTaken: Bool
    ) throws -> Stretch? {
        defer { state.change { $0.decoding.remove(sequence) } }
        let cursor = state.withLock { $0.takeCursor(at: sequence.next) } ?? reader.cursor(from: sequence.next)
        guard let stretch = try read(cursor, after: sequence, through: limit, upTo: head) else { return nil }
        state.withLock { $0.keep(Kept(stretch: stretch, isTaken: isTaken), cursor) }
        return stretch
    }

    private func read(
        _ cursor: LogCursor, after sequence: SequenceNumber, through limit: SequenceNumber, upTo head: LogHead
    ) throws -> Stretch? {
        var builder = StretchBuilder()
        while builder.eventCount < bounds.stretchEventCount, cursor.next <= limit, let batch = try cursor.next(upTo: head) {
            try builder.add(batch, after: sequence)
        }
        return builder.finish()
    }
}

extension EventFeed.State {
    /// The stretch if it is there; nil inside when it is for the caller to decode; nil while another decodes it.
    fileprivate mutating func take(after sequence: SequenceNumber, through limit: SequenceNumber) -> Stretch?? {
        let index = recent.firstIndex { $0.stretch.first == sequence.next && $0.stretch.last <= limit }
        if index == nil, decoding.contains(sequence) { return nil }
        pause = max(pause - 1, 0)
        guard let index else {
            decoding.insert(sequence)
            return .some(nil)
        }
        recent[index].isTaken = true
        return recent[index].stretch
    }

    /// Whether the stretch is to be decoded ahead: then its beginning is noted.
    fileprivate mutating func startAhead(after sequence: SequenceNumber) -> Bool {
        let isThere = recent.contains { $0.stretch.first == sequence.next }
        if pause > 0 || isThere || !decoding.isEmpty { return false }
        decoding.insert(sequence)
        return true
    }

    fileprivate mutating func takeCursor(at sequence: SequenceNumber) -> LogCursor? {
        cursors.firstIndex { $0.next == sequence }.map { cursors.remove(at: $0) }
    }

    fileprivate mutating func keep(_ kept: EventFeed.Kept, _ cursor: LogCursor) {
        cursors.append(cursor)
        if cursors.count > ReadModelBounds.cursorCount { cursors.removeFirst() }
        recent.append(kept)
        eventCount += kept.stretch.eventCount
        while recent.count > ReadModelBounds.recentStretchCount, eventCount > ReadModelBounds.recentEventCount {
            let oldest = recent.removeFirst()
            eventCount -= oldest.stretch.eventCount
            // Many read at different places, and what is decoded ahead is gone before its turn: it was for nothing, and would be again.
            if !oldest.isTaken { pause = ReadModelBounds.aheadPauseCount }
        }
    }
}
