public import JSONText
public import LedgerModel

extension AlertRaised.Condition {
    /// The condition's `kind` on the wire.
    public var kind: StaticString {
        switch self {
        case .lowBalance: "lowBalance"
        case .allowanceUsed: "allowanceUsed"
        case .spend: "spend"
        case .keyExpiring: "keyExpiring"
        case .keyFaulty: "keyFaulty"
        case .holdAgeing: "holdAgeing"
        case .segmentRotten: "segmentRotten"
        case .drift: "drift"
        }
    }
}

/// Facts about alerts.
extension JSONWriter {
    mutating func alertRaised(_ fact: AlertRaised) {
        named("rule", fact.rule)
        choice("severity", fact.severity)
        optional("account", fact.account)
        conditionFields(fact.condition)
    }

    /// `kind` and the condition's own fields, into an object that is open.
    public mutating func conditionFields(_ condition: AlertRaised.Condition) {
        key("kind")
        literal(quoting: condition.kind)
        switch condition {
        case .lowBalance(let unit, let below, let available):
            named("unit", unit)
            field("below", below)
            field("available", available)
        case .allowanceUsed(let use): allowanceUse(use)
        case .spend(let spend): self.spend(spend)
        case .keyExpiring(let name, let expiresAt, let days):
            named("key", name)
            field("expiresAt", expiresAt)
            field("days", days)
        case .keyFaulty(let name): named("key", name)
        case .holdAgeing(let hold, let seconds):
            named("hold", hold)
            field("seconds", seconds)
        case .segmentRotten(let segment, let reason):
            field("segment", segment)
            field("reason", text: reason)
        case .drift(let drift): self.drift(drift)
        }
    }

    private mutating func allowanceUse(_ use: AlertRaised.AllowanceUse) {
        named("plan", use.plan)
        named("unit", use.unit)
        choice("period", use.period)
        field("windowStart", use.windowStart)
        field("limit", use.limit)
        field("used", use.used)
        field("threshold", use.threshold)
    }

    private mutating func spend(_ spend: AlertRaised.Spend) {
        choice("subject", spend.subject)
        named("name", spend.name)
        named("unit", spend.unit)
        intervalFields(spend.window)
        field("above", spend.above)
        field("spent", spend.spent)
    }

    private mutating func drift(_ drift: AlertRaised.Drift) {
        named("ofTenant", drift.tenant)
        named("ofAccount", drift.account)
        named("unit", drift.unit)
        field("sequence", drift.sequence)
        field("expected", Int(drift.expected))
        field("found", Int(drift.found))
    }

    mutating func acknowledged(_ fact: AlertAcknowledged) {
        key("alerts")
        beginArray()
        for alert in fact.alerts { sequence(alert) }
        endArray()
    }
}

extension OrderedFields {
    mutating func alertRaised() throws(FieldError) -> AlertRaised {
        AlertRaised(
            rule: try name("rule"), severity: try choice("severity", of: AlertSeverity.self),
            account: try optionalName("account"),
            condition: try condition())
    }

    private mutating func condition() throws(FieldError) -> AlertRaised.Condition {
        let kind = try required("kind") { (reader, field) throws(FieldError) in try reader.token(field) }
        switch kind {
        case "lowBalance":
            return .lowBalance(unit: try name("unit"), below: try amount("below"), available: try amount("available"))
        case "allowanceUsed": return .allowanceUsed(try allowanceUse())
        case "spend": return .spend(try spend())
        case "keyExpiring":
            return .keyExpiring(key: try name("key"), expiresAt: try timestamp("expiresAt"), days: try integer("days"))
        case "keyFaulty": return .keyFaulty(key: try name("key"))
        case "holdAgeing": return .holdAgeing(hold: try name("hold"), seconds: try integer("seconds"))
        case "segmentRotten": return .segmentRotten(segment: try sequence("segment"), reason: try text("reason"))
        case "drift": return .drift(try drift())
        default: throw .value(field: "kind", reason: "\"\(kind.text)\" is unknown: the log was written by a newer version")
        }
    }

    private mutating func allowanceUse() throws(FieldError) -> AlertRaised.AllowanceUse {
        AlertRaised.AllowanceUse(
            plan: try name("plan"), unit: try name("unit"), period: try period(), windowStart: try timestamp("windowStart"),
            limit: try amount("limit"), used: try amount("used"), threshold: try integer("threshold"))
    }

    private mutating func spend() throws(FieldError) -> AlertRaised.Spend {
        AlertRaised.Spend(
            subject: try choice("subject", of: SpendSubject.self), name: try name("name"), unit: try name("unit"),
            window: try interval(), above: try amount("above"), spent: try amount("spent"))
    }

    private mutating func drift() throws(FieldError) -> AlertRaised.Drift {
        AlertRaised.Drift(
            tenant: try name("ofTenant"), account: try name("ofAccount"), unit: try name("unit"),
            sequence: try sequence("sequence"),
            expected: try figure("expected"), found: try figure("found"))
    }

    private mutating func figure(_ field: StaticString) throws(FieldError) -> Int64 {
        let range = AlertRaised.Drift.range
        return Int64(try integer(field, in: Int(range.lowerBound)...Int(range.upperBound)))
    }

    mutating func acknowledged() throws(FieldError) -> AlertAcknowledged {
        try required("alerts") { (reader, field) throws(FieldError) in
            AlertAcknowledged(
                alerts: try reader.array(field, countMax: AcknowledgeAlerts.alertCountMax) { (reader) throws(FieldError) in
                    try reader.sequence("alert")
                })
        }
    }
}
