import ArgumentParser
import LedgerClient

struct Plans: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What subscribers are given in every window.",
        discussion: """
            A plan is a document plan/NAME: `config` does the same and more, such as its history and rollback.

            Examples:
              daybook plans acme
              daybook plans set acme starter --reason "launch" \\
                '{"allowances":[{"unit":"articles","amount":5,"period":"day"}]}'
              daybook plans set acme starter @starter.json --dry-run
            """,
        subcommands: [List.self, Get.self, Set.self, Delete.self], defaultSubcommand: List.self)

    /// Which plan.
    struct Place: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The plan's name.") var plan: String

        var key: String { "plan/\(plan)" }
    }

    struct List: Verb {
        static let configuration = CommandConfiguration(abstract: "The plans of a tenant, and what they give.")

        @Argument(help: "The tenant.") var tenant: String
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let params: Params = ["tenant": tenant, "prefix": "plan/"]
            let answer = try query.ask("config.current", params + page.params)
            query.connection.show(answer) { Rows(PlanTable.answer($0, query.connection.amounts(of: tenant))).lines() }
        }
    }

    struct Get: Verb {
        static let configuration = CommandConfiguration(abstract: "A plan as it is now. Status 1 if there is none.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws { try query.showDocument(place.key, of: place.tenant) }
    }

    struct Set: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Write a plan: a new version of it, which holds from everybody's next windows.",
            discussion: """
                {"name"?, "price"?: {"unit", "amount"}, "cycle"?, "enabled"?, "allowances": [{"unit", "amount" (-1 for unlimited), \
                "period": "day" | "month" | "never", "priority"?, "rollover"?, "anchor"?: "calendar" | "subscription"}]}

                A plan with "enabled": false takes no new subscribers.
                """)

        @OptionGroup var place: Place
        @Argument(help: "The content as JSON: the text, @FILE, or - for standard input.", transform: JSONArgument.read)
        var value: JSONValue
        @OptionGroup var change: ChangeOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try change.put(value, at: place.key, of: place.tenant, command) }
    }

    struct Delete: Verb {
        static let configuration = CommandConfiguration(abstract: "Delete a plan; its history stays.")

        @OptionGroup var place: Place
        @OptionGroup var change: ChangeOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try change.delete(place.key, of: place.tenant, command) }
    }
}

/// Plans as rows for people.
enum PlanTable {
    /// The answer of `config.current` with a row per plan: its name, what it costs, and what it gives in words.
    static func answer(_ answer: JSONValue, _ amounts: Amounts) -> JSONValue {
        let rows = (answer["rows"]?.elements ?? []).map { row($0, amounts) }
        return .object((answer.members ?? []).map { $0.key == "rows" ? JSONValue.Member("rows", .array(rows)) : $0 })
    }

    private static func row(_ row: JSONValue, _ amounts: Amounts) -> JSONValue {
        let document = Documents.tree(row["value"])
        let key = row["key"]?.string ?? ""
        return [
            "plan": .string(key.hasPrefix("plan/") ? String(key.dropFirst("plan/".count)) : key),
            "version": row["version"] ?? .null, "name": document?["name"] ?? .null, "price": price(document, amounts),
            "open": document?["enabled"]?.boolean == false ? "no" : "yes",
            "gives": .string((document?["allowances"]?.elements ?? []).map { allowance($0, amounts) }.joined(separator: ", ")),
        ]
    }

    private static func price(_ document: JSONValue?, _ amounts: Amounts) -> JSONValue {
        guard let price = document?["price"], let amount = price["amount"]?.integer, let unit = price["unit"]?.string else {
            return .null
        }
        let cycle = document?["cycle"]?.string.map { " per \($0)" } ?? ""
        return .string(amounts.words(amount, unit) + cycle)
    }

    /// `5 articles a day`, `unlimited pages a month`, `100 credits once`
    static func allowance(_ allowance: JSONValue, _ amounts: Amounts) -> String {
        let unit = allowance["unit"]?.string ?? ""
        let amount = allowance["amount"]?.integer ?? 0
        let gives = amount < 0 ? "unlimited \(unit)" : amounts.words(amount, unit)
        let period = allowance["period"]?.string ?? ""
        return gives + (period == "never" ? " once" : " a \(period)")
    }
}
