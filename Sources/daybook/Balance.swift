import ArgumentParser
import LedgerClient

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
        connection.show(try connection.connect().call("balance", params.object)) { lines($0, connection.amounts(of: tenant)) }
    }

    private func lines(_ result: JSONValue, _ amounts: Amounts) -> [String] {
        let balances = result["balances"]?.elements ?? []
        if balances.isEmpty { return ["\(account) has nothing"] }
        return BalanceTable.lines(balances, amounts) + (lots ? balances.flatMap { BalanceTable.lots($0, amounts) } : [])
    }
}

/// Balances for people.
enum BalanceTable {
    static func lines(_ balances: [JSONValue], _ amounts: Amounts) -> [String] {
        Rows.table(balances, hiding: ["lots", "unlimited"], amounts).lines()
    }

    /// The lots of one unit, in the order in which they are drawn.
    static func lots(_ balance: JSONValue, _ amounts: Amounts) -> [String] {
        let unit = balance["unit"] ?? ""
        let lots = (balance["lots"]?.elements ?? []).map {
            JSONValue.object([JSONValue.Member("unit", unit)] + ($0.members ?? []))
        }
        if lots.isEmpty { return [] }
        let title = Terminal.output.bold("lots of \(Terminal.printable(unit.string ?? ""))")
        return ["", title] + Rows.table(lots, hiding: ["unit"], amounts).lines()
    }
}
