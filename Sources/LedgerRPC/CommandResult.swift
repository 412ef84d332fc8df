import EventCodec
public import JSONText
public import LedgerModel

/// What a command answers: a function of its group of events and nothing else, so that a replayed id answers the same.
extension JSONWriter {
    /// `{seq, at, replayed, what it did, alerts?}`. `events` is the command's whole group in order, at least one.
    public mutating func commandResult(_ events: [Event], replayed: Bool) {
        beginObject()
        sequence("seq", events.last!.sequence)
        key("at")
        timestamp(events.last!.at)
        key("replayed")
        boolean(replayed)
        if case .submitted = events[0].fact { submitted(events, replayed) } else { done(events) }
        endObject()
    }

    private mutating func done(_ events: [Event]) {
        deed(events)
        alerts(events[...])
    }

    /// Each command of a `submit` tells of itself, and of its alerts.
    private mutating func submitted(_ events: [Event], _ replayed: Bool) {
        let (groups, rest) = CommandResult.innerGroups(of: events)
        key("results")
        beginArray()
        for group in groups { commandResult(Array(group), replayed: replayed) }
        endArray()
        alerts(rest)
    }

    private mutating func deed(_ events: [Event]) {
        let event = CommandResult.deed(of: events)
        switch event.fact {
        // Uses
        case .debited(let debited): self.debited(debited, events)
        case .itemsRejected(let rejected): itemsOf(rejected.batch, events)
        case .refunded(let refunded): self.refunded(refunded, event.sequence)
        case .usageRecorded(let recorded): named("account", recorded.account)
        // Holds
        case .held(let held): self.held(held, id: event.id)
        case .holdExtended(let extended): self.extended(extended)
        case .settled(let ended), .holdExpired(let ended): settled(ended)
        case .released(let ended): released(ended)
        // Accounts and lots
        case .accountOpened(let opened): named("account", opened.account)
        case .accountFrozen(let changed): account(changed, .frozen)
        case .accountUnfrozen(let changed): account(changed, .open)
        case .accountClosed(let changed): account(changed, .closed)
        case .granted(let granted): opened(event.sequence, balance: granted.part.balance)
        case .adjusted(let adjusted): self.adjusted(adjusted, event.sequence)
        // Batches
        case .batchOpened(let opened): named("batch", opened.batch)
        case .batchClosed(let closed): named("batch", closed.batch)
        // Plans
        case .subscribed(let subscribed): self.subscribed(subscribed)
        case .planChanged(let changed): planChanged(changed, events)
        case .unsubscribed(let unsubscribed): self.unsubscribed(unsubscribed)
        case .allowanceOverridden(let fact): allowance(fact.plan, fact.unit, fact.period, events)
        case .allowanceReset(let fact): allowance(fact.plan, fact.unit, fact.period, events)
        // Configuration, keys, alerts, reports
        case .configured, .configurationScheduled, .configurationCancelled: changes(events)
        case .keyIssued, .keyUpdated, .keyRevoked: keys(events)
        case .alertDelivered(let acknowledged), .alertRead(let acknowledged): self.acknowledged(acknowledged)
        case .usageReported(let reported): named("platform", reported.platform)
        case .syncReported(let reported): named("platform", reported.platform)
        case .ledgerOpened, .recovered, .restored, .signingKeyReplaced, .submitted, .lotExpired, .allowanceOpened, .alertRaised:
            return
        }
    }

    private mutating func account(_ changed: AccountStateChanged, _ state: AccountState) {
        named("account", changed.account)
        key("state")
        string(state.rawValue)
    }

    private mutating func opened(_ lot: SequenceNumber?, balance: Balance) {
        if let lot { sequence("lot", lot) }
        key("balance")
        self.balance(balance)
    }

    private mutating func adjusted(_ adjusted: Adjusted, _ sequence: SequenceNumber) {
        opened(adjusted.isIncrease ? sequence : nil, balance: adjusted.part.balance)
        moved(adjusted.meters)
    }

    private mutating func acknowledged(_ acknowledged: AlertAcknowledged) {
        key("acknowledged")
        beginArray()
        for alert in acknowledged.alerts { sequence(alert) }
        endArray()
    }
}

enum CommandResult {
    /// The event that says what a group did; the others stand around it: what lapsed or opened by itself, and alerts.
    static func deed(of events: [Event]) -> Event {
        events.first { !$0.fact.isSideEffect } ?? events.first { if case .batchOpened = $0.fact { true } else { false } }
            ?? events.last { if case .unsubscribed = $0.fact { true } else { false } } ?? events[0]
    }

    /// The groups of the commands inside a `submit`, and what comes behind them.
    static func innerGroups(of events: [Event]) -> (groups: [ArraySlice<Event>], rest: ArraySlice<Event>) {
        var groups: [ArraySlice<Event>] = []
        var rest = events.dropFirst()
        while let head = rest.first?.group {
            groups.append(rest.prefix(head.count))
            rest = rest.dropFirst(head.count)
        }
        return (groups, rest)
    }
}

extension Fact {
    /// True for what happens by itself beside what a command asks for.
    ///
    /// The end of a subscription is also what `unsubscribe` asks for: it counts when there is nothing else.
    fileprivate var isSideEffect: Bool {
        switch self {
        case .accountOpened, .batchOpened, .lotExpired, .allowanceOpened, .unsubscribed, .alertRaised: true
        case .subscribed(let subscribed): subscribed.isDefault
        case .ledgerOpened, .recovered, .restored, .signingKeyReplaced, .submitted, .accountFrozen, .accountUnfrozen,
            .accountClosed, .granted, .adjusted,
            .debited,
            .itemsRejected, .refunded, .usageRecorded, .held, .holdExtended, .settled, .released, .holdExpired, .batchClosed,
            .planChanged, .allowanceOverridden, .allowanceReset, .configured, .configurationScheduled, .configurationCancelled,
            .keyIssued, .keyUpdated, .keyRevoked, .alertDelivered, .alertRead, .usageReported, .syncReported:
            false
        }
    }
}

// MARK: Fields that several results have

extension JSONWriter {
    mutating func named(_ field: StaticString, _ name: Name) {
        key(field)
        self.name(name)
    }

    mutating func named(_ field: StaticString, ifAny name: Name?) {
        if let name { named(field, name) }
    }

    mutating func time(_ field: StaticString, _ instant: Timestamp?) {
        guard let instant else { return }
        key(field)
        timestamp(instant)
    }

    mutating func count(_ field: StaticString, _ amount: Amount) {
        key(field)
        self.amount(amount)
    }
}
