/// Taking units for a use: one debit, or many as a batch.
extension Tenant {
    func decide(_ command: Debit, _ group: inout GroupDraft) throws(Rejection) {
        try check(command.use.occurredAt, at: group.now)
        let account = try account(command.account)
        if let batch = command.use.batch {
            try openIfAbsent(BatchOpened(account: command.account, batch: batch, feature: command.ask.feature), &group)
        }
        let cost = try cost(of: command.ask)
        var purse = account.purse(cost.unit)
        group.lapse(&purse, of: command.account)
        let part = try group.take(cost.amount, from: &purse)
        group.add(
            .debited(Debited(account: command.account, priced: cost.priced, use: command.use, parts: [part])),
            occurredAt: command.use.occurredAt)
        group.raiseAlerts(purse, of: command.account, configuration)
    }

    func decide(_ command: DebitBatch, isTaken: (Name) -> Bool, _ group: inout GroupDraft) throws(Rejection) {
        try checkItems(command, isTaken: isTaken)
        let account = try account(command.account)
        group.reserve(command.items.count + 2)
        try openIfAbsent(
            BatchOpened(
                account: command.account, batch: command.batch, feature: command.commonFeature, size: command.items.count), &group
        )
        var run = BatchRun(command, account, self)
        for unit in command.items.reduce(into: [Name](), noteUnit) { run.lapse(unit, &group) }
        for item in command.items { try run.decide(item, &group) }
        run.finish(&group)
    }

    /// The units that items ask for, each once: only what has lapsed of these is told.
    private func noteUnit(_ units: inout [Name], _ item: DebitBatch.Item) {
        guard let unit = configuration.unit(of: item.ask), !units.contains(unit) else { return }
        units.append(unit)
    }

    private func checkItems(_ command: DebitBatch, isTaken: (Name) -> Bool) throws(Rejection) {
        if command.items.isEmpty { throw .invalidField(field: "items", reason: "must have at least one item") }
        var seen = Set<Name>(minimumCapacity: command.items.count)
        for item in command.items {
            if item.id.isReserved { throw .reservedName(field: "items.id", name: item.id) }
            if !seen.insert(item.id).inserted || isTaken(item.id) { throw .duplicateId(item.id) }
        }
    }

    /// Opens a batch that its first debit names; a closed one takes no more.
    private func openIfAbsent(_ opened: BatchOpened, _ group: inout GroupDraft) throws(Rejection) {
        guard let batch = batches[BatchKey(account: opened.account, batch: opened.batch)] else {
            return group.add(.batchOpened(opened))
        }
        if !batch.isOpen { throw .batchClosed(opened.batch) }
    }

    func check(_ occurredAt: Timestamp?, at now: Timestamp) throws(Rejection) {
        guard let occurredAt else { return }
        if occurredAt > now { throw .occurredInFuture(at: occurredAt, now: now) }
        let lateDays = configuration.lateDays
        if occurredAt < now.adding(days: -Int64(lateDays)) { throw .occurredTooLate(at: occurredAt, lateDays: lateDays) }
    }

    func cost(of ask: Ask) throws(Rejection) -> Cost {
        switch ask {
        case .amount(let unit, let amount): return Cost(unit: unit, amount: amount, priced: nil)
        case .priced(let feature, let quantities):
            guard let price = configuration.price(feature) else { throw .priceNotFound(feature: feature) }
            if !price.document.enabled { throw .priceDisabled(feature: feature, version: price.version) }
            for quantity in quantities where price.index(of: quantity.dimension) == nil {
                throw .unknownDimension(feature: feature, dimension: quantity.dimension)
            }
            let unit = price.document.charge.unit
            guard let amount = price.cost(of: quantities) else { throw .amountOverflow(unit: unit) }
            return Cost(
                unit: unit, amount: amount, priced: Priced(feature: feature, quantities: quantities, version: price.version))
        }
    }
}

/// What an ask comes to.
struct Cost {
    let unit: Name
    let amount: Amount
    let priced: Priced?
}

extension DebitBatch {
    /// The feature that all items name, if they do.
    fileprivate var commonFeature: Name? {
        let feature = items[0].ask.feature
        return items.allSatisfy { $0.ask.feature == feature } ? feature : nil
    }
}

/// The items of one `debitBatch`, one after the other on the same purses.
private struct BatchRun {
    private let command: DebitBatch
    private let tenant: Tenant
    private var account: Account
    private var rejected: [ItemsRejected.Item] = []
    /// The units that items have been paid in.
    private var unitsDrawn: [Name] = []

    init(_ command: DebitBatch, _ account: Account, _ tenant: Tenant) {
        self.command = command
        self.account = account
        self.tenant = tenant
    }

    mutating func lapse(_ unit: Name, _ group: inout GroupDraft) {
        account.withPurse(unit) { group.lapse(&$0, of: command.account) }
    }

    /// In mode `atomic` the first refused item refuses the whole; in mode `each` it is noted.
    mutating func decide(_ item: DebitBatch.Item, _ group: inout GroupDraft) throws(Rejection) {
        do throws(Rejection) {
            try debit(item, &group)
        } catch {
            if command.mode == .atomic { throw .inItem(item.id, error) }
            rejected.append(ItemsRejected.Item(item: item.id, rejection: RejectionRecord(error)))
        }
    }

    private mutating func debit(_ item: DebitBatch.Item, _ group: inout GroupDraft) throws(Rejection) {
        try tenant.check(item.occurredAt, at: group.now)
        let cost = try tenant.cost(of: item.ask)
        let part = try take(cost, &group)
        if !unitsDrawn.contains(cost.unit) { unitsDrawn.append(cost.unit) }
        let use = Use(
            key: command.key, batch: command.batch, labels: item.labels, occurredAt: item.occurredAt, details: item.details)
        group.add(
            .debited(Debited(account: command.account, priced: cost.priced, use: use, item: item.id, parts: [part])),
            occurredAt: item.occurredAt)
    }

    private mutating func take(_ cost: Cost, _ group: inout GroupDraft) throws(Rejection) -> Part {
        var result: Result<Part, Rejection>?
        account.withPurse(cost.unit) { purse in
            result = Result { () throws(Rejection) in try group.take(cost.amount, from: &purse) }
        }
        return try result!.get()
    }

    /// Writes what was refused, in as many events as their lines need, and raises alerts on the final balances.
    func finish(_ group: inout GroupDraft) {
        for start in stride(from: 0, to: rejected.count, by: ItemsRejected.itemCountMax) {
            let items = Array(rejected[start..<min(start + ItemsRejected.itemCountMax, rejected.count)])
            group.add(.itemsRejected(ItemsRejected(account: command.account, batch: command.batch, items: items)))
        }
        for unit in unitsDrawn { group.raiseAlerts(account.purse(unit), of: command.account, tenant.configuration) }
    }
}

extension ItemsRejected {
    /// A refused item takes at most about 1,500 bytes (five names of 128 bytes that may need escapes), an event's line 60 KiB.
    static let itemCountMax = 32
}
