public import JSONText
public import LedgerModel

/// Events to lines of the log and back. A line is written once and hashed for ever: its bytes are never made again from an event.
public enum EventCodec {
    /// Writes the event as one line, its line feed included: the common fields in their fixed order, then the fact's own.
    public static func encode(_ event: Event, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.header(of: event)
        writer.fact(event.fact)
        writer.endObject()
        writer.endLine()
    }
}

extension Fact {
    /// The event's type as it stands in the log.
    public var type: StaticString {
        switch self {
        case .ledgerOpened: "ledgerOpened"
        case .recovered: "recovered"
        case .accountOpened: "accountOpened"
        case .granted: "granted"
        case .adjusted: "adjusted"
        case .debited: "debited"
        case .itemsRejected: "itemsRejected"
        case .refunded: "refunded"
        case .lotExpired: "lotExpired"
        case .batchOpened: "batchOpened"
        case .batchClosed: "batchClosed"
        case .configured: "configured"
        case .alertRaised: "alertRaised"
        case .alertDelivered: "alertDelivered"
        case .alertRead: "alertRead"
        }
    }
}

extension Fact {
    /// Every type there is, in the order of the cases.
    public static let types = [
        "ledgerOpened", "recovered", "accountOpened", "granted", "adjusted", "debited", "itemsRejected", "refunded", "lotExpired",
        "batchOpened", "batchClosed", "configured", "alertRaised", "alertDelivered", "alertRead",
    ]
}

extension JSONWriter {
    fileprivate mutating func header(of event: Event) {
        key("seq")
        sequence(event.sequence)
        key("at")
        timestamp(event.at)
        key("day")
        day(event.day)
        key("type")
        literal(quoting: event.fact.type)
        key("tenant")
        name(event.tenant)
        key("id")
        name(event.id)
        if let group = event.group {
            key("events")
            integer(group.count)
            key("body")
            body(group.body)
        }
        if let peer = event.peer {
            key("peer")
            integer(Int64(peer))
        }
        optional("actor", event.actor)
    }

    private mutating func literal(quoting text: StaticString) {
        quoted { writer in
            for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) { writer.byte(byte) }
        }
    }

    fileprivate mutating func fact(_ fact: Fact) {
        switch fact {
        case .ledgerOpened(let fact): ledgerOpened(fact)
        case .recovered(let fact): recovered(fact)
        case .accountOpened(let fact): accountOpened(fact)
        case .granted(let fact): granted(fact)
        case .adjusted(let fact): adjusted(fact)
        case .debited(let fact): debited(fact)
        case .itemsRejected(let fact): itemsRejected(fact)
        case .refunded(let fact): refunded(fact)
        case .lotExpired(let fact): lotExpired(fact)
        case .batchOpened(let fact): batchOpened(fact)
        case .batchClosed(let fact): accountAndBatch(fact.account, fact.batch)
        case .configured(let fact): configured(fact)
        case .alertRaised(let fact): alertRaised(fact)
        case .alertDelivered(let fact), .alertRead(let fact):
            key("alerts")
            beginArray()
            for alert in fact.alerts { sequence(alert) }
            endArray()
        }
    }

    // MARK: The ledger itself

    private mutating func ledgerOpened(_ fact: LedgerOpened) {
        named("ledger", fact.ledger)
        named("origin", fact.origin)
        named("key", fact.key)
    }

    private mutating func recovered(_ fact: Recovered) {
        key("segment")
        sequence(fact.segment)
        key("offset")
        integer(Int64(fact.offset))
        key("byteCount")
        integer(Int64(fact.byteCount))
        named("torn", fact.torn)
    }

    // MARK: Accounts

    private mutating func accountOpened(_ fact: AccountOpened) {
        named("account", fact.account)
        optional("name", fact.name)
        nonempty("labels", fact.labels)
    }

    private mutating func granted(_ fact: Granted) {
        named("account", fact.account)
        terms(fact.terms)
        optional("memo", text: fact.memo)
        parts([fact.part])
    }

    private mutating func adjusted(_ fact: Adjusted) {
        named("account", fact.account)
        key("direction")
        literal(quoting: fact.isIncrease ? "up" : "down")
        key("reason")
        string(fact.reason)
        key("before")
        balance(fact.before)
        parts([fact.part])
    }

    private mutating func lotExpired(_ fact: LotExpired) {
        named("account", fact.account)
        key("lot")
        sequence(fact.lot)
        key("expiresAt")
        timestamp(fact.expiresAt)
        parts([fact.part])
    }

    // MARK: Use

    private mutating func debited(_ fact: Debited) {
        named("account", fact.account)
        if let priced = fact.priced {
            named("feature", priced.feature)
            key("quantities")
            quantities(priced.quantities)
            key("price")
            integer(priced.version)
        }
        optional("key", fact.use.key)
        optional("batch", fact.use.batch)
        optional("item", fact.item)
        nonempty("labels", fact.use.labels)
        optional("occurredAt", fact.use.occurredAt)
        if let details = fact.use.details {
            key("details")
            raw(details)
        }
        parts(fact.parts)
    }

    private mutating func itemsRejected(_ fact: ItemsRejected) {
        accountAndBatch(fact.account, fact.batch)
        key("items")
        beginArray()
        for item in fact.items { rejectedItem(item) }
        endArray()
    }

    /// An item's id and why it was refused.
    public mutating func rejectedItem(_ item: ItemsRejected.Item) {
        beginObject()
        named("item", item.item)
        key("message")
        string(item.rejection.message)
        key("data")
        beginObject()
        rejectionFields(item.rejection)
        endObject()
        endObject()
    }

    private mutating func refunded(_ fact: Refunded) {
        named("account", fact.account)
        named("of", fact.of)
        key("debit")
        sequence(fact.debit)
        optional("feature", fact.feature)
        optional("batch", fact.batch)
        nonempty("labels", fact.labels)
        if !fact.quantities.isEmpty {
            key("quantities")
            quantities(fact.quantities)
        }
        optional("reason", text: fact.reason)
        key("parts")
        beginArray()
        for returned in fact.returns { refundedPart(returned) }
        endArray()
    }

    private mutating func refundedPart(_ returned: Refunded.Return) {
        beginObject()
        partFields(returned.part) { $0.reopenedTerms(of: $1, in: returned) }
        if returned.expired > .zero {
            key("expired")
            amount(returned.expired)
        }
        if let reissued = returned.reissued {
            key("reissued")
            beginObject()
            terms(reissued)
            endObject()
        }
        endObject()
    }

    private mutating func reopenedTerms(of draw: Draw, in returned: Refunded.Return) {
        guard let reopened = returned.reopened[draw.lot] else { return }
        key("reopened")
        beginObject()
        terms(reopened)
        endObject()
    }

    // MARK: Batches, configuration, alerts

    private mutating func batchOpened(_ fact: BatchOpened) {
        accountAndBatch(fact.account, fact.batch)
        optional("feature", fact.feature)
        if let size = fact.size {
            key("size")
            integer(size)
        }
    }

    private mutating func accountAndBatch(_ account: Name, _ batch: Name) {
        named("account", account)
        named("batch", batch)
    }

    private mutating func configured(_ fact: Configured) {
        key("key")
        string(fact.key.description)
        key("version")
        integer(fact.version)
        key("value")
        if let document = fact.document { self.document(document) } else { null() }
        key("reason")
        string(fact.reason)
        if let version = fact.rollbackOf {
            key("rollbackOf")
            integer(version)
        }
    }

    private mutating func alertRaised(_ fact: AlertRaised) {
        named("rule", fact.rule)
        key("severity")
        string(fact.severity.rawValue)
        named("account", fact.account)
        switch fact.condition {
        case .lowBalance(let unit, let below, let available):
            key("kind")
            string(AlertKind.lowBalance.rawValue)
            named("unit", unit)
            key("below")
            amount(below)
            key("available")
            amount(available)
        }
    }

    // MARK: Pieces

    private mutating func parts(_ parts: [Part]) {
        key("parts")
        beginArray()
        for part in parts {
            beginObject()
            partFields(part) { _, _ in }
            endObject()
        }
        endArray()
    }

    private mutating func partFields(_ part: Part, _ more: (inout JSONWriter, Draw) -> Void) {
        named("unit", part.unit)
        key("amount")
        amount(part.amount)
        key("lots")
        beginArray()
        for draw in part.lots {
            beginObject()
            key("lot")
            sequence(draw.lot)
            key("amount")
            amount(draw.amount)
            key("remaining")
            amount(draw.remaining)
            more(&self, draw)
            endObject()
        }
        endArray()
        key("balance")
        balance(part.balance)
    }

    private mutating func terms(_ terms: LotTerms) {
        key("priority")
        integer(terms.priority)
        optional("effectiveAt", terms.effectiveAt)
        optional("expiresAt", terms.expiresAt)
        key("source")
        string(terms.source.rawValue)
    }

    private mutating func named(_ field: StaticString, _ name: Name) {
        key(field)
        self.name(name)
    }

    private mutating func optional(_ field: StaticString, _ name: Name?) {
        if let name { named(field, name) }
    }

    private mutating func optional(_ field: StaticString, text: String?) {
        guard let text else { return }
        key(field)
        string(text)
    }

    private mutating func optional(_ field: StaticString, _ instant: Timestamp?) {
        guard let instant else { return }
        key(field)
        timestamp(instant)
    }

    private mutating func nonempty(_ field: StaticString, _ labels: Labels) {
        if labels.isEmpty { return }
        key(field)
        self.labels(labels)
    }
}
