import ArgumentParser
import LedgerClient

struct Explain: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Why: which lots paid, at which price and plan version, under which rule.",
        discussion: """
            ID is the id of a command, of an item in a batch, or of a hold. With --account instead: the balance, lot by lot; or, with an amount \
            or a feature, what a use would cost or why it would be refused.

            Examples:
              daybook explain acme d-1
              daybook explain acme --account u-7 --unit credits
              daybook explain acme --account u-7 --feature siterank --quantity requests=50
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: ArgumentHelp("What to explain.", valueName: "id")) var of: String?
    @Option(help: ArgumentHelp("Explain this account's balance, or its use.", valueName: "name"))
    var account: String?
    @Option(help: ArgumentHelp("Only this unit; with --amount the use of so much.", valueName: "name"))
    var unit: String?
    @Option(help: ArgumentHelp("A use of so many minor units.", valueName: "n"))
    var amount: Int64?
    @Option(help: ArgumentHelp("A use of this feature.", valueName: "name"))
    var feature: String?
    @Option(help: ArgumentHelp("How much of it. Repeat it for more dimensions.", valueName: "dimension=n"))
    var quantity: [QuantityArgument] = []
    @Option(help: ArgumentHelp("The API key of the use.", valueName: "name"))
    var key: String?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func validate() throws {
        if (of == nil) == (account == nil) { throw ValidationError("Say either the ID of a command, or --account.") }
        let isOfUse = unit != nil || amount != nil || feature != nil || !quantity.isEmpty || key != nil
        if of != nil, isOfUse { throw ValidationError("A command explains itself: leave out what is about a use.") }
        if amount != nil, unit == nil { throw ValidationError("--amount needs --unit.") }
        if (feature == nil) != quantity.isEmpty { throw ValidationError("--feature and --quantity go together.") }
        if feature != nil, unit != nil { throw ValidationError("Say either --unit or --feature.") }
    }

    func run() throws {
        let params: Params = [
            "tenant": tenant, "of": of, "account": account, "unit": unit, "amount": amount, "feature": feature,
            "quantities": quantity.object, "key": key,
        ]
        let answer = try connection.connect().call("explain", params.object)
        connection.show(answer) { ExplainWords.lines($0, connection.amounts(of: tenant)) }
    }
}

/// The answer of `explain` for people: of a command, of a balance, or of a use.
enum ExplainWords {
    static func lines(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        let told: Set<String> = ["event", "group", "balances", "check", "lots", "documents"]
        let sections = [
            section("what was written", (answer["group"]?.elements ?? []).map { EventWords.line($0, amounts) }),
            section("the balance", balances(answer, amounts)),
            section("the use", answer["check"].map { CheckWords.lines($0, amounts) } ?? []),
            section("the lots, and how they came", (answer["lots"]?.elements ?? []).map { lot($0, amounts) }),
            section("by these documents", (answer["documents"]?.elements ?? []).flatMap(document)),
            Sheet.lines(answer, hiding: told, amounts),
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [Terminal.output.bold(title)] + lines.map { $0.isEmpty ? "" : "  \($0)" }
    }

    private static func balances(_ answer: JSONValue, _ amounts: Amounts) -> [String] {
        guard let balances = answer["balances"]?.elements else { return [] }
        if balances.isEmpty { return ["nothing"] }
        return BalanceTable.lines(balances, amounts) + balances.flatMap { BalanceTable.lots($0, amounts) }
    }

    private static func lot(_ lot: JSONValue, _ amounts: Amounts) -> String {
        lot["opened"].map { EventWords.line($0, amounts) } ?? "lot \(lot["lot"]?.integer ?? 0)"
    }

    private static func document(_ document: JSONValue) -> [String] {
        ["\(document["key"]?.string ?? "") version \(document["version"]?.integer ?? 0)"]
            + Documents.pretty(document["value"]).map { "  \($0)" }
    }
}
