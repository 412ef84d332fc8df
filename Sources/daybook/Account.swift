import ArgumentParser
import LedgerClient

struct Account: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Open accounts.", subcommands: [Open.self])

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
}

struct Balance: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What an account has, from the writer itself: never behind.",
        discussion: """
            Examples:
              daybook balance acme u-7
              daybook balance acme u-7 credits --lots
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "The account.") var account: String
    @Argument(help: "Only this unit.") var unit: String?
    @Flag(help: "Also the lots, in the order in which they are drawn.")
    var lots = false
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let params: Params = ["tenant": tenant, "account": account, "unit": unit]
        connection.show(try connection.connect().call("balance", params.object), lines)
    }

    private func lines(_ result: JSONValue) -> [String] {
        let balances = result["balances"]?.elements ?? []
        if balances.isEmpty { return ["\(account) has nothing"] }
        return Rows.table(balances, hiding: ["lots"]).lines() + (lots ? balances.flatMap(lotLines) : [])
    }

    private func lotLines(_ balance: JSONValue) -> [String] {
        let lots = balance["lots"]?.elements ?? []
        if lots.isEmpty { return [] }
        return ["", Terminal.output.bold("lots of \(balance["unit"]?.string ?? "")")] + Rows.table(lots).lines()
    }
}
