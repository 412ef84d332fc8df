/// Units were taken for a use.
public struct Debited: Hashable, Sendable {
    public var account: Name
    /// Nil when the debit named unit and amount itself.
    public var priced: Priced?
    public var use: Use
    /// The item's own id, when the debit is an item of a `debitBatch`.
    public var item: Name?
    /// One per unit, in the order of the price's charges.
    public var parts: [Part]
    /// The counters that it moved.
    public var meters: [Meter]
    /// The hold that it settles late, when the hold had expired and was released.
    public var late: LateSettlement?

    public init(
        account: Name, priced: Priced?, use: Use, item: Name? = nil, parts: [Part], meters: [Meter] = [],
        late: LateSettlement? = nil
    ) {
        self.account = account
        self.priced = priced
        self.use = use
        self.item = item
        self.parts = parts
        self.meters = meters
        self.late = late
    }
}

/// A settlement that came after its hold had expired.
public struct LateSettlement: Hashable, Sendable {
    /// The hold's id.
    public var hold: Name
    /// The number of its `held`.
    public var held: SequenceNumber
    public var method: SettlementMethod
    /// What was asked and could not be taken, in the unit of the last charge.
    public var shortfall: Amount

    public init(hold: Name, held: SequenceNumber, method: SettlementMethod, shortfall: Amount) {
        self.hold = hold
        self.held = held
        self.method = method
        self.shortfall = shortfall
    }
}

/// How the amount of a settlement is known.
public enum SettlementMethod: String, Hashable, Sendable, CaseIterable {
    /// The provider said it.
    case reported
    /// It was counted on the way.
    case observed
    case estimated
    /// Nothing is known.
    case none
}

/// A history line that moves nothing: a use from before this ledger.
public struct UsageRecorded: Hashable, Sendable {
    public var account: Name
    public var ask: Ask
    public var use: Use

    public init(account: Name, ask: Ask, use: Use) {
        self.account = account
        self.ask = ask
        self.use = use
    }
}

/// How a debit came to its amount.
public struct Priced: Hashable, Sendable {
    public var feature: Name
    public var quantities: [Quantity]
    /// The version of `price/<feature>` that was in force.
    public var version: Int

    public init(feature: Name, quantities: [Quantity], version: Int) {
        self.feature = feature
        self.quantities = quantities
        self.version = version
    }

    /// The same price, when only the amount is known.
    var withoutQuantities: Priced { Priced(feature: feature, quantities: [], version: version) }
}

/// What is said about a use, apart from what it costs.
public struct Use: Hashable, Sendable {
    public var key: Name?
    public var batch: Name?
    public var labels: Labels
    /// When the use happened, if not now; it dates the event in reports.
    public var occurredAt: Timestamp?
    /// Any JSON of at most 4 KiB, as it was sent.
    public var details: String?

    public static let labelCountMax = 8

    public init(key: Name? = nil, batch: Name? = nil, labels: Labels = [:], occurredAt: Timestamp? = nil, details: String? = nil)
    {
        self.key = key
        self.batch = batch
        self.labels = labels
        self.occurredAt = occurredAt
        self.details = details
    }
}

/// The items of a `debitBatch` in mode `each` that were refused. Their ids stay free.
public struct ItemsRejected: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        public var item: Name
        public var rejection: RejectionRecord

        public init(item: Name, rejection: RejectionRecord) {
            self.item = item
            self.rejection = rejection
        }
    }

    public var account: Name
    public var batch: Name
    public var items: [Item]

    public init(account: Name, batch: Name, items: [Item]) {
        self.account = account
        self.batch = batch
        self.items = items
    }
}

/// What came back in one unit: by a refund, or when a hold ended.
public struct Return: Hashable, Sendable {
    /// `amount` is all that came back, `lots` where it went, last drawn first.
    public var part: Part
    /// Lots among `part.lots` that had been used up, and with what terms they are open again.
    public var reopened: [SequenceNumber: LotTerms]
    /// What belonged to lots that have lapsed, or finds no room under an allowance's limit: not available again.
    public var expired: Amount
    /// `expired` was given anew as a lot that bears this event's number, with these terms.
    public var reissued: LotTerms?

    public init(part: Part, reopened: [SequenceNumber: LotTerms] = [:], expired: Amount = .zero, reissued: LotTerms? = nil) {
        self.part = part
        self.reopened = reopened
        self.expired = expired
        self.reissued = reissued
    }
}

/// Units of a debit or settlement were given back to the lots they came from.
public struct Refunded: Hashable, Sendable {
    public var account: Name
    /// The id of the debit's or settlement's command, of the item, or of the hold.
    public var of: Name
    /// The number of the debit or settlement itself.
    public var debit: SequenceNumber
    public var feature: Name?
    /// The key that the debit was made with.
    public var key: Name?
    public var batch: Name?
    public var labels: Labels
    /// The quantities given back; empty for a refund by amount.
    public var quantities: [Quantity]
    public var reason: String?
    /// One per unit of the debit that something is given back of, in the debit's order.
    public var returns: [Return]
    /// The counters that it lowered.
    public var meters: [Meter]
    /// The hold that it settles late, when the hold had expired and was captured.
    public var late: LateSettlement?

    public init(
        account: Name, of: Name, debit: SequenceNumber, feature: Name?, key: Name? = nil, batch: Name?, labels: Labels,
        quantities: [Quantity], reason: String?, returns: [Return], meters: [Meter] = [], late: LateSettlement? = nil
    ) {
        self.account = account
        self.of = of
        self.debit = debit
        self.feature = feature
        self.key = key
        self.batch = batch
        self.labels = labels
        self.quantities = quantities
        self.reason = reason
        self.returns = returns
        self.meters = meters
        self.late = late
    }
}
