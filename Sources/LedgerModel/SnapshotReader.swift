/// Why bytes are not a book.
public struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where reading stopped, in bytes from the start of the part.
    public let offset: Int
    public let reason: String

    public var description: String { "\(reason) at byte \(offset)" }
}

/// Reads what a `SnapshotWriter` wrote. It trusts no byte: whatever they are, it ends with a value or an error, and makes no room
/// that the bytes still to be read do not fill.
struct SnapshotReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    private var names: [Name] = []

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func error(_ reason: String) -> SnapshotError { SnapshotError(offset: offset, reason: reason) }

    /// How many bytes are still to be read.
    var restByteCount: Int { bytes.count - offset }

    @inline(__always)
    mutating func byte() throws(SnapshotError) -> UInt8 {
        guard offset < bytes.count else { throw error("the bytes end too early") }
        offset += 1
        return bytes[offset - 1]
    }

    @inline(__always)
    mutating func number() throws(SnapshotError) -> UInt64 {
        let first = try byte()
        return first < 0x80 ? UInt64(first) : try number(from: UInt64(first & 0x7f))
    }

    private mutating func number(from low: UInt64) throws(SnapshotError) -> UInt64 {
        var (value, shift) = (low, UInt64(7))
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw error("a number does not fit 64 bits") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() throws(SnapshotError) -> Int64 {
        let number = try number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    @inline(__always)
    mutating func word() throws(SnapshotError) -> UInt64 {
        guard restByteCount >= 8 else { throw error("the bytes end too early") }
        offset += 8
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset - 8, as: UInt64.self))
    }

    /// How many elements follow, each of at least one byte.
    mutating func count() throws(SnapshotError) -> Int {
        let number = try number()
        guard number <= UInt64(restByteCount) else { throw error("there are fewer bytes than elements") }
        return Int(number)
    }

    /// For how many of the elements room is made before they are read.
    func capacity(for count: Int) -> Int { min(count, restByteCount / 8) }

    mutating func text() throws(SnapshotError) -> String {
        let start = offset
        let count = try count()
        let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]), as: UTF8.self)
        guard let text else { throw SnapshotError(offset: start, reason: "a text is not UTF-8") }
        offset += count
        return text
    }

    mutating func unique() throws(SnapshotError) -> Name {
        let start = offset
        guard let name = Name(try text()) else { throw SnapshotError(offset: start, reason: "a text is not a name") }
        return name
    }

    mutating func shared() throws(SnapshotError) -> Name {
        let number = try number()
        if number == 0 {
            names.append(try unique())
            return names[names.count - 1]
        }
        guard number <= UInt64(names.count) else { throw error("a name was not met before") }
        return names[Int(number) - 1]
    }

    /// All bytes must have been read.
    func finish() throws(SnapshotError) {
        if restByteCount > 0 { throw error("there are bytes behind the end") }
    }
}
