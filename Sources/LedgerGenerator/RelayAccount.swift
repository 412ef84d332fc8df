import LedgerModel

/// An account of the busy tenant, and the events that change it.
struct RelayAccount {
    let name: Name
    let key: Name
    let tags: [Name]
    let plan: RelayCatalogue.Plan
    var isOpen = false
    private var money = RelayPurse(unit: RelayCatalogue.Unit.money.name)
    private var credits = RelayPurse(unit: RelayCatalogue.Unit.credits.name)

    /// How a hold ends.
    enum Ending {
        case settled((priced: Priced, cost: Int64))
        case released
        case expired
    }

    /// - Parameter number: the account's rank from 0; the first have the larger plans.
    init(number: Int, of count: Int) {
        name = RelayAccount.name(rank: number)
        key = Name("k-\(RelayAccount.digits(number))")!
        tags = number % 3 == 0 ? ["production"] : []
        plan = RelayCatalogue.plans[number < count / 50 ? 2 : number < count / 5 ? 1 : 0]
    }

    static func name(rank: Int) -> Name { Name("u-\(digits(rank))")! }

    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
    }

    /// What it has of a unit.
    private subscript(unit: RelayCatalogue.Unit) -> RelayPurse {
        _read { if unit == .money { yield money } else { yield credits } }
        _modify { if unit == .money { yield &money } else { yield &credits } }
    }

    // MARK: What there is

    /// What can be paid at an instant, a window that would open then included.
    func payable(_ unit: RelayCatalogue.Unit, at now: Timestamp) -> Int64 {
        let window = unit == .money && !hasWindow(at: now) ? plan.limit : 0
        return window + self[unit].available(at: now)
    }

    private func hasWindow(at now: Timestamp) -> Bool { money.window?.interval.contains(now) ?? false }

    /// Whether no lot that may be drawn from now lapses before an instant.
    func keeps(_ unit: RelayCatalogue.Unit, until instant: Timestamp, at now: Timestamp) -> Bool {
        let standing = self[unit].lots.allSatisfy { $0.lapsesAt <= now.rawValue || $0.lapsesAt > instant.rawValue }
        return standing && (unit != .money || plan.window(at: now).end! > instant)
    }

    // MARK: Being brought up to date

    /// Writes what has lapsed of a unit, and opens the plan's window.
    mutating func touch(_ unit: RelayCatalogue.Unit, _ sheet: inout EventSheet) {
        let now = sheet.at
        if self[unit].lapsesAt <= now.rawValue {
            for lot in self[unit].lapse(at: now) { sheet.add(.lotExpired(LotExpired(lot, of: name, self[unit]))) }
        }
        if unit == .money, !hasWindow(at: now) { openWindow(&sheet) }
    }

    private mutating func openWindow(_ sheet: inout EventSheet) {
        let interval = plan.window(at: sheet.at)
        let terms = LotTerms(priority: LotTerms.priorityOfAllowance, expiresAt: interval.end, source: .plan)
        money.open(RelayPurse.Lot(number: sheet.next, remaining: plan.limit, terms: terms))
        money.window = RelayPurse.Window(interval: interval, lot: sheet.next, limit: plan.limit)
        let limit = Amount(plan.limit)
        let part = Part(
            unit: money.unit, amount: limit, lots: [Draw(lot: sheet.next, amount: limit, remaining: limit)],
            balance: money.balance)
        sheet.add(
            .allowanceOpened(
                AllowanceOpened(
                    account: name, plan: plan.name, version: 1, period: plan.period, window: interval, amount: limit,
                    priority: terms.priority, expiresAt: interval.end, part: part)))
    }

    // MARK: What moves units

    mutating func grant(_ value: Int64, of unit: RelayCatalogue.Unit, _ terms: LotTerms, _ sheet: inout EventSheet) {
        let (number, amount) = (sheet.next, Amount(value))
        self[unit].open(RelayPurse.Lot(number: number, remaining: value, terms: terms))
        let part = Part(
            unit: unit.name, amount: amount, lots: [Draw(lot: number, amount: amount, remaining: amount)],
            balance: self[unit].balance)
        sheet.add(.granted(Granted(account: name, terms: terms, memo: nil, part: part)))
    }

    mutating func debit(
        _ cost: Int64, of unit: RelayCatalogue.Unit, _ priced: Priced, _ use: Use, item: Name? = nil, _ sheet: inout EventSheet
    ) -> [Draw] {
        let draws = self[unit].draw(cost)
        let part = Part(unit: unit.name, amount: Amount(cost), lots: draws, balance: self[unit].balance)
        sheet.add(
            .debited(
                Debited(account: name, priced: priced, use: use, item: item, parts: [part], meters: meters(draws))),
            occurredAt: use.occurredAt)
        return draws
    }

    /// Whether all that a use took can come back to where it was.
    func canTakeBack(_ refunded: RelayUse, at now: Timestamp) -> Bool {
        let lots = self[refunded.unit].lots
        return refunded.draws.allSatisfy { draw in lots.contains { $0.number == draw.lot && $0.lapsesAt > now.rawValue } }
    }

    mutating func refund(_ refunded: RelayUse, reason: String?, _ sheet: inout EventSheet) {
        let returned = self[refunded.unit].refund(refunded.draws)
        let amount = Amount(refunded.draws.reduce(0) { $0 + $1.amount.rawValue })
        let part = Part(unit: refunded.unit.name, amount: amount, lots: returned, balance: self[refunded.unit].balance)
        let (priced, use) = (refunded.priced, refunded.use)
        sheet.add(
            .refunded(
                Refunded(
                    account: name, of: refunded.id, debit: refunded.sequence, feature: priced.feature, key: use.key,
                    batch: use.batch, labels: use.labels, quantities: priced.quantities, reason: reason,
                    returns: [Return(part: part)], meters: meters(returned))))
    }

    // MARK: Holds

    mutating func hold(
        _ cost: Int64, of unit: RelayCatalogue.Unit, _ priced: Priced, _ use: Use, _ terms: HoldTerms, _ sheet: inout EventSheet
    ) -> [Draw] {
        let draws = self[unit].hold(cost)
        let part = Part(unit: unit.name, amount: Amount(cost), lots: draws, balance: self[unit].balance)
        sheet.add(.held(Held(account: name, priced: priced, use: use, terms: terms, parts: [part])))
        return draws
    }

    mutating func end(_ hold: OpenRelayHold, _ ending: Ending, _ sheet: inout EventSheet) {
        var ended = HoldEnded(account: name, hold: hold.id, held: hold.sequence, use: hold.use)
        let taken: (priced: Priced, cost: Int64)? =
            switch ending {
            case .settled(let used): used
            case .expired where hold.terms.onExpiry == .capture: (hold.priced, hold.cost)
            case .released, .expired: nil
            }
        let (kept, returned) = money.end(hold.draws, taking: taken?.cost ?? 0)
        if let taken {
            ended.priced = taken.priced
            ended.parts = [Part(unit: money.unit, amount: Amount(taken.cost), lots: kept, balance: money.balance)]
            ended.meters = meters(kept)
        }
        if !returned.isEmpty {
            let amount = Amount(hold.cost - (taken?.cost ?? 0))
            ended.returns = [Return(part: Part(unit: money.unit, amount: amount, lots: returned, balance: money.balance))]
        }
        switch ending {
        case .settled:
            ended.method = .reported
            sheet.add(.settled(ended))
        case .released:
            ended.reason = "the provider failed"
            sheet.add(.released(ended))
        case .expired: sheet.add(.holdExpired(ended))
        }
    }

    // MARK: Counters

    /// The window's counter, if it was drawn from.
    private func meters(_ draws: [Draw]) -> [Meter] {
        guard let window = money.window, draws.contains(where: { $0.lot == window.lot }) else { return [] }
        return [
            Meter(
                counter: .allowance(plan: plan.name, plan.period, lot: window.lot), unit: money.unit, used: Amount(window.used),
                limit: Amount(window.limit), window: window.interval)
        ]
    }

    /// Tells what the group has made of the window, once for each threshold.
    mutating func alert(_ unit: RelayCatalogue.Unit, _ sheet: inout EventSheet) {
        guard unit == .money, let window = money.window else { return }
        let thresholds = AlertDocument.thresholdsDefault
        while let count = money.window?.markCount, count < thresholds.count,
            window.used * 100 >= window.limit * Int64(thresholds[count])
        {
            money.window?.markCount += 1
            let threshold = thresholds[count]
            let use = AlertRaised.AllowanceUse(
                plan: plan.name, unit: unit.name, period: plan.period, windowStart: window.interval.start,
                limit: Amount(window.limit), used: Amount(window.used), threshold: threshold)
            sheet.add(
                .alertRaised(
                    AlertRaised(
                        rule: "$allowanceUsed", severity: threshold == 100 ? .error : threshold == 95 ? .warning : .info,
                        account: name, condition: .allowanceUsed(use))))
        }
    }
}

extension LotExpired {
    /// - Parameter purse: without the lots that have lapsed.
    fileprivate init(_ lot: RelayPurse.Lot, of account: Name, _ purse: RelayPurse) {
        let amount = Amount(lot.remaining)
        self.init(
            account: account, lot: lot.number, expiresAt: lot.terms.expiresAt!,
            part: Part(
                unit: purse.unit, amount: amount, lots: [Draw(lot: lot.number, amount: amount, remaining: .zero)],
                balance: purse.balance))
    }
}

extension RelayCatalogue.Plan {
    /// The day or the month in UTC that contains an instant.
    fileprivate func window(at instant: Timestamp) -> Interval {
        let day = Day(utc: instant)
        if period == .day { return Interval(start: day.start, end: Day(daysSinceEpoch: day.daysSinceEpoch + 1).start) }
        let (year, month, _) = day.components
        let next = month == 12 ? Day(year: year + 1, month: 1, day: 1)! : Day(year: year, month: month + 1, day: 1)!
        return Interval(start: Day(year: year, month: month, day: 1)!.start, end: next.start)
    }
}

extension Day {
    fileprivate var start: Timestamp { Timestamp(microseconds: daysSinceEpoch * Timestamp.microsecondsPerDay) }
}
