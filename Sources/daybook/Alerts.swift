import ArgumentParser
import LedgerClient

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What needs attention: allowances used up, low balances, keys about to expire.",
        discussion: """
            Rules are documents alert/NAME. Without any of a kind these hold: allowances used at 80, 95 and 100 %, keys 7, 3 and 1 days before \
            they expire, keys reported faulty.

            Examples:
              daybook alerts acme --unread
              daybook alerts acme --follow
              daybook alerts read acme 17 18
              daybook config set acme alert/low --reason "warn early" \\
                '{"kind":"lowBalance","unit":"credits","below":100}'
            """,
        subcommands: [List.self, Read.self, Delivered.self], defaultSubcommand: List.self)

    struct List: Verb {
        static let configuration = CommandConfiguration(
            abstract: "The alerts of a tenant, newest first; with --follow those to come as well.",
            discussion: "The number in front is the one that `alerts read` and `alerts delivered` take.")

        enum State: String, ExpressibleByArgument, CaseIterable { case raised, delivered, read }
        enum Severity: String, ExpressibleByArgument, CaseIterable { case info, warning, error }

        @Argument(help: "The tenant.") var tenant: String
        @Option(help: ArgumentHelp("Only those of this account.", valueName: "name"))
        var account: String?
        @Option(help: ArgumentHelp("Only those of this rule.", valueName: "name"))
        var rule: String?
        @Option(help: ArgumentHelp("Only those of this kind, such as lowBalance.", valueName: "name"))
        var kind: String?
        @Option(help: "Only those of this severity.") var severity: Severity?
        @Option(help: "Only those in this state.") var state: State?
        @Flag(help: "Only those that nobody has read.")
        var unread = false
        @Flag(help: "Instead: print each alert as it is raised, for ever. With --from, from that event on.")
        var follow = false
        @Option(help: ArgumentHelp("With --follow: the first event's number. Default: only what is to come.", valueName: "seq"))
        var from: Int64?
        @OptionGroup(title: "Page") var page: PageOptions
        @OptionGroup(title: "Common options") var query: QueryOptions

        var wantsJSON: Bool { query.connection.json }

        func validate() throws {
            let isFiltered = rule != nil || kind != nil || severity != nil || state != nil
            if unread, isFiltered { throw ValidationError("--unread goes with --account only.") }
            if follow, isFiltered || account != nil || unread {
                throw ValidationError("--follow shows every alert: leave out the filters.")
            }
            if !follow, from != nil { throw ValidationError("--from goes with --follow.") }
        }

        func run() throws {
            if follow { return try printForEver() }
            let params: Params = [
                "tenant": tenant, "account": account, "rule": rule, "kind": kind, "severity": severity?.rawValue,
                "state": state?.rawValue,
            ]
            let answer = try query.ask(unread ? "alerts.unread" : "alerts.list", params + page.params)
            query.connection.show(answer) { Rows(AlertWords.answer($0, query.connection.amounts(of: tenant))).lines() }
        }

        private func printForEver() throws(ClientError) {
            let alerts = try EventSubscription(
                socketPath: query.connection.path, from: from, tenant: tenant, types: ["alertRaised"])
            let amounts = query.connection.amounts(of: tenant)
            while true {
                let alert = try alerts.next()
                Terminal.output.line(wantsJSON ? alert.text : EventWords.line(alert.value, amounts))
            }
        }
    }

    struct Read: Verb {
        static let configuration = CommandConfiguration(
            abstract: "Somebody has read these alerts.", discussion: "Example:\n  daybook alerts read acme 17 18")

        @OptionGroup var alerts: Numbers

        var wantsJSON: Bool { alerts.command.connection.json }

        func run() throws { try alerts.acknowledge(as: "read") }
    }

    struct Delivered: Verb {
        static let configuration = CommandConfiguration(abstract: "Somebody has been told of these alerts.")

        @OptionGroup var alerts: Numbers

        var wantsJSON: Bool { alerts.command.connection.json }

        func run() throws { try alerts.acknowledge(as: "delivered") }
    }

    struct Numbers: ParsableArguments {
        @Argument(help: "The tenant.") var tenant: String
        @Argument(help: "The alerts' event numbers.") var alerts: [Int64]
        @OptionGroup(title: "Common options") var command: CommandOptions

        func acknowledge(as state: String) throws {
            let params: Params = ["alerts": JSONValue.array(alerts.map { .integer($0) }), "as": state]
            let sentence = "marked \(alerts.count) \(alerts.count == 1 ? "alert" : "alerts") as \(state)"
            try command.send("acknowledgeAlerts", tenant: tenant, params, sentence)
        }
    }
}
