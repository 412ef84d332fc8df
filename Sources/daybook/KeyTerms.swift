import ArgumentParser
import LedgerClient

/// What is said of a key, apart from its name, its secret and its account.
struct KeyTermsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The provider it is for.", valueName: "name"))
    var platform: String?
    @Option(help: ArgumentHelp("Whose it is.", valueName: "name"))
    var owner: String?
    @Option(help: ArgumentHelp("A name for people.", valueName: "text"))
    var name: String?
    @Option(help: ArgumentHelp("A tag. Repeat it for more, up to 16; those named are all it has then.", valueName: "name"))
    var tag: [String] = []
    @Option(help: ArgumentHelp("The first instant at which it is refused.", valueName: "time"))
    var expiresAt: Instant?
    @Option(help: ArgumentHelp("What it may spend, such as credits=1000/month; day, month or never.", valueName: "unit=n/period"))
    var limit: KeyLimit?
    @Option(help: ArgumentHelp("A feature it may be used for; all when none is named. Repeat it for more.", valueName: "name"))
    var feature: [String] = []
    @Option(help: ArgumentHelp("How many holds it may have open at once.", valueName: "n"))
    var maxOpenHolds: Int64?

    var params: Params {
        [
            "platform": platform, "owner": owner, "name": name, "tags": KeyTermsOptions.list(tag), "expiresAt": expiresAt,
            "limit": limit?.json, "features": KeyTermsOptions.list(feature), "maxOpenHolds": maxOpenHolds,
        ]
    }

    private static func list(_ names: [String]) -> JSONValue? { names.isEmpty ? nil : .array(names.map { .string($0) }) }
}

/// `UNIT=AMOUNT/PERIOD` on the command line.
struct KeyLimit: ExpressibleByArgument, Hashable {
    let unit: String
    let amount: Int64
    let period: String

    init?(argument: String) {
        guard let assignment = Assignment(argument: argument) else { return nil }
        let parts = assignment.value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let amount = Int64(parts[0]), let period = Allowance.Period(rawValue: String(parts[1])) else {
            return nil
        }
        (unit, self.amount, self.period) = (assignment.name, amount, period.rawValue)
    }

    var json: JSONValue { ["unit": .string(unit), "amount": .integer(amount), "period": .string(period)] }
}
