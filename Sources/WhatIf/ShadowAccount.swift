import LedgerModel

/// An account as it was beside what it would have been, use by use in the order of the log.
struct ShadowAccount {
    private let plans: PastPlans
    /// Few: a search is faster than a table.
    private(set) var units: [ShadowUnit] = []
    private var hasBegun = false
    private(set) var useCount = 0

    init(_ plans: PastPlans) { self.plans = plans }

    /// Takes a use as it was, and as it would have been.
    ///
    /// - Parameters:
    ///   - own: The price by which it was made, when it had one that is still known.
    ///   - balance: What was available of a unit that the use did not move; nil when the past does not tell.
    mutating func take<Failure: Error>(
        _ use: PastUse, own: ProposedPrice?, _ terms: ComparisonTerms, _ tally: inout Tally,
        balance: (Name) throws(Failure) -> Amount?
    ) throws(Failure) {
        let isCounted = terms.days.contains(use.day)
        prepare(use, own, terms, &tally.alerts)
        if isCounted, !hasBegun { begin() }
        for part in use.parts { units[index(of: part.unit)!].purse.learn(part) }
        for unit in unseenUnits(use, own, terms) {
            if let balance = try balance(unit) { units[index(of: unit)!].purse.learn(available: balance, before: use.sequence) }
        }
        guard isCounted else { return move(use, costing: use.parts.map { ($0.unit, $0.amount) }, isCounted: false) }
        var isJudged = true
        switch cost(of: use, own: own, terms.proposal, isJudged: &isJudged) {
        case .amounts(let amounts):
            move(use, costing: amounts, isCounted: true)
            tally.count(use, costing: amounts, isPriced: terms.proposal.isPriced(use), isJudged: isJudged)
        case .refused(let rejection):
            move(use, costing: [], isCounted: true)
            for part in use.parts { units[index(of: part.unit)!].refusedCount += 1 }
            tally.count(use, refusedBy: rejection, isPriced: terms.proposal.isPriced(use))
        }
        useCount += 1
    }

    /// Ends all windows: nothing more comes.
    mutating func finish(_ alerts: inout AlertTally) {
        for index in units.indices { units[index].finish(&alerts) }
    }

    // MARK: Units

    /// Brings up to date what the use moved, and what it might have moved.
    private mutating func prepare(_ use: PastUse, _ own: ProposedPrice?, _ terms: ComparisonTerms, _ alerts: inout AlertTally) {
        for part in use.parts { prepare(part.unit, use.at, terms, &alerts) }
        let price = terms.proposal.price(of: use)?.price ?? own
        for charge in price?.document.charges ?? [] { prepare(charge.unit, use.at, terms, &alerts) }
    }

    /// Units that the use did not move, and might have.
    private func unseenUnits(_ use: PastUse, _ own: ProposedPrice?, _ terms: ComparisonTerms) -> [Name] {
        let price: ProposedPrice?
        if let proposed = terms.proposal.price(of: use)?.price, proposed.document != own?.document {
            price = proposed
        } else {
            price = use.parts.allSatisfy { isSame($0.unit) } ? nil : own
        }
        return (price?.document.charges.map(\.unit) ?? []).filter { unit in !use.parts.contains { $0.unit == unit } }
    }

    private mutating func prepare(_ unit: Name, _ at: Timestamp, _ terms: ComparisonTerms, _ alerts: inout AlertTally) {
        if index(of: unit) == nil { units.append(ShadowUnit(unit, plans, terms)) }
        units[index(of: unit)!].advance(to: at, terms, &alerts)
    }

    private func index(of unit: Name) -> Int? { units.firstIndex { $0.unit == unit } }

    private mutating func begin() {
        hasBegun = true
        for index in units.indices { units[index].purse.beginPeriod() }
    }

    func available(_ unit: Name) -> Amount? { index(of: unit).flatMap { units[$0].purse.proposedAvailable } }

    func isSame(_ unit: Name) -> Bool { index(of: unit).map { units[$0].purse.isSame } ?? true }

    func hasAllowance(_ unit: Name) -> Bool { index(of: unit).map { units[$0].purse.hasProposedAllowance } ?? false }

    // MARK: Draws

    private mutating func move(_ use: PastUse, costing amounts: [(unit: Name, amount: Amount)], isCounted: Bool) {
        for index in units.indices {
            let unit = units[index].unit
            let part = use.parts.first { $0.unit == unit }
            let amount = amounts.first { $0.unit == unit }?.amount
            if part == nil, amount == nil { continue }
            units[index].take(
                Compared(actual: part?.amount.rawValue ?? 0, proposed: amount?.rawValue ?? 0),
                refunded: Compared(
                    actual: part?.refunded.rawValue ?? 0, proposed: amount.map { use.refund(of: $0, unit).rawValue } ?? 0),
                isCounted: isCounted)
        }
    }
}

extension PastUse {
    /// What would have come back of another amount of a unit: in proportion.
    func refund(of amount: Amount, _ unit: Name) -> Amount { refundedPortion(of: unit)?.of(amount) ?? .zero }
}

extension Proposal {
    /// What the document says of a use: nil when it does not concern it, false when there are no quantities to price.
    func isPriced(_ use: PastUse) -> Bool? {
        guard case .price(let feature, _) = self else { return nil }
        if use.feature == nil { return false }
        return use.feature == feature ? use.quantities != nil : nil
    }
}
