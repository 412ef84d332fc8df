/// Units on an account with one expiry and one place in the order, named by the event that opened them.
public struct Lot: Hashable, Sendable {
    public let number: SequenceNumber
    /// Never zero while the lot is open.
    public internal(set) var remaining: Amount
    public let terms: LotTerms

    func hasLapsed(at now: Timestamp) -> Bool { terms.expiresAt.map { $0 <= now } ?? false }
    func isInForce(at now: Timestamp) -> Bool { !hasLapsed(at: now) && (terms.effectiveAt.map { $0 <= now } ?? true) }

    /// Burn-down order: lower priority number, then soonest expiry, then oldest.
    static func isDrawnBefore(_ left: Lot, _ right: Lot) -> Bool {
        if left.terms.priority != right.terms.priority { return left.terms.priority < right.terms.priority }
        let (leftEnd, rightEnd) = (left.terms.expiresAt?.rawValue ?? .max, right.terms.expiresAt?.rawValue ?? .max)
        return leftEnd != rightEnd ? leftEnd < rightEnd : left.number < right.number
    }
}

/// What an account has of one unit: its open lots in burn-down order, and the alerts that stand.
struct Purse: Hashable, Sendable {
    /// An alert that was raised and is not armed again.
    struct Mark: Hashable, Sendable {
        let rule: Name
        let below: Amount
    }

    static let lotCountMax = 256

    let unit: Name
    private(set) var lots: [Lot] = []
    private(set) var marks: [Mark] = []

    init(unit: Name) { self.unit = unit }

    /// The sum of the lots in force. It cannot pass 2^53-1, for `total` cannot.
    func available(at now: Timestamp) -> Amount {
        lots.reduce(.zero) { $1.isInForce(at: now) ? $0 + $1.remaining : $0 }
    }

    func balance(at now: Timestamp) -> Balance { Balance(available: available(at: now)) }

    /// The sum of all open lots, those not yet in force included.
    var total: Amount { lots.reduce(.zero) { $0 + $1.remaining } }

    func lot(_ number: SequenceNumber) -> Lot? { lots.first { $0.number == number } }

    mutating func open(_ lot: Lot) {
        lots.insert(lot, at: lots.firstIndex { Lot.isDrawnBefore(lot, $0) } ?? lots.endIndex)
    }

    /// What a lot has left from now on; at zero it is forgotten. A lot that is not open is a programming error.
    mutating func set(_ number: SequenceNumber, remaining: Amount) {
        let index = lots.firstIndex { $0.number == number }!
        if remaining == .zero { lots.remove(at: index) } else { lots[index].remaining = remaining }
    }

    /// Takes units from lots in force, in burn-down order. More than is available is a programming error.
    mutating func take(_ amount: Amount, at now: Timestamp) -> [Draw] {
        var draws: [Draw] = []
        var missing = amount
        for lot in lots where missing > .zero && lot.isInForce(at: now) {
            let drawn = min(missing, lot.remaining)
            draws.append(Draw(lot: lot.number, amount: drawn, remaining: lot.remaining - drawn))
            missing = missing - drawn
        }
        precondition(missing == .zero, "more was taken than is available")
        for draw in draws { set(draw.lot, remaining: draw.remaining) }
        return draws
    }

    /// Forgets the lots that have lapsed, and answers them.
    mutating func lapse(at now: Timestamp) -> [Lot] {
        let lapsed = lots.filter { $0.hasLapsed(at: now) }
        if !lapsed.isEmpty { lots.removeAll { $0.hasLapsed(at: now) } }
        return lapsed
    }

    /// Notes that an alert was raised. It may be noted already, when it was armed by time alone and raised again.
    mutating func mark(_ mark: Mark) {
        if !marks.contains(mark) { marks.append(mark) }
    }

    /// Arms the alerts whose condition no longer holds.
    mutating func arm(at available: Amount) {
        if !marks.isEmpty { marks.removeAll { available >= $0.below } }
    }
}
