import LedgerClient

/// An event on one line for people.
enum EventWords {
    static func line(_ event: JSONValue, _ amounts: Amounts = .minor) -> String {
        let fixed = [
            padded(String(event["seq"]?.integer ?? 0), 8, left: true), Rows.shortTime(event["at"]?.string ?? ""),
            padded(event["type"]?.string ?? "", 16),
        ]
        let names = ["tenant", "account", "plan", "feature", "batch", "hold", "key", "rule", "severity", "platform"]
        let rest =
            names.compactMap { event[$0]?.string } + moves(event, "parts", "", amounts)
            + moves(event, "returns", "back ", amounts) + [AlertWords.text(event, amounts)].filter { !$0.isEmpty }
            + ["id=\(id(event))"]
        return Terminal.printable((fixed + rest).joined(separator: "  "))
    }

    private static func id(_ event: JSONValue) -> String { event["item"]?.string ?? event["id"]?.string ?? "" }

    private static func moves(_ event: JSONValue, _ member: String, _ prefix: String, _ amounts: Amounts) -> [String] {
        (event[member]?.elements ?? []).map { part in
            let sign = event["direction"]?.string == "down" ? "-" : ""
            return "\(prefix)\(sign)\(amounts.words(part["amount"]?.integer ?? 0, part["unit"]?.string ?? ""))"
        }
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }
}
