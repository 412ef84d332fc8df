/// The identity of a ledger: a UUID, chosen when the ledger is made and written into every segment.
public struct LedgerID: Hashable, Sendable, CustomStringConvertible {
    private let words: SIMD16<UInt8>

    /// A ledger's identity from its 16 bytes in the order of the text; nil when there are not 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == LedgerID.byteCount else { return nil }
        words = SIMD16(bytes)
    }

    /// A ledger's identity from the text of a UUID, `8-4-4-4-12` hexadecimal digits in either case (RFC 9562, section 4).
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], let all = decoded(hexadecimal: groups.joined()) else { return nil }
        self.init(bytes: all)
    }

    /// A new random identity: version 4 (RFC 9562, section 5.4).
    public static func random() -> LedgerID {
        var words = SIMD16<UInt8>.random(in: 0...255)
        words[6] = words[6] & 0x0f | 0x40
        words[8] = words[8] & 0x3f | 0x80
        return LedgerID(words: words)
    }

    private init(words: SIMD16<UInt8>) { self.words = words }

    public var bytes: [UInt8] { words.indices.map { words[$0] } }

    /// The text of the UUID, in lower case.
    public var description: String {
        let digits = hexadecimal(bytes)
        var groups: [Substring] = []
        var rest = digits[...]
        for count in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return groups.joined(separator: "-")
    }

    static let byteCount = 16

    init(at offset: Int, in bytes: UnsafeRawBufferPointer) {
        words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    func put(at offset: Int, in bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: words, toByteOffset: offset, as: SIMD16<UInt8>.self)
    }
}
