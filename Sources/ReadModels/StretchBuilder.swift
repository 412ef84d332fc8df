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
        line.withUnsafeBytes { add(event, line: $0) }
    }

    /// Nil when nothing was added.
    consuming func finish() -> Stretch? {
        guard let first else { return nil }
        return Stretch(first: first, last: last, chain: chain, at: at, tables: [events, quantities, draws], text: text)
    }

    // MARK: Rows

    /// Cells by column of one table.
    private struct Row<Column: CaseIterable & RawRepresentable<Int>> {
        var cells = ContiguousArray<Cell>(repeating: .null, count: Column.allCases.count)

        subscript(column: Column) -> Cell {
            get { cells[column.rawValue] }
            set { cells[column.rawValue] = newValue }
        }
    }

    private typealias EventRow = Row<StretchTables.Event>

    private mutating func add(_ event: Event, line: UnsafeRawBufferPointer) {
        let type = EventType(event.fact)
        var row = head(event, type)
        row[.json] = text.append(line)
        switch event.fact {
        case .ledgerOpened, .recovered, .alertDelivered, .alertRead: break
        case .accountOpened(let fact):
            row[.account] = cell(fact.account)
            row[.name] = cell(fact.name)
            setLabels(fact.labels, in: &row)
        case .granted(let fact): return add(fact, event, &row)
        case .adjusted(let fact): return add(fact, event, &row)
        case .lotExpired(let fact): return add(fact, event, &row)
        case .debited(let fact): return add(fact, event, &row)
        case .refunded(let fact): return add(fact, event, &row)
        case .itemsRejected(let fact):
            setBatch(fact.account, fact.batch, in: &row)
            row[.items] = .integer(Int64(fact.items.count))
        case .batchOpened(let fact):
            setBatch(fact.account, fact.batch, in: &row)
            row[.feature] = cell(fact.feature)
            row[.size] = cell(fact.size)
        case .batchClosed(let fact): setBatch(fact.account, fact.batch, in: &row)
        case .configured(let fact): setDocument(fact, in: &row)
        case .alertRaised(let fact): setAlert(fact, in: &row)
        }
        events.append(row.cells, type: type.rawValue)
    }

    private mutating func head(_ event: Event, _ type: EventType) -> EventRow {
        if case .null = types[Int(type.rawValue)] { types[Int(type.rawValue)] = text.append("\(event.fact.type)") }
        if tenant?.name != event.tenant { tenant = (event.tenant, cell(event.tenant)) }
        if day?.day != event.day { day = (event.day, text.append(event.day.description)) }
        var row = EventRow()
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

    private func cell(_ name: Name?) -> Cell { name.map { text.append($0.text) } ?? .null }
    private func cell(_ words: String?) -> Cell { words.map { text.append($0) } ?? .null }
    private func cell(_ count: Int?) -> Cell { count.map { .integer(Int64($0)) } ?? .null }
    private func cell(_ amount: Amount) -> Cell { .integer(amount.rawValue) }
    private func cell(_ instant: Timestamp?) -> Cell { instant.map { .integer($0.rawValue) } ?? .null }
    private func cell(_ sequence: SequenceNumber) -> Cell { .integer(Int64(sequence.rawValue)) }

    // MARK: Columns that several kinds share

    private func setBatch(_ account: Name, _ batch: Name, in row: inout EventRow) {
        row[.account] = cell(account)
        row[.batch] = cell(batch)
    }

    private mutating func setLabels(_ labels: Labels, in row: inout EventRow) {
        if labels.isEmpty { return }
        row[.model] = cell(labels["model"])
        row[.platform] = cell(labels["platform"])
        row[.status] = cell(labels["status"])
        row[.labels] = written { $0.labels(labels) }
    }

    private mutating func setQuantities(_ quantities: [Quantity], in row: inout EventRow) {
        if quantities.isEmpty { return }
        row[.quantities] = written { $0.quantities(quantities) }
    }

    private mutating func written(_ write: (inout JSONWriter) -> Void) -> Cell {
        json.removeAll()
        write(&json)
        return text.append(json.bytes)
    }

    private func setDocument(_ fact: Configured, in row: inout EventRow) {
        row[.document] = text.append(fact.key.description)
        row[.version] = cell(fact.version)
        row[.rollbackOf] = cell(fact.rollbackOf)
        row[.reason] = cell(fact.reason)
    }

    private func setAlert(_ fact: AlertRaised, in row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.rule] = cell(fact.rule)
        row[.severity] = text.append(fact.severity.rawValue)
        switch fact.condition {
        case .lowBalance(let unit, let below, let available):
            row[.unit] = cell(unit)
            row[.amount] = cell(below)
            row[.available] = cell(available)
        }
    }

    // MARK: Events that move units

    private mutating func add(_ fact: Granted, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.lot] = cell(event.sequence)
        row[.expiresAt] = cell(fact.terms.expiresAt)
        row[.source] = text.append(fact.terms.source.rawValue)
        row[.reason] = cell(fact.memo)
        append(fact.part, 0, .granted, &row, opened: [event.sequence: fact.terms])
    }

    private mutating func add(_ fact: Adjusted, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.increase] = .integer(fact.isIncrease ? 1 : 0)
        row[.reason] = cell(fact.reason)
        append(fact.part, 0, .adjusted, &row, opened: fact.isIncrease ? [event.sequence: LotTerms(source: .adjustment)] : [:])
    }

    private mutating func add(_ fact: LotExpired, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.lot] = cell(fact.lot)
        row[.expiresAt] = cell(fact.expiresAt)
        append(fact.part, 0, .lotExpired, &row, opened: [:])
    }

    private mutating func add(_ fact: Debited, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.key] = cell(fact.use.key)
        row[.batch] = cell(fact.use.batch)
        row[.item] = cell(fact.item)
        row[.occurredAt] = cell(fact.use.occurredAt)
        setLabels(fact.use.labels, in: &row)
        if let priced = fact.priced {
            row[.feature] = cell(priced.feature)
            row[.price] = cell(priced.version)
            setQuantities(priced.quantities, in: &row)
            append(priced.quantities, .debited, row)
        }
        for (index, part) in fact.parts.enumerated() { append(part, index, .debited, &row, opened: [:]) }
    }

    private mutating func add(_ fact: Refunded, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.of] = cell(fact.of)
        row[.debit] = cell(fact.debit)
        row[.feature] = cell(fact.feature)
        row[.batch] = cell(fact.batch)
        row[.reason] = cell(fact.reason)
        setLabels(fact.labels, in: &row)
        setQuantities(fact.quantities, in: &row)
        append(fact.quantities, .refunded, row)
        for (index, returned) in fact.returns.enumerated() {
            row[.expired] = cell(returned.expired)
            append(returned.part, index, .refunded, &row, opened: returned.reopened)
            // A lot given anew for what had lapsed: it is not among those that were drawn from.
            if let terms = returned.reissued {
                append(
                    Draw(lot: event.sequence, amount: returned.expired, remaining: returned.expired), .refunded, row,
                    opened: terms)
            }
        }
    }

    /// The row of one part. What is counted once per event stands on part 0 only.
    private mutating func append(
        _ part: Part, _ index: Int, _ type: EventType, _ row: inout EventRow, opened: [SequenceNumber: LotTerms]
    ) {
        if index > 0 { (row[.count], row[.quantities]) = (.integer(0), .null) }
        row[.part] = .integer(Int64(index))
        row[.unit] = cell(part.unit)
        row[.amount] = cell(part.amount)
        row[.available] = cell(part.balance.available)
        row[.held] = cell(part.balance.held)
        events.append(row.cells, type: type.rawValue)
        for draw in part.lots { append(draw, type, row, opened: opened[draw.lot]) }
    }

    private mutating func append(_ draw: Draw, _ type: EventType, _ event: EventRow, opened terms: LotTerms?) {
        var row = Row<StretchTables.Draw>()
        (row[.seq], row[.part], row[.type]) = (event[.seq], event[.part], event[.type])
        (row[.tenant], row[.account], row[.unit]) = (event[.tenant], event[.account], event[.unit])
        row[.lot] = cell(draw.lot)
        row[.amount] = cell(draw.amount)
        row[.remaining] = cell(draw.remaining)
        row[.opened] = .integer(terms == nil ? 0 : 1)
        if let terms {
            row[.priority] = cell(terms.priority)
            row[.effectiveAt] = cell(terms.effectiveAt)
            row[.expiresAt] = cell(terms.expiresAt)
            row[.source] = text.append(terms.source.rawValue)
        }
        draws.append(row.cells, type: type.rawValue)
    }

    private mutating func append(_ counts: [Quantity], _ type: EventType, _ event: EventRow) {
        for count in counts {
            var row = Row<StretchTables.Quantity>()
            (row[.seq], row[.part], row[.type], row[.day]) = (event[.seq], .integer(0), event[.type], event[.day])
            (row[.tenant], row[.account], row[.feature]) = (event[.tenant], event[.account], event[.feature])
            (row[.batch], row[.debit]) = (event[.batch], event[.debit])
            row[.dimension] = cell(count.dimension)
            row[.quantity] = cell(count.count)
            quantities.append(row.cells, type: type.rawValue)
        }
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
