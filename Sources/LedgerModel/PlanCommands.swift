/// Gives an account a plan. The first subscription opens the account, and ends the default plan.
public struct Subscribe: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    /// Now when nil; it may lie in the past.
    public var from: Timestamp?
    /// The first instant without the plan.
    public var until: Timestamp?
    /// The day of the month on which windows anchored to the subscription begin, 1...31; the day of `from` when nil.
    public var anchor: Int?

    public init(account: Name, plan: Name, from: Timestamp? = nil, until: Timestamp? = nil, anchor: Int? = nil) {
        self.account = account
        self.plan = plan
        self.from = from
        self.until = until
        self.anchor = anchor
    }

    /// How many plans an account may hold, those that are still to begin included.
    public static let planCountMax = 16
    public static let anchorRange = 1...31
    /// Windows from then on are walked, for what may be carried over.
    public static let pastDaysMax: Int64 = 366
}

/// Puts one plan in the place of another.
public struct ChangePlan: Hashable, Sendable {
    public enum When: String, Hashable, Sendable, CaseIterable {
        case now, nextWindow
    }

    public var account: Name
    public var from: Name
    public var to: Name
    public var when: When

    public init(account: Name, from: Name, to: Name, when: When = .now) {
        self.account = account
        self.from = from
        self.to = to
        self.when = when
    }
}

/// Ends a plan now, and what it gave.
public struct Unsubscribe: Hashable, Sendable {
    public var account: Name
    public var plan: Name

    public init(account: Name, plan: Name) {
        self.account = account
        self.plan = plan
    }
}

/// Gives one account another amount than its plan does, from now on.
public struct OverrideAllowance: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    public var unit: Name
    public var period: Period
    /// Nil puts the plan's own amount back.
    public var amount: Allotment?
    public var reason: String

    public init(account: Name, plan: Name, unit: Name, period: Period, amount: Allotment?, reason: String) {
        self.account = account
        self.plan = plan
        self.unit = unit
        self.period = period
        self.amount = amount
        self.reason = reason
    }
}

/// Starts an open window's count again.
public struct ResetAllowance: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    public var unit: Name
    public var period: Period
    public var reason: String

    public init(account: Name, plan: Name, unit: Name, period: Period, reason: String) {
        self.account = account
        self.plan = plan
        self.unit = unit
        self.period = period
        self.reason = reason
    }
}
