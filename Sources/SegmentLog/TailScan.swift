import LedgerModel

/// The last segment, read whole: where its good batches end, and what stands there.
struct TailScan {
    /// Behind the last good batch.
    var position: LogPosition
    /// The chain of the last event, in this segment or the one before.
    var chain: ChainHash
    /// The last good batch, if there is one.
    var last: BatchHeader?
    var end: TailFacts.End = .zeros
    /// Why what follows is bad.
    var fault: LogError?
    var goodFollows = false
    var unfinished = false
    /// Where the last byte that is not zero ends.
    var contentEnd: UInt64

    /// Reads a segment from its start. Throws an unknown version at once: it is refused, never judged.
    init(_ segment: SegmentFile) throws(LogError) {
        position = segment.start
        chain = segment.header.previousChain
        contentEnd = position.offset
        var part = try segment.read(at: position)
        while case .batch(let header) = part {
            (position, chain, last) = (position.after(header), header.chain, header)
            part = try segment.read(at: position)
        }
        contentEnd = try segment.contentEnd(from: position.offset)
        try judge(part, in: segment)
    }

    private mutating func judge(_ part: SegmentPart, in segment: SegmentFile) throws(LogError) {
        if case .fault(let fault) = part, fault.code == .unknownVersion { throw fault }
        if contentEnd == position.offset { return }
        if case .seal = part, contentEnd <= position.offset + UInt64(Seal.byteCount) {
            end = .seal
        } else if try segment.isUnfinishedSeal(at: position, contentEnd: contentEnd) {
            end = .unfinishedSeal
        } else {
            try judgeBad(part, in: segment)
        }
    }

    private mutating func judgeBad(_ part: SegmentPart, in segment: SegmentFile) throws(LogError) {
        end = .bad
        switch part {
        case .fault(let found): fault = found
        case .seal: fault = segment.error(Fault(.badSeal, "there are bytes behind the seal"), at: position)
        case .batch, .end: fault = segment.error(Fault(.badBatch, "there are bytes behind zeros"), at: position)
        }
        goodFollows = try segment.hasGoodPart(after: position, contentEnd: contentEnd)
        unfinished = try segment.isUnfinishedBatch(at: position, contentEnd: contentEnd)
    }
}

extension SegmentFile {
    /// Where the last byte that is not zero ends, at or after `offset`.
    func contentEnd(from offset: UInt64) throws(LogError) -> UInt64 {
        var (end, next) = (offset, offset)
        while true {
            let bytes = try window.bytes(at: next, count: LogBounds.readByteCount)
            if bytes.isEmpty { return end }
            if !bytes.isZero, let last = bytes.lastIndex(where: { $0 != 0 }) { end = next + UInt64(last) + 1 }
            next += UInt64(bytes.count)
        }
    }

    /// Some sector parts are those of the seal that belongs here, and all others are zeros or missing. Nothing is lost by
    /// writing it again, for it follows from the batches.
    fileprivate func isUnfinishedSeal(at position: LogPosition, contentEnd: UInt64) throws(LogError) -> Bool {
        guard let expected = try? Seal(at: position).encoded() else { return false }
        let end = position.offset + UInt64(Seal.byteCount)
        guard contentEnd <= end else { return false }
        for part in sectorParts(of: position.offset..<end) {
            let found = try window.bytes(at: part.lowerBound, count: part.count)
            let wanted = expected[Int(part.lowerBound - position.offset)...].prefix(part.count)
            if !found.isZero && !found.elementsEqual(wanted.prefix(found.count)) { return false }
        }
        return true
    }

    /// A batch or a seal that checks out stands behind a position: both checksums, its own offset, this segment, and
    /// sequence numbers that are not yet taken.
    fileprivate func hasGoodPart(after position: LogPosition, contentEnd: UInt64) throws(LogError) -> Bool {
        var next = position.offset + 1
        while next < contentEnd {
            let bytes = try window.bytes(at: next, count: LogBounds.readByteCount)
            let starts = bytes.indices.dropLast(3).filter { Self.magics.contains(bytes.number(at: $0)) }
            for start in starts where try isGoodPart(at: next + UInt64(start), beyond: position.next) { return true }
            if bytes.count < LogBounds.readByteCount { return false }
            next += UInt64(bytes.count - 3)
        }
        return false
    }

    private static let magics = [BatchHeader.magic, Seal.magic]

    private func isGoodPart(at offset: UInt64, beyond next: SequenceNumber) throws(LogError) -> Bool {
        let bytes = try window.bytes(at: offset, count: BatchHeader.byteCount)
        if let seal = try? Seal(decoding: bytes) {
            return seal.segment == header.firstSequence && seal.offset == offset && seal.lastSequence >= next
        }
        guard let batch = try? BatchHeader(decoding: bytes), batch.segment == header.firstSequence, batch.offset == offset,
            batch.firstSequence >= next
        else { return false }
        let stored = try window.bytes(at: offset + UInt64(BatchHeader.byteCount), count: batch.storedByteCount)
        return stored.count == batch.storedByteCount && stored.crc32c == batch.storedChecksum
    }

    /// The batch at a position is a write that never ended. A disk writes a sector whole or not at all, and every sector
    /// part of a finished batch has a byte that is not zero, the end mark aside: JSON Lines hold no zero byte and end in a
    /// newline, and an LZ4 block of them has no run of more than four zeros and ends in text. So a part that reads as zeros
    /// was not written.
    fileprivate func isUnfinishedBatch(at position: LogPosition, contentEnd: UInt64) throws(LogError) -> Bool {
        guard try beginsLikeBatch(at: position.offset) else { return false }
        let extent = try extentOfBatch(at: position)
        // One batch is in flight at a time: bytes behind the largest that it can be are not its own.
        guard contentEnd <= extent.upperBound else { return false }
        for part in sectorParts(of: position.offset..<extent.lowerBound) {
            let bytes = try window.bytes(at: part.lowerBound, count: part.count)
            // What lies beyond the end of the file was not written ahead.
            if bytes.count == part.count && bytes.isZero { return true }
        }
        return false
    }

    /// The first sector part is zeros, or reads as the beginning of a batch header.
    private func beginsLikeBatch(at offset: UInt64) throws(LogError) -> Bool {
        let part = sectorParts(of: offset..<offset + UInt64(BatchHeader.byteCount))[0]
        let bytes = try window.bytes(at: offset, count: part.count)
        return bytes.isZero || zip(bytes, withUnsafeBytes(of: BatchHeader.magic.littleEndian) { Array($0) }).allSatisfy(==)
    }

    /// Where the bytes of a batch that are not its end mark end at least, and where the batch ends at most: both exactly,
    /// when its header checks out and the file is long enough.
    private func extentOfBatch(at position: LogPosition) throws(LogError) -> ClosedRange<UInt64> {
        let endMark = UInt64(Frame.endMarkByteCount)
        if case .batch(let header) = try readHeader(at: position) {
            let end = position.offset + UInt64(header.byteCount)
            if end <= (try byteCount()) { return end - endMark...end }
        }
        let overhead = position.offset + UInt64(BatchHeader.byteCount + Frame.overheadByteCount)
        return overhead + 1 - endMark...overhead + UInt64(LogBounds.batchRawByteCountLimit)
    }
}

/// A range of a file, split where sectors meet.
func sectorParts(of range: Range<UInt64>) -> [Range<UInt64>] {
    var parts: [Range<UInt64>] = []
    var start = range.lowerBound
    while start < range.upperBound {
        let end = min(range.upperBound, (start / LogBounds.sectorByteCount + 1) * LogBounds.sectorByteCount)
        parts.append(start..<end)
        start = end
    }
    return parts
}
