public import LedgerModel

/// Reads what is committed, from any thread, while the writer appends. It never reads beyond the head that it is given,
/// and so never sees a byte that is not synced. Copies share one index.
public struct LogReader: Sendable {
    let directory: LogDirectory
    private let index: LogIndex

    /// A reader of the log in a data directory. Opens nothing yet.
    public init(_ directory: String, volume: any Volume = PosixVolume()) {
        self.directory = LogDirectory(path: directory, volume: volume)
        index = LogIndex(self.directory)
    }

    /// The batch that holds a sequence number, with its header and bytes checked and their place in the chain. Throws
    /// `.notFound` for zero or a number beyond the head, and the fault when the log is damaged there.
    public func batch(holding sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> LogBatch {
        let place = try index.place(of: sequence, upTo: head)
        let window = ReadWindow(place.file, byteCount: place.header.byteCount)
        defer { withExtendedLifetime(window) {} }
        let bytes = try window.bytes(at: place.position.offset, count: place.header.byteCount)
        do throws(Fault) {
            try place.header.checkBytes(bytes, link: place.position.link)
            return try LogBatch(
                place.header, of: place.ledger, frame: bytes.part(BatchHeader.byteCount, place.header.storedByteCount))
        } catch {
            let file = "log/" + LogDirectory.segmentName(place.position.segment)
            throw LogError(error, file: file, offset: place.position.offset, sequence: place.position.next)
        }
    }

    /// The segment that holds a sequence number, by its first, as the names of the files say.
    public func segment(holding sequence: SequenceNumber) throws(LogError) -> SequenceNumber {
        guard let first = try directory.segments().last(where: { $0 <= sequence }) else {
            throw LogError(.missingSegment, "log/: no segment holds sequence \(sequence)")
        }
        return first
    }

    /// Batches in order, from the one that holds a sequence number on.
    public func cursor(from sequence: SequenceNumber) -> LogCursor {
        LogCursor(self, from: max(sequence, .first))
    }

    /// The chain of the batch that holds a sequence number.
    func chain(holding sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> ChainHash {
        try index.place(of: sequence, upTo: head).header.chain
    }

    func place(of sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> LogPosition {
        try index.place(of: sequence, upTo: head).position
    }

    /// The head of a log that nobody writes, by reading its last segment: the end of the last batch that checks out, whatever
    /// stands behind it; `faultBehind` tells that. While a writer is at work, the head may name a batch whose sync has not
    /// ended. Throws `.notFound` where there is no log.
    public func head() throws(LogError) -> LogHead {
        guard let last = try directory.segments().last else {
            throw LogError(.notFound, "\(directory.log): there is no log here")
        }
        let segment = try SegmentFile(last, in: directory)
        var (position, chain) = (segment.start, segment.header.previousChain)
        while case .batch(let header) = try segment.read(at: position) {
            (position, chain) = (position.after(header), header.chain)
        }
        return LogHead(segment.header, position, chain: chain)
    }

    /// What is wrong behind the head that `head` gives: nil for zeros, a seal, or a write that never ended and so was never
    /// answered; damage otherwise.
    ///
    /// Beside a writer a batch may be seen in the middle of its write: what is damage stays so when it is read again.
    public func faultBehind(_ head: LogHead) throws(LogError) -> LogError? {
        var fault = try faultSeen(behind: head)
        for _ in 0..<20 where fault != nil { fault = try faultSeen(behind: head) }
        return fault
    }

    private func faultSeen(behind head: LogHead) throws(LogError) -> LogError? {
        let scan = try TailScan(try SegmentFile(head.segment, in: directory))
        return scan.position.offset > head.offset || scan.unfinished && !scan.goodFollows ? nil : scan.fault
    }
}

extension LogHead {
    init(_ header: SegmentHeader, _ position: LogPosition, chain: ChainHash) {
        self.init(
            ledger: header.ledger, lastSequence: SequenceNumber(position.next.rawValue - 1), chain: chain,
            segment: header.firstSequence, offset: position.offset)
    }
}

extension LogBatch {
    /// The batch in a frame that has been checked.
    init(_ header: BatchHeader, of ledger: LedgerID, frame: UnsafeRawBufferPointer) throws(Fault) {
        self.ledger = ledger
        firstSequence = header.firstSequence
        count = header.count
        committedAt = header.committedAt
        chain = header.chain
        segment = header.segment
        offset = header.offset
        endOffset = header.offset + UInt64(header.byteCount)
        var fault: Fault?
        records = [UInt8](unsafeUninitializedCapacity: header.rawByteCount) { raw, count in
            let raw = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: raw[..<header.rawByteCount]))
            do throws(Fault) {
                try header.decode(frame, into: raw)
                count = raw.count
            } catch { fault = error }
        }
        if let fault { throw fault }
    }
}
