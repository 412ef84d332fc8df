import LedgerClient

/// What an alert is about, for people.
enum AlertWords {
    /// From the event `alertRaised`, as the log has it; empty for a kind that is not known here.
    static func text(_ event: JSONValue, _ amounts: Amounts = .minor) -> String {
        let unit = event["unit"]?.string
        func number(_ name: String) -> String { amounts.number(event[name]?.integer ?? 0, unit) }
        func plain(_ name: String) -> String { grouped(event[name]?.integer ?? 0) }
        func name(_ name: String) -> String { event[name]?.string ?? "" }
        return switch name("kind") {
        case "lowBalance": "\(number("available")) \(name("unit")) available, below \(number("below"))"
        case "allowanceUsed":
            "\(plain("threshold")) % used: \(number("used")) of \(number("limit")) \(name("unit")) a \(name("period")) of \(name("plan"))"
        case "spend": "\(name("subject")) \(name("name")) spent \(number("spent")) \(name("unit")), above \(number("above"))"
        case "keyExpiring": "key \(name("key")) expires within \(plain("days")) d, at \(Rows.shortTime(name("expiresAt")))"
        case "keyFaulty": "key \(name("key")) was reported faulty"
        case "holdAgeing": "hold \(name("hold")) is open for \(plain("seconds")) s"
        case "segmentRotten": "the segment from event \(event["segment"]?.integer ?? 0) on is damaged: \(name("reason"))"
        case "drift":
            "\(number("expected")) \(name("unit")) expected of account \(name("ofAccount")) of \(name("ofTenant")), \(number("found")) found, at event \(event["sequence"]?.integer ?? 0)"
        default: ""
        }
    }

    /// The rows of `alerts.list` with what each is about in place of the event and its parts.
    static func answer(_ answer: JSONValue, _ amounts: Amounts) -> JSONValue {
        let rows = (answer["rows"]?.elements ?? []).map { row($0, amounts) }
        return .object((answer.members ?? []).map { $0.key == "rows" ? JSONValue.Member("rows", .array(rows)) : $0 })
    }

    private static func row(_ row: JSONValue, _ amounts: Amounts) -> JSONValue {
        let event = Documents.tree(row["event"]) ?? row
        let rest = (row.members ?? []).filter { !["event", "unit", "key", "hold", "kind"].contains($0.key) }
        return .object(rest + [JSONValue.Member("about", .string(text(event, amounts)))])
    }
}
