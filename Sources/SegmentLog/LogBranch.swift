public import LedgerModel

/// The log of a new ledger that begins as a copy of another's, up to one of its records. Segments up to there keep the
/// ledger that they name; the next one names the new ledger, and the chain goes on through it.
public struct LogBranch: Sendable {
    private let source: LogDirectory
    private let target: LogDirectory

    /// - Parameters:
    ///   - source: a data directory or a backup. It is only read.
    ///   - target: the new data directory, which must not be there; the one above it must.
    public init(of source: String, in target: String, volume: any Volume = PosixVolume()) {
        self.source = LogDirectory(path: source, volume: volume)
        self.target = LogDirectory(path: target, volume: volume)
    }

    /// Copies the log and begins its new life, all of it durably.
    ///
    /// Segments that end at the cut or before it are copied byte for byte. Of the one that holds the cut, so are the batches
    /// before it; the batch that is cut in two is made anew from the records that stay, committed at the same time as
    /// before; then the segment is sealed.
    ///
    /// - Parameters:
    ///   - last: the last record to stay.
    ///   - ledger: who the log belongs to from then on.
    ///   - record: the first record of the new ledger: one line with its newline.
    ///   - time: when the new segment was made and that record committed.
    ///   - progress: how many bytes of how many have been read.
    /// - Returns: the head of the new log.
    /// - Throws: `.notFound` when there is no such record; the first fault of the source; what failed.
    public func write(
        through last: SequenceNumber, thenAs ledger: LedgerID, beginningWith record: [UInt8], at time: Timestamp,
        progress: (BackupProgress) -> Void = { _ in }
    ) throws(LogError) -> LogHead {
        let source = try BackupSource(source, nil)
        guard last >= .first, last <= source.head.lastSequence else {
            throw LogError(.notFound, "sequence \(last) is not in the log, which ends at \(source.head.lastSequence)")
        }
        try makeTarget()
        let kept = source.segments.filter { $0.first <= last }
        let total = kept.reduce(0) { $0 + $1.end.byteCount }
        var (done, end): (UInt64, ChainHash) = (0, .zero)
        for segment in kept {
            end = try place(segment, through: last).chain
            done += segment.end.byteCount
            progress(BackupProgress(byteCount: done, byteCountTotal: total))
        }
        return try begin(
            SegmentHeader(ledger: ledger, firstSequence: last.next, createdAt: time, previousChain: end), record, time)
    }

    private func makeTarget() throws(LogError) {
        guard try !target.volume.exists(target.path) else {
            throw LogError(.volumeFailed, "\(target.path): there is something already")
        }
        try target.volume.makeDirectory(target.path)
        try target.volume.syncDirectory(target.parent)
        try target.volume.makeDirectory(target.log)
        try target.volume.syncDirectory(target.path)
    }

    private func place(_ segment: SourceSegment, through last: SequenceNumber) throws(LogError) -> SegmentEnd {
        if segment.end.isSealed, segment.end.position.next <= last.next {
            try SegmentPlacing.copy(segment, from: source, in: target) { _ in }
            return segment.end
        }
        let file = try SegmentFile(segment.first, in: source, limit: segment.end.byteCount)
        return try SegmentPlacing.write(segment.header, in: target) { copy throws(LogError) in
            try file.writeBeginning(through: last, to: copy)
        }.end
    }

    private func begin(_ header: SegmentHeader, _ record: [UInt8], _ time: Timestamp) throws(LogError) -> LogHead {
        let segment = try SegmentPlacing.write(header, in: target) { file throws(LogError) in
            let bytes = try header.encoded(for: "log")
            let start = LogPosition(header, hash: bytes.withUnsafeBytes { ChainHash(segmentHeader: $0) })
            let batch = try WholeBatch(record, count: 1, committedAt: time, at: start)
            try file.write(bytes + batch.bytes, at: 0)
            return SegmentEnd(position: start.after(batch.header), chain: batch.header.chain, isSealed: false)
        }
        return LogHead(header, segment.end.position, chain: segment.end.chain)
    }
}

extension SegmentFile {
    /// Writes this segment as it would have been if it had been sealed behind one of its records.
    fileprivate func writeBeginning(through last: SequenceNumber, to file: any VolumeFile) throws(LogError) -> SegmentEnd {
        try file.write(window.bytes(at: 0, count: SegmentHeader.byteCount), at: 0)
        var (position, chain) = (start, header.previousChain)
        while position.next <= last {
            let header = try writeBatch(at: position, through: last, to: file)
            (position, chain) = (position.after(header), header.chain)
        }
        let seal: [UInt8]
        do { seal = try Seal(at: position).encoded() } catch { throw self.error(error, at: position) }
        try file.write(seal, at: position.offset)
        return SegmentEnd(position: position, chain: chain, isSealed: true)
    }

    /// Writes the batch at a position as it stands, or what stays of it.
    private func writeBatch(
        at position: LogPosition, through last: SequenceNumber, to file: any VolumeFile
    ) throws(LogError) -> BatchHeader {
        switch try read(at: position) {
        case .batch(let header) where header.lastSequence <= last:
            try file.write(window.bytes(at: header.offset, count: header.byteCount), at: header.offset)
            return header
        case .batch(let header):
            let count = Int(last.rawValue - header.firstSequence.rawValue) + 1
            let batch = try WholeBatch(
                lines(of: header, count, at: position), count: count, committedAt: header.committedAt, at: position)
            try file.write(batch.bytes, at: position.offset)
            return batch.header
        case .fault(let fault): throw fault
        case .seal, .end: throw error(Fault(.missingSegment, "the segment ends before sequence \(last)"), at: position)
        }
    }

    /// The first records of a batch.
    private func lines(of header: BatchHeader, _ count: Int, at position: LogPosition) throws(LogError) -> [UInt8] {
        let frame = try frame(of: header)
        let records: [UInt8]
        do { records = try LogBatch(header, of: self.header.ledger, frame: frame).records } catch {
            throw self.error(error, at: position)
        }
        var (end, left) = (0, count)
        while left > 0, let newline = records[end...].firstIndex(of: UInt8(ascii: "\n")) {
            (end, left) = (newline + 1, left - 1)
        }
        guard left == 0 else { throw error(Fault(.badBatch, "the batch holds fewer records than it says"), at: position) }
        return Array(records[..<end])
    }
}
