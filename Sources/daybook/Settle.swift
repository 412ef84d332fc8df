import ArgumentParser
import LedgerClient

struct Settle: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take what was used of a hold, and give the rest back.",
        discussion: """
            Without --amount and --quantity all that is held is taken. A priced hold is settled by quantities, at the price it was made at.

            Examples:
              daybook settle acme h-1 --amount 25
              daybook settle acme h-2 --quantity inputTokens=812 --quantity outputTokens=40
              daybook settle acme h-3 --method estimated --label status=broken
            """)

    enum Method: String, ExpressibleByArgument, CaseIterable { case reported, observed, estimated, none }

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The hold, by its command's id.") var hold: String
    @OptionGroup var extent: ExtentOptions
    @Option(help: "How it is known how much was used. Default: reported.")
    var method: Method?
    @Option(help: ArgumentHelp("A label such as status=done, beside those of the hold.", valueName: "name=text"))
    var label: [Assignment] = []
    @Option(
        help: ArgumentHelp("Any JSON of at most 4 KiB: the text, @FILE, or - for standard input.", valueName: "json"),
        transform: JSONArgument.read)
    var details: JSONValue?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let hold: Params = ["hold": hold]
        let about: Params = ["method": method?.rawValue, "labels": label.object, "details": details]
        try command.send("settle", tenant: tenant, hold + extent.params + about, "settled \(self.hold)")
    }
}

/// How much of something that was taken or held: an amount, quantities, or, with neither, all of it.
struct ExtentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("So many minor units.", valueName: "n"))
    var amount: Int64?
    @Option(help: ArgumentHelp("The price of so much. Repeat it for more dimensions.", valueName: "dimension=n"))
    var quantity: [QuantityArgument] = []

    func validate() throws {
        if amount != nil, !quantity.isEmpty { throw ValidationError("Say either --amount or --quantity.") }
    }

    var params: Params { ["amount": amount, "quantities": quantity.object] }
}

struct Release: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Give all that is held back.", discussion: "Example:\n  daybook release acme h-1 --reason \"call failed\"")

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The hold, by its command's id.") var hold: String
    @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
    var reason: String?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["hold": hold, "reason": reason]
        try command.send("release", tenant: tenant, params, "released \(hold)")
    }
}

struct Extend: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Let a hold last longer, or shorter.", discussion: "Example:\n  daybook extend acme h-1 --expires-in 30m")

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The hold, by its command's id.") var hold: String
    @Option(help: ArgumentHelp("How long it lasts from now on: 90, 15m, 2h, 1d.", valueName: "time"))
    var expiresIn: Seconds
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["hold": hold, "expiresInSeconds": expiresIn]
        try command.send("extend", tenant: tenant, params, "extended \(hold)")
    }
}
