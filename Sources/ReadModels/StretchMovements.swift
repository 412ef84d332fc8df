import LedgerModel

/// The rows of events that move units: one per part, and one per lot of it.
extension StretchBuilder {
    // MARK: Lots

    mutating func add(_ fact: Granted, _ number: SequenceNumber, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.reason] = cell(fact.memo)
        setLot(number, fact.terms, in: &row)
        append(fact.part, 0, &row, opened: [number: fact.terms])
    }

    mutating func add(_ fact: Adjusted, _ number: SequenceNumber, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.increase] = .integer(fact.isIncrease ? 1 : 0)
        row[.reason] = cell(fact.reason)
        append(fact.part, 0, &row, opened: fact.isIncrease ? [number: LotTerms(source: .adjustment)] : [:])
    }

    mutating func add(_ fact: LotExpired, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.lot] = cell(fact.lot)
        row[.expiresAt] = cell(fact.expiresAt)
        append(fact.part, 0, &row)
    }

    mutating func add(_ fact: AllowanceOpened, _ number: SequenceNumber, _ row: inout EventRow) {
        let terms = LotTerms(priority: fact.priority, expiresAt: fact.expiresAt, source: .plan)
        (row[.account], row[.plan], row[.version]) = (cell(fact.account), cell(fact.plan), cell(fact.version))
        row[.period] = cell(fact.period.rawValue)
        row[.replaces] = cell(fact.replaces)
        setWindow(fact.window, in: &row)
        setLot(number, terms, in: &row)
        append(fact.part, 0, &row, opened: [number: terms])
    }

    private func setLot(_ number: SequenceNumber, _ terms: LotTerms, in row: inout EventRow) {
        row[.lot] = cell(number)
        row[.effectiveAt] = cell(terms.effectiveAt)
        row[.expiresAt] = cell(terms.expiresAt)
        row[.source] = cell(terms.source.rawValue)
    }

    // MARK: Uses

    mutating func add(_ fact: Debited, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.item] = cell(fact.item)
        setUse(fact.use, in: &row)
        setLate(fact.late, in: &row)
        setPriced(fact.priced, in: &row)
        append(fact.priced?.quantities ?? [], of: row)
        append(fact.parts, [], nil, &row)
    }

    mutating func add(_ fact: Refunded, _ number: SequenceNumber, _ row: inout EventRow) {
        (row[.account], row[.of], row[.debit]) = (cell(fact.account), cell(fact.of), cell(fact.debit))
        (row[.feature], row[.key], row[.batch]) = (cell(fact.feature), cell(fact.key), cell(fact.batch))
        row[.reason] = cell(fact.reason)
        setLabels(fact.labels, in: &row)
        setLate(fact.late, in: &row)
        row[.quantities] = cell(fact.quantities)
        append(fact.quantities, of: row)
        append([], fact.returns, number, &row)
    }

    /// It moves nothing: what was used stands beside no balance.
    mutating func add(_ fact: UsageRecorded, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        setUse(fact.use, in: &row)
        switch fact.ask {
        case .amount(let unit, let amount): (row[.unit], row[.amount]) = (cell(unit), cell(amount))
        case .priced(let feature, let quantities):
            row[.feature] = cell(feature)
            row[.quantities] = cell(quantities)
            append(quantities, of: row)
        }
        append(row)
    }

    private mutating func setUse(_ use: Use, in row: inout EventRow) {
        (row[.key], row[.batch]) = (cell(use.key), cell(use.batch))
        row[.occurredAt] = cell(use.occurredAt)
        row[.details] = cell(use.details)
        setLabels(use.labels, in: &row)
    }

    private mutating func setPriced(_ priced: Priced?, in row: inout EventRow) {
        guard let priced else { return }
        row[.feature] = cell(priced.feature)
        row[.price] = cell(priced.version)
        row[.quantities] = cell(priced.quantities)
    }

    private func setLate(_ late: LateSettlement?, in row: inout EventRow) {
        guard let late else { return }
        (row[.hold], row[.holdSeq]) = (cell(late.hold), cell(late.held))
        row[.method] = cell(late.method.rawValue)
        row[.shortfall] = cell(late.shortfall)
    }

    // MARK: Holds

    /// Its quantities are what may be used: they stand on its row only, not among those that were.
    mutating func add(_ fact: Held, _ event: Event, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        (row[.hold], row[.holdSeq]) = (cell(event.id), cell(event.sequence))
        row[.expiresAt] = cell(fact.terms.expiresAt)
        setUse(fact.use, in: &row)
        setPriced(fact.priced, in: &row)
        append(fact.parts, [], nil, &row)
    }

    mutating func add(_ fact: HoldEnded, _ number: SequenceNumber, _ row: inout EventRow) {
        row[.account] = cell(fact.account)
        (row[.hold], row[.holdSeq]) = (cell(fact.hold), cell(fact.held))
        row[.method] = cell(fact.method?.rawValue)
        row[.reason] = cell(fact.reason)
        row[.shortfall] = cell(fact.shortfall)
        setUse(fact.use, in: &row)
        setPriced(fact.priced, in: &row)
        append(fact.priced?.quantities ?? [], of: row)
        append(fact.parts, fact.returns, number, &row)
    }

    // MARK: Parts

    /// The rows of what was taken, then of what came back; one row without a unit when nothing moved.
    ///
    /// - Parameter number: Of the event: a lot given anew bears it.
    private mutating func append(_ parts: [Part], _ returns: [Return], _ number: SequenceNumber?, _ row: inout EventRow) {
        if parts.isEmpty, returns.isEmpty { append(row) }
        for (index, part) in parts.enumerated() { append(part, index, &row) }
        row[.returned] = .integer(1)
        for (index, returned) in returns.enumerated() {
            row[.expired] = cell(returned.expired)
            append(returned.part, parts.count + index, &row, returned: true, opened: returned.reopened)
            if let number, let terms = returned.reissued { append(reissued: returned.expired, number, terms, row) }
        }
    }

    /// A lot given anew for what had lapsed: it is not among those that were drawn from.
    private mutating func append(reissued amount: Amount, _ number: SequenceNumber, _ terms: LotTerms, _ row: borrowing EventRow)
    {
        append(Draw(lot: number, amount: amount, remaining: amount), of: row, opened: terms)
    }

    /// The row of one part. What is counted once per event stands on part 0 only.
    private mutating func append(
        _ part: Part, _ index: Int, _ row: inout EventRow, returned: Bool = false, opened: [SequenceNumber: LotTerms] = [:]
    ) {
        if index > 0 { (row[.count], row[.quantities], row[.shortfall]) = (.integer(0), .null, .null) }
        row[.part] = .integer(Int64(index))
        row[.unit] = cell(part.unit)
        row[.amount] = cell(part.amount)
        row[.returned] = .integer(returned ? 1 : 0)
        row[.available] = cell(part.balance.available)
        row[.held] = cell(part.balance.held)
        row[.unlimited] = .integer(part.balance.isUnlimited ? 1 : 0)
        append(row)
        for draw in part.lots { append(draw, of: row, opened: opened[draw.lot]) }
    }
}
