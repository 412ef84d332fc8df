import LedgerClient

/// The answer of a query for people: whatever columns it has, as a table, and where it stands.
struct Rows {
    private let rows: [JSONValue]
    private let next: String?
    private let asOf: Int64?

    init(_ answer: JSONValue) {
        rows = answer["rows"]?.elements ?? []
        next = answer["next"]?.string
        asOf = answer["asOf"]?["seq"]?.integer
    }

    func lines(hiding hidden: Set<String> = [], _ amounts: Amounts = .minor) -> [String] {
        let body = rows.isEmpty ? ["nothing found"] : Rows.table(rows, hiding: hidden, amounts).lines()
        return body + [Terminal.output.dim(foot)]
    }

    private var foot: String {
        (asOf.map { "as of event \($0)" } ?? "") + (next.map { ", more with --cursor '\($0)'" } ?? "")
    }

    /// One column per member name, in the order in which the rows bring them; documents come last, for they are wide.
    static func table(_ rows: [JSONValue], hiding hidden: Set<String> = [], _ amounts: Amounts = .minor) -> Table {
        let names = names(in: rows, hiding: hidden)
        let columns = names.map { name in
            Table.Column(title: words(name), alignment: rows.contains { $0[name]?.integer != nil } ? .right : .left)
        }
        return Table(columns: columns, rows: rows.map { row in names.map { cell($0, of: row, amounts) } })
    }

    private static func names(in rows: [JSONValue], hiding hidden: Set<String>) -> [String] {
        var names: [String] = []
        for name in rows.flatMap({ $0.members ?? [] }).map(\.key) where !hidden.contains(name) && !names.contains(name) {
            names.append(name)
        }
        return names.filter { !wide.contains($0) } + names.filter(wide.contains)
    }

    private static let wide: Set<String> = [
        "value", "details", "json", "quantities", "labels", "units", "amounts", "counts", "tags", "features", "condition",
        "reason",
        "error",
    ]

    /// `firstAt` and `first_at` read as `first at`.
    static func words(_ name: String) -> String {
        name.map { $0 == "_" ? " " : $0.isUppercase ? " \($0.lowercased())" : String($0) }.joined()
    }

    /// Numbers that are names are not grouped.
    private static let plainNumbers: Set<String> = [
        "seq", "firstSeq", "lastSeq", "version", "priceVersion", "rollbackOf", "lot", "debit", "number", "api", "peer", "alert",
        "price",
    ]

    /// What is counted in the minor units of the row's `unit`.
    private static let amountNames: Set<String> = [
        "amount", "available", "held", "remaining", "refunded", "net", "shortfall", "used", "limit", "carried", "expired", "cost",
        "above", "below", "spent",
    ]

    static func cell(_ name: String, of row: JSONValue, _ amounts: Amounts) -> String {
        guard amountNames.contains(name), let amount = row[name]?.integer else { return cell(name, row[name]) }
        if name == "available" { return Amounts.available(row) { amounts.number($0, row["unit"]?.string) } }
        return amounts.number(amount, row["unit"]?.string)
    }

    static func cell(_ name: String, _ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: ""
        case .integer(let number)?: plainNumbers.contains(name) ? String(number) : grouped(number)
        case .boolean(let isSo)?: isSo ? "yes" : "no"
        case .string(let text)?: Terminal.printable(shortTime(text))
        case .some(let other): Terminal.printable(other.description)
        }
    }

    /// A time of the ledger without its fraction, which matters to programs: `2026-11-21 01:23:45Z`.
    static func shortTime(_ text: String) -> String {
        guard text.count == 27, text.hasSuffix("Z"), Instant(text) != nil else { return text }
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + "Z"
    }
}
