import LedgerModel

/// The bytes before a batch's LZ4 frame: a skippable frame of their own.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | magic 0x184D2A51 |
/// | 4 | 4 | bytes that follow in this frame: 88 |
/// | 8 | 2 | version: 1 |
/// | 10 | 2 | flags: none defined, 0 |
/// | 12 | 4 | event count, at least 1 |
/// | 16 | 8 | first sequence number |
/// | 24 | 8 | the segment's first sequence number |
/// | 32 | 8 | the offset in the file at which this header stands |
/// | 40 | 8 | commit time |
/// | 48 | 4 | bytes of JSON Lines |
/// | 52 | 4 | stored bytes: the whole LZ4 frame |
/// | 56 | 4 | CRC-32C of the stored bytes |
/// | 60 | 32 | chain: SHA-256(chain before ‖ bytes 0 to 59 ‖ stored bytes) |
/// | 92 | 4 | CRC-32C of bytes 0 to 91 |
struct BatchHeader: Hashable {
    var count: Int
    var firstSequence: SequenceNumber
    var segment: SequenceNumber
    var offset: UInt64
    var committedAt: Timestamp
    var rawByteCount: Int
    var storedByteCount: Int
    var storedChecksum: UInt32
    var chain: ChainHash

    static let byteCount = 96
    /// The fields that the chain covers stand before this offset.
    static let fieldsByteCount = 60
    static let magic: UInt32 = 0x184D_2A51
    static let version: UInt16 = 1

    /// Bytes of the whole batch.
    var byteCount: Int { Self.byteCount + storedByteCount }
    var lastSequence: SequenceNumber { firstSequence.advanced(by: count - 1) }

    /// What must hold just before writing and just after reading.
    func validate() throws(Fault) {
        guard (1...LogBounds.batchRawByteCountLimit).contains(rawByteCount) else {
            throw Fault(.badBatch, "the batch says that it holds \(rawByteCount) bytes of events")
        }
        guard (Frame.overheadByteCount + 1...Frame.overheadByteCount + rawByteCount).contains(storedByteCount) else {
            throw Fault(.badBatch, "the batch says that it stores \(rawByteCount) bytes in \(storedByteCount)")
        }
        guard (1...rawByteCount).contains(count) else {
            throw Fault(.badBatch, "the batch says that it holds \(count) events in \(rawByteCount) bytes")
        }
        guard segment >= .first, segment <= firstSequence, firstSequence.rawValue <= LogBounds.sequenceMax else {
            throw Fault(.badBatch, "the batch's first sequence \(firstSequence) is out of range")
        }
    }

    /// A header that is whole and in bounds. Whether it stands in its own place is for `checkPlace(_:)`.
    init(decoding bytes: UnsafeRawBufferPointer) throws(Fault) {
        guard bytes.count >= Self.byteCount else { throw Fault(.badBatch, "the file ends within a batch header") }
        guard bytes.number(at: 0) == Self.magic, bytes.number(at: 4) == UInt32(Self.byteCount - 8) else {
            throw Fault(.badBatch, "these bytes do not begin a batch")
        }
        guard bytes.number(at: 92) == bytes.part(0, 92).crc32c else {
            throw Fault(.badBatch, "the batch header does not match its checksum")
        }
        let version: UInt16 = bytes.number(at: 8)
        guard version == Self.version else { throw Fault(.unknownVersion, "the batch has version \(version)") }
        let flags: UInt16 = bytes.number(at: 10)
        guard flags == 0 else { throw Fault(.unknownVersion, "the batch has unknown flags \(flags)") }
        count = Int(bytes.number(at: 12) as UInt32)
        firstSequence = SequenceNumber(bytes.number(at: 16) as UInt64)
        segment = SequenceNumber(bytes.number(at: 24) as UInt64)
        offset = bytes.number(at: 32)
        committedAt = Timestamp(microseconds: bytes.number(at: 40))
        rawByteCount = Int(bytes.number(at: 48) as UInt32)
        storedByteCount = Int(bytes.number(at: 52) as UInt32)
        storedChecksum = bytes.number(at: 56)
        chain = ChainHash(at: 60, in: bytes)
        try validate()
    }

    /// A misplaced write does not check out: the header names its segment, its offset and its sequence number.
    func checkPlace(_ position: LogPosition) throws(Fault) {
        guard segment == position.segment else {
            throw Fault(.badBatch, "the batch was written for segment \(segment)")
        }
        guard offset == position.offset else { throw Fault(.badBatch, "the batch was written for offset \(offset)") }
        guard firstSequence == position.next else {
            throw Fault(.badBatch, "the batch holds sequence \(firstSequence) where \(position.next) is next")
        }
    }

    /// The bytes of a whole batch are those that its header describes, and continue the chain.
    func checkBytes(_ bytes: UnsafeRawBufferPointer, link: ChainHash) throws(Fault) {
        guard bytes.count == byteCount else {
            throw Fault(.badBatch, "the batch says that it stores \(storedByteCount) bytes, and the file ends before")
        }
        let stored = bytes.part(Self.byteCount, storedByteCount)
        guard stored.crc32c == storedChecksum else {
            throw Fault(.badBatch, "the stored bytes do not match their checksum")
        }
        guard ChainHash(link: link, fields: bytes.part(0, Self.fieldsByteCount), stored: stored) == chain else {
            throw Fault(.brokenChain, "the batch does not continue the chain before it")
        }
    }
}

extension BatchHeader {
    /// The records in a batch's frame: as many lines of text as the header says.
    ///
    /// - Parameter records: room for exactly the raw bytes.
    func decode(_ frame: UnsafeRawBufferPointer, into records: UnsafeMutableRawBufferPointer) throws(Fault) {
        try Frame.decode(frame, into: records)
        let lines = UnsafeRawBufferPointer(records)
        let found = lines.lineCount
        guard found == count else { throw Fault(.badBatch, "the batch says that it holds \(count) events, and holds \(found)") }
        guard lines.last == UInt8(ascii: "\n") else { throw Fault(.badBatch, "the last event does not end in a newline") }
        guard !lines.hasZeroByte else { throw Fault(.badBatch, "an event holds a zero byte") }
    }

    /// The header of a batch to be written at `position`, its chain computed while it is encoded.
    init(
        at position: LogPosition, count: Int, committedAt: Timestamp, rawByteCount: Int, stored: UnsafeRawBufferPointer,
        encodingInto bytes: UnsafeMutableRawBufferPointer
    ) throws(Fault) {
        self.count = count
        firstSequence = position.next
        segment = position.segment
        offset = position.offset
        self.committedAt = committedAt
        self.rawByteCount = rawByteCount
        storedByteCount = stored.count
        storedChecksum = stored.crc32c
        chain = .zero
        try validate()
        encodeFields(into: bytes)
        chain = ChainHash(link: position.link, fields: bytes.part(0, Self.fieldsByteCount), stored: stored)
        chain.put(at: 60, in: bytes)
        bytes.put(bytes.part(0, 92).crc32c, at: 92)
    }

    private func encodeFields(into bytes: UnsafeMutableRawBufferPointer) {
        bytes.put(Self.magic, at: 0)
        bytes.put(UInt32(Self.byteCount - 8), at: 4)
        bytes.put(Self.version, at: 8)
        bytes.put(UInt16(0), at: 10)
        bytes.put(UInt32(count), at: 12)
        bytes.put(firstSequence.rawValue, at: 16)
        bytes.put(segment.rawValue, at: 24)
        bytes.put(offset, at: 32)
        bytes.put(committedAt.rawValue, at: 40)
        bytes.put(UInt32(rawByteCount), at: 48)
        bytes.put(UInt32(storedByteCount), at: 52)
        bytes.put(storedChecksum, at: 56)
    }
}
