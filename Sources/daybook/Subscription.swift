import ArgumentParser
import LedgerClient

struct Subscribe: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Give an account a plan.",
        discussion: """
            The account is opened if need be. What the plan gives appears in every window by itself.

            Examples:
              daybook subscribe acme u-7 starter
              daybook subscribe acme u-7 pro --from 2026-11-30 --until 2027-11-30
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "The plan, a document plan/NAME.") var plan: String
    @Option(help: ArgumentHelp("When it begins, if not now; it may lie in the past.", valueName: "time"))
    var from: Instant?
    @Option(help: ArgumentHelp("The first instant without it. Default: it does not end by itself.", valueName: "time"))
    var until: Instant?
    @Option(
        help: ArgumentHelp(
            "The day of the month on which its months begin, 1 to 31. Default: the day of --from.", valueName: "day"))
    var anchor: Int64?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account, "plan": plan, "from": from, "until": until, "anchor": anchor]
        try command.send("subscribe", tenant: tenant, params, "subscribed \(account) to \(plan)")
    }
}

struct Unsubscribe: Verb {
    static let configuration = CommandConfiguration(
        abstract: "End an account's plan now, and what it gave.", discussion: "Example:\n  daybook unsubscribe acme u-7 starter")

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "The plan.") var plan: String
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account, "plan": plan]
        try command.send("unsubscribe", tenant: tenant, params, "ended \(plan) of \(account)")
    }
}

struct ChangePlan: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Put one plan in the place of another.",
        discussion: """
            Now keeps the open windows and what was used in them; next-window waits until the longest of them ends.

            Examples:
              daybook change-plan acme u-7 starter pro
              daybook change-plan acme u-7 pro starter --when next-window
            """)

    enum When: String, ExpressibleByArgument, CaseIterable {
        case now
        case nextWindow = "next-window"

        /// As the method has it.
        var word: String { self == .now ? "now" : "nextWindow" }
    }

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "The plan that ends.") var from: String
    @Argument(help: "The plan that follows.") var to: String
    @Option(help: "When. Default: now.") var when: When?
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let params: Params = ["account": account, "from": from, "to": to, "when": when?.word]
        let verb = when == .nextWindow ? "will change" : "changed"
        try command.send("changePlan", tenant: tenant, params, "\(verb) \(account) from \(from) to \(to)")
    }
}
