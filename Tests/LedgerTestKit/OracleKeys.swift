import LedgerModel

/// Keys, and the counters of what is spent.
extension OracleAttempt {
    mutating func issue(_ command: IssueKeys) throws(OracleRefusal) {
        if command.keys.isEmpty || Set(command.keys.map(\.key)).count < command.keys.count { throw OracleRefusal("invalidField") }
        for key in command.keys { try check(key.terms, isNew: true) }
        for key in command.keys {
            guard let account = house.accounts[key.account] else { throw OracleRefusal("accountNotFound") }
            if account.state == .closed { throw OracleRefusal("accountClosed") }
        }
        if command.keys.contains(where: { house.keys[$0.key] != nil }) { throw OracleRefusal("keyExists") }
        for key in command.keys {
            let place = OracleKeyPlace(tenant: house.name, key: key.key)
            if hashes.updateValue(place, forKey: key.hash) != nil { throw OracleRefusal("keyHashExists") }
            house.keys[key.key] = OracleKey(
                hash: key.hash, account: key.account, issuedAt: now, terms: key.terms, cause: nextCause())
            if let limit = key.terms.limit { house.papers.unitsInUse.insert(limit.unit) }
            tell("keyIssued", key.key.text)
        }
    }

    private func check(_ terms: KeyTerms, isNew: Bool) throws(OracleRefusal) {
        if isNew, let ends = terms.expiresAt, ends.rawValue <= now { throw OracleRefusal("invalidField") }
        let lists = [terms.tags, terms.features]
        if lists.contains(where: { Set($0).count < $0.count }) { throw OracleRefusal("invalidField") }
        if let most = terms.maxOpenHolds, !(1...1_000_000).contains(most) { throw OracleRefusal("invalidField") }
    }

    private func checkUsable(_ keys: [Name]) throws(OracleRefusal) {
        if keys.contains(where: { house.keys[$0] == nil }) { throw OracleRefusal("keyNotFound") }
        if keys.contains(where: { house.keys[$0]!.status == .revoked }) { throw OracleRefusal("keyRevoked") }
    }

    mutating func update(_ command: UpdateKeys) throws(OracleRefusal) {
        if command.keys.isEmpty || Set(command.keys.map(\.key)).count < command.keys.count { throw OracleRefusal("invalidField") }
        for change in command.keys {
            if change.status == .revoked { throw OracleRefusal("invalidField") }
            if case .set(let ends?) = change.expiresAt, ends.rawValue <= now { throw OracleRefusal("invalidField") }
        }
        for change in command.keys {
            var blank = KeyTerms()
            blank.change(by: change)
            try check(blank, isNew: false)
        }
        try checkUsable(command.keys.map(\.key))
        var faulty: [Name] = []
        for change in command.keys {
            var key = house.keys[change.key]!
            let before = key
            key.change(by: change)
            if key.status == .faulty, before.status != .faulty { faulty.append(change.key) }
            if key.terms.expiresAt != before.terms.expiresAt { key.warned = [] }
            key.cause = nextCause()
            key.isSilent = false
            if let limit = key.terms.limit { house.papers.unitsInUse.insert(limit.unit) }
            house.keys[change.key] = key
            tell("keyUpdated", change.key.text, key.status.rawValue)
        }
        for rule in house.papers.rules where rule.document.rule == .keyFaulty {
            for key in faulty { raise(rule, house.keys[key]!.account, "keyFaulty \(key)", .warning) }
        }
    }

    mutating func revoke(_ command: RevokeKeys) throws(OracleRefusal) {
        if command.keys.isEmpty || Set(command.keys).count < command.keys.count { throw OracleRefusal("invalidField") }
        try checkUsable(command.keys)
        for name in command.keys {
            house.keys[name]!.status = .revoked
            tell("keyRevoked", name.text)
        }
    }

    /// A use may be made with the key, as far as the key itself goes.
    func checkKey(_ name: Name?, _ account: Name, _ feature: Name?) throws(OracleRefusal) {
        guard let name else { return }
        guard let key = house.keys[name] else { throw OracleRefusal("keyNotFound") }
        if key.account != account { throw OracleRefusal("keyOfOtherAccount") }
        if key.status == .revoked { throw OracleRefusal("keyRevoked") }
        if let ends = key.terms.expiresAt, ends.rawValue <= now { throw OracleRefusal("keyExpired") }
        if key.status == .disabled { throw OracleRefusal("keyDisabled") }
        if key.terms.features.isEmpty { return }
        if feature.map({ key.terms.features.contains($0) }) != true { throw OracleRefusal("featureNotAllowed") }
    }

    func checkLimit(_ name: Name?, _ shares: [OracleShare]) throws(OracleRefusal) {
        guard let name, let key = house.keys[name], let limit = key.terms.limit, let counter = counter(of: key),
            let share = shares.first(where: { $0.unit == limit.unit })
        else { return }
        if counter.used + share.paid > limit.amount.rawValue { throw OracleRefusal("keyLimitExceeded") }
    }

    /// What counts against a key's limit now.
    func counter(of key: OracleKey) -> OracleKey.Counter? {
        guard let limit = key.terms.limit else { return nil }
        if let counter = key.counter, counter.unit == limit.unit, counter.period == limit.period, counter.window.contains(now) {
            return counter
        }
        let span = span(limit.period) ?? OracleSpan(start: key.issuedAt, end: nil)
        return OracleKey.Counter(unit: limit.unit, period: limit.period, window: span, used: 0)
    }

    /// The calendar's window of now; nil for a period without windows.
    private func span(_ period: Period) -> OracleSpan? {
        if period == .never { return nil }
        let zone = house.papers.zone(at: now)
        return OracleSpan(
            start: zone.boundary(period, anchor: 1, atOrBefore: now), end: zone.boundary(period, anchor: 1, after: now))
    }

    // MARK: Counting

    typealias Amounts = [(unit: Name, amount: Int64)]

    /// Counts against the key's limit; answers where.
    mutating func countKey(_ amounts: Amounts, _ name: Name?) -> OracleReading? {
        guard let name, let key = house.keys[name], var counter = counter(of: key),
            let amount = amounts.first(where: { $0.unit == counter.unit })?.amount
        else { return nil }
        counter.used += amount
        house.keys[name]!.counter = counter
        return OracleReading(counter: .key(name, limit: key.limitCount), unit: counter.unit, window: counter.window)
    }

    /// Counts a use for its key and for the rules that watch who spends it.
    mutating func count(_ amounts: Amounts, _ account: Name, _ key: Name?, _ labels: Labels) -> (
        all: [OracleReading], spends: [OracleSpendKey]
    ) {
        var readings: [OracleReading] = []
        if let reading = countKey(amounts, key) { readings.append(reading) }
        let spends = countSpending(amounts, account, key, labels)
        return (readings + spends.map { reading($0) }, spends)
    }

    private func reading(_ spend: OracleSpendKey) -> OracleReading {
        let standing = house.spending[spend]!
        return OracleReading(counter: .spend(spend), unit: standing.unit, window: standing.window)
    }

    private mutating func countSpending(_ amounts: Amounts, _ account: Name, _ key: Name?, _ labels: Labels) -> [OracleSpendKey] {
        var spends: [OracleSpendKey] = []
        for rule in house.papers.rules {
            guard case .spend(let subject, let unit, let period, _) = rule.document.rule,
                let amount = amounts.first(where: { $0.unit == unit })?.amount
            else { continue }
            for name in subjects(subject, account, key, labels) {
                let spend = OracleSpendKey(rule: rule.name, subject: name)
                var standing = self.standing(spend, unit, period)
                standing.used += amount
                house.spending[spend] = standing
                spends.append(spend)
            }
        }
        return spends
    }

    private func standing(_ spend: OracleSpendKey, _ unit: Name, _ period: Period) -> OracleSpending {
        if let standing = house.spending[spend], standing.unit == unit, standing.period == period, standing.window.contains(now) {
            return standing
        }
        return OracleSpending(unit: unit, period: period, window: span(period) ?? OracleSpan(start: now, end: nil), used: 0)
    }

    private func subjects(_ subject: SpendSubject, _ account: Name, _ key: Name?, _ labels: Labels) -> [Name] {
        let terms = key.flatMap { house.keys[$0] }?.terms
        switch subject {
        case .account: return [account]
        case .key: return key.map { [$0] } ?? []
        case .tag: return terms?.tags ?? []
        case .platform: return (labels["platform"] ?? terms?.platform).map { [$0] } ?? []
        }
    }

    /// A hold no longer counts as what it held, but as what was taken.
    mutating func countEnd(of hold: OracleHold, _ labels: Labels, _ amounts: Amounts) -> (
        all: [OracleReading], spends: [OracleSpendKey]
    ) {
        var readings: [OracleReading] = []
        if let reading = hold.keyCount, reading.window.contains(now),
            case .key(let name, house.keys[hold.use.key!]!.limitCount) = reading.counter
        {
            let taken = amounts.first { $0.unit == reading.unit }?.amount ?? 0
            house.keys[name]!.counter!.used += taken - hold.held(reading.unit)
            readings.append(reading)
        }
        let spent = amounts.filter { $0.amount > 0 }
        let spends = countSpending(spent, hold.account, hold.use.key, hold.use.labels.merging(labels) { $1 })
        return (readings + spends.map { reading($0) }, spends)
    }

    /// What comes back no longer counts, where the window is still the one in which it was taken.
    mutating func lower(_ readings: [OracleReading], _ units: [Name], _ amounts: [Int64]) {
        for reading in readings where reading.window.contains(now) {
            guard let index = units.firstIndex(of: reading.unit) else { continue }
            switch reading.counter {
            case .key(let name, let limit):
                if house.keys[name]!.limitCount == limit { house.keys[name]!.counter!.used -= amounts[index] }
            case .spend(let spend):
                guard let standing = house.spending[spend], standing.unit == reading.unit, standing.window == reading.window
                else {
                    continue
                }
                house.spending[spend]!.used = max(0, standing.used - amounts[index])
            }
        }
    }
}

extension OracleKey {
    /// A limit of another unit or period begins at nothing.
    fileprivate mutating func change(by change: UpdateKeys.Change) {
        let before = terms.limit
        terms.change(by: change)
        if let value = change.status { status = value }
        if before?.unit == terms.limit?.unit, before?.period == terms.limit?.period { return }
        counter = nil
        limitCount += 1
    }
}

extension KeyTerms {
    fileprivate mutating func change(by change: UpdateKeys.Change) {
        if case .set(let value) = change.platform { platform = value }
        if case .set(let value) = change.owner { owner = value }
        if case .set(let value) = change.name { name = value }
        if case .set(let value) = change.tags { tags = value ?? [] }
        if case .set(let value) = change.expiresAt { expiresAt = value }
        if case .set(let value) = change.limit { limit = value }
        if case .set(let value) = change.features { features = value ?? [] }
        if case .set(let value) = change.maxOpenHolds { maxOpenHolds = value }
    }
}
