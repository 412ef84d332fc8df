import ArgumentParser
import LedgerClient

struct Debit: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take units from an account, all or nothing.",
        discussion: """
            Either an amount of a unit, or what a feature's price asks for the quantities used.

            Examples:
              daybook debit acme u-7 credits 3
              daybook debit acme u-7 --feature siterank --quantity requests=3 --batch B-1
              daybook debit acme u-7 --feature chat --quantity inputTokens=812 \\
                --quantity outputTokens=40 --label model=large \\
                --occurred-at 2026-11-20T09:30:00Z
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @OptionGroup var ask: AskOptions
    @OptionGroup(title: "About the use") var use: UseOptions
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account]
        try command.send("debit", tenant: tenant, params + ask.params + use.params) {
            "debited \(ask.words($0)) from \(account)"
        }
    }
}

/// What a debit says about the use, apart from what it costs.
struct UseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The batch it belongs to; opened if it is not there.", valueName: "id"))
    var batch: String?
    @Option(help: ArgumentHelp("The API key that was used.", valueName: "name"))
    var key: String?
    @Option(help: ArgumentHelp("A label such as model=large. Up to 8.", valueName: "name=text"))
    var label: [Assignment] = []
    @Option(help: ArgumentHelp("When it happened, if not now: 2026-11-20T09:30:00Z.", valueName: "time"))
    var occurredAt: Instant?
    @Option(
        help: ArgumentHelp("Any JSON of at most 4 KiB: the text, @FILE, or - for standard input.", valueName: "json"),
        transform: JSONArgument.read)
    var details: JSONValue?

    var params: Params {
        ["key": key, "batch": batch, "labels": label.object, "occurredAt": occurredAt, "details": details]
    }
}
