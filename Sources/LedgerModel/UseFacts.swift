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

    public init(account: Name, priced: Priced?, use: Use, item: Name? = nil, parts: [Part]) {
        self.account = account
        self.priced = priced
        self.use = use
        self.item = item
        self.parts = parts
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

/// Units of a debit were given back to the lots they came from.
public struct Refunded: Hashable, Sendable {
    /// What was given back in one unit.
    public struct Return: Hashable, Sendable {
        public var part: Part
        /// Lots among `part.lots` that had been used up, and with what terms they are open again.
        public var reopened: [SequenceNumber: LotTerms]
        /// What belonged to lots that have lapsed: not available again.
        public var expired: Amount
        /// The part of `expired` that was given anew as a lot that bears this event's number, with its terms.
        public var reissued: LotTerms?

        public init(part: Part, reopened: [SequenceNumber: LotTerms] = [:], expired: Amount = .zero, reissued: LotTerms? = nil) {
            self.part = part
            self.reopened = reopened
            self.expired = expired
            self.reissued = reissued
        }
    }

    public var account: Name
    /// The id of the debit's command, or of its item.
    public var of: Name
    /// The debit's own number.
    public var debit: SequenceNumber
    public var feature: Name?
    public var batch: Name?
    public var labels: Labels
    /// The quantities given back; empty for a refund by amount.
    public var quantities: [Quantity]
    public var reason: String?
    /// One per unit of the debit that something is given back of, in the debit's order.
    public var returns: [Return]

    public init(
        account: Name, of: Name, debit: SequenceNumber, feature: Name?, batch: Name?, labels: Labels, quantities: [Quantity],
        reason: String?,
        returns: [Return]
    ) {
        self.account = account
        self.of = of
        self.debit = debit
        self.feature = feature
        self.batch = batch
        self.labels = labels
        self.quantities = quantities
        self.reason = reason
        self.returns = returns
    }
}
