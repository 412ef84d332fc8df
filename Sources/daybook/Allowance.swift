import ArgumentParser
import LedgerClient

struct Allowance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change what a plan gives one account, or start a window's count again.",
        discussion: """
            Examples:
              daybook allowance override acme u-7 pro articles day 20 --reason "a favour"
              daybook allowance override acme u-7 pro pages day unlimited --reason "trial"
              daybook allowance override acme u-7 pro articles day default --reason "over"
              daybook allowance reset acme u-7 pro articles day --reason "our fault"
            """,
        subcommands: [Override.self, Reset.self])

    enum Period: String, ExpressibleByArgument, CaseIterable { case day, month, never }

    /// Which allowance of which account.
    struct Place: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The account.") var account: String
        @Argument(help: "The plan.") var plan: String
        @Argument(help: "The unit.") var unit: String
        @Argument(help: "The period of its windows.") var period: Period

        var params: Params { ["account": account, "plan": plan, "unit": unit, "period": period.rawValue] }
    }

    struct Override: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Give one account another amount than its plan does, at once and from now on.")

        @OptionGroup var place: Place
        @Argument(help: "Minor units per window, unlimited, or default for what the plan gives.") var amount: Allotment
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let params: Params = ["amount": amount.json, "reason": reason]
            try command.send("overrideAllowance", tenant: place.tenant, place.params + params) {
                "\(place.account) has \(amount.words(place.unit, $0)) of \(place.plan)"
            }
        }
    }

    struct Reset: Verb {
        static let configuration = CommandConfiguration(abstract: "Start an open window's count again.")

        @OptionGroup var place: Place
        @Option(help: ArgumentHelp("Why; it goes into the log.", valueName: "text"))
        var reason: String
        @OptionGroup(title: "Common options") var command: CommandOptions

        var wantsJSON: Bool { command.connection.json }

        func run() throws {
            let params: Params = ["reason": reason]
            let sentence = "\(place.account) starts again with its \(place.unit) of \(place.plan)"
            try command.send("resetAllowance", tenant: place.tenant, place.params + params, sentence)
        }
    }
}

/// What every window of an allowance gives.
enum Allotment: ExpressibleByArgument, Hashable {
    case amount(Int64)
    case unlimited
    /// What the plan gives.
    case planned

    init?(argument: String) {
        switch argument {
        case "unlimited": self = .unlimited
        case "default": self = .planned
        default:
            guard let amount = Int64(argument), amount >= 0 else { return nil }
            self = .amount(amount)
        }
    }

    var json: JSONValue {
        switch self {
        case .amount(let amount): .integer(amount)
        case .unlimited: -1
        case .planned: .null
        }
    }

    func words(_ unit: String, _ amounts: Amounts) -> String {
        switch self {
        case .amount(let amount): amounts.words(amount, unit)
        case .unlimited: "unlimited \(unit)"
        case .planned: "the usual \(unit)"
        }
    }
}
