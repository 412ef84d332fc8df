import JSONText
import LedgerModel

/// `plan/<name>`.
extension JSONReader {
    mutating func planDocument() throws(FieldError) -> PlanDocument {
        var plan = PlanDocument()
        var allowances: [AllowanceDocument]?
        let fields: [StaticString] = ["name", "price", "cycle", "enabled", "allowances"]
        try object("value", fields: fields) { (key, reader) throws(FieldError) in
            switch key {
            case "name": plan.name = try reader.text("name", byteCountMax: FieldBounds.reasonByteCountMax)
            case "price": plan.price = try reader.planPrice()
            case "cycle": plan.cycle = try reader.name("cycle")
            case "enabled": plan.enabled = try reader.flag("enabled")
            default: allowances = try reader.allowances()
            }
        }
        guard let allowances else { throw .missing("allowances") }
        plan.allowances = allowances
        return plan
    }

    private mutating func planPrice() throws(FieldError) -> PlanPrice {
        var (unit, amount): (Name?, Amount?)
        do throws(FieldError) {
            try object("", fields: ["unit", "amount"]) { (key, reader) throws(FieldError) in
                switch key {
                case "unit": unit = try reader.name("unit")
                default: amount = try reader.amount("amount")
                }
            }
            guard let unit else { throw .missing("unit") }
            guard let amount else { throw .missing("amount") }
            return PlanPrice(unit: unit, amount: amount)
        } catch {
            throw error.inside("price")
        }
    }

    private mutating func allowances() throws(FieldError) -> [AllowanceDocument] {
        let allowances = try array("allowances", countMax: PlanDocument.allowanceCountMax) { (reader) throws(FieldError) in
            try reader.allowance()
        }
        for (index, allowance) in allowances.enumerated() {
            if allowances[..<index].contains(where: { $0.unit == allowance.unit && $0.period == allowance.period }) {
                throw .value(field: "allowances[\(index)]", reason: "has the unit and period of another allowance")
            }
        }
        return allowances
    }

    private mutating func allowance() throws(FieldError) -> AllowanceDocument {
        var (unit, amount, period): (Name?, Allotment?, Period?)
        var rest = AllowanceDocument(unit: "unit", amount: .unlimited, period: .never)
        let fields: [StaticString] = ["unit", "amount", "period", "priority", "rollover", "anchor"]
        try object("", fields: fields) { (key, reader) throws(FieldError) in
            switch key {
            case "unit": unit = try reader.name("unit")
            case "amount": amount = try reader.allotment("amount")
            case "period": period = try reader.choice("period", of: Period.self)
            case "priority": rest.priority = try reader.integer("priority", in: LotTerms.priorityRange)
            case "rollover": rest.rollover = try reader.amount("rollover")
            default: rest.anchor = try reader.choice("anchor", of: AllowanceDocument.Anchor.self)
            }
        }
        guard let unit else { throw .missing("unit") }
        guard let amount else { throw .missing("amount") }
        guard let period else { throw .missing("period") }
        return AllowanceDocument(
            unit: unit, amount: amount, period: period, priority: rest.priority, rollover: rest.rollover, anchor: rest.anchor)
    }
}

extension JSONWriter {
    mutating func planFields(_ plan: PlanDocument) {
        optional("name", text: plan.name)
        if let price = plan.price { planPrice(price) }
        optional("cycle", plan.cycle)
        enabledField(plan.enabled)
        key("allowances")
        beginArray()
        for allowance in plan.allowances { self.allowance(allowance) }
        endArray()
    }

    private mutating func planPrice(_ price: PlanPrice) {
        key("price")
        beginObject()
        named("unit", price.unit)
        field("amount", price.amount)
        endObject()
    }

    private mutating func allowance(_ allowance: AllowanceDocument) {
        beginObject()
        named("unit", allowance.unit)
        key("amount")
        allotment(allowance.amount)
        choice("period", allowance.period)
        if allowance.priority != LotTerms.priorityOfAllowance { field("priority", allowance.priority) }
        optional("rollover", allowance.rollover)
        if allowance.anchor != .calendar { choice("anchor", allowance.anchor) }
        endObject()
    }
}
