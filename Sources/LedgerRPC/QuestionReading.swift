import EventCodec
import JSONText
import LedgerModel

/// The methods that are neither commands nor queries of a read model.
extension JSONReader {
    mutating func call(_ method: LedgerMethod) throws(FieldError) -> RPCCall {
        switch method {
        case .balance: return try balance()
        case .quota: return try quota()
        case .check: return .check(try check())
        case .verifyKey: return .verifyKey(try secretHash())
        case .explain: return .explain(try explain())
        case .proof: return .proof(.receipt(of: try number("seq", of: .proof)!))
        case .checkpoint: return .proof(.checkpoint(from: try number("from", of: .checkpoint)))
        case .subscribe: return try subscription(of: .subscribeEvents, EventFilter())
        case .subscribeAlerts: return try subscription(of: .subscribeAlerts, .alerts)
        case .status, .discover, .unsubscribe:
            try fields(of: .nothing, in: "params") { (_, _) throws(FieldError) in }
            return method.callWithoutFields
        }
    }

    private mutating func balance() throws(FieldError) -> RPCCall {
        var tenant: Name?
        var account: Name?
        var unit: Name?
        try fields(of: .balance, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "tenant": tenant = try reader.name("tenant")
            case "account": account = try reader.name("account")
            default: unit = try reader.name("unit")
            }
        }
        return .balance(tenant: tenant!, account: account!, unit: unit)
    }

    private mutating func quota() throws(FieldError) -> RPCCall {
        var tenant: Name?
        var account: Name?
        try fields(of: .quota, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "tenant": tenant = try reader.name("tenant")
            default: account = try reader.name("account")
            }
        }
        return .quota(tenant: tenant!, account: account!)
    }

    private mutating func check() throws(FieldError) -> Check {
        var question = QuestionFields()
        try fields(of: .check, in: "params") { (key, reader) throws(FieldError) in try question.read(key, &reader) }
        return try question.check()
    }

    private mutating func secretHash() throws(FieldError) -> KeyHash {
        var hash: KeyHash?
        try fields(of: .verifyKey, in: "params") { (_, reader) throws(FieldError) in hash = try reader.keyHash("hash") }
        return hash!
    }

    private mutating func explain() throws(FieldError) -> Explain {
        var of: Name?
        var question = QuestionFields()
        try fields(of: .explain, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "of": of = try reader.name("of")
            default: try question.read(key, &reader)
            }
        }
        return try question.explain(of)
    }

    /// The one field of a shape, a sequence number.
    private mutating func number(_ field: StaticString, of shape: Shape) throws(FieldError) -> SequenceNumber? {
        var number: SequenceNumber?
        try fields(of: shape, in: "params") { (_, reader) throws(FieldError) in number = try reader.sequence(field) }
        return number
    }

    private mutating func subscription(of shape: Shape, _ filter: EventFilter) throws(FieldError) -> RPCCall {
        var from: SequenceNumber?
        var filter = filter
        try fields(of: shape, in: "params") { (key, reader) throws(FieldError) in
            switch key {
            case "from": from = try reader.sequence("from")
            case "tenant": filter.tenant = try reader.name("tenant")
            default: filter.types = Set(try reader.eventTypes())
            }
        }
        return .subscribe(filter, from: from)
    }

    private mutating func eventTypes() throws(FieldError) -> [String] {
        try elements("types", countMax: RPCBounds.typeCountMax) { (reader) throws(FieldError) in
            let type = try reader.text("")
            if !Fact.types.contains(type) { throw .value(field: "", reason: "is not a type of event: \(quoted(type))") }
            return type
        }
    }
}

/// Whose balance, and which use of it, a question is about.
private struct QuestionFields {
    private var tenant: Name?
    private var account: Name?
    private var ask = AskFields()
    private var key: Name?

    mutating func read(_ field: JSONKey, _ reader: inout JSONReader) throws(FieldError) {
        switch field {
        case "tenant": tenant = try reader.name("tenant")
        case "account": account = try reader.name("account")
        case "key": key = try reader.name("key")
        default: _ = try ask.read(field, &reader)
        }
    }

    func check() throws(FieldError) -> Check { Check(tenant: tenant!, account: account!, ask: try ask.ask(), key: key) }

    func explain(_ of: Name?) throws(FieldError) -> Explain {
        switch (of, account) {
        case (nil, let account?) where ask.namesNoAmount && key == nil:
            return .balance(tenant: tenant!, account: account, unit: ask.unit)
        case (nil, .some): return .use(try check())
        case (let of?, nil) where ask.namesNoAmount && ask.unit == nil && key == nil: return .command(tenant: tenant!, id: of)
        case (nil, nil): throw .shape(field: "of", reason: "or account must be there")
        case (.some, _): throw .shape(field: "of", reason: "cannot stand beside account, an amount or a key")
        }
    }
}
