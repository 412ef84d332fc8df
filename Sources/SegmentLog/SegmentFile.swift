import LedgerModel

/// What stands at a position of a segment.
enum SegmentPart {
    case batch(BatchHeader)
    /// The seal that belongs here.
    case seal
    /// Nothing: zeros, or the end of what may be read.
    case end
    case fault(LogError)
}

/// A segment that is read: its header, and each part judged where it stands. The only place that decides whether a
/// batch checks out; readers, recovery and the verifier all ask here.
final class SegmentFile {
    let name: String
    let header: SegmentHeader
    let window: ReadWindow
    private let file: any VolumeFile
    private let headerHash: ChainHash

    /// Opens a segment and checks its header. Throws the header's faults, and `.foreignSegment` when it says another
    /// first sequence than its name. Nothing from `limit` on is read.
    convenience init(_ first: SequenceNumber, in directory: LogDirectory, limit: UInt64 = .max) throws(LogError) {
        let file = try directory.volume.openFile(directory.segment(first), forWriting: false)
        try self.init(first, file, windowByteCount: LogBounds.readByteCount, limit: limit)
    }

    /// The same over a file that is open already.
    init(_ first: SequenceNumber, _ file: any VolumeFile, windowByteCount: Int, limit: UInt64 = .max) throws(LogError) {
        self.file = file
        name = "log/" + LogDirectory.segmentName(first)
        window = ReadWindow(file, byteCount: windowByteCount, limit: limit)
        let bytes = try window.bytes(at: 0, count: SegmentHeader.byteCount)
        do throws(Fault) {
            header = try SegmentHeader(decoding: bytes)
            guard header.firstSequence == first else {
                throw Fault(.foreignSegment, "the header says that the segment begins at sequence \(header.firstSequence)")
            }
        } catch {
            throw LogError(error, file: name, offset: 0, sequence: first)
        }
        headerHash = ChainHash(segmentHeader: bytes)
    }

    /// Where the first batch stands.
    var start: LogPosition { LogPosition(header, hash: headerHash) }

    func byteCount() throws(LogError) -> UInt64 { try file.byteCount() }
    func sync() throws(LogError) { try file.sync() }

    func error(_ fault: Fault, at position: LogPosition) -> LogError {
        LogError(fault, file: name, offset: position.offset, sequence: position.next)
    }

    /// The part at a position, by its header alone: what it says of itself and its place, not its bytes or its chain.
    func readHeader(at position: LogPosition) throws(LogError) -> SegmentPart {
        let bytes = try window.bytes(at: position.offset, count: BatchHeader.byteCount)
        if bytes.isZero { return .end }
        do throws(Fault) {
            if bytes.count >= 4, bytes.number(at: 0) == Seal.magic {
                try Self.checkSeal(bytes, position)
                return .seal
            }
            let header = try BatchHeader(decoding: bytes)
            try header.checkPlace(position)
            return .batch(header)
        } catch {
            return .fault(self.error(error, at: position))
        }
    }

    /// The part at a position, with every byte of it checked, and its chain.
    func read(at position: LogPosition) throws(LogError) -> SegmentPart {
        let part = try readHeader(at: position)
        guard case .batch(let header) = part else { return part }
        let bytes = try window.bytes(at: position.offset, count: header.byteCount)
        do throws(Fault) {
            try header.checkBytes(bytes, link: position.link)
            return part
        } catch {
            return .fault(self.error(error, at: position))
        }
    }

    /// The LZ4 frame of a batch that has just been read; valid until the next read.
    func frame(of header: BatchHeader) throws(LogError) -> UnsafeRawBufferPointer {
        try window.bytes(at: header.offset + UInt64(BatchHeader.byteCount), count: header.storedByteCount)
    }

    /// The position behind the last batch, by the seal at the end of the file alone. Throws when there is none.
    func endBySeal() throws(LogError) -> LogPosition {
        let end = try byteCount()
        let offset = end - min(end, UInt64(Seal.byteCount))
        let bytes = try window.bytes(at: offset, count: Seal.byteCount)
        do throws(Fault) {
            let seal = try Seal(decoding: bytes)
            guard seal.offset == offset, seal.segment == header.firstSequence else {
                throw Fault(.badSeal, "the seal was written for segment \(seal.segment), offset \(seal.offset)")
            }
            return LogPosition(seal)
        } catch {
            throw LogError(error, file: name, offset: offset, sequence: header.firstSequence)
        }
    }

    private static func checkSeal(_ bytes: UnsafeRawBufferPointer, _ position: LogPosition) throws(Fault) {
        let seal = try Seal(decoding: bytes)
        guard seal == Seal(at: position) else {
            throw Fault(
                .badSeal, "the seal says that \(seal.count) events end at sequence \(seal.lastSequence), offset \(seal.offset)")
        }
    }
}

extension LogDirectory {
    /// A sealed segment opened for its header and seal only.
    func glance(_ first: SequenceNumber) throws(LogError) -> SegmentFile {
        try SegmentFile(first, volume.openFile(segment(first), forWriting: false), windowByteCount: 512)
    }
}
