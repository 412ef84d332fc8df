/// Units on an account with one expiry and one place in the order, named by the event that opened them.
public struct Lot: Hashable, Sendable {
    public let number: SequenceNumber
    /// Nil for a lot without limit.
    public internal(set) var remaining: Amount?
    /// What open holds have taken out of it, and may bring back.
    public internal(set) var held: Amount = .zero
    public internal(set) var terms: LotTerms

    init(number: SequenceNumber, remaining: Amount?, held: Amount = .zero, terms: LotTerms) {
        self.number = number
        self.remaining = remaining
        self.held = held
        self.terms = terms
    }

    func hasLapsed(at now: Timestamp) -> Bool { terms.expiresAt.map { $0 <= now } ?? false }
    func isInForce(at now: Timestamp) -> Bool { !hasLapsed(at: now) && (terms.effectiveAt.map { $0 <= now } ?? true) }
    var isEmpty: Bool { remaining ?? .zero == .zero && held == .zero }

    /// Burn-down order: lower priority number, then soonest expiry, then oldest.
    static func isDrawnBefore(_ left: Lot, _ right: Lot) -> Bool {
        if left.terms.priority != right.terms.priority { return left.terms.priority < right.terms.priority }
        let (leftEnd, rightEnd) = (left.terms.expiresAt?.rawValue ?? .max, right.terms.expiresAt?.rawValue ?? .max)
        return leftEnd != rightEnd ? leftEnd < rightEnd : left.number < right.number
    }
}

/// An allowance's window, and how much of it is used: the last one of its subscription and period, and earlier ones of which units are held.
struct Window: Hashable, Sendable {
    /// An alert that was raised, by all that makes it this one and no other.
    struct Mark: Hashable, Sendable {
        let rule: Name
        let plan: Name
        let period: Period
        let start: Timestamp
        let limit: Amount
        let threshold: Int

        init(rule: Name, _ use: AlertRaised.AllowanceUse) {
            self.rule = rule
            plan = use.plan
            period = use.period
            start = use.windowStart
            limit = use.limit
            threshold = use.threshold
        }
    }

    /// The number of the event that began the subscription.
    var subscription: SequenceNumber
    var plan: Name
    var version: Int
    let period: Period
    let interval: Interval
    /// Nil without limit.
    var amount: Amount?
    var carried: Amount
    var used: Amount
    var lot: SequenceNumber
    /// Lots that `lot` has replaced: what comes back to them comes to it.
    var replaced: [SequenceNumber] = []
    var marks: [Mark] = []

    var limit: Amount? { amount.map { $0.adding(carried) ?? .max } }
}

/// What an account has of one unit: its open lots in burn-down order, its windows, and the alerts that stand.
struct Purse: Hashable, Sendable {
    /// An alert that was raised and is not armed again.
    struct Mark: Hashable, Sendable {
        let rule: Name
        let below: Amount
    }

    /// Beside the lots of allowances, which are bounded by the number of plans.
    static let lotCountMax = 256

    let unit: Name
    private(set) var lots: [Lot] = []
    private(set) var windows: [Window] = []
    private(set) var marks: [Mark] = []
    /// What open holds have taken out of lots with a limit.
    private(set) var held = Amount.zero

    init(unit: Name) { self.unit = unit }
}

// MARK: What there is

extension Purse {
    /// The sum of the lots in force. It cannot pass 2^53-1, for `total` cannot.
    func available(at now: Timestamp) -> Amount {
        lots.reduce(.zero) { $1.isInForce(at: now) ? $0 + ($1.remaining ?? .zero) : $0 }
    }

    func isUnlimited(at now: Timestamp) -> Bool { lots.contains { $0.remaining == nil && $0.isInForce(at: now) } }

    func balance(at now: Timestamp) -> Balance {
        Balance(available: available(at: now), held: held, isUnlimited: isUnlimited(at: now))
    }

    /// The sum of all open lots, those not yet in force included, and of what is held.
    var total: Amount { lots.reduce(held) { $0 + ($1.remaining ?? .zero) } }

    var grantedLotCount: Int { lots.count(where: { lot in !windows.contains { $0.lot == lot.number } }) }

    func lot(_ number: SequenceNumber) -> Lot? { index(of: number).map { lots[$0] } }

    private func index(of number: SequenceNumber) -> Int? { lots.firstIndex { $0.number == number } }

    /// The lot to which what was drawn from a lot comes back: itself, or the one that replaced it.
    func successor(of number: SequenceNumber) -> Lot? {
        lot(number) ?? windows.first { $0.replaced.contains(number) }.flatMap { lot($0.lot) }
    }

    func window(ofLot number: SequenceNumber) -> Window? { windows.first { $0.lot == number } }

    /// The last window of a subscription's allowance.
    func window(_ subscription: SequenceNumber, _ period: Period) -> Window? {
        windows.last { $0.subscription == subscription && $0.period == period }
    }

    /// Its lot is there to be drawn from. A window that a change of plan has ended is only where the next one begins.
    func isOpen(_ window: Window, at now: Timestamp) -> Bool {
        window.interval.contains(now) && lot(window.lot)?.isInForce(at: now) ?? false
    }

    /// How much can be drawn from so many lots at most, and from how many.
    func payable(lotCountMax: Int, at now: Timestamp) -> (amount: Amount, lotCount: Int) {
        var (amount, count) = (Amount.zero, 0)
        for lot in lots where count < lotCountMax && lot.isInForce(at: now) && lot.remaining != .zero {
            count += 1
            guard let remaining = lot.remaining else { return (.max, count) }
            amount += remaining
        }
        return (amount, count)
    }

    /// What is drawn for an amount, in burn-down order; nil when there is not enough.
    func draws(_ amount: Amount, at now: Timestamp) -> [Draw]? {
        var draws: [Draw] = []
        var missing = amount
        for lot in lots where missing > .zero && lot.isInForce(at: now) {
            guard let remaining = lot.remaining else {
                draws.append(Draw(lot: lot.number, amount: missing, remaining: nil))
                return draws
            }
            if remaining == .zero { continue }
            let drawn = min(missing, remaining)
            draws.append(Draw(lot: lot.number, amount: drawn, remaining: remaining - drawn))
            missing = missing - drawn
        }
        return missing == .zero ? draws : nil
    }
}

// MARK: What changes

extension Purse {
    mutating func open(_ lot: Lot) {
        lots.insert(lot, at: lots.firstIndex { Lot.isDrawnBefore(lot, $0) } ?? lots.endIndex)
    }

    /// What a lot has left from now on. A lot that is gone stays gone, one without limit stays so.
    mutating func set(_ draw: Draw) {
        guard let remaining = draw.remaining, let index = index(of: draw.lot), lots[index].remaining != nil else { return }
        lots[index].remaining = remaining
    }

    /// Takes what was drawn out of its lots for a while.
    mutating func hold(_ draws: [Draw]) {
        for draw in draws {
            set(draw)
            let index = index(of: draw.lot)!
            lots[index].held += draw.amount
            if draw.remaining != nil { held += draw.amount }
        }
    }

    /// Ends the holding of what was drawn; what becomes of it is told apart.
    mutating func unhold(_ draws: [Draw]) {
        for draw in draws {
            if draw.remaining != nil { held = held - draw.amount }
            let index = index(of: successor(of: draw.lot)!.number)!
            lots[index].held = lots[index].held - draw.amount
        }
    }

    /// Notes how much of a window is used.
    mutating func use(lot number: SequenceNumber, _ used: Amount) {
        if let index = windows.firstIndex(where: { $0.lot == number }) { windows[index].used = used }
    }

    mutating func setRemaining(_ remaining: Amount, of number: SequenceNumber) {
        if let index = index(of: number) { lots[index].remaining = remaining }
    }

    /// A window begins, or its lot is replaced by one with another limit, which takes over what is held.
    mutating func open(_ fact: AllowanceOpened, _ number: SequenceNumber, subscription: SequenceNumber) {
        let terms = LotTerms(priority: fact.priority, expiresAt: fact.expiresAt, source: .plan)
        var lot = Lot(number: number, remaining: fact.amount == nil ? nil : fact.part.amount, terms: terms)
        if let replaced = fact.replaces, let index = index(of: replaced) { lot.held = lots.remove(at: index).held }
        open(lot)
        if let index = windows.firstIndex(where: { $0.lot == fact.replaces }) {
            windows[index].follow(fact, number, subscription)
        } else {
            windows.append(Window(fact, number, subscription))
        }
    }

    /// A lot lapses at an instant at the latest.
    mutating func end(_ number: SequenceNumber, at instant: Timestamp) {
        guard let index = index(of: number) else { return }
        var lot = lots.remove(at: index)
        lot.terms.expiresAt = min(lot.terms.expiresAt ?? instant, instant)
        open(lot)
    }

    mutating func expire(_ number: SequenceNumber, at instant: Timestamp) {
        if let index = index(of: number), lots[index].remaining != nil { lots[index].remaining = .zero }
        end(number, at: instant)
    }

    /// Forgets lots of which nothing is left, and windows that nothing leads to any more.
    ///
    /// - Parameter isStanding: Whether a subscription is there, by its number.
    mutating func sweep(at now: Timestamp, isStanding: (SequenceNumber) -> Bool) {
        if lots.contains(where: { isGone($0, at: now) }) { lots = lots.filter { !isGone($0, at: now) } }
        if windows.contains(where: { isGone($0, at: now, isStanding) }) {
            windows = windows.filter { !isGone($0, at: now, isStanding) }
        }
    }

    private func isGone(_ lot: Lot, at now: Timestamp) -> Bool {
        lot.isEmpty && (lot.hasLapsed(at: now) || lot.remaining != nil && !windows.contains { $0.lot == lot.number })
    }

    /// The last window of a subscription stays, for the next one begins where it ends; and one for which alerts were raised stays while it
    /// lasts, so that none is raised again by who takes the plan again.
    private func isGone(_ window: Window, at now: Timestamp, _ isStanding: (SequenceNumber) -> Bool) -> Bool {
        if lot(window.lot) != nil || !window.marks.isEmpty && window.interval.contains(now) { return false }
        let isLast = self.window(window.subscription, window.period)?.lot == window.lot
        return !(isLast && isStanding(window.subscription))
    }

    /// Notes that an alert was raised. It may be noted already, when it was armed by time alone and raised again.
    mutating func mark(_ mark: Mark) {
        if !marks.contains(mark) { marks.append(mark) }
    }

    /// Notes that an alert was raised for a window.
    mutating func mark(_ mark: Window.Mark) {
        let index = windows.lastIndex {
            $0.plan == mark.plan && $0.period == mark.period && $0.interval.start == mark.start
        }
        if let index { windows[index].marks.append(mark) }
    }

    /// Arms the alerts whose condition no longer holds.
    mutating func arm(at balance: Balance) {
        if !marks.isEmpty { marks.removeAll { balance.isUnlimited || balance.available >= $0.below } }
    }
}

extension Window {
    fileprivate init(_ fact: AllowanceOpened, _ number: SequenceNumber, _ subscription: SequenceNumber) {
        self.init(
            subscription: subscription, plan: fact.plan, version: fact.version, period: fact.period, interval: fact.window,
            amount: fact.amount, carried: fact.carried, used: fact.used, lot: number)
    }

    fileprivate mutating func follow(_ fact: AllowanceOpened, _ number: SequenceNumber, _ subscription: SequenceNumber) {
        replaced.append(lot)
        lot = number
        self.subscription = subscription
        plan = fact.plan
        version = fact.version
        amount = fact.amount
        carried = fact.carried
        used = fact.used
    }
}

// MARK: As bytes

extension Purse: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(unit: try reader.next())
        lots = try reader.next()
        windows = try reader.next()
        marks = try reader.next()
        held = try reader.next()
    }

    func write(to writer: inout SnapshotWriter) {
        writer.write(unit)
        writer.write(lots)
        writer.write(windows)
        writer.write(marks)
        writer.write(held)
    }
}
