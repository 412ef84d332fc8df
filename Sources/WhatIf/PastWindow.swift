public import LedgerModel

/// A window of an allowance as it was.
public struct PastWindow: Hashable, Sendable {
    /// The number of the event that opened it.
    public var number: SequenceNumber
    public var plan: Name
    public var unit: Name
    public var period: Period
    public var interval: Interval
    /// When it ended before its time, with the subscription.
    public var endedAt: Timestamp?
    /// What it gave, without what was carried into it.
    public var amount: Allotment
    public var carried: Amount
    /// The account had an amount of its own.
    public var isOverridden: Bool
    public var priority: Int
    /// Where its windows of a month begin.
    public var anchor: AllowanceDocument.Anchor
    /// The most that could be carried into it; nil for nothing.
    public var rollover: Amount?

    public init(
        number: SequenceNumber, plan: Name, unit: Name, period: Period, interval: Interval, endedAt: Timestamp? = nil,
        amount: Allotment,
        carried: Amount = .zero, isOverridden: Bool = false, priority: Int = LotTerms.priorityOfAllowance,
        anchor: AllowanceDocument.Anchor = .calendar, rollover: Amount? = nil
    ) {
        self.number = number
        self.plan = plan
        self.unit = unit
        self.period = period
        self.interval = interval
        self.endedAt = endedAt
        self.amount = amount
        self.carried = carried
        self.isOverridden = isOverridden
        self.priority = priority
        self.anchor = anchor
        self.rollover = rollover
    }

    /// The first instant at which nothing of it can be drawn.
    var end: Timestamp? { [interval.end, endedAt].compactMap { $0 }.min() }
}

/// The time for which an account has a plan.
public struct PastSubscription: Hashable, Sendable {
    public var plan: Name
    public var interval: Interval
    /// The day of the month on which the windows of a subscription begin. 1...31.
    public var anchor: Int

    public init(plan: Name, interval: Interval, anchor: Int) {
        self.plan = plan
        self.interval = interval
        self.anchor = anchor
    }
}

/// What an account had by plans.
public struct PastPlans: Hashable, Sendable {
    /// In the order in which they began.
    public var windows: [PastWindow]
    public var subscriptions: [PastSubscription]

    public init(windows: [PastWindow] = [], subscriptions: [PastSubscription] = []) {
        self.windows = windows
        self.subscriptions = subscriptions
    }
}
