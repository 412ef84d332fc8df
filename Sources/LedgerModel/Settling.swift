/// Settling a hold: in time, or late.
extension Tenant {
    /// What must be read back to settle a hold that is not open: what its id led to, and then its `held`.
    func missing(_ command: Settle, at sequence: SequenceNumber?, _ recalled: Recalled) -> [SequenceNumber] {
        let first = missing(hold: command.hold, at: sequence, recalled)
        guard first.isEmpty, let events = sequence.flatMap({ recalled.groups[$0] }) else { return first }
        guard let held = events.expiry(of: command.hold)?.fact.held, recalled.groups[held] == nil else { return [] }
        return [held]
    }

    func decide(_ command: Settle, at sequence: SequenceNumber?, _ recalled: Recalled, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        guard let hold = holds[command.hold] else {
            guard let sequence, let events = recalled.groups[sequence] else { throw .holdNotFound(command.hold) }
            return try decideLate(command, events, recalled, group)
        }
        var draft = try AccountDraft(hold.account, of: self, group)
        try hold.use.checkLabels(adding: command.labels)
        let use = hold.use.settling(adding: command.labels, details: command.details)
        var ended = draft.end(hold, command.hold, try capture(command, hold), use)
        ended.method = command.method
        draft.add(.settled(ended), ending: hold)
        draft.raiseAlerts(ended.meters, drawnFrom: ended.parts.map(\.unit))
        return draft.finish()
    }

    // MARK: How much

    private func capture(_ command: Settle, _ hold: OpenHold) throws(Rejection) -> Capture {
        var capture = Capture()
        let asked: (unit: Name, amount: Amount)
        switch command.extent {
        case .everything: return Capture(everythingOf: hold)
        case .amount(let amount):
            let part = try hold.parts.only(of: command.hold)
            capture.priced = hold.priced?.withoutQuantities
            capture.amounts = [(part.unit, min(amount, part.amount))]
            asked = (part.unit, amount)
        case .quantities(let quantities):
            let (price, priced) = try price(hold.priced, quantities, command.hold)
            let shares = try price.shares(of: quantities) { unit, asked, isLast in
                isLast ? asked : min(asked, hold.parts.amount(of: unit))
            }
            capture.priced = priced
            capture.amounts = shares.map { ($0.unit, min($0.paid, hold.parts.amount(of: $0.unit))) }
            asked = (shares.last!.unit, shares.last!.paid)
        }
        let held = hold.parts.amount(of: asked.unit)
        if asked.amount > held { capture.excess = try excess(asked, above: held, hold, command.hold) }
        return capture
    }

    private func excess(_ asked: (unit: Name, amount: Amount), above held: Amount, _ hold: OpenHold, _ id: Name)
        throws(Rejection) -> Capture.Excess
    {
        switch hold.terms.overage {
        case .reject: throw .amountExceedsHold(hold: id, unit: asked.unit, asked: asked.amount, held: held)
        case .cap: Capture.Excess(unit: asked.unit, asked: asked.amount - held, limit: .zero)
        case .allow(let limit): Capture.Excess(unit: asked.unit, asked: asked.amount - held, limit: limit)
        }
    }

    /// The price at which a hold is settled by quantities.
    private func price(_ priced: Priced?, _ quantities: [Quantity], _ id: Name) throws(Rejection) -> (Price, Priced) {
        guard let priced else { throw .notSettleable(hold: id, reason: "it has no price: settle it by amount") }
        let price = configuration.price(priced.feature, version: priced.version)
        for quantity in quantities where !price.knows(quantity.dimension) {
            throw .unknownDimension(feature: priced.feature, dimension: quantity.dimension)
        }
        return (price, Priced(feature: priced.feature, quantities: quantities, version: priced.version))
    }

    // MARK: Late

    /// A settlement is honoured once after the hold has expired, as far as what was held.
    private func decideLate(_ command: Settle, _ events: [Event], _ recalled: Recalled, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        guard let (ended, number) = events.expiry(of: command.hold) else {
            throw events.contains { $0.fact.endedHold?.id == command.hold }
                ? .holdClosed(command.hold) : .holdNotFound(command.hold)
        }
        guard case .held(let held)? = recalled.groups[ended.held]?.first(where: { $0.sequence == ended.held })?.fact else {
            throw .holdNotFound(command.hold)
        }
        try held.use.checkLabels(adding: command.labels)
        var draft = try AccountDraft(held.account, of: self, group)
        if ended.parts.isEmpty {
            try draft.settleReleased(command, held, ended.held, try lateAsk(command, held))
        } else {
            try draft.settleCaptured(command, RefundableUse(ended, number), held, try lateAsk(command, held), recalled.lots)
        }
        return draft.finish()
    }

    private func lateAsk(_ command: Settle, _ held: Held) throws(Rejection) -> LateAsk {
        switch command.extent {
        case .everything:
            guard let priced = held.priced else { return .amount(held.parts[0].unit, held.parts[0].amount, priced: nil) }
            return .quantities(configuration.price(priced.feature, version: priced.version), priced)
        case .amount(let amount):
            let part = try held.parts.only(of: command.hold)
            let priced = held.priced?.withoutQuantities
            return .amount(part.unit, amount, priced: priced)
        case .quantities(let quantities):
            let (price, priced) = try price(held.priced, quantities, command.hold)
            return .quantities(price, priced)
        }
    }
}

/// What a late settlement asks for.
enum LateAsk {
    case amount(Name, Amount, priced: Priced?)
    case quantities(Price, Priced)

    var priced: Priced? {
        switch self {
        case .amount(_, _, let priced): priced
        case .quantities(_, let priced): priced
        }
    }

    /// What each unit pays, as far as it may; and what the last one leaves unpaid.
    func shares(upTo limit: (Name) -> Amount) throws(Rejection) -> (paid: [(unit: Name, amount: Amount)], shortfall: Amount) {
        switch self {
        case .amount(let unit, let asked, _):
            let paid = min(asked, limit(unit))
            return ([(unit, paid)], asked - paid)
        case .quantities(let price, let priced):
            let shares = try price.shares(of: priced.quantities) { unit, asked, _ in min(asked, limit(unit)) }
            return (shares.asking.map { ($0.unit, $0.paid) }, shares.last!.asked - shares.last!.paid)
        }
    }
}

extension AccountDraft {
    /// The hold was released: what was used is taken from what is available.
    fileprivate mutating func settleReleased(_ command: Settle, _ held: Held, _ number: SequenceNumber, _ ask: LateAsk)
        throws(Rejection)
    {
        touch(held.parts)
        // What it draws from stands in one line: the lots that do not are a shortfall too.
        var lotCountLeft = Purse.lotCountMax
        let (paid, shortfall) = try ask.shares { unit in
            let (amount, lotCount) = account.purse(unit).payable(lotCountMax: lotCountLeft, at: now)
            lotCountLeft -= lotCount
            return min(held.parts.amount(of: unit), amount)
        }
        var parts: [Part] = []
        for (unit, amount) in paid { parts.append(try drawing(amount, of: unit)) }
        let use = held.use.settling(adding: command.labels, details: command.details)
        let meters = try meters(taking: parts, Purpose(use, key: use.key.flatMap { tenant.keys[$0] }))
        add(
            .debited(
                Debited(
                    account: account.name, priced: ask.priced, use: use, parts: parts, meters: meters,
                    late: LateSettlement(hold: command.hold, held: number, method: command.method, shortfall: shortfall))))
        raiseAlerts(meters, drawnFrom: parts.map(\.unit))
    }

    /// The hold was captured: what was not used is given back.
    fileprivate mutating func settleCaptured(
        _ command: Settle, _ capture: RefundableUse, _ held: Held, _ ask: LateAsk, _ lots: [SequenceNumber: LotTerms]
    ) throws(Rejection) {
        touch(capture.parts)
        let (paid, shortfall) = try ask.shares { capture.parts.amount(of: $0) }
        let refunded = tenant.refunds[capture.number]?.amounts ?? [:]
        let amounts = capture.parts.map { part in
            let kept = paid.first { $0.unit == part.unit }?.amount ?? .zero
            return part.amount.less(refunded[part.unit] ?? .zero).less(kept)
        }
        let late = LateSettlement(
            hold: command.hold, held: capture.held!, method: command.method, shortfall: shortfall)
        try refund(
            capture, RefundShare(amounts: amounts, quantities: unused(capture, ask.priced)), lots, reason: nil, of: command.hold,
            late: late)
    }

    /// The captured quantities that were not used.
    private func unused(_ capture: RefundableUse, _ used: Priced?) -> [Quantity] {
        guard let captured = capture.priced?.quantities, let used = used?.quantities, !used.isEmpty else { return [] }
        let done = tenant.refunds[capture.number]?.quantities ?? [:]
        return captured.compactMap { quantity in
            let kept = used.first { $0.dimension == quantity.dimension }?.count ?? .zero
            let left = quantity.count.less(done[quantity.dimension] ?? .zero).less(kept)
            return left == .zero ? nil : Quantity(dimension: quantity.dimension, count: left)
        }
    }
}

extension [Part] {
    /// The one part of a hold in a single unit.
    fileprivate func only(of hold: Name) throws(Rejection) -> Part {
        if count > 1 { throw .notSettleable(hold: hold, reason: "it holds several units: settle it by quantities") }
        return self[0]
    }
}

extension [Event] {
    /// The expiry of a hold among what its id led to.
    fileprivate func expiry(of hold: Name) -> (fact: HoldEnded, number: SequenceNumber)? {
        for event in self { if case .holdExpired(let fact) = event.fact, fact.hold == hold { return (fact, event.sequence) } }
        return nil
    }
}
