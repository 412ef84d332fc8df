public import LedgerModel

/// Reads sealed segments again, all of their bytes, for ever: what rots on the medium is found while there is still a backup that is
/// sound. It does a little when it is asked to; how often that is, is its owner's to decide. Belongs to one thread.
public final class LogScrub {
    /// What one step did.
    public enum Step: Sendable, Hashable {
        /// Read so many bytes, and found them sound.
        case read(byteCount: Int)
        /// Has read all that is sealed; the next step begins another round.
        case finishedRound
        /// A segment, by its first sequence number, is missing, does not check out or cannot be read. The next step goes on behind it.
        case found(LogError, in: SequenceNumber)
        /// A segment that is there could not be opened, which says nothing of its bytes. The next step goes on behind it.
        case couldNotOpen(LogError, SequenceNumber)
    }

    private let directory: LogDirectory
    private var pass: SegmentPass?
    private var next = SequenceNumber.first

    /// A scrub of the log in a data directory. Opens nothing yet.
    public init(_ directory: String, volume: any Volume = PosixVolume()) {
        self.directory = LogDirectory(path: directory, volume: volume)
    }

    /// The segment that is being read or is the next to be, by its first sequence number.
    public var segment: SequenceNumber { next }

    /// Reads on: a log batch or several, `LogBounds.scrubByteCount` bytes and the batch that passes them.
    ///
    /// - Parameter head: the end of what is committed: the open segment is left alone.
    public func step(upTo head: LogHead) -> Step {
        if next >= head.segment {
            (pass, next) = (nil, .first)
            return .finishedRound
        }
        do throws(LogError) {
            if pass == nil { pass = try SegmentPass(next, in: directory) }
        } catch {
            let isMissing = error.code == .missingSegment
            return leave(head) { isMissing ? .found(error, in: $0) : .couldNotOpen(error, $0) }
        }
        do throws(LogError) { return .read(byteCount: try read(pass!)) } catch { return leave(head) { .found(error, in: $0) } }
    }

    private func read(_ pass: SegmentPass) throws(LogError) -> Int {
        let byteCount = try pass.read()
        if let end = pass.end { (self.pass, next) = (nil, end) }
        return byteCount
    }

    /// Goes on with the segment that follows by name.
    private func leave(_ head: LogHead, _ step: (SequenceNumber) -> Step) -> Step {
        let left = next
        let firsts = (try? directory.segments()) ?? []
        (pass, next) = (nil, firsts.first { $0 > left } ?? head.segment)
        return step(left)
    }
}

/// One sealed segment, read from its start to the header of the next.
private final class SegmentPass {
    /// The first sequence number of the next segment, once this one is read.
    private(set) var end: SequenceNumber?
    private let first: SequenceNumber
    private let directory: LogDirectory
    private let file: any VolumeFile
    /// Where the next part stands; nil until the header is read.
    private var place: (segment: SegmentFile, position: LogPosition)?

    init(_ first: SequenceNumber, in directory: LogDirectory) throws(LogError) {
        let path = directory.segment(first)
        guard try directory.volume.exists(path) else {
            throw LogError(.missingSegment, "\(path): no segment begins at sequence \(first)")
        }
        self.first = first
        self.directory = directory
        file = try directory.volume.openFile(path, forWriting: false)
    }

    /// Answers how many bytes it has read.
    func read() throws(LogError) -> Int {
        if place == nil { place = try open() }
        var (segment, position) = place!
        let start = position.offset
        while end == nil, position.offset < start + UInt64(LogBounds.scrubByteCount) {
            switch try segment.read(at: position) {
            case .batch(let header): position = position.after(header)
            case .seal: end = try self.end(of: segment, position)
            case .end: throw segment.error(Fault(.badSeal, "the seal is missing"), at: position)
            case .fault(let fault): throw fault
            }
        }
        // What was read for this alone does not push out what others have read.
        file.forget(start..<position.offset)
        place = (segment, position)
        return Int(position.offset - start)
    }

    private func open() throws(LogError) -> (SegmentFile, LogPosition) {
        file.forget(0..<(try file.byteCount()))
        let segment = try SegmentFile(first, file, windowByteCount: LogBounds.scrubByteCount)
        return (segment, segment.start)
    }

    /// The file ends at its seal, and the next segment continues the chain.
    private func end(of segment: SegmentFile, _ position: LogPosition) throws(LogError) -> SequenceNumber {
        guard try segment.byteCount() == position.offset + UInt64(Seal.byteCount) else {
            throw segment.error(Fault(.badSeal, "the segment is not cut off behind its seal"), at: position)
        }
        guard try directory.volume.exists(directory.segment(position.next)) else {
            throw segment.error(Fault(.missingSegment, "no segment begins at sequence \(position.next)"), at: position)
        }
        try directory.glance(position.next).check(continues: segment.header, at: position)
        return position.next
    }
}
