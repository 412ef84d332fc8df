import EventCodec
import JSONText
import LedgerModel

/// The commands on the plans of an account.
extension JSONReader {
    mutating func subscribe(_ head: inout CommandHead) throws(FieldError) -> Subscribe {
        var account: Name?
        var plan: Name?
        var from: Timestamp?
        var until: Timestamp?
        var anchor: Int?
        try fields(of: .subscribe, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "plan": plan = try reader.name("plan")
            case "from": from = try reader.timestamp("from")
            case "until": until = try reader.timestamp("until")
            case "anchor": anchor = try reader.integer("anchor", in: Subscribe.anchorRange)
            default: try head.read(key, &reader)
            }
        }
        return Subscribe(account: account!, plan: plan!, from: from, until: until, anchor: anchor)
    }

    mutating func unsubscribe(_ head: inout CommandHead) throws(FieldError) -> Unsubscribe {
        var account: Name?
        var plan: Name?
        try fields(of: .unsubscribe, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "plan": plan = try reader.name("plan")
            default: try head.read(key, &reader)
            }
        }
        return Unsubscribe(account: account!, plan: plan!)
    }

    mutating func changePlan(_ head: inout CommandHead) throws(FieldError) -> ChangePlan {
        var account: Name?
        var from: Name?
        var to: Name?
        var when = ChangePlan.When.now
        try fields(of: .changePlan, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "account": account = try reader.name("account")
            case "from": from = try reader.name("from")
            case "to": to = try reader.name("to")
            case "when": when = try reader.choice("when", of: ChangePlan.When.self)
            default: try head.read(key, &reader)
            }
        }
        return ChangePlan(account: account!, from: from!, to: to!, when: when)
    }

    mutating func overrideAllowance(_ head: inout CommandHead) throws(FieldError) -> OverrideAllowance {
        var place = AllowancePlace()
        var amount: Allotment?
        var reason: String?
        try fields(of: .overrideAllowance, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "amount": amount = try reader.orNull { (reader) throws(FieldError) in try reader.allotment("amount") }
            case "reason": reason = try reader.reason()
            default: if try !place.read(key, &reader) { try head.read(key, &reader) }
            }
        }
        return OverrideAllowance(
            account: place.account!, plan: place.plan!, unit: place.unit!, period: place.period!, amount: amount, reason: reason!)
    }

    mutating func resetAllowance(_ head: inout CommandHead) throws(FieldError) -> ResetAllowance {
        var place = AllowancePlace()
        var reason: String?
        try fields(of: .resetAllowance, in: "params", excused: head.excused) { (key, reader) throws(FieldError) in
            switch key {
            case "reason": reason = try reader.reason()
            default: if try !place.read(key, &reader) { try head.read(key, &reader) }
            }
        }
        return ResetAllowance(
            account: place.account!, plan: place.plan!, unit: place.unit!, period: place.period!, reason: reason!)
    }
}

/// Which allowance of which account.
private struct AllowancePlace {
    var account: Name?
    var plan: Name?
    var unit: Name?
    var period: Period?

    /// Reads the field and answers true if it is one of these.
    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(FieldError) -> Bool {
        switch key {
        case "account": account = try reader.name("account")
        case "plan": plan = try reader.name("plan")
        case "unit": unit = try reader.name("unit")
        case "period": period = try reader.choice("period", of: Period.self)
        default: return false
        }
        return true
    }
}
