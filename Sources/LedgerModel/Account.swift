/// What the book knows of one account.
struct Account: Hashable, Sendable {
    let name: Name
    let openedAt: Timestamp
    var state = AccountState.open
    /// One per unit that was ever moved, in order of first use: few, so that a search is faster than a table.
    private(set) var purses: [Purse] = []
    /// Those in force and those to come, in the order in which they were made.
    private(set) var subscriptions: [Subscription] = []
    /// When its last own subscription ended.
    private(set) var planlessSince: Timestamp?
    private(set) var openHoldCount = 0
    /// The subscription that another has just taken the place of: its windows stay until it is told what becomes of each.
    private var changing: SequenceNumber?

    init(name: Name, openedAt: Timestamp) {
        self.name = name
        self.openedAt = openedAt
    }

    func purse(_ unit: Name) -> Purse { purses.first { $0.unit == unit } ?? Purse(unit: unit) }

    func subscription(_ plan: Name) -> Subscription? { subscriptions.first { $0.plan == plan } }
}

public enum AccountState: String, Hashable, Sendable, CaseIterable {
    case open
    /// Neither debits nor holds; all else goes on.
    case frozen
    /// For ever.
    case closed
}

/// A plan that an account has, from one instant to another.
struct Subscription: Hashable, Sendable {
    struct Override: Hashable, Sendable {
        let unit: Name
        let period: Period
        let amount: Allotment
    }

    /// The number of the event that made it.
    let number: SequenceNumber
    let plan: Name
    let from: Timestamp
    /// When it was made.
    let since: Timestamp
    var until: Timestamp?
    let anchor: Int
    let isDefault: Bool
    var overrides: [Override] = []

    func isInForce(at now: Timestamp) -> Bool { from <= now && !hasEnded(at: now) }
    func hasEnded(at now: Timestamp) -> Bool { until.map { $0 <= now } ?? false }

    func override(_ unit: Name, _ period: Period) -> Allotment? {
        overrides.first { $0.unit == unit && $0.period == period }?.amount
    }
}

/// How an account follows the facts. None of these can fail.
extension Account {
    /// Takes a fact that concerns this account.
    ///
    /// - Parameter hold: The hold that the fact ends.
    /// - Returns: Whether it moves a unit that the account never had.
    @discardableResult
    mutating func apply(_ event: Event, ending hold: OpenHold? = nil) -> Bool {
        let unitCount = purses.count
        switch event.fact {
        case .lotExpired, .allowanceOpened: break
        default: changing = nil
        }
        follow(event, hold)
        let ended = subscriptions.filter { !$0.isDefault && $0.hasEnded(at: event.at) }
        if !ended.isEmpty { forget(ended) }
        for index in purses.indices {
            purses[index].sweep(at: event.at) { number in number == changing || subscriptions.contains { $0.number == number } }
        }
        return purses.count > unitCount
    }

    private mutating func follow(_ event: Event, _ hold: OpenHold?) {
        switch event.fact {
        case .accountFrozen: state = .frozen
        case .accountUnfrozen: state = .open
        case .accountClosed: state = .closed
        case .granted(let fact): open(event.sequence, fact.part, fact.terms)
        case .adjusted(let fact):
            if fact.isIncrease { open(event.sequence, fact.part, LotTerms(source: .adjustment)) } else { move(fact.part) }
            meter(fact.meters)
        case .lotExpired(let fact): expire(fact)
        case .debited(let fact):
            for part in fact.parts { move(part) }
            meter(fact.meters)
        case .refunded(let fact):
            for returned in fact.returns { take(back: returned, event.sequence) }
            meter(fact.meters)
        case .held(let fact): self.hold(fact)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): end(hold!, fact, event.sequence, event.at)
        case .subscribed(let fact): subscriptions.append(Subscription(fact, event.sequence, event.at))
        case .planChanged(let fact): change(fact, event)
        case .unsubscribed(let fact): unsubscribe(fact)
        case .allowanceOpened(let fact): open(fact, event.sequence)
        case .allowanceOverridden(let fact): override(fact)
        case .alertRaised(let fact): mark(fact)
        default: break
        }
    }

    private mutating func withPurse(_ unit: Name, _ body: (inout Purse) -> Void) {
        let index = purses.firstIndex { $0.unit == unit } ?? purses.endIndex
        if index == purses.endIndex { purses.append(Purse(unit: unit)) }
        body(&purses[index])
    }

    private mutating func withPurse(_ part: Part, _ body: (inout Purse) -> Void) {
        withPurse(part.unit) { purse in
            body(&purse)
            purse.arm(at: part.balance)
        }
    }

    // MARK: Lots

    private mutating func open(_ number: SequenceNumber, _ part: Part, _ terms: LotTerms) {
        withPurse(part) { $0.open(Lot(number: number, remaining: part.amount, terms: terms)) }
    }

    private mutating func move(_ part: Part) {
        withPurse(part) { purse in for draw in part.lots { purse.set(draw) } }
    }

    private mutating func expire(_ fact: LotExpired) {
        withPurse(fact.part) { $0.expire(fact.lot, at: fact.expiresAt) }
    }

    private mutating func take(back returned: Return, _ number: SequenceNumber) {
        withPurse(returned.part) { purse in
            for draw in returned.part.lots {
                if let terms = returned.reopened[draw.lot] {
                    purse.open(Lot(number: draw.lot, remaining: draw.remaining, terms: terms))
                } else {
                    purse.set(draw)
                }
            }
            if let terms = returned.reissued { purse.open(Lot(number: number, remaining: returned.expired, terms: terms)) }
        }
    }

    private mutating func meter(_ meters: [Meter]) {
        for meter in meters {
            guard case .allowance(_, _, let lot) = meter.counter else { continue }
            withPurse(meter.unit) { $0.use(lot: lot, meter.used) }
        }
    }

    // MARK: Holds

    private mutating func hold(_ fact: Held) {
        openHoldCount += 1
        for part in fact.parts { withPurse(part) { $0.hold(part.lots) } }
    }

    private mutating func end(_ hold: OpenHold, _ fact: HoldEnded, _ number: SequenceNumber, _ at: Timestamp) {
        openHoldCount -= 1
        for part in hold.parts { withPurse(part.unit) { $0.unhold(part.lots) } }
        for part in fact.parts { move(part) }
        for returned in fact.returns { take(back: returned, number) }
        meter(fact.meters)
        for part in hold.parts { withPurse(part.unit) { $0.arm(at: $0.balance(at: at)) } }
    }

    // MARK: Plans

    private mutating func forget(_ ended: [Subscription]) {
        planlessSince = max(planlessSince ?? ended[0].until!, ended.map { $0.until! }.max()!)
        subscriptions.removeAll { subscription in ended.contains { $0.number == subscription.number } }
    }

    private mutating func unsubscribe(_ fact: Unsubscribed) {
        guard let index = subscriptions.firstIndex(where: { $0.plan == fact.plan }) else { return }
        let subscription = subscriptions.remove(at: index)
        if !subscription.isDefault, subscription.from <= fact.endedAt {
            planlessSince = max(planlessSince ?? fact.endedAt, fact.endedAt)
        }
        endLots(of: subscription, at: fact.endedAt)
    }

    private mutating func endLots(of subscription: Subscription, at instant: Timestamp) {
        for index in purses.indices {
            for window in purses[index].windows where window.subscription == subscription.number {
                purses[index].end(window.lot, at: instant)
            }
        }
    }

    /// At once, what becomes of each open window is told next. Later, they end with the old plan; the default plan ends by itself where an
    /// own one begins.
    private mutating func change(_ fact: PlanChanged, _ event: Event) {
        guard let index = subscriptions.firstIndex(where: { $0.plan == fact.from }) else { return }
        let old = subscriptions[index]
        if fact.effectiveAt <= event.at {
            subscriptions.remove(at: index)
            changing = old.number
        } else if !old.isDefault {
            subscriptions[index].until = fact.effectiveAt
            endLots(of: old, at: fact.effectiveAt)
        }
        subscriptions.append(
            Subscription(
                number: event.sequence, plan: fact.to, from: fact.effectiveAt, since: event.at, until: fact.until,
                anchor: fact.anchor, isDefault: false))
    }

    private mutating func open(_ fact: AllowanceOpened, _ number: SequenceNumber) {
        let subscription = subscription(fact.plan)!.number
        withPurse(fact.part) { $0.open(fact, number, subscription: subscription) }
    }

    private mutating func override(_ fact: AllowanceOverridden) {
        guard let index = subscriptions.firstIndex(where: { $0.plan == fact.plan }) else { return }
        subscriptions[index].overrides.removeAll { $0.unit == fact.unit && $0.period == fact.period }
        if let amount = fact.amount {
            subscriptions[index].overrides.append(.init(unit: fact.unit, period: fact.period, amount: amount))
        }
    }

    // MARK: Alerts

    private mutating func mark(_ fact: AlertRaised) {
        switch fact.condition {
        case .lowBalance(let unit, let below, _): withPurse(unit) { $0.mark(Purse.Mark(rule: fact.rule, below: below)) }
        case .allowanceUsed(let use):
            withPurse(use.unit) { $0.mark(Window.Mark(rule: fact.rule, use)) }
        case .spend, .keyExpiring, .keyFaulty, .holdAgeing, .segmentRotten, .drift: break
        }
    }
}

extension Subscription {
    /// The default plan is there from its beginning, whenever it is noted.
    fileprivate init(_ fact: Subscribed, _ number: SequenceNumber, _ at: Timestamp) {
        self.init(
            number: number, plan: fact.plan, from: fact.from, since: fact.isDefault ? fact.from : at, until: fact.until,
            anchor: fact.anchor, isDefault: fact.isDefault)
    }
}

// MARK: As bytes

extension Account: SnapshotValue {
    init(from reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(name: try reader.unique(), openedAt: try reader.next())
        state = try reader.next()
        purses = try reader.next()
        subscriptions = try reader.next()
        planlessSince = try reader.next()
        openHoldCount = try reader.next()
        changing = try reader.next()
    }

    func write(to writer: inout SnapshotWriter) {
        writer.unique(name)
        writer.write(openedAt)
        writer.write(state)
        writer.write(purses)
        writer.write(subscriptions)
        writer.write(planlessSince)
        writer.write(openHoldCount)
        writer.write(changing)
    }
}
