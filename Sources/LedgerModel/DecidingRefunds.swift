/// Giving back what a debit took.
extension Tenant {
    func decide(_ command: Refund, _ recalled: Recalled, _ group: inout GroupDraft) throws(Rejection) {
        try command.check(at: group.now)
        let (sequence, debit) = try recalled.debit(command.of)
        var account = try account(debit.account)
        let share = try RefundShare(of: debit, after: refunds[sequence] ?? RefundProgress(), command, configuration)
        for part in debit.parts { account.withPurse(part.unit) { group.lapse(&$0, of: debit.account) } }
        var returns: [Refunded.Return] = []
        for (part, amount) in zip(debit.parts, share.amounts) {
            var purse = account.purse(part.unit)
            let returned = refunds[sequence]?.amounts[part.unit] ?? .zero
            returns.append(
                try group.give(amount, of: part, after: returned, to: &purse, of: debit.account, recalled, command.reissue))
        }
        group.add(
            .refunded(
                Refunded(
                    account: debit.account, of: command.of, debit: sequence, feature: debit.priced?.feature,
                    batch: debit.use.batch,
                    labels: debit.use.labels, quantities: share.quantities, reason: command.reason, returns: returns)))
    }
}

extension Refund {
    /// What can be said before the debit is known. The time may have passed the new expiry while the debit was read back.
    func check(at now: Timestamp) throws(Rejection) {
        if let expiresAt = reissue?.expiresAt, expiresAt <= now {
            throw .invalidField(field: "reissue.expiresAt", reason: "must lie after the ledger's time \(now)")
        }
        switch extent {
        case .everything: break
        case .amount(let amount): if amount == .zero { throw .invalidField(field: "amount", reason: "must be at least 1") }
        case .quantities(let given):
            if given.allSatisfy({ $0.count == .zero }) {
                throw .invalidField(field: "quantities", reason: "must give something back")
            }
        }
    }
}

extension Recalled {
    /// The debit that an id names, among the events read back.
    func debit(_ id: Name) throws(Rejection) -> (SequenceNumber, Debited) {
        for event in events {
            guard case .debited(let debit) = event.fact, debit.item == id || debit.item == nil && event.id == id else { continue }
            return (event.sequence, debit)
        }
        let isBatch = events.contains { if case .debited = $0.fact { $0.id == id } else { false } }
        if isBatch { throw .notRefundable(of: id, reason: "it is a debitBatch: refund its items") }
        throw .notRefundable(of: id, reason: "it is no debit")
    }
}

/// How much of each part of a debit a refund gives back, and which quantities that stands for.
private struct RefundShare {
    private(set) var amounts: [Amount]
    private(set) var quantities: [Quantity] = []

    init(of debit: Debited, after progress: RefundProgress, _ command: Refund, _ configuration: Configuration) throws(Rejection) {
        let left = debit.parts.map { $0.amount - (progress.amounts[$0.unit] ?? .zero) }
        let unused = debit.priced?.quantities.map {
            Quantity(dimension: $0.dimension, count: $0.count - (progress.quantities[$0.dimension] ?? .zero))
        }
        amounts = left
        switch command.extent {
        case .everything:
            if left.allSatisfy({ $0 == .zero }) { throw .notRefundable(of: command.of, reason: "nothing is left to refund") }
            quantities = (unused ?? []).filter { $0.count > .zero }
        case .amount(let amount):
            if left.count > 1 {
                throw .notRefundable(of: command.of, reason: "it paid in several units: refund it by quantities")
            }
            if amount > left[0] { throw .refundExceedsDebit(of: command.of, asked: amount, left: left[0]) }
            amounts = [amount]
        case .quantities(let given):
            guard let unused, let priced = debit.priced else {
                throw .notRefundable(of: command.of, reason: "it has no quantities: refund it by amount")
            }
            let kept = try RefundShare.subtract(given, from: unused, command.of, priced.feature)
            let cost =
                kept.allSatisfy { $0.count == .zero }
                ? Amount.zero : configuration.price(priced.feature, version: priced.version).cost(of: kept)!
            amounts = zip(debit.parts, left).map { part, left in
                let keeps = min(cost, part.amount)
                return left > keeps ? left - keeps : .zero
            }
            quantities = given
        }
    }

    private static func subtract(_ given: [Quantity], from unused: [Quantity], _ id: Name, _ feature: Name) throws(Rejection)
        -> [Quantity]
    {
        var kept = unused
        for quantity in given {
            guard let index = kept.firstIndex(where: { $0.dimension == quantity.dimension }) else {
                throw .unknownDimension(feature: feature, dimension: quantity.dimension)
            }
            if quantity.count > kept[index].count {
                throw .refundExceedsDebit(of: id, asked: quantity.count, left: kept[index].count)
            }
            kept[index].count = kept[index].count - quantity.count
        }
        return kept
    }
}

extension GroupDraft {
    /// Returns units to the lots they came from, last drawn first, behind what was returned before.
    fileprivate func give(
        _ amount: Amount, of part: Part, after returned: Amount, to purse: inout Purse, of account: Name, _ recalled: Recalled,
        _ reissue: Refund.Reissue?
    ) throws(Rejection) -> Refunded.Return {
        if purse.total.adding(amount) == nil { throw .amountOverflow(unit: part.unit) }
        var result = Refunded.Return(part: Part(unit: part.unit, amount: amount, lots: [], balance: Balance(available: .zero)))
        var priorityOfExpired: Int?
        for draw in GroupDraft.lastDrawnFirst(part.lots, skipping: returned, upTo: amount) {
            let terms = purse.lot(draw.lot)?.terms ?? recalled.lots[draw.lot]!
            if let expiresAt = terms.expiresAt, expiresAt <= now {
                result.expired = result.expired + draw.amount
                result.part.lots.append(draw)
                priorityOfExpired = priorityOfExpired ?? terms.priority
            } else {
                result.part.lots.append(put(draw, terms, into: &purse, &result.reopened))
            }
        }
        if let reissue, let priority = priorityOfExpired {
            let terms = LotTerms(priority: priority, expiresAt: reissue.expiresAt, source: .refund)
            purse.open(Lot(number: nextSequence, remaining: result.expired, terms: terms))
            result.reissued = terms
        }
        if purse.lots.count > Purse.lotCountMax {
            throw .tooManyLots(account: account, unit: purse.unit, limit: Purse.lotCountMax)
        }
        result.part.balance = purse.balance(at: now)
        return result
    }

    /// Puts units back into their lot, which is opened again if it had been used up.
    private func put(_ draw: Draw, _ terms: LotTerms, into purse: inout Purse, _ reopened: inout [SequenceNumber: LotTerms])
        -> Draw
    {
        let remaining: Amount
        if let lot = purse.lot(draw.lot) {
            remaining = lot.remaining + draw.amount
            purse.set(draw.lot, remaining: remaining)
        } else {
            // It was drawn from, so its `effectiveAt` has passed; without it 256 reopened lots fit an event's line.
            let terms = LotTerms(priority: terms.priority, expiresAt: terms.expiresAt, source: terms.source)
            remaining = draw.amount
            purse.open(Lot(number: draw.lot, remaining: remaining, terms: terms))
            reopened[draw.lot] = terms
        }
        return Draw(lot: draw.lot, amount: draw.amount, remaining: remaining)
    }

    private static func lastDrawnFirst(_ draws: [Draw], skipping returned: Amount, upTo amount: Amount) -> [Draw] {
        var (skip, missing) = (returned, amount)
        var result: [Draw] = []
        for draw in draws.reversed() {
            let skipped = min(skip, draw.amount)
            skip = skip - skipped
            let taken = min(missing, draw.amount - skipped)
            missing = missing - taken
            if taken > .zero { result.append(Draw(lot: draw.lot, amount: taken, remaining: .zero)) }
        }
        return result
    }
}
