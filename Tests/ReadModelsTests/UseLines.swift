import Foundation
import LedgerModel

@testable import ReadModels

/// What one movement adds to a line of a history, taken straight from the events. A filter is judged movement by movement.
struct LineShare {
    /// Of the line's place: the event's own number, or that of its batch's opening.
    let seq: Int64
    let kind: String
    let at: Timestamp
    let day: Day
    let unit: String
    let feature: String
    /// Nil on a record that says quantities alone.
    var amount: Int64?
    var refunded: Int64 = 0
    var items: Int64 = 0
    var id: Name?
    var batch: Name?
    var of: Name?
    var hold: Name?
    let key: Name?
    let labels: Labels
    var details: String?
    var reason: String?

    /// All lines of an account's movements; a batch's are as many shares as it has items and refunds.
    static func all(in events: [Event], of account: Name) -> [LineShare] {
        var (openings, uses): ([Name: Event], [SequenceNumber: Event]) = ([:], [:])
        for event in events {
            if case .batchOpened(let fact) = event.fact, fact.account == account { openings[fact.batch] = event }
            if event.fact.use != nil { uses[event.sequence] = event }
        }
        return Movement.all(in: events).filter { $0.account == account }.flatMap { movement -> [LineShare] in
            if movement.kind != .record, let batch = movement.batch {
                return [LineShare(movement, ofBatchOpenedBy: openings[batch]!)]
            }
            let own = LineShare(movement)
            guard movement.kind == .refund else { return [own] }
            return [own, LineShare(refundedBy: movement, of: uses[movement.debit]!)]
        }
    }

    /// A line of its own.
    init(_ movement: Movement) {
        let (event, use) = (movement.event, movement.event.fact.use)
        (seq, at, day, id) = (Int64(event.sequence.rawValue), event.at, event.day, event.id)
        kind = event.fact.kindOfLine
        (unit, feature) = (movement.unit?.text ?? "", movement.feature?.text ?? "")
        amount = movement.unit == nil ? nil : movement.amount
        items = 1
        (batch, hold, key, labels) = (movement.batch, movement.hold, movement.key, movement.labels)
        details = use?.details
        if case .refunded(let fact) = event.fact { (of, reason) = (fact.of, fact.reason) }
        if case .settled(let fact) = event.fact { reason = fact.reason }
    }

    /// What a refund changes on the line of the use.
    private init(refundedBy movement: Movement, of event: Event) {
        let its = Movement.all(in: [event]).first { $0.unit == movement.unit }!
        self = LineShare(its)
        (amount, refunded, items) = (0, movement.amount, 0)
    }

    /// In a batch an item has no name of its own: it is found by its key and three of its labels.
    private init(_ movement: Movement, ofBatchOpenedBy event: Event) {
        (seq, at, day, kind) = (Int64(event.sequence.rawValue), event.at, event.day, "batch")
        (unit, feature) = (movement.unit?.text ?? "", movement.feature?.text ?? "")
        (amount, refunded) = movement.kind == .use ? (movement.amount, 0) : (0, movement.amount)
        items = movement.kind == .use ? 1 : 0
        (batch, key) = (movement.batch, movement.key)
        var known: Labels = [:]
        for name in ["model", "platform", "status"] as [Name] { known[name] = movement.labels[name] }
        labels = known
    }

    /// Whether a text is found in it.
    func contains(_ text: String) -> Bool {
        let said = details.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
        let words: [String?] =
            [id?.text, batch?.text, of?.text, hold?.text, reason]
            + labels.flatMap { [$0.text, $1.text] } + namesAndValues(in: said)
        return words.contains { $0?.lowercased().contains(text.lowercased()) == true }
    }
}

/// The names and the values in a value of JSON.
private func namesAndValues(in value: Any?) -> [String] {
    switch value {
    case let members as [String: Any]: members.flatMap { [$0.key] + namesAndValues(in: $0.value) }
    case let elements as [Any]: elements.flatMap { namesAndValues(in: $0) }
    case let text as String: [text]
    case let number as NSNumber: [canonical(number)]
    default: []
    }
}

extension Fact {
    /// What is said about a use, or about what was recorded.
    var use: Use? {
        switch self {
        case .debited(let fact): fact.use
        case .settled(let fact), .holdExpired(let fact): fact.use
        case .usageRecorded(let fact): fact.use
        default: nil
        }
    }

    fileprivate var kindOfLine: String {
        switch self {
        case .debited: "debit"
        case .settled: "settlement"
        case .holdExpired: "capture"
        case .refunded: "refund"
        default: "record"
        }
    }
}

extension Movement {
    var key: Name? {
        if case .refunded(let fact) = event.fact { fact.key } else { event.fact.use?.key }
    }
}
