import LedgerModel

/// One command on its way: it works on a copy, which is thrown away when the command is refused.
struct OracleAttempt {
    var house: OracleHouse
    var hashes: [KeyHash: OracleKeyPlace]
    var causeCount: Int
    let now: Int64
    /// What the events tell so far.
    var told: [String] = []

    /// A command whose only effect would be an answer.
    func isDryRun(_ command: Command) throws(OracleRefusal) -> Bool {
        guard case .configure(let configure) = command, configure.isDryRun else { return false }
        var trial = self
        try trial.configure(configure, "trial")
        return true
    }

    mutating func run(_ command: Command, as id: Name) throws(OracleRefusal) {
        try decide(command, id)
        if house.meanings[id] == nil { house.meanings[id] = .other }
    }

    /// What was told; whatever time has brought about meanwhile is brought about.
    mutating func finish() -> [String] {
        for name in house.accounts.keys { house.accounts[name]!.advance(to: now, house.papers) }
        return told
    }

    mutating func tell(_ words: String...) { told.append(words.joined(separator: " ")) }

    mutating func nextCause() -> Int {
        causeCount += 1
        return causeCount
    }

    private mutating func decide(_ command: Command, _ id: Name) throws(OracleRefusal) {
        switch command {
        case .openAccount(let command): try openAccount(command)
        case .freezeAccount(let command): try freeze(command.account)
        case .unfreezeAccount(let command): try unfreeze(command.account)
        case .closeAccount(let command): try close(command.account)
        case .grant(let command): try grant(command)
        case .adjust(let command): try adjust(command)
        case .debit(let command): try debit(command, id)
        case .debitBatch(let command): try debitBatch(command, id)
        case .refund(let command): try refund(command)
        case .recordUsage(let command): try recordUsage(command)
        case .hold(let command): try hold(command, id)
        case .extend(let command): try extend(command)
        case .settle(let command): try settle(command, id)
        case .release(let command): try release(command)
        case .openBatch(let command): try openBatch(command)
        case .closeBatch(let command): try closeBatch(command)
        case .subscribe(let command): try subscribe(command)
        case .changePlan(let command): try changePlan(command)
        case .unsubscribe(let command): try unsubscribe(command)
        case .overrideAllowance(let command): try override(command)
        case .resetAllowance(let command): try reset(command)
        case .configure(let command): try configure(command, id)
        case .rollback(let command): try rollback(command)
        case .issueKeys(let command): try issue(command)
        case .updateKeys(let command): try update(command)
        case .revokeKeys(let command): try revoke(command)
        case .acknowledgeAlerts(let command): try acknowledge(command)
        case .reportUsage(let command): try report(command)
        case .reportSync(let command): try report(command)
        case .submit(let command): try submit(command, id)
        }
    }

    private mutating func submit(_ command: Submit, _ id: Name) throws(OracleRefusal) {
        if command.commands.isEmpty { throw OracleRefusal("invalidField") }
        if command.commands.contains(where: { if case .submit = $0.command { true } else { false } }) {
            throw OracleRefusal("invalidField")
        }
        if command.commands.contains(where: { $0.id.isReserved }) { throw OracleRefusal("reservedName") }
        var ids: Set<Name> = [id]
        for inner in command.commands where house.meanings[inner.id] != nil || !ids.insert(inner.id).inserted {
            throw OracleRefusal("duplicateId")
        }
        tell("submitted", "\(command.commands.count)")
        house.meanings[id] = .other
        for inner in command.commands {
            if house.meanings[inner.id] != nil { throw OracleRefusal("duplicateId") }
            if try isDryRun(inner.command) { throw OracleRefusal("invalidField") }
            try run(inner.command, as: inner.id)
        }
    }
}

// MARK: Accounts

extension OracleAttempt {
    /// An account that is there and not closed, brought up to date.
    @discardableResult
    mutating func require(_ name: Name) throws(OracleRefusal) -> OracleAccount {
        guard let account = house.accounts[name] else { throw OracleRefusal("accountNotFound") }
        if account.state == .closed { throw OracleRefusal("accountClosed") }
        house.accounts[name]!.advance(to: now, house.papers)
        return house.accounts[name]!
    }

    /// The same where tenants with a default plan have every account.
    mutating func requireOrOpen(_ name: Name) throws(OracleRefusal) {
        if house.accounts[name] == nil, house.papers.defaultPlan(at: now) != nil { open(name) }
        try require(name)
    }

    mutating func open(_ name: Name) {
        house.accounts[name] = OracleAccount(name: name, openedAt: now)
        house.accounts[name]!.judgeDefault(at: now, house.papers)
        house.accounts[name]!.advance(to: now, house.papers)
        tell("accountOpened", name.text)
    }

    func checkNotFrozen(_ name: Name) throws(OracleRefusal) {
        if house.accounts[name]!.state == .frozen { throw OracleRefusal("accountFrozen") }
    }

    fileprivate mutating func openAccount(_ command: OpenAccount) throws(OracleRefusal) {
        if house.accounts[command.account] != nil { throw OracleRefusal("accountExists") }
        open(command.account)
    }

    fileprivate mutating func freeze(_ name: Name) throws(OracleRefusal) {
        try require(name)
        try checkNotFrozen(name)
        house.accounts[name]!.state = .frozen
        tell("accountFrozen", name.text)
    }

    fileprivate mutating func unfreeze(_ name: Name) throws(OracleRefusal) {
        if try require(name).state != .frozen { throw OracleRefusal("accountNotFrozen") }
        house.accounts[name]!.state = .open
        tell("accountUnfrozen", name.text)
    }

    fileprivate mutating func close(_ name: Name) throws(OracleRefusal) {
        if try !require(name).held.isEmpty { throw OracleRefusal("holdsOpen") }
        house.accounts[name]!.state = .closed
        tell("accountClosed", name.text)
    }

    // MARK: Balances

    fileprivate mutating func grant(_ command: Grant) throws(OracleRefusal) {
        let ends = command.terms.expiresAt?.rawValue
        let begins = max(now, command.terms.effectiveAt?.rawValue ?? now)
        if command.amount == .zero || command.terms.source == .plan || ends.map({ $0 <= begins }) ?? false {
            throw OracleRefusal("invalidField")
        }
        if house.accounts[command.account] == nil { open(command.account) }
        try require(command.account)
        try checkRoom(command.account, command.unit, command.amount.rawValue)
        house.accounts[command.account]!.addPile(command.unit, command.amount.rawValue, command.terms)
        house.papers.unitsInUse.insert(command.unit)
        tell("granted", command.account.text, "\(command.amount) \(command.unit)")
        arm(command.account, command.unit)
    }

    func checkRoom(_ account: Name, _ unit: Name, _ amount: Int64) throws(OracleRefusal) {
        if house.accounts[account]!.total(unit, now) + amount > Amount.max.rawValue { throw OracleRefusal("amountOverflow") }
    }

    fileprivate mutating func adjust(_ command: Adjust) throws(OracleRefusal) {
        if command.amount == .zero { throw OracleRefusal("invalidField") }
        let (account, unit, amount) = (command.account, command.unit, command.amount.rawValue)
        try require(account)
        house.papers.unitsInUse.insert(unit)
        if command.isIncrease {
            try checkRoom(account, unit, amount)
            house.accounts[account]!.addPile(unit, amount, LotTerms(source: .adjustment))
            tell("adjusted", account.text, "+\(amount) \(unit)")
            return arm(account, unit)
        }
        arm(account, unit)
        guard let draws = house.accounts[account]!.take(amount, of: unit, now) else { throw shortage(account, unit) }
        house.accounts[account]!.count(draws)
        tell("adjusted", account.text, "-\(amount) \(unit)")
        raiseAlerts(account, windows: windows(of: draws, account), drawn: [unit])
    }

    /// Why a unit cannot pay.
    func shortage(_ account: Name, _ unit: Name) -> OracleRefusal {
        let account = house.accounts[account]!
        let isOfPlan = account.open(now).contains { account.windows[$0].slot.unit == unit && account.windows[$0].limit != nil }
        return OracleRefusal(isOfPlan ? "allowanceExhausted" : "insufficientBalance")
    }

    // MARK: Batches

    mutating func openBatchIfAbsent(_ account: Name, _ batch: Name) throws(OracleRefusal) {
        let name = OracleHouse.BatchName(account: account, batch: batch)
        switch house.batches[name] {
        case true?: break
        case false?: throw OracleRefusal("batchClosed")
        case nil:
            house.batches[name] = true
            tell("batchOpened", account.text, batch.text)
        }
    }

    fileprivate mutating func openBatch(_ command: OpenBatch) throws(OracleRefusal) {
        try requireOrOpen(command.account)
        if house.batches[.init(account: command.account, batch: command.batch)] != nil { throw OracleRefusal("batchExists") }
        try openBatchIfAbsent(command.account, command.batch)
    }

    fileprivate mutating func closeBatch(_ command: CloseBatch) throws(OracleRefusal) {
        try require(command.account)
        let name = OracleHouse.BatchName(account: command.account, batch: command.batch)
        if house.batches[name] == nil { throw OracleRefusal("batchNotFound") }
        if house.batches.updateValue(false, forKey: name) == false { throw OracleRefusal("batchClosed") }
        tell("batchClosed", command.account.text, command.batch.text)
    }

    // MARK: Reports

    fileprivate mutating func report(_ command: UsageReported) throws(OracleRefusal) {
        if command.to <= command.from { throw OracleRefusal("invalidField") }
        if let key = command.key, house.keys[key] == nil { throw OracleRefusal("keyNotFound") }
        house.papers.unitsInUse.insert(command.unit)
        tell("usageReported", command.platform.text)
    }

    fileprivate mutating func report(_ command: SyncReported) throws(OracleRefusal) {
        if command.to < command.from { throw OracleRefusal("invalidField") }
        tell("syncReported", command.platform.text)
    }

    fileprivate mutating func acknowledge(_ command: AcknowledgeAlerts) throws(OracleRefusal) {
        if command.alerts.isEmpty { throw OracleRefusal("invalidField") }
        if !house.unread.isSuperset(of: command.alerts) { throw OracleRefusal("alertNotFound") }
        if command.state == .read { house.unread.subtract(command.alerts) }
        tell(command.state == .read ? "alertRead" : "alertDelivered", "\(command.alerts.count)")
    }
}
