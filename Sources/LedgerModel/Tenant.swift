/// All that the book knows of one tenant.
struct Tenant: Hashable, Sendable {
    let name: Name
    var accounts: [Account] = []
    private var accountIndices: [Name: Int] = [:]
    var batches: [BatchKey: Batch] = [:]
    var configuration = Configuration()
    /// Alerts that nobody has read yet, by the number of their `alertRaised`.
    var unreadAlerts: Set<SequenceNumber> = []
    /// What was refunded of debits that have refunds, by the debit's number.
    var refunds: [SequenceNumber: RefundProgress] = [:]

    init(name: Name) { self.name = name }

    func accountIndex(_ account: Name) -> Int? { accountIndices[account] }

    mutating func openAccount(_ account: Name) {
        accountIndices[account] = accounts.count
        accounts.append(Account(name: account))
    }
}

/// What the book knows of one account.
struct Account: Hashable, Sendable {
    let name: Name
    /// One per unit that was ever moved, in order of first use: few, so that a search is faster than a table.
    var purses: [Purse] = []

    init(name: Name) { self.name = name }

    func purse(_ unit: Name) -> Purse { purses.first { $0.unit == unit } ?? Purse(unit: unit) }

    mutating func withPurse(_ unit: Name, _ body: (inout Purse) -> Void) {
        let index = purses.firstIndex { $0.unit == unit } ?? purses.endIndex
        if index == purses.endIndex { purses.append(Purse(unit: unit)) }
        body(&purses[index])
    }
}

/// A batch is scoped by tenant and account.
struct BatchKey: Hashable, Sendable {
    let account: Name
    let batch: Name
}

struct Batch: Hashable, Sendable {
    var isOpen: Bool
}

/// How much of a debit has been refunded.
struct RefundProgress: Hashable, Sendable {
    var amounts: [Name: Amount] = [:]
    var quantities: [Name: Amount] = [:]
}
