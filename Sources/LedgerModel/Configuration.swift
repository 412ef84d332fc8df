/// A tenant's documents with all their versions, and what is made of the current ones.
struct Configuration: Hashable, Sendable {
    /// What a document said from an instant on; nil where it was deleted.
    struct Version: Hashable, Sendable {
        let document: Document?
        let from: Timestamp
    }

    /// What will be, unless it is cancelled or replaced.
    struct Scheduled: Hashable, Sendable {
        let number: SequenceNumber
        /// What one command schedules comes into force together, or not at all.
        let command: Name
        let fact: ConfigurationScheduled
    }

    /// From version 1.
    private var versions: [DocumentKey: [Version]] = [:]
    private(set) var scheduled: [DocumentKey: Scheduled] = [:]
    private var prices: [Name: Price] = [:]
    /// The rules in force, in order of their names.
    private(set) var rules = AlertRule.defaults
    /// Each unit and period that a version of a plan ever gave.
    private var slots: [Name: [Slot]] = [:]
    /// Units that an amount, a price, a plan or an alert names: their scale is fixed.
    private(set) var unitsInUse: Set<Name> = []
    private var zones = Timeline(ZoneRules.utc)
    /// The plan of an account without any.
    private(set) var defaultPlans = Timeline<Name?>(nil)

    struct Slot: Hashable, Sendable {
        let unit: Name
        let period: Period
    }

    func newestVersion(of key: DocumentKey) -> Int { versions[key]?.count ?? 0 }
    func current(_ key: DocumentKey) -> Document? { versions[key]?.last?.document ?? nil }

    /// The content of a version; nil when it was deleted or there is none.
    func document(_ key: DocumentKey, version: Int) -> Document? {
        guard let versions = versions[key], versions.indices.contains(version - 1) else { return nil }
        return versions[version - 1].document
    }

    func zone(at instant: Timestamp) -> ZoneRules { zones.value(at: instant) }

    var settings: SettingsDocument {
        if case .settings(let settings)? = current(.settings) { settings } else { SettingsDocument() }
    }

    func scale(of unit: Name) -> Int {
        if case .unit(let document)? = current(DocumentKey(.unit, unit)) { document.scale } else { 0 }
    }

    mutating func use(_ unit: Name) {
        if !unitsInUse.contains(unit) { unitsInUse.insert(unit) }
    }
}

// MARK: Prices

extension Configuration {
    func price(_ feature: Name) -> Price? { prices[feature] }

    /// A version of a price that a debit names; there must be one.
    func price(_ feature: Name, version: Int) -> Price {
        if let price = prices[feature], price.version == version { return price }
        guard case .price(let document)? = document(DocumentKey(.price, feature), version: version) else {
            preconditionFailure("a debit names a price that never was")
        }
        return Price(document, version: version, scale: scale)!
    }
}

// MARK: Plans

extension Configuration {
    /// The version of a plan in force at an instant; nil when there is none, or it is deleted.
    func plan(_ name: Name, at instant: Timestamp) -> (version: Int, document: PlanDocument)? {
        guard let versions = versions[DocumentKey(.plan, name)], let index = versions.lastIndex(where: { $0.from <= instant }),
            case .plan(let document)? = versions[index].document
        else { return nil }
        return (index + 1, document)
    }

    /// Each unit and period that a plan gives or ever gave.
    func slots(of plan: Name) -> [Slot] { slots[plan] ?? [] }

    /// When, after the first instant and up to the second, another version of the plan or another zone came into force.
    func changes(of plan: Name, after start: Timestamp, upTo end: Timestamp) -> Bool {
        let isBetween = { (instant: Timestamp) in start < instant && instant <= end }
        return zones.changes.contains(where: isBetween)
            || versions[DocumentKey(.plan, plan)]?.contains { isBetween($0.from) } ?? false
    }

    /// When a plan first was there.
    func beginning(of plan: Name) -> Timestamp? { versions[DocumentKey(.plan, plan)]?.first?.from }

    /// When the first version of a plan that gives something came into force, from an instant on.
    func firstVersion(of plan: Name, giving slot: Slot, from start: Timestamp, upTo end: Timestamp) -> Timestamp? {
        if self.plan(plan, at: start)?.document.allowance(slot) != nil { return start }
        return versions[DocumentKey(.plan, plan)]?.first { version in
            guard start < version.from, version.from <= end, case .plan(let document)? = version.document else { return false }
            return document.allowance(slot) != nil
        }?.from
    }
}

extension PlanDocument {
    func allowance(_ slot: Configuration.Slot) -> AllowanceDocument? {
        allowances.first { $0.unit == slot.unit && $0.period == slot.period }
    }
}

// MARK: New versions

extension Configuration {
    /// Takes a new version into force.
    mutating func apply(_ fact: Configured, at now: Timestamp, zones table: ZoneTable) {
        let from = fact.effectiveAt ?? now
        if let effectiveAt = fact.effectiveAt, scheduled[fact.key]?.fact.effectiveAt == effectiveAt { scheduled[fact.key] = nil }
        versions[fact.key, default: []].append(Version(document: fact.document, from: from))
        precondition(versions[fact.key]?.count == fact.version, "versions are dense")
        switch fact.key.kind {
        case .unit, .tag: break
        case .price: applyPrice(fact)
        case .plan: applyPlan(fact.document, of: fact.key.name)
        case .alert: applyAlerts(fact.document, fact.key.name)
        case .tenant: applySettings(fact.document, from: from, table)
        }
    }

    mutating func apply(_ fact: ConfigurationScheduled, _ event: Event) {
        scheduled[fact.key] = Scheduled(number: event.sequence, command: event.id, fact: fact)
    }

    /// What was scheduled together with a key, and is still to come; in the order scheduled.
    func scheduled(with key: DocumentKey) -> [Scheduled] {
        guard let one = scheduled[key] else { return [] }
        return scheduled.values.filter { $0.command == one.command }.sorted { $0.number < $1.number }
    }

    mutating func apply(_ fact: ConfigurationCancelled) { scheduled[fact.key] = nil }

    private mutating func applyPrice(_ fact: Configured) {
        prices[fact.key.name] = nil
        guard case .price(let document)? = fact.document else { return }
        prices[fact.key.name] = Price(document, version: fact.version, scale: scale)!
        for charge in document.charges { use(charge.unit) }
    }

    private mutating func applyPlan(_ document: Document?, of plan: Name) {
        guard case .plan(let document)? = document else { return }
        if let price = document.price { use(price.unit) }
        for allowance in document.allowances {
            use(allowance.unit)
            let slot = Slot(unit: allowance.unit, period: allowance.period)
            if !slots(of: plan).contains(slot) { slots[plan, default: []].append(slot) }
        }
    }

    private mutating func applyAlerts(_ document: Document?, _ name: Name) {
        var documents = rules.filter { !$0.isDefault && $0.name != name }
        if case .alert(let document)? = document { documents.append(AlertRule(name: name, document: document)) }
        if case .alert(let document)? = document, let unit = document.rule.unit { use(unit) }
        let standing = AlertRule.defaults.filter { rule in !documents.contains { $0.document.rule.isLike(rule.document.rule) } }
        rules = (documents + standing).sorted { $0.name < $1.name }
    }

    /// A zone that a newer zone database no longer has is read as UTC: what was decided stands in the events.
    private mutating func applySettings(_ document: Document?, from: Timestamp, _ table: ZoneTable) {
        let settings = if case .settings(let settings)? = document { settings } else { SettingsDocument() }
        zones.set(settings.timeZone.flatMap { table.rules($0) } ?? .utc, from: from)
        defaultPlans.set(settings.defaultPlan, from: from)
    }
}

// MARK: As bytes

extension Configuration {
    /// Reads all versions, and makes of them what `apply` made of each.
    ///
    /// - Parameter table: The zones by which the settings are read.
    init(from reader: inout SnapshotReader, zones table: ZoneTable) throws(SnapshotError) {
        versions = try reader.next()
        scheduled = try reader.next()
        for (key, versions) in versions where versions.contains(where: { $0.document.map { $0.kind != key.kind } ?? false }) {
            throw reader.error("a document stands under a key of another kind")
        }
        for key in versions.keys where key.kind == .price {
            guard let price = try currentPrice(key, reader) else { continue }
            prices[key.name] = price
        }
        for (key, versions) in versions where key.kind == .plan {
            for version in versions { applyPlan(version.document, of: key.name) }
        }
        for (key, versions) in versions where key.kind == .alert { applyAlerts(versions.last?.document, key.name) }
        for version in versions[.settings] ?? [] { applySettings(version.document, from: version.from, table) }
        unitsInUse = try reader.next()
    }

    private func currentPrice(_ key: DocumentKey, _ reader: SnapshotReader) throws(SnapshotError) -> Price? {
        guard case .price(let document)? = current(key) else { return nil }
        guard let price = Price(document, version: newestVersion(of: key), scale: scale) else {
            throw reader.error("the rates of a price have no common denominator")
        }
        return price
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(versions)
        writer.write(scheduled)
        writer.write(unitsInUse)
    }
}

/// A value that changes over time, with all that it was.
struct Timeline<Value: Hashable & Sendable>: Hashable, Sendable {
    private var entries: [(from: Timestamp, value: Value)]

    init(_ value: Value) { entries = [(.distantPast, value)] }

    /// The last value set at or before an instant.
    func value(at instant: Timestamp) -> Value { entry(at: instant).value }

    func entry(at instant: Timestamp) -> (from: Timestamp, value: Value) { entries.last { $0.from <= instant }! }

    /// When it became another value.
    var changes: [Timestamp] { entries.dropFirst().map(\.from) }

    /// Notes a value if it is another than the last.
    mutating func set(_ value: Value, from: Timestamp) {
        if entries.last!.value != value { entries.append((from, value)) }
    }

    static func == (left: Self, right: Self) -> Bool { left.entries.elementsEqual(right.entries, by: ==) }

    func hash(into hasher: inout Hasher) { hasher.combine(changes) }
}

/// An alert's rule in force, with its name.
struct AlertRule: Hashable, Sendable {
    let name: Name
    let document: AlertDocument

    /// Those that stand as long as a tenant has no rule of their kind.
    static let defaults: [AlertRule] = [
        AlertRule(
            name: "$allowanceUsed",
            document: AlertDocument(rule: .allowanceUsed(unit: nil, thresholds: AlertDocument.thresholdsDefault))),
        AlertRule(name: "$keyExpiring", document: AlertDocument(rule: .keyExpiring(days: AlertDocument.daysDefault))),
        AlertRule(name: "$keyFaulty", document: AlertDocument(rule: .keyFaulty)),
    ]

    var isDefault: Bool { name.isReserved }

    /// Its alerts stand in the agenda.
    var speaksByTime: Bool {
        switch document.rule {
        case .keyExpiring, .holdAgeing: true
        case .allowanceUsed, .lowBalance, .spend, .keyFaulty: false
        }
    }
}

extension AlertDocument.Rule {
    /// The unit that it names.
    var unit: Name? {
        switch self {
        case .allowanceUsed(let unit, _): unit
        case .lowBalance(let unit, _), .spend(_, let unit, _, _): unit
        case .keyExpiring, .keyFaulty, .holdAgeing: nil
        }
    }

    fileprivate func isLike(_ other: Self) -> Bool {
        switch (self, other) {
        case (.allowanceUsed, .allowanceUsed), (.lowBalance, .lowBalance), (.spend, .spend), (.keyExpiring, .keyExpiring),
            (.keyFaulty, .keyFaulty), (.holdAgeing, .holdAgeing):
            true
        default: false
        }
    }
}

/// The time zones there are, as the engine knows them.
public struct ZoneTable: Sendable {
    let rules: @Sendable (Name) -> ZoneRules?

    /// - Parameter rules: The rules of a zone by its IANA name, nil when there is none.
    public init(_ rules: @escaping @Sendable (Name) -> ZoneRules?) { self.rules = rules }

    public static let utcOnly = ZoneTable { $0 == "UTC" ? .utc : nil }
}
