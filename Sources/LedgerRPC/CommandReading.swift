import EventCodec
import JSONText
import LedgerModel

/// What every command has beside its own fields.
struct CommandHead {
    var tenant: Name?
    var id: Name?
    var actor: Name?
    /// Required fields that may be missing, a bit for each.
    private(set) var excused: UInt64 = 0

    /// Of a command inside `submit`, which need not say the tenant again: the first field of every command.
    static let inner = CommandHead(excused: 1)

    /// Reads a field that is not the command's own.
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) {
        switch key {
        case "tenant": tenant = try reader.name("tenant")
        case "id": id = try reader.name("id")
        case "actor": actor = try reader.name("actor")
        default: preconditionFailure("\(key.text) is in a shape and nobody reads it")
        }
    }
}

/// How much to take, gathered from fields that lie flat beside others.
struct AskFields {
    private(set) var unit: Name?
    private var amount: Amount?
    private var feature: Name?
    private var quantities: [Quantity]?

    /// Nothing is there but perhaps a unit.
    var namesNoAmount: Bool { amount == nil && feature == nil && quantities == nil }

    /// Reads the field and answers true if it is one of these.
    @inline(__always)
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "unit": unit = try reader.name("unit")
        case "amount": amount = try reader.amount("amount")
        case "feature": feature = try reader.name("feature")
        case "quantities": quantities = try reader.quantities("quantities")
        default: return false
        }
        return true
    }

    func ask() throws(FieldError) -> Ask {
        switch (unit, amount, feature, quantities) {
        case (let unit?, let amount?, nil, nil): .amount(unit: unit, amount)
        case (nil, nil, let feature?, let quantities?): .priced(feature: feature, quantities: quantities)
        default: throw .shape(field: "amount", reason: "must be said either by unit and amount or by feature and quantities")
        }
    }
}

/// The commands that move units. Required fields are there once the walk has ended, because their shapes say so.
extension JSONReader {
    mutating func command(_ method: CommandMethod, _ head: inout CommandHead) throws(FieldError) -> Command {
        switch method {
        case .debit: .debit(try debit(&head))
        case .debitBatch: .debitBatch(try debitBatch(&head))
        case .refund: .refund(try refund(&head))
        case .recordUsage: .recordUsage(try recordUsage(&head))
        case .hold: .hold(try hold(&head))
        case .settle: .settle(try settle(&head))
        case .release: .release(try release(&head))
        case .extend: .extend(try extend(&head))
        case .grant: .grant(try grant(&head))
        case .adjust: .adjust(try adjust(&head))
        case .openAccount: .openAccount(try openAccount(&head))
        case .freezeAccount: .freezeAccount(try accountState(&head))
        case .unfreezeAccount: .unfreezeAccount(try accountState(&head))
        case .closeAccount: .closeAccount(try accountState(&head))
        case .openBatch: .openBatch(try openBatch(&head))
        case .closeBatch: .closeBatch(try closeBatch(&head))
        case .subscribe: .subscribe(try subscribe(&head))
        case .changePlan: .changePlan(try changePlan(&head))
        case .unsubscribe: .unsubscribe(try unsubscribe(&head))
        case .overrideAllowance: .overrideAllowance(try overrideAllowance(&head))
        case .resetAllowance: .resetAllowance(try resetAllowance(&head))
        case .configure: .configure(try configure(&head))
        case .rollback: .rollback(try rollback(&head))
        case .issueKeys: .issueKeys(try issueKeys(&head))
        case .updateKeys: .updateKeys(try updateKeys(&head))
        case .revokeKeys: .revokeKeys(try revokeKeys(&head))
        case .acknowledgeAlerts: .acknowledgeAlerts(try acknowledgeAlerts(&head))
        case .reportUsage: .reportUsage(try reportUsage(&head))
        case .reportSync: .reportSync(try reportSync(&head))
        case .submit: .submit(try submit(&head))
        }
    }

    private mutating func accountAskAndUse(_ shape: Shape, _ head: inout CommandHead) throws(FieldError) -> (Name, Ask, Use) {
        var account: Name?
        var ask = AskFields()
        var use = Use()
        try fields(of: shape, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            default:
                if try ask.read(key, &reader) { return }
                if try use.read(key, &reader) { return }
                try head.read(key, &reader)
            }
        }
        return (account!, try ask.ask(), use)
    }

    private mutating func debit(_ head: inout CommandHead) throws(FieldError) -> Debit {
        let (account, ask, use) = try accountAskAndUse(.debit, &head)
        return Debit(account: account, ask: ask, use: use)
    }

    private mutating func debitBatch(_ head: inout CommandHead) throws(FieldError) -> DebitBatch {
        var account: Name?
        var batch: Name?
        var mode = DebitBatch.Mode.atomic
        var key: Name?
        var items: [DebitBatch.Item] = []
        try fields(of: .debitBatch, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "account": account = try reader.name("account")
            case "batch": batch = try reader.name("batch")
            case "mode": mode = try reader.choice("mode", of: DebitBatch.Mode.self)
            case "key": key = try reader.name("key")
            case "items":
                items = try reader.elements("items", countMax: RPCBounds.itemCountMax) { (reader) throws(FieldError) in
                    try reader.item()
                }
            default: try head.read(field, &reader)
            }
        }
        return DebitBatch(account: account!, batch: batch!, mode: mode, items: items, key: key)
    }

    private mutating func recordUsage(_ head: inout CommandHead) throws(FieldError) -> RecordUsage {
        let (account, ask, use) = try accountAskAndUse(.recordUsage, &head)
        return RecordUsage(account: account, ask: ask, use: use)
    }

    private mutating func item() throws(FieldError) -> DebitBatch.Item {
        var id: Name?
        var ask = AskFields()
        var use = Use()
        try fields(of: .item, in: "") { (key, reader) throws(FieldError) in
            if try ask.read(key, &reader) { return }
            if try use.readDescription(key, &reader) { return }
            id = try reader.name("id")
        }
        return DebitBatch.Item(id: id!, ask: try ask.ask(), labels: use.labels, occurredAt: use.occurredAt, details: use.details)
    }

    private mutating func grant(_ head: inout CommandHead) throws(FieldError) -> Grant {
        var account: Name?
        var unit: Name?
        var amount = Amount.zero
        var terms = LotTerms(source: .purchase)
        var memo: String?
        try fields(of: .grant, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "unit": unit = try reader.name("unit")
            case "amount": amount = try reader.positiveAmount("amount")
            case "memo": memo = try reader.text("memo", byteCountMax: FieldBounds.reasonByteCountMax)
            default: if try !terms.read(key, &reader) { try head.read(key, &reader) }
            }
        }
        return Grant(account: account!, unit: unit!, amount: amount, terms: terms, memo: memo)
    }

    private mutating func adjust(_ head: inout CommandHead) throws(FieldError) -> Adjust {
        var account: Name?
        var unit: Name?
        var change: (amount: Amount, isIncrease: Bool)?
        var reason: String?
        try fields(of: .adjust, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "unit": unit = try reader.name("unit")
            case "amount": change = try reader.signedAmount("amount")
            case "reason": reason = try reader.reason()
            default: try head.read(key, &reader)
            }
        }
        return Adjust(account: account!, unit: unit!, amount: change!.amount, isIncrease: change!.isIncrease, reason: reason!)
    }

    private mutating func refund(_ head: inout CommandHead) throws(FieldError) -> Refund {
        var of: Name?
        var amount: Amount?
        var quantities: [Quantity]?
        var reissue: Refund.Reissue?
        var reason: String?
        try fields(of: .refund, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "of": of = try reader.name("of")
            case "amount": amount = try reader.amount("amount")
            case "quantities": quantities = try reader.quantities("quantities")
            case "reissue": reissue = try reader.reissue()
            case "reason": reason = try reader.reason()
            default: try head.read(key, &reader)
            }
        }
        return Refund(of: of!, extent: try Refund.Extent(amount, quantities), reissue: reissue, reason: reason)
    }

    private mutating func reissue() throws(FieldError) -> Refund.Reissue {
        var expiresAt: Timestamp?
        do throws(FieldError) {
            try fields(of: .reissue, in: "") { (_, reader) throws(FieldError) in
                expiresAt = try reader.orNull { (reader) throws(FieldError) in try reader.timestamp("expiresAt") }
            }
        } catch { throw error.inside("reissue") }
        return Refund.Reissue(expiresAt: expiresAt)
    }
}

extension Refund.Extent {
    fileprivate init(_ amount: Amount?, _ quantities: [Quantity]?) throws(FieldError) {
        switch (amount, quantities) {
        case (nil, nil): self = .everything
        case (let amount?, nil): self = .amount(amount)
        case (nil, let quantities?): self = .quantities(quantities)
        default: throw .shape(field: "amount", reason: "cannot stand beside quantities")
        }
    }
}

extension Use {
    /// Reads the field and answers true if it is one of a use's.
    @inline(__always)
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "key": self.key = try reader.name("key")
        case "batch": batch = try reader.name("batch")
        default: return try readDescription(key, &reader)
        }
        return true
    }

    /// Reads the field and answers true if it is one of those that debits and items share.
    @inline(__always)
    fileprivate mutating func readDescription(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "labels": labels = try reader.labels("labels")
        case "occurredAt": occurredAt = try reader.timestamp("occurredAt")
        case "details": details = try reader.json("details", byteCountMax: FieldBounds.detailsByteCountMax)
        default: return false
        }
        return true
    }
}

extension LotTerms {
    /// Reads the field and answers true if it is one of the terms.
    fileprivate mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "priority": priority = try reader.integer("priority", in: LotTerms.priorityRange)
        case "effectiveAt": effectiveAt = try reader.timestamp("effectiveAt")
        case "expiresAt": expiresAt = try reader.timestamp("expiresAt")
        case "source": source = try reader.choice("source", of: LotSource.self)
        default: return false
        }
        return true
    }
}

// MARK: Values that only requests have

extension JSONReader {
    mutating func reason() throws(FieldError) -> String { try text("reason", byteCountMax: FieldBounds.reasonByteCountMax) }

    private mutating func positiveAmount(_ field: StaticString) throws(FieldError) -> Amount {
        let amount = try amount(field)
        if amount == .zero { throw .value(field: field.description, reason: "must be at least 1") }
        return amount
    }

    private mutating func signedAmount(_ field: StaticString) throws(FieldError) -> (amount: Amount, isIncrease: Bool) {
        let value = try int64(field)
        guard value != 0, value != .min, let amount = Amount(rawValue: abs(value)) else {
            throw .value(field: field.description, reason: "must be an integer from -(2^53-1) to 2^53-1 and not 0")
        }
        return (amount, value > 0)
    }

    /// A value, or null.
    mutating func orNull<Value>(_ read: (inout JSONReader) throws(FieldError) -> Value) throws(FieldError) -> Value? {
        do { if try null() { return nil } } catch { throw .text(error) }
        return try read(&self)
    }
}
