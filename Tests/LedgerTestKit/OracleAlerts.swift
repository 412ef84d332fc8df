import LedgerModel

/// Alerts, and what time makes due.
extension OracleAttempt {
    typealias Rule = (name: Name, document: AlertDocument)

    mutating func raise(_ rule: Rule, _ account: Name?, _ condition: String, _ severity: AlertSeverity) {
        tell(
            "alertRaised", rule.name.text, (rule.document.severity ?? severity).rawValue, account?.text ?? "nobody", condition)
    }

    /// A balance that is high enough again arms the alerts of it.
    mutating func arm(_ account: Name, _ unit: Name) {
        let payable = house.accounts[account]!.payable(unit, now)
        for mark in house.accounts[account]!.lowMarks where mark.unit == unit && payable >= mark.below {
            house.accounts[account]!.lowMarks.remove(mark)
        }
    }

    mutating func raiseAlerts(_ account: Name, _ taken: Taken) {
        raiseAlerts(account, windows: taken.windows, drawn: taken.parts.map(\.unit), spends: taken.spends)
    }

    mutating func raiseAlerts(_ account: Name, windows: [Int], drawn: [Name], spends: [OracleSpendKey] = []) {
        for rule in house.papers.rules {
            switch rule.document.rule {
            case .allowanceUsed(let unit, let thresholds):
                for window in windows { raiseUsed(rule, unit, thresholds, account, window) }
            case .lowBalance(let unit, let below): if drawn.contains(unit) { raiseLow(rule, account, unit, below.rawValue) }
            case .spend(_, _, _, let above):
                for spend in spends where spend.rule == rule.name { raiseSpend(rule, account, spend, above.rawValue) }
            case .keyExpiring, .keyFaulty, .holdAgeing: break
            }
        }
    }

    private mutating func raiseUsed(_ rule: Rule, _ unit: Name?, _ thresholds: [Int], _ account: Name, _ index: Int) {
        let window = house.accounts[account]!.windows[index]
        guard let limit = window.limit, limit > 0, unit == nil || unit == window.slot.unit else { return }
        // Of a window that is over nobody needs to be warned.
        if !window.contains(now) || !house.accounts[account]!.plans[window.plan].holds(at: now) { return }
        let plan = house.accounts[account]!.plans[window.plan].name
        for threshold in thresholds where window.used * 100 >= limit * Int64(threshold) {
            let mark = OracleUsedMark(
                rule: rule.name, plan: plan, slot: window.slot, start: window.start, limit: limit, threshold: threshold)
            if !house.accounts[account]!.usedMarks.insert(mark).inserted { continue }
            raise(
                rule, account,
                "used \(plan) \(window.slot.unit) \(window.slot.period) \(OracleText.instant(window.start)) \(window.used)/\(limit) \(threshold)%",
                threshold == 100 ? .error : threshold >= 95 ? .warning : .info)
        }
    }

    private mutating func raiseLow(_ rule: Rule, _ account: Name, _ unit: Name, _ below: Int64) {
        let payable = house.accounts[account]!.payable(unit, now)
        let mark = OracleLowMark(rule: rule.name, unit: unit, below: below)
        if payable >= below || !house.accounts[account]!.lowMarks.insert(mark).inserted { return }
        raise(rule, account, "low \(unit) \(payable)/\(below)", .warning)
    }

    private mutating func raiseSpend(_ rule: Rule, _ account: Name, _ spend: OracleSpendKey, _ above: Int64) {
        guard let standing = house.spending[spend], standing.used > above, !standing.isRaised else { return }
        house.spending[spend]!.isRaised = true
        raise(rule, account, "spend \(spend.subject) \(standing.used)/\(above) \(standing.unit)", .warning)
    }
}

// MARK: Due things

extension OracleHouse {
    struct Due {
        enum Task {
            case lapse(hold: Name)
            /// So many seconds old.
            case ageing(hold: Name, seconds: Int)
            case expiring(key: Name)
            case document(DocumentKey)
        }

        let at: Int64
        let cause: Int
        let task: Task
    }

    /// The first document that comes into force.
    var firstDocument: Due? {
        papers.planned.map { Due(at: $1.at, cause: $1.cause, task: .document($0)) }.min { ($0.at, $0.cause) < ($1.at, $1.cause) }
    }

    /// What else is due first: by its time, then by its cause; an alert of a hold's age before its end.
    var firstOther: Due? {
        let rules = papers.rules
        var all = openHolds.map { due(hold: $0, holds[$0]!, rules) }
        for (name, key) in keys {
            if let at = key.warnings(rules).first?.at { all.append(Due(at: at, cause: key.cause, task: .expiring(key: name))) }
        }
        return all.min { ($0.at, $0.cause) < ($1.at, $1.cause) }
    }

    private func due(hold id: Name, _ hold: OracleHold, _ rules: [OracleAttempt.Rule]) -> Due {
        var due = Due(at: hold.expiresAt, cause: hold.cause, task: .lapse(hold: id))
        for rule in rules {
            guard case .holdAgeing(let seconds) = rule.document.rule, !hold.aged.contains([rule.name.text, "\(seconds)"]) else {
                continue
            }
            let at = hold.heldAt + Int64(seconds) * 1_000_000
            var isSooner = at < due.at
            if case .lapse = due.task { isSooner = at <= due.at }
            if isSooner { due = Due(at: at, cause: hold.cause, task: .ageing(hold: id, seconds: seconds)) }
        }
        return due
    }
}

extension OracleKey {
    /// Warnings that are still to be given, the first first.
    func warnings(_ rules: [OracleAttempt.Rule]) -> [(at: Int64, rule: OracleAttempt.Rule, days: Int)] {
        guard let ends = terms.expiresAt?.rawValue, status != .revoked, !isSilent else { return [] }
        var warnings: [(at: Int64, rule: OracleAttempt.Rule, days: Int)] = []
        for rule in rules {
            guard case .keyExpiring(let days) = rule.document.rule else { continue }
            for days in days where !warned.contains([rule.name.text, "\(days)"]) {
                warnings.append((ends - Int64(days) * 86_400_000_000, rule, days))
            }
        }
        return warnings.sorted { ($0.at, $0.rule.name) < ($1.at, $1.rule.name) }
    }
}

extension OracleAttempt {
    mutating func pass(_ due: OracleHouse.Due) {
        switch due.task {
        case .lapse(let id): lapse(id)
        case .ageing(let id, let seconds): age(id, seconds)
        case .expiring(let key): warn(key)
        case .document(let key): bringIntoForce(key)
        }
    }

    private mutating func age(_ id: Name, _ seconds: Int) {
        for rule in house.papers.rules where rule.document.rule == .holdAgeing(seconds: seconds) {
            if !house.holds[id]!.aged.insert([rule.name.text, "\(seconds)"]).inserted { continue }
            raise(rule, house.holds[id]!.account, "ageing \(id) \(seconds)", .warning)
        }
    }

    private mutating func warn(_ name: Name) {
        let key = house.keys[name]!
        let warnings = key.warnings(house.papers.rules)
        for warning in warnings where warning.at == warnings[0].at {
            house.keys[name]!.warned.insert([warning.rule.name.text, "\(warning.days)"])
            let severity: AlertSeverity = warning.days <= 1 ? .error : warning.days <= 3 ? .warning : .info
            raise(warning.rule, key.account, "expiring \(name) \(warning.days)", severity)
        }
    }
}
