/// The name of a tenant, account, unit, feature, batch, key or command: 1...128 bytes of UTF-8 without control characters.
///
/// A `Name` is valid by construction, so that no rule has to check one again.
public struct Name: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public static let byteCountMax = 128

    public let text: String

    /// Nil when the text is empty, too long, or holds a control character (Unicode category Cc).
    public init?(_ text: String) {
        var text = text
        guard text.withUTF8({ Name.isValid(UnsafeRawBufferPointer($0)) }) else { return nil }
        self.text = text
    }

    /// The same from the text's bytes, which must be valid UTF-8.
    public init?(utf8 bytes: UnsafeRawBufferPointer) {
        guard Name.isValid(bytes) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (1...byteCountMax).contains(bytes.count) && !hasControlCharacter(bytes)
    }

    /// C0 and DEL are single bytes; C1 is the byte C2 with a byte from 80 to 9F behind it.
    private static func hasControlCharacter(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes[plainPrefix(bytes)...] {
            if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
            previous = byte
        }
        return false
    }

    /// How many bytes at the beginning are whole words of eight, each of ASCII without control characters.
    private static func plainPrefix(_ bytes: UnsafeRawBufferPointer) -> Int {
        var index = 0
        while index + 8 <= bytes.count, isPlain(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) { index += 8 }
        return index
    }

    /// A byte's high bit is set if it was (not ASCII), if taking 0x20 from it borrows (C0), or if adding one reaches it (DEL).
    /// Borrows and carries pass on to the next byte only from one that is not plain.
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        return (word | (word &- ones &* 0x20) | (word &+ ones)) & (ones &* 0x80) == 0
    }

    /// For literals in the program; an invalid literal is a programming error.
    public init(stringLiteral text: String) {
        self = Name(text)!
    }

    /// Names beginning with `$` are the ledger's own.
    public var isReserved: Bool { text.utf8.first == UInt8(ascii: "$") }

    public var description: String { text }

    /// The tenant of the ledger's own events.
    public static let system: Name = "$system"

    /// By UTF-8 bytes: two spellings that Unicode calls equivalent are two names.
    public static func == (left: Self, right: Self) -> Bool {
        var (left, right) = (left.text, right.text)
        return left.withUTF8 { left in
            right.withUTF8 { right in Name.areEqual(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right)) }
        }
    }

    /// Whole words of eight bytes first, then the rest byte by byte.
    private static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        var index = 0
        while index + 8 <= left.count {
            let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word != right.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index += 8
        }
        while index < left.count, left[index] == right[index] { index += 1 }
        return index == left.count
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Name: Comparable {
    /// By UTF-8 bytes.
    public static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
}
