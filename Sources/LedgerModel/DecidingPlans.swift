/// Giving accounts plans, and changing what they give.
extension Tenant {
    func decide(_ command: Subscribe, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        let now = group.now
        try command.check(at: now)
        try checkPlan(command.plan)
        var draft = try AccountDraft(command.account, of: self, group, opening: .always)
        let from = command.from ?? now
        try draft.checkAbsent(command.plan, from: from)
        let anchor = command.anchor ?? configuration.zone(at: from).day(of: from).components.day
        draft.add(
            .subscribed(
                Subscribed(account: command.account, plan: command.plan, from: from, until: command.until, anchor: anchor)))
        draft.updateDefaultPlan(endingAt: now)
        return draft.finish()
    }

    /// A plan that takes subscriptions.
    private func checkPlan(_ plan: Name) throws(Rejection) {
        guard let (version, document) = configuration.currentPlan(plan) else { throw .planNotFound(plan) }
        if !document.enabled { throw .planDisabled(plan, version: version) }
    }

    func decide(_ command: Unsubscribe, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group)
        guard let subscription = draft.subscription(command.plan), !subscription.isDefault else {
            throw .notSubscribed(account: command.account, plan: command.plan)
        }
        draft.end(subscription, at: draft.now)
        return draft.finish()
    }

    func decide(_ command: ChangePlan, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try checkPlan(command.to)
        var draft = try AccountDraft(command.account, of: self, group)
        if draft.subscription(command.to) != nil { throw .alreadySubscribed(account: command.account, plan: command.to) }
        guard let old = draft.subscription(command.from), old.isInForce(at: draft.now) else {
            throw .notSubscribed(account: command.account, plan: command.from)
        }
        draft.touchUnits(of: old.plan)
        switch command.when {
        case .now: draft.changeNow(old, to: command.to)
        case .nextWindow: try draft.changeLater(old, to: command.to)
        }
        draft.raiseAlertsOfWindows()
        return draft.finish()
    }

    func decide(_ command: OverrideAllowance, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        let place = try draft.allowance(command.plan, command.unit, command.period)
        if place.window == nil, place.document == nil { throw place.notFound }
        draft.add(
            .allowanceOverridden(
                AllowanceOverridden(
                    account: command.account, plan: command.plan, unit: command.unit, period: command.period,
                    amount: command.amount, reason: command.reason)))
        if let window = place.window {
            let standing = window.amount.map { Allotment.units($0) } ?? .unlimited
            let amount = command.amount ?? place.document?.amount ?? standing
            draft.replace(window, place, amount: amount, used: window.used)
        }
        draft.raiseAlertsOfWindows()
        return draft.finish()
    }

    func decide(_ command: ResetAllowance, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group, opening: .byDefaultPlan)
        let place = try draft.allowance(command.plan, command.unit, command.period)
        guard let window = place.window else { throw place.notFound }
        draft.add(
            .allowanceReset(
                AllowanceReset(
                    account: command.account, plan: command.plan, unit: command.unit, period: command.period,
                    reason: command.reason)))
        draft.replace(window, place, amount: window.amount.map { .units($0) } ?? .unlimited, used: .zero)
        return draft.finish()
    }
}

extension Subscribe {
    fileprivate func check(at now: Timestamp) throws(Rejection) {
        if let anchor, !Subscribe.anchorRange.contains(anchor) {
            throw .invalidField(field: "anchor", reason: "must be 1 to 31")
        }
        if let from, from < now.adding(days: -Subscribe.pastDaysMax) {
            throw .invalidField(field: "from", reason: "must lie at most \(Subscribe.pastDaysMax) days back")
        }
        guard let until else { return }
        if until <= now { throw .invalidField(field: "until", reason: "must lie after the ledger's time \(now)") }
        if let from, until <= from { throw .invalidField(field: "until", reason: "must lie after from") }
    }
}

extension Configuration {
    /// The newest version of a plan, if it is not deleted.
    func currentPlan(_ name: Name) -> (version: Int, document: PlanDocument)? {
        let key = DocumentKey(.plan, name)
        guard case .plan(let document)? = current(key) else { return nil }
        return (newestVersion(of: key), document)
    }
}

extension AccountDraft {
    /// The subscription to a plan that has not ended.
    func subscription(_ plan: Name) -> Subscription? {
        account.subscriptions.first { $0.plan == plan && !$0.hasEnded(at: now) }
    }

    /// An account has a plan once at a time; its default plan ends when it gets it for itself.
    fileprivate func checkAbsent(_ plan: Name, from: Timestamp) throws(Rejection) {
        if let standing = subscription(plan), !standing.isDefault || from > now {
            throw .alreadySubscribed(account: account.name, plan: plan)
        }
        let own = account.subscriptions.count { !$0.isDefault && !$0.hasEnded(at: now) }
        if own >= Subscribe.planCountMax { throw .tooManyPlans(account: account.name, limit: Subscribe.planCountMax) }
    }

    fileprivate mutating func touchUnits(of plan: Name) {
        for slot in configuration.slots(of: plan) { touch(slot.unit) }
    }

    /// The open windows of a subscription with their units, in the order opened.
    private func openWindows(of subscription: Subscription) -> [(unit: Name, window: Window)] {
        var windows: [(unit: Name, window: Window)] = []
        for purse in account.purses {
            for window in purse.windows where window.subscription == subscription.number && purse.isOpen(window, at: now) {
                windows.append((purse.unit, window))
            }
        }
        return windows.sorted { $0.window.lot < $1.window.lot }
    }

    // MARK: Changing plans

    fileprivate mutating func changeNow(_ old: Subscription, to plan: Name) {
        let windows = openWindows(of: old)
        let (version, document) = configuration.currentPlan(plan)!
        addChange(old, to: plan, at: now)
        for (unit, window) in windows {
            guard let allowance = document.allowance(Configuration.Slot(unit: unit, period: window.period)) else {
                expire(account.purse(unit).lot(window.lot)!, of: unit, at: now)
                continue
            }
            let place = AllowancePlace(
                plan: plan, unit: unit, period: window.period, version: version, document: allowance, window: window,
                until: old.until)
            replace(window, place, amount: allowance.amount, used: window.used)
        }
    }

    fileprivate mutating func changeLater(_ old: Subscription, to plan: Name) throws(Rejection) {
        guard let end = openWindows(of: old).compactMap(\.window.interval.end).max() else {
            throw .invalidField(field: "when", reason: "\(old.plan) has no window that ends: change it now")
        }
        if let until = old.until, until <= end {
            throw .invalidField(field: "when", reason: "the subscription to \(old.plan) ends at \(until), before its next window")
        }
        addChange(old, to: plan, at: end)
    }

    private mutating func addChange(_ old: Subscription, to plan: Name, at instant: Timestamp) {
        add(
            .planChanged(
                PlanChanged(
                    account: account.name, from: old.plan, to: plan, effectiveAt: instant, until: old.until, anchor: old.anchor)))
    }

    // MARK: One allowance

    /// An allowance of a plan that the account has, brought up to date.
    fileprivate mutating func allowance(_ plan: Name, _ unit: Name, _ period: Period) throws(Rejection) -> AllowancePlace {
        guard let subscription = subscription(plan) else { throw .notSubscribed(account: account.name, plan: plan) }
        touch(unit)
        let (version, document) = configuration.plan(plan, at: now) ?? (0, PlanDocument())
        let purse = account.purse(unit)
        let window = purse.window(subscription.number, period)
        return AllowancePlace(
            plan: plan, unit: unit, period: period, version: version,
            document: document.allowance(Configuration.Slot(unit: unit, period: period)),
            window: window.flatMap { purse.isOpen($0, at: now) ? $0 : nil }, until: subscription.until)
    }

    /// Puts a lot with another limit in the place of an open window's.
    fileprivate mutating func replace(_ window: Window, _ place: AllowancePlace, amount: Allotment, used: Amount) {
        let (unit, lot) = (place.unit, account.purse(place.unit).lot(window.lot)!)
        if lot.remaining ?? .zero > .zero { expire(lot, of: unit, at: now) }
        openLot(
            AllowanceOpened(
                account: account.name, plan: place.plan, version: place.document == nil ? window.version : place.version,
                period: window.period, window: window.interval, amount: amount.units,
                carried: amount == .unlimited ? .zero : window.carried, used: used, replaces: window.lot,
                priority: place.document?.priority ?? lot.terms.priority,
                expiresAt: [window.interval.end, place.until].compactMap { $0 }.min(),
                part: Part(unit: unit, amount: .zero, lots: [], balance: Balance(available: .zero))))
        let standing = account.purse(unit).windows.first { $0.replaced.last == window.lot }!
        note([Meter(standing, unit, used: standing.used)])
    }

    /// Raises the alerts of windows whose limit has changed.
    fileprivate mutating func raiseAlertsOfWindows() { raiseAlerts(readings, drawnFrom: []) }
}

/// Where an allowance stands: what its plan says now, and its open window.
struct AllowancePlace {
    let plan: Name
    let unit: Name
    let period: Period
    let version: Int
    let document: AllowanceDocument?
    let window: Window?
    /// When the subscription ends.
    let until: Timestamp?

    var notFound: Rejection { .allowanceNotFound(plan: plan, unit: unit, period: period) }
}
