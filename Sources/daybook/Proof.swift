import ArgumentParser
import LedgerClient

struct Proof: Verb {
    static let configuration = CommandConfiguration(
        abstract: "A receipt for an event: anybody can check it, offline, with the ledger's key.",
        discussion: """
            The receipt is a C2SP tlog-proof: the event's line, and the hashes that lead from it to a head of the log which the ledger has signed. Send \
            it to a file, keep it, or give it to who was debited; `daybookd check-proof` and `tools/audit --receipt` check it without the ledger. With --json \
            the answer is one JSON object.

            Examples:
              daybook proof 4711
              daybook proof 4711 --json
            """)

    @Argument(help: ArgumentHelp("The event's sequence number: the seq of an answer, or of a line of history.", valueName: "seq"))
    var sequence: Int64
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func run() throws {
        let params: Params = ["seq": sequence]
        connection.show(try connection.connect().call("proof", params.object)) { Note.lines($0["receipt"]) }
    }
}

struct Checkpoint: Verb {
    static let configuration = CommandConfiguration(
        abstract: "The signed head of the log: keep it somewhere else, and no history can be taken back unnoticed.",
        discussion: """
            A C2SP checkpoint up to the newest event: the origin, how many events, and the root of the tree over them, signed. With --from \
            and --json also the hashes that prove that it continues an older checkpoint of that size.

            Examples:
              daybook checkpoint
              daybook checkpoint --from 4711 --json
            """)

    @Option(help: ArgumentHelp("The size of an older checkpoint; the proof is in the JSON.", valueName: "size"))
    var from: Int64?
    @OptionGroup(title: "Common options") var connection: ConnectionOptions

    var wantsJSON: Bool { connection.json }

    func validate() throws {
        if from != nil, !connection.json { throw ValidationError("--from needs --json: the proof stands in the JSON.") }
    }

    func run() throws {
        let params: Params = ["from": from]
        connection.show(try connection.connect().call("checkpoint", params.object)) { Note.lines($0["checkpoint"]) }
    }
}

/// A signed note or receipt, as it stands.
private enum Note {
    static func lines(_ text: JSONValue?) -> [String] {
        var lines = (text?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
