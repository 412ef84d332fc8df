public import JSONText
public import LedgerModel

/// Configuration documents as JSON: the same text in `configure`, in the log and in answers.
extension JSONReader {
    /// A document of the kind its key names. Unknown fields are refused.
    public mutating func document(_ kind: DocumentKey.Kind) throws(FieldError) -> Document {
        switch kind {
        case .unit: .unit(try unitDocument())
        case .price: .price(try priceDocument())
        case .alert: .alert(try alertDocument())
        case .tenant: .settings(try settingsDocument())
        }
    }

    private mutating func unitDocument() throws(FieldError) -> UnitDocument {
        var scale: Int?
        try object("value", fields: ["scale"]) { (key, reader) throws(FieldError) in
            switch key {
            default: scale = try reader.integer("scale", in: UnitDocument.scaleRange)
            }
        }
        guard let scale else { throw .missing("scale") }
        return UnitDocument(scale: scale)
    }

    private mutating func priceDocument() throws(FieldError) -> PriceDocument {
        var charges: [Charge]?
        var minimum: Amount?
        var enabled = true
        try object("value", fields: ["charges", "minimum", "enabled"]) { (key, reader) throws(FieldError) in
            switch key {
            case "charges":
                charges = try reader.array("charges", countMax: 1) { (reader) throws(FieldError) in try reader.charge() }
            case "minimum": minimum = try reader.amount("minimum")
            default: enabled = try reader.flag("enabled")
            }
        }
        guard let charges else { throw .missing("charges") }
        guard let charge = charges.first else { throw .value(field: "charges", reason: "must have one charge") }
        return PriceDocument(charge: charge, minimum: minimum, enabled: enabled)
    }

    private mutating func charge() throws(FieldError) -> Charge {
        var unit: Name?
        var rates: [Charge.DimensionRate]?
        try object("charge", fields: ["unit", "rates"]) { (key, reader) throws(FieldError) in
            switch key {
            case "unit": unit = try reader.name("unit")
            default:
                rates = try reader.namedValues("rates", countMax: Charge.rateCountMax) { (reader) throws(FieldError) in
                    try reader.rate()
                }
                .map { Charge.DimensionRate(dimension: $0.name, rate: $0.value) }
            }
        }
        guard let unit else { throw .missing("unit") }
        guard let rates else { throw .missing("rates") }
        if rates.isEmpty { throw .value(field: "rates", reason: "must have at least one rate") }
        return Charge(unit: unit, rates: rates)
    }

    private mutating func rate() throws(FieldError) -> Rate {
        guard let rate = Rate(try text("rate")) else {
            throw .value(field: "rate", reason: "must be an exact rate such as \"1\", \"0.35\" or \"2.50/1000000\"")
        }
        return rate
    }

    private mutating func alertDocument() throws(FieldError) -> AlertDocument {
        var kind: AlertKind?
        var unit: Name?
        var below: Amount?
        var severity = AlertSeverity.warning
        try object("value", fields: ["kind", "unit", "below", "severity"]) { (key, reader) throws(FieldError) in
            switch key {
            case "kind": kind = try reader.choice("kind", of: AlertKind.self)
            case "unit": unit = try reader.name("unit")
            case "below": below = try reader.amount("below")
            default:
                severity = try reader.choice("severity", of: AlertSeverity.self)
            }
        }
        if kind == nil { throw .missing("kind") }
        guard let unit else { throw .missing("unit") }
        guard let below else { throw .missing("below") }
        if below == .zero { throw .value(field: "below", reason: "must be at least 1") }
        return AlertDocument(unit: unit, below: below, severity: severity)
    }

    private mutating func settingsDocument() throws(FieldError) -> SettingsDocument {
        var settings = SettingsDocument()
        try object("value", fields: ["timeZone", "lateDays"]) { (key, reader) throws(FieldError) in
            switch key {
            case "timeZone": settings.timeZone = try reader.name("timeZone")
            default:
                settings.lateDays = try reader.integer("lateDays", in: SettingsDocument.lateDaysRange)
            }
        }
        return settings
    }
}

/// The kinds of alert rule, as `kind` in `alert/<name>`.
enum AlertKind: String, CaseIterable {
    case lowBalance
}

extension JSONWriter {
    /// The fields in a fixed order; what is absent or the default is left out.
    public mutating func document(_ document: Document) {
        beginObject()
        switch document {
        case .unit(let unit):
            key("scale")
            integer(unit.scale)
        case .price(let price): priceFields(price)
        case .alert(let alert): alertFields(alert)
        case .settings(let settings): settingsFields(settings)
        }
        endObject()
    }

    private mutating func priceFields(_ price: PriceDocument) {
        key("charges")
        beginArray()
        beginObject()
        key("unit")
        name(price.charge.unit)
        key("rates")
        beginObject()
        for entry in price.charge.rates {
            key(entry.dimension.text)
            string(entry.rate.text)
        }
        endObject()
        endObject()
        endArray()
        if let minimum = price.minimum {
            key("minimum")
            amount(minimum)
        }
        if !price.enabled {
            key("enabled")
            boolean(false)
        }
    }

    private mutating func alertFields(_ alert: AlertDocument) {
        key("kind")
        string(AlertKind.lowBalance.rawValue)
        key("unit")
        name(alert.unit)
        key("below")
        amount(alert.below)
        key("severity")
        string(alert.severity.rawValue)
    }

    private mutating func settingsFields(_ settings: SettingsDocument) {
        if let timeZone = settings.timeZone {
            key("timeZone")
            name(timeZone)
        }
        if let lateDays = settings.lateDays {
            key("lateDays")
            integer(lateDays)
        }
    }
}
