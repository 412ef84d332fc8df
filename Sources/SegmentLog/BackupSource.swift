import LedgerModel

/// What a log held when its backup began: all that is copied. Whatever is written later stays out of it, so a segment may be
/// sealed and followed meanwhile.
struct BackupSource {
    let directory: LogDirectory
    let segments: [SourceSegment]
    let head: LogHead
    /// The bytes of the witness, and what they say; nil when there is none.
    let witness: (bytes: [UInt8], watermark: Watermark)?
    /// The names in `torn/`.
    let torn: [String]

    /// Looks at a log: at all segments by their headers and seals, at the last one whole. What is to be copied of that is
    /// durable when this returns.
    init(_ directory: LogDirectory, _ witness: LogBackup.Witness?) throws(LogError) {
        self.directory = directory
        self.witness = try witness.flatMap { witness throws(LogError) in
            try directory.bytes(ofFile: witness.name).map { bytes throws(LogError) in (bytes, try witness.watermark(bytes)) }
        }
        // Before the log: each of them was cut off before the writing went on.
        torn = try directory.cuts().map(\.tornFile)
        segments = try directory.sourceSegments()
        let last = segments[segments.count - 1]
        head = LogHead(last.header, last.end.position, chain: last.end.chain)
        if let seen = self.witness?.watermark { try directory.check(seen, upTo: head) }
    }
}

/// A segment to be copied, and how far.
struct SourceSegment {
    let header: SegmentHeader
    let end: SegmentEnd

    var first: SequenceNumber { header.firstSequence }
}

extension LogDirectory {
    /// Every segment with its end, in order, each checked to continue the one before it.
    fileprivate func sourceSegments() throws(LogError) -> [SourceSegment] {
        let firsts = try segments()
        guard firsts.first == .first else {
            throw LogError(.missingSegment, "\(log): there is no segment that begins at sequence 1")
        }
        var found: [SourceSegment] = []
        for first in firsts.dropLast() { found.append(try sealedSegment(first, after: found.last)) }
        return found + [try openSegment(firsts[firsts.count - 1], after: found.last)]
    }

    private func sealedSegment(_ first: SequenceNumber, after previous: SourceSegment?) throws(LogError) -> SourceSegment {
        let segment = try glance(first)
        if let previous { try segment.check(continues: previous.header, at: previous.end.position) }
        return SourceSegment(header: segment.header, end: try segment.sealedEnd())
    }

    /// The last segment. Beside a writer it may hold a batch whose sync has not ended: it is synced here, and what a sync says
    /// of another's writing is true of the file.
    private func openSegment(_ first: SequenceNumber, after previous: SourceSegment?) throws(LogError) -> SourceSegment {
        let segment = try SegmentFile(first, in: self)
        if let previous { try segment.check(continues: previous.header, at: previous.end.position) }
        let end = try segment.openEnd()
        try segment.sync()
        return SourceSegment(header: segment.header, end: end)
    }

    /// What was seen of a log must be in it.
    func check(_ seen: Watermark, upTo head: LogHead) throws(LogError) {
        if seen.ledger != head.ledger {
            let words = "the log is of ledger \(head.ledger), but what was seen is of \(seen.ledger)"
            throw LogError(.otherHistory, "\(path): \(words)")
        }
        if seen.sequence > head.lastSequence {
            let words = "the log ends at sequence \(head.lastSequence), but sequence \(seen.sequence) was seen"
            throw LogError(.lostEvents, "\(path): \(words)")
        }
        if seen.sequence == .zero { return }
        if try LogReader(path, volume: volume).chain(holding: seen.sequence, upTo: head) != seen.chain {
            let words = "what was seen of sequence \(seen.sequence) has another chain: this is another history"
            throw LogError(.otherHistory, "\(path): \(words)")
        }
    }

    /// The bytes of a small file in this directory; nil when there is none.
    func bytes(ofFile name: String) throws(LogError) -> [UInt8]? {
        let path = "\(self.path)/\(name)"
        guard try volume.exists(path) else { return nil }
        let bytes = try volume.openFile(path, forWriting: false).contents(atMost: LogBackup.fileByteCountMax + 1)
        guard bytes.count <= LogBackup.fileByteCountMax else {
            throw LogError(.tooLarge, "\(path): the file is larger than \(LogBackup.fileByteCountMax) bytes")
        }
        return bytes
    }
}
