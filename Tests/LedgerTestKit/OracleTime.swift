import LedgerModel

/// What time does to an account, as it happens: plans come and go, windows begin one after the other.
extension OracleAccount {
    mutating func advance(to now: Int64, _ papers: OraclePapers) {
        if state == .closed { return }
        followDefault(to: now, papers)
        addChains(now, papers)
        while let index = firstChain(now, papers) { step(index, now, papers) }
    }

    // MARK: The default plan

    private mutating func followDefault(to now: Int64, _ papers: OraclePapers) {
        var instants = papers.defaults.map(\.from)
        for plan in plans where !plan.isDefault && !plan.isGone { instants += [plan.from] + (plan.until.map { [$0] } ?? []) }
        for instant in instants.sorted() where instant > followedUpTo && instant <= now { judgeDefault(at: instant, papers) }
        followedUpTo = now
    }

    /// Begins or ends the default plan, as it should be at an instant.
    mutating func judgeDefault(at instant: Int64, _ papers: OraclePapers) {
        let plan = papers.defaultPlan(at: instant)
        let hasOwn = plans.contains {
            !$0.isDefault && !$0.isGone && !$0.isOver(instant) && ($0.from <= instant || $0.name == plan)
        }
        let wanted = hasOwn ? nil : plan
        if let index = plans.firstIndex(where: { $0.isDefault && $0.until == nil }) {
            if plans[index].name == wanted { return }
            end(plan: index, at: instant)
        }
        guard let wanted else { return }
        let from = beginning(at: instant, papers)
        let anchor = papers.zone(at: from).date(at: from).day
        plans.append(Plan(name: wanted, from: from, since: instant, anchor: anchor, isDefault: true))
    }

    /// Since when an account without plans of its own has the default one.
    private func beginning(at instant: Int64, _ papers: OraclePapers) -> Int64 {
        let own = plans.filter { !$0.isDefault && $0.isOver(instant) && $0.from <= $0.until! }.map { $0.until! }
        return max(openedAt, papers.defaults.last { $0.from <= instant }!.from, own.max() ?? 0)
    }

    mutating func end(plan: Int, at instant: Int64) {
        plans[plan].until = min(plans[plan].until ?? instant, instant)
        for index in piles.indices {
            guard let window = piles[index].window, windows[window].plan == plan, piles[index].successor == nil else { continue }
            piles[index].expiresAt = min(piles[index].expiresAt ?? instant, instant)
        }
    }

    // MARK: Windows

    /// A chain for all that a plan gives or ever gave.
    private mutating func addChains(_ now: Int64, _ papers: OraclePapers) {
        for plan in plans.indices where !plans[plan].isGone && plans[plan].from <= now {
            for slot in papers.slots(of: plans[plan].name) where !chains.contains(where: { $0.plan == plan && $0.slot == slot }) {
                let beginning = max(plans[plan].from, papers.beginning(of: plans[plan].name) ?? .min)
                chains.append(Chain(plan: plan, slot: slot, next: beginning))
            }
        }
    }

    /// The chain whose next window begins first, if one does; of several the one that the plans name first.
    private func firstChain(_ now: Int64, _ papers: OraclePapers) -> Int? {
        var (first, firstAt): (Int?, Int64) = (nil, .max)
        for index in chains.indices where chains[index].next <= now {
            let at = max(chains[index].next, plans[chains[index].plan].since)
            if at < firstAt || at == firstAt && rank(index, papers) < rank(first!, papers) { (first, firstAt) = (index, at) }
        }
        return first
    }

    private func rank(_ index: Int, _ papers: OraclePapers) -> (plan: Int, slot: Int) {
        let plan = chains[index].plan
        return (plan, papers.slots(of: plans[plan].name).firstIndex(of: chains[index].slot) ?? 0)
    }

    private mutating func step(_ index: Int, _ now: Int64, _ papers: OraclePapers) {
        let (chain, plan) = (chains[index], plans[chains[index].plan])
        if plan.isGone || plan.isOver(chain.next) { return chains[index].next = .max }
        if chain.slot.period == .never { return stepEndless(index, now, papers) }
        let given = papers.allowance(plan.name, chain.slot, at: chain.next)
        let anchor = given?.document.anchor == .subscription ? plan.anchor : 1
        let zone = papers.zone(at: chain.next)
        let start = chain.hasBegun ? chain.next : zone.boundary(chain.slot.period, anchor: anchor, atOrBefore: chain.next)
        let end = zone.boundary(chain.slot.period, anchor: anchor, after: chain.next)
        let carried = given?.document.rollover.map { min($0.rawValue, left(in: chain)) } ?? 0
        chains[index].hasBegun = true
        chains[index].next = end
        chains[index].window = nil
        chains[index].unused = 0
        guard let given else { return }
        let amount = plan.overrides[chain.slot] ?? given.document.amount
        if end <= now {
            chains[index].unused = amount.units.map { $0.rawValue + carried } ?? 0
        } else {
            open(index, given, amount, start..<end, carried)
        }
    }

    /// What is in a chain's last window at its end.
    private func left(in chain: Chain) -> Int64 {
        guard let window = chain.window else { return chain.unused }
        let pile = piles[windows[window].pile]
        return pile.isEndless ? 0 : pile.left
    }

    private mutating func stepEndless(_ index: Int, _ now: Int64, _ papers: OraclePapers) {
        let chain = chains[index]
        let start = papers.firstGiving(plans[chain.plan].name, chain.slot, from: plans[chain.plan].from)
        guard let start, !plans[chain.plan].isOver(start) else {
            // Without a version that gives it, it is looked for again, for one may come.
            chains[index].next = start == nil ? now + 1 : .max
            return
        }
        if start > chain.next { return chains[index].next = start }
        let given = papers.allowance(plans[chain.plan].name, chain.slot, at: start)!
        let amount = plans[chain.plan].overrides[chain.slot] ?? given.document.amount
        chains[index].next = .max
        open(index, given, amount, start..<Int64.max, 0)
    }

    private mutating func open(
        _ index: Int, _ given: (version: Int, document: AllowanceDocument), _ amount: Allotment, _ span: Range<Int64>,
        _ carried: Int64
    ) {
        let (slot, plan) = (chains[index].slot, chains[index].plan)
        let carried = amount == .unlimited ? 0 : carried
        let end = span.upperBound == .max ? nil : span.upperBound
        chains[index].window = windows.count
        windows.append(
            Window(
                plan: plan, slot: slot, start: span.lowerBound, end: end, version: given.version,
                amount: amount.units?.rawValue, carried: carried, used: 0, pile: piles.count))
        addPile(
            ofWindow: windows.count - 1, given.document.priority,
            left: (amount.units?.rawValue ?? 0) + carried)
    }

    /// The pile of a window, for as long as it and its plan last.
    mutating func addPile(ofWindow window: Int, _ priority: Int, left: Int64) {
        let ends = [windows[window].end, plans[windows[window].plan].until].compactMap { $0 }
        windows[window].pile = piles.count
        piles.append(
            Pile(
                unit: windows[window].slot.unit, priority: priority, effectiveAt: nil, expiresAt: ends.min(), left: left,
                isEndless: windows[window].amount == nil, isOfPlan: true, window: window))
    }

    /// Puts another pile in the place of a window's.
    mutating func replacePile(ofWindow window: Int, _ priority: Int, resetting: Bool = false) {
        let old = windows[window].pile
        if resetting { windows[window].used = 0 }
        if windows[window].amount == nil { windows[window].carried = 0 }
        let held = heldOf(old)
        let left = windows[window].limit.map { max(0, $0 - windows[window].used - held) } ?? 0
        piles[old].left = 0
        piles[old].successor = piles.count
        piles[old].window = nil
        addPile(ofWindow: window, priority, left: left)
    }
}
