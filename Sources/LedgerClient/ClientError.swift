/// Why a call has no result.
public enum ClientError: Error, Hashable, Sendable {
    /// Nobody accepts connections at the socket's path.
    case noDaemon(socketPath: String, reason: String)
    /// The connection ended and could not be made again. Whether the unanswered requests took effect is not known; sending them
    /// again with the same command ids is safe.
    case connectionBroken(socketPath: String, reason: String, unanswered: Int)
    /// The peer sent something that is no answer: it is not a daemon of this protocol.
    case notUnderstood(String)
    /// The daemon answered with an error.
    case rpc(RPCError)
}

extension ClientError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .noDaemon(let path, let reason):
            "no daemon answers at \(path): \(reason). Start one with `daybookd serve`, or name the socket it listens on."
        case .connectionBroken(let path, let reason, let unanswered):
            "the connection to \(path) broke: \(reason). \(unanswered) requests are unanswered; "
                + "send them again with the same ids when the daemon is back: what was done already is not done twice."
        case .notUnderstood(let sentence): "the peer does not speak this protocol: \(sentence)"
        case .rpc(let error): error.description
        }
    }
}

/// An error the daemon answered with (JSON-RPC 2.0 section 5.1).
public struct RPCError: Error, Hashable, Sendable, CustomStringConvertible {
    public var code: Int
    /// A sentence for people.
    public var message: String
    /// The facts for programs.
    public var data: JSONValue?

    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The ledger's no: which rule refused, by its name and its number.
    public struct Rejection: Hashable, Sendable {
        /// Such as `insufficientBalance`.
        public var name: String
        public var number: Int

        public init(name: String, number: Int) {
            self.name = name
            self.number = number
        }
    }

    /// Set when the command was understood and refused by a rule.
    public var rejection: Rejection? {
        guard code == Self.rejected, let name = data?["rejection"]?.string, let number = data?["number"]?.integer else {
            return nil
        }
        return Rejection(name: name, number: Int(number))
    }

    public var description: String { "\(message) (\(rejection.map { "\($0.name), \($0.number)" } ?? String(code)))" }
}

/// The protocol's numbers.
extension RPCError {
    /// A parameter is missing, unknown, there twice or of the wrong type.
    public static let invalidParams = -32602
    /// A rule of the ledger refused the command.
    public static let rejected = -32010
    /// The id was used before, with another command.
    public static let idMismatch = -32011
    /// Too much is asked at once; the same request can be sent again a little later.
    public static let overloaded = -32020
    /// The read model did not catch up in time.
    public static let lagging = -32021
    /// The daemon is still reading its log.
    public static let notReady = -32022
    public static let diskFull = -32023
    /// A query took longer than it may.
    public static let timeLimit = -32024
    public static let unauthorized = -32030
    public static let tooLarge = -32031
    public static let internalError = -32603

    /// True when the same request can succeed a little later.
    var passes: Bool { code == Self.overloaded || code == Self.notReady }
}
