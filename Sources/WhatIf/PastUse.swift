public import LedgerModel

/// A use as it was: what one event took for good, in one unit or several.
public struct PastUse: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case debit, settlement, capture
    }

    /// What it took of a unit.
    public struct Part: Hashable, Sendable {
        public var unit: Name
        public var amount: Amount
        /// What came back of it since, at most `amount`.
        public var refunded: Amount
        /// What the account had available of the unit after it, without what is had without limit.
        public var available: Amount

        public init(unit: Name, amount: Amount, refunded: Amount = .zero, available: Amount) {
            self.unit = unit
            self.amount = amount
            self.refunded = refunded
            self.available = available
        }
    }

    public var sequence: SequenceNumber
    public var at: Timestamp
    /// The day on which reports count it.
    public var day: Day
    public var account: Name
    public var kind: Kind
    /// Nil when it named its amount.
    public var feature: Name?
    /// The version of the price; nil when it named its amount.
    public var version: Int?
    /// Nil when none were said, so that no other price can be computed.
    public var quantities: [Quantity]?
    /// At least one, each in another unit.
    public var parts: [Part]

    public init(
        sequence: SequenceNumber, at: Timestamp, day: Day, account: Name, kind: Kind = .debit, feature: Name? = nil,
        version: Int? = nil, quantities: [Quantity]? = nil, parts: [Part]
    ) {
        self.sequence = sequence
        self.at = at
        self.day = day
        self.account = account
        self.kind = kind
        self.feature = feature
        self.version = version
        self.quantities = quantities
        self.parts = parts
    }
}
