import ArgumentParser

struct History: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What an account used, newest first; a batch is one line.",
        discussion: """
            Examples:
              daybook history acme u-7
              daybook history acme u-7 --feature siterank --from 2026-11-01 --limit 100
              daybook history acme u-7 --open B-1        the items of one batch
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Option(help: ArgumentHelp("Show the items of this batch instead.", valueName: "batch"))
    var open: String?
    @Option(help: ArgumentHelp("Only this feature.", valueName: "name"))
    var feature: String?
    @Option(help: ArgumentHelp("Not before this time.", valueName: "time"))
    var from: Instant?
    @Option(help: ArgumentHelp("Before this time.", valueName: "time"))
    var to: Instant?
    @OptionGroup(title: "Page") var page: PageOptions
    @OptionGroup(title: "Common options") var query: QueryOptions

    var wantsJSON: Bool { query.connection.json }

    func validate() throws {
        if open != nil, feature != nil || from != nil || to != nil {
            throw ValidationError("--open shows one batch whole: leave out --feature, --from and --to.")
        }
    }

    func run() throws {
        let scope: Params = ["tenant": tenant, "account": account]
        if let open { return try query.show("usage.batch", scope + ["batch": open] + page.params, hiding: ["day"]) }
        let filter: Params = ["feature": feature, "from": from, "to": to]
        try query.show("usage.history", scope + filter + page.params, hiding: ["day"])
    }
}
