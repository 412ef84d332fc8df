/// Why a text is not the JSON that was asked for, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// The text ended inside a value.
        case unexpectedEnd
        /// A byte that RFC 8259's grammar does not allow here.
        case unexpectedByte
        /// Well-formed, but another type than was asked for.
        case wrongType(expected: TypeName)
        /// A number with a fraction or an exponent where an integer is needed.
        case notAnInteger
        /// An integer that does not fit into 64 bits.
        case integerOutOfRange
        /// A string with bytes that are not UTF-8 (RFC 3629), or half a surrogate pair.
        case invalidText
        /// A key that stands twice in one object.
        case duplicateKey
        /// Deeper nesting than `JSONReader.depthMax`.
        case tooDeep
        /// Bytes after the end of the value.
        case trailingBytes
    }

    /// The JSON type that was expected, as RFC 8259 names it.
    public enum TypeName: String, Hashable, Sendable {
        case object, array, string, number, boolean, null
    }

    public let code: Code
    /// Where in the text, in bytes from its start.
    public let offset: Int

    public var description: String { "\(sentence) at byte \(offset)" }

    private var sentence: String {
        switch code {
        case .unexpectedEnd: "the text ends inside a value"
        case .unexpectedByte: "unexpected byte"
        case .wrongType(let expected): "expected \(expected.rawValue)"
        case .notAnInteger: "expected an integer without fraction or exponent"
        case .integerOutOfRange: "integer out of range"
        case .invalidText: "a string is not valid UTF-8"
        case .duplicateKey: "duplicate key"
        case .tooDeep: "nested deeper than \(JSONReader.depthMax)"
        case .trailingBytes: "bytes after the end of the value"
        }
    }
}
