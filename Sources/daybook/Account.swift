import ArgumentParser
import LedgerClient

struct Account: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open, freeze and close accounts.",
        discussion: """
            A frozen account takes no debits and holds; what is held can be settled, and what was taken refunded.

            Examples:
              daybook account open acme u-7 --name "Jane Doe" --label team=research
              daybook account freeze acme u-7 --reason "payment overdue"
              daybook account close acme u-7 --reason "asked for it"
            """,
        subcommands: [Open.self, Freeze.self, Unfreeze.self, Close.self])

    struct Open: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Open an account with a name and labels; a first grant opens one without.",
            discussion: """
                Example:
                  daybook account open acme u-7 --name "Jane Doe" --label team=research
                """)

        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account.") var account: String
        @Option(help: ArgumentHelp("A name for people.", valueName: "text"))
        var name: String?
        @Option(help: ArgumentHelp("A label such as team=research. Up to 8.", valueName: "name=text"))
        var label: [Assignment] = []
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let params: Params = ["account": account, "name": name, "labels": label.object]
            try command.send("openAccount", tenant: tenant, params, "opened \(account)")
        }
    }

    struct Freeze: Verb {
        static let configuration = CommandConfiguration(abstract: "Refuse debits and holds of an account from now on.")

        @OptionGroup var state: StateOptions

        var wantsJSON: Bool { state.command.connection.json }

        func run() throws { try state.send("freezeAccount", "froze") }
    }

    struct Unfreeze: Verb {
        static let configuration = CommandConfiguration(abstract: "Allow a frozen account's debits and holds again.")

        @OptionGroup var state: StateOptions

        var wantsJSON: Bool { state.command.connection.json }

        func run() throws { try state.send("unfreezeAccount", "unfroze") }
    }

    struct Close: Verb {
        static let configuration = CommandConfiguration(abstract: "Close an account without open holds, for ever.")

        @OptionGroup var state: StateOptions

        var wantsJSON: Bool { state.command.connection.json }

        func run() throws { try state.send("closeAccount", "closed") }
    }

    /// Which account, and why its state changes.
    struct StateOptions: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account.") var account: String
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @OptionGroup(title: "Common options") var command: CommandOptions

        func send(_ method: String, _ verb: String) throws {
            let params: Params = ["account": account, "reason": reason]
            try command.send(method, tenant: tenant, params, "\(verb) \(account)")
        }
    }
}
