public import LedgerModel

extension Command {
    /// The command's `body`, the same for the same fields whatever their order and spacing were.
    public var body: UInt64 {
        var hash = BodyHash()
        hash.text(method.rawValue)
        hash.fields(of: self)
        return hash.finish()
    }
}

extension BodyHash {
    fileprivate mutating func fields(of command: Command) {
        switch command {
        case .debit(let command): use(command.account, command.ask, command.use)
        case .debitBatch(let command): debitBatch(command)
        case .refund(let command): refund(command)
        case .recordUsage(let command): use(command.account, command.ask, command.use)
        case .hold(let command): hold(command)
        case .settle(let command): settle(command)
        case .release(let command): release(command)
        case .extend(let command): extend(command)
        case .grant(let command): grant(command)
        case .adjust(let command): adjust(command)
        case .openAccount(let command): openAccount(command)
        case .freezeAccount(let command), .unfreezeAccount(let command), .closeAccount(let command): accountState(command)
        case .openBatch(let command): openBatch(command)
        case .closeBatch(let command): closeBatch(command)
        case .subscribe(let command): subscribe(command)
        case .changePlan(let command): changePlan(command)
        case .unsubscribe(let command): unsubscribe(command)
        case .overrideAllowance(let command): overrideAllowance(command)
        case .resetAllowance(let command): resetAllowance(command)
        case .configure(let command): configure(command)
        case .rollback(let command): rollback(command)
        case .issueKeys(let command): list(command.keys) { $0.issuedKey($1) }
        case .updateKeys(let command): list(command.keys) { $0.changedKey($1) }
        case .revokeKeys(let command): revokeKeys(command)
        case .acknowledgeAlerts(let command): acknowledgeAlerts(command)
        case .reportUsage(let command): reportUsage(command)
        case .reportSync(let command): reportSync(command)
        case .submit(let command): list(command.commands) { $0.inner($1) }
        }
    }

    /// A command inside another stands there with its own hash.
    private mutating func inner(_ command: Submit.Inner) {
        name(command.id)
        number(Int64(bitPattern: command.body))
    }

    // MARK: Uses

    private mutating func ask(_ ask: Ask) {
        switch ask {
        case .amount(let unit, let amount):
            choice(0)
            name(unit)
            self.amount(amount)
        case .priced(let feature, let quantities):
            choice(1)
            name(feature)
            self.quantities(quantities)
        }
    }

    private mutating func use(_ account: Name, _ ask: Ask, _ use: Use) {
        name(account)
        self.ask(ask)
        optional(use.key) { $0.name($1) }
        optional(use.batch) { $0.name($1) }
        labels(use.labels)
        optional(use.occurredAt) { $0.time($1) }
        optional(use.details) { $0.text($1) }
    }

    private mutating func debitBatch(_ command: DebitBatch) {
        name(command.account)
        name(command.batch)
        text(command.mode.rawValue)
        optional(command.key) { $0.name($1) }
        list(command.items) { $0.item($1) }
    }

    private mutating func item(_ item: DebitBatch.Item) {
        name(item.id)
        ask(item.ask)
        labels(item.labels)
        optional(item.occurredAt) { $0.time($1) }
        optional(item.details) { $0.text($1) }
    }

    /// What a refund or a settlement is about: everything, an amount or quantities.
    private mutating func extent(_ amount: Amount?, _ quantities: [Quantity]?) {
        switch (amount, quantities) {
        case (let amount?, _):
            choice(1)
            self.amount(amount)
        case (nil, let quantities?):
            choice(2)
            self.quantities(quantities)
        case (nil, nil): choice(0)
        }
    }

    private mutating func refund(_ command: Refund) {
        name(command.of)
        switch command.extent {
        case .everything: extent(nil, nil)
        case .amount(let amount): extent(amount, nil)
        case .quantities(let quantities): extent(nil, quantities)
        }
        optional(command.reissue) { $0.optional($1.expiresAt) { $0.time($1) } }
        optional(command.reason) { $0.text($1) }
    }

    // MARK: Holds

    private mutating func hold(_ command: Hold) {
        use(command.account, command.ask, command.use)
        optional(command.expiresInSeconds) { $0.number($1) }
        text(command.onExpiry.rawValue)
        switch command.overage {
        case .reject: choice(0)
        case .cap: choice(1)
        case .allow(let amount):
            choice(2)
            self.amount(amount)
        }
    }

    private mutating func settle(_ command: Settle) {
        name(command.hold)
        switch command.extent {
        case .everything: extent(nil, nil)
        case .amount(let amount): extent(amount, nil)
        case .quantities(let quantities): extent(nil, quantities)
        }
        text(command.method.rawValue)
        labels(command.labels)
        optional(command.details) { $0.text($1) }
    }

    private mutating func release(_ command: Release) {
        name(command.hold)
        optional(command.reason) { $0.text($1) }
    }

    private mutating func extend(_ command: Extend) {
        name(command.hold)
        number(command.expiresInSeconds)
    }

    // MARK: Accounts and batches

    private mutating func grant(_ command: Grant) {
        name(command.account)
        name(command.unit)
        amount(command.amount)
        number(command.terms.priority)
        optional(command.terms.effectiveAt) { $0.time($1) }
        optional(command.terms.expiresAt) { $0.time($1) }
        text(command.terms.source.rawValue)
        optional(command.memo) { $0.text($1) }
    }

    private mutating func adjust(_ command: Adjust) {
        name(command.account)
        name(command.unit)
        number(command.isIncrease ? command.amount.rawValue : -command.amount.rawValue)
        text(command.reason)
    }

    private mutating func openAccount(_ command: OpenAccount) {
        name(command.account)
        optional(command.name) { $0.name($1) }
        labels(command.labels)
    }

    private mutating func accountState(_ command: ChangeAccountState) {
        name(command.account)
        text(command.reason)
    }

    private mutating func openBatch(_ command: OpenBatch) {
        name(command.account)
        name(command.batch)
        optional(command.feature) { $0.name($1) }
        optional(command.size) { $0.number($1) }
    }

    private mutating func closeBatch(_ command: CloseBatch) {
        name(command.account)
        name(command.batch)
    }

    // MARK: Plans

    private mutating func subscribe(_ command: Subscribe) {
        name(command.account)
        name(command.plan)
        optional(command.from) { $0.time($1) }
        optional(command.until) { $0.time($1) }
        optional(command.anchor) { $0.number($1) }
    }

    private mutating func changePlan(_ command: ChangePlan) {
        name(command.account)
        name(command.from)
        name(command.to)
        text(command.when.rawValue)
    }

    private mutating func unsubscribe(_ command: Unsubscribe) {
        name(command.account)
        name(command.plan)
    }

    private mutating func overrideAllowance(_ command: OverrideAllowance) {
        name(command.account)
        name(command.plan)
        name(command.unit)
        text(command.period.rawValue)
        optional(command.amount) { $0.allotment($1) }
        text(command.reason)
    }

    private mutating func resetAllowance(_ command: ResetAllowance) {
        name(command.account)
        name(command.plan)
        name(command.unit)
        text(command.period.rawValue)
        text(command.reason)
    }

    // MARK: Configuration

    private mutating func configure(_ command: Configure) {
        list(command.changes) { hash, change in
            hash.text(change.key.description)
            hash.action(change.action)
            hash.optional(change.expectVersion) { $0.number($1) }
        }
        text(command.reason)
        addition(2, command.effectiveAt) { $0.time($1) }
        addition(3, command.isDryRun ? () : nil) { _, _ in }
    }

    private mutating func action(_ action: Configure.Change.Action) {
        switch action {
        case .delete: choice(0)
        case .put(let document):
            choice(1)
            self.document(document)
        case .cancel: choice(2)
        }
    }

    private mutating func rollback(_ command: Rollback) {
        text(command.key.description)
        number(command.version)
        text(command.reason)
    }

    // MARK: Alerts and reports

    private mutating func acknowledgeAlerts(_ command: AcknowledgeAlerts) {
        list(command.alerts) { $0.number(Int64($1.rawValue)) }
        text(command.state.rawValue)
    }

    private mutating func reportUsage(_ command: UsageReported) {
        name(command.platform)
        optional(command.key) { $0.name($1) }
        time(command.from)
        time(command.to)
        quantities(command.quantities)
        name(command.unit)
        amount(command.cost)
    }

    private mutating func reportSync(_ command: SyncReported) {
        name(command.platform)
        text(command.status.rawValue)
        time(command.from)
        time(command.to)
        quantities(command.counts)
        optional(command.error) { $0.text($1) }
    }
}

extension Command {
    /// The method by which the command is sent.
    public var method: CommandMethod {
        switch self {
        case .debit: .debit
        case .debitBatch: .debitBatch
        case .refund: .refund
        case .recordUsage: .recordUsage
        case .hold: .hold
        case .settle: .settle
        case .release: .release
        case .extend: .extend
        case .grant: .grant
        case .adjust: .adjust
        case .openAccount: .openAccount
        case .freezeAccount: .freezeAccount
        case .unfreezeAccount: .unfreezeAccount
        case .closeAccount: .closeAccount
        case .openBatch: .openBatch
        case .closeBatch: .closeBatch
        case .subscribe: .subscribe
        case .changePlan: .changePlan
        case .unsubscribe: .unsubscribe
        case .overrideAllowance: .overrideAllowance
        case .resetAllowance: .resetAllowance
        case .configure: .configure
        case .rollback: .rollback
        case .issueKeys: .issueKeys
        case .updateKeys: .updateKeys
        case .revokeKeys: .revokeKeys
        case .acknowledgeAlerts: .acknowledgeAlerts
        case .reportUsage: .reportUsage
        case .reportSync: .reportSync
        case .submit: .submit
        }
    }
}
