/// Why a ledger does not open.
public enum EngineError: Error, CustomStringConvertible {
    /// A line of the log is not an event that this version knows.
    case undecodable(sequence: UInt64, reason: String)
    /// The events of the log do not follow each other as the rules say.
    case inconsistent(sequence: UInt64, reason: String)
    /// The clock is behind the last event.
    case clockBehind(by: Int64)
    /// There is a signing key, and no log beside it.
    case logMissing(String)
    /// The first event does not open a ledger.
    case nameless
    /// The signing key cannot be read or made.
    case signingKey(String)

    public var description: String {
        switch self {
        case .undecodable(let sequence, let reason): "event \(sequence) cannot be read: \(reason)"
        case .inconsistent(let sequence, let reason): "event \(sequence) does not follow: \(reason)"
        case .clockBehind(let seconds):
            "the clock is \(seconds) s behind the last event of the log: set the clock, or start with --accept-clock "
                + "if the log's time is the wrong one"
        case .logMissing(let directory):
            "\(directory) has the signing key of a ledger and no log/: restore the log, or give a new ledger another directory"
        case .nameless: "the log does not begin with ledgerOpened: it is not the log of a ledger"
        case .signingKey(let reason): "signing.key: \(reason)"
        }
    }
}
