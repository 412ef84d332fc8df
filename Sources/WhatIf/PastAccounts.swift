import LedgerModel
import ReadModels

/// What single accounts had: asked when the first of their uses comes.
struct PastAccounts {
    private let queries: PastQueries
    /// Windows that ended before this instant do not matter.
    private let start: Timestamp
    /// Nor do subscriptions to other plans.
    private let plan: Name?

    /// - Parameter plan: The proposed one; nil for a price.
    init(_ queries: PastQueries, since start: Timestamp, plan: Name?) {
        (self.queries, self.start, self.plan) = (queries, start, plan)
    }

    func plans(of account: Name, _ documents: inout PastDocuments) throws(WhatIfError) -> PastPlans {
        PastPlans(windows: try windows(of: account, &documents), subscriptions: try subscriptions(of: account))
    }

    /// What was available when a use came, of a unit that it did not move: nothing changes that in the use's own event.
    func available(_ account: Name, _ unit: Name, at use: PastUse) throws(WhatIfError) -> Amount? {
        let arguments: [String: QueryValue] = [
            "account": .text(account.text), "unit": .text(unit.text), "seq": .integer(Int64(use.sequence.rawValue)),
        ]
        var available = Amount.zero
        try queries.forEach("balances.past", arguments) { (row) throws(WhatIfError) in available = row.amount("available") }
        return available
    }

    private func windows(of account: Name, _ documents: inout PastDocuments) throws(WhatIfError) -> [PastWindow] {
        var windows: [PastWindow] = []
        let rows = try queries.cursor("allowances.windows", ["account": .text(account.text)])
        while let row = try queries.next(rows) {
            guard var window = PastWindow(row), window.end.map({ $0 > start }) ?? true else { continue }
            let version = Int(row.integer("version") ?? 0)
            window.follow(try documents.plan(window.plan, version: version)?.allowance(of: window.unit, window.period))
            windows.append(window)
        }
        return windows.sorted { ($0.interval.start, $0.number) < ($1.interval.start, $1.number) }
    }

    private func subscriptions(of account: Name) throws(WhatIfError) -> [PastSubscription] {
        guard let plan else { return [] }
        var subscriptions: [PastSubscription] = []
        let arguments: [String: QueryValue] = ["account": .text(account.text), "plan": .text(plan.text)]
        try queries.forEach("accounts.subscriptions", arguments) { (row) throws(WhatIfError) in
            guard let start = row.timestamp("startsAt"), let anchor = row.integer("anchor") else { return }
            let interval = Interval(start: start, end: row.timestamp("endsAt"))
            subscriptions.append(PastSubscription(plan: plan, interval: interval, anchor: Int(anchor)))
        }
        return subscriptions.reversed()
    }
}

extension PastWindow {
    /// Nil for a row that cannot be read.
    fileprivate init?(_ row: PastRow) {
        guard let number = row.integer("window"), let plan = row.name("plan"), let unit = row.name("unit"),
            let period = row.text("period").flatMap({ Period(rawValue: $0) }), let start = row.timestamp("startsAt")
        else { return nil }
        let (limit, carried) = (row.integer("limit").flatMap { Amount(rawValue: $0) }, row.amount("carried"))
        self.init(
            number: SequenceNumber(UInt64(number)), plan: plan, unit: unit, period: period,
            interval: Interval(start: start, end: row.timestamp("resetsAt")), endedAt: row.timestamp("endsAt"),
            amount: limit.map { .units(max($0, carried) - carried) } ?? .unlimited, carried: carried)
    }

    /// Takes from the plan's version what the window itself does not tell.
    fileprivate mutating func follow(_ allowance: AllowanceDocument?) {
        guard let allowance else { return }
        isOverridden = amount != allowance.amount
        (priority, anchor, rollover) = (allowance.priority, allowance.anchor, allowance.rollover)
    }
}
