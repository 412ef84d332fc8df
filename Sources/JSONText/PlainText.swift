/// Which bytes stand in a JSON string as they are: ASCII without control characters, quotes and backslashes.
enum PlainText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// True when all eight bytes of a word are plain.
    @inline(__always)
    static func isPlain(_ word: UInt64) -> Bool { marks(word) == 0 }

    /// How many plain bytes a word begins with, in the order of memory.
    @inline(__always)
    static func plainPrefix(_ word: UInt64) -> Int { marks(UInt64(littleEndian: word)).trailingZeroBitCount / 8 }

    /// The high bit of each byte that is not plain. The tests for zero and lesser bytes are those of S. E. Anderson, "Bit
    /// Twiddling Hacks": they are exact up to the lowest byte that is marked, for only from there on something is borrowed.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let control = word &- ones &* 0x20
        let quote = (word ^ ones &* UInt64(UInt8(ascii: "\""))) &- ones
        let backslash = (word ^ ones &* UInt64(UInt8(ascii: "\\"))) &- ones
        return (word | control | quote | backslash) & highBits
    }

    /// How many plain bytes, and bytes above ASCII, a text begins with: what needs no escape when it is written.
    @inline(__always)
    static func unescapedPrefix(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var index = 0
        while index + 8 <= bytes.count, isPlain(base.loadUnaligned(fromByteOffset: index, as: UInt64.self)) { index += 8 }
        while index < bytes.count, needsNoEscape(bytes[index]) { index += 1 }
        return index
    }

    @inline(__always)
    static func needsNoEscape(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
