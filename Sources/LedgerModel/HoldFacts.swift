/// Units were taken out of lots for a while.
public struct Held: Hashable, Sendable {
    public var account: Name
    /// Nil when the hold named unit and amount itself.
    public var priced: Priced?
    public var use: Use
    public var terms: HoldTerms
    /// One per unit, in the order of the price's charges.
    public var parts: [Part]
    /// The counters that it moved: its key's.
    public var meters: [Meter]

    public init(account: Name, priced: Priced?, use: Use, terms: HoldTerms, parts: [Part], meters: [Meter] = []) {
        self.account = account
        self.priced = priced
        self.use = use
        self.terms = terms
        self.parts = parts
        self.meters = meters
    }
}

/// When a hold ends by itself, and what may be taken when it is settled.
public struct HoldTerms: Hashable, Sendable {
    /// What becomes of it when nobody settles or releases it in time.
    public enum Expiry: String, Hashable, Sendable, CaseIterable {
        case release, capture
    }

    /// What a settlement above the held amount takes.
    public enum Overage: Hashable, Sendable {
        /// Nothing: it is refused.
        case reject
        /// What is held.
        case cap
        /// Up to so many more of the last charge's unit, from what is available.
        case allow(Amount)
    }

    public var expiresAt: Timestamp
    public var onExpiry: Expiry
    public var overage: Overage

    public init(expiresAt: Timestamp, onExpiry: Expiry = .release, overage: Overage = .reject) {
        self.expiresAt = expiresAt
        self.onExpiry = onExpiry
        self.overage = overage
    }
}

/// A hold lasts longer, or shorter.
public struct HoldExtended: Hashable, Sendable {
    public var account: Name
    /// The hold's id.
    public var hold: Name
    public var expiresAt: Timestamp

    public init(account: Name, hold: Name, expiresAt: Timestamp) {
        self.account = account
        self.hold = hold
        self.expiresAt = expiresAt
    }
}

/// A hold came to its one end.
///
/// `settled`, `released` and `holdExpired` carry the same: what was taken for good, and what came back.
public struct HoldEnded: Hashable, Sendable {
    public var account: Name
    /// The hold's id.
    public var hold: Name
    /// The number of its `held`.
    public var held: SequenceNumber
    /// The quantities that were used, at the hold's price version; nil for a hold without a price, or when nothing was taken.
    public var priced: Priced?
    /// The hold's own key and batch, its labels and details with what the settlement added.
    public var use: Use
    /// Of a settlement only.
    public var method: SettlementMethod?
    public var reason: String?
    /// What was taken, one per unit of the hold, in its order: none when it was released.
    public var parts: [Part]
    /// What was held and came back, one per unit where something did.
    public var returns: [Return]
    /// What was asked and could not be taken, in the unit of the last charge.
    public var shortfall: Amount
    public var meters: [Meter]

    public init(
        account: Name, hold: Name, held: SequenceNumber, priced: Priced? = nil, use: Use = Use(), method: SettlementMethod? = nil,
        reason: String? = nil, parts: [Part] = [], returns: [Return] = [], shortfall: Amount = .zero, meters: [Meter] = []
    ) {
        self.account = account
        self.hold = hold
        self.held = held
        self.priced = priced
        self.use = use
        self.method = method
        self.reason = reason
        self.parts = parts
        self.returns = returns
        self.shortfall = shortfall
        self.meters = meters
    }
}

extension Fact {
    /// The hold that this fact ended, or settled late: its id, and the number of its `held`.
    public var endedHold: (id: Name, held: SequenceNumber)? {
        switch self {
        case .settled(let fact), .released(let fact), .holdExpired(let fact): (fact.hold, fact.held)
        case .debited(let fact): fact.late.map { ($0.hold, $0.held) }
        case .refunded(let fact): fact.late.map { ($0.hold, $0.held) }
        default: nil
        }
    }
}
