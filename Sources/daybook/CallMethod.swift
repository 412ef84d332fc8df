import ArgumentParser
import LedgerClient

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
    @Argument(help: "Its parameters: the JSON text, @FILE, or - for standard input.", transform: JSONArgument.read)
    var params: JSONValue?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let result = try connection.connect().call(method, params ?? [:])
        Terminal.output.line(result.description)
    }
}
