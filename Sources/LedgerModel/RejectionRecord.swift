/// A rejection as it is told and kept: its name, its number, a sentence for people and the facts for programs.
public struct RejectionRecord: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
    }

    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// The case's name, such as `insufficientBalance`.
    public var name: String
    public var number: Int
    public var message: String
    public var fields: [Field]

    public init(name: String, number: Int, message: String, fields: [Field]) {
        self.name = name
        self.number = number
        self.message = message
        self.fields = fields
    }
}

extension RejectionRecord.Value: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    init(_ name: Name) { self = .text(name.text) }
    init(_ text: some CustomStringConvertible) { self = .text(text.description) }
    init(_ amount: Amount) { self = .number(amount.rawValue) }
    init(_ count: Int) { self = .number(Int64(count)) }
    init(_ sequence: SequenceNumber) { self = .number(Int64(sequence.rawValue)) }
}

extension RejectionRecord {
    public init(_ rejection: Rejection) {
        self.init(
            name: rejection.name, number: rejection.number, message: rejection.message,
            fields: rejection.fields.map { Field(name: $0.key, value: $0.value) })
    }
}
