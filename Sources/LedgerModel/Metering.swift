/// The counters that a use moves: allowances' windows, a key's limit, and what alert rules watch.
extension AccountDraft {
    /// What a use is made with and for.
    struct Purpose {
        let keyName: Name?
        let key: Key?
        let labels: Labels

        init(_ use: Use, key: Key?) {
            keyName = use.key
            self.key = key
            labels = use.labels
        }
    }

    /// The counters after parts have been taken for good.
    func meters(taking parts: [Part], _ purpose: Purpose) throws(Rejection) -> [Meter] {
        var meters: [Meter] = []
        for part in parts { try meters.append(contentsOf: allowances(drawing: part.lots, of: part.unit)) }
        if let key = keyMeter(adding: parts, purpose) { meters.append(key) }
        return meters + spending(adding: parts, purpose)
    }

    /// The counters of allowances after draws from their lots.
    func allowances(drawing draws: [Draw], of unit: Name) throws(Rejection) -> [Meter] {
        if account.subscriptions.isEmpty { return [] }
        let purse = account.purse(unit)
        var meters: [Meter] = []
        for draw in draws {
            guard let window = purse.window(ofLot: draw.lot) else { continue }
            // What is held may come to be used as well: the count must have room for it.
            let held = purse.lot(draw.lot)?.held ?? .zero
            guard let used = window.used.adding(draw.amount), used.adding(held) != nil else { throw .amountOverflow(unit: unit) }
            meters.append(Meter(window, unit, used: used))
        }
        return meters
    }

    /// The key's counter after parts, if it has a limit in one of their units.
    func keyMeter(adding parts: [Part], _ purpose: Purpose) -> Meter? {
        guard let name = purpose.keyName, let key = purpose.key, let limit = key.terms.limit,
            let part = parts.first(where: { $0.unit == limit.unit }),
            let counter = key.counter(at: now, configuration.zone(at: now))
        else { return nil }
        let used = noted(.key(name)) ?? counter.used
        return Meter(
            counter: .key(name), unit: limit.unit, used: used.adding(part.amount) ?? .max, limit: limit.amount,
            window: counter.window)
    }

    /// Refuses a use that passes its key's limit.
    func checkLimit(_ meter: Meter?, _ parts: [Part]) throws(Rejection) {
        guard let meter, case .key(let key) = meter.counter, let limit = meter.limit, meter.used > limit else { return }
        let asked = parts.first { $0.unit == meter.unit }!.amount
        throw .keyLimitExceeded(
            key: key, unit: meter.unit, asked: asked, used: meter.used - asked, limit: limit, resetsAt: meter.window.end)
    }

    /// The counters of the rules that watch what is spent.
    func spending(adding parts: [Part], _ purpose: Purpose) -> [Meter] {
        var meters: [Meter] = []
        for rule in configuration.rules where rule.document.enabled {
            guard case .spend(let subject, let unit, let period, let above) = rule.document.rule,
                let part = parts.first(where: { $0.unit == unit })
            else { continue }
            for name in subjects(subject, purpose) {
                let standing = tenant.spending(SpendKey(rule: rule.name, subject: name), unit, period, at: now)
                let counter = Meter.Counter.spend(rule: rule.name, subject: name)
                let used = (noted(counter) ?? standing.used).adding(part.amount) ?? .max
                meters.append(Meter(counter: counter, unit: unit, used: used, limit: above, window: standing.window))
            }
        }
        return meters
    }

    /// Whose spending a use is.
    private func subjects(_ subject: SpendSubject, _ purpose: Purpose) -> [Name] {
        switch subject {
        case .account: [account.name]
        case .key: purpose.keyName.map { [$0] } ?? []
        case .tag: purpose.key?.terms.tags ?? []
        case .platform: (purpose.labels["platform"] ?? purpose.key?.terms.platform).map { [$0] } ?? []
        }
    }

    /// The counters of a debit's own meters, lowered by what comes back, where they are still open.
    func meters(lowering meters: [Meter], of use: SequenceNumber, by returns: [Return]) -> [Meter] {
        meters.compactMap { meter in
            guard let returned = returns.first(where: { $0.part.unit == meter.unit })?.part.amount, returned > .zero,
                let used = tenant.used(meter, of: use, at: now)
            else { return nil }
            var lowered = meter
            lowered.used = used.less(returned)
            lowered.limit = tenant.limit(meter)
            return lowered
        }
    }
}

extension Meter {
    init(_ window: Window, _ unit: Name, used: Amount) {
        self.init(
            counter: .allowance(plan: window.plan, window.period, lot: window.lot), unit: unit, used: used, limit: window.limit,
            window: window.interval)
    }
}

extension Tenant {
    /// What a subject has spent in the window that is open for a rule.
    func spending(_ key: SpendKey, _ unit: Name, _ period: Period, at now: Timestamp) -> Spending {
        if let standing = spending[key], standing.unit == unit, standing.period == period, standing.window.contains(now) {
            return standing
        }
        let calendar = Calendar(zone: configuration.zone(at: now), period: period, anchor: 1)
        let window = calendar.window(containing: now) ?? Interval(start: now, end: nil)
        return Spending(unit: unit, period: period, window: window, used: .zero, isRaised: false)
    }

    /// The value of a counter of a key or a rule, if the window that the meter shows is open now.
    func used(_ meter: Meter, of use: SequenceNumber, at now: Timestamp) -> Amount? {
        guard meter.window.contains(now) else { return nil }
        switch meter.counter {
        case .allowance: return nil
        case .key(let name):
            guard let key = keys[name], use > key.limitSince, let counter = key.counter, counter.unit == meter.unit,
                counter.window == meter.window
            else {
                return nil
            }
            return counter.used
        case .spend(let rule, let subject):
            guard let standing = spending[SpendKey(rule: rule, subject: subject)], standing.unit == meter.unit,
                standing.window == meter.window
            else { return nil }
            return standing.used
        }
    }

    /// The limit that a key or a rule has now.
    func limit(_ meter: Meter) -> Amount? {
        switch meter.counter {
        case .allowance: return meter.limit
        case .key(let name): return keys[name]?.terms.limit?.amount
        case .spend(let name, _):
            let rule = configuration.rules.first { $0.name == name }?.document.rule
            if case .spend(_, _, _, let above)? = rule { return above }
            return meter.limit
        }
    }
}
