/// What a configuration document is about: its kind and name. `price/siterank` on the wire.
public struct DocumentKey: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case unit, price, alert, tenant
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
    case alert(AlertDocument)
    case settings(SettingsDocument)

    /// The kind of key under which this document may stand.
    public var kind: DocumentKey.Kind {
        switch self {
        case .unit: .unit
        case .price: .price
        case .alert: .alert
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
    public var charge: Charge
    /// The least a use costs, in minor units.
    public var minimum: Amount?
    /// A disabled price refuses uses.
    public var enabled: Bool

    public init(charge: Charge, minimum: Amount? = nil, enabled: Bool = true) {
        self.charge = charge
        self.minimum = minimum
        self.enabled = enabled
    }
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

/// `alert/<name>` of kind `lowBalance`: raised when what is available of a unit falls below a limit, armed again when it recovers.
public struct AlertDocument: Hashable, Sendable {
    public var unit: Name
    /// 1...2^53-1 minor units.
    public var below: Amount
    public var severity: AlertSeverity

    public init(unit: Name, below: Amount, severity: AlertSeverity = .warning) {
        self.unit = unit
        self.below = below
        self.severity = severity
    }
}

/// `tenant/settings`.
public struct SettingsDocument: Hashable, Sendable {
    /// An IANA zone name; UTC when absent.
    public var timeZone: Name?
    /// How many days back `occurredAt` may lie. 0...36,500.
    public var lateDays: Int?

    public init(timeZone: Name? = nil, lateDays: Int? = nil) {
        self.timeZone = timeZone
        self.lateDays = lateDays
    }

    public static let lateDaysDefault = 35
    public static let lateDaysRange = 0...36_500
}
