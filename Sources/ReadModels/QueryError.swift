public import LedgerModel

/// Why a query has no answer.
public enum QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownQuery(String)
    case missingParameter(String)
    /// There is no such parameter; the second names those there are.
    case unknownParameter(String, known: [String])
    case wrongType(String, expected: Query.ValueType)
    case outOfRange(String, ClosedRange<Int64>)
    /// It must be one of these.
    case noChoice(String, choices: [String])
    /// A text may have so many bytes of UTF-8.
    case tooLong(String, byteCountMax: Int)
    /// A list must have so many values.
    case badCount(String, ClosedRange<Int>)
    /// The cursor is not one that this query gave.
    case badCursor
    /// The read model has reached `reached`, and `asked` did not come within the limit.
    case lagging(reached: SequenceNumber, asked: SequenceNumber)
    /// The read model is being built for the first time, and there is no older one to ask.
    case rebuilding(reached: SequenceNumber, of: SequenceNumber)
    /// It ran for longer than it may.
    case timeLimit
    /// The answer is larger than one line may be.
    case tooLarge
    /// The read model's file or its SQL failed; the daemon's log and `status` say how.
    case failed(String)

    /// The parameter that is at fault.
    public var parameter: String? {
        switch self {
        case .missingParameter(let name), .unknownParameter(let name, _), .wrongType(let name, _), .outOfRange(let name, _),
            .noChoice(let name, _), .tooLong(let name, _), .badCount(let name, _):
            name
        case .badCursor: "cursor"
        default: nil
        }
    }

    /// What is wrong with the parameter that is at fault, to be read behind its name.
    public var reason: String? {
        switch self {
        case .missingParameter: "is missing"
        case .unknownParameter: "is not a field here" + (nearest.map { "; is it \($0)?" } ?? "")
        case .wrongType(_, let expected): "must be \(expected.words)"
        case .outOfRange(_, let range): "must be \(range.lowerBound) to \(range.upperBound)"
        case .noChoice(_, let choices): "must be one of \(choices.joined(separator: ", "))"
        case .tooLong(_, let byteCountMax): "must have at most \(byteCountMax) bytes"
        case .badCount(_, let range): "must have \(range.lowerBound) to \(range.upperBound) values"
        case .badCursor: "is not one that this query gave"
        default: nil
        }
    }

    /// The parameter there is whose name is closest to the one there is not; nil when none is close.
    private var nearest: String? {
        guard case .unknownParameter(let name, let known) = self else { return nil }
        return NearestName.of(name, in: known)
    }

    public var description: String {
        switch self {
        case .unknownQuery(let name): "there is no query \(name)"
        case .unknownParameter(let name, let known):
            "there is no parameter \(name)" + (known.isEmpty ? "" : ", only \(known.joined(separator: ", "))")
                + (nearest.map { "; is it \($0)?" } ?? "")
        case .missingParameter(let name), .wrongType(let name, _), .outOfRange(let name, _), .noChoice(let name, _),
            .tooLong(let name, _), .badCount(let name, _):
            "the parameter \(name) \(reason ?? "")"
        case .badCursor: "the cursor \(reason ?? "")"
        case .lagging(let reached, let asked): "the read model has reached \(reached), not yet \(asked)"
        case .rebuilding(let reached, let head): "the read model is being built: \(reached) of \(head)"
        case .timeLimit: "the query took longer than it may"
        case .tooLarge: "the answer is too large: ask for less"
        case .failed(let reason): "the read model failed: \(reason)"
        }
    }
}

extension Query.ValueType {
    var words: String {
        switch self {
        case .integer: "an integer"
        case .text: "a text"
        case .timestamp: "a time such as 2026-11-21T01:23:45Z (RFC 3339)"
        case .day: "a date such as 2026-11-21"
        case .texts: "an array of texts"
        case .boolean: "true or false"
        case .json: "JSON"
        }
    }
}
