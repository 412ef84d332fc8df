/// All that the book knows of one tenant. Its tables stand behind one reference, for it is handed from rule to rule.
struct Tenant: Hashable, Sendable {
    private struct Tables: Hashable, Sendable {
        var accounts = Sharded<Name, Account>()
        var batches = Sharded<BatchKey, Batch>()
        var holds = Sharded<Name, OpenHold>()
        var keys = Sharded<Name, Key>()
        var configuration = Configuration()
        var unreadAlerts: Set<SequenceNumber> = []
        var refunds = Sharded<SequenceNumber, RefundProgress>()
        var spending = Sharded<SpendKey, Spending>()
    }

    let name: Name
    private var tables = Boxed(Tables())

    init(name: Name) { self.name = name }

    var accounts: Sharded<Name, Account> {
        _read { yield tables.value.accounts }
        _modify { yield &tables.value.accounts }
    }

    var batches: Sharded<BatchKey, Batch> {
        _read { yield tables.value.batches }
        _modify { yield &tables.value.batches }
    }

    /// Those that are open, by id.
    var holds: Sharded<Name, OpenHold> {
        _read { yield tables.value.holds }
        _modify { yield &tables.value.holds }
    }

    /// Revoked ones too: a key's name and hash are never free again.
    var keys: Sharded<Name, Key> {
        _read { yield tables.value.keys }
        _modify { yield &tables.value.keys }
    }

    var configuration: Configuration {
        _read { yield tables.value.configuration }
        _modify { yield &tables.value.configuration }
    }

    /// Alerts that nobody has read yet, by the number of their `alertRaised`.
    var unreadAlerts: Set<SequenceNumber> {
        _read { yield tables.value.unreadAlerts }
        _modify { yield &tables.value.unreadAlerts }
    }

    /// What was refunded of debits that have refunds, by the debit's number.
    var refunds: Sharded<SequenceNumber, RefundProgress> {
        _read { yield tables.value.refunds }
        _modify { yield &tables.value.refunds }
    }

    /// What subjects have spent in the last window of the rules that watch them.
    var spending: Sharded<SpendKey, Spending> {
        _read { yield tables.value.spending }
        _modify { yield &tables.value.spending }
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

/// An account, key, tag or platform under an alert rule.
struct SpendKey: Hashable, Sendable {
    let rule: Name
    let subject: Name
}

struct Spending: Hashable, Sendable {
    let unit: Name
    let period: Period
    let window: Interval
    let used: Amount
    /// The rule's alert was raised for this window.
    var isRaised: Bool
}
