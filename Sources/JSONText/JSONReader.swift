import Glibc

/// A strict pull reader of one JSON text (RFC 8259) over raw bytes: nothing is copied that is not asked for.
///
/// The caller walks the text in its order: `beginObject`, then `nextKey` and one value until it answers nil. Integers are exact,
/// strings are valid UTF-8, nesting is bounded, and what is skipped is checked as strictly as what is read. Keys that repeat are
/// refused in skipped values; for the objects it walks the caller keeps a `SeenKeys`.
///
/// The bytes must outlive the reader.
public struct JSONReader {
    /// Arrays and objects may be nested this deep; a bound on the stack that a hostile text can take.
    public static let depthMax = 64

    let base: UnsafeRawPointer
    let end: Int
    /// The next byte to read, counted from the start of the text.
    public internal(set) var offset = 0
    var depth = 0
    /// True when a value has just ended inside a container: the next thing must be a comma or the container's end.
    var valueEnded = false

    public init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        end = bytes.count
    }

    // MARK: Containers

    /// Enters an object. Throws `wrongType` if the next value is not one.
    public mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{"), .object) }

    /// Enters an array. Throws `wrongType` if the next value is not one.
    public mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "["), .array) }

    private mutating func begin(_ opening: UInt8, _ type: JSONError.TypeName) throws(JSONError) {
        guard try peek() == opening else { throw try mismatch(type) }
        if depth == Self.depthMax { throw error(.tooDeep) }
        depth += 1
        offset += 1
        valueEnded = false
    }

    /// The next key of the object that was entered last, or nil at its end, which is consumed.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        guard try nextItem(closing: UInt8(ascii: "}")) else { return nil }
        guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
        let start = offset
        let text = try scanString()
        guard try peek() == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
        offset += 1
        valueEnded = false
        return JSONKey(
            bytes: UnsafeRawBufferPointer(start: base + text.start, count: text.count),
            hasEscapes: text.hasEscapes, offset: start)
    }

    /// Takes the next key if it is this one, written without white space or escapes; otherwise consumes nothing. For texts with a fixed
    /// order of keys, where it costs one comparison.
    @inline(__always)
    public mutating func takeKey(_ name: StaticString) -> Bool {
        let start = valueEnded ? offset + 1 : offset
        let count = name.utf8CodeUnitCount
        guard start + count + 3 <= end, !valueEnded || at(offset) == UInt8(ascii: ","), at(start) == UInt8(ascii: "\""),
            holds(name, at: start + 1), at(start + count + 1) == UInt8(ascii: "\""), at(start + count + 2) == UInt8(ascii: ":")
        else { return false }
        offset = start + count + 3
        valueEnded = false
        return true
    }

    /// Byte by byte: most keys that are not the one asked for differ in the first, and calling `memcmp` costs more than that.
    @inline(__always)
    private func holds(_ name: StaticString, at start: Int) -> Bool {
        let (bytes, count) = (name.utf8Start, name.utf8CodeUnitCount)
        var index = 0
        while index < count, at(start + index) == bytes[index] { index += 1 }
        return index == count
    }

    /// True when the array that was entered last has another element; false at its end, which is consumed.
    public mutating func nextElement() throws(JSONError) -> Bool { try nextItem(closing: UInt8(ascii: "]")) }

    private mutating func nextItem(closing: UInt8) throws(JSONError) -> Bool {
        let byte = try peek()
        if byte == closing {
            offset += 1
            depth -= 1
            valueEnded = true
            return false
        }
        if valueEnded {
            guard byte == UInt8(ascii: ",") else { throw error(.unexpectedByte) }
            offset += 1
            if try peek() == closing { throw error(.unexpectedByte) }
        }
        valueEnded = false
        return true
    }

    // MARK: Values

    /// The next value's type by its first byte; nothing is consumed.
    public mutating func peekType() throws(JSONError) -> JSONError.TypeName {
        switch try peek() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: throw error(.unexpectedByte)
        }
    }

    /// A string, unescaped.
    public mutating func string() throws(JSONError) -> String {
        guard try peek() == UInt8(ascii: "\"") else { throw try mismatch(.string) }
        let text = try scanString()
        valueEnded = true
        if text.hasEscapes { return unescape(text) }
        return String(decoding: UnsafeRawBufferPointer(start: base + text.start, count: text.count), as: UTF8.self)
    }

    /// A string without making one, to be compared and taken apart: the same as `string`, if it has no escapes as bytes.
    public mutating func token() throws(JSONError) -> JSONKey {
        guard try peek() == UInt8(ascii: "\"") else { throw try mismatch(.string) }
        let start = offset
        let text = try scanString()
        valueEnded = true
        return JSONKey(
            bytes: UnsafeRawBufferPointer(start: base + text.start, count: text.count),
            hasEscapes: text.hasEscapes, offset: start)
    }

    /// An integer written without fraction or exponent. Throws `notAnInteger` for other numbers, `integerOutOfRange` past 64 bits.
    public mutating func integer() throws(JSONError) -> Int64 {
        let first = try peek()
        let negative = first == UInt8(ascii: "-")
        guard negative || first &- UInt8(ascii: "0") <= 9 else { throw try mismatch(.number) }
        let start = offset
        if negative { offset += 1 }
        var value: Int64 = 0
        var overflow = false
        let digits = offset
        while offset < end, case let digit = at(offset) &- UInt8(ascii: "0"), digit <= 9 {
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(Int64(digit))
            overflow = overflow || high || carry
            value = sum
            offset += 1
        }
        try checkLeadingDigits(from: digits)
        if offset < end, at(offset) == UInt8(ascii: ".") || at(offset) | 0x20 == UInt8(ascii: "e") {
            offset = start
            try skipNumber()
            throw JSONError(code: .notAnInteger, offset: start)
        }
        if overflow || (!negative && value == .min) { throw JSONError(code: .integerOutOfRange, offset: start) }
        valueEnded = true
        return negative ? value : -value
    }

    public mutating func boolean() throws(JSONError) -> Bool {
        switch try peek() {
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        default: throw try mismatch(.boolean)
        }
        return at(offset - 2) == UInt8(ascii: "u")
    }

    /// Consumes a null and answers true, or answers false and consumes nothing.
    public mutating func null() throws(JSONError) -> Bool {
        guard try peek() == UInt8(ascii: "n") else { return false }
        try literal("null")
        return true
    }

    /// Checks and passes over one value of any type, and answers its bytes as they stand.
    @discardableResult
    public mutating func rawValue() throws(JSONError) -> UnsafeRawBufferPointer {
        _ = try peek()
        let start = offset
        try skipValue()
        return UnsafeRawBufferPointer(start: base + start, count: offset - start)
    }

    /// The text must end here, but for white space.
    public mutating func finish() throws(JSONError) {
        skipWhitespace()
        if offset != end { throw error(.trailingBytes) }
    }

    // MARK: Bytes

    @inline(__always)
    func at(_ index: Int) -> UInt8 { base.load(fromByteOffset: index, as: UInt8.self) }

    func error(_ code: JSONError.Code) -> JSONError { JSONError(code: code, offset: offset) }

    /// The error for a value of another type than was asked for. Throws `unexpectedByte` when no value begins here.
    private mutating func mismatch(_ expected: JSONError.TypeName) throws(JSONError) -> JSONError {
        _ = try peekType()
        return error(.wrongType(expected: expected))
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while offset < end {
            switch at(offset) {
            case 0x20, 0x09, 0x0a, 0x0d: offset += 1
            default: return
            }
        }
    }

    @inline(__always)
    mutating func peek() throws(JSONError) -> UInt8 {
        skipWhitespace()
        if offset == end { throw error(.unexpectedEnd) }
        return at(offset)
    }
}

/// The keys of one object met so far, as a bit each: a key that comes twice is an error.
public struct SeenKeys {
    private var mask: UInt64 = 0

    public init() {}

    /// Notes the key that the caller numbers `bit` (0...63). Throws `duplicateKey` when it was there before.
    @inline(__always)
    public mutating func insert(_ bit: Int, at key: JSONKey) throws(JSONError) {
        let flag = UInt64(1) << UInt64(bit)
        if mask & flag != 0 { throw JSONError(code: .duplicateKey, offset: key.offset) }
        mask |= flag
    }

    public func contains(_ bit: Int) -> Bool { mask & (1 << UInt64(bit)) != 0 }
}

/// One key of an object, or another string of the text, compared without making a string.
public struct JSONKey {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    @usableFromInline let hasEscapes: Bool
    /// Where it stands in the text.
    public let offset: Int

    public var text: String { hasEscapes ? JSONReader.unescape(bytes) : String(decoding: bytes, as: UTF8.self) }

    /// Its bytes as they stand in the text; nil when it has escapes, and so must be made a string first.
    public var plainBytes: UnsafeRawBufferPointer? { hasEscapes ? nil : bytes }

    @inlinable @inline(__always)
    public static func ~= (name: StaticString, key: JSONKey) -> Bool {
        if key.hasEscapes { return key.text.utf8.elementsEqual(name.description.utf8) }
        return key.bytes.count == name.utf8CodeUnitCount && key.holds(name.utf8Start)
    }

    @usableFromInline
    func holds(_ name: UnsafePointer<UInt8>) -> Bool { memcmp(bytes.baseAddress!, name, bytes.count) == 0 }
}
