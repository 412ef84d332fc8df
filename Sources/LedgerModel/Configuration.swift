/// A tenant's documents with all their versions, and what is made of the current ones.
struct Configuration: Hashable, Sendable {
    /// Every version's content, from version 1; nil where the document was deleted.
    private var versions: [DocumentKey: [Document?]] = [:]
    private var prices: [Name: Price] = [:]
    /// The rules in force, in order of their names.
    private(set) var alerts: [(rule: Name, document: AlertDocument)] = []
    /// Units that an amount, a price or an alert names: their scale is fixed.
    private(set) var unitsInUse: Set<Name> = []
    private(set) var zone = ZoneRules.utc

    func newestVersion(of key: DocumentKey) -> Int { versions[key]?.count ?? 0 }
    func current(_ key: DocumentKey) -> Document? { versions[key]?.last ?? nil }

    /// The content of a version from 1 to the newest.
    func document(_ key: DocumentKey, version: Int) -> Document? { versions[key]![version - 1] }

    func price(_ feature: Name) -> Price? { prices[feature] }

    /// A version of a price that a debit names; there must be one.
    func price(_ feature: Name, version: Int) -> Price {
        if let price = prices[feature], price.version == version { return price }
        guard case .price(let document)? = document(DocumentKey(.price, feature), version: version) else {
            preconditionFailure("a debit names a price that never was")
        }
        return Price(document, version: version, scale: scale(of: document.charge.unit))!
    }

    /// The unit in which an ask is paid; nil for a feature without a price.
    func unit(of ask: Ask) -> Name? {
        switch ask {
        case .amount(let unit, _): unit
        case .priced(let feature, _): prices[feature]?.document.charge.unit
        }
    }

    func scale(of unit: Name) -> Int {
        if case .unit(let document)? = current(DocumentKey(.unit, unit)) { document.scale } else { 0 }
    }

    var lateDays: Int {
        if case .settings(let settings)? = current(.settings) {
            settings.lateDays ?? SettingsDocument.lateDaysDefault
        } else {
            SettingsDocument.lateDaysDefault
        }
    }

    mutating func use(_ unit: Name) {
        if !unitsInUse.contains(unit) { unitsInUse.insert(unit) }
    }

    /// Takes a new version into force.
    mutating func apply(_ fact: Configured, zones: ZoneTable) {
        versions[fact.key, default: []].append(fact.document)
        precondition(versions[fact.key]?.count == fact.version, "versions are dense")
        switch fact.key.kind {
        case .unit: break
        case .price: applyPrice(fact)
        case .alert: applyAlert(fact)
        case .tenant: applySettings(fact, zones)
        }
    }

    private mutating func applyPrice(_ fact: Configured) {
        prices[fact.key.name] = nil
        guard case .price(let document)? = fact.document else { return }
        prices[fact.key.name] = Price(document, version: fact.version, scale: scale(of: document.charge.unit))!
        use(document.charge.unit)
    }

    private mutating func applyAlert(_ fact: Configured) {
        alerts.removeAll { $0.rule == fact.key.name }
        guard case .alert(let document)? = fact.document else { return }
        alerts.insert((fact.key.name, document), at: alerts.firstIndex { fact.key.name < $0.rule } ?? alerts.endIndex)
        use(document.unit)
    }

    /// A zone that a newer zone database no longer has is read as UTC: what was decided stands in the events.
    private mutating func applySettings(_ fact: Configured, _ zones: ZoneTable) {
        zone = .utc
        guard case .settings(let settings)? = fact.document, let name = settings.timeZone else { return }
        zone = zones.rules(name) ?? .utc
    }

    static func == (left: Self, right: Self) -> Bool {
        left.versions == right.versions && left.unitsInUse == right.unitsInUse && left.zone == right.zone
    }

    func hash(into hasher: inout Hasher) { hasher.combine(versions) }
}

/// The time zones there are, as the engine knows them.
public struct ZoneTable: Sendable {
    let rules: @Sendable (Name) -> ZoneRules?

    /// - Parameter rules: The rules of a zone by its IANA name, nil when there is none.
    public init(_ rules: @escaping @Sendable (Name) -> ZoneRules?) { self.rules = rules }

    public static let utcOnly = ZoneTable { $0 == "UTC" ? .utc : nil }
}
