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
        optional("peer", event.peer.map(Int.init))
        optional("actor", event.actor)
    }

    mutating func literal(quoting text: StaticString) {
        quoted { writer in
            for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) { writer.byte(byte) }
        }
    }

    fileprivate mutating func fact(_ fact: Fact) {
        switch fact {
        case .ledgerOpened(let fact): ledgerOpened(fact)
        case .recovered(let fact): recovered(fact)
        case .restored(let fact): restored(fact)
        case .signingKeyReplaced(let fact): signingKeyReplaced(fact)
        case .submitted(let fact): field("commands", fact.commands)
        case .accountOpened(let fact): accountOpened(fact)
        case .accountFrozen(let fact), .accountUnfrozen(let fact), .accountClosed(let fact): accountStateChanged(fact)
        case .granted(let fact): granted(fact)
        case .adjusted(let fact): adjusted(fact)
        case .lotExpired(let fact): lotExpired(fact)
        case .debited(let fact): debited(fact)
        case .itemsRejected(let fact): itemsRejected(fact)
        case .refunded(let fact): refunded(fact)
        case .usageRecorded(let fact): usageRecorded(fact)
        case .held(let fact): held(fact)
        case .holdExtended(let fact): holdExtended(fact)
        case .settled(let fact), .released(let fact), .holdExpired(let fact): holdEnded(fact)
        case .batchOpened(let fact): batchOpened(fact)
        case .batchClosed(let fact): accountAndBatch(fact.account, fact.batch)
        case .subscribed(let fact): subscribed(fact)
        case .planChanged(let fact): planChanged(fact)
        case .unsubscribed(let fact): unsubscribed(fact)
        case .allowanceOpened(let fact): allowanceOpened(fact)
        case .allowanceOverridden(let fact): allowanceOverridden(fact)
        case .allowanceReset(let fact): allowanceReset(fact)
        case .configured(let fact): configured(fact)
        case .configurationScheduled(let fact): configurationScheduled(fact)
        case .configurationCancelled(let fact): configurationCancelled(fact)
        case .keyIssued(let fact): keyIssued(fact)
        case .keyUpdated(let fact): keyUpdated(fact)
        case .keyRevoked(let fact): keyRevoked(fact)
        case .alertRaised(let fact): alertRaised(fact)
        case .alertDelivered(let fact), .alertRead(let fact): acknowledged(fact)
        case .usageReported(let fact): usageReported(fact)
        case .syncReported(let fact): syncReported(fact)
        }
    }
}
