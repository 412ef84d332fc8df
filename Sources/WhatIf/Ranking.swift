import LedgerModel

/// The accounts for whom most changes, of each unit.
struct Ranking {
    private let count: Int
    private var rows: [Name: [WhatIfAnswer.Account]] = [:]

    init(_ count: Int) { self.count = count }

    /// Takes an account in, if something changes for it and no others in so many change more.
    mutating func add(_ row: WhatIfAnswer.Account) {
        if row.change == 0 && row.refused == 0 { return }
        var best = rows[row.unit] ?? []
        if best.count == count, let last = best.last, !Ranking.isBefore(row, last) { return }
        best.insert(row, at: best.firstIndex { Ranking.isBefore(row, $0) } ?? best.endIndex)
        rows[row.unit] = Array(best.prefix(count))
    }

    /// By unit, those for whom most changes first.
    var all: [WhatIfAnswer.Account] { rows.keys.sorted().flatMap { rows[$0]! } }

    private static func isBefore(_ left: WhatIfAnswer.Account, _ right: WhatIfAnswer.Account) -> Bool {
        (right.change, right.refused, left.account) < (left.change, left.refused, right.account)
    }
}

extension WhatIfAnswer.Account {
    /// How much changes in what is taken, or in what the account bears itself.
    fileprivate var change: Int64 { max(abs(taken.difference), abs(beyondAllowance.difference)) }
}
