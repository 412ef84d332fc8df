import ArgumentParser

struct RecordUsage: Verb {
    static let configuration = CommandConfiguration(
        commandName: "record-usage",
        abstract: "Write a line of history that moves nothing.",
        discussion: """
            For what was paid elsewhere, such as history from before the ledger. It may lie as far back as it likes.

            Example:
              daybook record-usage acme u-7 credits 3 --occurred-at 2024-05-01
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @OptionGroup var ask: AskOptions
    @OptionGroup(title: "About the use") var use: UseOptions
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account]
        try command.send("recordUsage", tenant: tenant, params + ask.params + use.params) {
            "recorded \(ask.words($0)) of \(account)"
        }
    }
}
