public import JSONText
public import LedgerModel

/// Facts about uses and what is given back of them.
extension JSONWriter {
    mutating func debited(_ fact: Debited) {
        named("account", fact.account)
        priced(fact.priced)
        optional("key", fact.use.key)
        optional("batch", fact.use.batch)
        optional("item", fact.item)
        useBehindBatch(fact.use)
        partsField(fact.parts)
        metersField(fact.meters)
        late(fact.late)
    }

    /// `feature`, `quantities` and the version of the `price`; nothing for what has no price.
    mutating func priced(_ priced: Priced?) {
        guard let priced else { return }
        named("feature", priced.feature)
        key("quantities")
        quantities(priced.quantities)
        field("price", priced.version)
    }

    mutating func use(_ use: Use) {
        optional("key", use.key)
        optional("batch", use.batch)
        useBehindBatch(use)
    }

    /// What is said about a use behind its `key` and `batch`.
    private mutating func useBehindBatch(_ use: Use) {
        nonempty("labels", use.labels)
        optional("occurredAt", use.occurredAt)
        if let details = use.details {
            key("details")
            raw(details)
        }
    }

    private mutating func late(_ late: LateSettlement?) {
        guard let late else { return }
        key("late")
        beginObject()
        named("hold", late.hold)
        field("held", late.held)
        choice("method", late.method)
        positive("shortfall", late.shortfall)
        endObject()
    }

    mutating func itemsRejected(_ fact: ItemsRejected) {
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
        field("message", text: item.rejection.message)
        key("data")
        beginObject()
        rejectionFields(item.rejection)
        endObject()
        endObject()
    }

    mutating func refunded(_ fact: Refunded) {
        named("account", fact.account)
        named("of", fact.of)
        field("debit", fact.debit)
        optional("feature", fact.feature)
        optional("key", fact.key)
        optional("batch", fact.batch)
        nonempty("labels", fact.labels)
        if !fact.quantities.isEmpty {
            key("quantities")
            quantities(fact.quantities)
        }
        optional("reason", text: fact.reason)
        key("parts")
        returns(fact.returns)
        metersField(fact.meters)
        late(fact.late)
    }

    mutating func usageRecorded(_ fact: UsageRecorded) {
        named("account", fact.account)
        ask(fact.ask)
        use(fact.use)
    }

    private mutating func ask(_ ask: Ask) {
        switch ask {
        case .amount(let unit, let amount):
            named("unit", unit)
            field("amount", amount)
        case .priced(let feature, let quantities):
            named("feature", feature)
            key("quantities")
            self.quantities(quantities)
        }
    }
}

extension OrderedFields {
    mutating func debited() throws(FieldError) -> Debited {
        let account = try name("account")
        let priced = try priced()
        let (key, batch, item) = (try optionalName("key"), try optionalName("batch"), try optionalName("item"))
        let use = try useBehindBatch(key: key, batch: batch)
        return Debited(
            account: account, priced: priced, use: use, item: item, parts: try parts(), meters: try meters(), late: try late())
    }

    mutating func priced() throws(FieldError) -> Priced? {
        guard let feature = try optionalName("feature") else { return nil }
        return Priced(feature: feature, quantities: try quantities(), version: try integer("price"))
    }

    mutating func use() throws(FieldError) -> Use {
        let (key, batch) = (try optionalName("key"), try optionalName("batch"))
        return try useBehindBatch(key: key, batch: batch)
    }

    private mutating func useBehindBatch(key: Name?, batch: Name?) throws(FieldError) -> Use {
        Use(key: key, batch: batch, labels: try labels(), occurredAt: try optionalTimestamp("occurredAt"), details: try details())
    }

    private mutating func details() throws(FieldError) -> String? {
        try optional("details") { (reader, field) throws(FieldError) in
            try reader.json(field, byteCountMax: FieldBounds.detailsByteCountMax)
        }
    }

    private mutating func late() throws(FieldError) -> LateSettlement? {
        try optionalObject("late") { (fields) throws(FieldError) in
            LateSettlement(
                hold: try fields.name("hold"), held: try fields.sequence("held"),
                method: try fields.choice("method", of: SettlementMethod.self),
                shortfall: try fields.optionalAmount("shortfall") ?? .zero)
        }
    }

    mutating func itemsRejected() throws(FieldError) -> ItemsRejected {
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

    mutating func refunded() throws(FieldError) -> Refunded {
        Refunded(
            account: try name("account"), of: try name("of"), debit: try sequence("debit"), feature: try optionalName("feature"),
            key: try optionalName("key"), batch: try optionalName("batch"), labels: try labels(),
            quantities: try optionalQuantities() ?? [], reason: try optionalText("reason"),
            returns: try objects("parts") { (fields) throws(FieldError) in try fields.returned() },
            meters: try meters(), late: try late())
    }

    mutating func usageRecorded() throws(FieldError) -> UsageRecorded {
        UsageRecorded(account: try name("account"), ask: try ask(), use: try use())
    }

    private mutating func ask() throws(FieldError) -> Ask {
        if let unit = try optionalName("unit") { return .amount(unit: unit, try amount("amount")) }
        return .priced(feature: try name("feature"), quantities: try quantities())
    }
}
