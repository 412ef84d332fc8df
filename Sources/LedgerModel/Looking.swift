/// What the book answers to those who only look. An account is judged as its next command would see it.
extension Book {
    /// What the book has of one unit on an account.
    public struct Holding: Hashable, Sendable {
        public let unit: Name
        public let balance: Balance
        /// In burn-down order; those not yet in force included, those that have lapsed not.
        public let lots: [Lot]
    }

    /// What an account has, by unit, as of an instant; nil when there is no such account.
    public func holdings(of account: Name, in tenant: Name, at now: Timestamp) -> [Holding]? {
        AccountDraft(looking: account, of: self.tenant(tenant), at: now)?.account.purses.map { purse in
            Holding(unit: purse.unit, balance: purse.balance(at: now), lots: purse.lots.filter { !$0.hasLapsed(at: now) })
        }
    }

    /// The windows that are open for an account, in the order of its plans; nil when there is no such account.
    public func quota(of account: Name, in tenant: Name, at now: Timestamp) -> [Quota]? {
        guard let account = AccountDraft(looking: account, of: self.tenant(tenant), at: now)?.account else { return nil }
        if account.state == .closed { return [] }
        return account.subscriptions.filter { $0.isInForce(at: now) }.flatMap { subscription in
            account.purses.flatMap { purse in
                purse.windows.filter { $0.subscription == subscription.number && purse.isOpen($0, at: now) }.map { window in
                    Quota(window, purse.unit, held: purse.lot(window.lot)?.held ?? .zero, isDefault: subscription.isDefault)
                }
            }
        }
    }

    /// What a debit would write: the events, or the reason why not.
    public func check(_ check: Check, at now: Timestamp) throws(Rejection) -> [Event] {
        let use = Use(key: check.key)
        let request = Request(
            tenant: check.tenant, id: "check", body: 0,
            command: .debit(Debit(account: check.account, ask: check.ask, use: use)))
        let tenant = tenant(check.tenant)
        let group = GroupDraft(request, at: now, after: lastSequence, zone: tenant.configuration.zone(at: now))
        return try tenant.decide(Debit(account: check.account, ask: check.ask, use: use), group)
    }

    /// The key that a secret's hash belongs to, as of an instant; nil when it is none's.
    public func key(with hash: KeyHash, at now: Timestamp) -> KeyView? {
        guard let place = keyHashes[hash], case let tenant = tenant(place.tenant), let key = tenant.keys[place.key] else {
            return nil
        }
        let counter = key.counter(at: now, tenant.configuration.zone(at: now))
        return KeyView(
            tenant: place.tenant, key: place.key, account: key.account, status: key.status, isExpired: key.hasExpired(at: now),
            accountState: tenant.accounts[key.account]?.state ?? .open, terms: key.terms, openHolds: key.openHoldCount,
            used: counter?.used ?? .zero, window: counter?.window)
    }

    /// The current version of a document; 0 when there never was one.
    public func currentVersion(of key: DocumentKey, in tenant: Name) -> Int {
        self.tenant(tenant).configuration.newestVersion(of: key)
    }

    /// A version of a document; nil when it was deleted, or there is none.
    public func document(_ key: DocumentKey, version: Int, in tenant: Name) -> Document? {
        self.tenant(tenant).configuration.document(key, version: version)
    }
}

/// An open window of an allowance.
public struct Quota: Hashable, Sendable {
    public let plan: Name
    /// The version of the plan that decides the window.
    public let version: Int
    public let unit: Name
    public let period: Period
    public let used: Amount
    public let held: Amount
    /// Nil without limit.
    public let limit: Amount?
    /// What of the limit came over from the window before.
    public let carried: Amount
    public let window: Interval
    /// The plan is the tenant's default.
    public let isDefault: Bool

    init(_ window: Window, _ unit: Name, held: Amount, isDefault: Bool) {
        plan = window.plan
        version = window.version
        self.unit = unit
        period = window.period
        used = window.used
        self.held = held
        limit = window.limit
        carried = window.carried
        self.window = window.interval
        self.isDefault = isDefault
    }
}

/// "Would this be allowed, and what would it cost?"
public struct Check: Hashable, Sendable {
    public var tenant: Name
    public var account: Name
    public var ask: Ask
    public var key: Name?

    public init(tenant: Name, account: Name, ask: Ask, key: Name? = nil) {
        self.tenant = tenant
        self.account = account
        self.ask = ask
        self.key = key
    }
}

/// What is known of an API key at an instant.
public struct KeyView: Hashable, Sendable {
    public let tenant: Name
    public let key: Name
    public let account: Name
    public let status: KeyStatus
    public let isExpired: Bool
    public let accountState: AccountState
    public let terms: KeyTerms
    public let openHolds: Int
    /// Of the limit's unit, in its window, what is held included.
    public let used: Amount
    /// Nil without a limit.
    public let window: Interval?
}

/// What a change of configuration would do.
public struct DryRun: Hashable, Sendable {
    public struct Difference: Hashable, Sendable {
        public let key: DocumentKey
        /// The current version; 0 when there is none.
        public let version: Int
        public let before: Document?
        public let after: Document?
        /// How many accounts it touches: those that have the units of a price or rule, that have the plan, or all of the tenant.
        public let accounts: Int
    }

    public let differences: [Difference]
    public let effectiveAt: Timestamp?
}

extension Tenant {
    func difference(_ command: Configure) -> DryRun {
        DryRun(
            differences: command.changes.map { change in
                let before = configuration.current(change.key)
                let after = change.action == .cancel ? before : change.document
                return DryRun.Difference(
                    key: change.key, version: configuration.newestVersion(of: change.key), before: before, after: after,
                    accounts: accountCount(touchedBy: change.key, [before, after].compactMap { $0 }))
            }, effectiveAt: command.effectiveAt)
    }

    /// It looks at every account: for an operator's question, not for a service's.
    private func accountCount(touchedBy key: DocumentKey, _ documents: [Document]) -> Int {
        var count = 0
        if key.kind == .tag {
            var holders: Set<Name> = []
            keys.forEach { if $1.terms.tags.contains(key.name) { holders.insert($1.account) } }
            return holders.count
        }
        let isDefault = configuration.settings.defaultPlan == key.name && key.kind == .plan
        let units = documents.reduce(into: Set<Name>()) { $0.formUnion($1.units(under: key)) }
        accounts.forEach { _, account in
            if account.state == .closed { return }
            switch key.kind {
            case .plan:
                let isDefaultHere = isDefault && account.subscriptions.allSatisfy(\.isDefault)
                if isDefaultHere || account.subscriptions.contains(where: { $0.plan == key.name }) { count += 1 }
            case .tenant: count += 1
            case .unit, .price, .alert, .tag:
                if units.isEmpty || account.purses.contains(where: { units.contains($0.unit) }) { count += 1 }
            }
        }
        return count
    }
}

extension Document {
    /// The units that a document is about; none for one about all.
    fileprivate func units(under key: DocumentKey) -> Set<Name> {
        switch self {
        case .unit: [key.name]
        case .price(let price): Set(price.charges.map(\.unit))
        case .alert(let alert): alert.rule.unit.map { [$0] } ?? []
        case .plan, .tag, .settings: []
        }
    }
}
