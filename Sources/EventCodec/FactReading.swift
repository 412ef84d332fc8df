import JSONText
import LedgerModel

/// The event itself and each kind of fact, field by field in the order of the line.
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
        case "ledgerOpened":
            .ledgerOpened(LedgerOpened(ledger: try name("ledger"), origin: try name("origin"), key: try name("key")))
        case "recovered": .recovered(try recovered())
        case "accountOpened":
            .accountOpened(AccountOpened(account: try name("account"), name: try optionalName("name"), labels: try labels()))
        case "granted": .granted(try granted())
        case "adjusted": .adjusted(try adjusted())
        case "debited": .debited(try debited())
        case "itemsRejected": .itemsRejected(try itemsRejected())
        case "refunded": .refunded(try refunded())
        case "lotExpired": .lotExpired(try lotExpired())
        case "batchOpened": .batchOpened(try batchOpened())
        case "batchClosed": .batchClosed(BatchClosed(account: try name("account"), batch: try name("batch")))
        case "configured": .configured(try configured())
        case "alertRaised": .alertRaised(try alertRaised())
        case "alertDelivered": .alertDelivered(try acknowledged())
        case "alertRead": .alertRead(try acknowledged())
        default: throw .value(field: "type", reason: "\"\(type.text)\" is unknown: the log was written by a newer version")
        }
    }

    private mutating func recovered() throws(FieldError) -> Recovered {
        Recovered(
            segment: try sequence("segment"), offset: UInt64(try integer("offset")), byteCount: UInt64(try integer("byteCount")),
            torn: try name("torn"))
    }

    // MARK: Accounts

    private mutating func granted() throws(FieldError) -> Granted {
        Granted(account: try name("account"), terms: try terms(), memo: try optionalText("memo"), part: try onlyPart())
    }

    private mutating func adjusted() throws(FieldError) -> Adjusted {
        let account = try name("account")
        let direction = try choice("direction", of: Direction.self)
        return Adjusted(
            account: account, reason: try text("reason"), isIncrease: direction == .up, before: try balance("before"),
            part: try onlyPart())
    }

    private enum Direction: String, CaseIterable {
        case up, down
    }

    private mutating func lotExpired() throws(FieldError) -> LotExpired {
        LotExpired(
            account: try name("account"), lot: try sequence("lot"), expiresAt: try timestamp("expiresAt"), part: try onlyPart())
    }

    // MARK: Use

    private mutating func debited() throws(FieldError) -> Debited {
        let account = try name("account")
        let priced = try priced()
        let (key, batch, item) = (try optionalName("key"), try optionalName("batch"), try optionalName("item"))
        let use = Use(
            key: key, batch: batch, labels: try labels(), occurredAt: try optionalTimestamp("occurredAt"), details: try details())
        return Debited(account: account, priced: priced, use: use, item: item, parts: try parts())
    }

    private mutating func priced() throws(FieldError) -> Priced? {
        guard let feature = try optionalName("feature") else { return nil }
        return Priced(feature: feature, quantities: try quantities(), version: try integer("price"))
    }

    private mutating func details() throws(FieldError) -> String? {
        try optional("details") { (reader, field) throws(FieldError) in
            try reader.json(field, byteCountMax: FieldBounds.detailsByteCountMax)
        }
    }

    private mutating func itemsRejected() throws(FieldError) -> ItemsRejected {
        ItemsRejected(
            account: try name("account"), batch: try name("batch"),
            items: try objects("items") { (fields) throws(FieldError) in try fields.rejectedItem() })
    }

    private mutating func rejectedItem() throws(FieldError) -> ItemsRejected.Item {
        let item = try name("item")
        let message = try text("message")
        guard reader.takeKey("data") else { throw .missing("data") }
        return ItemsRejected.Item(item: item, rejection: try rejection(message))
    }

    /// An object with fields of its own behind the fixed ones, read to its end.
    private mutating func rejection(_ message: String) throws(FieldError) -> RejectionRecord {
        try enter()
        let (name, number) = (try text("rejection"), try integer("number"))
        var fields: [RejectionRecord.Field] = []
        while let key = try nextKey() {
            let isText = (try? reader.peekType()) == .string
            let value: RejectionRecord.Value = isText ? .text(try reader.text("data")) : .number(try reader.int64("data"))
            fields.append(RejectionRecord.Field(name: key, value: value))
        }
        return RejectionRecord(name: name, number: number, message: message, fields: fields)
    }

    private mutating func refunded() throws(FieldError) -> Refunded {
        Refunded(
            account: try name("account"), of: try name("of"), debit: try sequence("debit"), feature: try optionalName("feature"),
            batch: try optionalName("batch"), labels: try labels(), quantities: try optionalQuantities() ?? [],
            reason: try optionalText("reason"),
            returns: try objects("parts") { (fields) throws(FieldError) in try fields.refundedPart() })
    }

    private mutating func refundedPart() throws(FieldError) -> Refunded.Return {
        var returned = Refunded.Return(
            part: Part(unit: try name("unit"), amount: try amount("amount"), lots: [], balance: Balance(available: .zero)))
        returned.part.lots = try objects("lots") { (fields) throws(FieldError) in
            let draw = try fields.draw()
            if let terms = try fields.optionalTerms("reopened") { returned.reopened[draw.lot] = terms }
            return draw
        }
        returned.part.balance = try balance("balance")
        returned.expired = try optional("expired") { (reader, field) throws(FieldError) in try reader.amount(field) } ?? .zero
        returned.reissued = try optionalTerms("reissued")
        return returned
    }

    // MARK: Batches, configuration, alerts

    private mutating func batchOpened() throws(FieldError) -> BatchOpened {
        BatchOpened(
            account: try name("account"), batch: try name("batch"), feature: try optionalName("feature"),
            size: try optionalInteger("size"))
    }

    private mutating func configured() throws(FieldError) -> Configured {
        guard let key = DocumentKey(try text("key")) else { throw .value(field: "key", reason: "names no kind of document") }
        let version = try integer("version")
        let document = try required("value") { (reader, _) throws(FieldError) -> Document? in
            (try? reader.peekType()) == .null ? try reader.absent() : try reader.document(key.kind)
        }
        return Configured(
            key: key, version: version, document: document, reason: try text("reason"),
            rollbackOf: try optionalInteger("rollbackOf"))
    }

    private mutating func alertRaised() throws(FieldError) -> AlertRaised {
        let (rule, severity) = (try name("rule"), try choice("severity", of: AlertSeverity.self))
        let account = try name("account")
        let condition: AlertRaised.Condition =
            switch try choice("kind", of: AlertKind.self) {
            case .lowBalance: .lowBalance(unit: try name("unit"), below: try amount("below"), available: try amount("available"))
            }
        return AlertRaised(rule: rule, severity: severity, account: account, condition: condition)
    }

    private mutating func acknowledged() throws(FieldError) -> AlertAcknowledged {
        try required("alerts") { (reader, field) throws(FieldError) in
            AlertAcknowledged(
                alerts: try reader.array(field, countMax: AcknowledgeAlerts.alertCountMax) { (reader) throws(FieldError) in
                    try reader.sequence("alert")
                })
        }
    }

    // MARK: Pieces

    private mutating func parts() throws(FieldError) -> [Part] {
        try objects("parts") { (fields) throws(FieldError) in try fields.part() }
    }

    private mutating func onlyPart() throws(FieldError) -> Part {
        let parts = try parts()
        guard parts.count == 1 else { throw .value(field: "parts", reason: "must have one element") }
        return parts[0]
    }

    private mutating func part() throws(FieldError) -> Part {
        Part(
            unit: try name("unit"), amount: try amount("amount"),
            lots: try objects("lots") { (fields) throws(FieldError) in try fields.draw() }, balance: try balance("balance"))
    }

    private mutating func draw() throws(FieldError) -> Draw {
        Draw(lot: try sequence("lot"), amount: try amount("amount"), remaining: try amount("remaining"))
    }

    private mutating func optionalTerms(_ field: StaticString) throws(FieldError) -> LotTerms? {
        guard reader.takeKey(field) else { return nil }
        return try nested { (fields) throws(FieldError) in try fields.terms() }
    }

    private mutating func terms() throws(FieldError) -> LotTerms {
        let priority = try required("priority") { (reader, field) throws(FieldError) in
            try reader.integer(field, in: LotTerms.priorityRange)
        }
        return LotTerms(
            priority: priority, effectiveAt: try optionalTimestamp("effectiveAt"), expiresAt: try optionalTimestamp("expiresAt"),
            source: try choice("source", of: LotSource.self))
    }
}

extension JSONReader {
    /// A null, as the absence of a document.
    fileprivate mutating func absent() throws(FieldError) -> Document? {
        do throws(JSONError) { _ = try null() } catch { throw .text(error) }
        return nil
    }
}
