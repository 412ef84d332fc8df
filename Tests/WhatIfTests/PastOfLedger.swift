import LedgerModel
import LedgerTestKit

@testable import WhatIf

/// A ledger's past as the read models tell it, taken from its events.
struct PastOfLedger {
    private(set) var uses: [PastUse] = []
    private var windows: [Name: [PastWindow]] = [:]
    private var subscriptions: [Name: [PastSubscription]] = [:]
    private var documents: [DocumentKey: [Document?]] = [:]
    private var plans: [Name: [(from: Timestamp, document: PlanDocument?)]] = [:]
    private var refunds: [SequenceNumber: [Name: Amount]] = [:]
    /// What each event left available, by account and unit.
    private var balances: [[Name]: [(SequenceNumber, Amount)]] = [:]
    private(set) var alerts: [AlertRaised.AllowanceUse] = []

    init(_ events: [Event], of tenant: Name) {
        for event in events where event.tenant == tenant { take(event) }
        for index in uses.indices {
            for part in uses[index].parts.indices {
                let refunded = refunds[uses[index].sequence]?[uses[index].parts[part].unit]
                uses[index].parts[part].refunded = refunded ?? .zero
            }
        }
    }

    func plans(of account: Name) -> PastPlans {
        PastPlans(
            windows: (windows[account] ?? []).sorted { $0.interval.start < $1.interval.start },
            subscriptions: subscriptions[account] ?? [])
    }

    func document(_ key: DocumentKey) -> Document? { documents[key]?.last ?? nil }

    /// A document that never changed.
    func lasting(_ key: DocumentKey) -> Document? { documents[key]?.count == 1 ? document(key) : nil }

    func price(of use: PastUse) -> ProposedPrice? {
        guard let feature = use.feature, let version = use.version,
            case .price(let document)? = documents[DocumentKey(.price, feature)]?[version - 1]
        else { return nil }
        return try? ProposedPrice(document, of: feature, version: version) { scale(of: $0) }
    }

    func proposed(_ document: PriceDocument, of feature: Name) -> Proposal {
        .price(feature: feature, try! ProposedPrice(document, of: feature) { scale(of: $0) })
    }

    func proposed(_ document: PlanDocument, of plan: Name) -> Proposal {
        .plan(ProposedPlan(plan, document, zone: .utc, versions: plans[plan] ?? []))
    }

    private func scale(of unit: Name) -> Int {
        if case .unit(let document)? = document(DocumentKey(.unit, unit)) { document.scale } else { 0 }
    }

    /// What the whole past would have been.
    func answer(_ proposal: Proposal, from start: Timestamp = Timestamp(microseconds: 0), top: Int = 100) -> WhatIfAnswer {
        let days = Day(utc: start)...Day("9999-01-01")!
        var comparison = Comparison(ComparisonTerms(proposal: proposal, days: days, zone: .utc, top: top))
        for use in uses {
            comparison.take(use, own: price(of: use), plans: plans) { balance(of: use.account, $0, before: use.sequence) }
        }
        return comparison.finish()
    }

    private func balance(of account: Name, _ unit: Name, before sequence: SequenceNumber) -> Amount? {
        balances[[account, unit]]?.last { $0.0 < sequence }?.1 ?? .zero
    }

    // MARK: Events

    private mutating func note(_ event: Event, _ account: Name, _ part: Part) {
        balances[[account, part.unit], default: []].append((event.sequence, part.balance.available))
    }

    private mutating func take(_ event: Event) {
        switch event.fact {
        case .configured(let fact):
            documents[fact.key, default: []].append(fact.document)
            if case .plan(let plan)? = fact.document { plans[fact.key.name, default: []].append((event.at, plan)) }
        case .debited(let fact): take(event, .debit, fact.account, fact.priced, fact.parts)
        case .settled(let fact): take(event, .settlement, fact.account, fact.priced, fact.parts)
        case .holdExpired(let fact) where !fact.parts.isEmpty: take(event, .capture, fact.account, fact.priced, fact.parts)
        case .granted(let fact): note(event, fact.account, fact.part)
        case .lotExpired(let fact): note(event, fact.account, fact.part)
        case .refunded(let fact):
            for returned in fact.returns {
                note(event, fact.account, returned.part)
                refunds[fact.debit, default: [:]][returned.part.unit, default: .zero] += returned.part.amount
            }
        case .alertRaised(let fact): if case .allowanceUsed(let use) = fact.condition { alerts.append(use) }
        default: takePlan(event)
        }
    }

    private mutating func take(
        _ event: Event, _ kind: PastUse.Kind, _ account: Name, _ priced: Priced?, _ parts: [Part]
    ) {
        for part in parts { note(event, account, part) }
        let quantities = priced.flatMap { $0.quantities.isEmpty ? nil : $0.quantities }
        uses.append(
            PastUse(
                sequence: event.sequence, at: event.at, day: Day(utc: event.at), account: account, kind: kind,
                feature: priced?.feature, version: priced?.version, quantities: quantities,
                parts: parts.map { PastUse.Part(unit: $0.unit, amount: $0.amount, available: $0.balance.available) }
                    .sorted { $0.unit < $1.unit }))
    }

    private mutating func takePlan(_ event: Event) {
        switch event.fact {
        case .subscribed(let fact):
            // One that began in the past was not there before it was made.
            let interval = Interval(start: max(fact.from, event.at), end: fact.until)
            subscriptions[fact.account, default: []].append(
                PastSubscription(plan: fact.plan, interval: interval, anchor: fact.anchor))
        case .planChanged(let fact):
            end(fact.from, of: fact.account, at: fact.effectiveAt)
            let interval = Interval(start: fact.effectiveAt, end: fact.until)
            subscriptions[fact.account, default: []].append(
                PastSubscription(plan: fact.to, interval: interval, anchor: fact.anchor))
        case .unsubscribed(let fact): end(fact.plan, of: fact.account, at: fact.endedAt)
        case .allowanceOpened(let fact): open(fact, event)
        default: return
        }
    }

    private mutating func end(_ plan: Name, of account: Name, at instant: Timestamp) {
        guard let index = subscriptions[account]?.lastIndex(where: { $0.plan == plan }) else { return }
        subscriptions[account]![index].interval.end = instant
        for index in windows[account, default: []].indices {
            guard let window = windows[account]?[index], window.plan == plan, window.interval.contains(instant) else { continue }
            windows[account]![index].endedAt = instant
        }
    }

    /// The last that was said of a window holds for all of it.
    private mutating func open(_ fact: AllowanceOpened, _ event: Event) {
        note(event, fact.account, fact.part)
        guard case .plan(let plan)? = documents[DocumentKey(.plan, fact.plan)]?[fact.version - 1] else { return }
        let allowance = plan.allowance(of: fact.part.unit, fact.period)
        let amount = fact.amount.map { Allotment.units($0) } ?? .unlimited
        let window = PastWindow(
            number: event.sequence, plan: fact.plan, unit: fact.part.unit, period: fact.period, interval: fact.window,
            endedAt: fact.expiresAt,
            amount: amount, carried: fact.carried, isOverridden: amount != allowance?.amount, priority: fact.priority,
            anchor: allowance?.anchor ?? .calendar, rollover: allowance?.rollover)
        let same = windows[fact.account]?.firstIndex {
            $0.plan == fact.plan && $0.unit == fact.part.unit && $0.period == fact.period
                && $0.interval.start == fact.window.start
        }
        if let same { windows[fact.account]![same] = window } else { windows[fact.account, default: []].append(window) }
    }
}
