import LedgerModel

/// Puts one segment into another directory: under a temporary name, synced, read back and checked, and only then under its own.
struct SegmentPlacing {
    private let segment: SourceSegment
    /// Where it is copied from; nil when it was written anew.
    private let source: LogDirectory?
    private let target: LogDirectory
    private var path: String { target.segment(segment.first) }
    private var newPath: String { target.newSegment(segment.first) }

    fileprivate init(_ segment: SourceSegment, from source: LogDirectory?, in target: LogDirectory) {
        self.segment = segment
        self.source = source
        self.target = target
    }

    static func copy(
        _ segment: SourceSegment, from source: LogDirectory, in target: LogDirectory, progress: (UInt64) -> Void
    ) throws(LogError) {
        try SegmentPlacing(segment, from: source, in: target).copy(source, progress)
    }

    static func link(_ segment: SourceSegment, from source: LogDirectory, in target: LogDirectory) throws(LogError) {
        try SegmentPlacing(segment, from: source, in: target).link(source)
    }

    /// Puts a segment there that `writing` writes, from its header on.
    static func write(
        _ header: SegmentHeader, in target: LogDirectory, writing: (any VolumeFile) throws(LogError) -> SegmentEnd
    ) throws(LogError) -> SourceSegment {
        let file = try target.volume.createFile(target.newSegment(header.firstSequence))
        let segment = SourceSegment(header: header, end: try writing(file))
        try file.sync()
        try SegmentPlacing(segment, from: nil, in: target).finish()
        return segment
    }

    private func copy(_ source: LogDirectory, _ progress: (UInt64) -> Void) throws(LogError) {
        let original = try target.volume.openFile(source.segment(segment.first), forWriting: false)
        let file = try target.volume.createFile(newPath)
        try file.fill(from: original, segment.end.byteCount, progress: progress)
        try file.sync()
        try finish()
    }

    private func link(_ source: LogDirectory) throws(LogError) {
        try target.volume.link(source.segment(segment.first), to: newPath)
        try finish()
    }

    private func finish() throws(LogError) {
        try check()
        if segment.end.isSealed { try target.volume.makeReadOnly(newPath) }
        try target.volume.rename(newPath, to: path)
        try target.volume.syncDirectory(target.log)
    }

    /// Reads back what has been put there. When it does not check out, the source tells whose fault it is.
    private func check() throws(LogError) {
        do throws(LogError) {
            let file = try target.volume.openFile(newPath, forWriting: false)
            let copy = try SegmentFile(segment.first, file, windowByteCount: LogBounds.readByteCount)
            guard copy.header == segment.header, try copy.checkedEnd().isSame(as: segment.end) else {
                throw copy.error(Fault(.badBatch, "the copy is not what was copied"), at: copy.start)
            }
        } catch {
            if let source { try check(source) }
            throw LogError(error.code, "\(target.path): the copy does not read back as it was written: \(error.sentence)")
        }
    }

    private func check(_ source: LogDirectory) throws(LogError) {
        do throws(LogError) {
            let segment = try SegmentFile(segment.first, in: source, limit: segment.end.byteCount)
            guard try segment.checkedBatches().isSame(as: self.segment.end) else {
                throw segment.error(Fault(.brokenChain, "the batches do not end as the seal says"), at: segment.start)
            }
        } catch {
            throw LogError(error.code, "\(source.path) is damaged, and nothing more is copied: \(error.sentence)")
        }
    }
}
