import ArgumentParser
import LedgerClient

struct Hold: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Set units aside until it is known how much was used.",
        discussion: """
            A hold is named by its command's id. It ends once: settled, released, or by its time. Nobody else can take what is held.

            Examples:
              daybook hold acme u-7 credits 60 --id h-1
              daybook hold acme u-7 --feature chat --quantity inputTokens=4000 \\
                --quantity outputTokens=1000 --expires-in 5m --on-expiry capture
              daybook settle acme h-1 --amount 25
              daybook release acme h-1
            """)

    enum Expiry: String, ExpressibleByArgument, CaseIterable { case release, capture }

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @OptionGroup var ask: AskOptions
    @Option(help: ArgumentHelp("How long it lasts: 90, 15m, 2h, 1d. Default: the tenant's setting, else 15m.", valueName: "time"))
    var expiresIn: Seconds?
    @Option(help: "What becomes of it when nobody ends it in time: back to the account, or taken. Default: release.")
    var onExpiry: Expiry?
    @Option(help: "What a settlement above the hold takes: reject refuses it, cap takes the hold, a number up to so many more.")
    var overage: Overage?
    @OptionGroup(title: "About the use") var use: UseOptions
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let account: Params = ["account": account]
        let terms: Params = ["expiresInSeconds": expiresIn, "onExpiry": onExpiry?.rawValue, "overage": overage?.json]
        try command.send("hold", tenant: tenant, account + ask.params + use.params + terms) {
            "set \(ask.words($0)) of \(self.account) aside"
        }
    }
}

/// What a settlement above the held amount may take.
enum Overage: ExpressibleByArgument, Hashable {
    case reject
    case cap
    /// Up to so many minor units more.
    case allow(Int64)

    init?(argument: String) {
        switch argument {
        case "reject": self = .reject
        case "cap": self = .cap
        default:
            guard let amount = Int64(argument) else { return nil }
            self = .allow(amount)
        }
    }

    var json: JSONValue {
        switch self {
        case .reject: "reject"
        case .cap: "cap"
        case .allow(let amount): ["allow": .integer(amount)]
        }
    }
}

struct Holds: Verb {
    static let configuration = CommandConfiguration(
        abstract: "The open holds of a tenant or of one account.", discussion: "Example:\n  daybook holds acme u-7")

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String?
    @OptionGroup(title: "Page") var page: PageOptions
    @OptionGroup(title: "Common options") var query: QueryOptions

    var wantsJSON: Bool { query.connection.json }

    func run() throws {
        let scope: Params = ["tenant": tenant, "account": account]
        try query.show("balances.holds", scope + page.params)
    }
}
