public import JSONText

/// Why a field of an event line or of a request cannot be read.
public enum FieldError: Error, Hashable, Sendable {
    /// The text is not JSON.
    case text(JSONError)
    /// A field is of the wrong type, missing, unknown or there twice.
    case shape(field: String, reason: String)
    /// A field has the right type and a value that is not allowed: out of range, fractional, not a name.
    case value(field: String, reason: String)

    /// An error met while reading `field`, told apart by what it says of the field.
    init(_ error: JSONError, in field: String) {
        switch error.code {
        case .wrongType(let expected): self = .shape(field: field, reason: "must be \(FieldError.article(expected))")
        case .duplicateKey: self = .shape(field: field, reason: "stands there twice")
        case .notAnInteger, .integerOutOfRange: self = .value(field: field, reason: "must be an integer from 0 to 2^53-1")
        default: self = .text(error)
        }
    }

    private static func article(_ type: JSONError.TypeName) -> String {
        switch type {
        case .object, .array, .number: type == .number ? "a number" : "an \(type.rawValue)"
        case .string: "a string"
        case .boolean: "true or false"
        case .null: "null"
        }
    }

    /// The same error with the field's name set behind that of what holds it: `items[3].amount`.
    public func inside(_ outer: String) -> FieldError {
        switch self {
        case .text: self
        case .shape(let field, let reason): .shape(field: FieldError.join(outer, field), reason: reason)
        case .value(let field, let reason): .value(field: FieldError.join(outer, field), reason: reason)
        }
    }

    /// The same error of a field with another name: the key under which a value stands.
    func of(_ field: String) -> FieldError {
        switch self {
        case .text: self
        case .shape(_, let reason): .shape(field: field, reason: reason)
        case .value(_, let reason): .value(field: field, reason: reason)
        }
    }

    private static func join(_ outer: String, _ field: String) -> String { field.isEmpty ? outer : "\(outer).\(field)" }

    public static func missing(_ field: String) -> FieldError { .shape(field: field, reason: "is missing") }
    public static func unknown(_ field: String) -> FieldError { .shape(field: field, reason: "is not a field here") }
}
