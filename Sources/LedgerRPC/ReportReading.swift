import EventCodec
import JSONText
import LedgerModel

/// The commands that keep a provider's own figures.
extension JSONReader {
    mutating func reportUsage(_ head: inout CommandHead) throws(FieldError) -> UsageReported {
        var platform: Name?
        var key: Name?
        var stretch = Stretch()
        var quantities: [Quantity] = []
        var cost: (unit: Name, amount: Amount)?
        try fields(of: .reportUsage, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "platform": platform = try reader.name("platform")
            case "key": key = try reader.name("key")
            case "quantities": quantities = try reader.quantities("quantities")
            case "cost": cost = try reader.cost()
            default: if try !stretch.read(field, &reader) { try head.read(field, &reader) }
            }
        }
        let (from, to) = try stretch.ends()
        return UsageReported(
            platform: platform!, key: key, from: from, to: to, quantities: quantities, unit: cost!.unit, cost: cost!.amount)
    }

    private mutating func cost() throws(FieldError) -> (unit: Name, amount: Amount) {
        var unit: Name?
        var amount = Amount.zero
        do throws(FieldError) {
            try fields(of: .cost, in: "") { (key, reader) throws(FieldError) in
                switch key {
                case "unit": unit = try reader.name("unit")
                default: amount = try reader.amount("amount")
                }
            }
        } catch { throw error.inside("cost") }
        return (unit!, amount)
    }

    mutating func reportSync(_ head: inout CommandHead) throws(FieldError) -> SyncReported {
        var platform: Name?
        var status: SyncReported.Status?
        var stretch = Stretch()
        var counts: [Quantity] = []
        var message: String?
        try fields(of: .reportSync, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "platform": platform = try reader.name("platform")
            case "status": status = try reader.choice("status", of: SyncReported.Status.self)
            case "counts": counts = try reader.quantities("counts")
            case "error": message = try reader.text("error", byteCountMax: FieldBounds.reasonByteCountMax)
            default: if try !stretch.read(field, &reader) { try head.read(field, &reader) }
            }
        }
        let (from, to) = try stretch.ends()
        return SyncReported(platform: platform!, status: status!, from: from, to: to, counts: counts, error: message)
    }
}

/// What a report is about: from an instant to another that is not before it.
private struct Stretch {
    private var from: Timestamp?
    private var to: Timestamp?

    /// Reads the field and answers true if it is one of these.
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "from": from = try reader.timestamp("from")
        case "to": to = try reader.timestamp("to")
        default: return false
        }
        return true
    }

    func ends() throws(FieldError) -> (from: Timestamp, to: Timestamp) {
        if to! < from! { throw .value(field: "to", reason: "must not be before from") }
        return (from!, to!)
    }
}
