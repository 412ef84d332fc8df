import LedgerModel

/// One verification: a walk over every byte of the log.
final class Verification {
    private typealias Progress = (VerifyProgress) -> Void
    private typealias Batch = (VerifiedBatch) -> Void

    private let directory: LogDirectory
    private var byteCountTotal: UInt64 = 0
    /// Bytes of the segments that are done, and how much has been reported.
    private var doneByteCount: UInt64 = 0
    private var reportedByteCount: UInt64 = 0
    private var batchCount = 0
    private var eventCount = 0
    private var rawByteCount = 0
    private var storedByteCount = 0
    private let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: LogBounds.batchRawByteCountLimit, alignment: 16)

    /// A writer may be in the middle of a write where the log ends: what looks bad is read again, this many times.
    private static let rereadCount = 100

    init(_ directory: LogDirectory) { self.directory = directory }

    deinit { raw.deallocate() }

    func run(
        _ progress: (VerifyProgress) -> Void, _ batch: ((VerifiedBatch) -> Void)?
    ) throws(LogError) -> LogSummary {
        let firsts = try directory.segments()
        guard firsts.first == .first else {
            throw LogError(.missingSegment, "log/: there is no segment that begins at sequence 1")
        }
        for first in firsts {
            byteCountTotal += try directory.volume.openFile(directory.segment(first), forWriting: false).byteCount()
        }
        var (segment, segmentCount) = (try SegmentFile(.first, in: directory), 1)
        var end = try check(segment, progress, batch)
        while let next = try self.next(after: segment, end) {
            (segment, segmentCount) = (next, segmentCount + 1)
            end = try check(segment, progress, batch)
        }
        progress(VerifyProgress(byteCount: byteCountTotal, byteCountTotal: byteCountTotal, eventCount: eventCount))
        return LogSummary(
            segmentCount: segmentCount, batchCount: batchCount, eventCount: eventCount, rawByteCount: rawByteCount,
            storedByteCount: storedByteCount, head: LogHead(segment.header, end.position, chain: end.chain))
    }

    /// Where the batches of a segment end, with the chain of the last event, in this segment or the one before.
    private typealias End = (position: LogPosition, chain: ChainHash, isSealed: Bool)

    /// Checks every part of a segment.
    private func check(_ segment: SegmentFile, _ progress: Progress, _ batch: Batch?) throws(LogError) -> End {
        var (position, chain) = (segment.start, segment.header.previousChain)
        while true {
            switch try settledPart(of: segment, at: position) {
            case .batch(let header):
                let records = try check(header, segment, position)
                batch?(VerifiedBatch(header, of: segment.header.ledger, records: records))
                (position, chain) = (position.after(header), header.chain)
                report(doneByteCount + position.offset, progress)
            case .seal: return (position, chain, true)
            case .end: return (position, chain, false)
            case .fault(let fault): throw fault
            }
        }
    }

    /// The records of a batch are as many lines as its header says, without a zero byte. They stay until the next batch is
    /// checked.
    private func check(
        _ header: BatchHeader, _ segment: SegmentFile, _ position: LogPosition
    ) throws(LogError) -> UnsafeRawBufferPointer {
        let frame = try segment.frame(of: header)
        let lines = UnsafeMutableRawBufferPointer(rebasing: raw[..<header.rawByteCount])
        do throws(Fault) {
            try header.decode(frame, into: lines)
        } catch {
            throw segment.error(error, at: position)
        }
        batchCount += 1
        eventCount += header.count
        rawByteCount += header.rawByteCount
        storedByteCount += header.byteCount
        return UnsafeRawBufferPointer(lines)
    }

    private func settledPart(of segment: SegmentFile, at position: LogPosition) throws(LogError) -> SegmentPart {
        var part = try partAndRest(of: segment, at: position)
        for _ in 0..<Self.rereadCount {
            guard case .fault = part else { return part }
            segment.window.forget()
            part = try partAndRest(of: segment, at: position)
        }
        return part
    }

    /// What stands at a position. Behind a seal or the last batch there must be nothing, and behind a segment that is not
    /// sealed no other.
    private func partAndRest(of segment: SegmentFile, at position: LogPosition) throws(LogError) -> SegmentPart {
        let part = try segment.read(at: position)
        switch part {
        case .batch, .fault: return part
        case .seal:
            let end = position.offset + UInt64(Seal.byteCount)
            if try segment.contentEnd(from: end) > end {
                return .bad(.badSeal, "there are bytes behind the seal", segment, position)
            }
            if try !isLast(segment), try segment.byteCount() > end {
                return .bad(.badSeal, "the segment is not cut off behind its seal", segment, position)
            }
        case .end:
            if try segment.contentEnd(from: position.offset) > position.offset {
                return .bad(.badBatch, "there are bytes behind zeros", segment, position)
            }
            if try !isLast(segment) {
                return .bad(.badSeal, "the seal is missing, and another segment follows", segment, position)
            }
        }
        return part
    }

    private func isLast(_ segment: SegmentFile) throws(LogError) -> Bool {
        try directory.segments().last == segment.header.firstSequence
    }

    private func next(after segment: SegmentFile, _ end: End) throws(LogError) -> SegmentFile? {
        doneByteCount += try segment.byteCount()
        let following = try directory.segments().first { $0 > segment.header.firstSequence }
        guard end.isSealed, let following else { return nil }
        if following > end.position.next {
            let fault = Fault(.missingSegment, "no segment begins at sequence \(end.position.next), and later ones are there")
            throw segment.error(fault, at: end.position)
        }
        if following < end.position.next {
            let fault = Fault(.foreignSegment, "there is a segment that begins at sequence \(following), within this one")
            throw segment.error(fault, at: end.position)
        }
        let next = try SegmentFile(end.position.next, in: directory)
        try next.check(continues: segment.header, at: end.position)
        return next
    }

    private func report(_ byteCount: UInt64, _ progress: Progress) {
        guard byteCount >= reportedByteCount + UInt64(LogBounds.readByteCount) else { return }
        reportedByteCount = byteCount
        progress(VerifyProgress(byteCount: byteCount, byteCountTotal: max(byteCount, byteCountTotal), eventCount: eventCount))
    }
}

extension VerifiedBatch {
    fileprivate init(_ header: BatchHeader, of ledger: LedgerID, records: UnsafeRawBufferPointer) {
        self.init(
            ledger: ledger, firstSequence: header.firstSequence, count: header.count, chain: header.chain, records: records)
    }
}

extension SegmentPart {
    fileprivate static func bad(
        _ code: LogError.Code, _ words: String, _ segment: SegmentFile, _ position: LogPosition
    ) -> SegmentPart {
        .fault(segment.error(Fault(code, words), at: position))
    }
}
