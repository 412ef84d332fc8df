/// The name of a tenant, account, unit, feature, batch, key or command: 1...128 bytes of UTF-8 without control characters.
///
/// A `Name` is valid by construction, so that no rule has to check one again.
public struct Name: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public static let byteCountMax = 128

    public let text: String

    /// Nil when the text is empty, too long, or holds a control character (Unicode category Cc).
    public init?(_ text: String) {
        guard (1...Name.byteCountMax).contains(text.utf8.count), !Name.hasControlCharacter(text) else { return nil }
        self.text = text
    }

    /// C0 and DEL are single bytes; C1 is the byte C2 with a byte from 80 to 9F behind it.
    private static func hasControlCharacter(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return true }
                previous = byte
            }
            return false
        }
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
        let (left, right) = (left.text.utf8, right.text.utf8)
        guard left.count == right.count else { return false }
        return left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        } == .some(.some(true))
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
