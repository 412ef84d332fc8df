import ArgumentParser
import LedgerClient

struct Query: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Any query of any read model, as a table.",
        discussion: """
            The queries are in docs/read-models.md; those of an operator's own read models are here too. `daybook call rpc.discover` lists \
            all of them with their parameters. One that is a list is given once for each value. Export gives all rows of one.

            Examples:
              daybook query daily.revenue tenant=acme from=2026-11-01 \\
                to=2026-11-30 by=month
              daybook query usage.history tenant=acme account=u-7 \\
                features=chat features=draw minAmount=100
              daybook query audit.list tenant=acme --limit 20
            """)

    @Argument(help: "The query, such as usage.history.") var query: String
    @Argument(help: ArgumentHelp("Its parameters.", valueName: "name=value")) var parameters: [Assignment] = []
    @OptionGroup(title: "Page") var page: PageOptions
    @OptionGroup(title: "Common options") var options: QueryOptions

    var wantsJSON: Bool { options.connection.json }

    func run() throws {
        let description = try options.connection.connect().call("rpc.discover")
        try options.show(query, parameters.params(of: query, describedBy: description) + page.params)
    }
}
