/// One line of a book's state, as `list` tells it. The lines of a kind come one after the other, sorted by the fields that name
/// them.
public enum Listed: Hashable, Sendable {
    case account(tenant: Name, account: Name, AccountState)
    case lots(ListedLots)
    case window(ListedWindow)
    case hold(ListedHold)
    case batch(tenant: Name, account: Name, batch: Name, isOpen: Bool)
    case key(tenant: Name, key: Name, account: Name, KeyStatus)
    /// The last event of all.
    case end(SequenceNumber, at: Timestamp)
}

/// What an account has of a unit, judged at the last event's time: lots with something left or held, and those without limit.
public struct ListedLots: Hashable, Sendable {
    public struct Lot: Hashable, Sendable {
        public let number: SequenceNumber
        /// Nil for a lot without limit.
        public let remaining: Amount?
        public let held: Amount
    }

    public let tenant: Name
    public let account: Name
    public let unit: Name
    public let balance: Balance
    /// By number.
    public let lots: [Lot]
}

/// A window of an allowance that is open at the last event's time.
public struct ListedWindow: Hashable, Sendable {
    public let tenant: Name
    public let account: Name
    public let unit: Name
    public let plan: Name
    public let period: Period
    public let interval: Interval
    /// Nil without limit.
    public let limit: Amount?
    public let used: Amount
    public let lot: SequenceNumber
}

/// A hold that has not ended.
public struct ListedHold: Hashable, Sendable {
    public let tenant: Name
    public let id: Name
    public let account: Name
    /// The number of its `held`.
    public let number: SequenceNumber
    public let expiresAt: Timestamp
    /// As they were held.
    public let parts: [Part]
}

extension Book {
    /// Tells the whole state in the canonical order of `docs/events.md`, so that two of them can be compared line by line. One
    /// line is made at a time; only names are held for sorting.
    ///
    /// - Parameter body: Takes one line. What it throws ends the listing.
    public func list<Failure: Error>(_ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        let tenants = tenantsByName
        for tenant in tenants { try tenant.listAccounts(body) }
        for tenant in tenants { try tenant.listLots(at: lastAt, body) }
        for tenant in tenants { try tenant.listWindows(at: lastAt, body) }
        for tenant in tenants { try tenant.listHolds(body) }
        for tenant in tenants { try tenant.listBatches(body) }
        for tenant in tenants { try tenant.listKeys(body) }
        try body(.end(lastSequence, at: lastAt))
    }

    private var tenantsByName: [Tenant] {
        var found: [Tenant] = []
        tenants.forEach { _, tenant in found.append(tenant) }
        return found.sorted { $0.name < $1.name }
    }
}

extension Tenant {
    fileprivate func listAccounts<Failure: Error>(_ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for account in accounts.sortedKeys(by: <) {
            try body(.account(tenant: name, account: account, accounts[account]!.state))
        }
    }

    fileprivate func listLots<Failure: Error>(at now: Timestamp, _ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for account in accounts.sortedKeys(by: <) {
            for purse in accounts[account]!.purses.sorted(by: { $0.unit < $1.unit }) {
                let lots = purse.listed(at: now)
                if lots.isEmpty { continue }
                let listed = ListedLots(
                    tenant: name, account: account, unit: purse.unit, balance: purse.balance(at: now), lots: lots)
                try body(.lots(listed))
            }
        }
    }

    fileprivate func listWindows<Failure: Error>(at now: Timestamp, _ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for account in accounts.sortedKeys(by: <) {
            for purse in accounts[account]!.purses.sorted(by: { $0.unit < $1.unit }) {
                for window in purse.openWindows(at: now) { try body(.window(listed(window, account, purse.unit))) }
            }
        }
    }

    private func listed(_ window: Window, _ account: Name, _ unit: Name) -> ListedWindow {
        ListedWindow(
            tenant: name, account: account, unit: unit, plan: window.plan, period: window.period, interval: window.interval,
            limit: window.limit, used: window.used, lot: window.lot)
    }

    fileprivate func listHolds<Failure: Error>(_ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for id in holds.sortedKeys(by: <) {
            let hold = holds[id]!
            let listed = ListedHold(
                tenant: name, id: id, account: hold.account, number: hold.number, expiresAt: hold.terms.expiresAt,
                parts: hold.parts)
            try body(.hold(listed))
        }
    }

    fileprivate func listBatches<Failure: Error>(_ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for key in batches.sortedKeys(by: { ($0.account, $0.batch) < ($1.account, $1.batch) }) {
            try body(.batch(tenant: name, account: key.account, batch: key.batch, isOpen: batches[key]!.isOpen))
        }
    }

    fileprivate func listKeys<Failure: Error>(_ body: (Listed) throws(Failure) -> Void) throws(Failure) {
        for name in keys.sortedKeys(by: <) {
            let key = keys[name]!
            try body(.key(tenant: self.name, key: name, account: key.account, key.status))
        }
    }
}

extension Purse {
    fileprivate func listed(at now: Timestamp) -> [ListedLots.Lot] {
        lots.filter { lot in
            if lot.held > .zero { return true }
            return lot.remaining.map { $0 > .zero } ?? !lot.hasLapsed(at: now)
        }
        .sorted { $0.number < $1.number }
        .map { ListedLots.Lot(number: $0.number, remaining: $0.remaining, held: $0.held) }
    }

    fileprivate func openWindows(at now: Timestamp) -> [Window] {
        windows.filter { isOpen($0, at: now) }.sorted { left, right in
            if left.plan != right.plan { return left.plan < right.plan }
            if left.period != right.period { return left.period.rawValue < right.period.rawValue }
            return (left.interval.start, left.lot) < (right.interval.start, right.lot)
        }
    }
}

extension Sharded {
    fileprivate func sortedKeys(by areInOrder: (Key, Key) -> Bool) -> [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(count)
        forEach { key, _ in keys.append(key) }
        return keys.sorted(by: areInOrder)
    }
}
