import LedgerModel

/// The first bytes of a segment: a skippable LZ4 frame.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | magic 0x184D2A50 |
/// | 4 | 4 | bytes that follow in this frame: 80 |
/// | 8 | 8 | `daybook` and a zero byte |
/// | 16 | 4 | format version: 1 |
/// | 20 | 16 | ledger |
/// | 36 | 8 | first sequence number |
/// | 44 | 8 | when the segment was made |
/// | 52 | 32 | chain of the last batch of the segment before; zeros in the first segment |
/// | 84 | 4 | CRC-32C of bytes 0 to 83 |
struct SegmentHeader: Hashable {
    var ledger: LedgerID
    var firstSequence: SequenceNumber
    var createdAt: Timestamp
    var previousChain: ChainHash

    static let byteCount = 88
    static let magic: UInt32 = 0x184D_2A50
    static let version: UInt32 = 1
    private static let signature = UInt64(littleEndian: 0x006b_6f6f_6279_6164)

    /// What must hold just before writing and just after reading.
    func validate() throws(Fault) {
        guard (1...LogBounds.sequenceMax).contains(firstSequence.rawValue) else {
            throw Fault(.badHeader, "the header's first sequence \(firstSequence) is out of range")
        }
    }

    init(ledger: LedgerID, firstSequence: SequenceNumber, createdAt: Timestamp, previousChain: ChainHash) {
        self.ledger = ledger
        self.firstSequence = firstSequence
        self.createdAt = createdAt
        self.previousChain = previousChain
    }

    init(decoding bytes: UnsafeRawBufferPointer) throws(Fault) {
        guard bytes.count >= Self.byteCount else { throw Fault(.badHeader, "the file is shorter than a header") }
        guard bytes.number(at: 0) == Self.magic, bytes.number(at: 4) == UInt32(Self.byteCount - 8),
            bytes.number(at: 8) == Self.signature
        else { throw Fault(.badHeader, "the file does not begin with a segment header") }
        let version: UInt32 = bytes.number(at: 16)
        guard version == Self.version else { throw Fault(.unknownVersion, "the segment has format version \(version)") }
        guard bytes.number(at: 84) == bytes.part(0, 84).crc32c else {
            throw Fault(.badHeader, "the header does not match its checksum")
        }
        ledger = LedgerID(at: 20, in: bytes)
        firstSequence = SequenceNumber(bytes.number(at: 36) as UInt64)
        createdAt = Timestamp(microseconds: bytes.number(at: 44))
        previousChain = ChainHash(at: 52, in: bytes)
        try validate()
    }

    func encoded() throws(Fault) -> [UInt8] {
        try validate()
        return [UInt8](zeros: Self.byteCount) { bytes in
            bytes.put(Self.magic, at: 0)
            bytes.put(UInt32(Self.byteCount - 8), at: 4)
            bytes.put(Self.signature, at: 8)
            bytes.put(Self.version, at: 16)
            ledger.put(at: 20, in: bytes)
            bytes.put(firstSequence.rawValue, at: 36)
            bytes.put(createdAt.rawValue, at: 44)
            previousChain.put(at: 52, in: bytes)
            bytes.put(bytes.part(0, 84).crc32c, at: 84)
        }
    }
}
