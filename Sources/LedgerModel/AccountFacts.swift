/// An account began, by a command or with its first grant.
public struct AccountOpened: Hashable, Sendable {
    public var account: Name
    public var name: Name?
    public var labels: Labels

    public init(account: Name, name: Name? = nil, labels: Labels = [:]) {
        self.account = account
        self.name = name
        self.labels = labels
    }
}

/// Units were given: a lot was opened that bears this event's number.
public struct Granted: Hashable, Sendable {
    public var account: Name
    public var terms: LotTerms
    public var memo: String?
    public var part: Part

    public init(account: Name, terms: LotTerms, memo: String?, part: Part) {
        self.account = account
        self.terms = terms
        self.memo = memo
        self.part = part
    }
}

/// A balance was corrected by hand. Upwards opens a lot that bears this event's number; downwards draws from lots.
public struct Adjusted: Hashable, Sendable {
    public var account: Name
    public var reason: String
    public var isIncrease: Bool
    public var before: Balance
    public var part: Part
    /// The counters of allowances that it drew from.
    public var meters: [Meter]

    public init(account: Name, reason: String, isIncrease: Bool, before: Balance, part: Part, meters: [Meter] = []) {
        self.account = account
        self.reason = reason
        self.isIncrease = isIncrease
        self.before = before
        self.part = part
        self.meters = meters
    }
}

/// What a lot still held when it lapsed. Written with the first command that touches the account afterwards.
public struct LotExpired: Hashable, Sendable {
    public var account: Name
    public var lot: SequenceNumber
    /// When it lapsed: at its own time, or when the subscription that gave it ended or changed.
    public var expiresAt: Timestamp
    public var part: Part

    public init(account: Name, lot: SequenceNumber, expiresAt: Timestamp, part: Part) {
        self.account = account
        self.lot = lot
        self.expiresAt = expiresAt
        self.part = part
    }
}

/// What the account's state became, and why: frozen (neither debits nor holds), in use again, or closed for ever.
public struct AccountStateChanged: Hashable, Sendable {
    public var account: Name
    public var reason: String

    public init(account: Name, reason: String) {
        self.account = account
        self.reason = reason
    }
}
