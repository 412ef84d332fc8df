/// What a configuration document is about: its kind and name. `price/siterank` on the wire.
public struct DocumentKey: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case unit, price, plan, alert, tag, tenant
    }

    public let kind: Kind
    public let name: Name

    public init(_ kind: Kind, _ name: Name) {
        self.kind = kind
        self.name = name
    }

    /// Nil when the text is not `<kind>/<name>` with a kind there is.
    public init?(_ text: String) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")), let kind = Kind(rawValue: String(text[..<slash])),
            let name = Name(String(text.utf8[text.utf8.index(after: slash)...])!), kind != .tenant || name == "settings"
        else { return nil }
        self.init(kind, name)
    }

    public var description: String { "\(kind.rawValue)/\(name)" }

    public static let settings = DocumentKey(.tenant, "settings")
}

/// A configuration document: typed, and valid by itself.
public enum Document: Hashable, Sendable {
    case unit(UnitDocument)
    case price(PriceDocument)
    case plan(PlanDocument)
    case alert(AlertDocument)
    case tag(TagDocument)
    case settings(SettingsDocument)

    /// The kind of key under which this document may stand.
    public var kind: DocumentKey.Kind {
        switch self {
        case .unit: .unit
        case .price: .price
        case .plan: .plan
        case .alert: .alert
        case .tag: .tag
        case .settings: .tenant
        }
    }
}

/// `unit/<name>`: how many decimal digits of a whole unit a minor unit is.
public struct UnitDocument: Hashable, Sendable {
    /// 0...12. A whole unit is 10^scale minor units. It cannot change once the unit is in use.
    public var scale: Int

    public init(scale: Int) { self.scale = scale }

    public static let scaleRange = 0...12
}

/// `price/<feature>`: what a use costs.
public struct PriceDocument: Hashable, Sendable {
    /// 1...8, each in another unit. What one unit cannot pay, the next is asked for; the last pays whole or refuses.
    public var charges: [Charge]
    /// The least a use costs, in minor units of the first charge.
    public var minimum: Amount?
    /// A disabled price refuses uses.
    public var enabled: Bool

    public init(charges: [Charge], minimum: Amount? = nil, enabled: Bool = true) {
        self.charges = charges
        self.minimum = minimum
        self.enabled = enabled
    }

    public static let chargeCountMax = 8
}

/// One unit in which a use is paid, and its rate per dimension.
public struct Charge: Hashable, Sendable {
    public struct DimensionRate: Hashable, Sendable {
        public var dimension: Name
        public var rate: Rate

        public init(dimension: Name, rate: Rate) {
            self.dimension = dimension
            self.rate = rate
        }
    }

    public var unit: Name
    /// 1...16, in order of the dimensions' names.
    public var rates: [DimensionRate]

    public init(unit: Name, rates: [DimensionRate]) {
        self.unit = unit
        self.rates = rates.sorted { $0.dimension < $1.dimension }
    }

    public static let rateCountMax = 16
}

/// `plan/<name>`: what subscribers are given in every window.
public struct PlanDocument: Hashable, Sendable {
    /// The plan's name for people.
    public var name: String?
    /// What it costs and how often: told, never charged by the ledger.
    public var price: PlanPrice?
    public var cycle: Name?
    /// A disabled plan takes no new subscriptions.
    public var enabled: Bool
    /// At most `allowanceCountMax`; each unit and period once.
    public var allowances: [AllowanceDocument]

    public init(
        name: String? = nil, price: PlanPrice? = nil, cycle: Name? = nil, enabled: Bool = true,
        allowances: [AllowanceDocument] = []
    ) {
        self.name = name
        self.price = price
        self.cycle = cycle
        self.enabled = enabled
        self.allowances = allowances
    }

    public static let allowanceCountMax = 32
}

/// What a plan costs.
public struct PlanPrice: Hashable, Sendable {
    public var unit: Name
    public var amount: Amount

    public init(unit: Name, amount: Amount) {
        self.unit = unit
        self.amount = amount
    }
}

/// What a plan gives of one unit in every window of a period.
public struct AllowanceDocument: Hashable, Sendable {
    /// Where the windows of a month begin.
    public enum Anchor: String, Hashable, Sendable, CaseIterable {
        /// On the first.
        case calendar
        /// On the subscription's day; in a month without it, on the last.
        case subscription
    }

    public var unit: Name
    public var amount: Allotment
    public var period: Period
    /// Where its lots stand in the burn-down order.
    public var priority: Int
    /// The most that is carried over from one window to the next; nil for nothing.
    public var rollover: Amount?
    public var anchor: Anchor

    public init(
        unit: Name, amount: Allotment, period: Period, priority: Int = LotTerms.priorityOfAllowance, rollover: Amount? = nil,
        anchor: Anchor = .calendar
    ) {
        self.unit = unit
        self.amount = amount
        self.period = period
        self.priority = priority
        self.rollover = rollover
        self.anchor = anchor
    }
}

/// `alert/<name>`: a rule, and how loudly it speaks.
public struct AlertDocument: Hashable, Sendable {
    public enum Rule: Hashable, Sendable {
        /// Per cent of an allowance, 1...100 each; of one unit or of all.
        case allowanceUsed(unit: Name?, thresholds: [Int])
        /// What is available falls below a limit.
        case lowBalance(unit: Name, below: Amount)
        /// More than a limit is spent in a window of the calendar.
        case spend(subject: SpendSubject, unit: Name, period: Period, above: Amount)
        /// Days before a key's expiry, 1...366 each.
        case keyExpiring(days: [Int])
        case keyFaulty
        /// A hold is open for so long, 1...31,622,400.
        case holdAgeing(seconds: Int)
    }

    public var rule: Rule
    /// Nil for one that follows how near the end is: 100 % or 1 day an error, 95 % or 3 days a warning, above that for information; a
    /// warning for rules without steps.
    public var severity: AlertSeverity?
    public var enabled: Bool

    public init(rule: Rule, severity: AlertSeverity? = nil, enabled: Bool = true) {
        self.rule = rule
        self.severity = severity
        self.enabled = enabled
    }

    /// How many rules a tenant may have.
    public static let countMax = 64
    /// How many thresholds or days a rule may have.
    public static let stepCountMax = 16
    public static let thresholdRange = 1...100
    public static let thresholdsDefault = [80, 95, 100]
    public static let daysDefault = [7, 3, 1]
    public static let daysRange = 1...366
    public static let ageRange = 1...31_622_400
}

/// `tag/<name>`: how a tag of keys is shown.
public struct TagDocument: Hashable, Sendable {
    public var colour: Name?
    public var note: String?

    public init(colour: Name? = nil, note: String? = nil) {
        self.colour = colour
        self.note = note
    }
}

/// `tenant/settings`.
public struct SettingsDocument: Hashable, Sendable {
    /// An IANA zone name; UTC when absent.
    public var timeZone: Name?
    /// How many days back `occurredAt` may lie. 0...36,500.
    public var lateDays: Int?
    /// The plan of an account without any.
    public var defaultPlan: Name?
    /// How long a hold lasts that does not say it. 1...2,678,400 (31 days).
    public var holdSeconds: Int?
    /// How many holds an account may have open at once. 1...1,000,000.
    public var maxOpenHolds: Int?

    public init(
        timeZone: Name? = nil, lateDays: Int? = nil, defaultPlan: Name? = nil, holdSeconds: Int? = nil, maxOpenHolds: Int? = nil
    ) {
        self.timeZone = timeZone
        self.lateDays = lateDays
        self.defaultPlan = defaultPlan
        self.holdSeconds = holdSeconds
        self.maxOpenHolds = maxOpenHolds
    }

    public static let lateDaysDefault = 35
    public static let lateDaysRange = 0...36_500
    public static let holdSecondsDefault = 900
    public static let holdSecondsRange = 1...2_678_400
    public static let maxOpenHoldsDefault = 10_000
    public static let maxOpenHoldsRange = 1...1_000_000
}
