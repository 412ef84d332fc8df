import EventCodec
import JSONText

/// What a value in a request is, as somebody who writes a client needs to know it.
public indirect enum ValueType: Sendable {
    /// 1 to 128 bytes of UTF-8 without control characters.
    case name
    case text(byteCountMax: Int?)
    case integer(ClosedRange<Int64>)
    /// A whole number of minor units up or down, not zero.
    case signedAmount
    /// RFC 3339.
    case timestamp
    /// A date such as 2026-11-21.
    case day
    case boolean
    case choice([String])
    /// An object whose keys are names.
    case named(ValueType, countMax: Int)
    /// Any JSON.
    case json(byteCountMax: Int)
    case array(ValueType, count: ClosedRange<Int>)
    case object(Shape)
    /// An object whose fields another description has.
    case fields
    case nullable(ValueType)
    case either(ValueType, ValueType)
    /// SHA-256 as 64 lower-case hexadecimal digits.
    case hash

    static let amount = ValueType.integer(0...9_007_199_254_740_991)
    static let positive = ValueType.integer(1...9_007_199_254_740_991)
    /// -1 is unlimited.
    static let allotment = ValueType.integer(-1...9_007_199_254_740_991)
}

/// A parameter of a method, as it is described.
public struct Parameter: Sendable {
    public let name: String
    public let type: ValueType
    public let isRequired: Bool
    /// What it means, without a full stop.
    public let sentence: String

    public init(_ name: String, _ type: ValueType, isRequired: Bool, _ sentence: String) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.sentence = sentence
    }
}

/// A parameter as it is read: its name is there when the program is built, and compared without making a string.
public struct Field: Sendable {
    let key: StaticString
    public let parameter: Parameter

    static func required(_ key: StaticString, _ type: ValueType, _ sentence: String) -> Field {
        Field(key: key, parameter: Parameter(key.description, type, isRequired: true, sentence))
    }

    static func optional(_ key: StaticString, _ type: ValueType, _ sentence: String) -> Field {
        Field(key: key, parameter: Parameter(key.description, type, isRequired: false, sentence))
    }
}

/// The fields that an object may have: at most 64, each at most once. What is described is what is read.
public struct Shape: Sendable {
    public let fields: [Field]
    /// A bit for each field that must be there.
    private let required: UInt64

    init(_ fields: [Field]) {
        precondition(fields.count <= 64, "a shape has a bit for each field")
        self.fields = fields
        required = fields.indices.reduce(0) { mask, index in fields[index].parameter.isRequired ? mask | 1 << UInt64(index) : mask
        }
    }

    public var names: [String] { fields.map(\.parameter.name) }

    /// The place of a field. Most clients keep the order of the description, so the search begins behind the last one found.
    @inline(__always)
    func index(of key: JSONKey, from start: Int) -> Int? {
        for index in start..<fields.count where fields[index].key ~= key { return index }
        for index in 0..<start where fields[index].key ~= key { return index }
        return nil
    }

    /// The first required field whose bit is neither seen nor excused.
    func missing(in seen: UInt64, excused: UInt64) -> StaticString? {
        let missing = required & ~(seen | excused)
        return missing == 0 ? nil : fields[missing.trailingZeroBitCount].key
    }
}

/// Walking what a request holds. These are here, and not borrowed from the codec, so that the compiler makes one loop of each: they run for
/// every item of every batch.
extension JSONReader {
    /// Walks an object of a shape: `read` reads the value of each field that is there. Unknown, repeated and missing fields are errors.
    ///
    /// - Parameter excused: A bit for each required field that may be missing all the same.
    @inline(__always)
    mutating func fields(
        of shape: Shape, in name: StaticString, excused: UInt64 = 0,
        _ read: (JSONKey, inout JSONReader) throws(FieldError) -> Void
    ) throws(FieldError) {
        var seen: UInt64 = 0
        var next = 0
        try begin(name, "an object") { (reader) throws(JSONError) in try reader.beginObject() }
        while let key = try orNotJSON({ (reader) throws(JSONError) in try reader.nextKey() }) {
            guard let index = shape.index(of: key, from: next) else { throw .unknown(quoted(key.text)) }
            let bit = UInt64(1) << UInt64(index)
            if seen & bit != 0 { throw .shape(field: key.text, reason: "stands there twice") }
            seen |= bit
            next = index + 1
            try read(key, &self)
        }
        if let missing = shape.missing(in: seen, excused: excused) { throw .missing(missing.description) }
    }

    /// An array of at least one element; `read` reads one.
    @inline(__always)
    mutating func elements<Element>(
        _ name: StaticString, countMax: Int, _ read: (inout JSONReader) throws(FieldError) -> Element
    ) throws(FieldError) -> [Element] {
        var elements: [Element] = []
        try begin(name, "an array") { (reader) throws(JSONError) in try reader.beginArray() }
        while try orNotJSON({ (reader) throws(JSONError) in try reader.nextElement() }) {
            if elements.count == countMax {
                throw .value(field: name.description, reason: "must have at most \(countMax) elements")
            }
            do { elements.append(try read(&self)) } catch { throw error.inside("\(name)[\(elements.count)]") }
        }
        if elements.isEmpty { throw .value(field: name.description, reason: "must have at least one element") }
        return elements
    }

    @inline(__always)
    private mutating func begin(
        _ name: StaticString, _ type: String, _ begin: (inout JSONReader) throws(JSONError) -> Void
    ) throws(FieldError) {
        do { try begin(&self) } catch {
            if case .wrongType = error.code { throw .shape(field: name.description, reason: "must be \(type)") }
            throw .text(error)
        }
    }

    @inline(__always)
    private mutating func orNotJSON<Value>(_ read: (inout JSONReader) throws(JSONError) -> Value) throws(FieldError) -> Value {
        do { return try read(&self) } catch { throw .text(error) }
    }
}
