import Glibc

/// Writes JSON text into one growing buffer that is used again and again. The caller gives the order; the writer sets commas.
public struct JSONWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// How many bytes have been written.
    public private(set) var count = 0
    /// True when a value has just been written: a comma comes before the next.
    private var valueEnded = false

    public init(capacity: Int = 4096) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 1)
    }

    deinit { base.deallocate() }

    /// What was written so far. The pointer is valid only until the next write.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Forgets what was written and keeps the memory.
    public mutating func removeAll() { truncate(to: 0) }

    /// Forgets what was written after the first `newCount` bytes.
    public mutating func truncate(to newCount: Int) {
        precondition(newCount <= count)
        count = newCount
        valueEnded = false
    }

    // MARK: Structure

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A key known when the program was written: plain ASCII that needs no escape.
    public mutating func key(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        reserve(length + 4)
        if valueEnded { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        memcpy(base + count, name.utf8Start, length)
        count += length
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        valueEnded = false
    }

    public mutating func key(_ name: String) {
        string(name)
        reserve(1)
        put(UInt8(ascii: ":"))
        valueEnded = false
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        put(byte)
        valueEnded = false
    }

    private mutating func close(_ byte: UInt8) {
        reserve(1)
        put(byte)
        valueEnded = true
    }

    // MARK: Values

    /// A string, escaped only where RFC 8259 requires it.
    public mutating func string(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { utf8 in
            reserve(utf8.count * 6 + 2)
            put(UInt8(ascii: "\""))
            let bytes = UnsafeRawBufferPointer(utf8)
            let plainCount = PlainText.unescapedPrefix(bytes)
            append(UnsafeRawBufferPointer(rebasing: bytes[..<plainCount]))
            for byte in bytes[plainCount...] {
                if PlainText.needsNoEscape(byte) { put(byte) } else { escape(byte) }
            }
            put(UInt8(ascii: "\""))
        }
        valueEnded = true
    }

    public mutating func integer(_ value: Int64) {
        separate()
        reserve(20)
        if value < 0 { put(UInt8(ascii: "-")) }
        digits(value.magnitude)
        valueEnded = true
    }

    public mutating func integer(_ value: Int) { integer(Int64(value)) }

    public mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    public mutating func null() { literal("null") }

    /// One value that is JSON already: a word such as `true`, or a number.
    public mutating func literal(_ text: StaticString) {
        raw(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// One value that is JSON already, copied as it stands.
    public mutating func raw(_ json: UnsafeRawBufferPointer) {
        separate()
        append(json)
        valueEnded = true
    }

    public mutating func raw(_ json: String) {
        var json = json
        json.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
    }

    /// A string given in pieces of plain ASCII by `body`, which needs no escape: a time, a hash.
    public mutating func quoted(_ body: (inout JSONWriter) -> Void) {
        separate()
        put(UInt8(ascii: "\""))
        body(&self)
        reserve(1)
        put(UInt8(ascii: "\""))
        valueEnded = true
    }

    // MARK: Bytes

    /// The end of a text in a stream of texts: a line feed, after which no comma comes.
    public mutating func endLine() {
        byte(UInt8(ascii: "\n"))
        valueEnded = false
    }

    /// One byte as it is, without comma.
    public mutating func byte(_ value: UInt8) {
        reserve(1)
        put(value)
    }

    /// Decimal digits of a fixed width, with leading zeros, without comma.
    public mutating func digits(_ value: UInt64, width: Int) {
        reserve(width)
        var (rest, index) = (value, count + width)
        while index > count + 1 {
            let pair = Int(rest % 100)
            rest /= 100
            index -= 2
            memcpy(base + index, JSONWriter.digitPairs.utf8Start + 2 * pair, 2)
        }
        if index > count { base.storeBytes(of: UInt8(ascii: "0") + UInt8(rest % 10), toByteOffset: count, as: UInt8.self) }
        count += width
    }

    /// 00 to 99: two digits cost one division.
    private static let digitPairs: StaticString = """
        00010203040506070809101112131415161718192021222324\
        25262728293031323334353637383940414243444546474849\
        50515253545556575859606162636465666768697071727374\
        75767778798081828384858687888990919293949596979899
        """

    private mutating func digits(_ magnitude: UInt64) {
        var width = 1
        var bound: UInt64 = 10
        while width < 20, magnitude >= bound {
            width += 1
            bound = width < 20 ? bound * 10 : bound
        }
        digits(magnitude, width: width)
    }

    /// Bytes as they are, without comma: whole lines written elsewhere.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(base + count, start, bytes.count)
        count += bytes.count
    }

    private mutating func escape(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x08: put(UInt8(ascii: "b"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x0a: put(UInt8(ascii: "n"))
        case 0x0c: put(UInt8(ascii: "f"))
        case 0x0d: put(UInt8(ascii: "r"))
        default:
            put(UInt8(ascii: "u"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0") + byte >> 4)
            put(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private mutating func separate() {
        reserve(2)
        if valueEnded { put(UInt8(ascii: ",")) }
        valueEnded = false
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }
}
