/// One account as a command sees it: brought up to date, then as each event that is found leaves it.
///
/// Every event is applied to the copy at once, by the code that will apply it to the book: what is decided next sees what was decided before.
struct AccountDraft {
    let tenant: Tenant
    private(set) var account: Account
    private(set) var group: GroupDraft
    /// The units brought up to date, with what was there then.
    private var touched: [(unit: Name, before: Balance)] = []

    /// The last reading of each counter that the group is noted to have moved, in the order first moved.
    private(set) var readings: [Meter] = []

    /// Whether a command opens an account that is not there.
    enum Opening {
        case never
        /// Where accounts have a default plan.
        case byDefaultPlan
        case always
    }

    init(_ name: Name, of tenant: Tenant, _ group: consuming GroupDraft, opening: Opening = .never) throws(Rejection) {
        self.tenant = tenant
        self.group = group
        if let account = tenant.accounts[name] {
            self.account = account
            if account.state == .closed { throw .accountClosed(name) }
        } else {
            let defaultPlan = tenant.configuration.defaultPlans.value(at: self.group.now)
            guard opening == .always || opening == .byDefaultPlan && defaultPlan != nil else { throw .accountNotFound(name) }
            account = Account(name: name, openedAt: self.group.now)
            add(.accountOpened(AccountOpened(account: name)))
        }
        updateDefaultPlan()
    }

    /// The same for looking only: a closed account too, and one that a first command would open. Nil when there is none.
    init?(looking name: Name, of tenant: Tenant, at now: Timestamp) {
        let isOpened = tenant.configuration.defaultPlans.value(at: now) != nil
        guard let account = tenant.accounts[name] ?? (isOpened ? Account(name: name, openedAt: now) : nil) else { return nil }
        self.tenant = tenant
        self.account = account
        group = GroupDraft(
            tenant: tenant.name, id: name, at: now, after: SequenceNumber(1 << 62), zone: tenant.configuration.zone(at: now))
        if account.state == .closed { return }
        updateDefaultPlan()
        for unit in units { touch(unit) }
    }

    var now: Timestamp { group.now }
    var configuration: Configuration { _read { yield tenant.configuration } }

    /// Every unit of which the account has something or is to have it.
    var units: [Name] {
        var units = account.purses.map(\.unit)
        for subscription in account.subscriptions {
            for slot in configuration.slots(of: subscription.plan) where !units.contains(slot.unit) { units.append(slot.unit) }
        }
        return units
    }

    mutating func reserve(_ count: Int) { group.reserve(count) }

    mutating func add(_ fact: Fact, occurredAt: Timestamp? = nil, ending hold: OpenHold? = nil) {
        account.apply(group.add(fact, occurredAt: occurredAt), ending: hold)
    }

    /// Notes counters that the events so far have moved, so that a later one of the group counts on, and alerts see what the whole came to.
    mutating func note(_ meters: [Meter]) {
        for meter in meters {
            let index = readings.firstIndex { $0.counter == meter.counter }
            if let index { readings[index] = meter } else { readings.append(meter) }
        }
    }

    /// What a counter shows after the events so far, if they moved it.
    func noted(_ counter: Meter.Counter) -> Amount? { readings.first { $0.counter == counter }?.used }

    consuming func finish() -> [Event] { group.finish() }

    /// What was available of a unit before the command moved it.
    func balanceBefore(_ unit: Name) -> Balance {
        touched.first { $0.unit == unit }?.before ?? account.purse(unit).balance(at: now)
    }

    /// The units that the command has moved, or looked at to move them.
    var unitsTouched: [Name] { touched.map(\.unit) }

    /// Brings a unit up to date: writes what has lapsed, and opens the windows that have begun.
    mutating func touch(_ unit: Name) {
        if touched.contains(where: { $0.unit == unit }) { return }
        let openings = account.subscriptions.isEmpty ? [] : windowsToOpen(unit)
        for lot in account.purse(unit).lots where lot.hasLapsed(at: now) && lot.remaining ?? .zero > .zero {
            expire(lot, of: unit, at: lot.terms.expiresAt!)
        }
        for opening in openings { open(opening) }
        touched.append((unit, account.purse(unit).balance(at: now)))
    }

    /// Writes that what remains of a lot is no more.
    mutating func expire(_ lot: Lot, of unit: Name, at instant: Timestamp) {
        let amount = lot.remaining ?? .zero
        var purse = account.purse(unit)
        purse.expire(lot.number, at: instant)
        let draws = amount == .zero ? [] : [Draw(lot: lot.number, amount: amount, remaining: .zero)]
        let part = Part(unit: unit, amount: amount, lots: draws, balance: purse.balance(at: now))
        add(.lotExpired(LotExpired(account: account.name, lot: lot.number, expiresAt: instant, part: part)))
    }

    /// Opens a lot that bears the number of the next event.
    func opening(_ amount: Amount, of unit: Name, _ terms: LotTerms) throws(Rejection) -> Part {
        var purse = account.purse(unit)
        if purse.total.adding(amount) == nil { throw .amountOverflow(unit: unit) }
        if purse.grantedLotCount >= Purse.lotCountMax {
            throw .tooManyLots(account: account.name, unit: unit, limit: Purse.lotCountMax)
        }
        let number = group.nextSequence
        purse.open(Lot(number: number, remaining: amount, terms: terms))
        return Part(
            unit: unit, amount: amount, lots: [Draw(lot: number, amount: amount, remaining: amount)],
            balance: purse.balance(at: now))
    }
}
