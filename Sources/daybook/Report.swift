import ArgumentParser
import LedgerClient

struct ReportUsage: Verb {
    static let configuration = CommandConfiguration(
        commandName: "report-usage",
        abstract: "Note a provider's own figures for a stretch of time. They move nothing.",
        discussion: """
            Example:
              daybook report-usage acme openai --from 2026-11-01 --to 2026-12-01 \\
                --quantity inputTokens=812000 --cost usd=4060000
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The provider.") var platform: String
    @OptionGroup var stretch: StretchOptions
    @Option(help: ArgumentHelp("How much was used. Repeat it for more dimensions.", valueName: "dimension=n"))
    var quantity: [QuantityArgument] = []
    @Option(help: ArgumentHelp("What the provider charges, in minor units.", valueName: "unit=n"))
    var cost: QuantityArgument
    @Option(help: ArgumentHelp("The API key that the figures are about.", valueName: "name"))
    var key: String?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let head: Params = ["platform": platform, "key": key]
        let cost: JSONValue = ["unit": .string(self.cost.dimension), "amount": .integer(self.cost.count)]
        let figures: Params = ["quantities": quantity.object ?? [:], "cost": cost]
        try command.send("reportUsage", tenant: tenant, head + stretch.params + figures, "noted the figures of \(platform)")
    }
}

/// From the first instant to the first one after.
struct StretchOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where it begins.", valueName: "time"))
    var from: Instant
    @Option(help: ArgumentHelp("The first instant behind it.", valueName: "time"))
    var to: Instant

    var params: Params { ["from": from, "to": to] }
}

struct ReportSync: Verb {
    static let configuration = CommandConfiguration(
        commandName: "report-sync",
        abstract: "Note that a synchronisation with a provider has run, well or not.",
        discussion: """
            Example:
              daybook report-sync acme openai partial --count keys=120 --error "page 9" \\
                --from 2026-11-21T09:00Z --to 2026-11-21T09:04Z
            """)

    enum Status: String, ExpressibleByArgument, CaseIterable { case succeeded, partial, failed }

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The provider.") var platform: String
    @Argument(help: "How it ended.") var status: Status
    @OptionGroup var stretch: StretchOptions
    @Option(help: ArgumentHelp("What it counted, such as keys=120. Repeat it for more.", valueName: "name=n"))
    var count: [QuantityArgument] = []
    @Option(help: ArgumentHelp("What went wrong.", valueName: "text"))
    var error: String?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let head: Params = ["platform": platform, "status": status.rawValue]
        let counted: Params = ["counts": count.object ?? [:], "error": error]
        try command.send("reportSync", tenant: tenant, head + stretch.params + counted, "noted the run with \(platform)")
    }
}
