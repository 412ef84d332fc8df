/// Raising alerts: the last events of a group, by rule, then by what moved, then by threshold.
extension AccountDraft {
    /// - Parameters:
    ///   - meters: The counters that the group moved, as they are now.
    ///   - units: The units that were drawn from.
    mutating func raiseAlerts(_ meters: [Meter], drawnFrom units: [Name]) {
        for rule in configuration.rules where rule.document.enabled {
            switch rule.document.rule {
            case .allowanceUsed(let unit, let thresholds):
                for meter in meters where unit == nil || meter.unit == unit { raise(rule, thresholds, meter) }
            case .lowBalance(let unit, let below): if units.contains(unit) { raiseLowBalance(rule, unit, below) }
            case .spend(let subject, _, _, let above):
                for meter in meters { raiseSpend(rule, subject, above, meter) }
            case .keyExpiring, .keyFaulty, .holdAgeing: break
            }
        }
    }

    /// A window speaks while it is open.
    private mutating func raise(_ rule: AlertRule, _ thresholds: [Int], _ meter: Meter) {
        guard case .allowance(let plan, let period, let lot) = meter.counter, let limit = meter.limit, limit > .zero else {
            return
        }
        let purse = account.purse(meter.unit)
        guard let window = purse.window(ofLot: lot), purse.isOpen(window, at: now) else { return }
        for threshold in thresholds where meter.used.rawValue * 100 >= limit.rawValue * Int64(threshold) {
            let use = AlertRaised.AllowanceUse(
                plan: plan, unit: meter.unit, period: period, windowStart: meter.window.start, limit: limit, used: meter.used,
                threshold: threshold)
            let mark = Window.Mark(rule: rule.name, use)
            if purse.windows.contains(where: { $0.marks.contains(mark) }) { continue }
            raise(rule, .allowanceUsed(use), nearness: threshold == 100 ? .error : threshold >= 95 ? .warning : .info)
        }
    }

    /// It may have recovered by time alone since it was raised last.
    private mutating func raiseLowBalance(_ rule: AlertRule, _ unit: Name, _ below: Amount) {
        let purse = account.purse(unit)
        let (before, now) = (balanceBefore(unit), purse.balance(at: now))
        if now.isUnlimited || now.available >= below { return }
        let stands = purse.marks.contains(Purse.Mark(rule: rule.name, below: below))
        if stands, !before.isUnlimited, before.available < below { return }
        raise(rule, .lowBalance(unit: unit, below: below, available: now.available))
    }

    private mutating func raiseSpend(_ rule: AlertRule, _ subject: SpendSubject, _ above: Amount, _ meter: Meter) {
        guard case .spend(rule.name, let name) = meter.counter, meter.used > above else { return }
        let standing = tenant.spending[SpendKey(rule: rule.name, subject: name)]
        if let standing, standing.window == meter.window, standing.unit == meter.unit, standing.isRaised { return }
        let spend = AlertRaised.Spend(
            subject: subject, name: name, unit: meter.unit, window: meter.window, above: above, spent: meter.used)
        raise(rule, .spend(spend))
    }

    private mutating func raise(_ rule: AlertRule, _ condition: AlertRaised.Condition, nearness: AlertSeverity = .warning) {
        add(.alertRaised(rule.alert(account.name, condition, nearness: nearness)))
    }
}

extension AlertRule {
    /// - Parameter nearness: The severity of a rule that does not say one.
    func alert(_ account: Name?, _ condition: AlertRaised.Condition, nearness: AlertSeverity) -> AlertRaised {
        AlertRaised(rule: name, severity: document.severity ?? nearness, account: account, condition: condition)
    }
}

extension Tenant {
    func decide(_ command: AcknowledgeAlerts, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        guard (1...AcknowledgeAlerts.alertCountMax).contains(command.alerts.count) else {
            throw .invalidField(field: "alerts", reason: "must name 1 to \(AcknowledgeAlerts.alertCountMax) alerts")
        }
        for alert in command.alerts where !unreadAlerts.contains(alert) { throw .alertNotFound(alert) }
        let acknowledged = AlertAcknowledged(alerts: command.alerts)
        group.add(command.state == .read ? .alertRead(acknowledged) : .alertDelivered(acknowledged))
        return group.finish()
    }
}
