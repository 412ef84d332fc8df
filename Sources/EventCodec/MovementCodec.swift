public import JSONText
public import LedgerModel

/// What events moved: parts with their lots, what came back, and the counters.
extension JSONWriter {
    public mutating func parts(_ parts: [Part]) {
        beginArray()
        for part in parts {
            beginObject()
            partFields(part) { _, _ in }
            endObject()
        }
        endArray()
    }

    mutating func partsField(_ parts: [Part]) {
        key("parts")
        self.parts(parts)
    }

    private mutating func partFields(_ part: Part, _ more: (inout JSONWriter, Draw) -> Void) {
        named("unit", part.unit)
        field("amount", part.amount)
        key("lots")
        beginArray()
        for draw in part.lots {
            beginObject()
            field("lot", draw.lot)
            field("amount", draw.amount)
            optional("remaining", draw.remaining)
            more(&self, draw)
            endObject()
        }
        endArray()
        key("balance")
        balance(part.balance)
    }

    public mutating func returns(_ returns: [Return]) {
        beginArray()
        for returned in returns { self.returned(returned) }
        endArray()
    }

    private mutating func returned(_ returned: Return) {
        beginObject()
        partFields(returned.part) { $0.termsField("reopened", returned.reopened[$1.lot]) }
        positive("expired", returned.expired)
        termsField("reissued", returned.reissued)
        endObject()
    }

    private mutating func termsField(_ field: StaticString, _ terms: LotTerms?) {
        guard let terms else { return }
        key(field)
        beginObject()
        self.terms(terms)
        endObject()
    }

    /// A lot's terms, into an object that is open.
    public mutating func terms(_ terms: LotTerms) {
        field("priority", terms.priority)
        optional("effectiveAt", terms.effectiveAt)
        optional("expiresAt", terms.expiresAt)
        choice("source", terms.source)
    }

    public mutating func meters(_ meters: [Meter]) {
        beginArray()
        for meter in meters { self.meter(meter) }
        endArray()
    }

    mutating func metersField(_ meters: [Meter]) {
        if meters.isEmpty { return }
        key("meters")
        self.meters(meters)
    }

    private mutating func meter(_ meter: Meter) {
        beginObject()
        counter(meter.counter)
        named("unit", meter.unit)
        field("used", meter.used)
        optional("limit", meter.limit)
        intervalFields(meter.window)
        endObject()
    }

    private mutating func counter(_ counter: Meter.Counter) {
        switch counter {
        case .allowance(let plan, let period, let lot):
            named("allowance", plan)
            choice("period", period)
            key("lot")
            sequence(lot)
        case .key(let name): named("key", name)
        case .spend(let rule, let subject):
            named("rule", rule)
            named("subject", subject)
        }
    }

    /// `start` and, unless it has none, `end`: into an object that is open.
    public mutating func intervalFields(_ interval: Interval) {
        field("start", interval.start)
        optional("end", interval.end)
    }
}

extension OrderedFields {
    mutating func parts() throws(FieldError) -> [Part] {
        try objects("parts") { (fields) throws(FieldError) in try fields.part() }
    }

    mutating func onlyPart() throws(FieldError) -> Part {
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
        Draw(lot: try sequence("lot"), amount: try amount("amount"), remaining: try optionalAmount("remaining"))
    }

    mutating func returned() throws(FieldError) -> Return {
        var returned = Return(
            part: Part(unit: try name("unit"), amount: try amount("amount"), lots: [], balance: Balance(available: .zero)))
        returned.part.lots = try objects("lots") { (fields) throws(FieldError) in
            let draw = try fields.draw()
            if let terms = try fields.optionalTerms("reopened") { returned.reopened[draw.lot] = terms }
            return draw
        }
        returned.part.balance = try balance("balance")
        returned.expired = try optionalAmount("expired") ?? .zero
        returned.reissued = try optionalTerms("reissued")
        return returned
    }

    private mutating func optionalTerms(_ field: StaticString) throws(FieldError) -> LotTerms? {
        try optionalObject(field) { (fields) throws(FieldError) in try fields.terms() }
    }

    mutating func terms() throws(FieldError) -> LotTerms {
        LotTerms(
            priority: try integer("priority", in: LotTerms.priorityRange), effectiveAt: try optionalTimestamp("effectiveAt"),
            expiresAt: try optionalTimestamp("expiresAt"), source: try choice("source", of: LotSource.self))
    }

    mutating func meters() throws(FieldError) -> [Meter] {
        try optionalObjects("meters") { (fields) throws(FieldError) in try fields.meter() }
    }

    private mutating func meter() throws(FieldError) -> Meter {
        Meter(
            counter: try counter(), unit: try name("unit"), used: try amount("used"), limit: try optionalAmount("limit"),
            window: try interval())
    }

    private mutating func counter() throws(FieldError) -> Meter.Counter {
        if let plan = try optionalName("allowance") { return .allowance(plan: plan, try period(), lot: try sequence("lot")) }
        if let key = try optionalName("key") { return .key(key) }
        guard let rule = try optionalName("rule") else { throw .missing("allowance, key or rule") }
        return .spend(rule: rule, subject: try name("subject"))
    }

    mutating func interval() throws(FieldError) -> Interval {
        Interval(start: try timestamp("start"), end: try optionalTimestamp("end"))
    }
}
