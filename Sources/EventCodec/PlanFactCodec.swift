import JSONText
import LedgerModel

/// Facts about subscriptions and the windows of their allowances.
extension JSONWriter {
    mutating func subscribed(_ fact: Subscribed) {
        named("account", fact.account)
        named("plan", fact.plan)
        field("from", fact.from)
        optional("until", fact.until)
        field("anchor", fact.anchor)
        if fact.isDefault {
            key("isDefault")
            boolean(true)
        }
    }

    mutating func planChanged(_ fact: PlanChanged) {
        named("account", fact.account)
        named("from", fact.from)
        named("to", fact.to)
        field("effectiveAt", fact.effectiveAt)
        optional("until", fact.until)
        field("anchor", fact.anchor)
    }

    mutating func unsubscribed(_ fact: Unsubscribed) {
        named("account", fact.account)
        named("plan", fact.plan)
        field("endedAt", fact.endedAt)
    }

    mutating func allowanceOpened(_ fact: AllowanceOpened) {
        named("account", fact.account)
        named("plan", fact.plan)
        field("version", fact.version)
        choice("period", fact.period)
        intervalFields(fact.window)
        key("amount")
        allotment(fact.amount.map(Allotment.units) ?? .unlimited)
        positive("carried", fact.carried)
        positive("used", fact.used)
        optional("replaces", fact.replaces)
        field("priority", fact.priority)
        optional("expiresAt", fact.expiresAt)
        partsField([fact.part])
    }

    mutating func allowanceOverridden(_ fact: AllowanceOverridden) {
        allowance(of: fact.plan, fact.account, fact.unit, fact.period)
        if let amount = fact.amount {
            key("amount")
            allotment(amount)
        }
        field("reason", text: fact.reason)
    }

    mutating func allowanceReset(_ fact: AllowanceReset) {
        allowance(of: fact.plan, fact.account, fact.unit, fact.period)
        field("reason", text: fact.reason)
    }

    private mutating func allowance(of plan: Name, _ account: Name, _ unit: Name, _ period: Period) {
        named("account", account)
        named("plan", plan)
        named("unit", unit)
        choice("period", period)
    }
}

extension OrderedFields {
    mutating func subscribed() throws(FieldError) -> Subscribed {
        Subscribed(
            account: try name("account"), plan: try name("plan"), from: try timestamp("from"),
            until: try optionalTimestamp("until"), anchor: try anchor(), isDefault: try flag("isDefault"))
    }

    mutating func planChanged() throws(FieldError) -> PlanChanged {
        PlanChanged(
            account: try name("account"), from: try name("from"), to: try name("to"), effectiveAt: try timestamp("effectiveAt"),
            until: try optionalTimestamp("until"), anchor: try anchor())
    }

    private mutating func anchor() throws(FieldError) -> Int { try integer("anchor", in: Subscribe.anchorRange) }

    mutating func unsubscribed() throws(FieldError) -> Unsubscribed {
        Unsubscribed(account: try name("account"), plan: try name("plan"), endedAt: try timestamp("endedAt"))
    }

    mutating func allowanceOpened() throws(FieldError) -> AllowanceOpened {
        AllowanceOpened(
            account: try name("account"), plan: try name("plan"), version: try integer("version"), period: try period(),
            window: try interval(), amount: try allotment("amount").units, carried: try optionalAmount("carried") ?? .zero,
            used: try optionalAmount("used") ?? .zero, replaces: try optionalSequence("replaces"),
            priority: try integer("priority", in: LotTerms.priorityRange), expiresAt: try optionalTimestamp("expiresAt"),
            part: try onlyPart())
    }

    mutating func allowanceOverridden() throws(FieldError) -> AllowanceOverridden {
        AllowanceOverridden(
            account: try name("account"), plan: try name("plan"), unit: try name("unit"), period: try period(),
            amount: try optional("amount") { (reader, field) throws(FieldError) in try reader.allotment(field) },
            reason: try text("reason"))
    }

    mutating func allowanceReset() throws(FieldError) -> AllowanceReset {
        AllowanceReset(
            account: try name("account"), plan: try name("plan"), unit: try name("unit"), period: try period(),
            reason: try text("reason"))
    }
}
