import ArgumentParser
import LedgerClient

struct Submit: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Several commands of one tenant, done together or not at all.",
        discussion: """
            The file has one command per line as JSON: {"method": ..., "params": {...}}, done in this order. Params need no tenant. One \
            without id gets the id of the whole with its line's number behind it, so a retry with the same --id is safe.

            Example:
              printf '%s\\n' \\
                '{"method":"subscribe","params":{"account":"u-7","plan":"pro"}}' \\
                '{"method":"closeBatch","params":{"account":"u-7","batch":"B-1"}}' \\
                | daybook submit acme - --id s-1
            """)

    @Argument(help: "The tenant.") var tenant: String
    @Argument(help: "One command per line as JSON; - for standard input.") var file: String
    @OptionGroup(title: "Common options") var command: CommandOptions

    var wantsJSON: Bool { command.connection.json }

    func run() throws {
        let id = command.commandID
        let commands = try InnerCommands.complete(JSONLines.read(file), of: file, id: id)
        let params: Params = ["commands": JSONValue.array(commands)]
        let result = try command.perform("submit", tenant: tenant, id: id, params)
        command.connection.show(CommandOptions.naming(id, result)) { result in
            InnerCommands.lines(commands, result, id: id, command.connection.amounts(of: tenant))
        }
    }
}

/// The commands of a `submit`.
enum InnerCommands {
    /// Every command with an id of its own: given, or made from the id of the whole.
    static func complete(_ lines: [JSONValue], of path: String, id: String) throws(Failure) -> [JSONValue] {
        if lines.isEmpty { throw .usage("\(path) holds no command.") }
        var commands: [JSONValue] = []
        for (index, line) in lines.enumerated() {
            guard let method = line["method"], method.string != nil, line["params"]?.members != nil, line.members?.count == 2
            else {
                throw .usage("\(path): command \(index + 1) is not {\"method\": ..., \"params\": {...}}.")
            }
            commands.append(["method": method, "params": naming("\(id)-\(index + 1)", line["params"]!)])
        }
        return commands
    }

    private static func naming(_ id: String, _ params: JSONValue) -> JSONValue {
        guard let members = params.members, params["id"] == nil else { return params }
        return .object([JSONValue.Member("id", .string(id))] + members)
    }

    /// What was done, command by command.
    static func lines(_ commands: [JSONValue], _ result: JSONValue, id: String, _ amounts: Amounts) -> [String] {
        let inner = zip(commands, result["results"]?.elements ?? []).flatMap { command, result in
            let (id, unit) = (command["params"]?["id"]?.string ?? "", command["params"]?["unit"]?.string)
            let receipt = Receipt(sentence: "", id: id, result: result, amounts: amounts, unit: unit)
            return ["  \(command["method"]?.string ?? "") \(Terminal.printable(id))"] + receipt.facts.map { "    \($0)" }
        }
        let sentence = "done together: \(commands.count) \(commands.count == 1 ? "command" : "commands")"
        let whole = Receipt(sentence: sentence, id: id, result: result, amounts: amounts).lines
        return [whole[0]] + inner + whole.dropFirst()
    }
}
