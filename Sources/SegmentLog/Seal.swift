import LedgerModel

/// The last bytes of a segment that is complete: a skippable LZ4 frame. Nothing in it is new: it follows from the
/// batches before it, so that an unfinished one can be written again.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | magic 0x184D2A52 |
/// | 4 | 4 | bytes that follow in this frame: 68 |
/// | 8 | 2 | version: 1 |
/// | 10 | 2 | flags: none defined, 0 |
/// | 12 | 4 | events in the segment |
/// | 16 | 8 | last sequence number |
/// | 24 | 8 | the segment's first sequence number |
/// | 32 | 8 | the offset in the file at which this seal stands |
/// | 40 | 32 | chain of the last batch |
/// | 72 | 4 | CRC-32C of bytes 0 to 71 |
struct Seal: Hashable {
    var count: Int
    var lastSequence: SequenceNumber
    var segment: SequenceNumber
    var offset: UInt64
    var chain: ChainHash

    static let byteCount = 76
    static let magic: UInt32 = 0x184D_2A52
    static let version: UInt16 = 1

    /// The seal that belongs at a position: behind all batches of its segment.
    init(at position: LogPosition) {
        count = Int(position.next.rawValue - position.segment.rawValue)
        lastSequence = SequenceNumber(position.next.rawValue - 1)
        segment = position.segment
        offset = position.offset
        chain = position.link
    }

    /// What must hold just before writing and just after reading.
    func validate() throws(Fault) {
        guard (1...Int(UInt32.max)).contains(count), lastSequence.rawValue <= LogBounds.sequenceMax,
            segment >= .first, segment <= lastSequence, lastSequence.rawValue - segment.rawValue == UInt64(count) - 1
        else { throw Fault(.badSeal, "the seal's \(count) events do not end at sequence \(lastSequence)") }
    }

    init(decoding bytes: UnsafeRawBufferPointer) throws(Fault) {
        guard bytes.count >= Self.byteCount else { throw Fault(.badSeal, "the file ends within the seal") }
        guard bytes.number(at: 0) == Self.magic, bytes.number(at: 4) == UInt32(Self.byteCount - 8) else {
            throw Fault(.badSeal, "these bytes are not a seal")
        }
        guard bytes.number(at: 72) == bytes.part(0, 72).crc32c else {
            throw Fault(.badSeal, "the seal does not match its checksum")
        }
        let version: UInt16 = bytes.number(at: 8)
        guard version == Self.version else { throw Fault(.unknownVersion, "the seal has version \(version)") }
        let flags: UInt16 = bytes.number(at: 10)
        guard flags == 0 else { throw Fault(.unknownVersion, "the seal has unknown flags \(flags)") }
        count = Int(bytes.number(at: 12) as UInt32)
        lastSequence = SequenceNumber(bytes.number(at: 16) as UInt64)
        segment = SequenceNumber(bytes.number(at: 24) as UInt64)
        offset = bytes.number(at: 32)
        chain = ChainHash(at: 40, in: bytes)
        try validate()
    }

    func encoded() throws(Fault) -> [UInt8] {
        try validate()
        return [UInt8](zeros: Self.byteCount) { bytes in
            bytes.put(Self.magic, at: 0)
            bytes.put(UInt32(Self.byteCount - 8), at: 4)
            bytes.put(Self.version, at: 8)
            bytes.put(UInt16(0), at: 10)
            bytes.put(UInt32(count), at: 12)
            bytes.put(lastSequence.rawValue, at: 16)
            bytes.put(segment.rawValue, at: 24)
            bytes.put(offset, at: 32)
            chain.put(at: 40, in: bytes)
            bytes.put(bytes.part(0, 72).crc32c, at: 72)
        }
    }
}
