import JSONText
import LedgerModel

/// The event itself, field by field in the order of the line.
extension OrderedFields {
    mutating func event() throws(FieldError) -> Event {
        let sequence = try sequence("seq")
        let at = try timestamp("at")
        let day = try day()
        let type = try required("type") { (reader, field) throws(FieldError) in try reader.token(field) }
        let tenant = try name("tenant")
        let id = try name("id")
        let group = try group()
        let peer = try peer()
        let actor = try optionalName("actor")
        let fact = try fact(type)
        return Event(
            sequence: sequence, at: at, day: day, tenant: tenant, id: id, group: group, peer: peer, actor: actor,
            fact: fact)
    }

    private mutating func day() throws(FieldError) -> Day {
        let text = try required("day") { (reader, field) throws(FieldError) in try reader.token(field) }
        guard let day = text.plainBytes.flatMap({ Day($0) }) else {
            throw .value(field: "day", reason: "must be a date such as 2026-11-21")
        }
        return day
    }

    private mutating func group() throws(FieldError) -> GroupHead? {
        let count = try optional("events") { (reader, field) throws(FieldError) in
            try reader.integer(field, in: 1...Int(Amount.max.rawValue))
        }
        guard let count else { return nil }
        let text = try required("body") { (reader, field) throws(FieldError) in try reader.token(field) }
        guard let body = text.plainBytes.flatMap(OrderedFields.hexadecimal) else {
            throw .value(field: "body", reason: "must be 16 lower-case hexadecimal digits")
        }
        return GroupHead(count: count, body: body)
    }

    private mutating func peer() throws(FieldError) -> UInt32? {
        try optional("peer") { (reader, field) throws(FieldError) in UInt32(try reader.integer(field, in: 0...Int(UInt32.max))) }
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard bytes.count == 16 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    private mutating func fact(_ type: JSONKey) throws(FieldError) -> Fact {
        switch type {
        // The types of which a log has most come first: they are compared one after the other.
        case "debited": .debited(try debited())
        case "held": .held(try held())
        case "settled": .settled(try holdEnded())
        case "released": .released(try holdEnded())
        case "granted": .granted(try granted())
        case "refunded": .refunded(try refunded())
        case "allowanceOpened": .allowanceOpened(try allowanceOpened())
        case "lotExpired": .lotExpired(try lotExpired())
        case "accountOpened": .accountOpened(try accountOpened())
        case "holdExpired": .holdExpired(try holdEnded())
        case "holdExtended": .holdExtended(try holdExtended())
        case "usageRecorded": .usageRecorded(try usageRecorded())
        case "itemsRejected": .itemsRejected(try itemsRejected())
        case "batchOpened": .batchOpened(try batchOpened())
        case "batchClosed": .batchClosed(BatchClosed(account: try name("account"), batch: try name("batch")))
        default: try rarerFact(type)
        }
    }

    private mutating func rarerFact(_ type: JSONKey) throws(FieldError) -> Fact {
        switch type {
        case "ledgerOpened": .ledgerOpened(try ledgerOpened())
        case "recovered": .recovered(try recovered())
        case "restored": .restored(try restored())
        case "signingKeyReplaced": .signingKeyReplaced(try signingKeyReplaced())
        case "submitted": .submitted(Submitted(commands: try integer("commands")))
        case "accountFrozen": .accountFrozen(try accountStateChanged())
        case "accountUnfrozen": .accountUnfrozen(try accountStateChanged())
        case "accountClosed": .accountClosed(try accountStateChanged())
        case "adjusted": .adjusted(try adjusted())
        case "subscribed": .subscribed(try subscribed())
        case "planChanged": .planChanged(try planChanged())
        case "unsubscribed": .unsubscribed(try unsubscribed())
        case "allowanceOverridden": .allowanceOverridden(try allowanceOverridden())
        case "allowanceReset": .allowanceReset(try allowanceReset())
        case "configured": .configured(try configured())
        case "configurationScheduled": .configurationScheduled(try configurationScheduled())
        case "configurationCancelled": .configurationCancelled(try configurationCancelled())
        case "keyIssued": .keyIssued(try keyIssued())
        case "keyUpdated": .keyUpdated(try keyUpdated())
        case "keyRevoked": .keyRevoked(try keyRevoked())
        case "alertRaised": .alertRaised(try alertRaised())
        case "alertDelivered": .alertDelivered(try acknowledged())
        case "alertRead": .alertRead(try acknowledged())
        case "usageReported": .usageReported(try usageReported())
        case "syncReported": .syncReported(try syncReported())
        default: throw .value(field: "type", reason: "\"\(type.text)\" is unknown: the log was written by a newer version")
        }
    }
}
