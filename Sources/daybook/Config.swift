import ArgumentParser
import LedgerClient

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prices, plans, units, alerts and settings: documents with versions.",
        discussion: """
            KEY is unit/NAME, price/FEATURE, plan/NAME, alert/NAME, tag/NAME or tenant/settings. A change comes into force at once, or with \
            --at at a time to come. --dry-run shows what would change, and how many accounts it touches.

            Examples:
              daybook config set acme price/siterank --reason "launch" \\
                '{"charges":[{"unit":"credits","rates":{"requests":"1"}}]}'
              daybook config set acme price/siterank @dearer.json --dry-run
              daybook config set acme price/siterank @dearer.json --reason "new year" \\
                --at 2027-01-01
              daybook config scheduled acme
              daybook config cancel acme price/siterank --reason "not yet"
              daybook config rollback acme price/siterank 1 --reason "too dear"
            """,
        subcommands: [
            Get.self, Set.self, Delete.self, Cancel.self, List.self, Scheduled.self, Versions.self, Rollback.self,
        ])

    /// Which document.
    struct Place: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The document, such as price/siterank.") var key: String
    }

    struct Get: Verb {
        static let configuration = CommandConfiguration(
            abstract: "A document as it is now, or as it was at a version. Status 1 if there is none.")

        @OptionGroup var place: Place
        @Argument(help: "As it was at this version.") var version: Int64?
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws { try query.showDocument(place.key, of: place.tenant, version: version) }
    }

    struct Set: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Write a document: a new version of it.",
            discussion: """
                Examples:
                  daybook config set acme unit/usd '{"scale":6}' --reason "millionths"
                  daybook config set acme alert/low --reason "warn early" \\
                    '{"kind":"lowBalance","unit":"credits","below":100}'
                  daybook config set acme tenant/settings --reason "home" \\
                    '{"timeZone":"Europe/Prague","defaultPlan":"free"}'
                  daybook config set acme price/siterank @price.json --reason "new price" \\
                    --expect-version 1
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
        static let configuration = CommandConfiguration(abstract: "Delete a document; its history stays.")

        @OptionGroup var place: Place
        @OptionGroup var change: ChangeOptions
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try change.delete(place.key, of: place.tenant, command) }
    }

    struct Cancel: Verb {
        static let configuration = CommandConfiguration(abstract: "Take back what is scheduled for a document.")

        @OptionGroup var place: Place
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let change: Params = ["key": place.key, "cancel": true]
            let params: Params = ["reason": reason, "changes": JSONValue.array([change.object])]
            try command.send("configure", tenant: place.tenant, params, "cancelled what was scheduled for \(place.key)")
        }
    }

    struct List: Verb {
        static let configuration = CommandConfiguration(abstract: "The documents of a tenant as they are now.")

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "Only documents whose key begins so, such as price/.") var prefix: String?
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let params: Params = ["tenant": tenant, "prefix": prefix]
            try query.show("config.current", params + page.params)
        }
    }

    struct Scheduled: Verb {
        static let configuration = CommandConfiguration(abstract: "What is still to come into force, and when.")

        @Argument(help: "The tenant.") var tenant: String
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let params: Params = ["tenant": tenant]
            try query.show("config.scheduled", params + page.params)
        }
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
