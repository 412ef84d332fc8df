/// A named question to a read model: the file `Projections/<folder>/queries/<file>.sql`.
public struct Query: Sendable, Hashable {
    /// The type of a parameter or of a column, and how it looks on the wire.
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        /// A JSON integer of up to 64 bits.
        case integer
        /// A JSON string.
        case text
        /// An array of 1 to 100 JSON strings; in SQL the same array as a JSON text, for `json_each`. Parameters only.
        case texts
        /// An instant: RFC 3339 on the wire, microseconds since 1970 in SQL.
        case timestamp
        /// A date such as `2026-11-21`, on the wire and in SQL.
        case day
        /// `true` or `false`; 1 or 0 in SQL.
        case boolean
        /// A JSON text in SQL, given as it is. Columns only.
        case json
    }

    public struct Parameter: Sendable, Hashable {
        public let name: String
        public let type: ValueType
        public let isRequired: Bool
        /// What it is when it is not given.
        public let defaultValue: QueryValue
        /// The least and the greatest integer.
        public let range: ClosedRange<Int64>?
        /// The texts it may be; empty when it may be any.
        public let choices: [String]
    }

    public struct Column: Sendable, Hashable {
        public let name: String
        public let type: ValueType
    }

    /// One of the columns that rows are ordered by, and that a page continues behind.
    public struct PageKey: Sendable, Hashable {
        public let column: String
        public let isDescending: Bool
    }

    /// The method's name: `usage.history`.
    public let name: String
    /// What it answers.
    public let sentence: String
    public let parameters: [Parameter]
    public let columns: [Column]
    /// Empty when the answer is whole.
    public let page: [PageKey]
    let sql: String

    /// What every query may use without declaring it.
    static let now = "now"
    static let limit = "limit"
    /// The parameter that holds a page key's value in the last row of the page before.
    static func after(_ column: String) -> String { "after_" + column }
}

/// A value given to a query.
public enum QueryValue: Sendable, Hashable {
    case integer(Int64)
    case text(String)
    case texts([String])
    case boolean(Bool)
    /// The same as not given.
    case null
}

extension QueryValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
}

/// The rows of a query.
public struct QueryAnswer: Sendable, Hashable {
    /// The JSON object `{"asOf":{"seq":...,"at":...},"rows":[{column: value}],"next":cursor | null}`.
    public let json: [UInt8]
    /// The sequence number up to which the read model had followed the log.
    public let asOf: UInt64
    public let rowCount: Int
}
