import LedgerModel

/// What is hashed of a configuration document. Its kind stands in the key before it.
extension BodyHash {
    mutating func document(_ document: Document) {
        switch document {
        case .unit(let unit): number(unit.scale)
        case .price(let price): self.price(price)
        case .plan(let plan): self.plan(plan)
        case .alert(let alert): self.alert(alert)
        case .tag(let tag): self.tag(tag)
        case .settings(let settings): self.settings(settings)
        }
    }

    /// The first charge, and behind all else the others: a price had only one at first.
    private mutating func price(_ price: PriceDocument) {
        charge(price.charges[0])
        optional(price.minimum) { $0.amount($1) }
        flag(price.enabled)
        addition(2, price.charges.count > 1 ? Array(price.charges.dropFirst()) : nil) { hash, charges in
            hash.list(charges) { $0.charge($1) }
        }
    }

    private mutating func charge(_ charge: Charge) {
        name(charge.unit)
        list(charge.rates) { hash, entry in
            hash.name(entry.dimension)
            hash.text(entry.rate.text)
        }
    }

    private mutating func plan(_ plan: PlanDocument) {
        optional(plan.name) { $0.text($1) }
        optional(plan.price) { hash, price in
            hash.name(price.unit)
            hash.amount(price.amount)
        }
        optional(plan.cycle) { $0.name($1) }
        flag(plan.enabled)
        list(plan.allowances) { $0.allowance($1) }
    }

    private mutating func allowance(_ allowance: AllowanceDocument) {
        name(allowance.unit)
        allotment(allowance.amount)
        text(allowance.period.rawValue)
        number(allowance.priority)
        optional(allowance.rollover) { $0.amount($1) }
        text(allowance.anchor.rawValue)
    }

    /// A rule for a low balance, the first kind there was, begins with its unit: with a byte count, whose first byte is 0. Every other
    /// begins with a byte from 1 on.
    private mutating func alert(_ alert: AlertDocument) {
        if case .lowBalance(let unit, let below) = alert.rule, alert.enabled {
            name(unit)
            amount(below)
            text((alert.severity ?? .warning).rawValue)
        } else {
            rule(alert.rule)
            optional(alert.severity) { $0.text($1.rawValue) }
            flag(alert.enabled)
        }
    }

    private mutating func rule(_ rule: AlertDocument.Rule) {
        switch rule {
        case .lowBalance(let unit, let below):
            choice(1)
            name(unit)
            amount(below)
        case .allowanceUsed(let unit, let thresholds):
            choice(2)
            optional(unit) { $0.name($1) }
            list(thresholds) { $0.number($1) }
        case .spend(let subject, let unit, let period, let above):
            choice(3)
            text(subject.rawValue)
            name(unit)
            text(period.rawValue)
            amount(above)
        case .keyExpiring(let days):
            choice(4)
            list(days) { $0.number($1) }
        case .keyFaulty: choice(5)
        case .holdAgeing(let seconds):
            choice(6)
            number(seconds)
        }
    }

    private mutating func tag(_ tag: TagDocument) {
        optional(tag.colour) { $0.name($1) }
        optional(tag.note) { $0.text($1) }
    }

    private mutating func settings(_ settings: SettingsDocument) {
        optional(settings.timeZone) { $0.name($1) }
        optional(settings.lateDays) { $0.number($1) }
        addition(2, settings.defaultPlan) { $0.name($1) }
        addition(3, settings.holdSeconds) { $0.number($1) }
        addition(4, settings.maxOpenHolds) { $0.number($1) }
    }
}
