import LedgerModel

/// Sums over all accounts.
struct Tally {
    private struct Place: Hashable {
        let feature: Name?
        let unit: Name
    }

    private struct Sum {
        var uses = 0
        var refused = 0
        var taken = Compared()
    }

    private var sums: [Place: Sum] = [:]
    private var refusals: [String: Int] = [:]
    private(set) var useCount = 0
    private(set) var refusedCount = 0
    private(set) var notPricedCount = 0
    private(set) var notJudgedCount = 0
    var alerts = AlertTally()

    /// - Parameter isPriced: False when the document could not price the use, though it might have.
    mutating func count(_ use: PastUse, costing amounts: [(unit: Name, amount: Amount)], isPriced: Bool?, isJudged: Bool) {
        count(use, isPriced)
        if !isJudged { notJudgedCount += 1 }
        for part in use.parts {
            add(use, part.unit, Compared(actual: part.amount.rawValue - part.refunded.rawValue))
        }
        for (unit, amount) in amounts {
            let left = amount.rawValue - use.refund(of: amount, unit).rawValue
            add(use, unit, Compared(proposed: left), uses: use.parts.contains { $0.unit == unit } ? 0 : 1)
        }
    }

    mutating func count(_ use: PastUse, refusedBy rejection: String, isPriced: Bool?) {
        count(use, isPriced)
        refusedCount += 1
        refusals[rejection, default: 0] += 1
        for part in use.parts {
            add(use, part.unit, Compared(actual: part.amount.rawValue - part.refunded.rawValue))
            sums[Place(feature: use.feature, unit: part.unit)]!.refused += 1
        }
    }

    private mutating func count(_ use: PastUse, _ isPriced: Bool?) {
        useCount += 1
        if isPriced == false { notPricedCount += 1 }
    }

    private mutating func add(_ use: PastUse, _ unit: Name, _ taken: Compared, uses: Int = 1) {
        let place = Place(feature: use.feature, unit: unit)
        sums[place, default: Sum()].uses += uses
        sums[place]!.taken += taken
    }

    // MARK: In order

    /// By feature, those without one first, then by unit.
    var features: [WhatIfAnswer.Feature] {
        sums.map { place, sum in
            WhatIfAnswer.Feature(
                feature: place.feature, unit: place.unit, uses: sum.uses, refused: sum.refused, taken: sum.taken)
        }
        .sorted { ($0.feature?.text ?? "", $0.unit) < ($1.feature?.text ?? "", $1.unit) }
    }

    /// The most frequent first.
    var refused: [WhatIfAnswer.Refusal] {
        refusals.map { WhatIfAnswer.Refusal(rejection: $0, uses: $1) }
            .sorted { ($1.uses, $0.rejection) < ($0.uses, $1.rejection) }
    }
}

/// How many windows reached each threshold of their allowance in the period, and how many would have.
struct AlertTally {
    private struct Place: Hashable {
        let unit: Name
        let threshold: Int
    }

    private var counts: [Place: WhatIfAnswer.Threshold] = [:]

    /// Counts a window that has ended, or that nothing more will come of.
    mutating func count(_ window: ShadowWindow, of unit: Name) {
        let (actual, proposed) = (window.actual, window.proposed)
        for threshold in Set(actual.reachedInPeriod + proposed.reachedInPeriod) {
            let place = Place(unit: unit, threshold: threshold)
            let (was, would) = (
                actual.reachedInPeriod.contains(threshold), proposed.reachedInPeriod.contains(threshold)
            )
            counts[place, default: WhatIfAnswer.Threshold(unit: unit, threshold: threshold)].add(
                was: was, would: would, gained: would && !actual.reached.contains(threshold),
                lost: was && !proposed.reached.contains(threshold))
        }
    }

    /// By unit, then by threshold.
    var thresholds: [WhatIfAnswer.Threshold] {
        counts.values.sorted { ($0.unit, $0.threshold) < ($1.unit, $1.threshold) }
    }
}
