import LedgerModel
import SegmentLog

/// Reads the log for all projectors. They follow the same events within moments of each other, so the last stretches are kept: what one
/// has had decoded, the others find ready.
final class EventFeed: Sendable {
    private struct State {
        /// The newest last.
        var recent: [Stretch] = []
        /// Places to read on from, the one used last at the end. Each stands at the beginning of a batch.
        var cursors: [LogCursor] = []
    }

    private let reader: LogReader
    private let bounds: ReadModelBounds
    private let state = Monitor(State())

    init(_ reader: LogReader, bounds: ReadModelBounds) {
        self.reader = reader
        self.bounds = bounds
    }

    /// The stretch that begins behind `sequence`, with what is there up to the head and no log batch beyond `limit`; nil when there is
    /// nothing. Whoever comes while another decodes waits for it, and then finds it done.
    func stretch(after sequence: SequenceNumber, through limit: SequenceNumber, upTo head: LogHead) throws -> Stretch? {
        try state.withLock { state in
            if let known = state.recent.first(where: { $0.first == sequence.next && $0.last <= limit }) { return known }
            let cursor = takeCursor(at: sequence.next, from: &state)
            guard let stretch = try read(cursor, after: sequence, through: limit, upTo: head) else { return nil }
            keep(stretch, cursor, in: &state)
            return stretch
        }
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

    private func takeCursor(at sequence: SequenceNumber, from state: inout State) -> LogCursor {
        guard let index = state.cursors.firstIndex(where: { $0.next == sequence }) else { return reader.cursor(from: sequence) }
        return state.cursors.remove(at: index)
    }

    private func keep(_ stretch: Stretch, _ cursor: LogCursor, in state: inout State) {
        state.recent.append(stretch)
        if state.recent.count > ReadModelBounds.recentStretchCount { state.recent.removeFirst() }
        state.cursors.append(cursor)
        if state.cursors.count > ReadModelBounds.cursorCount { state.cursors.removeFirst() }
    }
}
