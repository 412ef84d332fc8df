/// Giving back what a debit or settlement took.
extension Tenant {
    /// - Parameter sequence: The event that the id led to.
    func decide(_ command: Refund, _ recalled: Recalled, at sequence: SequenceNumber, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        try command.check(at: group.now)
        let use = try recalled.refundable(command.of, at: sequence)
        var draft = try AccountDraft(use.account, of: self, group)
        let share = try RefundShare(of: use, after: refunds[use.number] ?? RefundProgress(), command, configuration)
        draft.touch(use.parts)
        try draft.refund(use, share, recalled.lots, reason: command.reason, of: command.of, reissue: command.reissue)
        return draft.finish()
    }
}

/// What can be given back: a debit, a settlement, or a capture at expiry.
struct RefundableUse {
    let number: SequenceNumber
    let account: Name
    let priced: Priced?
    let use: Use
    let parts: [Part]
    let meters: [Meter]
    /// The number of the hold's `held`, if it was one.
    let held: SequenceNumber?

    init(_ fact: Debited, _ number: SequenceNumber) {
        self.number = number
        account = fact.account
        priced = fact.priced
        use = fact.use
        parts = fact.parts
        meters = fact.meters
        held = fact.late?.held
    }

    init(_ fact: HoldEnded, _ number: SequenceNumber) {
        self.number = number
        account = fact.account
        priced = fact.priced
        use = fact.use
        parts = fact.parts
        meters = fact.meters
        held = fact.held
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
    /// What an id leads to that must be read back as well: the capture that a late settlement gave back of.
    func captureBehind(_ id: Name, at sequence: SequenceNumber) -> SequenceNumber? {
        for event in groups[sequence] ?? [] {
            if case .refunded(let fact) = event.fact, let late = fact.late, late.hold == id || event.id == id {
                return fact.debit
            }
        }
        return nil
    }

    /// The use that an id names, among the events read back.
    func refundable(_ id: Name, at sequence: SequenceNumber) throws(Rejection) -> RefundableUse {
        let capture = captureBehind(id, at: sequence)
        let events = groups[capture ?? sequence] ?? []
        for event in events {
            switch event.fact {
            case .debited(let fact) where fact.item == id || fact.item == nil && event.id == id || fact.late?.hold == id:
                return RefundableUse(fact, event.sequence)
            case .settled(let fact) where event.id == id || fact.hold == id, .holdExpired(let fact) where fact.hold == id:
                if fact.parts.isEmpty { throw .notRefundable(of: id, reason: "nothing was taken: the hold was released") }
                return RefundableUse(fact, event.sequence)
            case .holdExpired(let fact) where capture != nil: return RefundableUse(fact, event.sequence)
            default: continue
            }
        }
        throw .notRefundable(of: id, reason: Recalled.reason(id, events))
    }

    private static func reason(_ id: Name, _ events: [Event]) -> String {
        for event in events {
            switch event.fact {
            case .debited where event.id == id: return "it is a debitBatch: refund its items"
            case .submitted where event.id == id: return "it is a submit: refund its commands"
            case .held where event.id == id: return "it is a hold that has not ended: release it"
            case .released(let fact) where fact.hold == id: return "nothing was taken: the hold was released"
            default: continue
            }
        }
        return "it is no debit"
    }
}

/// How much of each part of a use a refund gives back, and which quantities that stands for.
struct RefundShare {
    private(set) var amounts: [Amount]
    private(set) var quantities: [Quantity] = []

    init(amounts: [Amount], quantities: [Quantity]) {
        self.amounts = amounts
        self.quantities = quantities
    }

    init(of use: RefundableUse, after progress: RefundProgress, _ command: Refund, _ configuration: Configuration)
        throws(Rejection)
    {
        let left = use.parts.map { $0.amount - (progress.amounts[$0.unit] ?? .zero) }
        let unused = use.priced?.quantities.map {
            Quantity(dimension: $0.dimension, count: $0.count.less(progress.quantities[$0.dimension] ?? .zero))
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
            guard let unused, let priced = use.priced else {
                throw .notRefundable(of: command.of, reason: "it has no quantities: refund it by amount")
            }
            let kept = try RefundShare.subtract(given, from: unused, command.of, priced.feature)
            let price = configuration.price(priced.feature, version: priced.version)
            let keeps = try price.paid(kept, upTo: use.parts)
            amounts = zip(zip(use.parts, keeps), left).map { part, left in left.less(part.1) }
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

extension Price {
    /// What quantities cost when each unit pays at most what it paid in these parts, by part. Nothing costs nothing.
    func paid(_ quantities: [Quantity], upTo parts: [Part]) throws(Rejection) -> [Amount] {
        if quantities.allSatisfy({ $0.count == .zero }) { return parts.map { _ in .zero } }
        let shares = try shares(of: quantities) { unit, asked, _ in min(asked, parts.amount(of: unit)) }
        return parts.map { part in shares.first { $0.unit == part.unit }?.paid ?? .zero }
    }
}

extension [Part] {
    func amount(of unit: Name) -> Amount { first { $0.unit == unit }?.amount ?? .zero }
}

extension AccountDraft {
    mutating func touch(_ parts: [Part]) {
        for part in parts { touch(part.unit) }
    }

    /// Writes that a share of a use is given back.
    mutating func refund(
        _ use: RefundableUse, _ share: RefundShare, _ lots: [SequenceNumber: LotTerms], reason: String?, of id: Name,
        reissue: Refund.Reissue? = nil, late: LateSettlement? = nil
    ) throws(Rejection) {
        var returns: [Return] = []
        var meters: [Meter] = []
        for (part, amount) in zip(use.parts, share.amounts) {
            let returned = tenant.refunds[use.number]?.amounts[part.unit] ?? .zero
            let coming = try bringHome(amount, of: part, after: returned, lots, reissue, &meters)
            returns.append(coming)
        }
        // Where nothing comes back at all, the first says so.
        let back = returns.filter { $0.part.amount > .zero }
        returns = back.isEmpty ? Array(returns.prefix(1)) : back
        meters += self.meters(lowering: use.meters, of: use.number, by: returns)
        add(
            .refunded(
                Refunded(
                    account: account.name, of: id, debit: use.number, feature: use.priced?.feature, key: use.use.key,
                    batch: use.use.batch, labels: use.use.labels, quantities: share.quantities, reason: reason, returns: returns,
                    meters: meters, late: late)))
    }

    /// Returns units to the lots they came from, last drawn first, behind what was returned before.
    private func bringHome(
        _ amount: Amount, of part: Part, after returned: Amount, _ lots: [SequenceNumber: LotTerms], _ reissue: Refund.Reissue?,
        _ meters: inout [Meter]
    ) throws(Rejection) -> Return {
        var home = Homecoming(account.purse(part.unit), at: now)
        if home.purse.total.adding(amount) == nil { throw .amountOverflow(unit: part.unit) }
        for draw in part.lots.lastDrawnFirst(skipping: returned, upTo: amount) { home.refund(draw, lots[draw.lot]) }
        let reissued = reissue.flatMap { home.reissue(group.nextSequence, until: $0.expiresAt) }
        if home.purse.grantedLotCount > Purse.lotCountMax {
            throw .tooManyLots(account: account.name, unit: part.unit, limit: Purse.lotCountMax)
        }
        meters += home.meters
        return home.result(reissued: reissued)
    }
}

extension [Draw] {
    /// The draws that make up an amount, counted from the last, behind an amount that is passed over.
    func lastDrawnFirst(skipping returned: Amount, upTo amount: Amount) -> [Draw] {
        var (skip, missing) = (returned, amount)
        var result: [Draw] = []
        for draw in reversed() {
            let skipped = Swift.min(skip, draw.amount)
            skip = skip - skipped
            let taken = Swift.min(missing, draw.amount - skipped)
            missing = missing - taken
            if taken > .zero { result.append(Draw(lot: draw.lot, amount: taken, remaining: draw.remaining)) }
        }
        return result
    }

    /// The draws that make up an amount, counted from the first, and the rest.
    func split(at amount: Amount) -> (first: [Draw], rest: [Draw]) {
        var missing = amount
        var (first, rest): ([Draw], [Draw]) = ([], [])
        for draw in self {
            let taken = Swift.min(missing, draw.amount)
            missing = missing - taken
            if taken > .zero { first.append(Draw(lot: draw.lot, amount: taken, remaining: draw.remaining)) }
            if taken < draw.amount { rest.append(Draw(lot: draw.lot, amount: draw.amount - taken, remaining: draw.remaining)) }
        }
        return (first, rest)
    }
}
