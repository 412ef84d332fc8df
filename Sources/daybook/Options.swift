import ArgumentParser
import LedgerClient

/// Where the daemon is, and for whom to print.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket. Default: $DAYBOOK_SOCKET, else ./daybook.sock.", valueName: "path"))
    var socket: String?

    @Flag(help: "Print the result as JSON on one line.")
    var json = false

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
    func send(_ method: String, tenant: String, _ params: Params, _ sentence: String) throws {
        let id = id ?? LedgerConnection.newCommandID()
        let command: Params = ["tenant": tenant, "id": id, "actor": actor]
        let result = try CommandOptions.keepingID(id) {
            () throws(ClientError) in try connection.connect().call(method, (command + params).object)
        }
        connection.show(CommandOptions.naming(id, result)) { Receipt(sentence: sentence, id: id, result: $0).lines }
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
        connection.show(try ask(query, params)) { Rows($0).lines(hiding: hidden) }
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
