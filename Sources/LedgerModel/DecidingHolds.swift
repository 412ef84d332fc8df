/// Setting units aside, and what becomes of them in time.
extension Tenant {
    func decide(_ command: Hold, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        let seconds = command.expiresInSeconds ?? configuration.settings.holdSeconds ?? SettingsDocument.holdSecondsDefault
        try checkSeconds(seconds)
        try check(command.use.occurredAt, at: group.now)
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        try draft.checkNotFrozen()
        try draft.openBatch(for: command.use, command.ask.feature)
        let key = try key(command.use.key, for: command.account, command.ask.feature, at: draft.now)
        var charged = try draft.charge(command.ask)
        try draft.checkHoldCount(command.use.key, key)
        let keyMeter = draft.keyMeter(adding: charged.parts, .init(command.use, key: key))
        try draft.checkLimit(keyMeter, charged.parts)
        if let shortage = charged.shortage { throw shortage }
        for part in charged.parts { _ = try draft.allowances(drawing: part.lots, of: part.unit) }
        for index in charged.parts.indices {
            charged.parts[index].balance = charged.parts[index].balance.holding(charged.parts[index].lots)
        }
        let terms = HoldTerms(
            expiresAt: draft.now.adding(seconds: seconds), onExpiry: command.onExpiry, overage: command.overage)
        draft.add(
            .held(
                Held(
                    account: command.account, priced: charged.priced, use: command.use, terms: terms, parts: charged.parts,
                    meters: keyMeter.map { [$0] } ?? [])), occurredAt: command.use.occurredAt)
        draft.raiseAlerts([], drawnFrom: charged.parts.map(\.unit))
        return draft.finish()
    }

    private func checkSeconds(_ seconds: Int) throws(Rejection) {
        let range = SettingsDocument.holdSecondsRange
        if !range.contains(seconds) {
            throw .invalidField(field: "expiresInSeconds", reason: "must be \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func decide(_ command: Extend, at sequence: SequenceNumber?, _ recalled: Recalled, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        try checkSeconds(command.expiresInSeconds)
        let hold = try openHold(command.hold, at: sequence, recalled)
        var draft = try AccountDraft(hold.account, of: self, group)
        draft.add(
            .holdExtended(
                HoldExtended(
                    account: hold.account, hold: command.hold, expiresAt: draft.now.adding(seconds: command.expiresInSeconds))))
        return draft.finish()
    }

    func decide(_ command: Release, at sequence: SequenceNumber?, _ recalled: Recalled, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        let hold = try openHold(command.hold, at: sequence, recalled)
        var draft = try AccountDraft(hold.account, of: self, group)
        var ended = draft.end(hold, command.hold, Capture(), hold.use.settling())
        ended.reason = command.reason
        draft.add(.released(ended), ending: hold)
        return draft.finish()
    }

    /// What an id that is no open hold's led to must be read back, to tell a hold that has ended from what never was one.
    func missing(hold id: Name, at sequence: SequenceNumber?, _ recalled: Recalled) -> [SequenceNumber] {
        guard holds[id] == nil, let sequence, recalled.groups[sequence] == nil else { return [] }
        return [sequence]
    }

    private func openHold(_ id: Name, at sequence: SequenceNumber?, _ recalled: Recalled) throws(Rejection) -> OpenHold {
        if let hold = holds[id] { return hold }
        let events = sequence.flatMap { recalled.groups[$0] } ?? []
        throw events.contains { $0.fact.endedHold?.id == id } ? .holdClosed(id) : .holdNotFound(id)
    }

    /// What time does to a hold at its end.
    func expire(_ id: Name, _ group: consuming GroupDraft) -> [Event] {
        let hold = holds[id]!
        // The account is there, and not closed: that needs no open holds.
        var draft = try! AccountDraft(hold.account, of: self, group)
        let capture = hold.terms.onExpiry == .capture ? Capture(everythingOf: hold) : Capture()
        let ended = draft.end(hold, id, capture, hold.use.settling())
        draft.add(.holdExpired(ended), ending: hold)
        draft.raiseAlerts(ended.meters, drawnFrom: hold.parts.map(\.unit))
        return draft.finish()
    }
}

extension AccountDraft {
    fileprivate func checkHoldCount(_ keyName: Name?, _ key: Key?) throws(Rejection) {
        let limit = configuration.settings.maxOpenHolds ?? SettingsDocument.maxOpenHoldsDefault
        if account.openHoldCount >= limit { throw .tooManyHolds(of: account.name, limit: limit) }
        // Lots of allowances that ended stay as long as something of them is held.
        for unit in unitsTouched where account.purse(unit).lots.count >= 2 * Purse.lotCountMax {
            throw .tooManyLots(account: account.name, unit: unit, limit: 2 * Purse.lotCountMax)
        }
        if let keyName, let key, let limit = key.terms.maxOpenHolds, key.openHoldCount >= limit {
            throw .tooManyHolds(of: keyName, limit: limit)
        }
    }
}

extension Use {
    /// A settlement may add labels as long as there are few enough in all.
    func checkLabels(adding labels: Labels) throws(Rejection) {
        if self.labels.merging(labels, uniquingKeysWith: { $1 }).count > Use.labelCountMax {
            throw .invalidField(field: "labels", reason: "must be at most \(Use.labelCountMax), the hold's own among them")
        }
    }

    /// The use of a settlement: dated on its own day, with what the settlement adds.
    func settling(adding labels: Labels = [:], details: String? = nil) -> Use {
        Use(key: key, batch: batch, labels: self.labels.merging(labels) { $1 }, details: details ?? self.details)
    }
}

/// How much of a hold is taken for good.
struct Capture {
    /// By unit, at most what is held of it.
    var amounts: [(unit: Name, amount: Amount)] = []
    var priced: Priced?
    /// What is asked above the hold, in one unit, and how much of it may be taken from what is available.
    var excess: Excess?

    struct Excess {
        let unit: Name
        let asked: Amount
        let limit: Amount
    }

    init() {}

    init(everythingOf hold: OpenHold) {
        amounts = hold.parts.map { ($0.unit, $0.amount) }
        priced = hold.priced
    }

    func amount(of unit: Name) -> Amount { amounts.first { $0.unit == unit }?.amount ?? .zero }
}

extension AccountDraft {
    /// What ending a hold comes to: what is captured stays taken, the rest comes back, and an excess is taken from what is available then.
    ///
    /// - Parameter use: The hold's own, with what a settlement adds.
    mutating func end(_ hold: OpenHold, _ id: Name, _ capture: Capture, _ use: Use) -> HoldEnded {
        touch(hold.parts)
        if let excess = capture.excess { touch(excess.unit) }
        var ended = HoldEnded(account: account.name, hold: id, held: hold.number, priced: capture.priced, use: use)
        var extra: Amount = .zero
        for part in hold.parts {
            var home = Homecoming(account.purse(part.unit), at: now)
            var (taken, rest) = part.lots.split(at: capture.amount(of: part.unit))
            home.unhold(part.lots)
            for draw in taken { home.use(draw) }
            for draw in rest.reversed() { home.giveBack(draw) }
            if let excess = capture.excess, excess.unit == part.unit { (extra, taken) = home.take(excess, after: taken) }
            if !capture.amounts.isEmpty { ended.parts.append(home.taken(taken)) }
            if !rest.isEmpty { ended.returns.append(home.result()) }
            ended.meters += home.meters
        }
        if let excess = capture.excess, !hold.parts.contains(where: { $0.unit == excess.unit }) {
            var home = Homecoming(account.purse(excess.unit), at: now)
            let taken: [Draw]
            (extra, taken) = home.take(excess, after: [])
            if extra > .zero { ended.parts.append(home.taken(taken)) }
            ended.meters += home.meters
        }
        if let excess = capture.excess { ended.shortfall = excess.asked - extra }
        ended.meters += counters(hold, ended.parts, use)
        return ended
    }

    /// The counters of the hold's key and of alert rules.
    private func counters(_ hold: OpenHold, _ parts: [Part], _ use: Use) -> [Meter] {
        let purpose = Purpose(use, key: hold.use.key.flatMap { tenant.keys[$0] })
        let key = keyMeter(ending: hold, parts, purpose)
        return (key.map { [$0] } ?? []) + spending(adding: parts.filter { $0.amount > .zero }, purpose)
    }

    /// A hold counts in the window in which it was held, and so does what is taken beyond it: in another window nothing counts.
    private func keyMeter(ending hold: OpenHold, _ parts: [Part], _ purpose: Purpose) -> Meter? {
        guard let name = purpose.keyName, let key = purpose.key, let limit = key.terms.limit,
            let counter = key.counter(at: now, configuration.zone(at: now)), counter.window == hold.keyWindow,
            hold.number > key.limitSince
        else { return nil }
        let (held, taken) = (hold.parts.amount(of: limit.unit), parts.amount(of: limit.unit))
        return Meter(
            counter: .key(name), unit: limit.unit, used: counter.used.less(held).adding(taken) ?? .max, limit: limit.amount,
            window: counter.window)
    }
}

extension Homecoming {
    /// Takes an excess as far as it may and can; answers how much, and all that was taken.
    fileprivate mutating func take(_ excess: Capture.Excess, after taken: [Draw]) -> (Amount, [Draw]) {
        let amount = [excess.asked, excess.limit, payable(lotCountMax: Purse.lotCountMax)].min()!
        let draws = draws(amount)
        take(draws)
        return (amount, taken + draws)
    }

    fileprivate func taken(_ draws: [Draw]) -> Part {
        Part(unit: purse.unit, amount: draws.reduce(.zero) { $0 + $1.amount }, lots: told(draws), balance: balance)
    }
}
