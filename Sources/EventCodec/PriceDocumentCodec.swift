import JSONText
import LedgerModel

/// `price/<feature>`.
extension JSONReader {
    mutating func priceDocument() throws(FieldError) -> PriceDocument {
        var charges: [Charge]?
        var minimum: Amount?
        var enabled = true
        try object("value", fields: ["charges", "minimum", "enabled"]) { (key, reader) throws(FieldError) in
            switch key {
            case "charges": charges = try reader.charges()
            case "minimum": minimum = try reader.amount("minimum")
            default: enabled = try reader.flag("enabled")
            }
        }
        guard let charges else { throw .missing("charges") }
        return PriceDocument(charges: charges, minimum: minimum, enabled: enabled)
    }

    private mutating func charges() throws(FieldError) -> [Charge] {
        let charges = try array("charges", countMax: PriceDocument.chargeCountMax) { (reader) throws(FieldError) in
            try reader.charge()
        }
        if charges.isEmpty { throw .value(field: "charges", reason: "must have at least one charge") }
        if Set(charges.map(\.unit)).count < charges.count { throw .value(field: "charges", reason: "must have each unit once") }
        return charges
    }

    private mutating func charge() throws(FieldError) -> Charge {
        var unit: Name?
        var rates: [Charge.DimensionRate]?
        try object("", fields: ["unit", "rates"]) { (key, reader) throws(FieldError) in
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
}

extension JSONWriter {
    mutating func priceFields(_ price: PriceDocument) {
        key("charges")
        beginArray()
        for charge in price.charges { self.charge(charge) }
        endArray()
        optional("minimum", price.minimum)
        enabledField(price.enabled)
    }

    private mutating func charge(_ charge: Charge) {
        beginObject()
        named("unit", charge.unit)
        key("rates")
        beginObject()
        for entry in charge.rates {
            key(entry.dimension.text)
            string(entry.rate.text)
        }
        endObject()
        endObject()
    }

    /// A document is enabled unless it says otherwise.
    mutating func enabledField(_ enabled: Bool) {
        if enabled { return }
        key("enabled")
        boolean(false)
    }
}
