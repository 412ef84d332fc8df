import LedgerModel

/// Where batches stand: every so often one position per segment, found by walking from header to header when somebody
/// asks, and kept. Shared by the copies of a `LogReader`, on any thread.
final class LogIndex: @unchecked Sendable {
    private let directory: LogDirectory
    private let lock = Lock()
    // All of these only under the lock.
    private var firsts: [SequenceNumber] = []
    private var marks: [SequenceNumber: SegmentMarks] = [:]
    private var files: [SequenceNumber: any VolumeFile] = [:]

    init(_ directory: LogDirectory) { self.directory = directory }

    /// The place of the batch that holds a sequence number, its header, and its file.
    struct Place {
        let position: LogPosition
        let header: BatchHeader
        let ledger: LedgerID
        let file: any VolumeFile
    }

    /// The place of the batch that holds `sequence`, which must not be zero or beyond `head`.
    func place(of sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> Place {
        guard sequence >= .first, sequence <= head.lastSequence else {
            throw LogError(.notFound, "sequence \(sequence) is not in the log, which ends at \(head.lastSequence)")
        }
        return try lock.withLock { () throws(LogError) in
            let first = try segment(holding: sequence, upTo: head)
            let file = try openFile(first)
            let stride = Int(LogBounds.indexStrideByteCount)
            let segment = try SegmentFile(first, file, windowByteCount: stride, limit: head.limit(of: first))
            try check(segment, isOf: head)
            return try walk(segment, to: sequence, file)
        }
    }

    /// A segment bears the ledger of the head, or that of a ledger which the head's began as a copy of: then the next one continues it.
    private func check(_ segment: SegmentFile, isOf head: LogHead) throws(LogError) {
        if segment.header.ledger == head.ledger { return }
        let first = segment.header.firstSequence
        guard first < head.segment, let next = firsts.first(where: { $0 > first }) else {
            return try segment.check(ledger: head.ledger)
        }
        try directory.glance(head.segment).check(ledger: head.ledger)
        try directory.glance(next).check(continues: segment.header, at: directory.glance(first).endBySeal())
    }

    private func walk(_ segment: SegmentFile, to sequence: SequenceNumber, _ file: any VolumeFile) throws(LogError) -> Place {
        let first = segment.header.firstSequence
        var position = marks[first, default: SegmentMarks(segment.start)].nearest(to: sequence)
        while true {
            let header = try segment.batchHeader(at: position)
            if header.lastSequence >= sequence {
                return Place(position: position, header: header, ledger: segment.header.ledger, file: file)
            }
            position = position.after(header)
            marks[first, default: SegmentMarks(segment.start)].pass(position)
        }
    }

    /// The last segment that begins at or before a sequence number. The list is read again when the log has rolled since.
    private func segment(holding sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> SequenceNumber {
        if firsts.isEmpty || firsts[firsts.count - 1] < head.segment { firsts = try directory.segments() }
        let after = firsts.index { $0 > sequence }
        guard after > 0 else { throw LogError(.missingSegment, "log/: no segment holds sequence \(sequence)") }
        return firsts[after - 1]
    }

    private func openFile(_ first: SequenceNumber) throws(LogError) -> any VolumeFile {
        if let file = files[first] { return file }
        if files.count >= LogBounds.openFileCountMax { files.removeAll() }
        let file = try directory.volume.openFile(directory.segment(first), forWriting: false)
        files[first] = file
        return file
    }
}

/// Positions in one segment, about one per `LogBounds.indexStrideByteCount`, in order.
private struct SegmentMarks {
    private var positions: [LogPosition]

    init(_ start: LogPosition) { positions = [start] }

    /// The last known position at or before the batch that holds a sequence number.
    func nearest(to sequence: SequenceNumber) -> LogPosition {
        positions[max(1, positions.index { $0.next > sequence }) - 1]
    }

    /// Remembers a position that a walk came through, when it is far enough from the last one.
    mutating func pass(_ position: LogPosition) {
        if position.offset >= positions[positions.count - 1].offset + LogBounds.indexStrideByteCount {
            positions.append(position)
        }
    }
}

extension SegmentFile {
    func check(ledger: LedgerID) throws(LogError) {
        guard header.ledger == ledger else {
            throw error(Fault(.foreignSegment, "the segment belongs to ledger \(header.ledger), not \(ledger)"), at: start)
        }
    }

    /// The header of a batch that must stand at a position.
    fileprivate func batchHeader(at position: LogPosition) throws(LogError) -> BatchHeader {
        switch try readHeader(at: position) {
        case .batch(let header): return header
        case .fault(let fault): throw fault
        case .seal, .end: throw error(Fault(.missingSegment, "the segment ends before sequence \(position.next)"), at: position)
        }
    }
}

extension Array {
    /// The index of the first element beyond a point in the order of the elements; `count` when none is. Binary search.
    fileprivate func index(ofFirst isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
