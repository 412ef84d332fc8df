import Foundation
import LedgerModel

@testable import ReadModels

/// A row of a query, read strictly.
struct Row {
    let fields: [String: Any]

    init(_ fields: [String: Any]) { self.fields = fields }

    func integer(_ name: String) -> Int64 { (fields[name] as? NSNumber)?.int64Value ?? .min }
    /// Nil when it is null.
    func optional(_ name: String) -> Int64? { (fields[name] as? NSNumber)?.int64Value }
    func text(_ name: String) -> String? { fields[name] as? String }
    func flag(_ name: String) -> Bool? { (fields[name] as? NSNumber)?.boolValue }
    func list(_ name: String) -> [Row] { (fields[name] as? [[String: Any]] ?? []).map(Row.init) }
    func texts(_ name: String) -> [String] { fields[name] as? [String] ?? [] }
    func object(_ name: String) -> [String: Int64] { (fields[name] as? [String: NSNumber] ?? [:]).mapValues(\.int64Value) }
}

extension ReadModels {
    func rows(_ method: String, _ arguments: [String: QueryValue], at sequence: SequenceNumber, now: Timestamp) async throws
        -> [Row]
    {
        try await all(method, arguments, minSeq: sequence, now: now).map(Row.init)
    }
}

extension QueryValue {
    init(_ name: Name) { self = .text(name.text) }
}

/// One movement of a use, taken straight from the events: what the read models must add up to.
struct Movement {
    enum Kind {
        /// A debit, a settlement, or a hold that expired and was captured.
        case use
        case refund
        /// It moved nothing.
        case record
    }

    let event: Event
    let kind: Kind
    let account: Name
    let feature: Name?
    let batch: Name?
    let hold: Name?
    let labels: Labels
    /// Nil on a record that says quantities alone.
    let unit: Name?
    let amount: Int64
    /// It is the event's first: what is counted once per event is counted here.
    let isFirst: Bool
    let quantities: [Quantity]
    /// The debit's number: its own, or the one that is refunded.
    let debit: SequenceNumber

    static func all(in events: [Event]) -> [Movement] {
        events.flatMap { event -> [Movement] in
            switch event.fact {
            case .debited(let fact):
                uses(event, fact.account, fact.priced, fact.use, hold: fact.late?.hold, fact.parts)
            case .settled(let fact), .holdExpired(let fact):
                uses(event, fact.account, fact.priced, fact.use, hold: fact.hold, fact.parts)
            case .refunded(let fact): fact.returns.enumerated().map { Movement(event, fact, $1, isFirst: $0 == 0) }
            case .usageRecorded(let fact): [Movement(event, fact)]
            default: []
            }
        }
    }

    private static func uses(_ event: Event, _ account: Name, _ priced: Priced?, _ use: Use, hold: Name?, _ parts: [Part])
        -> [Movement]
    {
        parts.enumerated().map { index, part in
            Movement(
                event: event, kind: .use, account: account, feature: priced?.feature, batch: use.batch, hold: hold,
                labels: use.labels, unit: part.unit, amount: part.amount.rawValue, isFirst: index == 0,
                quantities: index == 0 ? priced?.quantities ?? [] : [], debit: event.sequence)
        }
    }
}

extension Movement {
    fileprivate init(_ event: Event, _ fact: Refunded, _ returned: Return, isFirst: Bool) {
        self.init(
            event: event, kind: .refund, account: fact.account, feature: fact.feature, batch: fact.batch, hold: fact.late?.hold,
            labels: fact.labels, unit: returned.part.unit, amount: returned.part.amount.rawValue, isFirst: isFirst,
            quantities: isFirst ? fact.quantities : [], debit: fact.debit)
    }

    fileprivate init(_ event: Event, _ fact: UsageRecorded) {
        let (unit, amount, feature, quantities): (Name?, Int64, Name?, [Quantity]) =
            switch fact.ask {
            case .amount(let unit, let amount): (unit, amount.rawValue, nil, [])
            case .priced(let feature, let quantities): (nil, 0, feature, quantities)
            }
        self.init(
            event: event, kind: .record, account: fact.account, feature: feature, batch: fact.use.batch, hold: nil,
            labels: fact.use.labels, unit: unit, amount: amount, isFirst: true, quantities: quantities, debit: event.sequence)
    }
}

extension [Movement] {
    func of(_ kind: Movement.Kind) -> [Movement] { filter { $0.kind == kind } }
    var total: Int64 { reduce(0) { $0 + $1.amount } }
    var eventCount: Int64 { Int64(count(where: \.isFirst)) }
    var seqs: [Int64] { map { Int64($0.event.sequence.rawValue) } }
}

/// What was used, refunded and recorded, and how often: in each unit that was moved.
struct Sum: Hashable {
    var amount: Int64 = 0
    var count: Int64 = 0
    var refunded: Int64 = 0
    var refunds: Int64 = 0
    var recorded: Int64 = 0
    var records: Int64 = 0

    mutating func add(_ movement: Movement) {
        switch movement.kind {
        case .use: (amount, count) = (amount + movement.amount, count + 1)
        case .refund: (refunded, refunds) = (refunded + movement.amount, refunds + 1)
        case .record: (recorded, records) = (recorded + movement.amount, records + 1)
        }
    }

    init() {}

    init(_ row: Row) {
        (amount, count) = (row.integer("amount"), row.integer("count"))
        (refunded, refunds) = (row.integer("refunded"), row.integer("refunds"))
        (recorded, records) = (row.integer("recorded"), row.integer("records"))
    }

    static func by(_ key: (Movement) -> [String], _ movements: [Movement]) -> [[String]: Sum] {
        var sums: [[String]: Sum] = [:]
        for movement in movements where movement.unit != nil { sums[key(movement), default: Sum()].add(movement) }
        return sums
    }

    static func by(_ key: (Row) -> [String], _ rows: [Row]) -> [[String]: Sum] {
        Dictionary(uniqueKeysWithValues: rows.map { (key($0), Sum($0)) })
    }
}
