import ArgumentParser

struct Grant: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Give units to an account; the account is opened by its first grant.",
        discussion: """
            A grant opens a lot. Lots are drawn by lower priority number first, then by soonest expiry, then oldest first.

            Examples:
              daybook grant acme u-7 credits 1000
              daybook grant acme u-7 credits 50 --source bonus --expires-at 2027-01-01
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "The unit, such as credits.") var unit: String
    @Argument(help: "How many minor units, at least 1.") var amount: Int64

    @Option(parsing: .unconditional, help: ArgumentHelp("-1000 to 1000, lower is drawn first. Default: 20.", valueName: "n"))
    var priority: Int64?
    @Option(help: ArgumentHelp("When the lot can be drawn first.", valueName: "time"))
    var effectiveAt: Instant?
    @Option(help: ArgumentHelp("When the lot lapses.", valueName: "time"))
    var expiresAt: Instant?
    @Option(help: ArgumentHelp("purchase (the default), bonus, refund, adjustment or opening.", valueName: "source"))
    var source: String?
    @Option(help: ArgumentHelp("A note for the log.", valueName: "text"))
    var memo: String?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let terms: Params = [
            "priority": priority, "effectiveAt": effectiveAt, "expiresAt": expiresAt, "source": source, "memo": memo,
        ]
        let given: Params = ["account": account, "unit": unit, "amount": amount]
        try command.send("grant", tenant: tenant, given + terms) { "granted \($0.words(amount, unit)) to \(account)" }
    }
}

struct Adjust: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Correct a balance by hand, up or down, with a reason.",
        discussion: """
            Examples:
              daybook adjust acme u-7 credits --by 50 --reason "outage"
              daybook adjust acme u-7 credits --by -50 --reason "granted twice"
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "The unit.") var unit: String
    @Option(parsing: .unconditional, help: ArgumentHelp("How far the balance moves, negative for down; not 0.", valueName: "n"))
    var by: Int64
    @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
    var reason: String
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account, "unit": unit, "amount": by, "reason": reason]
        try command.send("adjust", tenant: tenant, params) { "adjusted \(account) by \($0.words(by, unit))" }
    }
}
