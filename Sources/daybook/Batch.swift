import ArgumentParser
import LedgerClient

struct Batch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Many debits of one operation under one id.",
        discussion: """
            Examples:
              daybook batch debit acme u-7 B-1 --unit credits a.example=3 b.example=2
              daybook batch summary acme u-7 B-1
              daybook batch items acme u-7 B-1
            """,
        subcommands: [DebitItems.self, Open.self, Close.self, Summary.self, Items.self, List.self])

    /// Which batch.
    struct Place: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account.") var account: String
        @Argument(help: "The batch's id, of this account.") var batch: String

        var params: Params { ["account": account, "batch": batch] }
        var queryParams: Params { ["tenant": tenant, "account": account, "batch": batch] }
    }

    struct Open: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Announce a batch; a first debit with --batch opens one as well.")

        @OptionGroup var place: Place
        @Option(help: ArgumentHelp("The feature it uses.", valueName: "name"))
        var feature: String?
        @Option(help: ArgumentHelp("How many items will come.", valueName: "n"))
        var size: Int64?
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let about: Params = ["feature": feature, "size": size]
            try command.send("openBatch", tenant: place.tenant, place.params + about, "opened batch \(place.batch)")
        }
    }

    struct Close: Verb {
        static let configuration = CommandConfiguration(abstract: "End a batch: it takes no more items.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws { try command.send("closeBatch", tenant: place.tenant, place.params, "closed batch \(place.batch)") }
    }

    struct Summary: Verb {
        static let configuration = CommandConfiguration(abstract: "What a batch used and cost, net of refunds.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let missing = "there is no batch \(place.batch)."
            let (answer, row) = try query.find("batches.summary", place.queryParams, missing: missing)
            query.connection.show(answer) { _ in Sheet.lines(row, query.connection.amounts(of: place.tenant)) }
        }
    }

    struct Items: Verb {
        static let configuration = CommandConfiguration(abstract: "The items of a batch.")

        @OptionGroup var place: Place
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws { try query.show("batches.items", place.queryParams + page.params) }
    }

    struct List: Verb {
        static let configuration = CommandConfiguration(abstract: "The batches of an account.")

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account.") var account: String?
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func run() throws {
            let scope: Params = ["tenant": tenant, "account": account]
            try query.show("batches.list", scope + page.params)
        }
    }
}
