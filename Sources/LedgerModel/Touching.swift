/// What time does to plans: the default plan comes and goes, windows begin.
extension AccountDraft {
    /// Writes that the default plan has ended for this account, or begun.
    ///
    /// - Parameter end: When it ends, if a command ends it.
    mutating func updateDefaultPlan(endingAt end: Timestamp? = nil) {
        let wanted = defaultSubscription
        if let standing = account.subscriptions.first(where: \.isDefault) {
            if let wanted, standing.plan == wanted.plan, standing.from == wanted.from { return }
            self.end(standing, at: end ?? endOfDefault(standing))
        }
        if let wanted {
            let anchor = configuration.zone(at: wanted.from).day(of: wanted.from).components.day
            add(
                .subscribed(
                    Subscribed(account: account.name, plan: wanted.plan, from: wanted.from, anchor: anchor, isDefault: true)))
        }
    }

    /// The default plan, and since when it is this account's; nil while it has a plan of its own.
    private var defaultSubscription: (plan: Name, from: Timestamp)? {
        let entry = configuration.defaultPlans.entry(at: now)
        let own = account.subscriptions.filter { !$0.isDefault }
        guard let plan = entry.value else { return nil }
        // A plan that the account will have by itself is not its default meanwhile: it would be there twice.
        if own.contains(where: { $0.isInForce(at: now) || $0.plan == plan && !$0.hasEnded(at: now) }) { return nil }
        let ends = own.filter { $0.hasEnded(at: now) }.map { $0.until! } + (account.planlessSince.map { [$0] } ?? [])
        return (plan, ends.reduce(max(account.openedAt, entry.from), max))
    }

    /// When something took the place of the default plan: another setting, or a plan of the account's own.
    private func endOfDefault(_ standing: Subscription) -> Timestamp {
        let settings = configuration.defaultPlans.changes
        let own = account.subscriptions.filter { !$0.isDefault }.map(\.from)
        return (settings + own).filter { $0 > standing.from }.reduce(now, min)
    }

    /// Writes that a subscription has ended, and what it gave with it.
    mutating func end(_ subscription: Subscription, at instant: Timestamp) {
        for purse in account.purses {
            for window in purse.windows where window.subscription == subscription.number {
                guard let lot = purse.lot(window.lot), lot.remaining ?? .zero > .zero else { continue }
                expire(lot, of: purse.unit, at: min(lot.terms.expiresAt ?? instant, instant))
            }
        }
        add(.unsubscribed(Unsubscribed(account: account.name, plan: subscription.plan, endedAt: instant)))
    }

    // MARK: Windows

    /// A window that begins.
    struct WindowOpening {
        let subscription: Subscription
        let version: Int
        let allowance: AllowanceDocument
        let window: Interval
        let carried: Amount

        /// When it would have been opened, had somebody touched the account all the time: lots are numbered in this order.
        var begin: Timestamp { max(window.start, subscription.from, subscription.since) }
    }

    /// The windows of a unit that contain the present and are not open.
    func windowsToOpen(_ unit: Name) -> [WindowOpening] {
        var openings: [WindowOpening] = []
        for subscription in account.subscriptions where subscription.isInForce(at: now) {
            for slot in configuration.slots(of: subscription.plan) where slot.unit == unit {
                if let opening = opening(of: slot, subscription) { openings.append(opening) }
            }
        }
        return openings.enumerated().sorted { ($0.element.begin, $0.offset) < ($1.element.begin, $1.offset) }.map(\.element)
    }

    private func opening(of slot: Configuration.Slot, _ subscription: Subscription) -> WindowOpening? {
        let last = account.purse(slot.unit).window(subscription.number, slot.period)
        if let last, last.interval.contains(now) { return nil }
        return slot.period == .never ? endless(slot, subscription) : current(slot, subscription, after: last)
    }

    /// A window that never ends begins with the subscription, or with the version of the plan that first gives it.
    private func endless(_ slot: Configuration.Slot, _ subscription: Subscription) -> WindowOpening? {
        let start = configuration.firstVersion(of: subscription.plan, giving: slot, from: subscription.from, upTo: now)
        guard let start, let (version, plan) = configuration.plan(subscription.plan, at: start) else { return nil }
        return WindowOpening(
            subscription: subscription, version: version, allowance: plan.allowance(slot)!,
            window: Interval(start: start, end: nil), carried: .zero)
    }

    /// Walks from window to window, each judged by what was in force at its start, until the present.
    private func current(_ slot: Configuration.Slot, _ subscription: Subscription, after last: Window?) -> WindowOpening? {
        // Who subscribed before there was the plan has it from its beginning.
        let beginning = max(subscription.from, configuration.beginning(of: subscription.plan) ?? subscription.from)
        var judged = last?.interval.end ?? beginning
        var start = last?.interval.end
        var unused = last.flatMap { account.purse(slot.unit).lot($0.lot)?.remaining } ?? .zero
        while true {
            let (version, plan) = configuration.plan(subscription.plan, at: judged) ?? (0, PlanDocument())
            let allowance = plan.allowance(slot)
            let calendar = Calendar(
                zone: configuration.zone(at: judged), period: slot.period,
                anchor: allowance?.anchor == .subscription ? subscription.anchor : 1)
            if allowance?.rollover == nil, !configuration.changes(of: subscription.plan, after: judged, upTo: now),
                let latest = calendar.boundary(atOrBefore: now), latest > judged
            {
                (judged, start) = (latest, latest)
            }
            let begin = start ?? calendar.boundary(atOrBefore: judged)!
            let end = calendar.boundary(after: judged)!
            let carried = allowance?.rollover.map { min($0, unused) } ?? .zero
            if now < end {
                return allowance.map { allowance in
                    WindowOpening(
                        subscription: subscription, version: version, allowance: allowance,
                        window: Interval(start: begin, end: end), carried: carriedInto(allowance, subscription, carried))
                }
            }
            unused = allowance.map { unusedOf($0, subscription, carried) } ?? .zero
            (judged, start) = (end, end)
        }
    }

    /// What nobody touched is left whole at its end.
    private func unusedOf(_ allowance: AllowanceDocument, _ subscription: Subscription, _ carried: Amount) -> Amount {
        subscription.amount(of: allowance).units.map { $0.adding(carried) ?? .max } ?? .zero
    }

    private func carriedInto(_ allowance: AllowanceDocument, _ subscription: Subscription, _ carried: Amount) -> Amount {
        subscription.amount(of: allowance) == .unlimited ? .zero : carried
    }

    mutating func open(_ opening: WindowOpening) {
        let subscription = opening.subscription
        let end = [opening.window.end, subscription.until].compactMap { $0 }.min()
        openLot(
            AllowanceOpened(
                account: account.name, plan: subscription.plan, version: opening.version, period: opening.allowance.period,
                window: opening.window, amount: subscription.amount(of: opening.allowance).units, carried: opening.carried,
                priority: opening.allowance.priority, expiresAt: end,
                part: Part(unit: opening.allowance.unit, amount: .zero, lots: [], balance: Balance(available: .zero))))
    }

    /// Writes that an allowance's lot is open, with what is left of its limit; what would pass 2^53-1 in all is not given.
    mutating func openLot(_ fact: AllowanceOpened) {
        var fact = fact
        var purse = account.purse(fact.part.unit)
        let number = group.nextSequence
        let held = fact.replaces.flatMap { purse.lot($0)?.held } ?? .zero
        let room = Amount.max - purse.total
        let left = min(fact.limit.map { $0.less(fact.used).less(held) } ?? .zero, room)
        fact.part.amount = left
        fact.part.lots = [Draw(lot: number, amount: left, remaining: fact.amount == nil ? nil : left)]
        purse.open(fact, number, subscription: account.subscription(fact.plan)!.number)
        fact.part.balance = purse.balance(at: now)
        add(.allowanceOpened(fact))
    }
}

extension Amount {
    /// The difference, or zero.
    func less(_ other: Amount) -> Amount { self > other ? self - other : .zero }
}

extension Subscription {
    /// What an allowance gives this account.
    func amount(of allowance: AllowanceDocument) -> Allotment {
        override(allowance.unit, allowance.period) ?? allowance.amount
    }
}
