public import LedgerModel

extension Oracle {
    /// What becomes of a request at an instant; the oracle then takes it as having happened.
    public mutating func predict(_ request: Request, at now: Timestamp) -> Prediction {
        let id = Scoped(tenant: request.tenant, key: request.id)
        if meanings[id] != nil { return .known }
        let before = self
        types = []
        do throws(Refusal) {
            try run(request, now)
            if meanings[id] == nil { meanings[id] = .other }
            return .accepted(types)
        } catch {
            self = before
            return .rejected(error.name)
        }
    }

    private mutating func run(_ request: Request, _ now: Timestamp) throws(Refusal) {
        let tenant = request.tenant
        switch request.command {
        case .openAccount(let command):
            if !accounts.insert(Scoped(tenant: tenant, key: command.account)).inserted { throw Refusal("accountExists") }
            add("accountOpened")
        case .grant(let command): try grant(command, tenant, now)
        case .adjust(let command): try adjust(command, tenant, now)
        case .debit(let command): try debit(command, request, now)
        case .debitBatch(let command): try debitBatch(command, request, now)
        case .openBatch(let command):
            try check(tenant, command.account)
            if batches.updateValue(true, forKey: batchKey(tenant, command.account, command.batch)) != nil {
                throw Refusal("batchExists")
            }
            add("batchOpened")
        case .closeBatch(let command):
            try check(tenant, command.account)
            switch batches.updateValue(false, forKey: batchKey(tenant, command.account, command.batch)) {
            case nil: throw Refusal("batchNotFound")
            case false?: throw Refusal("batchClosed")
            case true?: add("batchClosed")
            }
        case .refund(let command): try refund(command, tenant, now)
        case .configure(let command): try configure(command, tenant)
        case .rollback(let command): try rollback(command, tenant)
        case .acknowledgeAlerts(let command): try acknowledge(command, tenant)
        }
    }

    private func check(_ tenant: Name, _ account: Name) throws(Refusal) {
        if !accounts.contains(Scoped(tenant: tenant, key: account)) { throw Refusal("accountNotFound") }
    }

    private func batchKey(_ tenant: Name, _ account: Name, _ batch: Name) -> Scoped<[Name]> {
        Scoped(tenant: tenant, key: [account, batch])
    }

    // MARK: Balances

    private mutating func grant(_ command: Grant, _ tenant: Name, _ now: Timestamp) throws(Refusal) {
        let ends = command.terms.expiresAt
        if command.amount == .zero || ends != nil && (ends! <= now || ends! <= command.terms.effectiveAt ?? now) {
            throw Refusal("invalidField")
        }
        if accounts.insert(Scoped(tenant: tenant, key: command.account)).inserted { add("accountOpened") }
        let purse = Purse(tenant: tenant, account: command.account, unit: command.unit)
        lapse(purse, now)
        try checkRoom(purse, for: command.amount.rawValue, now)
        open(purse, command.amount.rawValue, command.terms)
        add("granted")
        arm(purse, now)
    }

    private mutating func adjust(_ command: Adjust, _ tenant: Name, _ now: Timestamp) throws(Refusal) {
        if command.amount == .zero { throw Refusal("invalidField") }
        try check(tenant, command.account)
        let purse = Purse(tenant: tenant, account: command.account, unit: command.unit)
        lapse(purse, now)
        if command.isIncrease {
            try checkRoom(purse, for: command.amount.rawValue, now)
            open(purse, command.amount.rawValue, LotTerms(source: .adjustment))
        } else {
            _ = try draw(purse, command.amount.rawValue, now)
        }
        add("adjusted")
        arm(purse, now)
        if !command.isIncrease { raise(purse, now) }
    }

    // MARK: Uses

    private func check(_ occurredAt: Timestamp?, _ tenant: Name, _ now: Timestamp) throws(Refusal) {
        guard let occurredAt else { return }
        if occurredAt > now { throw Refusal("occurredInFuture") }
        if now.rawValue - occurredAt.rawValue > lateDays(tenant) * 86_400_000_000 { throw Refusal("occurredTooLate") }
    }

    private mutating func debit(_ command: Debit, _ request: Request, _ now: Timestamp) throws(Refusal) {
        try check(command.use.occurredAt, request.tenant, now)
        try check(request.tenant, command.account)
        if let batch = command.use.batch { try openBatch(request.tenant, command.account, batch) }
        let (unit, amount) = try cost(command.ask, request.tenant)
        let purse = Purse(tenant: request.tenant, account: command.account, unit: unit)
        lapse(purse, now)
        try use(purse, amount, command.ask, as: request.id, now)
        raise(purse, now)
    }

    private mutating func debitBatch(_ command: DebitBatch, _ request: Request, _ now: Timestamp) throws(Refusal) {
        var ids: Set<Name> = [request.id]
        for item in command.items
        where !ids.insert(item.id).inserted || meanings[Scoped(tenant: request.tenant, key: item.id)] != nil {
            throw Refusal("duplicateId")
        }
        try check(request.tenant, command.account)
        try openBatch(request.tenant, command.account, command.batch)
        for item in command.items {
            guard let unit = unit(item.ask, request.tenant) else { continue }
            lapse(Purse(tenant: request.tenant, account: command.account, unit: unit), now)
        }
        var (drawn, refusedCount) = ([Purse](), 0)
        for item in command.items {
            do throws(Refusal) {
                try check(item.occurredAt, request.tenant, now)
                let (unit, amount) = try cost(item.ask, request.tenant)
                let purse = Purse(tenant: request.tenant, account: command.account, unit: unit)
                try use(purse, amount, item.ask, as: item.id, now)
                if !drawn.contains(purse) { drawn.append(purse) }
            } catch {
                if command.mode == .atomic { throw error }
                refusedCount += 1
            }
        }
        if refusedCount < command.items.count { meanings[Scoped(tenant: request.tenant, key: request.id)] = .batchOfUses }
        for _ in 0..<(refusedCount + 31) / 32 { add("itemsRejected") }
        for purse in drawn { raise(purse, now) }
    }

    private mutating func openBatch(_ tenant: Name, _ account: Name, _ batch: Name) throws(Refusal) {
        switch batches[batchKey(tenant, account, batch)] {
        case true?: break
        case false?: throw Refusal("batchClosed")
        case nil:
            batches[batchKey(tenant, account, batch)] = true
            add("batchOpened")
        }
    }

    private func unit(_ ask: Ask, _ tenant: Name) -> Name? {
        switch ask {
        case .amount(let unit, _): return unit
        case .priced(let feature, _):
            guard case .price(let price)? = current(tenant, DocumentKey(.price, feature)) else { return nil }
            return price.charge.unit
        }
    }

    private func cost(_ ask: Ask, _ tenant: Name) throws(Refusal) -> (Name, Int64) {
        switch ask {
        case .amount(let unit, let amount): return (unit, amount.rawValue)
        case .priced(let feature, let quantities):
            guard case .price(let price)? = current(tenant, DocumentKey(.price, feature)) else { throw Refusal("priceNotFound") }
            if !price.enabled { throw Refusal("priceDisabled") }
            let known = Set(price.charge.rates.map(\.dimension))
            if !quantities.allSatisfy({ known.contains($0.dimension) }) { throw Refusal("unknownDimension") }
            return (price.charge.unit, cost(tenant, price, Oracle.table(quantities)))
        }
    }

    private static func table(_ quantities: [Quantity]) -> [Name: Int64] {
        Dictionary(uniqueKeysWithValues: quantities.map { ($0.dimension, $0.count.rawValue) })
    }

    private mutating func use(_ purse: Purse, _ amount: Int64, _ ask: Ask, as id: Name, _ now: Timestamp) throws(Refusal) {
        let draws = try draw(purse, amount, now)
        var (feature, version, quantities): (Name?, Int, [Name: Int64]) = (nil, 0, [:])
        if case .priced(let name, let given) = ask {
            (feature, quantities) = (name, Oracle.table(given))
            version = documents[Scoped(tenant: purse.tenant, key: DocumentKey(.price, name))]!.count
        }
        uses.append(Use(purse: purse, amount: amount, draws: draws, feature: feature, version: version, quantities: quantities))
        meanings[Scoped(tenant: purse.tenant, key: id)] = .use(uses.count - 1)
        add("debited")
    }

    // MARK: Refunds

    private mutating func refund(_ command: Refund, _ tenant: Name, _ now: Timestamp) throws(Refusal) {
        if let ends = command.reissue?.expiresAt, ends <= now { throw Refusal("invalidField") }
        if case .amount(0) = command.extent { throw Refusal("invalidField") }
        if case .quantities(let given) = command.extent, given.allSatisfy({ $0.count == 0 }) { throw Refusal("invalidField") }
        guard let meaning = meanings[Scoped(tenant: tenant, key: command.of)] else { throw Refusal("debitNotFound") }
        guard case .use(let index) = meaning else { throw Refusal("notRefundable") }
        var use = uses[index]
        let amount = try share(command.extent, &use)
        uses[index] = use
        lapse(uses[index].purse, now)
        let held = open(uses[index].purse, at: now)
        if held.reduce(0, { $0 + $1.amount }) + amount > 9_007_199_254_740_991 { throw Refusal("amountOverflow") }
        giveBack(amount, index, command.reissue, now)
        if open(uses[index].purse, at: now).count > 256 { throw Refusal("tooManyLots") }
        add("refunded")
        arm(uses[index].purse, now)
    }

    private func share(_ extent: Refund.Extent, _ use: inout Use) throws(Refusal) -> Int64 {
        switch extent {
        case .everything:
            if use.left == 0 { throw Refusal("notRefundable") }
            use.quantities = use.quantities.mapValues { _ in 0 }
            return use.left
        case .amount(let amount):
            if amount.rawValue > use.left { throw Refusal("refundExceedsDebit") }
            return amount.rawValue
        case .quantities(let given):
            guard let feature = use.feature else { throw Refusal("notRefundable") }
            for quantity in given {
                guard let unused = use.quantities[quantity.dimension] else { throw Refusal("unknownDimension") }
                if quantity.count.rawValue > unused { throw Refusal("refundExceedsDebit") }
                use.quantities[quantity.dimension] = unused - quantity.count.rawValue
            }
            guard
                case .price(let price)? = documents[Scoped(tenant: use.purse.tenant, key: DocumentKey(.price, feature))]![
                    use.version - 1]
            else { preconditionFailure("a use was priced by a document that is none") }
            let isAllBack = use.quantities.values.allSatisfy { $0 == 0 }
            return max(0, use.left - (isAllBack ? 0 : cost(use.purse.tenant, price, use.quantities)))
        }
    }

    /// From the last draw to the first, as far as each has not been given back.
    private mutating func giveBack(_ amount: Int64, _ index: Int, _ reissue: Refund.Reissue?, _ now: Timestamp) {
        var (missing, lapsed, priority): (Int64, Int64, Int?) = (amount, 0, nil)
        for draw in uses[index].draws.indices.reversed() {
            let back = min(missing, uses[index].draws[draw].amount - uses[index].draws[draw].returned)
            if back == 0 { continue }
            missing -= back
            uses[index].draws[draw].returned += back
            let origin = uses[index].draws[draw].origin
            if origins[origin].isOver(now) {
                lapsed += back
                priority = priority ?? origins[origin].priority
            } else {
                journal[uses[index].purse]!.append((origin, back))
            }
        }
        if let reissue, let priority {
            open(uses[index].purse, lapsed, LotTerms(priority: priority, expiresAt: reissue.expiresAt, source: .refund))
        }
    }

    // MARK: Documents and alerts

    private mutating func configure(_ command: Configure, _ tenant: Name) throws(Refusal) {
        for change in command.changes { try checkZone(change.document) }
        for change in command.changes {
            let versions = documents[Scoped(tenant: tenant, key: change.key)] ?? []
            if change.document == nil, (versions.last ?? nil) == nil { throw Refusal("documentNotFound") }
            if let expected = change.expectVersion, expected != versions.count { throw Refusal("versionMismatch") }
        }
        let units = command.changes.filter { $0.key.kind == .unit }
        for change in units { try put(change.document, change.key, tenant) }
        for change in command.changes where change.key.kind != .unit { try put(change.document, change.key, tenant) }
    }

    private func checkZone(_ document: Document?) throws(Refusal) {
        if case .settings(let settings)? = document, settings.timeZone == "No/Where" { throw Refusal("unknownTimeZone") }
    }

    private mutating func put(_ document: Document?, _ key: DocumentKey, _ tenant: Name) throws(Refusal) {
        let before = scale(tenant, key.name)
        documents[Scoped(tenant: tenant, key: key), default: []].append(document)
        if key.kind == .unit, scale(tenant, key.name) != before, unitsInUse.contains(Scoped(tenant: tenant, key: key.name)) {
            throw Refusal("scaleInUse")
        }
        switch document {
        case .price(let price): unitsInUse.insert(Scoped(tenant: tenant, key: price.charge.unit))
        case .alert(let alert): unitsInUse.insert(Scoped(tenant: tenant, key: alert.unit))
        default: break
        }
        add("configured")
    }

    private mutating func rollback(_ command: Rollback, _ tenant: Name) throws(Refusal) {
        let versions = documents[Scoped(tenant: tenant, key: command.key)] ?? []
        if versions.isEmpty { throw Refusal("documentNotFound") }
        if !(1...versions.count).contains(command.version) { throw Refusal("versionNotFound") }
        try put(versions[command.version - 1], command.key, tenant)
    }

    private mutating func acknowledge(_ command: AcknowledgeAlerts, _ tenant: Name) throws(Refusal) {
        if command.alerts.isEmpty { throw Refusal("invalidField") }
        let alerts = command.alerts.map { Scoped(tenant: tenant, key: $0.rawValue) }
        if !unread.isSuperset(of: alerts) { throw Refusal("alertNotFound") }
        if command.state == .read { unread.subtract(alerts) }
        add(command.state == .read ? "alertRead" : "alertDelivered")
    }
}
