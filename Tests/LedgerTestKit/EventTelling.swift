package import LedgerModel

/// What events tell, in the oracle's words, but for what time alone has done: lots that lapsed, windows that began, default plans that
/// came and went.
package struct EventTelling {
    private struct Plan: Hashable {
        let tenant: Name
        let account: Name
        let plan: Name
    }

    private var defaults: Set<Plan> = []

    package init() {}

    package mutating func told(_ events: [Event]) -> [String] {
        var told: [String] = []
        var isContinued = false
        for event in events {
            if event.group != nil { isContinued = false }
            if case .itemsRejected(let fact) = event.fact, isContinued {
                // They did not fit into one line of the log.
                told[told.count - 1] += ", " + EventTelling.refused(fact)
            } else if let words = words(event) {
                told.append(words.joined(separator: " "))
            }
            if case .itemsRejected = event.fact { isContinued = true }
        }
        return told
    }

    private static func refused(_ fact: ItemsRejected) -> String {
        fact.items.map { "\($0.item) \($0.rejection.name)" }.joined(separator: ", ")
    }

    private mutating func words(_ event: Event) -> [String]? {
        switch event.fact {
        case .lotExpired: nil
        case .subscribed(let fact):
            if fact.isDefault {
                note(event.tenant, fact)
            } else {
                [
                    "subscribed", fact.account.text, fact.plan.text, fact.from.description, fact.until?.description ?? "for ever",
                    "\(fact.anchor)",
                ]
            }
        case .unsubscribed(let fact):
            defaults.remove(Plan(tenant: event.tenant, account: fact.account, plan: fact.plan)) != nil
                ? nil : ["unsubscribed", fact.account.text, fact.plan.text]
        case .planChanged(let fact): changed(fact, event)
        case .allowanceOpened(let fact): fact.replaces == nil ? nil : EventTelling.words(fact)
        default: EventTelling.words(event)
        }
    }

    private mutating func note(_ tenant: Name, _ fact: Subscribed) -> [String]? {
        defaults.insert(Plan(tenant: tenant, account: fact.account, plan: fact.plan))
        return nil
    }

    private mutating func changed(_ fact: PlanChanged, _ event: Event) -> [String] {
        if fact.effectiveAt <= event.at { defaults.remove(Plan(tenant: event.tenant, account: fact.account, plan: fact.from)) }
        return [
            "planChanged", fact.account.text, fact.from.text, fact.to.text, fact.effectiveAt.description,
            fact.until?.description ?? "for ever",
        ]
    }

    private static func words(_ fact: AllowanceOpened) -> [String] {
        [
            "replaced", fact.account.text, fact.plan.text, fact.part.unit.text, fact.period.rawValue,
            "\(fact.used)/\(fact.limit?.description ?? "endless")",
        ]
    }

    // MARK: Facts by themselves

    private static func words(_ event: Event) -> [String] {
        switch event.fact {
        case .submitted(let fact): ["submitted", "\(fact.commands)"]
        case .accountOpened(let fact): ["accountOpened", fact.account.text]
        case .accountFrozen(let fact): ["accountFrozen", fact.account.text]
        case .accountUnfrozen(let fact): ["accountUnfrozen", fact.account.text]
        case .accountClosed(let fact): ["accountClosed", fact.account.text]
        case .granted(let fact): ["granted", fact.account.text, parts([fact.part])]
        case .adjusted(let fact): ["adjusted", fact.account.text, (fact.isIncrease ? "+" : "-") + parts([fact.part])]
        case .debited(let fact): debited(fact)
        case .refunded(let fact):
            ["refunded", fact.account.text, back(fact.returns)] + late(fact.late)
        case .itemsRejected(let fact): ["itemsRejected", refused(fact)]
        case .usageRecorded(let fact): ["usageRecorded", fact.account.text]
        case .held(let fact): ["held", fact.account.text, parts(fact.parts), "until", fact.terms.expiresAt.description]
        case .holdExtended(let fact): ["holdExtended", fact.hold.text, "until", fact.expiresAt.description]
        case .settled(let fact):
            ["settled", fact.hold.text, parts(fact.parts), "back", back(fact.returns), "short", "\(fact.shortfall)"]
        case .released(let fact): ["released", fact.hold.text, "back", back(fact.returns)]
        case .holdExpired(let fact):
            ["holdExpired", fact.hold.text, fact.parts.isEmpty ? "nothing" : parts(fact.parts), "back", back(fact.returns)]
        case .batchOpened(let fact): ["batchOpened", fact.account.text, fact.batch.text]
        case .batchClosed(let fact): ["batchClosed", fact.account.text, fact.batch.text]
        default: wordsOfOrder(event)
        }
    }

    private static func wordsOfOrder(_ event: Event) -> [String] {
        switch event.fact {
        case .allowanceOverridden(let fact):
            ["allowanceOverridden", fact.account.text, fact.plan.text, fact.unit.text, fact.period.rawValue]
        case .allowanceReset(let fact):
            ["allowanceReset", fact.account.text, fact.plan.text, fact.unit.text, fact.period.rawValue]
        case .configured(let fact): ["configured", fact.key.description, "\(fact.version)"]
        case .configurationScheduled(let fact):
            ["configurationScheduled", fact.key.description, fact.effectiveAt.description]
        case .configurationCancelled(let fact): ["configurationCancelled", fact.key.description]
        case .keyIssued(let fact): ["keyIssued", fact.key.text]
        case .keyUpdated(let fact): ["keyUpdated", fact.key.text, fact.status.rawValue]
        case .keyRevoked(let fact): ["keyRevoked", fact.key.text]
        case .alertRaised(let fact):
            ["alertRaised", fact.rule.text, fact.severity.rawValue, fact.account?.text ?? "nobody", condition(fact.condition)]
        case .alertDelivered(let fact): ["alertDelivered", "\(fact.alerts.count)"]
        case .alertRead(let fact): ["alertRead", "\(fact.alerts.count)"]
        case .usageReported(let fact): ["usageReported", fact.platform.text]
        case .syncReported(let fact): ["syncReported", fact.platform.text]
        default: [event.fact.caseName]
        }
    }

    private static func parts(_ parts: [Part]) -> String { OracleText.parts(parts.map { ($0.unit, $0.amount.rawValue) }) }

    private static func back(_ returns: [Return]) -> String {
        returns.isEmpty
            ? "nothing"
            : returns.map { OracleText.back($0.part.unit, $0.part.amount.rawValue, $0.expired.rawValue) }.joined(separator: " + ")
    }

    private static func debited(_ fact: Debited) -> [String] {
        ["debited", fact.account.text, parts(fact.parts)] + (fact.item.map { [$0.text] } ?? []) + late(fact.late)
    }

    private static func late(_ late: LateSettlement?) -> [String] {
        late.map { ["late", $0.hold.text, "short", "\($0.shortfall)"] } ?? []
    }

    private static func condition(_ condition: AlertRaised.Condition) -> String {
        switch condition {
        case .lowBalance(let unit, let below, let available): "low \(unit) \(available)/\(below)"
        case .allowanceUsed(let use):
            "used \(use.plan) \(use.unit) \(use.period) \(use.windowStart) \(use.used)/\(use.limit) \(use.threshold)%"
        case .spend(let spend): "spend \(spend.name) \(spend.spent)/\(spend.above) \(spend.unit)"
        case .keyExpiring(let key, _, let days): "expiring \(key) \(days)"
        case .keyFaulty(let key): "keyFaulty \(key)"
        case .holdAgeing(let hold, let seconds): "ageing \(hold) \(seconds)"
        case .segmentRotten(let segment, _): "rotten \(segment)"
        case .drift(let drift):
            "drift \(drift.tenant) \(drift.account) \(drift.unit) \(drift.sequence) \(drift.found)/\(drift.expected)"
        }
    }
}
