import JSONText
import LedgerModel

/// The kinds of alert rule, as `kind` in `alert/<name>`.
enum AlertKind: String, CaseIterable {
    case allowanceUsed, lowBalance, spend, keyExpiring, keyFaulty, holdAgeing

    /// The fields that a rule of this kind may have, beside those that every rule may have.
    var fields: [StaticString] {
        switch self {
        case .allowanceUsed: ["unit", "thresholds"]
        case .lowBalance: ["unit", "below"]
        case .spend: ["subject", "unit", "period", "above"]
        case .keyExpiring: ["days"]
        case .keyFaulty: []
        case .holdAgeing: ["seconds"]
        }
    }
}

/// `alert/<name>`. The kind decides which fields there are, and may stand behind them.
extension JSONReader {
    mutating func alertDocument() throws(FieldError) -> AlertDocument {
        var rule = AlertFields()
        var severity: AlertSeverity?
        var enabled = true
        try object("value", fields: AlertFields.names + ["severity", "enabled"]) { (key, reader) throws(FieldError) in
            switch key {
            case "severity": severity = try reader.choice("severity", of: AlertSeverity.self)
            case "enabled": enabled = try reader.flag("enabled")
            default: try rule.read(key, from: &reader)
            }
        }
        return AlertDocument(rule: try rule.rule(), severity: severity, enabled: enabled)
    }
}

/// The fields of a rule of any kind, as far as they stand in the document.
private struct AlertFields {
    static let names: [StaticString] = [
        "kind", "unit", "thresholds", "below", "subject", "period", "above", "days", "seconds",
    ]

    private var kind: AlertKind?
    private var unit: Name?
    private var thresholds: [Int]?
    private var below: Amount?
    private var subject: SpendSubject?
    private var period: Period?
    private var above: Amount?
    private var days: [Int]?
    private var seconds: Int?
    /// The names of those that stand there, without `kind`.
    private var given: [String] = []

    mutating func read(_ key: JSONKey, from reader: inout JSONReader) throws(FieldError) {
        if case "kind" = key { return kind = try reader.choice("kind", of: AlertKind.self) }
        given.append(key.text)
        switch key {
        case "unit": unit = try reader.name("unit")
        case "thresholds": thresholds = try reader.steps("thresholds", in: AlertDocument.thresholdRange).sorted()
        case "below": below = try reader.amount("below")
        case "subject": subject = try reader.choice("subject", of: SpendSubject.self)
        case "period": period = try reader.choice("period", of: Period.self)
        case "above": above = try reader.amount("above")
        case "days": days = try reader.steps("days", in: AlertDocument.daysRange).sorted(by: >)
        default: seconds = try reader.integer("seconds", in: AlertDocument.ageRange)
        }
    }

    /// The rule of the kind that was named, with nothing that belongs to another.
    func rule() throws(FieldError) -> AlertDocument.Rule {
        guard let kind else { throw .missing("kind") }
        for name in given where !kind.fields.contains(where: { $0.description == name }) {
            throw .shape(field: name, reason: "is not a field of \(kind.rawValue)")
        }
        return switch kind {
        case .allowanceUsed: .allowanceUsed(unit: unit, thresholds: thresholds ?? AlertDocument.thresholdsDefault)
        case .lowBalance: try lowBalance()
        case .spend: try spend()
        case .keyExpiring: .keyExpiring(days: days ?? AlertDocument.daysDefault)
        case .keyFaulty: .keyFaulty
        case .holdAgeing: .holdAgeing(seconds: try required("seconds", seconds))
        }
    }

    private func lowBalance() throws(FieldError) -> AlertDocument.Rule {
        let (unit, below) = (try required("unit", unit), try required("below", below))
        if below == .zero { throw .value(field: "below", reason: "must be at least 1") }
        return .lowBalance(unit: unit, below: below)
    }

    private func spend() throws(FieldError) -> AlertDocument.Rule {
        .spend(
            subject: subject ?? SpendSubject.account, unit: try required("unit", unit), period: period ?? Period.month,
            above: try required("above", above))
    }

    private func required<Value>(_ field: String, _ value: Value?) throws(FieldError) -> Value {
        guard let value else { throw .missing(field) }
        return value
    }
}

extension JSONReader {
    /// At least one step of a rule, each once, in the order sent.
    fileprivate mutating func steps(_ field: StaticString, in range: ClosedRange<Int>) throws(FieldError) -> [Int] {
        let steps = try array(field, countMax: AlertDocument.stepCountMax) { (reader) throws(FieldError) in
            try reader.integer("", in: range)
        }
        if steps.isEmpty { throw .value(field: field.description, reason: "must have at least one element") }
        if Set(steps).count < steps.count { throw .value(field: field.description, reason: "must have each number once") }
        return steps
    }
}

extension JSONWriter {
    mutating func alertFields(_ alert: AlertDocument) {
        choice("kind", alert.rule.kind)
        ruleFields(alert.rule)
        if let severity = alert.severity { choice("severity", severity) }
        enabledField(alert.enabled)
    }

    private mutating func ruleFields(_ rule: AlertDocument.Rule) {
        switch rule {
        case .allowanceUsed(let unit, let thresholds):
            optional("unit", unit)
            steps("thresholds", thresholds, default: AlertDocument.thresholdsDefault)
        case .lowBalance(let unit, let below):
            named("unit", unit)
            field("below", below)
        case .spend(let subject, let unit, let period, let above):
            if subject != SpendSubject.account { choice("subject", subject) }
            named("unit", unit)
            if period != Period.month { choice("period", period) }
            field("above", above)
        case .keyExpiring(let days): steps("days", days, default: AlertDocument.daysDefault)
        case .keyFaulty: break
        case .holdAgeing(let seconds): field("seconds", seconds)
        }
    }

    private mutating func steps(_ name: StaticString, _ steps: [Int], default usual: [Int]) {
        if steps == usual { return }
        key(name)
        beginArray()
        for step in steps { integer(step) }
        endArray()
    }
}

extension AlertDocument.Rule {
    fileprivate var kind: AlertKind {
        switch self {
        case .allowanceUsed: .allowanceUsed
        case .lowBalance: .lowBalance
        case .spend: .spend
        case .keyExpiring: .keyExpiring
        case .keyFaulty: .keyFaulty
        case .holdAgeing: .holdAgeing
        }
    }
}
