import CChecksum

/// What a leaf or a node of the Merkle tree commits to: 32 bytes of SHA-256 (RFC 6962, section 2.1).
public struct MerkleHash: Hashable, Sendable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    /// A hash from its 32 bytes; nil when there are not 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.byteCount else { return nil }
        self = Array(bytes).withUnsafeBytes { MerkleHash(at: 0, in: $0) }
    }

    /// A hash from its base64 (RFC 4648, section 4) as checkpoints and proofs write it: 44 characters with their padding.
    /// Nil for anything else, another spelling of the same bytes included.
    public init?(base64: String) {
        self.init(base64: base64.utf8)
    }

    /// Reads a hash out of a larger buffer.
    ///
    /// - Parameter offset: where the 32 bytes begin; all of them must lie inside the buffer.
    public init(at offset: Int, in bytes: UnsafeRawBufferPointer) {
        words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    }

    /// The hash of a tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = MerkleHash { _ in }

    /// The bytes of one hash.
    public static let byteCount = 32

    /// The hash of a leaf: SHA-256(0x00 ‖ record) (RFC 6962, section 2.1).
    public static func leaf(_ record: UnsafeRawBufferPointer) -> MerkleHash {
        MerkleHash { sha in
            sha.update(0x00)
            checksum_sha256_update(&sha, record.baseAddress, record.count)
        }
    }

    /// The hash of a node over its two children: SHA-256(0x01 ‖ left ‖ right) (RFC 6962, section 2.1).
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        MerkleHash { sha in
            sha.update(0x01)
            withUnsafeBytes(of: left.words) { checksum_sha256_update(&sha, $0.baseAddress, $0.count) }
            withUnsafeBytes(of: right.words) { checksum_sha256_update(&sha, $0.baseAddress, $0.count) }
        }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }
    /// The 44 characters of base64 that checkpoints and proofs hold.
    public var base64: String { bytes.base64 }
    /// 64 hexadecimal digits, in lower case.
    public var description: String { hexadecimal(bytes) }

    /// Writes the hash into a larger buffer.
    ///
    /// - Parameter offset: where the 32 bytes go; all of them must lie inside the buffer.
    public func put(at offset: Int, in bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: words, toByteOffset: offset, as: SIMD4<UInt64>.self)
    }

    init?(base64: some Collection<UInt8>) {
        guard base64.count == MerkleHash.base64Count, let bytes = [UInt8](base64: base64) else { return nil }
        self.init(bytes: bytes)
    }

    private static let base64Count = 44

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

extension checksum_sha256 {
    fileprivate mutating func update(_ prefix: UInt8) {
        withUnsafeBytes(of: prefix) { checksum_sha256_update(&self, $0.baseAddress, $0.count) }
    }
}
