package import LedgerModel

/// What can be seen of an account, in words of which none is the book's own.
package struct OracleState: Equatable {
    package struct Unit: Equatable {
        var available: Int64 = 0
        var held: Int64 = 0
        var isEndless = false
        /// In burn-down order: what is left (-1 without end), what is held, when it lapses.
        var lots: [[Int64]] = []
    }

    /// Those of which there is something.
    package private(set) var units: [Name: Unit] = [:]
    /// Sorted, for the order of windows is nobody's concern.
    var windows: [String] = []

    package var text: String {
        let units = units.sorted { $0.key < $1.key }.map { name, unit in
            "\(name) \(unit.available)+\(unit.held)\(unit.isEndless ? " endless" : "") \(unit.lots)"
        }
        return (units + windows).joined(separator: "\n    ")
    }

    fileprivate mutating func add(_ name: Name, _ unit: Unit) { if unit != Unit() { units[name] = unit } }
}

extension OracleState {
    /// What an account has, without its windows.
    package init(_ holdings: [Book.Holding]) {
        for holding in holdings {
            let lots = holding.lots.map {
                [$0.remaining?.rawValue ?? -1, $0.held.rawValue, $0.terms.expiresAt?.rawValue ?? .max]
            }
            add(
                holding.unit,
                Unit(
                    available: holding.balance.available.rawValue, held: holding.balance.held.rawValue,
                    isEndless: holding.balance.isUnlimited, lots: lots))
        }
    }

    init(_ book: Book, _ account: Name, _ tenant: Name, at now: Timestamp) {
        self.init(book.holdings(of: account, in: tenant, at: now) ?? [])
        windows = (book.quota(of: account, in: tenant, at: now) ?? []).map { quota in
            OracleState.window(
                quota.plan, quota.version, OracleSlot(unit: quota.unit, period: quota.period), quota.used.rawValue,
                quota.held.rawValue, quota.limit?.rawValue, quota.carried.rawValue, quota.window.start.rawValue,
                quota.window.end?.rawValue, quota.isDefault)
        }.sorted()
    }

    fileprivate static func window(
        _ plan: Name, _ version: Int, _ slot: OracleSlot, _ used: Int64, _ held: Int64, _ limit: Int64?, _ carried: Int64,
        _ start: Int64, _ end: Int64?, _ isDefault: Bool
    ) -> String {
        let span = "\(OracleText.instant(start)) to \(end.map { OracleText.instant($0) } ?? "ever")"
        return
            "\(plan).\(version) \(slot.unit) \(slot.period) \(used)+\(held)/\(limit.map(String.init) ?? "endless") carried \(carried) \(span)\(isDefault ? " default" : "")"
    }
}

extension Oracle {
    /// What an account has; nil when there is none, or it is closed.
    package func state(of name: Name, in tenant: Name, at now: Timestamp) -> OracleState? {
        guard let house = houses[tenant], var account = house.accounts[name], account.state != .closed else { return nil }
        account.advance(to: now.rawValue, house.papers)
        return account.seen(now.rawValue)
    }

    func keys(of tenant: Name, at now: Timestamp) -> [(KeyHash, OracleKeyState)] {
        guard let house = houses[tenant] else { return [] }
        let attempt = OracleAttempt(house: house, hashes: [:], causeCount: 0, now: now.rawValue)
        return house.keys.map { name, key in
            let counter = attempt.counter(of: key)
            return (
                key.hash,
                OracleKeyState(
                    key: name, account: key.account, status: key.status, terms: key.terms,
                    openHolds: house.openHolds.count { house.holds[$0]!.use.key == name }, used: counter?.used ?? 0,
                    window: counter?.window)
            )
        }
    }
}

/// What can be seen of a key.
struct OracleKeyState: Equatable {
    let key: Name
    let account: Name
    let status: KeyStatus
    let terms: KeyTerms
    let openHolds: Int
    let used: Int64
    let window: OracleSpan?
}

extension OracleKeyState {
    init(_ view: KeyView) {
        self.init(
            key: view.key, account: view.account, status: view.status, terms: view.terms, openHolds: view.openHolds,
            used: view.used.rawValue, window: view.window.map { OracleSpan(start: $0.start.rawValue, end: $0.end?.rawValue) })
    }
}

extension OracleAccount {
    fileprivate func seen(_ now: Int64) -> OracleState {
        var state = OracleState()
        for name in Set(piles.map(\.unit)) {
            let lots = inOrder(piles.indices.filter { piles[$0].unit == name && isSeen($0, now) })
            state.add(
                name,
                OracleState.Unit(
                    available: available(name, now), held: held(name), isEndless: isEndless(name, now),
                    lots: lots.map { [piles[$0].isEndless ? -1 : piles[$0].left, heldOf($0), piles[$0].expiresAt ?? .max] }))
        }
        state.windows = open(now).map { index in
            let window = windows[index]
            return OracleState.window(
                plans[window.plan].name, window.version, window.slot, window.used, heldOf(window.pile), window.limit,
                window.carried, window.start, window.end, plans[window.plan].isDefault)
        }.sorted()
        return state
    }

    /// It is not over, and there is something in it or may be again.
    private func isSeen(_ index: Int, _ now: Int64) -> Bool {
        let pile = piles[index]
        if pile.isOver(now) || pile.successor != nil { return false }
        return pile.left > 0 || pile.isEndless || pile.window != nil || heldOf(index) > 0
    }
}
