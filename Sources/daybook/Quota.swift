import ArgumentParser
import LedgerClient

struct Quota: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What is used of an account's allowances, from the writer itself: never behind.",
        discussion: "In a bar, # is used and = is held.\n\nExample:\n  daybook quota acme u-7")

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let params: Params = ["tenant": tenant, "account": account]
        connection.show(try connection.connect().call("quota", params.object)) {
            QuotaTable.lines($0["allowances"]?.elements ?? [], connection.amounts(of: tenant))
        }
    }
}

/// Allowances for people.
enum QuotaTable {
    static func lines(_ allowances: [JSONValue], _ amounts: Amounts) -> [String] {
        if allowances.isEmpty { return ["nothing found"] }
        let titles = ["plan", "unit", "period", "", "", "used", "held", "limit", "carried", "resets at"]
        let right: Set<String> = ["used", "held", "limit", "carried"]
        let columns = titles.map { Table.Column(title: $0, alignment: right.contains($0) ? .right : .left) }
        return Table(columns: columns, rows: allowances.map { row($0, amounts) }).lines()
    }

    private static func row(_ allowance: JSONValue, _ amounts: Amounts) -> [String] {
        let unit = allowance["unit"]?.string
        let (used, held) = (allowance["used"]?.integer ?? 0, allowance["held"]?.integer ?? 0)
        let (limit, carried) = (limit(of: allowance), allowance["carried"]?.integer ?? 0)
        return [
            plan(allowance), Terminal.printable(unit ?? ""),
            allowance["period"]?.string ?? "",
            limit.map { bar(used: used, held: held, limit: $0) } ?? "", limit.map { share(used, of: $0) } ?? "",
            amounts.number(used, unit), held == 0 ? "" : amounts.number(held, unit),
            limit.map { amounts.number($0, unit) } ?? "unlimited", carried == 0 ? "" : amounts.number(carried, unit),
            resets(allowance),
        ]
    }

    private static func plan(_ allowance: JSONValue) -> String {
        Terminal.printable(allowance["plan"]?.string ?? "") + (allowance["isDefault"]?.boolean == true ? " (default)" : "")
    }

    /// Nil for an allowance without limit.
    private static func limit(of allowance: JSONValue) -> Int64? { allowance["limit"]?.integer }

    private static func resets(_ allowance: JSONValue) -> String {
        (allowance["resetsAt"] ?? allowance["end"])?.string.map(Rows.shortTime) ?? ""
    }

    private static func share(_ used: Int64, of limit: Int64) -> String {
        limit == 0 ? "" : "\(Int64((Double(used) / Double(limit) * 100).rounded(.down))) %"
    }

    /// `[#######===..........]`: what is used, what is held, what is left. A bar is full only when nothing is left.
    static func bar(used: Int64, held: Int64, limit: Int64, width: Int = 20) -> String {
        let (used, taken) = (cells(used, of: limit, width), cells(used + held, of: limit, width))
        let parts = [("#", used), ("=", taken - used), (".", width - taken)]
        return "[" + parts.map { String(repeating: $0, count: $1) }.joined() + "]"
    }

    private static func cells(_ amount: Int64, of limit: Int64, _ width: Int) -> Int {
        if limit <= 0 { return amount > 0 ? width : 0 }
        return max(0, min(width, Int(Double(amount) / Double(limit) * Double(width))))
    }

    /// `3 of 5 articles used, until 2026-11-22 00:00:00Z`; the unit is that of the window unless it does not say it.
    static func words(_ window: JSONValue, _ amounts: Amounts, unit: String? = nil) -> String {
        let unit = window["unit"]?.string ?? unit
        let used = amounts.number(window["used"]?.integer ?? 0, unit)
        let limit = limit(of: window).map { "of \(amounts.number($0, unit)) " } ?? ""
        let end = resets(window)
        return "\(used) \(limit)\(unit.map { "\($0) " } ?? "")used" + (end.isEmpty ? "" : ", until \(end)")
    }

    /// A counter of an allowance, a key or an alert rule: `starter: 3 of 5 articles used, until ...`
    static func meter(_ meter: JSONValue, _ amounts: Amounts) -> String {
        let subject = ["allowance", "key", "rule", "subject"].compactMap { meter[$0]?.string }.joined(separator: " ")
        return Terminal.printable("\(subject): \(words(meter, amounts))")
    }
}
