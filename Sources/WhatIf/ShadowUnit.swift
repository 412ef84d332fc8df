import LedgerModel

/// One unit of an account as time goes by: windows begin and end, as they did and as they would have.
struct ShadowUnit {
    /// What a window had left at its end.
    private struct Ended {
        let end: Timestamp
        let left: Compared
    }

    private struct Slot: Hashable {
        let plan: Name
        let period: Period
    }

    let unit: Name
    var purse = ShadowPurse()
    /// What was taken in the period net of refunds; and of that, what allowances did not cover.
    private(set) var taken = Compared()
    private(set) var beyond = Compared()
    /// Uses that moved it and would have been refused.
    var refusedCount = 0
    /// The last to begin comes first.
    private var pending: [PastWindow]
    private let subscriptions: [PastSubscription]
    private let thresholds: [Int]
    private var ended: [Slot: Ended] = [:]

    init(_ unit: Name, _ plans: PastPlans, _ terms: ComparisonTerms) {
        self.unit = unit
        thresholds = terms.thresholds.of(unit)
        pending = plans.windows.filter { $0.unit == unit }.reversed()
        subscriptions = plans.subscriptions
    }

    /// Opens and closes windows up to an instant.
    mutating func advance(to instant: Timestamp, _ terms: ComparisonTerms, _ alerts: inout AlertTally) {
        while let next = pending.last, next.interval.start <= instant {
            pending.removeLast()
            close(at: next.interval.start, &alerts)
            purse.open(shadow(of: next, terms))
        }
        close(at: instant, &alerts)
        if case .plan(let plan) = terms.proposal {
            for allowance in plan.document.allowances where allowance.unit == unit {
                openProposed(allowance, of: plan, at: instant, terms)
            }
        }
    }

    /// Ends what is still open: nothing more comes.
    mutating func finish(_ alerts: inout AlertTally) {
        for window in purse.windows { alerts.count(window, of: unit) }
    }

    private mutating func close(at instant: Timestamp, _ alerts: inout AlertTally) {
        for window in purse.close(at: instant) {
            alerts.count(window, of: unit)
            guard let end = window.interval.end, window.end == end else { continue }
            let left = Compared(actual: window.actual.remaining ?? 0, proposed: window.proposed.remaining ?? 0)
            ended[Slot(plan: window.plan, period: window.period)] = Ended(end: end, left: left)
        }
    }

    // MARK: Draws

    /// Takes what was taken, and what would have been.
    ///
    /// - Parameters:
    ///   - refunded: What came back of each. It counts from the moment of the use.
    ///   - isCounted: The use belongs to the period.
    mutating func take(_ amount: Compared, refunded: Compared, isCounted: Bool) {
        let beyond = Compared(
            actual: take(amount.actual, refunded: refunded.actual, \.actual, isCounted),
            proposed: take(amount.proposed, refunded: refunded.proposed, \.proposed, isCounted))
        purse.shift(by: beyond)
        guard isCounted else { return }
        self.beyond += beyond
        taken += amount - refunded
    }

    /// Answers what allowances did not cover.
    private mutating func take(_ amount: Int64, refunded: Int64, _ side: ShadowPurse.Side, _ isCounted: Bool) -> Int64 {
        let drawn = purse.draw(amount, side)
        purse.noteThresholds(thresholds, side, isCounted: isCounted)
        return purse.giveBack(refunded, of: drawn, side).beyond
    }

    // MARK: What would have been given

    private func shadow(of window: PastWindow, _ terms: ComparisonTerms) -> ShadowWindow {
        ShadowWindow(
            number: window.number, plan: window.plan, period: window.period, interval: window.interval, end: window.end,
            actual: ShadowWindow.Side(limit: window.amount.adding(window.carried), priority: window.priority),
            proposed: proposed(window, terms))
    }

    private func proposed(_ window: PastWindow, _ terms: ComparisonTerms) -> ShadowWindow.Side {
        guard let plan = terms.proposal.plan(named: window.plan) else {
            return side(of: window, window.amount, upTo: window.rollover, window.priority, terms)
        }
        guard let allowance = plan.allowance(of: unit, window.period), window.isCut(like: allowance) else { return .none }
        let amount = window.isOverridden ? window.amount : allowance.amount
        return side(of: window, amount, upTo: allowance.rollover, allowance.priority, terms)
    }

    private func side(
        of window: PastWindow, _ amount: Allotment, upTo most: Amount?, _ priority: Int, _ terms: ComparisonTerms
    ) -> ShadowWindow.Side {
        let carried = carried(into: window, of: amount, upTo: most ?? .zero, terms)
        return ShadowWindow.Side(limit: amount.adding(carried), priority: priority)
    }

    /// What would have come over from the window before: what did, and the difference between what either would have carried by its terms.
    /// What was carried into a window that began before the period stays. Terms that carry less have the last word.
    private func carried(into window: PastWindow, of amount: Allotment, upTo most: Amount, _ terms: ComparisonTerms) -> Amount {
        let mostActual = window.rollover ?? .zero
        var carried = window.carried.rawValue
        if window.interval.start >= terms.start {
            let left = left(
                before: window.interval.start, window.plan, window.period,
                each: Compared(actual: window.amount.carriable, proposed: amount.carriable))
            carried += min(left.proposed, most.rawValue) - min(left.actual, mostActual.rawValue)
        }
        if most < mostActual { carried = min(carried, most.rawValue) }
        return Amount(rawValue: min(max(0, carried), Amount.max.rawValue))!
    }

    /// What was left before a window began, when nothing bounds what is carried. Windows that nobody touched were left whole.
    ///
    /// - Parameter each: What a window gives.
    private func left(before start: Timestamp, _ plan: Name, _ period: Period, each: Compared) -> Compared {
        let subscription = subscriptions.last {
            $0.plan == plan && $0.interval.start < start && $0.interval.contains(start.before)
        }
        if let last = ended[Slot(plan: plan, period: period)], last.end <= start,
            subscriptions.isEmpty || subscription.map({ $0.interval.start <= last.end }) ?? false
        {
            return last.left + each.times(period.count(from: last.end, to: start, .toNearestOrEven))
        }
        // The first window is whole, wherever in it the subscription began.
        return subscription.map { each.times(period.count(from: $0.interval.start, to: start, .up)) } ?? Compared()
    }

    /// A window that the proposed plan gives where there was none.
    private mutating func openProposed(
        _ allowance: AllowanceDocument, of plan: ProposedPlan, at instant: Timestamp, _ terms: ComparisonTerms
    ) {
        if purse.hasProposedWindow(plan.name, allowance.period) { return }
        let subscription = subscriptions.first { $0.plan == plan.name && $0.interval.contains(instant) }
        guard let subscription else { return }
        let interval = allowance.window(
            containing: instant, hadSince: subscription.interval.start, subscriptionAnchor: subscription.anchor, zone: plan.zone)
        if plan.gave(allowance, at: max(interval.start, subscription.interval.start)) { return }
        let carried = interval.start < terms.start ? Amount.zero : self.carried(into: interval, of: allowance, plan.name)
        purse.open(
            ShadowWindow(
                number: nil, plan: plan.name, period: allowance.period, interval: interval,
                end: [interval.end, subscription.interval.end].compactMap { $0 }.min(), actual: .none,
                proposed: ShadowWindow.Side(limit: allowance.amount.adding(carried), priority: allowance.priority)))
    }

    private func carried(into interval: Interval, of allowance: AllowanceDocument, _ plan: Name) -> Amount {
        let each = Compared(proposed: allowance.amount.carriable)
        let left = left(before: interval.start, plan, allowance.period, each: each).proposed
        return Amount(rawValue: min(left, allowance.rollover?.rawValue ?? 0))!
    }
}

extension Timestamp {
    fileprivate var before: Timestamp { Timestamp(microseconds: rawValue - 1) }
}

extension Period {
    /// About how many windows lie between two instants: exactly, when both are boundaries.
    fileprivate func count(from start: Timestamp, to end: Timestamp, _ rule: FloatingPointRoundingRule) -> Int64 {
        let days = Double(end.rawValue - start.rawValue) / Double(Timestamp.microsecondsPerDay)
        switch self {
        case .day: return Int64(days.rounded(rule))
        case .month: return Int64((days / 30.436875).rounded(rule))
        case .never: return 0
        }
    }
}

extension Allotment {
    /// What can be carried over of it: without limit, nothing.
    fileprivate var carriable: Int64 { units?.rawValue ?? 0 }

    /// With what was carried over; without limit nothing is.
    fileprivate func adding(_ carried: Amount) -> Allotment {
        switch self {
        case .units(let amount): .units(amount.adding(carried) ?? .max)
        case .unlimited: .unlimited
        }
    }
}

extension PastWindow {
    /// Its windows begin and end as the allowance's do.
    fileprivate func isCut(like allowance: AllowanceDocument) -> Bool { period != .month || anchor == allowance.anchor }
}
