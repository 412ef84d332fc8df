public import JSONText
public import LedgerModel

/// Configuration documents as JSON: the same text in `configure`, in the log and in answers.
extension JSONReader {
    /// A document of the kind its key names. Unknown fields are refused.
    public mutating func document(_ kind: DocumentKey.Kind) throws(FieldError) -> Document {
        switch kind {
        case .unit: .unit(try unitDocument())
        case .price: .price(try priceDocument())
        case .plan: .plan(try planDocument())
        case .alert: .alert(try alertDocument())
        case .tag: .tag(try tagDocument())
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

    private mutating func tagDocument() throws(FieldError) -> TagDocument {
        var tag = TagDocument()
        try object("value", fields: ["colour", "note"]) { (key, reader) throws(FieldError) in
            switch key {
            case "colour": tag.colour = try reader.name("colour")
            default: tag.note = try reader.text("note", byteCountMax: FieldBounds.reasonByteCountMax)
            }
        }
        return tag
    }

    private mutating func settingsDocument() throws(FieldError) -> SettingsDocument {
        var settings = SettingsDocument()
        let fields: [StaticString] = ["timeZone", "lateDays", "defaultPlan", "holdSeconds", "maxOpenHolds"]
        try object("value", fields: fields) { (key, reader) throws(FieldError) in
            switch key {
            case "timeZone": settings.timeZone = try reader.name("timeZone")
            case "lateDays": settings.lateDays = try reader.integer("lateDays", in: SettingsDocument.lateDaysRange)
            case "defaultPlan": settings.defaultPlan = try reader.name("defaultPlan")
            case "holdSeconds": settings.holdSeconds = try reader.integer("holdSeconds", in: SettingsDocument.holdSecondsRange)
            default:
                settings.maxOpenHolds = try reader.integer("maxOpenHolds", in: SettingsDocument.maxOpenHoldsRange)
            }
        }
        return settings
    }
}

extension JSONWriter {
    /// The fields in a fixed order; what is absent or the default is left out.
    public mutating func document(_ document: Document) {
        beginObject()
        switch document {
        case .unit(let unit): field("scale", unit.scale)
        case .price(let price): priceFields(price)
        case .plan(let plan): planFields(plan)
        case .alert(let alert): alertFields(alert)
        case .tag(let tag): tagFields(tag)
        case .settings(let settings): settingsFields(settings)
        }
        endObject()
    }

    private mutating func tagFields(_ tag: TagDocument) {
        optional("colour", tag.colour)
        optional("note", text: tag.note)
    }

    private mutating func settingsFields(_ settings: SettingsDocument) {
        optional("timeZone", settings.timeZone)
        optional("lateDays", settings.lateDays)
        optional("defaultPlan", settings.defaultPlan)
        optional("holdSeconds", settings.holdSeconds)
        optional("maxOpenHolds", settings.maxOpenHolds)
    }
}
