import LedgerModel

/// Plans of accounts: given, changed, taken away.
extension OracleAttempt {
    private func checkPlan(_ name: Name) throws(OracleRefusal) {
        guard case .plan(let plan)? = house.papers.newest(DocumentKey(.plan, name)) else { throw OracleRefusal("planNotFound") }
        if !plan.enabled { throw OracleRefusal("planDisabled") }
    }

    /// The plan that an account has or will have, by its place in the account.
    private func plan(_ name: Name, of account: Name) -> Int? {
        house.accounts[account]!.plans.firstIndex { $0.name == name && !$0.isGone && !$0.isOver(now) }
    }

    mutating func subscribe(_ command: Subscribe) throws(OracleRefusal) {
        let from = command.from?.rawValue ?? now
        if let until = command.until?.rawValue, until <= now || until <= from { throw OracleRefusal("invalidField") }
        if from < now - 366 * 86_400_000_000 { throw OracleRefusal("invalidField") }
        if let anchor = command.anchor, !(1...31).contains(anchor) { throw OracleRefusal("invalidField") }
        try checkPlan(command.plan)
        if house.accounts[command.account] == nil { open(command.account) }
        try require(command.account)
        if let standing = plan(command.plan, of: command.account) {
            if !house.accounts[command.account]!.plans[standing].isDefault || from > now {
                throw OracleRefusal("alreadySubscribed")
            }
        }
        let anchor = command.anchor ?? house.papers.zone(at: from).date(at: from).day
        house.accounts[command.account]!.plans.append(
            .init(name: command.plan, from: from, since: now, until: command.until?.rawValue, anchor: anchor, isDefault: false))
        house.accounts[command.account]!.judgeDefault(at: now, house.papers)
        tell(
            "subscribed", command.account.text, command.plan.text, OracleText.instant(from),
            command.until.map { OracleText.instant($0.rawValue) } ?? "for ever", "\(anchor)")
    }

    mutating func unsubscribe(_ command: Unsubscribe) throws(OracleRefusal) {
        try require(command.account)
        guard let index = plan(command.plan, of: command.account),
            !house.accounts[command.account]!.plans[index].isDefault
        else { throw OracleRefusal("notSubscribed") }
        house.accounts[command.account]!.end(plan: index, at: now)
        house.accounts[command.account]!.plans[index].isGone = true
        house.accounts[command.account]!.judgeDefault(at: now, house.papers)
        tell("unsubscribed", command.account.text, command.plan.text)
    }

    // MARK: Changing

    mutating func changePlan(_ command: ChangePlan) throws(OracleRefusal) {
        try checkPlan(command.to)
        try require(command.account)
        if plan(command.to, of: command.account) != nil { throw OracleRefusal("alreadySubscribed") }
        guard let old = plan(command.from, of: command.account),
            house.accounts[command.account]!.plans[old].holds(at: now)
        else { throw OracleRefusal("notSubscribed") }
        for slot in house.papers.slots(of: command.from) { arm(command.account, slot.unit) }
        switch command.when {
        case .now: changeNow(command, old)
        case .nextWindow: try changeLater(command, old)
        }
    }

    private mutating func add(_ command: ChangePlan, _ old: Int, at instant: Int64) {
        let plan = house.accounts[command.account]!.plans[old]
        house.accounts[command.account]!.plans.append(
            .init(name: command.to, from: instant, since: now, until: plan.until, anchor: plan.anchor, isDefault: false))
        tell(
            "planChanged", command.account.text, command.from.text, command.to.text, OracleText.instant(instant),
            plan.until.map { OracleText.instant($0) } ?? "for ever")
    }

    private mutating func changeNow(_ command: ChangePlan, _ old: Int) {
        add(command, old, at: now)
        let new = house.accounts[command.account]!.plans.count - 1
        let open = house.accounts[command.account]!.open(now).filter { house.accounts[command.account]!.windows[$0].plan == old }
            .sorted { house.accounts[command.account]!.windows[$0].pile < house.accounts[command.account]!.windows[$1].pile }
        var moved: [Int] = []
        for window in open {
            let slot = house.accounts[command.account]!.windows[window].slot
            guard let given = house.papers.allowance(command.to, slot, at: now) else { continue }
            house.accounts[command.account]!.hand(window, to: new, given.version)
            replace(window, of: command.account, given.document.amount, given.document.priority)
            moved.append(window)
        }
        house.accounts[command.account]!.plans[old].isGone = true
        house.accounts[command.account]!.end(plan: old, at: now)
        house.accounts[command.account]!.judgeDefault(at: now, house.papers)
        raiseAlerts(command.account, windows: moved, drawn: [])
    }

    private mutating func changeLater(_ command: ChangePlan, _ old: Int) throws(OracleRefusal) {
        let account = house.accounts[command.account]!
        let ends = account.open(now).filter { account.windows[$0].plan == old }.compactMap { account.windows[$0].end }
        guard let last = ends.max() else { throw OracleRefusal("invalidField") }
        if let until = account.plans[old].until, until <= last { throw OracleRefusal("invalidField") }
        add(command, old, at: last)
        if !account.plans[old].isDefault { house.accounts[command.account]!.end(plan: old, at: last) }
    }

    /// Gives an open window another amount, and tells of it.
    private mutating func replace(_ window: Int, of account: Name, _ amount: Allotment, _ priority: Int, resetting: Bool = false)
    {
        house.accounts[account]!.windows[window].amount = amount.units?.rawValue
        house.accounts[account]!.replacePile(ofWindow: window, priority, resetting: resetting)
        let (plans, state) = (house.accounts[account]!.plans, house.accounts[account]!.windows[window])
        tell(
            "replaced", account.text, plans[state.plan].name.text, state.slot.unit.text, state.slot.period.rawValue,
            "\(state.used)/\(state.limit.map(String.init) ?? "endless")")
        arm(account, state.slot.unit)
    }

    // MARK: One account's amounts

    /// An allowance of a plan that the account has, its open window, and what the plan says of it now.
    private mutating func place(_ account: Name, _ name: Name, _ slot: OracleSlot) throws(OracleRefusal) -> (
        plan: Int, window: Int?, given: (version: Int, document: AllowanceDocument)?
    ) {
        try requireOrOpen(account)
        guard let index = plan(name, of: account) else { throw OracleRefusal("notSubscribed") }
        arm(account, slot.unit)
        let state = house.accounts[account]!
        let window = state.open(now).first { state.windows[$0].plan == index && state.windows[$0].slot == slot }
        return (index, window, house.papers.allowance(name, slot, at: now))
    }

    mutating func override(_ command: OverrideAllowance) throws(OracleRefusal) {
        let (account, slot) = (command.account, OracleSlot(unit: command.unit, period: command.period))
        let (plan, window, given) = try place(account, command.plan, slot)
        if window == nil, given == nil { throw OracleRefusal("allowanceNotFound") }
        house.accounts[account]!.plans[plan].overrides[slot] = command.amount
        tell("allowanceOverridden", account.text, command.plan.text, command.unit.text, command.period.rawValue)
        guard let window else { return }
        let state = house.accounts[account]!.windows[window]
        let standing = state.amount.map { Allotment.units(Amount(rawValue: $0)!) } ?? .unlimited
        let priority = house.accounts[account]!.piles[state.pile].priority
        if let version = given?.version { house.accounts[account]!.windows[window].version = version }
        replace(window, of: account, command.amount ?? given?.document.amount ?? standing, given?.document.priority ?? priority)
        raiseAlerts(account, windows: [window], drawn: [])
    }

    mutating func reset(_ command: ResetAllowance) throws(OracleRefusal) {
        let (account, slot) = (command.account, OracleSlot(unit: command.unit, period: command.period))
        let (_, window, given) = try place(account, command.plan, slot)
        guard let window else { throw OracleRefusal("allowanceNotFound") }
        tell("allowanceReset", account.text, command.plan.text, command.unit.text, command.period.rawValue)
        let state = house.accounts[account]!.windows[window]
        let standing = state.amount.map { Allotment.units(Amount(rawValue: $0)!) } ?? .unlimited
        if let version = given?.version { house.accounts[account]!.windows[window].version = version }
        let priority = house.accounts[account]!.piles[state.pile].priority
        replace(window, of: account, standing, given?.document.priority ?? priority, resetting: true)
    }
}

extension OracleAccount {
    /// An open window goes over to another plan, and the windows behind it.
    fileprivate mutating func hand(_ window: Int, to plan: Int, _ version: Int) {
        windows[window].plan = plan
        windows[window].version = version
        if let index = chains.firstIndex(where: { $0.window == window }) { chains[index].plan = plan }
    }
}
