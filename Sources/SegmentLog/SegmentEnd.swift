/// Where a segment ends: behind its last batch, or behind its seal.
struct SegmentEnd {
    /// Behind the last batch.
    let position: LogPosition
    /// The chain of the last record, in this segment or the one before.
    let chain: ChainHash
    let isSealed: Bool

    /// Bytes of the segment, its seal included.
    var byteCount: UInt64 { position.offset + (isSealed ? UInt64(Seal.byteCount) : 0) }

    /// Whether two segments with the same header are the same up to their ends: a chain commits to all that is before it.
    func isSame(as other: SegmentEnd) -> Bool {
        byteCount == other.byteCount && isSealed == other.isSealed && position.next == other.position.next
            && chain == other.chain
    }
}

extension SegmentFile {
    /// The end of a sealed segment, by its seal alone.
    func sealedEnd() throws(LogError) -> SegmentEnd {
        let position = try endBySeal()
        return SegmentEnd(position: position, chain: position.link, isSealed: true)
    }

    /// The end of a segment of which every byte is read and checked, as `verify` does. Throws the first fault, and also when
    /// anything stands behind the end.
    func checkedEnd() throws(LogError) -> SegmentEnd {
        let end = try checkedBatches()
        guard try byteCount() == end.byteCount else {
            throw error(Fault(.badBatch, "there are bytes behind the end of the segment"), at: end.position)
        }
        return end
    }

    /// The same, whatever stands behind the end.
    func checkedBatches() throws(LogError) -> SegmentEnd {
        var (position, chain) = (start, header.previousChain)
        while true {
            switch try read(at: position) {
            case .batch(let header):
                try checkLines(of: header, at: position)
                (position, chain) = (position.after(header), header.chain)
            case .seal: return SegmentEnd(position: position, chain: chain, isSealed: true)
            case .end: return SegmentEnd(position: position, chain: chain, isSealed: false)
            case .fault(let fault): throw fault
            }
        }
    }

    /// A batch that has just been read expands to as many lines as its header says.
    private func checkLines(of header: BatchHeader, at position: LogPosition) throws(LogError) {
        let frame = try frame(of: header)
        do throws(Fault) { _ = try LogBatch(header, of: self.header.ledger, frame: frame) } catch {
            throw self.error(error, at: position)
        }
    }

    /// The end of the open segment, beside its writer or without one: behind the last good batch. A write under way, or one
    /// that never ended, is passed over; damage is thrown.
    func openEnd() throws(LogError) -> SegmentEnd {
        let first = try TailScan(self)
        var scan = first
        for _ in 0..<Self.rereadCount where scan.isDamaged {
            // Its writer may be in the middle of a write: what is damage stays so when it is read again.
            window.forget()
            scan = try TailScan(self)
            if scan.position.offset > first.position.offset { return SegmentEnd(first) }
        }
        if scan.isDamaged, let fault = scan.fault { throw fault }
        return SegmentEnd(scan)
    }

    private static let rereadCount = 20
}

extension SegmentEnd {
    init(_ scan: TailScan) { self.init(position: scan.position, chain: scan.chain, isSealed: scan.end == .seal) }
}

extension TailScan {
    /// What stands behind the last good batch is not a write that never ended.
    fileprivate var isDamaged: Bool { end == .bad && (goodFollows || !unfinished) }
}
