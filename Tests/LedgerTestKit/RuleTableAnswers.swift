import LedgerModel

/// What `last FIELD` tells of what was decided last.
extension RuleTable {
    func told(_ field: String) throws(Unreadable) -> String {
        if let told = last.movements(field) ?? last.endings(field) ?? last.documents(field) ?? last.others(field) { return told }
        throw Unreadable("there is no field \(field)")
    }
}

extension [Event] {
    /// What was moved, in the order of the parts. What lapsed and opened on the way is apart.
    fileprivate func movements(_ field: String) -> String? {
        switch field {
        case "amount": joined(parts.map { "\($0.amount)" })
        case "drawn": joined(parts.map { joined($0.lots.map { "\($0.amount)" }) }, by: " / ")
        case "available": joined(parts.map { "\($0.balance.available)" })
        case "held": joined(parts.map { "\($0.balance.held)" })
        case "lapsed": joined(facts { if case .lotExpired(let fact) = $0 { "\(fact.part.amount)" } else { nil } })
        case "lapsedAt": joined(facts { if case .lotExpired(let fact) = $0 { "\(fact.expiresAt)" } else { nil } })
        default: nil
        }
    }

    /// What came back: by a refund, or at the end of a hold.
    fileprivate func endings(_ field: String) -> String? {
        switch field {
        case "returned": joined(returns.map { "\($0.part.amount)" })
        case "returnedTo": joined(returns.map { joined($0.part.lots.map { "\($0.amount)" }) }, by: " / ")
        case "expired": joined(returns.map { "\($0.expired)" })
        case "reissued": joined(returns.map { $0.reissued == nil ? "no" : "yes" })
        case "reopened": joined(returns.map { "\($0.reopened.count)" })
        case "shortfall": joined(facts(\.shortfall).map { "\($0)" })
        case "method": joined(facts(\.method).map(\.rawValue))
        case "quantities": joined(facts(\.quantities).map { joined($0.map { "\($0.dimension)=\($0.count)" }) }, by: " / ")
        case "labels": joined(facts(\.use).map { joined($0.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) })
        default: nil
        }
    }

    /// What was configured or opened.
    fileprivate func documents(_ field: String) -> String? {
        switch field {
        case "versions": joined(facts(\.configured).map { "\($0.key)=\($0.version)" })
        case "rollbackOf": joined(facts(\.configured).map { $0.rollbackOf.map(String.init) ?? "none" })
        case "effectiveAt": joined(facts(\.configured).map { $0.effectiveAt.map { "\($0)" } ?? "now" })
        case "opened": joined(facts(\.opened).map(\.words), by: " , ")
        case "windows": joined(facts(\.opened).map { "\($0.window.start) \($0.window.end.map { "\($0)" } ?? "never")" })
        case "subscribed": joined(facts(\.subscribed), by: " , ")
        default: nil
        }
    }

    fileprivate func others(_ field: String) -> String? {
        switch field {
        case "day": joined(map { "\($0.day)" })
        case "id": joined(map { "\($0.id)" })
        case "heads": joined(map { $0.group.map { "\($0.count)" } ?? "-" })
        case "meters": joined(flatMap(\.fact.meters).map(\.words), by: " , ")
        case "alerts": joined(facts(\.alert).map { "\($0.rule): \($0.condition.words)" }, by: " , ")
        case "severities": joined(facts(\.alert).map(\.severity.rawValue))
        case "rejected": joined(facts(\.rejected).flatMap(\.self).map { "\($0.item):\($0.rejection.name)" })
        default: nil
        }
    }

    private var parts: [Part] { flatMap(\.fact.parts) }
    private var returns: [Return] { flatMap(\.fact.returns) }

    private func facts<Value>(_ value: (Fact) -> Value?) -> [Value] { compactMap { value($0.fact) } }

    private func joined(_ words: [String], by separator: String = " ") -> String {
        words.isEmpty ? "none" : words.joined(separator: separator)
    }
}

/// One side of each kind of fact.
extension Fact {
    /// What was taken, given or given back by a refund.
    fileprivate var parts: [Part] {
        switch self {
        case .granted(let fact): [fact.part]
        case .adjusted(let fact): [fact.part]
        case .debited(let fact): fact.parts
        case .held(let fact): fact.parts
        case .refunded(let fact): fact.returns.map(\.part)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.parts
        default: []
        }
    }

    fileprivate var returns: [Return] {
        switch self {
        case .refunded(let fact): fact.returns
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.returns
        default: []
        }
    }

    fileprivate var meters: [Meter] {
        switch self {
        case .debited(let fact): fact.meters
        case .held(let fact): fact.meters
        case .refunded(let fact): fact.meters
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.meters
        default: []
        }
    }

    fileprivate var late: LateSettlement? {
        switch self {
        case .debited(let fact): fact.late
        case .refunded(let fact): fact.late
        default: nil
        }
    }

    fileprivate var shortfall: Amount? {
        switch self {
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.shortfall
        default: late?.shortfall
        }
    }

    fileprivate var method: SettlementMethod? {
        if case .settled(let fact) = self { fact.method } else { late?.method }
    }

    fileprivate var quantities: [Quantity]? {
        switch self {
        case .debited(let fact): fact.priced?.quantities
        case .held(let fact): fact.priced?.quantities
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.priced?.quantities
        case .refunded(let fact): fact.quantities
        default: nil
        }
    }

    fileprivate var use: Use? {
        switch self {
        case .debited(let fact): fact.use
        case .held(let fact): fact.use
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.use
        default: nil
        }
    }

    fileprivate var configured: Configured? { if case .configured(let fact) = self { fact } else { nil } }
    fileprivate var opened: AllowanceOpened? { if case .allowanceOpened(let fact) = self { fact } else { nil } }
    fileprivate var alert: AlertRaised? { if case .alertRaised(let fact) = self { fact } else { nil } }
    fileprivate var rejected: [ItemsRejected.Item]? { if case .itemsRejected(let fact) = self { fact.items } else { nil } }

    /// `pro from TIME until TIME anchor 1`, of a subscription or of the plan that follows another.
    fileprivate var subscribed: String? {
        switch self {
        case .subscribed(let fact):
            "\(fact.plan) from \(fact.from) until \(fact.until.map { "\($0)" } ?? "never") anchor \(fact.anchor)"
                + (fact.isDefault ? " default" : "")
        case .planChanged(let fact):
            "\(fact.to) from \(fact.effectiveAt) until \(fact.until.map { "\($0)" } ?? "never") anchor \(fact.anchor)"
        default: nil
        }
    }
}

extension AllowanceOpened {
    /// `pro v1 articles day 5 carried 2 used 3 gives 4`: whose and what, the window's amount, and the units of the lot.
    fileprivate var words: String {
        let amount = amount.map { "\($0)" } ?? "unlimited"
        return "\(plan) v\(version) \(part.unit) \(period) \(amount)" + (carried > .zero ? " carried \(carried)" : "")
            + (used > .zero ? " used \(used)" : "") + (replaces == nil ? "" : " anew") + " gives \(part.amount)"
    }
}

extension Meter {
    /// `pro articles day 3 of 5`, `k-1 credits 3 of 100`, `rule u-7 credits 3 of 100`.
    fileprivate var words: String {
        let figures = "\(used) of \(limit.map { "\($0)" } ?? "unlimited")"
        return switch counter {
        case .allowance(let plan, let period, _): "\(plan) \(unit) \(period) \(figures)"
        case .key(let key): "\(key) \(unit) \(figures)"
        case .spend(let rule, let subject): "\(rule) \(subject) \(unit) \(figures)"
        }
    }
}

extension AlertRaised.Condition {
    fileprivate var words: String {
        switch self {
        case .lowBalance(let unit, let below, let available): "\(available) \(unit) below \(below)"
        case .allowanceUsed(let use): "\(use.used) of \(use.limit) \(use.unit) \(use.threshold) %"
        case .spend(let spend): "\(spend.subject) \(spend.name) spent \(spend.spent) \(spend.unit) above \(spend.above)"
        case .keyExpiring(let key, _, let days): "\(key) in \(days) days"
        case .keyFaulty(let key): "\(key) is faulty"
        case .holdAgeing(let hold, let seconds): "\(hold) for \(seconds) s"
        case .segmentRotten(let segment, _): "segment \(segment)"
        case .drift(let drift): "\(drift.account) \(drift.unit) \(drift.found) instead of \(drift.expected)"
        }
    }
}
