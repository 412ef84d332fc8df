public import LedgerModel

/// Goes through the past of a tenant, use by use, and keeps beside each account what it would have been.
///
/// It holds some hundred bytes for each account that it came upon, and nothing for each use.
public struct Comparison {
    private let terms: ComparisonTerms
    private var accounts: [Name: ShadowAccount] = [:]
    private var tally = Tally()

    public init(_ terms: ComparisonTerms) { self.terms = terms }

    /// Takes the next use. Those of one account come in the order of the log; those of several in any.
    ///
    /// - Parameters:
    ///   - own: The price by which the use was made, when it had one that is still known.
    ///   - plans: What the account had by plans: asked once for each account.
    ///   - balance: What the account had available, before the use, of a unit that it did not move; nil when the past does not tell.
    public mutating func take<Failure: Error>(
        _ use: PastUse, own: ProposedPrice?, plans: (Name) throws(Failure) -> PastPlans,
        balance: (Name) throws(Failure) -> Amount?
    ) throws(Failure) {
        if accounts[use.account] == nil { accounts[use.account] = ShadowAccount(try plans(use.account)) }
        try accounts[use.account]!.take(use, own: own, terms, &tally, balance: balance)
    }

    /// What came of it.
    public consuming func finish() -> WhatIfAnswer {
        var ranking = Ranking(terms.top)
        var units: [Name: WhatIfAnswer.Unit] = [:]
        var count = 0
        for (name, var account) in accounts {
            account.finish(&tally.alerts)
            if account.useCount > 0 { count += 1 }
            for unit in account.units where account.useCount > 0 {
                units[unit.unit, default: WhatIfAnswer.Unit(unit.unit)].add(unit)
                ranking.add(WhatIfAnswer.Account(name, unit))
            }
        }
        return WhatIfAnswer(
            units: units.values.filter { $0.taken != Compared() }.sorted { $0.unit < $1.unit }, features: tally.features,
            accounts: count, uses: tally.useCount, refused: tally.refusedCount, refusals: tally.refused,
            notPriced: tally.notPricedCount, notJudged: tally.notJudgedCount, thresholds: tally.alerts.thresholds,
            mostAffected: ranking.all)
    }
}

extension WhatIfAnswer.Unit {
    fileprivate init(_ unit: Name) { self.init(unit: unit, taken: Compared(), beyondAllowance: Compared()) }

    fileprivate mutating func add(_ unit: ShadowUnit) {
        taken += unit.taken
        beyondAllowance += unit.beyond
    }
}

extension WhatIfAnswer.Account {
    fileprivate init(_ account: Name, _ unit: ShadowUnit) {
        self.init(
            account: account, unit: unit.unit, refused: unit.refusedCount, taken: unit.taken, beyondAllowance: unit.beyond)
    }
}
