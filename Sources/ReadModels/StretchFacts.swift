import LedgerModel

/// Which columns each kind of event fills.
extension StretchBuilder {
    /// Adds an event's rows to a stretch, on top of what all events have.
    mutating func add(_ event: Event, _ row: inout EventRow) {
        switch event.fact {
        case .granted(let fact): return add(fact, event.sequence, &row)
        case .adjusted(let fact): return add(fact, event.sequence, &row)
        case .lotExpired(let fact): return add(fact, &row)
        case .allowanceOpened(let fact): return add(fact, event.sequence, &row)
        case .debited(let fact): return add(fact, &row)
        case .refunded(let fact): return add(fact, event.sequence, &row)
        case .held(let fact): return add(fact, event, &row)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): return add(fact, event.sequence, &row)
        case .usageRecorded(let fact): return add(fact, &row)
        case .ledgerOpened, .recovered, .restored, .signingKeyReplaced, .submitted, .alertDelivered, .alertRead: break
        case .accountOpened(let fact):
            row[.account] = cell(fact.account)
            row[.name] = cell(fact.name)
            setLabels(fact.labels, in: &row)
        case .accountFrozen(let fact), .accountUnfrozen(let fact), .accountClosed(let fact):
            row[.account] = cell(fact.account)
            row[.reason] = cell(fact.reason)
        case .itemsRejected(let fact):
            setBatch(fact.account, fact.batch, in: &row)
            row[.items] = .integer(Int64(fact.items.count))
        case .batchOpened(let fact):
            setBatch(fact.account, fact.batch, in: &row)
            row[.feature] = cell(fact.feature)
            row[.size] = cell(fact.size)
        case .batchClosed(let fact): setBatch(fact.account, fact.batch, in: &row)
        case .holdExtended(let fact):
            row[.account] = cell(fact.account)
            row[.hold] = cell(fact.hold)
            row[.expiresAt] = cell(fact.expiresAt)
        case .subscribed, .planChanged, .unsubscribed, .allowanceOverridden, .allowanceReset: setPlan(event.fact, in: &row)
        case .configured, .configurationScheduled, .configurationCancelled: setDocument(event.fact, in: &row)
        case .keyIssued, .keyUpdated, .keyRevoked: setKey(event.fact, in: &row)
        case .alertRaised(let fact): setAlert(fact, in: &row)
        case .usageReported(let fact): setReport(fact, in: &row)
        case .syncReported(let fact):
            row[.platform] = cell(fact.platform)
            row[.status] = cell(fact.status.rawValue)
            setWindow(Interval(start: fact.from, end: fact.to), in: &row)
        }
        append(row)
    }

    // MARK: Columns that several kinds share

    private func setBatch(_ account: Name, _ batch: Name, in row: inout EventRow) {
        row[.account] = cell(account)
        row[.batch] = cell(batch)
    }

    mutating func setLabels(_ labels: Labels, in row: inout EventRow) {
        if labels.isEmpty { return }
        row[.model] = cell(labels["model"])
        row[.platform] = cell(labels["platform"])
        row[.status] = cell(labels["status"])
        row[.labels] = cell(labels)
    }

    func setWindow(_ window: Interval, in row: inout EventRow) {
        row[.windowStart] = cell(window.start)
        row[.windowEnd] = cell(window.end)
    }

    // MARK: Plans

    private func setPlan(_ fact: Fact, in row: inout EventRow) {
        switch fact {
        case .subscribed(let fact):
            (row[.account], row[.plan]) = (cell(fact.account), cell(fact.plan))
            (row[.effectiveAt], row[.expiresAt]) = (cell(fact.from), cell(fact.until))
        case .planChanged(let fact):
            (row[.account], row[.plan]) = (cell(fact.account), cell(fact.to))
            (row[.effectiveAt], row[.expiresAt]) = (cell(fact.effectiveAt), cell(fact.until))
        case .unsubscribed(let fact):
            (row[.account], row[.plan], row[.effectiveAt]) = (cell(fact.account), cell(fact.plan), cell(fact.endedAt))
        case .allowanceOverridden(let fact):
            (row[.account], row[.plan], row[.unit]) = (cell(fact.account), cell(fact.plan), cell(fact.unit))
            (row[.period], row[.reason]) = (cell(fact.period.rawValue), cell(fact.reason))
            row[.amount] = cell(fact.amount?.units)
        case .allowanceReset(let fact):
            (row[.account], row[.plan], row[.unit]) = (cell(fact.account), cell(fact.plan), cell(fact.unit))
            (row[.period], row[.reason]) = (cell(fact.period.rawValue), cell(fact.reason))
        default: break
        }
    }

    // MARK: Configuration

    private func setDocument(_ fact: Fact, in row: inout EventRow) {
        switch fact {
        case .configured(let fact):
            row[.document] = cell(fact.key.description)
            row[.version] = cell(fact.version)
            row[.rollbackOf] = cell(fact.rollbackOf)
            (row[.reason], row[.effectiveAt]) = (cell(fact.reason), cell(fact.effectiveAt))
        case .configurationScheduled(let fact):
            row[.document] = cell(fact.key.description)
            (row[.reason], row[.effectiveAt]) = (cell(fact.reason), cell(fact.effectiveAt))
        case .configurationCancelled(let fact):
            row[.document] = cell(fact.key.description)
            row[.reason] = cell(fact.reason)
        default: break
        }
    }

    // MARK: Keys

    private func setKey(_ fact: Fact, in row: inout EventRow) {
        switch fact {
        case .keyIssued(let fact):
            (row[.key], row[.account]) = (cell(fact.key), cell(fact.account))
            setTerms(fact.terms, in: &row)
        case .keyUpdated(let fact):
            (row[.key], row[.account], row[.status]) = (cell(fact.key), cell(fact.account), cell(fact.status.rawValue))
            setTerms(fact.terms, in: &row)
        case .keyRevoked(let fact):
            (row[.key], row[.account], row[.reason]) = (cell(fact.key), cell(fact.account), cell(fact.reason))
        default: break
        }
    }

    private func setTerms(_ terms: KeyTerms, in row: inout EventRow) {
        row[.platform] = cell(terms.platform)
        row[.name] = cell(terms.name)
        row[.expiresAt] = cell(terms.expiresAt)
    }

    // MARK: Alerts

    private func setAlert(_ fact: AlertRaised, in row: inout EventRow) {
        row[.account] = cell(fact.account)
        row[.rule] = cell(fact.rule)
        row[.severity] = cell(fact.severity.rawValue)
        switch fact.condition {
        case .lowBalance(let unit, let below, let available):
            (row[.unit], row[.amount], row[.available]) = (cell(unit), cell(below), cell(available))
        case .allowanceUsed(let use):
            (row[.plan], row[.unit], row[.period]) = (cell(use.plan), cell(use.unit), cell(use.period.rawValue))
            (row[.windowStart], row[.amount]) = (cell(use.windowStart), cell(use.limit))
        case .spend(let spend): setSpend(spend, in: &row)
        case .keyExpiring(let key, let expiresAt, _): (row[.key], row[.expiresAt]) = (cell(key), cell(expiresAt))
        case .keyFaulty(let key): row[.key] = cell(key)
        case .holdAgeing(let hold, _): row[.hold] = cell(hold)
        case .segmentRotten(_, let reason): row[.reason] = cell(reason)
        case .drift(let drift): row[.unit] = cell(drift.unit)
        }
    }

    private func setSpend(_ spend: AlertRaised.Spend, in row: inout EventRow) {
        (row[.unit], row[.amount]) = (cell(spend.unit), cell(spend.above))
        setWindow(spend.window, in: &row)
        switch spend.subject {
        case .key: row[.key] = cell(spend.name)
        case .platform: row[.platform] = cell(spend.name)
        case .account, .tag: break
        }
    }

    // MARK: A provider's own figures

    private mutating func setReport(_ fact: UsageReported, in row: inout EventRow) {
        (row[.platform], row[.key]) = (cell(fact.platform), cell(fact.key))
        (row[.unit], row[.amount]) = (cell(fact.unit), cell(fact.cost))
        row[.quantities] = cell(fact.quantities)
        setWindow(Interval(start: fact.from, end: fact.to), in: &row)
    }
}
