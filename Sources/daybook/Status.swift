import ArgumentParser
import LedgerClient

struct Status: Verb {
    static let configuration = CommandConfiguration(abstract: "How the daemon is: its ledger, the newest event, the read models.")

    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws { connection.show(try connection.connect().call("status"), Sheet.lines) }
}

/// An object for people, whatever it has: single values as pairs, lists of objects as tables.
enum Sheet {
    static func lines(_ object: JSONValue) -> [String] {
        let members = object.members ?? []
        return pairs(members) + members.flatMap { table($0) }
    }

    private static func pairs(_ members: [JSONValue.Member]) -> [String] {
        let flat = members.flatMap(flattened)
        let width = flat.map { displayWidth($0.0) }.max() ?? 0
        return flat.map { name, text in
            let space = String(repeating: " ", count: width - displayWidth(name) + 2)
            return Terminal.output.dim(name) + space + text
        }
    }

    /// A member that is no list, its own members as `outer inner`.
    private static func flattened(_ member: JSONValue.Member) -> [(String, String)] {
        if let inner = member.value.members {
            return inner.flatMap(flattened).map { ("\(Rows.words(member.key)) \($0)", $1) }
        }
        if member.value.elements != nil || member.value.isNull { return [] }
        return [(Rows.words(member.key), Rows.cell(member.key, member.value))]
    }

    private static func table(_ member: JSONValue.Member) -> [String] {
        guard let rows = member.value.elements, !rows.isEmpty else { return [] }
        return ["", Terminal.output.bold(Rows.words(member.key))] + Rows.table(rows).lines()
    }
}

/// The escape hatch: every method of the protocol, also those without a verb.
struct CallMethod: Verb {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call any method with parameters as JSON, and print its result as JSON.",
        discussion: """
            `daybook call rpc.discover` lists the methods.

            Examples:
              daybook call daily.features \\
                '{"tenant":"acme","from":"2026-11-01","to":"2026-11-30"}'
              daybook call debitBatch @batch.json
            """)

    @Argument(help: "The method.") var method: String
    @Argument(help: "Its parameters: the JSON text, @FILE, or - for standard input.") var params: JSONArgument?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let result = try connection.connect().call(method, params?.value ?? [:])
        Terminal.output.line(result.description)
    }
}

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Acknowledge alerts, by the numbers of their events.", subcommands: [Read.self, Delivered.self])

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
            let sentence = "marked \(alerts.count) alerts as \(state)"
            try command.send("acknowledgeAlerts", tenant: tenant, params, sentence)
        }
    }
}
