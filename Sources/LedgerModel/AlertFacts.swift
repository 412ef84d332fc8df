/// A rule's condition came true. Raised once per identity: a rule, a subject, and what makes this time another than the last.
public struct AlertRaised: Hashable, Sendable {
    /// The name of the document `alert/<rule>`; a rule that applies without one begins with `$`.
    public var rule: Name
    public var severity: AlertSeverity
    /// Nil when it is not about an account of its tenant.
    public var account: Name?
    public var condition: Condition

    public enum Condition: Hashable, Sendable {
        /// What is available fell below the limit. Armed again by recovery.
        case lowBalance(unit: Name, below: Amount, available: Amount)
        /// So many per cent of an allowance are used. Once per window, limit and threshold.
        case allowanceUsed(AllowanceUse)
        /// More was spent in a window than the rule allows. Once per subject and window.
        case spend(Spend)
        /// A key expires in so many days, or less. Once per key, expiry and threshold.
        case keyExpiring(key: Name, expiresAt: Timestamp, days: Int)
        /// A key was reported faulty. Armed again when it is not.
        case keyFaulty(key: Name)
        /// A hold has been open for so many seconds. Once per hold.
        case holdAgeing(hold: Name, seconds: Int)
        /// What the log holds could not be read back: the segment that begins with this number is damaged. Once per segment.
        case segmentRotten(segment: SequenceNumber, reason: String)
        /// A balance is not what the amounts of all events come to. Once per account, unit and event.
        case drift(Drift)
    }

    public struct AllowanceUse: Hashable, Sendable {
        public var plan: Name
        public var unit: Name
        public var period: Period
        public var windowStart: Timestamp
        public var limit: Amount
        public var used: Amount
        /// In per cent of the limit.
        public var threshold: Int

        public init(
            plan: Name, unit: Name, period: Period, windowStart: Timestamp, limit: Amount, used: Amount, threshold: Int
        ) {
            self.plan = plan
            self.unit = unit
            self.period = period
            self.windowStart = windowStart
            self.limit = limit
            self.used = used
            self.threshold = threshold
        }
    }

    public struct Spend: Hashable, Sendable {
        public var subject: SpendSubject
        /// The account, key, tag or platform.
        public var name: Name
        public var unit: Name
        public var window: Interval
        public var above: Amount
        public var spent: Amount

        public init(subject: SpendSubject, name: Name, unit: Name, window: Interval, above: Amount, spent: Amount) {
            self.subject = subject
            self.name = name
            self.unit = unit
            self.window = window
            self.above = above
            self.spent = spent
        }
    }

    /// Two figures for one balance that differ.
    public struct Drift: Hashable, Sendable {
        /// Whose account it is: the alert itself is the ledger's own.
        public var tenant: Name
        public var account: Name
        public var unit: Name
        /// The event that tells of the balance, or of the first that was wrong.
        public var sequence: SequenceNumber
        /// In minor units, in `range`: what it should be.
        public var expected: Int64
        /// What it is said to be.
        public var found: Int64

        /// What JSON readers keep exact. A wrong figure may lie anywhere in it.
        public static let range = -Amount.max.rawValue...Amount.max.rawValue

        /// Figures beyond the range are its ends.
        public init(tenant: Name, account: Name, unit: Name, sequence: SequenceNumber, expected: Int64, found: Int64) {
            self.tenant = tenant
            self.account = account
            self.unit = unit
            self.sequence = sequence
            self.expected = Drift.bounded(expected)
            self.found = Drift.bounded(found)
        }

        private static func bounded(_ figure: Int64) -> Int64 { min(max(figure, range.lowerBound), range.upperBound) }
    }

    public init(rule: Name, severity: AlertSeverity, account: Name?, condition: Condition) {
        self.rule = rule
        self.severity = severity
        self.account = account
        self.condition = condition
    }
}

public enum AlertSeverity: String, Hashable, Sendable, CaseIterable {
    case info, warning, error
}

/// Whose spending a rule adds up.
public enum SpendSubject: String, Hashable, Sendable, CaseIterable {
    case account, key, tag, platform
}

/// Somebody has been told of alerts, or has read them.
public struct AlertAcknowledged: Hashable, Sendable {
    /// The numbers of the `alertRaised` events.
    public var alerts: [SequenceNumber]

    public init(alerts: [SequenceNumber]) { self.alerts = alerts }
}
