import EventCodec
public import JSONText
public import LedgerModel

/// The result of `check`.
extension JSONWriter {
    /// A use that would be allowed, by the events that it would write: `{allowed, price?, cost, lots, after, meters?}`.
    public mutating func checkResult(_ events: [Event]) {
        beginObject()
        key("allowed")
        boolean(true)
        for case .debited(let debited) in events.lazy.map(\.fact) { allowed(debited) }
        endObject()
    }

    /// A use that would be refused: `{allowed, rejection}`.
    public mutating func checkResult(_ rejection: Rejection) {
        beginObject()
        key("allowed")
        boolean(false)
        key("rejection")
        self.rejection(RejectionRecord(rejection))
        endObject()
    }

    private mutating func allowed(_ debited: Debited) {
        price(debited.priced)
        perPart("cost", debited.parts) { writer, part in writer.count("amount", part.amount) }
        lots(debited.parts)
        perPart("after", debited.parts) { writer, part in
            writer.key("balance")
            writer.balance(part.balance)
        }
        moved(debited.meters)
    }

    private mutating func perPart(_ field: StaticString, _ parts: [Part], _ what: (inout JSONWriter, Part) -> Void) {
        key(field)
        beginArray()
        for part in parts {
            beginObject()
            named("unit", part.unit)
            what(&self, part)
            endObject()
        }
        endArray()
    }

    private mutating func lots(_ parts: [Part]) {
        key("lots")
        beginArray()
        for part in parts {
            for draw in part.lots { self.draw(draw, of: part.unit) }
        }
        endArray()
    }

    private mutating func draw(_ draw: Draw, of unit: Name) {
        beginObject()
        named("unit", unit)
        sequence("lot", draw.lot)
        count("amount", draw.amount)
        endObject()
    }

    /// As an error has it: the sentence, and the facts in `data`.
    private mutating func rejection(_ record: RejectionRecord) {
        beginObject()
        key("message")
        string(record.message)
        key("data")
        beginObject()
        rejectionFields(record)
        endObject()
        endObject()
    }
}
