import LedgerClient

/// What a command did, for people.
struct Receipt {
    let sentence: String
    let id: String
    let result: JSONValue
    var amounts = Amounts.minor
    /// Of a command in one unit, which its result need not repeat.
    var unit: String?

    var lines: [String] { [Terminal.output.bold(sentence)] + facts.map { "  \($0)" } + [reference] }

    /// What came of it, one fact a line.
    var facts: [String] { terms + movements + changes + rejected + alerts + others }

    // MARK: What moved

    private var movements: [String] {
        if let balance = result["balance"] { return [amounts.words(balance: balance, unitOfAll)] + meters }
        return parts("parts", "") + parts("returned", "back: ") + shortfall + meters
    }

    private var unitOfAll: String? { result["unit"]?.string ?? unit }

    private func parts(_ member: String, _ prefix: String) -> [String] {
        (result[member]?.elements ?? []).map { part in
            let unit = part["unit"]?.string
            let moved = prefix + amounts.words(part["amount"]?.integer ?? 0, unit ?? "")
            return moved + expired(part, unit) + (part["balance"].map { ": now \(amounts.words(balance: $0, unit))" } ?? "")
        }
    }

    private func expired(_ part: JSONValue, _ unit: String?) -> String {
        guard let expired = part["expired"]?.integer, expired > 0 else { return "" }
        return " (\(amounts.number(expired, unit)) more had expired)"
    }

    private var shortfall: [String] {
        guard let shortfall = result["shortfall"]?.integer, shortfall > 0 else { return [] }
        let unit = (result["parts"]?.elements?.last ?? result["returned"]?.elements?.last)?["unit"]?.string
        return ["short of what was used by \(amounts.number(shortfall, unit))"]
    }

    /// The counters that it moved: of allowances, keys and alert rules.
    private var meters: [String] {
        (result["meters"]?.elements ?? []).map { QuotaTable.meter($0, amounts) }
    }

    // MARK: Holds, plans and allowances

    private var terms: [String] {
        let names = ["hold", "expiresAt", "plan", "until", "endedAt", "effectiveAt"]
        let known = names.compactMap { name in result[name]?.string.map { "\(Rows.words(name)) \(Rows.cell(name, .string($0)))" }
        }
        let late = result["late"]?.boolean == true ? ["late: the hold had ended by its time"] : []
        return (result["dryRun"] == nil ? known : []) + late + allowances
    }

    /// Open windows as they are now: the one that was changed, or those that a new plan took over.
    private var allowances: [String] {
        let one = result["allowance"].map { [QuotaTable.words($0, amounts, unit: unitOfAll)] } ?? []
        return one + (result["allowances"]?.elements ?? []).map { QuotaTable.words($0, amounts) }
    }

    // MARK: Configuration

    private var changes: [String] {
        (result["changes"]?.elements ?? []).map(change) + (result["differences"]?.elements ?? []).flatMap(Difference.lines)
    }

    private func change(_ change: JSONValue) -> String {
        let key = change["key"]?.string ?? ""
        if let version = change["version"]?.integer { return "\(key) is at version \(version)" }
        if let time = change["effectiveAt"]?.string { return "\(key) changes at \(Rows.shortTime(time))" }
        return "\(key): what was scheduled is cancelled"
    }

    // MARK: What else there is to say

    private var rejected: [String] {
        (result["rejected"]?.elements ?? []).map { item in
            let reason = item["message"]?.string ?? item["rejection"]?.string ?? ""
            return "rejected \(item["item"]?.string ?? ""): \(Terminal.printable(reason))"
        }
    }

    private var alerts: [String] {
        (result["alerts"]?.elements ?? []).compactMap { alert in
            guard let rule = alert["rule"]?.string else { return nil }
            return "alert \(alert["seq"]?.integer ?? 0): \(Terminal.printable(rule)) (\(alert["severity"]?.string ?? ""))"
        }
    }

    /// What is not told above, and no echo of what was asked.
    private var others: [String] {
        let members = (result.members ?? []).filter { !Self.told.contains($0.key) }
        return members.isEmpty ? [] : Sheet.lines(.object(members), amounts)
    }

    private static let told: Set<String> = [
        "id", "seq", "at", "replayed", "balance", "parts", "returned", "shortfall", "meters", "hold", "expiresAt", "plan", "from",
        "to",
        "until", "endedAt", "effectiveAt", "anchor", "late", "allowance", "allowances", "unit", "period", "batch", "changes",
        "differences",
        "dryRun", "rejected", "alerts", "account", "state", "of", "lot", "price", "accepted", "acknowledged", "results", "keys",
        "platform",
    ]

    private var reference: String {
        guard let seq = result["seq"]?.integer else {
            return Terminal.output.dim(result["dryRun"]?.boolean == true ? "nothing was written" : "id \(id)")
        }
        let first = result["replayed"]?.boolean == true ? ", done before: this is the first answer" : ""
        let at = result["at"]?.string.map(Rows.shortTime) ?? ""
        return Terminal.output.dim("event \(seq) at \(at), id \(id)\(first)")
    }
}

/// What a change would make of a document.
enum Difference {
    static func lines(_ difference: JSONValue) -> [String] {
        [head(difference)] + (difference["fields"]?.elements ?? []).map { "  \(field($0))" }
    }

    private static func head(_ difference: JSONValue) -> String {
        let version = difference["version"]?.integer ?? 0
        let now = version == 0 ? "new" : "now at version \(version)"
        let accounts = difference["accounts"]?.integer ?? 0
        let touched = accounts == 1 ? "1 account" : "\(grouped(accounts)) accounts"
        return "\(difference["key"]?.string ?? "") (\(now)) would touch \(touched)"
    }

    private static func field(_ field: JSONValue) -> String {
        let path = field["path"]?.string ?? field["path"]?.description ?? ""
        return Terminal.printable("\(path): \(value(field["before"])) -> \(value(field["after"]))")
    }

    private static func value(_ value: JSONValue?) -> String {
        if let value, !value.isNull { value.description } else { "nothing" }
    }
}
