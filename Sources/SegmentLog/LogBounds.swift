/// Every bound of the log in one place, each with its reason. Those that a test may shrink are properties;
/// `LogBounds.standard` are the bounds of a ledger in use. A reader never allocates more than these allow, whatever a
/// damaged length says.
public struct LogBounds: Sendable, Hashable {
    /// Bytes of JSON Lines in one log batch, before compression: 4 MiB, the largest block of an LZ4 frame, for a batch
    /// is one block. At most `LogBounds.batchRawByteCountLimit`.
    public var batchRawByteCountMax = LogBounds.batchRawByteCountLimit

    /// Bytes of a whole segment file with its seal: 64 MiB. Opening checks the last segment whole, and this keeps that
    /// well below a second; a backup copies the open segment and links the others.
    public var segmentByteCountMax = 64 << 20

    /// Bytes that are zero-written and synced ahead of the tail at a time: 4 MiB. Overwriting zeros that are already on
    /// the medium saves a third of each sync; 4 MiB make the pause for writing them short and rare.
    public var tailChunkByteCount = 4 << 20

    /// Bytes of the next segment that are written ahead as the reserve of space, if a segment may have so many: 16 MiB. The largest
    /// batch fits, and on a full disk tens of thousands of small ones; it is written in a tenth of a second, and a disk on which it does
    /// not fit is all but full.
    public var reserveByteCountMax = 16 << 20

    public init() {}

    /// The bounds of a ledger in use.
    public static let standard = LogBounds()

    /// What the format itself allows: the largest block that an LZ4 frame with our descriptor (`70`) may hold.
    public static let batchRawByteCountLimit = 4 << 20

    /// Bytes of one record with its newline: 60 KiB. The leaf of a Merkle tree must fit 65,535 bytes. Whoever makes
    /// records keeps this bound; the log does not look inside a batch.
    public static let recordByteCountMax = 60 << 10

    /// Batches smaller than this are stored as they are: below 1 KiB the compressed bytes are hardly fewer.
    static let compressedFromByteCount = 1 << 10

    /// What a disk writes whole or not at all: the smallest sector in use, 512 bytes.
    static let sectorByteCount: UInt64 = 512

    /// Sequential reads: large enough that a system call costs nothing beside the bytes, small enough for many readers.
    static let readByteCount = 1 << 20

    /// What a scrub reads in one step: 256 KiB, so that its rate is even and nobody waits long for the medium.
    static let scrubByteCount = 256 << 10

    /// Reads that walk from one batch header to the next, and the distance between two entries of a segment's index: one
    /// look-up reads no more than this beside the batch itself.
    static let indexStrideByteCount: UInt64 = 64 << 10

    /// Files that looking up old batches keeps open. Histories are read mostly from a few recent segments.
    static let openFileCountMax = 16

    /// The highest sequence number: with it, adding any count in bounds cannot overflow.
    static let sequenceMax = UInt64(Int64.max)

    /// Bytes of the reserve that are written and synced at a time: 1 MiB. A batch that is synced meanwhile waits for no more, which is
    /// some milliseconds.
    static let reservePieceByteCount = 1 << 20

    /// Bytes of the reserve: those of a file that becomes a segment.
    public var reserveByteCount: Int { min(reserveByteCountMax, segmentByteCountMax) }

    /// The largest batch as it stands in a segment: never larger than stored as it is.
    var batchByteCountMax: Int { BatchHeader.byteCount + Frame.overheadByteCount + batchRawByteCountMax }

    /// Which two bounds contradict each other; nil when all agree.
    var disagreement: String? {
        if batchRawByteCountMax < 1 { return "a batch must hold a byte" }
        if batchRawByteCountMax > LogBounds.batchRawByteCountLimit { return "a batch must fit one LZ4 block" }
        if segmentByteCountMax > UInt32.max { return "a segment's event count must fit 32 bits" }
        if segmentByteCountMax < SegmentHeader.byteCount + batchByteCountMax + Seal.byteCount {
            return "a segment must hold its header, the largest batch and its seal"
        }
        if reserveByteCount < SegmentHeader.byteCount + batchByteCountMax + Seal.byteCount {
            return "a reserve must hold a segment's header, the largest batch and a seal"
        }
        if tailChunkByteCount < 1 || tailChunkByteCount > segmentByteCountMax { return "a chunk must fit the segment" }
        return nil
    }
}
