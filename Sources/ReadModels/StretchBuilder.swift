import EventCodec
import Glibc
import JSONText
import LedgerModel
import SegmentLog

/// Makes a stretch of whole log batches.
struct StretchBuilder: ~Copyable {
    private let text = StretchText()
    private let events = CellTable(columnCount: StretchTables.Event.allCases.count)
    private let quantities = CellTable(columnCount: StretchTables.Quantity.allCases.count)
    private let draws = CellTable(columnCount: StretchTables.Draw.allCases.count)
    private var json = JSONWriter(capacity: 1024)
    /// The names of the types, and the day of the event before: what is costly to write.
    private let types: [Cell]
    private var day: (day: Day, cell: Cell)?
    private var first: SequenceNumber?
    private var last = SequenceNumber.zero
    private var chain = ChainHash.zero
    private var at = Timestamp(microseconds: 0)

    init() {
        let text = text
        types = EventType.allCases.map { type in "\(type)".withBytes { .text(text.intern($0)) } }
    }

    var eventCount: Int { first.map { Int(last.rawValue - $0.rawValue) + 1 } ?? 0 }

    /// Adds the events of a batch that come after `sequence`.
    mutating func add(_ batch: LogBatch, after sequence: SequenceNumber) throws(EventError) {
        var next = batch.firstSequence
        var rest = batch.records.withUnsafeBytes { text.keep($0) }
        while let line = StretchBuilder.takeLine(&rest) {
            if next > sequence { try add(line) }
            next = next.next
        }
        chain = batch.chain
    }

    /// The next of lines that each end in a newline, without it.
    private static func takeLine(_ rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let start = rest.baseAddress, let end = memchr(start, Int32(UInt8(ascii: "\n")), rest.count) else { return nil }
        let count = UnsafeRawPointer(end) - start
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[(count + 1)...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }

    private mutating func add(_ line: UnsafeRawBufferPointer) throws(EventError) {
        let event = try EventCodec.decode(line)
        if first == nil { first = event.sequence }
        (last, at) = (event.sequence, event.at)
        var row = head(event)
        row[.json] = .text(text.number(kept: line))
        add(event, &row)
    }

    /// Nil when nothing was added.
    consuming func finish() -> Stretch? {
        guard let first else { return nil }
        return Stretch(first: first, last: last, chain: chain, at: at, tables: [events, quantities, draws], text: text)
    }

    // MARK: Rows

    /// A row of `events`, and the kind of event that it belongs to.
    struct EventRow: ~Copyable {
        let type: EventType
        fileprivate var cells: CellRow

        subscript(column: StretchTables.Event) -> Cell {
            get { cells[column.rawValue] }
            set { cells[column.rawValue] = newValue }
        }
    }

    private mutating func head(_ event: Event) -> EventRow {
        let type = EventType(event.fact)
        if day?.day != event.day { day = (event.day, cell(event.day.description)) }
        var row = EventRow(type: type, cells: events.newRow())
        row[.seq] = cell(event.sequence)
        row[.part] = .integer(0)
        row[.type] = types[Int(type.rawValue)]
        row[.count] = .integer(1)
        row[.at] = cell(event.at)
        row[.hour] = .integer(event.at.rawValue / 3_600_000_000)
        row[.day] = day?.cell ?? .null
        row[.tenant] = cell(event.tenant)
        row[.id] = cell(event.id)
        row[.peer] = event.peer.map { .integer(Int64($0)) } ?? .null
        row[.actor] = cell(event.actor)
        return row
    }

    mutating func append(_ row: borrowing EventRow) { events.append(row.cells, type: row.type) }

    /// One row per dimension, beside the event's own.
    mutating func append(_ counts: [Quantity], of event: borrowing EventRow) {
        if counts.isEmpty { return }
        var row = quantities.newRow()
        for (column, source) in StretchTables.Quantity.ofEvent { row[column] = event[source] }
        row[StretchTables.Quantity.part.rawValue] = .integer(0)
        for count in counts {
            row[StretchTables.Quantity.dimension.rawValue] = cell(count.dimension)
            row[StretchTables.Quantity.quantity.rawValue] = cell(count.count)
            quantities.append(row, type: event.type)
        }
    }

    /// One row for a lot of the event's part.
    ///
    /// - Parameter terms: Of a lot that it opened.
    mutating func append(_ draw: Draw, of event: borrowing EventRow, opened terms: LotTerms?) {
        var row = draws.newRow()
        for (column, source) in StretchTables.Draw.ofEvent { row[column] = event[source] }
        row[StretchTables.Draw.lot.rawValue] = cell(draw.lot)
        row[StretchTables.Draw.amount.rawValue] = cell(draw.amount)
        row[StretchTables.Draw.remaining.rawValue] = cell(draw.remaining)
        row[StretchTables.Draw.opened.rawValue] = .integer(terms == nil ? 0 : 1)
        if let terms { set(terms, of: event, in: &row) }
        draws.append(row, type: event.type)
    }

    private func set(_ terms: LotTerms, of event: borrowing EventRow, in row: inout CellRow) {
        row[StretchTables.Draw.priority.rawValue] = cell(terms.priority)
        row[StretchTables.Draw.effectiveAt.rawValue] = cell(terms.effectiveAt)
        row[StretchTables.Draw.expiresAt.rawValue] = cell(terms.expiresAt)
        row[StretchTables.Draw.source.rawValue] = cell(terms.source.rawValue)
        row[StretchTables.Draw.plan.rawValue] = event[.plan]
        row[StretchTables.Draw.period.rawValue] = event[.period]
    }

    // MARK: Cells

    func cell(_ name: Name?) -> Cell { name.map { $0.text.withBytes { .text(text.intern($0)) } } ?? .null }
    func cell(_ words: String?) -> Cell { words.map { $0.withBytes { .text(text.intern($0)) } } ?? .null }
    func cell(_ count: Int?) -> Cell { count.map { .integer(Int64($0)) } ?? .null }
    func cell(_ amount: Amount?) -> Cell { amount.map { .integer($0.rawValue) } ?? .null }
    func cell(_ instant: Timestamp?) -> Cell { instant.map { .integer($0.rawValue) } ?? .null }
    func cell(_ sequence: SequenceNumber?) -> Cell { sequence.map { .integer(Int64($0.rawValue)) } ?? .null }

    mutating func cell(_ labels: Labels) -> Cell { labels.isEmpty ? .null : written { $0.labels(labels) } }
    mutating func cell(_ quantities: [Quantity]) -> Cell { quantities.isEmpty ? .null : written { $0.quantities(quantities) } }

    private mutating func written(_ write: (inout JSONWriter) -> Void) -> Cell {
        json.removeAll()
        write(&json)
        return .text(text.append(json.bytes))
    }
}

extension String {
    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
