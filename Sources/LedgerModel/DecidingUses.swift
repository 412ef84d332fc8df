/// Taking units for a use: one debit, or many as a batch.
extension Tenant {
    func decide(_ command: Debit, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try check(command.use.occurredAt, at: group.now)
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        try draft.checkNotFrozen()
        try draft.openBatch(for: command.use, command.ask.feature)
        let key = try key(command.use.key, for: command.account, command.ask.feature, at: draft.now)
        let charged = try draft.charge(command.ask)
        let meters = try draft.pay(charged, .init(command.use, key: key))
        draft.add(
            .debited(
                Debited(
                    account: command.account, priced: charged.priced, use: command.use, parts: charged.parts, meters: meters)),
            occurredAt: command.use.occurredAt)
        draft.raiseAlerts(meters, drawnFrom: charged.parts.map(\.unit))
        return draft.finish()
    }

    func decide(_ command: RecordUsage, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if let occurredAt = command.use.occurredAt, occurredAt > group.now {
            throw .occurredInFuture(at: occurredAt, now: group.now)
        }
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        try draft.openBatch(for: command.use, command.ask.feature)
        draft.add(
            .usageRecorded(UsageRecorded(account: command.account, ask: command.ask, use: command.use)),
            occurredAt: command.use.occurredAt)
        return draft.finish()
    }

    func check(_ occurredAt: Timestamp?, at now: Timestamp) throws(Rejection) {
        guard let occurredAt else { return }
        if occurredAt > now { throw .occurredInFuture(at: occurredAt, now: now) }
        let lateDays = configuration.settings.lateDays ?? SettingsDocument.lateDaysDefault
        if occurredAt < now.adding(days: -Int64(lateDays)) { throw .occurredTooLate(at: occurredAt, lateDays: lateDays) }
    }

    /// The key that a use names: one that may be used so.
    func key(_ name: Name?, for account: Name, _ feature: Name?, at now: Timestamp) throws(Rejection) -> Key? {
        guard let name else { return nil }
        guard let key = keys[name] else { throw .keyNotFound(name) }
        if key.account != account { throw .keyOfOtherAccount(name, account: account) }
        if key.status == .revoked { throw .keyRevoked(name) }
        if let expiresAt = key.terms.expiresAt, expiresAt <= now { throw .keyExpired(name, at: expiresAt) }
        if key.status == .disabled { throw .keyDisabled(name) }
        if !key.terms.features.isEmpty, feature.map({ !key.terms.features.contains($0) }) ?? true {
            throw .featureNotAllowed(key: name, feature: feature)
        }
        return key
    }
}

extension AccountDraft {
    func checkNotFrozen() throws(Rejection) {
        if account.state == .frozen { throw .accountFrozen(account.name) }
    }

    /// Opens the batch that a use names, if it is not there.
    mutating func openBatch(for use: Use, _ feature: Name?) throws(Rejection) {
        guard let batch = use.batch else { return }
        try openIfAbsent(BatchOpened(account: account.name, batch: batch, feature: feature))
    }

    /// Opens a batch that its first use names; a closed one takes no more.
    mutating func openIfAbsent(_ opened: BatchOpened) throws(Rejection) {
        guard let batch = tenant.batches[BatchKey(account: opened.account, batch: opened.batch)] else {
            return add(.batchOpened(opened))
        }
        if !batch.isOpen { throw .batchClosed(opened.batch) }
    }

    /// The counters after a charge; refuses one that cannot be paid.
    func pay(_ charged: Charged, _ purpose: Purpose) throws(Rejection) -> [Meter] {
        try checkLimit(keyMeter(adding: charged.parts, purpose), charged.parts)
        if let shortage = charged.shortage { throw shortage }
        return try meters(taking: charged.parts, purpose)
    }
}
