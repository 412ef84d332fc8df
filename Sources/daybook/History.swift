import ArgumentParser
import LedgerClient

struct History: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What an account used, newest first; a batch is one line.",
        discussion: """
            Examples:
              daybook history acme u-7
              daybook history acme u-7 --feature siterank --from 2026-11-01
              daybook history acme u-7 --open B-1
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Option(help: ArgumentHelp("Show the items of this batch instead.", valueName: "batch"))
    var open: String?
    @Option(help: ArgumentHelp("Only this feature.", valueName: "name"))
    var feature: String?
    @Option(help: ArgumentHelp("From this day on, as reports count days: 2026-11-01.", valueName: "day"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("Up to this day, included.", valueName: "day"))
    var to: CivilDate?
    @Option(help: ArgumentHelp("Not recorded before this time.", valueName: "time"))
    var since: Instant?
    @Option(help: ArgumentHelp("Recorded before this time.", valueName: "time"))
    var until: Instant?
    @OptionGroup(title: "Page") var page: PageOptions
    @OptionGroup(title: "Common options") var query: QueryOptions

    var wantsJSON: Bool { query.connection.json }

    func validate() throws {
        if open != nil, feature != nil || from != nil || to != nil || since != nil || until != nil {
            throw ValidationError("--open shows one batch whole: leave out the filters.")
        }
    }

    func run() throws {
        let scope: Params = ["tenant": tenant, "account": account]
        if let open { return try show(batch: open, scope) }
        let filter: Params = ["feature": feature, "from": from, "to": to, "since": since, "until": until]
        try query.show("usage.history", scope + filter + page.params, hiding: ["lastAt"])
    }

    private func show(batch: String, _ scope: Params) throws {
        let answer = try query.ask("usage.batch", scope + ["batch": batch] + page.params)
        if answer["rows"]?.elements?.isEmpty == true, page.cursor == nil {
            throw Failure(status: .rejected, message: "\(account) has no batch \(batch) with items.")
        }
        query.connection.show(answer) { Rows($0).lines(query.connection.amounts(of: tenant)) }
    }
}
