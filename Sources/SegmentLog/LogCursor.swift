public import LedgerModel

/// Goes through the log from batch to batch, with every checksum and the chain checked. Keeps its segment open and reads
/// in large steps. Belongs to one thread or actor.
public final class LogCursor {
    private let reader: LogReader
    private let start: SequenceNumber
    private var segment: SegmentFile?
    private var position: LogPosition?

    init(_ reader: LogReader, from sequence: SequenceNumber) {
        self.reader = reader
        start = sequence
    }

    /// The first sequence number of the next batch that it gives, or for the first batch a number within it.
    public var next: SequenceNumber { position?.next ?? start }

    /// The next batch; nil at the head. May be asked again with a later head. Throws the fault where the log does not
    /// check out, and gives nothing beyond it.
    public func next(upTo head: LogHead) throws(LogError) -> LogBatch? {
        guard next <= head.lastSequence else { return nil }
        while true {
            let (segment, position) = try place(upTo: head)
            switch try segment.read(at: position) {
            case .batch(let header):
                let batch = try segment.batch(header, at: position)
                self.position = position.after(header)
                return batch
            case .seal: try moveToSegment(after: segment.header, position, upTo: head)
            case .end: throw segment.error(Fault(.badBatch, "the log ends here, before its head"), at: position)
            case .fault(let fault): throw fault
            }
        }
    }

    private func place(upTo head: LogHead) throws(LogError) -> (SegmentFile, LogPosition) {
        if let segment, let position {
            segment.window.limit = head.limit(of: position.segment)
            return (segment, position)
        }
        let position = try reader.place(of: start, upTo: head)
        let segment = try SegmentFile(position.segment, in: reader.directory, limit: head.limit(of: position.segment))
        (self.segment, self.position) = (segment, position)
        return (segment, position)
    }

    private func moveToSegment(after previous: SegmentHeader, _ end: LogPosition, upTo head: LogHead) throws(LogError) {
        let segment = try SegmentFile(end.next, in: reader.directory, limit: head.limit(of: end.next))
        try segment.check(continues: previous, at: end)
        (self.segment, position) = (segment, segment.start)
    }
}

extension LogHead {
    /// Where reading a segment must stop: at the end of what is committed, or not at all in a segment that is sealed.
    func limit(of segment: SequenceNumber) -> UInt64 { segment == self.segment ? offset : .max }
}

extension SegmentFile {
    /// The records of a batch that has just been read.
    fileprivate func batch(_ header: BatchHeader, at position: LogPosition) throws(LogError) -> LogBatch {
        let frame = try frame(of: header)
        do { return try LogBatch(header, of: self.header.ledger, frame: frame) } catch { throw self.error(error, at: position) }
    }

    /// This segment is the next, and its header continues the chain. It may begin the life of another ledger: that its first record
    /// says so is for those who read records.
    func check(continues previous: SegmentHeader, at end: LogPosition) throws(LogError) {
        guard header.firstSequence == end.next else {
            throw error(Fault(.missingSegment, "sequence \(end.next) is missing before this segment"), at: start)
        }
        guard header.previousChain == end.link else {
            try check(ledger: previous.ledger)
            throw error(Fault(.brokenChain, "the segment does not continue the chain of the one before it"), at: start)
        }
    }
}
