import LedgerModel

/// A tenant's documents as the oracle keeps them: every edition with the instant from which it holds, looked up anew each time.
struct OraclePapers {
    struct Edition {
        let document: Document?
        let from: Int64
    }

    struct Planned {
        let document: Document?
        let at: Int64
        /// Grows with every cause of something due.
        let cause: Int
        /// What one command schedules stands or falls together.
        let command: Name
    }

    var editions: [DocumentKey: [Edition]] = [:]
    var planned: [DocumentKey: Planned] = [:]
    /// The plan of accounts without any, since when.
    var defaults: [(from: Int64, plan: Name?)] = []
    var unitsInUse: Set<Name> = []

    func version(_ key: DocumentKey) -> Int { editions[key]?.count ?? 0 }
    func newest(_ key: DocumentKey) -> Document? { editions[key]?.last?.document }

    /// The edition that held at an instant, and its version.
    private func held(_ key: DocumentKey, at instant: Int64) -> (version: Int, document: Document?)? {
        guard let all = editions[key], let index = all.lastIndex(where: { $0.from <= instant }) else { return nil }
        return (index + 1, all[index].document)
    }

    var settings: SettingsDocument {
        if case .settings(let settings)? = newest(.settings) { settings } else { SettingsDocument() }
    }

    func zone(at instant: Int64) -> WalkedZone {
        guard let (_, document) = held(.settings, at: instant), case .settings(let settings)? = document else { return .utc }
        return .named(settings.timeZone)
    }

    func defaultPlan(at instant: Int64) -> Name? { defaults.last { $0.from <= instant }?.plan }

    func plan(_ name: Name, at instant: Int64) -> (version: Int, document: PlanDocument)? {
        guard let (version, document) = held(DocumentKey(.plan, name), at: instant), case .plan(let plan)? = document else {
            return nil
        }
        return (version, plan)
    }

    /// When a plan first was there.
    func beginning(of plan: Name) -> Int64? { editions[DocumentKey(.plan, plan)]?.first?.from }

    /// What a plan gives of a unit by a period at an instant.
    func allowance(_ plan: Name, _ slot: OracleSlot, at instant: Int64) -> (version: Int, document: AllowanceDocument)? {
        guard let (version, document) = self.plan(plan, at: instant),
            let allowance = document.allowances.first(where: { $0.unit == slot.unit && $0.period == slot.period })
        else { return nil }
        return (version, allowance)
    }

    /// Each unit and period that some edition of a plan gives, in the order in which they came up.
    func slots(of plan: Name) -> [OracleSlot] {
        var slots: [OracleSlot] = []
        for edition in editions[DocumentKey(.plan, plan)] ?? [] {
            guard case .plan(let document)? = edition.document else { continue }
            for allowance in document.allowances {
                let slot = OracleSlot(unit: allowance.unit, period: allowance.period)
                if !slots.contains(slot) { slots.append(slot) }
            }
        }
        return slots
    }

    /// When a plan gives something for the first time, from an instant on.
    func firstGiving(_ plan: Name, _ slot: OracleSlot, from instant: Int64) -> Int64? {
        if allowance(plan, slot, at: instant) != nil { return instant }
        return (editions[DocumentKey(.plan, plan)] ?? []).map(\.from)
            .first { $0 > instant && allowance(plan, slot, at: $0) != nil }
    }

    func scale(_ unit: Name) -> Int {
        if case .unit(let document)? = newest(DocumentKey(.unit, unit)) { document.scale } else { 0 }
    }

    func price(_ feature: Name) -> PriceDocument? {
        if case .price(let price)? = newest(DocumentKey(.price, feature)) { price } else { nil }
    }

    func price(_ feature: Name, version: Int) -> PriceDocument {
        guard case .price(let price)? = editions[DocumentKey(.price, feature)]![version - 1].document else {
            preconditionFailure("a use was priced by a document that is none")
        }
        return price
    }

    /// The rules in force, by name; those that stand without documents among them.
    var rules: [(name: Name, document: AlertDocument)] { allRules.filter(\.document.enabled) }

    /// The rules that speak when a time has come, in words.
    var timedRules: [String] {
        allRules.filter { [3, 5].contains(OraclePapers.kind($0.document.rule)) }.map { "\($0)" }
    }

    private var allRules: [(name: Name, document: AlertDocument)] {
        var rules: [(name: Name, document: AlertDocument)] = []
        for (key, all) in editions where key.kind == .alert {
            if case .alert(let document)? = all.last?.document { rules.append((key.name, document)) }
        }
        let kinds = Set(rules.map { OraclePapers.kind($0.document.rule) })
        let standing: [(name: Name, document: AlertDocument)] = [
            ("$allowanceUsed", AlertDocument(rule: .allowanceUsed(unit: nil, thresholds: [80, 95, 100]))),
            ("$keyExpiring", AlertDocument(rule: .keyExpiring(days: [7, 3, 1]))), ("$keyFaulty", AlertDocument(rule: .keyFaulty)),
        ]
        rules += standing.filter { !kinds.contains(OraclePapers.kind($0.document.rule)) }
        return rules.sorted { $0.name < $1.name }
    }

    private static func kind(_ rule: AlertDocument.Rule) -> Int {
        switch rule {
        case .allowanceUsed: 0
        case .lowBalance: 1
        case .spend: 2
        case .keyExpiring: 3
        case .keyFaulty: 4
        case .holdAgeing: 5
        }
    }
}

/// What an allowance is of.
struct OracleSlot: Hashable {
    let unit: Name
    let period: Period
}
