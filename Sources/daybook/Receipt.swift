import LedgerClient

/// What a command did, for people.
struct Receipt {
    let sentence: String
    let id: String
    let result: JSONValue

    var lines: [String] { [Terminal.output.bold(sentence)] + facts + [reference] }

    private var facts: [String] { (balances + changes + rejected + alerts).map { "  \($0)" } }

    private var balances: [String] {
        if let balance = result["balance"] { return [Receipt.words(balance)] }
        return (result["parts"]?.elements ?? []).map { part in
            let moved = "\(grouped(part["amount"]?.integer ?? 0)) \(part["unit"]?.string ?? "")"
            return part["balance"].map { "\(moved): now \(Receipt.words($0))" } ?? moved
        }
    }

    private static func words(_ balance: JSONValue) -> String {
        "\(grouped(balance["available"]?.integer ?? 0)) available, \(grouped(balance["held"]?.integer ?? 0)) held"
    }

    private var changes: [String] {
        (result["changes"]?.elements ?? []).map { "\($0["key"]?.string ?? "") is at version \($0["version"]?.integer ?? 0)" }
    }

    private var rejected: [String] {
        (result["rejected"]?.elements ?? []).map { item in
            let reason = item["message"]?.string ?? item["rejection"]?.string ?? ""
            return "rejected \(item["item"]?.string ?? ""): \(Terminal.printable(reason))"
        }
    }

    private var alerts: [String] {
        (result["alerts"]?.elements ?? []).compactMap { alert in
            guard let rule = alert["rule"]?.string else { return nil }
            return "alert \(alert["seq"]?.integer ?? 0): \(rule) (\(alert["severity"]?.string ?? ""))"
        }
    }

    private var reference: String {
        let first = result["replayed"]?.boolean == true ? ", done before: this is the first answer" : ""
        let at = result["at"]?.string.map(Rows.shortTime) ?? ""
        return Terminal.output.dim("event \(result["seq"]?.integer ?? 0) at \(at), id \(id)\(first)")
    }
}
