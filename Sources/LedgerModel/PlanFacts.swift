/// An account has a plan from an instant on.
public struct Subscribed: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    public var from: Timestamp
    /// The first instant without it.
    public var until: Timestamp?
    /// The day of the month on which the windows of allowances anchored to the subscription begin. 1...31.
    public var anchor: Int
    /// It is `tenant/settings.defaultPlan`, noted at the first touch.
    public var isDefault: Bool

    public init(account: Name, plan: Name, from: Timestamp, until: Timestamp? = nil, anchor: Int, isDefault: Bool = false) {
        self.account = account
        self.plan = plan
        self.from = from
        self.until = until
        self.anchor = anchor
        self.isDefault = isDefault
    }
}

/// One plan follows another: at once, with the open windows kept, or when the first one's longest window ends.
public struct PlanChanged: Hashable, Sendable {
    public var account: Name
    public var from: Name
    public var to: Name
    /// When the new plan begins: the event's own time, or later.
    public var effectiveAt: Timestamp
    /// The first instant without the new plan.
    public var until: Timestamp?
    public var anchor: Int

    public init(account: Name, from: Name, to: Name, effectiveAt: Timestamp, until: Timestamp?, anchor: Int) {
        self.account = account
        self.from = from
        self.to = to
        self.effectiveAt = effectiveAt
        self.until = until
        self.anchor = anchor
    }
}

/// A subscription ended before its time, or the default plan no longer applies.
public struct Unsubscribed: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    /// The first instant without it.
    public var endedAt: Timestamp

    public init(account: Name, plan: Name, endedAt: Timestamp) {
        self.account = account
        self.plan = plan
        self.endedAt = endedAt
    }
}

/// A window of an allowance began, or its limit changed within it: a lot was opened that bears this event's number.
public struct AllowanceOpened: Hashable, Sendable {
    public var account: Name
    public var plan: Name
    /// The version of `plan/<plan>` that decides the window.
    public var version: Int
    public var period: Period
    public var window: Interval
    /// What the window gives by plan or override; nil without limit.
    public var amount: Amount?
    /// What came over from the window before.
    public var carried: Amount
    /// What is used of `limit` already; above 0 only when the lot replaces another.
    public var used: Amount
    /// The lot of the same window that this one replaces.
    public var replaces: SequenceNumber?
    public var priority: Int
    /// When the lot lapses: the window's end, or the subscription's if that comes first.
    public var expiresAt: Timestamp?
    /// The lot's units; none for a lot without limit.
    public var part: Part

    /// The amount and what was carried: what `used` is measured against.
    public var limit: Amount? { amount.map { $0.adding(carried) ?? .max } }

    public init(
        account: Name, plan: Name, version: Int, period: Period, window: Interval, amount: Amount?, carried: Amount = .zero,
        used: Amount = .zero, replaces: SequenceNumber? = nil, priority: Int, expiresAt: Timestamp?, part: Part
    ) {
        self.account = account
        self.plan = plan
        self.version = version
        self.period = period
        self.window = window
        self.amount = amount
        self.carried = carried
        self.used = used
        self.replaces = replaces
        self.priority = priority
        self.expiresAt = expiresAt
        self.part = part
    }
}

/// An account has another amount than its plan says, or again what the plan says.
public struct AllowanceOverridden: Hashable, Sendable {
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

/// An open window's count began again. The new lot follows in `allowanceOpened`.
public struct AllowanceReset: Hashable, Sendable {
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

/// How much an allowance gives in a window. `-1` on the wire is unlimited.
public enum Allotment: Hashable, Sendable {
    case units(Amount)
    case unlimited

    /// Nil when unlimited.
    public var units: Amount? {
        if case .units(let amount) = self { amount } else { nil }
    }
}
