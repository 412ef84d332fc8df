import LedgerModel

/// Holds: units set aside, and what becomes of them.
extension OracleAttempt {
    mutating func hold(_ command: Hold, _ id: Name) throws(OracleRefusal) {
        let seconds = command.expiresInSeconds ?? house.papers.settings.holdSeconds ?? 900
        if !(1...2_678_400).contains(seconds) { throw OracleRefusal("invalidField") }
        try check(command.use.occurredAt)
        let account = command.account
        try requireOrOpen(account)
        try checkNotFrozen(account)
        if let batch = command.use.batch { try openBatchIfAbsent(account, batch) }
        try checkKey(command.use.key, account, command.ask.feature)
        let charge = try charge(command.ask, account)
        try checkHoldCount(account, command.use.key)
        try checkLimit(command.use.key, charge.shares)
        var parts: [OracleHold.Part] = []
        for share in charge.shares {
            guard let draws = house.accounts[account]!.take(share.paid, of: share.unit, now) else {
                throw shortage(account, share.unit)
            }
            house.accounts[account]!.held[id, default: []] += draws
            house.papers.unitsInUse.insert(share.unit)
            parts.append(.init(unit: share.unit, amount: share.paid, draws: draws))
        }
        let amounts = parts.map { ($0.unit, $0.amount) }
        if house.accounts[account]!.held[id] == nil { house.accounts[account]!.held[id] = [] }
        house.holds[id] = OracleHold(
            account: account, cause: nextCause(), heldAt: now, expiresAt: now + Int64(seconds) * 1_000_000,
            onExpiry: command.onExpiry, overage: command.overage, use: command.use, feature: charge.feature,
            version: charge.version, quantities: charge.quantities, parts: parts, keyCount: countKey(amounts, command.use.key))
        house.openHolds.append(id)
        house.meanings[id] = .hold
        tell("held", account.text, OracleText.parts(amounts), "until", OracleText.instant(house.holds[id]!.expiresAt))
        raiseAlerts(account, windows: [], drawn: parts.map(\.unit))
    }

    private func checkHoldCount(_ account: Name, _ key: Name?) throws(OracleRefusal) {
        if house.accounts[account]!.held.count >= house.papers.settings.maxOpenHolds ?? 10_000 {
            throw OracleRefusal("tooManyHolds")
        }
        guard let key, let limit = house.keys[key]?.terms.maxOpenHolds else { return }
        if openHolds(of: key) >= limit { throw OracleRefusal("tooManyHolds") }
    }

    private func openHolds(of key: Name) -> Int { house.openHolds.count { house.holds[$0]!.use.key == key } }

    private func requireOpen(_ id: Name) throws(OracleRefusal) -> OracleHold {
        guard let hold = house.holds[id] else { throw OracleRefusal("holdNotFound") }
        if case .open = hold.end { return hold }
        throw OracleRefusal("holdClosed")
    }

    mutating func extend(_ command: Extend) throws(OracleRefusal) {
        if !(1...2_678_400).contains(command.expiresInSeconds) { throw OracleRefusal("invalidField") }
        let hold = try requireOpen(command.hold)
        try require(hold.account)
        house.holds[command.hold]!.expiresAt = now + Int64(command.expiresInSeconds) * 1_000_000
        tell("holdExtended", command.hold.text, "until", OracleText.instant(house.holds[command.hold]!.expiresAt))
    }

    mutating func release(_ command: Release) throws(OracleRefusal) {
        let hold = try requireOpen(command.hold)
        try require(hold.account)
        let ended = end(command.hold, hold) { _ in 0 }
        _ = countEnd(of: hold, [:], [])
        house.holds[command.hold]!.end = .released
        tell("released", command.hold.text, "back", ended.back)
    }

    // MARK: The end of a hold

    struct Ended {
        var taken = Taken()
        var back = ""
        var backs: [String] = []
    }

    /// Gives back all of a hold but what is kept of each unit, which is used for good.
    private mutating func end(_ id: Name, _ hold: OracleHold, keeping: (Name) -> Int64) -> Ended {
        var ended = Ended()
        house.openHolds.removeAll { $0 == id }
        house.accounts[hold.account]!.held[id] = nil
        for part in hold.parts {
            arm(hold.account, part.unit)
            let amount = keeping(part.unit)
            let (kept, rest) = OracleAttempt.split(part.draws, amount)
            house.accounts[hold.account]!.count(kept)
            var expired: Int64 = 0
            for draw in rest.reversed() { expired += house.accounts[hold.account]!.putBack(draw, now) }
            if !rest.isEmpty { ended.backs.append(OracleText.back(part.unit, rest.reduce(0) { $0 + $1.amount }, expired)) }
            ended.taken.windows += windows(of: kept, hold.account)
            ended.taken.parts.append(
                .init(unit: part.unit, amount: amount, draws: kept.map { .init(draw: $0) }))
            arm(hold.account, part.unit)
        }
        ended.back = ended.backs.isEmpty ? "nothing" : ended.backs.joined(separator: " + ")
        return ended
    }

    private static func split(_ draws: [OracleAccount.Draw], _ amount: Int64) -> (
        kept: [OracleAccount.Draw], rest: [OracleAccount.Draw]
    ) {
        var missing = amount
        var (kept, rest): ([OracleAccount.Draw], [OracleAccount.Draw]) = ([], [])
        for draw in draws {
            var (first, second) = (draw, draw)
            first.amount = min(missing, draw.amount)
            second.amount = draw.amount - first.amount
            missing -= first.amount
            if first.amount > 0 { kept.append(first) }
            if second.amount > 0 { rest.append(second) }
        }
        return (kept, rest)
    }

    // MARK: Settling

    mutating func settle(_ command: Settle, _ id: Name) throws(OracleRefusal) {
        guard let hold = house.holds[command.hold] else { throw OracleRefusal("holdNotFound") }
        switch hold.end {
        case .open: break
        case .lapsed, .captured: return try settleLate(command, hold, id)
        case .settled, .released, .settledLate: throw OracleRefusal("holdClosed")
        }
        try require(hold.account)
        let (shares, quantities) = try ask(command, hold, isLastWhole: true) { hold.held($0) }
        let last = shares.last!
        let excess = max(0, last.paid - hold.held(last.unit))
        if excess > 0, hold.overage == .reject { throw OracleRefusal("amountExceedsHold") }
        arm(hold.account, last.unit)
        var ended = end(command.hold, hold) { unit in
            min(hold.held(unit), shares.first { $0.unit == unit }?.paid ?? 0)
        }
        let extra = takeExcess(excess, last.unit, hold, &ended)
        house.holds[command.hold]!.end = .settled
        ended.taken.spends = remember(ended, hold, command.labels, quantities, as: [command.hold, id])
        tell(
            "settled", command.hold.text, ended.taken.text, "back", ended.back, "short", "\(excess - extra)")
        raiseAlerts(hold.account, ended.taken)
    }

    /// What a settlement asks of each unit; all that is held when it says nothing.
    private func ask(_ command: Settle, _ hold: OracleHold, isLastWhole: Bool, limit: (Name) -> Int64) throws(OracleRefusal) -> (
        [OracleShare], [Name: Int64]
    ) {
        switch command.extent {
        case .everything:
            return (hold.parts.map { OracleShare(unit: $0.unit, asked: $0.amount, paid: $0.amount) }, hold.quantities.counts)
        case .amount(let amount):
            if hold.parts.count > 1 { throw OracleRefusal("notSettleable") }
            let paid = isLastWhole ? amount.rawValue : min(amount.rawValue, limit(hold.parts[0].unit))
            return ([OracleShare(unit: hold.parts[0].unit, asked: amount.rawValue, paid: paid)], [:])
        case .quantities(let quantities):
            guard let feature = hold.feature else { throw OracleRefusal("notSettleable") }
            let price = house.papers.price(feature, version: hold.version)
            try checkDimensions(quantities, price)
            let shares = try house.papers.shares(price, quantities.counts, isLastWhole: isLastWhole, limit: limit)
            return (shares, quantities.counts)
        }
    }

    /// Takes more than was held, as far as the hold allows it and there is something.
    private mutating func takeExcess(_ excess: Int64, _ unit: Name, _ hold: OracleHold, _ ended: inout Ended) -> Int64 {
        guard excess > 0, case .allow(let limit) = hold.overage else { return 0 }
        let extra = min(excess, limit.rawValue, house.accounts[hold.account]!.payable(unit, now))
        let draws = house.accounts[hold.account]!.take(extra, of: unit, now)!
        house.accounts[hold.account]!.count(draws)
        for window in windows(of: draws, hold.account) where !ended.taken.windows.contains(window) {
            ended.taken.windows.append(window)
        }
        if extra == 0 { return 0 }
        house.papers.unitsInUse.insert(unit)
        let all = draws.map { OracleUse.Draw(draw: $0) }
        if let index = ended.taken.parts.firstIndex(where: { $0.unit == unit }) {
            let part = ended.taken.parts[index]
            ended.taken.parts[index] = .init(unit: unit, amount: part.amount + extra, draws: part.draws + all)
        } else {
            ended.taken.parts.append(.init(unit: unit, amount: extra, draws: all))
        }
        return extra
    }

    /// Keeps what a hold came to, so that it can be refunded.
    private mutating func remember(
        _ ended: Ended, _ hold: OracleHold, _ labels: Labels, _ quantities: [Name: Int64], as ids: [Name]
    ) -> [OracleSpendKey] {
        let readings = countEnd(of: hold, labels, ended.taken.parts.map { ($0.unit, $0.amount) })
        house.uses.append(
            OracleUse(
                account: hold.account, feature: hold.feature, version: hold.version, quantities: quantities,
                parts: ended.taken.parts, readings: readings.all))
        for id in ids { house.meanings[id] = .use(house.uses.count - 1) }
        return readings.spends
    }

    // MARK: Late

    private mutating func settleLate(_ command: Settle, _ hold: OracleHold, _ id: Name) throws(OracleRefusal) {
        try require(hold.account)
        switch hold.end {
        case .captured(let use): try settleCaptured(command, hold, use, id)
        default: try settleLapsed(command, hold, id)
        }
        house.holds[command.hold]!.end = .settledLate
    }

    /// All that was held is priced anew when a late settlement says nothing.
    private func lateAsk(_ command: Settle, _ hold: OracleHold, limit: (Name) -> Int64) throws(OracleRefusal) -> (
        [OracleShare], [Name: Int64]
    ) {
        var command = command
        if command.extent == .everything {
            command.extent = hold.feature == nil ? .amount(Amount(rawValue: hold.parts[0].amount)!) : .quantities(hold.quantities)
        }
        return try ask(command, hold, isLastWhole: false, limit: limit)
    }

    private mutating func settleLapsed(_ command: Settle, _ hold: OracleHold, _ id: Name) throws(OracleRefusal) {
        let payer = house.accounts[hold.account]!
        let (shares, quantities) = try lateAsk(command, hold) { min(hold.held($0), payer.payable($0, now)) }
        for part in hold.parts { arm(hold.account, part.unit) }
        let charge = OracleCharge(
            shares: shares.asking, feature: hold.feature, version: hold.version,
            quantities: quantities.map { Quantity(dimension: $0.key, count: Amount(rawValue: $0.value)!) })
        let labels = hold.use.labels.merging(command.labels) { $1 }
        let taken = try take(charge, hold.account, hold.use.key, labels, as: id)
        house.meanings[command.hold] = house.meanings[id]
        tell(
            "debited", hold.account.text, taken.text, "late", command.hold.text, "short",
            "\(shares.last!.asked - shares.last!.paid)")
        raiseAlerts(hold.account, taken)
    }

    private mutating func settleCaptured(_ command: Settle, _ hold: OracleHold, _ use: Int, _ id: Name) throws(OracleRefusal) {
        let (shares, quantities) = try lateAsk(command, hold) { hold.held($0) }
        let amounts = house.uses[use].parts.map { part in
            max(0, part.left - (shares.first { $0.unit == part.unit }?.paid ?? 0))
        }
        let back = try giveBack(amounts, use, nil)
        if !quantities.isEmpty {
            for (dimension, unused) in house.uses[use].quantities {
                house.uses[use].quantities[dimension] = min(unused, quantities[dimension] ?? 0)
            }
        }
        house.meanings[id] = .use(use)
        tell("refunded", hold.account.text, back, "late", command.hold.text, "short", "\(shares.last!.asked - shares.last!.paid)")
        for part in house.uses[use].parts { arm(hold.account, part.unit) }
    }

    // MARK: In time

    /// Nobody ended it.
    mutating func lapse(_ id: Name) {
        let hold = house.holds[id]!
        house.accounts[hold.account]!.advance(to: now, house.papers)
        let isCaptured = hold.onExpiry == .capture
        var ended = end(id, hold) { isCaptured ? hold.held($0) : 0 }
        if isCaptured {
            ended.taken.spends = remember(ended, hold, [:], hold.quantities.counts, as: [id])
            house.holds[id]!.end = .captured(use: house.uses.count - 1)
        } else {
            _ = countEnd(of: hold, [:], [])
            house.holds[id]!.end = .lapsed
        }
        tell("holdExpired", id.text, isCaptured ? ended.taken.text : "nothing", "back", ended.back)
        if !isCaptured { ended.taken = Taken(parts: hold.parts.map { .init(unit: $0.unit, amount: 0, draws: []) }) }
        raiseAlerts(hold.account, ended.taken)
    }
}
