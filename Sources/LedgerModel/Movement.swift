/// What an event moved in one unit.
public struct Part: Hashable, Sendable {
    public var unit: Name
    /// How much was taken or put back; the event's type says which.
    public var amount: Amount
    /// From or to which lots, in the order drawn.
    public var lots: [Draw]
    /// The account's balance in this unit afterwards.
    public var balance: Balance

    public init(unit: Name, amount: Amount, lots: [Draw], balance: Balance) {
        self.unit = unit
        self.amount = amount
        self.lots = lots
        self.balance = balance
    }
}

/// What one lot gave or got back.
public struct Draw: Hashable, Sendable {
    /// The lot, by the number of the event that opened it.
    public var lot: SequenceNumber
    public var amount: Amount
    /// What the lot has left after the event; 0 when it is gone, nil when it has no end.
    public var remaining: Amount?

    public init(lot: SequenceNumber, amount: Amount, remaining: Amount?) {
        self.lot = lot
        self.amount = amount
        self.remaining = remaining
    }
}

/// The terms on which a lot is drawn: everything about it but how much it holds.
public struct LotTerms: Hashable, Sendable {
    /// Lower is drawn first. -1,000...1,000.
    public var priority: Int
    /// The lot cannot be drawn before this instant.
    public var effectiveAt: Timestamp?
    /// The lot lapses at this instant.
    public var expiresAt: Timestamp?
    public var source: LotSource

    public init(
        priority: Int = LotTerms.priorityOfGrant, effectiveAt: Timestamp? = nil, expiresAt: Timestamp? = nil, source: LotSource
    ) {
        self.priority = priority
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.source = source
    }

    /// The default of a grant, behind an allowance's 10: what a plan gives is drawn before what was bought.
    public static let priorityOfGrant = 20
    public static let priorityOfAllowance = 10
    public static let priorityRange = -1000...1000
}

/// Where a lot's units came from.
public enum LotSource: String, Hashable, Sendable, CaseIterable {
    case purchase, plan, bonus, refund, adjustment, opening
}

/// Labels of a debit: at most 8 names with short texts, such as `model` or `platform`. In order of the names.
public typealias Labels = [Name: Name]

/// A count per dimension, such as `inputTokens`. In order of the names.
public struct Quantity: Hashable, Sendable {
    public var dimension: Name
    public var count: Amount

    public init(dimension: Name, count: Amount) {
        self.dimension = dimension
        self.count = count
    }
}

/// A counter that an event moved, with its value afterwards: what was used in a window, and against which limit.
public struct Meter: Hashable, Sendable {
    /// Whose counter it is.
    public enum Counter: Hashable, Sendable {
        /// An allowance of the account's plan, with the lot of its window.
        case allowance(plan: Name, Period, lot: SequenceNumber)
        /// A key's spend limit. What is held counts.
        case key(Name)
        /// An alert rule that watches what a subject spends.
        case spend(rule: Name, subject: Name)
    }

    public var counter: Counter
    public var unit: Name
    public var used: Amount
    /// Nil when there is none.
    public var limit: Amount?
    public var window: Interval

    public init(counter: Counter, unit: Name, used: Amount, limit: Amount?, window: Interval) {
        self.counter = counter
        self.unit = unit
        self.used = used
        self.limit = limit
        self.window = window
    }
}

/// A half-open stretch of time.
public struct Interval: Hashable, Sendable {
    public var start: Timestamp
    /// The first instant that is not in it; nil when it has no end.
    public var end: Timestamp?

    public init(start: Timestamp, end: Timestamp?) {
        self.start = start
        self.end = end
    }

    public func contains(_ instant: Timestamp) -> Bool { start <= instant && (end.map { instant < $0 } ?? true) }
}

/// How often a window begins anew, in the tenant's time zone.
public enum Period: String, Hashable, Sendable, CaseIterable {
    case day, month, never
}
