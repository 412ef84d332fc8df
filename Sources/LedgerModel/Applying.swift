extension Book {
    /// Takes an event into the book. It cannot fail: an event is a fact, and disagreement with it is a programming error.
    public mutating func apply(_ event: Event) {
        event.fact.forEachIdentifier(group: event.group == nil ? nil : event.id) {
            identifiers.set(identifiers.hash($0, of: event.tenant), to: event.sequence)
        }
        advance(to: event.sequence, at: event.at)
        note(event.fact, of: event.tenant)
        if event.tenant == .system { return }
        withTenant(event.tenant) { tenant, zones, agendas in tenant.apply(event, zones, &agendas) }
    }

    /// Takes events as if one after the other, and much faster.
    public mutating func apply(_ hashed: HashedEvents) {
        // Each id stands in a place of its own that is far from the processor: so many in a row are fetched side by side.
        for (id, sequence) in hashed.identifiers { identifiers.set(id, to: sequence) }
        var start = 0
        while start < hashed.events.count {
            let end = hashed.endOfTenant(from: start)
            apply(hashed.events, start..<end)
            start = end
        }
    }

    /// Makes the hashes of `HashedEvents`.
    public var identifierHasher: IdentifierHasher { identifiers.hasher }

    /// Who the ledger is after an event that comes next.
    public func identity(after event: Event) -> Identity? {
        event.tenant == .system ? Identity.after(identity, event.fact) : identity
    }

    /// Takes events of one tenant, which is looked up once for all of them.
    private mutating func apply(_ events: [Event], _ indices: Range<Int>) {
        let tenant = events[indices.lowerBound].tenant
        for index in indices {
            advance(to: events[index].sequence, at: events[index].at)
            note(events[index].fact, of: tenant)
        }
        if tenant == .system { return }
        withTenant(tenant) { tenant, zones, agendas in
            for index in indices { tenant.apply(events[index], zones, &agendas) }
        }
    }

    private mutating func advance(to sequence: SequenceNumber, at time: Timestamp) {
        precondition(sequence == lastSequence.next, "events are dense")
        precondition(time >= lastAt, "the ledger's time never goes back")
        (lastSequence, lastAt) = (sequence, time)
    }

    /// What of a fact is not its tenant's.
    private mutating func note(_ fact: Fact, of tenant: Name) {
        switch fact {
        case .accountOpened: accountCount += 1
        case .keyIssued(let fact): keyHashes.insert(KeyPlace(tenant: tenant, key: fact.key), for: fact.hash)
        case .ledgerOpened, .restored, .signingKeyReplaced: identity = Identity.after(identity, fact)
        default: break
        }
    }

    private mutating func withTenant(_ name: Name, _ body: (inout Tenant, ZoneTable, inout Agendas) -> Void) {
        var agendas = Agendas()
        swap(&agendas, &self.agendas)
        let zones = zones
        tenants.update(name, default: Tenant(name: name)) { body(&$0, zones, &agendas) }
        swap(&agendas, &self.agendas)
    }
}

extension Tenant {
    fileprivate mutating func apply(_ event: Event, _ zones: ZoneTable, _ agendas: inout Agendas) {
        switch event.fact {
        case .ledgerOpened, .recovered, .restored, .signingKeyReplaced:
            preconditionFailure("an event of the ledger itself under a tenant")
        case .accountOpened(let fact): accounts.insert(Account(name: fact.account, openedAt: event.at), for: fact.account)
        case .accountFrozen(let fact), .accountUnfrozen(let fact), .accountClosed(let fact): follow(event, fact.account)
        case .granted(let fact): follow(event, fact.account, [fact.part])
        case .adjusted(let fact): follow(event, fact.account, [fact.part])
        case .lotExpired(let fact): follow(event, fact.account)
        case .debited(let fact):
            follow(event, fact.account, fact.parts)
            count(fact.meters)
        case .refunded(let fact):
            follow(event, fact.account)
            count(fact.meters)
            note(fact)
        case .held(let fact): open(fact, event, &agendas)
        case .holdExtended(let fact): extend(fact, &agendas)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): end(fact, event, &agendas)
        case .batchOpened(let fact): batches.insert(Batch(isOpen: true), for: BatchKey(account: fact.account, batch: fact.batch))
        case .batchClosed(let fact): batches.insert(Batch(isOpen: false), for: BatchKey(account: fact.account, batch: fact.batch))
        case .subscribed(let fact): follow(event, fact.account)
        case .planChanged(let fact): follow(event, fact.account)
        case .unsubscribed(let fact): follow(event, fact.account)
        case .allowanceOpened(let fact): follow(event, fact.account, [fact.part])
        case .allowanceOverridden(let fact): follow(event, fact.account)
        case .configured(let fact): configure(fact, event, zones, &agendas)
        case .configurationScheduled(let fact): schedule(fact, event, &agendas)
        case .configurationCancelled(let fact):
            unschedule(fact.key, &agendas)
            configuration.apply(fact)
        case .keyIssued(let fact):
            keys.insert(Key(fact, event), for: fact.key)
            if let limit = fact.terms.limit { configuration.use(limit.unit) }
            plan(key: fact.key, &agendas)
        case .keyUpdated(let fact): update(fact, event, &agendas)
        case .keyRevoked(let fact):
            keys.update(fact.key) { $0.status = .revoked }
            plan(key: fact.key, &agendas)
        case .alertRaised(let fact): raise(fact, event, &agendas)
        case .alertRead(let fact): unreadAlerts.subtract(fact.alerts)
        case .usageReported(let fact): configuration.use(fact.unit)
        case .usageRecorded(let fact): if case .amount(let unit, _) = fact.ask { configuration.use(unit) }
        case .submitted, .itemsRejected, .allowanceReset, .alertDelivered, .syncReported: break
        }
    }

    private mutating func follow(_ event: Event, _ account: Name, _ parts: [Part] = []) {
        let hasNewUnit = accounts[existing: account].apply(event)
        // A unit that an account has a purse of is in use already.
        if hasNewUnit { for part in parts { configuration.use(part.unit) } }
    }

    private mutating func note(_ fact: Refunded) {
        refunds.update(fact.debit, default: RefundProgress()) { progress in
            for returned in fact.returns { progress.amounts[returned.part.unit, default: .zero] += returned.part.amount }
            for quantity in fact.quantities { progress.quantities[quantity.dimension, default: .zero] += quantity.count }
        }
    }

    // MARK: Counters of keys and rules

    private mutating func count(_ meters: [Meter]) {
        for meter in meters {
            switch meter.counter {
            case .allowance: break
            case .key(let name):
                keys.update(name) { key in
                    guard let period = key.terms.limit?.period else { return }
                    key.counter = Key.Counter(unit: meter.unit, period: period, window: meter.window, used: meter.used)
                }
            case .spend(let rule, let subject): count(meter, SpendKey(rule: rule, subject: subject))
            }
        }
    }

    private mutating func count(_ meter: Meter, _ key: SpendKey) {
        guard let period = configuration.rules.first(where: { $0.name == key.rule })?.document.rule.period else { return }
        let standing = spending[key].flatMap { $0.unit == meter.unit && $0.window == meter.window ? $0 : nil }
        let isRaised = standing?.isRaised ?? false
        spending.insert(
            Spending(
                unit: meter.unit, period: standing?.period ?? period, window: meter.window, used: meter.used, isRaised: isRaised),
            for: key)
    }

    // MARK: Holds

    private mutating func open(_ fact: Held, _ event: Event, _ agendas: inout Agendas) {
        follow(event, fact.account, fact.parts)
        count(fact.meters)
        if let key = fact.use.key { keys.update(key) { $0.openHoldCount += 1 } }
        var hold = OpenHold(fact, event)
        hold.due = hold.nextDue(configuration.rules)
        holds.insert(hold, for: event.id)
        agendas.others.add(Agenda.Entry(due: hold.due, cause: hold.number, task: .hold(tenant: name, id: event.id)))
    }

    private mutating func extend(_ fact: HoldExtended, _ agendas: inout Agendas) {
        holds.update(fact.hold) { $0.terms.expiresAt = fact.expiresAt }
        plan(hold: fact.hold, &agendas)
    }

    private mutating func end(_ fact: HoldEnded, _ event: Event, _ agendas: inout Agendas) {
        let hold = holds.remove(fact.hold)!
        agendas.others.remove(due: hold.due, cause: hold.number)
        let hasNewUnit = accounts[existing: fact.account].apply(event, ending: hold)
        if hasNewUnit { for part in fact.parts { configuration.use(part.unit) } }
        if let key = hold.use.key { keys.update(key) { $0.openHoldCount -= 1 } }
        count(fact.meters)
    }

    private mutating func plan(hold id: Name, _ agendas: inout Agendas) {
        let hold = holds[id]!
        let due = hold.nextDue(configuration.rules)
        if due == hold.due { return }
        agendas.others.remove(due: hold.due, cause: hold.number)
        agendas.others.add(Agenda.Entry(due: due, cause: hold.number, task: .hold(tenant: name, id: id)))
        holds.update(id) { $0.due = due }
    }

    // MARK: Keys

    private mutating func update(_ fact: KeyUpdated, _ event: Event, _ agendas: inout Agendas) {
        unplan(key: fact.key, &agendas)
        if let limit = fact.terms.limit { configuration.use(limit.unit) }
        keys.update(fact.key) { key in
            if key.terms.expiresAt != fact.terms.expiresAt { key.marks = [] }
            if key.terms.limit?.unit != fact.terms.limit?.unit || key.terms.limit?.period != fact.terms.limit?.period {
                key.counter = nil
                key.limitSince = event.sequence
            }
            key.terms = fact.terms
            key.status = fact.status
            key.number = event.sequence
        }
        plan(key: fact.key, &agendas)
    }

    private mutating func unplan(key name: Name, _ agendas: inout Agendas) {
        guard let key = keys[name], let due = key.due else { return }
        agendas.others.remove(due: due, cause: key.number)
        keys.update(name) { $0.due = nil }
    }

    private mutating func plan(key keyName: Name, _ agendas: inout Agendas) {
        unplan(key: keyName, &agendas)
        guard let key = keys[keyName], let due = key.expiring(configuration.rules).first?.due else { return }
        agendas.others.add(Agenda.Entry(due: due, cause: key.number, task: .key(tenant: name, key: keyName)))
        keys.update(keyName) { $0.due = due }
    }

    // MARK: Configuration

    private mutating func configure(_ fact: Configured, _ event: Event, _ zones: ZoneTable, _ agendas: inout Agendas) {
        if fact.effectiveAt != nil { unschedule(fact.key, &agendas) }
        let timed = configuration.rules.filter(\.speaksByTime)
        configuration.apply(fact, at: event.at, zones: zones)
        if configuration.rules.filter(\.speaksByTime) != timed { planAll(at: event.at, &agendas) }
    }

    private mutating func schedule(_ fact: ConfigurationScheduled, _ event: Event, _ agendas: inout Agendas) {
        unschedule(fact.key, &agendas)
        configuration.apply(fact, event)
        let task = Agenda.Task.configuration(tenant: name, key: fact.key)
        agendas.documents.add(Agenda.Entry(due: fact.effectiveAt, cause: event.sequence, task: task))
    }

    private mutating func unschedule(_ key: DocumentKey, _ agendas: inout Agendas) {
        guard let scheduled = configuration.scheduled[key] else { return }
        agendas.documents.remove(due: scheduled.fact.effectiveAt, cause: scheduled.number)
    }

    /// Other rules speak at other times. Of a key that has expired already nobody needs to be warned anew.
    private mutating func planAll(at now: Timestamp, _ agendas: inout Agendas) {
        var names: [Name] = []
        keys.forEach { name, _ in names.append(name) }
        for name in names {
            if keys[name]!.hasExpired(at: now) { unplan(key: name, &agendas) } else { plan(key: name, &agendas) }
        }
        names = []
        holds.forEach { id, _ in names.append(id) }
        for id in names { plan(hold: id, &agendas) }
    }

    // MARK: Alerts

    private mutating func raise(_ fact: AlertRaised, _ event: Event, _ agendas: inout Agendas) {
        unreadAlerts.insert(event.sequence)
        switch fact.condition {
        case .lowBalance, .allowanceUsed: follow(event, fact.account!)
        case .spend(let spend):
            spending.update(SpendKey(rule: fact.rule, subject: spend.name)) { $0.isRaised = true }
        case .keyExpiring(let key, _, let days):
            keys.update(key) { _ = $0.marks.insert(Key.Mark(rule: fact.rule, days: days)) }
            plan(key: key, &agendas)
        case .holdAgeing(let hold, let seconds):
            holds.update(hold) { _ = $0.marks.insert(OpenHold.Mark(rule: fact.rule, seconds: seconds)) }
            plan(hold: hold, &agendas)
        case .keyFaulty, .segmentRotten, .drift: break
        }
    }
}

extension AlertDocument.Rule {
    /// The period over which spending is added up.
    fileprivate var period: Period? {
        if case .spend(_, _, let period, _) = self { period } else { nil }
    }
}
