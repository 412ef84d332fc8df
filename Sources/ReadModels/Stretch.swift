import LedgerModel
import SegmentLog

/// The next events of the log, decoded into the tables that `apply.sql` reads. Made once, and read by all projectors that come to it.
final class Stretch: @unchecked Sendable {
    let first: SequenceNumber
    let last: SequenceNumber
    /// The chain of the log batch that ends the stretch.
    let chain: ChainHash
    /// The time of the last event.
    let at: Timestamp
    /// In the order of `StretchTables.names`.
    let tables: [CellRows]
    let text: StretchText

    init(first: SequenceNumber, last: SequenceNumber, chain: ChainHash, at: Timestamp, tables: [CellRows], text: StretchText) {
        self.first = first
        self.last = last
        self.chain = chain
        self.at = at
        self.tables = tables
        self.text = text
    }

    var eventCount: Int { Int(last.rawValue - first.rawValue) + 1 }
}
