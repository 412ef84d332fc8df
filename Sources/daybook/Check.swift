import ArgumentParser
import LedgerClient

struct Check: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What a debit would cost, whether it is allowed, and what would remain. Nothing is written.",
        discussion: """
            Ends with status 1 when it would be refused.

            Examples:
              daybook check acme u-7 credits 500
              daybook check acme u-7 --feature siterank --quantity requests=50 --key k-1
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @OptionGroup var ask: AskOptions
    @Option(help: ArgumentHelp("The API key that would be used.", valueName: "name"))
    var key: String?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let (scope, rest): (Params, Params) = (["tenant": tenant, "account": account], ["key": key])
        let answer = try connection.connect().call("check", (scope + ask.params + rest).object)
        connection.show(answer) { CheckWords.lines($0, connection.amounts(of: tenant)) }
        if answer["allowed"]?.boolean == false { throw Failure(status: .rejected, message: "") }
    }
}

/// The answer of `check` for people.
enum CheckWords {
    static func lines(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        if answer["allowed"]?.boolean != true { return refusal(answer["rejection"]) }
        let rest = Sheet.lines(answer, hiding: ["allowed", "cost", "after", "meters"], amounts)
        return [Terminal.output.bold("allowed")] + cost(answer, amounts) + after(answer, amounts) + meters(answer, amounts) + rest
    }

    private static func refusal(_ rejection: JSONValue?) -> [String] {
        let message = rejection?["message"]?.string.map { ": \(Terminal.printable($0))" } ?? ""
        let name = rejection?["data"]?["rejection"]?.string ?? ""
        return [Terminal.output.bold("not allowed") + message, "  \(name)\(Ending.facts(rejection?["data"]))"]
    }

    private static func meters(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        (answer["meters"]?.elements ?? []).map { "  \(QuotaTable.meter($0, amounts))" }
    }

    private static func cost(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        (answer["cost"]?.elements ?? []).map { part in
            "  costs \(amounts.words(part["amount"]?.integer ?? 0, part["unit"]?.string ?? ""))"
        }
    }

    private static func after(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        (answer["after"]?.elements ?? []).map { balance in
            let unit = balance["unit"]?.string
            return "  then \(unit ?? ""): \(amounts.words(balance: balance["balance"] ?? balance, unit))"
        }
    }
}
