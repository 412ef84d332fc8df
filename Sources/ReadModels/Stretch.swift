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
    let tables: [CellTable]
    let text: StretchText
    private let orders: [Monitor<Orders>]

    init(first: SequenceNumber, last: SequenceNumber, chain: ChainHash, at: Timestamp, tables: [CellTable], text: StretchText) {
        self.first = first
        self.last = last
        self.chain = chain
        self.at = at
        self.tables = tables
        self.text = text
        orders = tables.map { _ in Monitor(Orders()) }
    }

    var eventCount: Int { Int(last.rawValue - first.rawValue) + 1 }

    // MARK: Orders

    /// The orders in which a table's rows were asked for: many statements of many projectors ask for the same.
    private struct Orders {
        var codes: [Int: RowCodes] = [:]
        var rows: [RowOrder: ContiguousArray<UInt32>] = [:]
    }

    /// The numbers of a table's rows in an order; nil for the order of the log. They stay where they are as long as the stretch lives.
    func rows(of table: Int, in order: RowOrder) -> UnsafePointer<UInt32>? {
        if order.isOfTheLog { return nil }
        return orders[table].withLock { orders in
            let rows = orders.rows[order] ?? sorted(table, order, &orders.codes)
            orders.rows[order] = rows
            return rows.withUnsafeBufferPointer { $0.baseAddress }
        }
    }

    private func sorted(_ table: Int, _ order: RowOrder, _ known: inout [Int: RowCodes]) -> ContiguousArray<UInt32> {
        var sorting = RowSorting(rowCount: tables[table].count)
        for term in order.terms.reversed() {
            let codes = known[term.column] ?? RowCodes(of: term.column, in: tables[table], text)
            known[term.column] = codes
            sorting.sort(by: codes, isDescending: term.isDescending)
        }
        return sorting.finish()
    }
}
