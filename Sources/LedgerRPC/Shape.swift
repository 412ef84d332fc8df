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
    case nullable(ValueType)

    static let amount = ValueType.integer(0...9_007_199_254_740_991)
    static let positive = ValueType.integer(1...9_007_199_254_740_991)
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

    /// The first required field whose bit is not set.
    func missing(in seen: UInt64) -> StaticString? {
        let missing = required & ~seen
        return missing == 0 ? nil : fields[missing.trailingZeroBitCount].key
    }
}

extension JSONReader {
    /// Walks an object of a shape: `read` reads the value of each field that is there. Unknown, repeated and missing fields are errors.
    @inline(__always)
    mutating func fields(
        of shape: Shape, in name: StaticString, _ read: (JSONKey, inout JSONReader) throws(FieldError) -> Void
    ) throws(FieldError) {
        var seen: UInt64 = 0
        var next = 0
        try object(name) { (key, reader) throws(FieldError) in
            guard let index = shape.index(of: key, from: next) else { throw .unknown(quoted(key.text)) }
            let bit = UInt64(1) << UInt64(index)
            if seen & bit != 0 { throw .shape(field: key.text, reason: "stands there twice") }
            seen |= bit
            next = index + 1
            try read(key, &reader)
        }
        if let missing = shape.missing(in: seen) { throw .missing(missing.description) }
    }
}
