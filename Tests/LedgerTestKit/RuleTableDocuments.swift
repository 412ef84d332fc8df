import LedgerModel

/// Configuration: `configure KEY DOCUMENT , KEY DOCUMENT effective TIME`.
extension Words {
    mutating func configurationCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "configure": .configure(try configure())
        case "plan": .configure(Configure(changes: [try planChange()], reason: "a test"))
        case "rollback": .rollback(Rollback(key: try key(), version: try integer(), reason: "a test"))
        default: nil
        }
    }

    /// `plan pro articles 5 day` is `configure plan/pro articles 5 day`.
    private mutating func planChange() throws(Unreadable) -> Configure.Change {
        Configure.Change(key: DocumentKey(.plan, try name()), document: .plan(try plan()))
    }

    private mutating func configure() throws(Unreadable) -> Configure {
        var configure = Configure(changes: [], reason: "a test", isDryRun: take("dryRun"))
        configure.changes = try changes()
        if take("effective") { configure.effectiveAt = try time() }
        return configure
    }

    private mutating func changes() throws(Unreadable) -> [Configure.Change] {
        if take("nothing") { return [] }
        var changes: [Configure.Change] = []
        repeat {
            let key = try key()
            let action = try action(take("as") ? oneOf(DocumentKey.Kind.self) : key.kind)
            changes.append(Configure.Change(key: key, action: action, expectVersion: take("expect") ? try integer() : nil))
        } while comma()
        return changes
    }

    private mutating func action(_ kind: DocumentKey.Kind) throws(Unreadable) -> Configure.Change.Action {
        if take("delete") { return .delete }
        if take("cancel") { return .cancel }
        return .put(try document(kind))
    }

    private mutating func document(_ kind: DocumentKey.Kind) throws(Unreadable) -> Document {
        switch kind {
        case .unit: .unit(UnitDocument(scale: try integer()))
        case .price: .price(try price())
        case .plan: .plan(try plan())
        case .alert: .alert(try alert())
        case .tag: .tag(TagDocument(colour: take("colour") ? try name() : nil))
        case .tenant: .settings(try settings())
        }
    }

    /// `tokens requests=1, usd requests=1/2 minimum 5`.
    private mutating func price() throws(Unreadable) -> PriceDocument {
        var charges: [Charge] = []
        repeat { charges.append(try charge()) } while innerComma()
        return PriceDocument(charges: charges, minimum: take("minimum") ? try amount() : nil, enabled: !take("disabled"))
    }

    private mutating func charge() throws(Unreadable) -> Charge {
        let unit = try name()
        var rates: [Charge.DimensionRate] = []
        while let (dimension, rate) = pair() {
            rates.append(.init(dimension: try Words.read(dimension, Name.init), rate: try Words.read(rate) { Rate($0) }))
        }
        return Charge(unit: unit, rates: rates)
    }

    /// `articles 5 day rollover 2, reports -1 month priority 5 anchored`, or `nothing`.
    private mutating func plan() throws(Unreadable) -> PlanDocument {
        var plan = PlanDocument()
        if !take("nothing") {
            repeat { plan.allowances.append(try allowance()) } while innerComma()
        }
        plan.enabled = !take("disabled")
        return plan
    }

    private mutating func allowance() throws(Unreadable) -> AllowanceDocument {
        var allowance = AllowanceDocument(unit: try name(), amount: try allotment(), period: try period())
        try inAnyOrder { words throws(Unreadable) in
            if words.take("rollover") { allowance.rollover = try words.amount() }
            if words.take("priority") { allowance.priority = try words.integer() }
            if words.take("anchored") { allowance.anchor = .subscription }
        }
        return allowance
    }

    private mutating func settings() throws(Unreadable) -> SettingsDocument {
        var settings = SettingsDocument()
        try inAnyOrder { words throws(Unreadable) in
            if words.take("zone") { settings.timeZone = try words.name() }
            if words.take("lateDays") { settings.lateDays = try words.integer() }
            if words.take("plan") { settings.defaultPlan = try words.name() }
            if words.take("holdSeconds") { settings.holdSeconds = try words.integer() }
            if words.take("maxOpenHolds") { settings.maxOpenHolds = try words.integer() }
        }
        return settings
    }
}

/// Alert rules: `credits below 30`, `used articles 80 100`, `spend key credits above 100 month`, `expiring 7 3 1`, `faulty`, `ageing 1h`.
extension Words {
    private mutating func alert() throws(Unreadable) -> AlertDocument {
        var document = AlertDocument(rule: try alertRule())
        if take("severity") { document.severity = try oneOf(AlertSeverity.self) }
        document.enabled = !take("disabled")
        return document
    }

    private mutating func alertRule() throws(Unreadable) -> AlertDocument.Rule {
        if take("used") { return .allowanceUsed(unit: isAtSteps ? nil : try name(), thresholds: steps()) }
        if take("spend") { return try spendRule() }
        if take("expiring") { return .keyExpiring(days: steps()) }
        if take("faulty") { return .keyFaulty }
        if take("ageing") { return .holdAgeing(seconds: try seconds()) }
        let unit = try name()
        try expect("below")
        return .lowBalance(unit: unit, below: try amount())
    }

    private mutating func spendRule() throws(Unreadable) -> AlertDocument.Rule {
        let (subject, unit) = (try oneOf(SpendSubject.self), try name())
        try expect("above")
        let above = try amount()
        return .spend(subject: subject, unit: unit, period: try period(), above: above)
    }

    private var isAtSteps: Bool { peek.flatMap { Int($0) } != nil }

    private mutating func steps() -> [Int] {
        var steps: [Int] = []
        while let step = takeIf({ Int($0) }) { steps.append(step) }
        return steps
    }
}
