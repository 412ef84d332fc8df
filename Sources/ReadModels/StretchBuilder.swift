import EventCodec
import JSONText
import LedgerModel
import SegmentLog

/// Makes a stretch of whole log batches.
struct StretchBuilder: ~Copyable {
    private let text = StretchText(capacity: 1 << 16)
    private var events = CellRows(columnCount: StretchTables.Event.allCases.count)
    private var quantities = CellRows(columnCount: StretchTables.Quantity.allCases.count)
    private var draws = CellRows(columnCount: StretchTables.Draw.allCases.count)
    private var json = JSONWriter(capacity: 1024)
    /// Texts that most events share, kept once: by type, and of the event before.
    private var types = [Cell](repeating: .null, count: EventType.allCases.count)
    private var tenant: (name: Name, cell: Cell)?
    private var day: (day: Day, cell: Cell)?
    private var first: SequenceNumber?
    private var last = SequenceNumber.zero
    private var chain = ChainHash.zero
    private var at = Timestamp(microseconds: 0)

    init() {}

    var eventCount: Int { first.map { Int(last.rawValue - $0.rawValue) + 1 } ?? 0 }

    /// Adds the events of a batch that come after `sequence`.
    mutating func add(_ batch: LogBatch, after sequence: SequenceNumber) throws(EventError) {
        var next = batch.firstSequence
        for line in batch.records.split(separator: UInt8(ascii: "\n")) {
            if next > sequence { try add(line) }
            next = next.next
        }
        chain = batch.chain
    }

    private mutating func add(_ line: ArraySlice<UInt8>) throws(EventError) {
        let event = try EventCodec.decode(line)
        if first == nil { first = event.sequence }
        (last, at) = (event.sequence, event.at)
        line.withUnsafeBytes { bytes in
            var row = head(event)
            row[.json] = text.append(bytes)
            add(event, &row)
        }
    }

    /// Nil when nothing was added.
    consuming func finish() -> Stretch? {
        guard let first else { return nil }
        return Stretch(first: first, last: last, chain: chain, at: at, tables: [events, quantities, draws], text: text)
    }

    // MARK: Rows

    /// Cells by column of one table.
    struct Row<Column: CaseIterable & RawRepresentable<Int>> {
        fileprivate(set) var cells = ContiguousArray<Cell>(repeating: .null, count: Column.allCases.count)

        subscript(column: Column) -> Cell {
            get { cells[column.rawValue] }
            set { cells[column.rawValue] = newValue }
        }
    }

    /// A row of `events`, and the kind of event that it belongs to.
    struct EventRow {
        let type: EventType
        fileprivate(set) var row = Row<StretchTables.Event>()

        subscript(column: StretchTables.Event) -> Cell {
            get { row[column] }
            set { row[column] = newValue }
        }
    }

    private mutating func head(_ event: Event) -> EventRow {
        let type = EventType(event.fact)
        if case .null = types[Int(type.rawValue)] { types[Int(type.rawValue)] = text.append("\(event.fact.type)") }
        if tenant?.name != event.tenant { tenant = (event.tenant, cell(event.tenant)) }
        if day?.day != event.day { day = (event.day, text.append(event.day.description)) }
        var row = EventRow(type: type)
        row[.seq] = cell(event.sequence)
        row[.part] = .integer(0)
        row[.type] = types[Int(type.rawValue)]
        row[.count] = .integer(1)
        row[.at] = cell(event.at)
        row[.day] = day?.cell ?? .null
        row[.tenant] = tenant?.cell ?? .null
        row[.id] = cell(event.id)
        row[.peer] = event.peer.map { .integer(Int64($0)) } ?? .null
        row[.actor] = cell(event.actor)
        return row
    }

    mutating func append(_ row: EventRow) { events.append(row.row.cells, type: row.type.rawValue) }

    /// One row per dimension, beside the event's own.
    mutating func append(_ counts: [Quantity], of event: EventRow) {
        for count in counts {
            var row = Row<StretchTables.Quantity>()
            (row[.seq], row[.part], row[.type], row[.day]) = (event[.seq], .integer(0), event[.type], event[.day])
            (row[.tenant], row[.account], row[.feature]) = (event[.tenant], event[.account], event[.feature])
            (row[.batch], row[.debit]) = (event[.batch], event[.debit])
            row[.dimension] = cell(count.dimension)
            row[.quantity] = cell(count.count)
            quantities.append(row.cells, type: event.type.rawValue)
        }
    }

    /// One row for a lot of the event's part.
    ///
    /// - Parameter terms: Of a lot that it opened.
    mutating func append(_ draw: Draw, of event: EventRow, opened terms: LotTerms?) {
        var row = Row<StretchTables.Draw>()
        (row[.seq], row[.part], row[.type]) = (event[.seq], event[.part], event[.type])
        (row[.tenant], row[.account], row[.unit]) = (event[.tenant], event[.account], event[.unit])
        row[.lot] = cell(draw.lot)
        row[.amount] = cell(draw.amount)
        row[.remaining] = cell(draw.remaining)
        row[.returned] = event[.returned]
        row[.opened] = .integer(terms == nil ? 0 : 1)
        if let terms {
            row[.priority] = cell(terms.priority)
            row[.effectiveAt] = cell(terms.effectiveAt)
            row[.expiresAt] = cell(terms.expiresAt)
            row[.source] = text.append(terms.source.rawValue)
            (row[.plan], row[.period]) = (event[.plan], event[.period])
        }
        draws.append(row.cells, type: event.type.rawValue)
    }

    // MARK: Cells

    func cell(_ name: Name?) -> Cell { name.map { text.append($0.text) } ?? .null }
    func cell(_ words: String?) -> Cell { words.map { text.append($0) } ?? .null }
    func cell(_ count: Int?) -> Cell { count.map { .integer(Int64($0)) } ?? .null }
    func cell(_ amount: Amount?) -> Cell { amount.map { .integer($0.rawValue) } ?? .null }
    func cell(_ instant: Timestamp?) -> Cell { instant.map { .integer($0.rawValue) } ?? .null }
    func cell(_ sequence: SequenceNumber?) -> Cell { sequence.map { .integer(Int64($0.rawValue)) } ?? .null }

    mutating func cell(_ labels: Labels) -> Cell { labels.isEmpty ? .null : written { $0.labels(labels) } }
    mutating func cell(_ quantities: [Quantity]) -> Cell { quantities.isEmpty ? .null : written { $0.quantities(quantities) } }

    private mutating func written(_ write: (inout JSONWriter) -> Void) -> Cell {
        json.removeAll()
        write(&json)
        return text.append(json.bytes)
    }
}

extension EventCodec {
    fileprivate static func decode(_ line: ArraySlice<UInt8>) throws(EventError) -> Event {
        var result: Result<Event, EventError>?
        line.withUnsafeBytes { bytes in
            result = Result { () throws(EventError) in try decode(bytes) }
        }
        return try result!.get()
    }
}
