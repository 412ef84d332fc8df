import ArgumentParser
import Glibc
import LedgerClient

/// How the program ends, as its exit status.
enum ProgramStatus: Int32 {
    case done = 0
    case rejected = 1
    case usage = 2
    case noDaemon = 3
    case failed = 4
}

/// A failure that has its words and its exit status already.
struct Failure: Error {
    var status: ProgramStatus
    var message: String

    static func usage(_ message: String) -> Failure { Failure(status: .usage, message: message) }
}

/// What an error means to the person at the terminal: an exit status, and what to say where.
struct Ending {
    private enum Speech {
        case nothing
        /// Help that was asked for.
        case help(String)
        case words(String)
        case error(RPCError)
    }

    let status: ProgramStatus
    private let speech: Speech

    init(_ error: any Error) {
        switch error {
        case let failure as Failure:
            (status, speech) = (failure.status, failure.message.isEmpty ? .nothing : .words(failure.message))
        case ClientError.rpc(let error): (status, speech) = (Ending.status(of: error), .error(error))
        case ClientError.noDaemon(let path, let reason): (status, speech) = (.noDaemon, .words(Ending.noDaemon(path, reason)))
        case ClientError.connectionBroken: (status, speech) = (.noDaemon, .words("\(error)"))
        case ClientError.notUnderstood: (status, speech) = (.failed, .words("\(error)"))
        default: (status, speech) = Ending.ofParsing(error)
        }
    }

    private static func ofParsing(_ error: any Error) -> (ProgramStatus, Speech) {
        let code = Daybook.exitCode(for: error)
        if code.isSuccess { return (.done, .help(Daybook.fullMessage(for: error))) }
        return (.usage, .words(Daybook.fullMessage(for: error)))
    }

    private static func status(of error: RPCError) -> ProgramStatus {
        [RPCError.rejected, RPCError.idMismatch].contains(error.code) ? .rejected : .failed
    }

    private static func noDaemon(_ path: String, _ reason: String) -> String {
        "no daemon answers at \(path): \(reason).\nStart one with `daybookd serve --data DIR`, "
            + "or say where it listens with --socket PATH or DAYBOOK_SOCKET."
    }

    /// Says it: help on standard output, everything else on standard error.
    func tell(inJSON: Bool) -> ProgramStatus {
        switch speech {
        case .nothing: break
        case .help(let text): Terminal.output.line(text)
        case .words(let text) where text.hasPrefix("Error: "): Terminal.errors.line(text)
        case .words(let text): Terminal.errors.line("\(Terminal.errors.red("daybook:")) \(text)")
        case .error(let error) where inJSON: Terminal.errors.line(Ending.json(error).description)
        case .error(let error): Terminal.errors.line("\(Terminal.errors.red("daybook:")) \(Ending.words(error))")
        }
        return status
    }

    static func json(_ error: RPCError) -> JSONValue {
        ["error": ["code": .integer(Int64(error.code)), "message": .string(error.message), "data": error.data ?? .null]]
    }

    /// What happened, and on a second line what to do or the facts of the rejection.
    static func words(_ error: RPCError) -> String {
        let message = Terminal.printable(error.message)
        if let rejection = error.rejection {
            let facts = rejection.name == "invalidField" ? "" : facts(error.data)
            return "rejected: \(message)\n  \(rejection.name) (\(rejection.number))\(facts)"
        }
        if error.code == RPCError.invalidParams { return "\(message) (error \(error.code))" }
        return "\(message) (error \(error.code))" + (advice(error.code).map { "\n  \($0)" } ?? facts(error.data))
    }

    /// The facts of an answer as `name=value`. A fault of a field is told by its message already, with the field and the reason.
    static func facts(_ data: JSONValue?) -> String {
        let facts = (data?.members ?? []).filter { !["rejection", "number", "message"].contains($0.key) && !$0.value.isNull }
        return facts.map { " \($0.key)=\(Terminal.printable($0.value.string ?? $0.value.description))" }.joined()
    }

    private static func advice(_ code: Int) -> String? {
        switch code {
        case RPCError.idMismatch: "The id was used before for something else: give another --id, or none to have one made."
        case RPCError.overloaded: "The daemon has too much to do: try again in a moment, with the same --id."
        case RPCError.lagging: "The read model is behind the log: try again in a moment, or read it as it is with --stale."
        case RPCError.notReady: "The daemon is reading its log: try again in a moment."
        case RPCError.diskFull: "Make room on the daemon's disk, then repeat with the same --id."
        case RPCError.unauthorized: "The daemon does not take commands from this user: run as the daemon's user."
        default: nil
        }
    }
}
