import LedgerModel

/// What an ask comes to: what each unit is to pay, and by which price.
struct OracleCharge {
    let shares: [OracleShare]
    let feature: Name?
    let version: Int
    let quantities: [Quantity]
}

extension OracleAttempt {
    /// What an ask comes to. Units that are high enough when they are asked arm their alerts.
    mutating func charge(_ ask: Ask, _ account: Name) throws(OracleRefusal) -> OracleCharge {
        switch ask {
        case .amount(let unit, let amount):
            arm(account, unit)
            let share = OracleShare(unit: unit, asked: amount.rawValue, paid: amount.rawValue)
            return OracleCharge(shares: [share], feature: nil, version: 0, quantities: [])
        case .priced(let feature, let quantities):
            guard let price = house.papers.price(feature) else { throw OracleRefusal("priceNotFound") }
            if !price.enabled { throw OracleRefusal("priceDisabled") }
            try checkDimensions(quantities, price)
            let (payer, now) = (house.accounts[account]!, now)
            let shares = try house.papers.shares(price, quantities.counts, isLastWhole: true) { payer.payable($0, now) }
            for share in shares { arm(account, share.unit) }
            return OracleCharge(
                shares: shares.asking, feature: feature, version: house.papers.version(DocumentKey(.price, feature)),
                quantities: quantities)
        }
    }

    func checkDimensions(_ quantities: [Quantity], _ price: PriceDocument) throws(OracleRefusal) {
        let known = Set(price.charges.flatMap(\.rates).map(\.dimension))
        if !quantities.allSatisfy({ known.contains($0.dimension) }) { throw OracleRefusal("unknownDimension") }
    }

    func check(_ occurredAt: Timestamp?) throws(OracleRefusal) {
        guard let occurredAt else { return }
        if occurredAt.rawValue > now { throw OracleRefusal("occurredInFuture") }
        if now - occurredAt.rawValue > Int64(house.papers.settings.lateDays ?? 35) * 86_400_000_000 {
            throw OracleRefusal("occurredTooLate")
        }
    }

    // MARK: Debits

    mutating func debit(_ command: Debit, _ id: Name) throws(OracleRefusal) {
        try check(command.use.occurredAt)
        try requireOrOpen(command.account)
        try checkNotFrozen(command.account)
        if let batch = command.use.batch { try openBatchIfAbsent(command.account, batch) }
        let taken = try use(command.ask, command.account, command.use.key, command.use.labels, as: id)
        tell("debited", command.account.text, taken.text)
        raiseAlerts(command.account, taken)
    }

    /// What a use has taken, for the alerts that it raises.
    struct Taken {
        var parts: [OracleUse.Part] = []
        var windows: [Int] = []
        var spends: [OracleSpendKey] = []

        var text: String { OracleText.parts(parts.map { ($0.unit, $0.amount) }) }

        mutating func merge(_ other: Taken) {
            parts += other.parts
            windows += other.windows.filter { !windows.contains($0) }
            spends += other.spends.filter { !spends.contains($0) }
        }
    }

    private mutating func use(_ ask: Ask, _ account: Name, _ key: Name?, _ labels: Labels, as id: Name) throws(OracleRefusal)
        -> Taken
    {
        try checkKey(key, account, ask.feature)
        let charge = try charge(ask, account)
        try checkLimit(key, charge.shares)
        return try take(charge, account, key, labels, as: id)
    }

    mutating func take(
        _ charge: OracleCharge, _ account: Name, _ key: Name?, _ labels: Labels, as id: Name?
    ) throws(OracleRefusal) -> Taken {
        var taken = Taken()
        for share in charge.shares {
            guard let draws = house.accounts[account]!.take(share.paid, of: share.unit, now) else {
                throw shortage(account, share.unit)
            }
            house.accounts[account]!.count(draws)
            house.papers.unitsInUse.insert(share.unit)
            taken.windows += windows(of: draws, account)
            taken.parts.append(.init(unit: share.unit, amount: share.paid, draws: draws.map { .init(draw: $0) }))
        }
        let amounts = charge.shares.map { ($0.unit, $0.paid) }
        let readings = count(amounts, account, key, labels)
        taken.spends = readings.spends
        house.uses.append(
            OracleUse(
                account: account, feature: charge.feature, version: charge.version, quantities: charge.quantities.counts,
                parts: taken.parts, readings: readings.all))
        if let id { house.meanings[id] = .use(house.uses.count - 1) }
        return taken
    }

    /// The windows that draws were counted in, each once.
    func windows(of draws: [OracleAccount.Draw], _ account: Name) -> [Int] {
        let account = house.accounts[account]!
        return draws.compactMap { account.piles[account.standing($0.pile)].window }
            .reduce(into: []) { windows, window in if !windows.contains(window) { windows.append(window) } }
    }

    mutating func debitBatch(_ command: DebitBatch, _ id: Name) throws(OracleRefusal) {
        if command.items.isEmpty { throw OracleRefusal("invalidField") }
        if command.items.contains(where: { $0.id.isReserved }) { throw OracleRefusal("reservedName") }
        var ids: Set<Name> = [id]
        for item in command.items where !ids.insert(item.id).inserted || house.meanings[item.id] != nil {
            throw OracleRefusal("duplicateId")
        }
        try requireOrOpen(command.account)
        try checkNotFrozen(command.account)
        try openBatchIfAbsent(command.account, command.batch)
        house.meanings[id] = .other
        var (all, refused) = (Taken(), [String]())
        for item in command.items {
            let before = self
            do throws(OracleRefusal) {
                try check(item.occurredAt)
                let taken = try use(item.ask, command.account, command.key, item.labels, as: item.id)
                tell("debited", command.account.text, taken.text, item.id.text)
                all.merge(taken)
            } catch {
                if command.mode == .atomic { throw error }
                // What the item was asked of has been looked at all the same, and has armed its alerts.
                let marks = house.accounts[command.account]!.lowMarks
                self = before
                house.accounts[command.account]!.lowMarks = marks
                refused.append("\(item.id) \(error.name)")
            }
        }
        if !refused.isEmpty { tell("itemsRejected", refused.joined(separator: ", ")) }
        raiseAlerts(command.account, all)
    }

    mutating func recordUsage(_ command: RecordUsage) throws(OracleRefusal) {
        if let occurredAt = command.use.occurredAt, occurredAt.rawValue > now { throw OracleRefusal("occurredInFuture") }
        try requireOrOpen(command.account)
        if let batch = command.use.batch { try openBatchIfAbsent(command.account, batch) }
        if case .amount(let unit, _) = command.ask { house.papers.unitsInUse.insert(unit) }
        tell("usageRecorded", command.account.text)
    }

    // MARK: Refunds

    mutating func refund(_ command: Refund) throws(OracleRefusal) {
        try checkExtent(command)
        let index = try refundable(command.of)
        try require(house.uses[index].account)
        let amounts = try shareOfRefund(command.extent, &house.uses[index])
        let account = house.uses[index].account
        let told = try giveBack(amounts, index, command.reissue)
        tell("refunded", account.text, told)
        for part in house.uses[index].parts { arm(account, part.unit) }
    }

    private func checkExtent(_ command: Refund) throws(OracleRefusal) {
        if let ends = command.reissue?.expiresAt, ends.rawValue <= now { throw OracleRefusal("invalidField") }
        switch command.extent {
        case .amount(0): throw OracleRefusal("invalidField")
        case .quantities(let given) where given.allSatisfy({ $0.count == .zero }): throw OracleRefusal("invalidField")
        default: break
        }
    }

    private func refundable(_ id: Name) throws(OracleRefusal) -> Int {
        switch house.meanings[id] {
        case nil: throw OracleRefusal("debitNotFound")
        case .use(let index)?: return index
        case .hold?, .other?: throw OracleRefusal("notRefundable")
        }
    }

    /// How much of each part goes back.
    private func shareOfRefund(_ extent: Refund.Extent, _ use: inout OracleUse) throws(OracleRefusal) -> [Int64] {
        switch extent {
        case .everything:
            if use.parts.allSatisfy({ $0.left == 0 }) { throw OracleRefusal("notRefundable") }
            use.quantities = use.quantities.mapValues { _ in 0 }
            return use.parts.map(\.left)
        case .amount(let amount):
            if use.parts.count > 1 { throw OracleRefusal("notRefundable") }
            if amount.rawValue > use.parts[0].left { throw OracleRefusal("refundExceedsDebit") }
            return [amount.rawValue]
        case .quantities(let given):
            guard use.feature != nil else { throw OracleRefusal("notRefundable") }
            for quantity in given {
                guard let unused = use.quantities[quantity.dimension] else { throw OracleRefusal("unknownDimension") }
                if quantity.count.rawValue > unused { throw OracleRefusal("refundExceedsDebit") }
                use.quantities[quantity.dimension] = unused - quantity.count.rawValue
            }
            let kept = try cost(ofRest: use)
            return zip(use.parts, kept).map { max(0, $0.left - $1) }
        }
    }

    /// What the quantities that stay cost, part by part.
    private func cost(ofRest use: OracleUse) throws(OracleRefusal) -> [Int64] {
        if use.quantities.values.allSatisfy({ $0 == 0 }) { return use.parts.map { _ in 0 } }
        let price = house.papers.price(use.feature!, version: use.version)
        let paid = { (unit: Name) in use.parts.first { $0.unit == unit }?.amount ?? 0 }
        let shares = try house.papers.shares(price, use.quantities, isLastWhole: false, limit: paid)
        return use.parts.map { part in shares.first { $0.unit == part.unit }?.paid ?? 0 }
    }

    /// Gives so much of each part back, from its last draw to its first, and tells of it.
    mutating func giveBack(_ amounts: [Int64], _ index: Int, _ reissue: Refund.Reissue?) throws(OracleRefusal) -> String {
        let account = house.uses[index].account
        var told: [String] = []
        for (part, amount) in amounts.enumerated() {
            let unit = house.uses[index].parts[part].unit
            try checkRoom(account, unit, amount)
            let (expired, priority) = giveBack(amount, index, part)
            if let reissue, let priority {
                let terms = LotTerms(priority: priority, expiresAt: reissue.expiresAt, source: .refund)
                house.accounts[account]!.addPile(unit, expired, terms)
            }
            if amount > 0 { told.append(OracleText.back(unit, amount, expired)) }
        }
        if told.isEmpty { told = [OracleText.back(house.uses[index].parts[0].unit, 0, 0)] }
        lower(house.uses[index].readings, house.uses[index].parts.map(\.unit), amounts)
        return told.joined(separator: " + ")
    }

    private mutating func giveBack(_ amount: Int64, _ index: Int, _ part: Int) -> (expired: Int64, priority: Int?) {
        let name = house.uses[index].account
        var (missing, expired, priority): (Int64, Int64, Int?) = (amount, 0, nil)
        for draw in house.uses[index].parts[part].draws.indices.reversed() {
            let taken = house.uses[index].parts[part].draws[draw]
            let back = min(missing, taken.draw.amount - taken.returned)
            if back == 0 { continue }
            missing -= back
            house.uses[index].parts[part].draws[draw].returned += back
            let lost = house.accounts[name]!.refund(
                .init(pile: taken.draw.pile, amount: back, isEndless: taken.draw.isEndless), now)
            expired += lost
            if lost > 0 { priority = priority ?? house.accounts[name]!.piles[taken.draw.pile].priority }
        }
        return (expired, priority)
    }
}

extension OracleAccount {
    /// Takes back what was used for good; answers how much of it found no place.
    fileprivate mutating func refund(_ draw: Draw, _ now: Int64) -> Int64 {
        let pile = standing(draw.pile)
        if let window = piles[pile].window { windows[window].used = max(0, windows[window].used - draw.amount) }
        return putBack(draw, now)
    }
}

extension [Quantity] {
    var counts: [Name: Int64] { Dictionary(map { ($0.dimension, $0.count.rawValue) }, uniquingKeysWith: +) }
}
