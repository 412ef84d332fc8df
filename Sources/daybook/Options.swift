import ArgumentParser
import LedgerClient

/// Where the daemon is, and for whom to print.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket. Default: $DAYBOOK_SOCKET, else ./daybook.sock.", valueName: "path"))
    var socket: String?

    @Flag(help: "Print the result as JSON on one line.")
    var json = false

    @Flag(help: "Show amounts in minor units, as they are given and stored, also where the unit has a scale.")
    var raw = false

    var path: String { socket ?? environment("DAYBOOK_SOCKET") ?? "daybook.sock" }

    func connect() throws(ClientError) -> LedgerConnection { try LedgerConnection(socketPath: path) }

    /// The result for programs on one line, or for people.
    func show(_ result: JSONValue, _ forPeople: (JSONValue) -> [String]) {
        let lines = json ? [result.description] : forPeople(result)
        Terminal.output.write(lines.map { $0 + "\n" }.joined())
    }
}

/// What every command can say besides what it does.
struct CommandOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Option(help: ArgumentHelp("On whose behalf; it goes into the log.", valueName: "name"))
    var actor: String?

    @Option(help: ArgumentHelp("The command id, the key of a safe retry. Default: a new random one.", valueName: "id"))
    var id: String?

    /// Sends a command and shows its result; `sentence` says for people what was done.
    func send(_ method: String, tenant: String, _ params: Params, _ sentence: (Amounts) -> String) throws {
        let id = commandID
        let result = try perform(method, tenant: tenant, id: id, params)
        try tell(result, tenant: tenant, id: id, unit: params.object["unit"]?.string, sentence)
    }

    func send(_ method: String, tenant: String, _ params: Params, _ sentence: String) throws {
        try send(method, tenant: tenant, params) { _ in sentence }
    }

    /// The id given, or a new one.
    var commandID: String { id ?? LedgerConnection.newCommandID() }

    /// Sends a command and answers its result.
    func perform(_ method: String, tenant: String, id: String, _ params: Params) throws -> JSONValue {
        let command: Params = ["tenant": tenant, "id": id, "actor": actor]
        return try CommandOptions.keepingID(id) {
            () throws(ClientError) in try connection.connect().call(method, (command + params).object)
        }
    }

    /// Shows a command's result. A batch of which something was rejected ends the program with 1.
    func tell(
        _ result: JSONValue, tenant: String, id: String, unit: String? = nil, _ sentence: (Amounts) -> String
    ) throws {
        connection.show(CommandOptions.naming(id, result)) { result in
            let amounts = connection.amounts(of: tenant)
            return Receipt(sentence: sentence(amounts), id: id, result: result, amounts: amounts, unit: unit).lines
        }
        if result["rejected"]?.elements?.isEmpty == false { throw Failure(status: .rejected, message: "") }
    }

    /// The id with the result, so that a program that left it to us knows it.
    static func naming(_ id: String, _ result: JSONValue) -> JSONValue {
        guard let members = result.members, result["id"] == nil else { return result }
        return .object([JSONValue.Member("id", .string(id))] + members)
    }

    /// A command without an answer may have been done: its id must not be lost.
    static func keepingID(_ id: String, _ body: () throws(ClientError) -> JSONValue) throws -> JSONValue {
        do { return try body() } catch .connectionBroken(let path, let reason, _) {
            throw Failure(
                status: .noDaemon,
                message: "the connection to \(path) broke: \(reason). The command may have been done or not.\n"
                    + "Repeat it with --id \(id) when the daemon is back: it will not be done twice.")
        }
    }
}

/// How to read a read model.
struct QueryOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Read the read model as it is; otherwise the answer waits for every event there is now.")
    var stale = false

    /// Asks a query and answers its result: `asOf`, `rows`, `next`.
    func ask(_ query: String, _ params: Params) throws(ClientError) -> JSONValue {
        let ledger = try connection.connect()
        let head = stale ? nil : Head.sequence(in: try ledger.call("status"))
        return try ledger.call(query, (params + ["minSeq": head]).object)
    }

    /// Asks a query and shows its rows as a table.
    func show(_ query: String, _ params: Params, hiding hidden: Set<String> = []) throws {
        connection.show(try ask(query, params)) { answer in
            Rows(answer).lines(hiding: hidden, connection.amounts(of: params.object["tenant"]?.string))
        }
    }

    /// Asks a query for the one thing of a name, which is answered whole. None of that name is a failure: `missing` says so.
    func find(_ query: String, _ params: Params, missing: String) throws -> (answer: JSONValue, row: JSONValue) {
        let answer = try ask(query, params)
        guard let row = answer["rows"]?[0] else { throw Failure(status: .rejected, message: missing) }
        return (answer, row)
    }
}

/// Which page of a long answer.
struct PageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("At most so many lines.", valueName: "n"))
    var limit: Int64?

    @Option(help: ArgumentHelp("Go on where a page ended, with the cursor printed below it.", valueName: "cursor"))
    var cursor: String?

    var params: Params { ["limit": limit, "cursor": cursor] }
}

/// The newest event's number in an answer of `status`: `head`, or its `seq`.
enum Head {
    static func sequence(in status: JSONValue) -> Int64? { status["head"]?["seq"]?.integer ?? status["head"]?.integer }
}
