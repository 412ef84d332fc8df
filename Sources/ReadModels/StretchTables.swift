/// The tables that `apply.sql` reads: the next stretch of the log, decoded. `docs/read-models.md` says what each column means.
enum StretchTables {
    /// One row per event and part of it.
    enum Event: Int, CaseIterable {
        case seq, part, type, count, at, hour, day, tenant, id, peer, actor, account
        case unit, amount, returned, expired, available, held, unlimited
        case feature, price, quantities, batch, item, of, debit, key, model, platform, status, labels, occurredAt, details
        case hold, holdSeq, method, shortfall
        case increase, lot, effectiveAt, expiresAt, source
        case plan, period, windowStart, windowEnd, replaces
        case name, reason, size, items, document, version, rollbackOf, rule, severity, json
    }

    /// One row per event and dimension of its quantities.
    enum Quantity: Int, CaseIterable {
        case seq, part, type, day, tenant, account, feature, batch, debit, dimension, quantity
    }

    /// One row per event and lot that it opened, drew from or gave back to.
    enum Draw: Int, CaseIterable {
        case seq, part, type, tenant, account, unit, lot, amount, remaining, returned, opened
        case priority, effectiveAt, expiresAt, source, plan, period
    }

    static let names = ["events", "quantities", "draws"]
    static let columns = [Event.allCases.map { "\($0)" }, Quantity.allCases.map { "\($0)" }, Draw.allCases.map { "\($0)" }]

    /// Every table begins with these columns: rows come in the order of the first two, and a filter on the type is cheap.
    static let seqColumn = 0
    static let partColumn = 1
    static let typeColumn = 2
}

extension StretchTables.Quantity {
    /// The columns that say what the event says.
    static let ofEvent: [(Int, StretchTables.Event)] = [
        (seq.rawValue, .seq), (type.rawValue, .type), (day.rawValue, .day), (tenant.rawValue, .tenant),
        (account.rawValue, .account),
        (feature.rawValue, .feature), (batch.rawValue, .batch), (debit.rawValue, .debit),
    ]
}

extension StretchTables.Draw {
    /// The columns that say what the event's part says.
    static let ofEvent: [(Int, StretchTables.Event)] = [
        (seq.rawValue, .seq), (part.rawValue, .part), (type.rawValue, .type), (tenant.rawValue, .tenant),
        (account.rawValue, .account),
        (unit.rawValue, .unit), (returned.rawValue, .returned),
    ]
}
