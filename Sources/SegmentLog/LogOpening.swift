public import LedgerModel

extension SegmentLog {
    /// Opens the log in a data directory for writing, and recovers it by the table in `docs/log-format.md`. An absent or
    /// empty directory becomes a new log without events.
    ///
    /// - Parameters:
    ///   - directory: the data directory, which holds `daybook.lock`, `log/` and `torn/`.
    ///   - watermarks: what others have seen of this log; it must still be there.
    ///   - operatorCuts: cut a bad last batch even when it may have been acknowledged and rotted since. Only ever the
    ///     operator's own decision.
    ///   - ledger: the identity of the ledger when a new log is made; nil when there must be one already.
    ///   - now: the creation time of a segment that is made.
    /// - Throws: `.notFound` when there must be a log and is none; `.locked` when another process has it open; the fault, and the reason for not opening, when the log does
    ///   not check out. A log that is refused is not changed.
    public static func open(
        _ directory: String, volume: any Volume = PosixVolume(), bounds: LogBounds = .standard, watermarks: [Watermark],
        operatorCuts: Bool = false, creatingWith ledger: (() -> LedgerID)?, now: Timestamp
    ) throws(LogError) -> (log: SegmentLog, recovery: Recovery) {
        precondition(bounds.disagreement == nil, bounds.disagreement ?? "")
        let directory = LogDirectory(path: directory, volume: volume)
        // Where there must be a log and is none, nothing is made.
        if ledger == nil { _ = try directory.segments() }
        let lock = try directory.prepare()
        let reserve = LogReserve(directory, bounds)
        try reserve.recover()
        let opening = LogOpening(
            directory: directory, bounds: bounds, reserve: reserve, watermarks: watermarks, operatorCuts: operatorCuts, now: now)
        let firsts = try directory.segments()
        let tail = try firsts.isEmpty ? opening.create(ledger) : opening.recover(firsts)
        return (SegmentLog(tail, reserve, directory, bounds, lock: lock), Recovery(cuts: try directory.cuts()))
    }
}

extension LogDirectory {
    /// Makes what is missing, takes the lock before anything is read, and deletes what a crash left half made.
    fileprivate func prepare() throws(LogError) -> any VolumeLock {
        if try !volume.exists(path) {
            try volume.makeDirectory(path)
            try volume.syncDirectory(parent)
        }
        let lock = try volume.lock(self.lock)
        try volume.makeDirectory(log)
        try volume.syncDirectory(path)
        for name in try volume.list(log) where Self.isNewSegment(name) { try volume.remove("\(log)/\(name)") }
        return lock
    }
}

/// One opening of a log for writing.
private struct LogOpening {
    let directory: LogDirectory
    let bounds: LogBounds
    let reserve: LogReserve
    let watermarks: [Watermark]
    let operatorCuts: Bool
    let now: Timestamp

    func create(_ ledger: (() -> LedgerID)?) throws(LogError) -> Tail {
        guard let ledger else { throw LogError(.notFound, "\(directory.log): there is no log here") }
        if let watermark = watermarks.first {
            throw LogError(
                .lostEvents,
                "\(directory.log) is empty, but sequence \(watermark.sequence) of ledger \(watermark.ledger) was seen")
        }
        let header = SegmentHeader(ledger: ledger(), firstSequence: .first, createdAt: now, previousChain: .zero)
        return try .next(header, from: reserve, in: directory, bounds: bounds)
    }

    func recover(_ firsts: [SequenceNumber]) throws(LogError) -> Tail {
        try checkSealed(firsts)
        let segment = try SegmentFile(firsts[firsts.count - 1], in: directory)
        let scan = try TailScan(segment)
        let head = LogHead(segment.header, scan.position, chain: scan.chain)
        let facts = TailFacts(
            end: scan.end, witness: try witness(head), goodFollows: scan.goodFollows, unfinished: scan.unfinished,
            operatorCuts: operatorCuts)
        switch facts.verdict {
        case .resume: return try resume(segment, scan)
        case .cut: return try cut(segment, scan)
        case .sealAgain: return try sealAgain(segment, scan)
        case .createNext: return try createNext(segment, scan)
        case .refuse(let code): throw LogError(code, refusal(code, head, scan))
        }
    }

    /// The segments before the last by their headers and seals, and every header by the seal before it.
    private func checkSealed(_ firsts: [SequenceNumber]) throws(LogError) {
        guard firsts[0] == .first else {
            throw LogError(.missingSegment, "log/: the first segment begins at sequence \(firsts[0]), not 1")
        }
        var segment = try directory.glance(firsts[0])
        for first in firsts.dropFirst() {
            let next = try directory.glance(first)
            try next.check(continues: segment.header, at: segment.endBySeal())
            segment = next
        }
    }

    private func witness(_ head: LogHead) throws(LogError) -> TailFacts.Witness {
        let reader = LogReader(directory.path, volume: directory.volume)
        var witness = TailFacts.Witness.agrees
        for watermark in watermarks {
            if watermark.ledger != head.ledger { return .differs }
            if watermark.sequence == .zero { continue }
            if watermark.sequence > head.lastSequence { witness = .beyond; continue }
            if try reader.chain(holding: watermark.sequence, upTo: head) != watermark.chain { return .differs }
        }
        return witness
    }

    private func refusal(_ code: LogError.Code, _ head: LogHead, _ scan: TailScan) -> String {
        let place = "log/\(LogDirectory.segmentName(head.segment)), offset \(head.offset), sequence \(scan.position.next)"
        let seen = watermarks.map(\.sequence).max() ?? .zero
        let found = scan.fault?.sentence ?? place
        return switch code {
        case .lostEvents:
            "\(place): the log ends here, but its read models or its checkpoint have seen sequence \(seen): acknowledged events are gone"
        case .otherHistory:
            "\(place): its read models or its checkpoint have seen another ledger or another chain up to sequence \(seen): one of them is not of this log"
        case .damagedBeforeGood: "\(found); what stands behind it is good, so acknowledged data is damaged"
        case .damagedBelowWatermark:
            "\(found); its read models or its checkpoint have seen sequence \(seen), so acknowledged data is damaged"
        default: "\(found); it is not a write that never ended, so it may have been acknowledged: the operator must decide"
        }
    }

    /// What is accepted is synced again before anything is built on it.
    private func resume(_ segment: SegmentFile, _ scan: TailScan) throws(LogError) -> Tail {
        let tail = try Tail(segment.header, at: scan.position, chain: scan.chain, in: directory, bounds: bounds)
        if let last = scan.last { try tail.rewrite(last, from: segment) }
        tail.forgetZeros()
        try tail.sync()
        try directory.volume.syncDirectory(directory.log)
        return tail
    }

    private func cut(_ segment: SegmentFile, _ scan: TailScan) throws(LogError) -> Tail {
        do { try directory.keepTorn(segment, at: scan.position, to: scan.contentEnd) } catch {
            guard error.code == .diskFull else { throw error }
            try giveBackZeros(segment, scan)
            try directory.keepTorn(segment, at: scan.position, to: scan.contentEnd)
        }
        let tail = try resume(segment, scan)
        try tail.cut()
        return tail
    }

    /// The reserve and the zeros written ahead are space to use when there is no other. A sector of zeros stays behind the content:
    /// after a crash the batch must still be seen to be unfinished.
    private func giveBackZeros(_ segment: SegmentFile, _ scan: TailScan) throws(LogError) {
        if reserve.isReady { try reserve.remove() }
        let file = try directory.volume.openFile(directory.segment(segment.header.firstSequence), forWriting: true)
        let end = (scan.contentEnd / LogBounds.sectorByteCount + 2) * LogBounds.sectorByteCount
        try file.truncate(to: min(end, file.byteCount()))
    }

    private func sealAgain(_ segment: SegmentFile, _ scan: TailScan) throws(LogError) -> Tail {
        let tail = try resume(segment, scan)
        try tail.seal()
        return try .next(tail.successor(at: now), from: reserve, in: directory, bounds: bounds)
    }

    /// A segment that is cut at its seal was synced with it; before that, the sealing is done again.
    private func createNext(_ segment: SegmentFile, _ scan: TailScan) throws(LogError) -> Tail {
        let path = directory.segment(segment.header.firstSequence)
        if (try? directory.volume.openFile(path, forWriting: true)) != nil { return try sealAgain(segment, scan) }
        try segment.sync()
        try directory.volume.makeReadOnly(directory.segment(segment.header.firstSequence))
        let next = SegmentHeader(
            ledger: segment.header.ledger, firstSequence: scan.position.next, createdAt: now, previousChain: scan.chain)
        return try .next(next, from: reserve, in: directory, bounds: bounds)
    }
}
