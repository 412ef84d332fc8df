/// Batches: opening, closing, and many debits at once.
extension Tenant {
    func decide(_ command: OpenBatch, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        if batches[BatchKey(account: command.account, batch: command.batch)] != nil { throw .batchExists(command.batch) }
        draft.add(
            .batchOpened(
                BatchOpened(account: command.account, batch: command.batch, feature: command.feature, size: command.size)))
        return draft.finish()
    }

    func decide(_ command: CloseBatch, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group)
        guard let batch = batches[BatchKey(account: command.account, batch: command.batch)] else {
            throw .batchNotFound(command.batch)
        }
        if !batch.isOpen { throw .batchClosed(command.batch) }
        draft.add(.batchClosed(BatchClosed(account: command.account, batch: command.batch)))
        return draft.finish()
    }

    func decide(_ command: DebitBatch, isTaken: (Name) -> Bool, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try checkItems(command, isTaken: isTaken)
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        try draft.checkNotFrozen()
        draft.reserve(command.items.count + 2)
        try draft.openIfAbsent(
            BatchOpened(
                account: command.account, batch: command.batch, feature: command.commonFeature, size: command.items.count))
        var run = BatchRun(command)
        for item in command.items { try run.decide(item, &draft) }
        run.finish(&draft)
        return draft.finish()
    }

    private func checkItems(_ command: DebitBatch, isTaken: (Name) -> Bool) throws(Rejection) {
        if command.items.isEmpty { throw .invalidField(field: "items", reason: "must have at least one item") }
        var seen = Set<Name>(minimumCapacity: command.items.count)
        for item in command.items {
            if item.id.isReserved { throw .reservedName(field: "items.id", name: item.id) }
            if !seen.insert(item.id).inserted || isTaken(item.id) { throw .duplicateId(item.id) }
        }
    }
}

extension DebitBatch {
    /// The feature that all items name, if they do.
    fileprivate var commonFeature: Name? {
        let feature = items[0].ask.feature
        return items.allSatisfy { $0.ask.feature == feature } ? feature : nil
    }
}

/// The items of one `debitBatch`, one after the other on the same account.
private struct BatchRun {
    private let command: DebitBatch
    private var rejected: [ItemsRejected.Item] = []
    /// The units that items have been paid in.
    private var unitsDrawn: [Name] = []

    init(_ command: DebitBatch) { self.command = command }

    /// In mode `atomic` the first refused item refuses the whole; in mode `each` it is noted.
    mutating func decide(_ item: DebitBatch.Item, _ draft: inout AccountDraft) throws(Rejection) {
        do throws(Rejection) {
            try debit(item, &draft)
        } catch {
            if command.mode == .atomic { throw .inItem(item.id, error) }
            rejected.append(ItemsRejected.Item(item: item.id, rejection: RejectionRecord(error)))
        }
    }

    private mutating func debit(_ item: DebitBatch.Item, _ draft: inout AccountDraft) throws(Rejection) {
        try draft.tenant.check(item.occurredAt, at: draft.now)
        let key = try draft.tenant.key(command.key, for: command.account, item.ask.feature, at: draft.now)
        let use = Use(
            key: command.key, batch: command.batch, labels: item.labels, occurredAt: item.occurredAt, details: item.details)
        let charged = try draft.charge(item.ask)
        let meters = try draft.pay(charged, .init(use, key: key))
        draft.add(
            .debited(
                Debited(
                    account: command.account, priced: charged.priced, use: use, item: item.id, parts: charged.parts,
                    meters: meters)
            ), occurredAt: item.occurredAt)
        draft.note(meters)
        for part in charged.parts where !unitsDrawn.contains(part.unit) { unitsDrawn.append(part.unit) }
    }

    /// Writes what was refused, in as many events as their lines need, and raises alerts on what the whole came to.
    func finish(_ draft: inout AccountDraft) {
        for start in stride(from: 0, to: rejected.count, by: ItemsRejected.itemCountMax) {
            let items = Array(rejected[start..<min(start + ItemsRejected.itemCountMax, rejected.count)])
            draft.add(.itemsRejected(ItemsRejected(account: command.account, batch: command.batch, items: items)))
        }
        draft.raiseAlerts(draft.readings, drawnFrom: unitsDrawn)
    }
}

extension ItemsRejected {
    /// A refused item takes at most about 1,500 bytes (five names of 128 bytes that may need escapes), an event's line 60 KiB.
    static let itemCountMax = 32
}
