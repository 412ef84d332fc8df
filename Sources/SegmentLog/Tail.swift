import LedgerModel

/// The open segment, as its only writer has it. Everything before `position` is synced; from there to `zeroedTo` the file
/// holds synced zeros: room for the seal at least, so that a segment can be sealed on a full medium.
final class Tail {
    let header: SegmentHeader
    private(set) var position: LogPosition
    /// The chain of the last event, in this segment or the one before.
    private(set) var chain: ChainHash
    private var zeroedTo: UInt64
    private let file: any VolumeFile
    private let directory: LogDirectory
    private let bounds: LogBounds

    /// Continues a segment whose bytes up to `position` check out, and are zeros from there on.
    init(_ header: SegmentHeader, at position: LogPosition, chain: ChainHash, in directory: LogDirectory, bounds: LogBounds)
        throws(LogError)
    {
        self.header = header
        self.position = position
        self.chain = chain
        self.directory = directory
        self.bounds = bounds
        file = try directory.volume.openFile(directory.segment(header.firstSequence), forWriting: true)
        zeroedTo = try file.byteCount()
    }

    /// Makes a segment of the reserve, or a new one when there is no reserve.
    static func next(
        _ header: SegmentHeader, from reserve: LogReserve, in directory: LogDirectory, bounds: LogBounds
    ) throws(LogError) -> Tail {
        guard let start = try reserve.take(as: header) else { return try create(header, in: directory, bounds: bounds) }
        return try Tail(header, at: start, chain: header.previousChain, in: directory, bounds: bounds)
    }

    /// Makes a segment: under a temporary name with its header and first zeros, synced, and only then under its own.
    private static func create(_ header: SegmentHeader, in directory: LogDirectory, bounds: LogBounds) throws(LogError) -> Tail {
        let (path, newPath) = (directory.segment(header.firstSequence), directory.newSegment(header.firstSequence))
        let start = try writeNew(header, newPath, directory.volume, byteCount: bounds.tailChunkByteCount)
        try directory.volume.rename(newPath, to: path)
        try directory.volume.syncDirectory(directory.log)
        return try Tail(header, at: start, chain: header.previousChain, in: directory, bounds: bounds)
    }

    private static func writeNew(
        _ header: SegmentHeader, _ path: String, _ volume: any Volume, byteCount: Int
    ) throws(LogError) -> LogPosition {
        let bytes = try header.encoded(for: path)
        let file = try volume.createFile(path)
        try file.write(bytes + [UInt8](repeating: 0, count: max(Seal.byteCount, byteCount - bytes.count)), at: 0)
        try file.sync()
        return LogPosition(header, hash: bytes.withUnsafeBytes { ChainHash(segmentHeader: $0) })
    }

    /// There is a batch in it: only then can it be sealed.
    var isSealable: Bool { position.next > header.firstSequence }

    /// A batch and the seal behind it still fit the segment.
    func hasRoom(forBatchOf byteCount: Int) -> Bool {
        position.offset + UInt64(byteCount + Seal.byteCount) <= UInt64(bounds.segmentByteCountMax)
    }

    /// Writes and syncs one batch, for which room was made. When this returns, the batch is committed.
    func append(_ batch: UnsafeRawBufferPointer, _ header: BatchHeader) throws(LogError) {
        try file.write(batch, at: position.offset)
        try file.sync()
        (position, chain) = (position.after(header), header.chain)
    }

    /// Closes the segment for good: the seal, synced; the zeros behind it cut off, synced; read-only.
    func seal() throws(LogError) {
        let path = directory.segment(header.firstSequence)
        let bytes: [UInt8]
        do { bytes = try Seal(at: position).encoded() } catch {
            throw LogError(error, file: path, offset: position.offset, sequence: position.next)
        }
        let end = position.offset + UInt64(Seal.byteCount)
        try extend(to: end, by: 0)  // there is room, but in a segment of an earlier version
        try file.write(bytes, at: position.offset)
        try file.sync()
        try file.truncate(to: end)
        try file.sync()
        try directory.volume.makeReadOnly(path)
    }

    /// Writes the last batch's bytes once more and syncs. After a failed sync they may be in memory only, and the system
    /// may believe them written: only new writing makes it write.
    func rewrite(_ last: BatchHeader, from segment: SegmentFile) throws(LogError) {
        try segment.inPieces(of: last.offset..<last.offset + UInt64(last.byteCount)) { bytes, offset throws(LogError) in
            try file.write(bytes, at: offset)
            return true
        }
    }

    /// Cuts off everything behind the last good batch, and writes zeros in its place.
    func cut() throws(LogError) {
        try file.truncate(to: position.offset)
        try file.sync()
        zeroedTo = position.offset
        do { try makeRoom(forBatchOf: 0) } catch {
            guard error.code == .diskFull else { throw error }
            try makeRoom(forBatchOf: 0, sparingly: true)
        }
    }

    func sync() throws(LogError) { try file.sync() }

    /// After a sync that failed, the zeros ahead may be in memory only, and the file shorter than it seems: they are written
    /// anew before the next batch.
    func forgetZeros() { zeroedTo = position.offset }

    /// Sees to it that a batch can be written into zeros, and a seal behind it. Throws `.diskFull` when there is no space for that;
    /// then nothing is lost, and the segment can still be sealed.
    ///
    /// - Parameter sparingly: write no more zeros than are needed: when that is all the space there is.
    func makeRoom(forBatchOf byteCount: Int, sparingly: Bool = false) throws(LogError) {
        try extend(to: position.offset + UInt64(byteCount + Seal.byteCount), by: sparingly ? 0 : bounds.tailChunkByteCount)
    }

    /// Writes and syncs zeros ahead, so that syncing a batch changes no byte count and allocates nothing.
    private func extend(to end: UInt64, by byteCount: Int) throws(LogError) {
        guard end > zeroedTo else { return }
        let chunkEnd = min(zeroedTo + UInt64(byteCount), UInt64(bounds.segmentByteCountMax))
        let newEnd = max(end, chunkEnd)
        try file.write([UInt8](repeating: 0, count: Int(newEnd - zeroedTo)), at: zeroedTo)
        do { try file.sync() } catch {
            // After a failed sync nothing is known, whatever it was for want of.
            throw LogError(.volumeFailed, error.sentence)
        }
        zeroedTo = newEnd
    }
}
