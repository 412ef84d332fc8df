import ArgumentParser
import LedgerClient

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prices, units, alerts and settings: documents with versions.",
        discussion: """
            KEY is unit/NAME, price/FEATURE, alert/NAME or tenant/settings.

            Examples:
              daybook config set acme price/siterank --reason "launch" \\
                '{"charges":[{"unit":"credits","rates":{"requests":"1"}}]}'
              daybook config history acme price/siterank
              daybook config rollback acme price/siterank 1 --reason "too dear"
            """,
        subcommands: [Get.self, Set.self, Delete.self, List.self, Versions.self, Rollback.self])

    /// Which document.
    struct Place: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The document, such as price/siterank.") var key: String
    }

    struct Get: Verb {
        static let configuration = CommandConfiguration(abstract: "A document as it is now.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let answer = try query.ask("config.document", ["tenant": place.tenant, "key": place.key])
            guard let row = answer["rows"]?[0] else {
                throw Failure(status: .rejected, message: "there is no document \(place.key).")
            }
            query.connection.show(answer) { _ in [head(row)] + Documents.pretty(row["value"]) }
        }

        private func head(_ row: JSONValue) -> String {
            let deleted = row["value"]?.isNull == true ? ", deleted" : ""
            return Terminal.output.dim("\(place.key) version \(row["version"]?.integer ?? 0)\(deleted)")
        }
    }

    struct Set: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Write a document: a new version of it.",
            discussion: """
                Examples:
                  daybook config set acme unit/usd '{"scale":6}' --reason "millionths"
                  daybook config set acme alert/low --reason "warn early" \\
                    '{"kind":"lowBalance","unit":"credits","below":100}'
                  daybook config set acme price/siterank @price.json --reason "new price" \\
                    --expect-version 1
                """)

        @OptionGroup var place: Place
        @Argument(help: "The content as JSON: the text, @FILE, or - for standard input.") var value: JSONArgument
        @OptionGroup var change: ChangeOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try change.configure(place, value.value, command, "wrote \(place.key)") }
    }

    struct Delete: Verb {
        static let configuration = CommandConfiguration(abstract: "Delete a document; its history stays.")

        @OptionGroup var place: Place
        @OptionGroup var change: ChangeOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try change.configure(place, .null, command, "deleted \(place.key)") }
    }

    /// How a document is changed.
    struct ChangeOptions: ParsableArguments {
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @Option(help: ArgumentHelp("Only if this is the version now; 0 for none yet.", valueName: "n"))
        var expectVersion: Int64?

        func configure(_ place: Place, _ value: JSONValue, _ command: CommandOptions, _ sentence: String) throws {
            let change: Params = ["key": place.key, "value": value, "expectVersion": expectVersion]
            let params: Params = ["reason": reason, "changes": JSONValue.array([change.object])]
            try command.send("configure", tenant: place.tenant, params, sentence)
        }
    }

    struct List: Verb {
        static let configuration = CommandConfiguration(abstract: "All documents of a tenant as they are now.")

        @Argument(help: "The tenant.") var tenant: String
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws { try query.show("config.current", ["tenant": tenant]) }
    }

    struct Versions: Verb {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: "Every version of a document: who wrote it, when and why.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let params: Params = ["tenant": place.tenant, "key": place.key]
            try query.show("config.history", params + page.params)
        }
    }

    struct Rollback: Verb {
        static let configuration = CommandConfiguration(abstract: "Write an earlier content as a new version.")

        @OptionGroup var place: Place
        @Argument(help: "The version whose content holds again.") var version: Int64
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let params: Params = ["reason": reason, "key": place.key, "version": version]
            try command.send("rollback", tenant: place.tenant, params, "rolled \(place.key) back to version \(version)")
        }
    }
}

/// JSON for people, two spaces deeper per level.
enum Documents {
    /// A document may come as a tree or as its text.
    static func pretty(_ value: JSONValue?) -> [String] {
        guard let value, !value.isNull else { return [] }
        if let text = value.string, let parsed = try? JSONValue(parsing: text) { return lines(parsed) }
        return lines(value)
    }

    static func lines(_ value: JSONValue) -> [String] {
        if let members = value.members, !members.isEmpty {
            return block("{", members.map { member in prefixing("\(JSONValue.string(member.key)): ", lines(member.value)) }, "}")
        }
        if let elements = value.elements, !elements.isEmpty { return block("[", elements.map(lines), "]") }
        return [Terminal.printable(value.description)]
    }

    private static func prefixing(_ prefix: String, _ lines: [String]) -> [String] {
        [Terminal.printable(prefix) + lines[0]] + lines.dropFirst()
    }

    private static func block(_ opening: String, _ items: [[String]], _ closing: String) -> [String] {
        let inner = items.enumerated().flatMap { index, item in
            index < items.count - 1 ? item.dropLast() + [item.last! + ","] : item
        }
        return [opening] + inner.map { "  " + $0 } + [closing]
    }
}
