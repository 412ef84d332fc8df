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
        deed(events)
        alerts(events)
        endObject()
    }

    private mutating func deed(_ events: [Event]) {
        let event = CommandResult.deed(of: events)
        switch event.fact {
        case .granted(let granted): opened(event.sequence, balance: granted.part.balance)
        case .adjusted(let adjusted): opened(adjusted.isIncrease ? event.sequence : nil, balance: adjusted.part.balance)
        case .debited(let debited) where debited.item == nil: self.debited(debited)
        case .debited(let debited): itemsOf(debited.use.batch, events)
        case .itemsRejected(let rejected): itemsOf(rejected.batch, events)
        case .refunded(let refunded): self.refunded(refunded, event.sequence)
        case .configured: changes(events)
        case .alertDelivered(let acknowledged), .alertRead(let acknowledged): self.acknowledged(acknowledged)
        case .batchOpened(let opened): named("batch", opened.batch)
        case .batchClosed(let closed): named("batch", closed.batch)
        case .accountOpened(let opened): named("account", opened.account)
        case .ledgerOpened, .recovered, .lotExpired, .alertRaised: return
        }
    }

    private mutating func named(_ field: StaticString, _ name: Name) {
        key(field)
        self.name(name)
    }

    private mutating func opened(_ lot: SequenceNumber?, balance: Balance) {
        if let lot { sequence("lot", lot) }
        key("balance")
        self.balance(balance)
    }

    private mutating func debited(_ debited: Debited) {
        if let priced = debited.priced {
            key("price")
            integer(priced.version)
        }
        key("parts")
        beginArray()
        for part in debited.parts { self.part(part.unit, part.amount, part.balance) { _ in } }
        endArray()
    }

    private mutating func part(_ unit: Name, _ amount: Amount, _ balance: Balance, _ more: (inout JSONWriter) -> Void) {
        beginObject()
        named("unit", unit)
        key("amount")
        self.amount(amount)
        more(&self)
        key("balance")
        self.balance(balance)
        endObject()
    }

    private mutating func refunded(_ refunded: Refunded, _ sequence: SequenceNumber) {
        named("of", refunded.of)
        key("parts")
        beginArray()
        for back in refunded.returns {
            part(back.part.unit, back.part.amount, back.part.balance) { writer in
                writer.key("expired")
                writer.amount(back.expired)
                if back.reissued != nil { writer.sequence("lot", sequence) }
            }
        }
        endArray()
    }

    private mutating func changes(_ events: [Event]) {
        key("changes")
        beginArray()
        for case .configured(let configured) in events.lazy.map(\.fact) {
            beginObject()
            key("key")
            string(configured.key.description)
            key("version")
            integer(configured.version)
            endObject()
        }
        endArray()
    }

    private mutating func acknowledged(_ acknowledged: AlertAcknowledged) {
        key("acknowledged")
        beginArray()
        for alert in acknowledged.alerts { sequence(alert) }
        endArray()
    }

    private mutating func alerts(_ events: [Event]) {
        var isFirst = true
        for event in events {
            guard case .alertRaised(let alert) = event.fact else { continue }
            if isFirst {
                key("alerts")
                beginArray()
                isFirst = false
            }
            self.alert(alert, event.sequence)
        }
        if !isFirst { endArray() }
    }

    private mutating func alert(_ alert: AlertRaised, _ sequence: SequenceNumber) {
        beginObject()
        self.sequence("seq", sequence)
        named("rule", alert.rule)
        key("severity")
        string(alert.severity.rawValue)
        endObject()
    }
}

/// The result of a `debitBatch`.
extension JSONWriter {
    private mutating func itemsOf(_ batch: Name?, _ events: [Event]) {
        if let batch { named("batch", batch) }
        let items = events.lazy.compactMap { if case .debited(let debited) = $0.fact { debited } else { nil } }
        key("accepted")
        integer(items.count)
        rejectedItems(events)
        key("parts")
        beginArray()
        for total in CommandResult.totals(items) { part(total.unit, total.amount, total.balance) { _ in } }
        endArray()
    }

    private mutating func rejectedItems(_ events: [Event]) {
        key("rejected")
        beginArray()
        for case .itemsRejected(let rejected) in events.lazy.map(\.fact) {
            for item in rejected.items { rejectedItem(item) }
        }
        endArray()
    }
}

enum CommandResult {
    struct Total {
        let unit: Name
        var amount: Amount
        var balance: Balance
    }

    /// The event that says what a group did; the others stand around it: what lapsed or opened by itself, and alerts.
    static func deed(of events: [Event]) -> Event {
        events.first { !$0.fact.isSideEffect } ?? events.first { if case .batchOpened = $0.fact { true } else { false } }
            ?? events[0]
    }

    /// What items took together, per unit in the order met, and the balance after the last. A group's sum fits, for each lot it draws
    /// from does.
    static func totals(_ items: some Sequence<Debited>) -> [Total] {
        var totals: [Total] = []
        for part in items.lazy.flatMap(\.parts) {
            if let index = totals.firstIndex(where: { $0.unit == part.unit }) {
                totals[index].amount = totals[index].amount + part.amount
                totals[index].balance = part.balance
            } else {
                totals.append(Total(unit: part.unit, amount: part.amount, balance: part.balance))
            }
        }
        return totals
    }
}

extension Fact {
    /// True for what happens by itself beside what a command asks for.
    fileprivate var isSideEffect: Bool {
        switch self {
        case .accountOpened, .batchOpened, .lotExpired, .alertRaised: true
        case .ledgerOpened, .recovered, .granted, .adjusted, .debited, .itemsRejected, .refunded, .batchClosed, .configured,
            .alertDelivered,
            .alertRead:
            false
        }
    }
}
