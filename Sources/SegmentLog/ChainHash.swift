import CChecksum

/// What a batch commits to: its own bytes and all history before it. SHA-256 over the chain before, the batch's header
/// fields and its stored bytes; the byte-exact definition stands in `docs/log-format.md`.
public struct ChainHash: Hashable, Sendable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    /// A chain hash from its 64 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = decoded(hexadecimal: hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// A chain hash from its 32 bytes; nil when there are not 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == ChainHash.byteCount else { return nil }
        self = bytes.withUnsafeBytes { ChainHash(at: 0, in: $0) }
    }

    /// The chain before the first batch of a ledger: 32 zero bytes.
    public static let zero = ChainHash(words: .zero)

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }
    /// 64 hexadecimal digits, in lower case.
    public var description: String { hexadecimal(bytes) }

    static let byteCount = 32

    private init(words: SIMD4<UInt64>) { self.words = words }

    init(at offset: Int, in bytes: UnsafeRawBufferPointer) {
        words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    }

    func put(at offset: Int, in bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: words, toByteOffset: offset, as: SIMD4<UInt64>.self)
    }

    /// What the first batch of a segment takes for the chain before it: SHA-256 of the segment's header.
    init(segmentHeader: UnsafeRawBufferPointer) {
        self.init { checksum_sha256_update(&$0, segmentHeader.baseAddress, segmentHeader.count) }
    }

    /// The chain of a batch: SHA-256(`link` ‖ header fields ‖ stored bytes).
    init(link: ChainHash, fields: UnsafeRawBufferPointer, stored: UnsafeRawBufferPointer) {
        self.init { sha in
            withUnsafeBytes(of: link.words) { checksum_sha256_update(&sha, $0.baseAddress, $0.count) }
            checksum_sha256_update(&sha, fields.baseAddress, fields.count)
            checksum_sha256_update(&sha, stored.baseAddress, stored.count)
        }
    }

    private init(_ feed: (inout checksum_sha256) -> Void) {
        var sha = checksum_sha256()
        checksum_sha256_init(&sha)
        feed(&sha)
        var words = SIMD4<UInt64>.zero
        withUnsafeMutableBytes(of: &words) { digest in
            checksum_sha256_final(&sha, digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        self.words = words
    }
}
