import Foundation
import LedgerModel

@testable import ReadModels

/// A row of a query, read strictly.
struct Row {
    let fields: [String: Any]

    init(_ fields: [String: Any]) { self.fields = fields }

    func integer(_ name: String) -> Int64 { (fields[name] as? NSNumber)?.int64Value ?? .min }
    func text(_ name: String) -> String? { fields[name] as? String }
    func list(_ name: String) -> [Row] { (fields[name] as? [[String: Any]] ?? []).map(Row.init) }
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
    let event: Event
    let isRefund: Bool
    let account: Name
    let feature: Name?
    let batch: Name?
    let labels: Labels
    let unit: Name
    let amount: Int64
    let quantities: [Quantity]
    /// The debit's number: its own, or the one that is refunded.
    let debit: SequenceNumber

    static func all(in events: [Event]) -> [Movement] {
        events.flatMap { event -> [Movement] in
            switch event.fact {
            case .debited(let fact):
                fact.parts.enumerated().map { index, part in
                    Movement(
                        event: event, isRefund: false, account: fact.account, feature: fact.priced?.feature,
                        batch: fact.use.batch,
                        labels: fact.use.labels, unit: part.unit, amount: part.amount.rawValue,
                        quantities: index == 0 ? fact.priced?.quantities ?? [] : [], debit: event.sequence)
                }
            case .refunded(let fact):
                fact.returns.enumerated().map { index, returned in
                    Movement(
                        event: event, isRefund: true, account: fact.account, feature: fact.feature, batch: fact.batch,
                        labels: fact.labels,
                        unit: returned.part.unit, amount: returned.part.amount.rawValue,
                        quantities: index == 0 ? fact.quantities : [],
                        debit: fact.debit)
                }
            default: []
            }
        }
    }
}

/// What was debited and refunded, and how often.
struct Sum: Hashable {
    var amount: Int64 = 0
    var count: Int64 = 0
    var refunded: Int64 = 0
    var refunds: Int64 = 0

    mutating func add(_ movement: Movement) {
        if movement.isRefund {
            (refunded, refunds) = (refunded + movement.amount, refunds + 1)
        } else {
            (amount, count) = (amount + movement.amount, count + 1)
        }
    }

    init() {}

    init(_ row: Row) {
        (amount, count, refunded, refunds) = (
            row.integer("amount"), row.integer("count"), row.integer("refunded"), row.integer("refunds")
        )
    }

    static func by(_ key: (Movement) -> [String], _ movements: [Movement]) -> [[String]: Sum] {
        var sums: [[String]: Sum] = [:]
        for movement in movements { sums[key(movement), default: Sum()].add(movement) }
        return sums
    }

    static func by(_ key: (Row) -> [String], _ rows: [Row]) -> [[String]: Sum] {
        Dictionary(uniqueKeysWithValues: rows.map { (key($0), Sum($0)) })
    }
}
