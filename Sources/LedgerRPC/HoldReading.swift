import EventCodec
import JSONText
import LedgerModel

/// The commands on holds.
extension JSONReader {
    mutating func hold(_ head: inout CommandHead) throws(FieldError) -> Hold {
        var account: Name?
        var ask = AskFields()
        var use = Use()
        var terms = AskedTerms()
        try fields(of: .hold, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            default:
                if try ask.read(key, &reader) { return }
                if try terms.read(key, &reader) { return }
                if try use.read(key, &reader) { return }
                try head.read(key, &reader)
            }
        }
        return Hold(
            account: account!, ask: try ask.ask(), use: use, expiresInSeconds: terms.expiresInSeconds, onExpiry: terms.onExpiry,
            overage: terms.overage)
    }

    mutating func settle(_ head: inout CommandHead) throws(FieldError) -> Settle {
        var hold: Name?
        var amount: Amount?
        var quantities: [Quantity]?
        var settle = Settle(hold: "hold")
        try fields(of: .settle, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "hold": hold = try reader.name("hold")
            case "amount": amount = try reader.amount("amount")
            case "quantities": quantities = try reader.quantities("quantities")
            case "method": settle.method = try reader.choice("method", of: SettlementMethod.self)
            case "labels": settle.labels = try reader.labels("labels")
            case "details": settle.details = try reader.json("details", byteCountMax: FieldBounds.detailsByteCountMax)
            default: try head.read(key, &reader)
            }
        }
        settle.hold = hold!
        settle.extent = try Settle.Extent(amount, quantities)
        return settle
    }

    mutating func release(_ head: inout CommandHead) throws(FieldError) -> Release {
        var hold: Name?
        var reason: String?
        try fields(of: .release, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "hold": hold = try reader.name("hold")
            case "reason": reason = try reader.reason()
            default: try head.read(key, &reader)
            }
        }
        return Release(hold: hold!, reason: reason)
    }

    mutating func extend(_ head: inout CommandHead) throws(FieldError) -> Extend {
        var hold: Name?
        var seconds = 0
        try fields(of: .extend, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "hold": hold = try reader.name("hold")
            case "expiresInSeconds": seconds = try reader.integer("expiresInSeconds", in: Hold.secondsRange)
            default: try head.read(key, &reader)
            }
        }
        return Extend(hold: hold!, expiresInSeconds: seconds)
    }
}

/// How a hold is to end, as it is asked for.
private struct AskedTerms {
    var expiresInSeconds: Int?
    var onExpiry = HoldTerms.Expiry.release
    var overage = HoldTerms.Overage.reject

    /// Reads the field and answers true if it is one of these.
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "expiresInSeconds": expiresInSeconds = try reader.integer("expiresInSeconds", in: Hold.secondsRange)
        case "onExpiry": onExpiry = try reader.choice("onExpiry", of: HoldTerms.Expiry.self)
        case "overage": overage = try reader.overage("overage")
        default: return false
        }
        return true
    }
}

extension Settle.Extent {
    fileprivate init(_ amount: Amount?, _ quantities: [Quantity]?) throws(FieldError) {
        switch (amount, quantities) {
        case (nil, nil): self = .everything
        case (let amount?, nil): self = .amount(amount)
        case (nil, let quantities?): self = .quantities(quantities)
        default: throw .shape(field: "amount", reason: "cannot stand beside quantities")
        }
    }
}
