public import JSONText

/// A JSON value as a tree: integers are exact, other numbers keep their text, and the members of an object keep their order.
///
/// ```swift
/// let params: JSONValue = ["tenant": "acme", "account": "u-7", "quantities": ["requests": 3]]
/// params["quantities"]?["requests"]?.integer      // 3
/// ```
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A number that is no 64-bit integer in its plain form, as its text stands: `0.5`, `1e400`, `-0`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A key with its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }
}

// MARK: Looking inside

extension JSONValue {
    /// The member of that key; nil when there is none, or when this is no object.
    public subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }

    /// The element at that place; nil when there is none, or when this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard let elements, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var isNull: Bool { self == .null }
}

// MARK: Text

extension JSONValue: CustomStringConvertible {
    /// Reads one JSON text (RFC 8259), strictly: duplicate keys and bytes after the end are errors.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var check = JSONReader(bytes)
        try check.rawValue()
        try check.finish()
        var reader = JSONReader(bytes)
        try self.init(reading: &reader)
    }

    public init(parsing text: String) throws(JSONError) {
        var text = text
        let parsed = text.withUTF8 { utf8 in
            Result { () throws(JSONError) in try JSONValue(parsing: UnsafeRawBufferPointer(utf8)) }
        }
        self = try parsed.get()
    }

    /// Reads the next value of a text. Keys that repeat are not noticed here: the whole text is checked for them first.
    init(reading reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekType() {
        case .object: self = .object(try JSONValue.members(&reader))
        case .array: self = .array(try JSONValue.elements(&reader))
        case .string: self = .string(try reader.string())
        case .number: self = JSONValue.number(digits: String(decoding: try reader.rawValue(), as: UTF8.self))
        case .boolean: self = .boolean(try reader.boolean())
        case .null:
            _ = try reader.null()
            self = .null
        }
    }

    private static func members(_ reader: inout JSONReader) throws(JSONError) -> [Member] {
        var members: [Member] = []
        try reader.beginObject()
        while let key = try reader.nextKey() { members.append(Member(key.text, try JSONValue(reading: &reader))) }
        return members
    }

    private static func elements(_ reader: inout JSONReader) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try reader.beginArray()
        while try reader.nextElement() { elements.append(try JSONValue(reading: &reader)) }
        return elements
    }

    /// Only an integer whose text comes out the same again is taken as one: `-0` would lose its sign.
    private static func number(digits text: String) -> JSONValue {
        if let value = Int64(text), String(value) == text { .integer(value) } else { .number(text) }
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .number(let text): writer.raw(text)
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// The value as JSON on one line.
    public var description: String {
        var writer = JSONWriter(capacity: 256)
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

// MARK: Literals

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(members.map { Member($0.0, $0.1) }) }
}
