public import LedgerModel

/// The writer of a segmented log: opaque records in checksummed, chained batches. One batch is in flight at a time. It
/// holds the directory's lock for as long as it is open, and belongs to one thread.
///
/// The first error stops it for good: after a failed sync nothing is known about what the medium holds, and syncing again
/// proves nothing. What was in flight is decided when the log is opened again.
public final class SegmentLog {
    private var tail: Tail
    private var lock: (any VolumeLock)?
    private var isStopped = false
    private let directory: LogDirectory
    private let bounds: LogBounds
    private let encoder = FrameEncoder()
    /// The next segment, written ahead by whoever keeps it: the log itself only takes it.
    public let reserve: LogReserve
    /// One batch: header and frame, so that one write puts both.
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ tail: Tail, _ reserve: LogReserve, _ directory: LogDirectory, _ bounds: LogBounds, lock: any VolumeLock) {
        self.tail = tail
        self.reserve = reserve
        self.directory = directory
        self.bounds = bounds
        self.lock = lock
        buffer = .allocate(byteCount: bounds.batchByteCountMax, alignment: 16)
    }

    deinit {
        reserve.close()
        buffer.deallocate()
    }

    /// The end of what is committed.
    public var head: LogHead { LogHead(tail.header, tail.position, chain: tail.chain) }

    /// Writes records as one batch and syncs it: when this returns, they are committed under the next sequence numbers.
    /// Rolls to a new segment first when the batch no longer fits, or into the reserve when the medium is full.
    ///
    /// - Parameters:
    ///   - records: `count` JSON Lines without zero bytes, each ending in a newline; at most
    ///     `LogBounds.batchRawByteCountMax` bytes.
    ///   - time: when the batch is committed.
    /// - Throws: `.tooLarge`, `.volumeFailed` or `.diskFull`; whatever it was, every later call throws `.stopped`.
    public func append(_ records: UnsafeRawBufferPointer, count: Int, at time: Timestamp) throws(LogError) {
        if isStopped { throw .stoppedEarlier }
        isStopped = true  // until this batch is committed
        guard records.count <= bounds.batchRawByteCountMax else {
            throw LogError(.tooLarge, "a batch of \(records.count) bytes is larger than \(bounds.batchRawByteCountMax)")
        }
        precondition(records.last == UInt8(ascii: "\n") && !records.hasZeroByte, "a batch must hold whole lines of text")
        let frame = UnsafeMutableRawBufferPointer(rebasing: buffer[BatchHeader.byteCount...])
        let storedByteCount = encoder.encode(records, into: frame)
        try makeRoom(forBatchOf: BatchHeader.byteCount + storedByteCount, at: time)
        let header = try header(count, time, rawByteCount: records.count, stored: frame.part(0, storedByteCount))
        try tail.append(buffer.part(0, header.byteCount), header)
        isStopped = false
    }

    /// Ends the writing and releases the directory. Everything committed is durable already.
    public func close() throws(LogError) {
        if lock == nil { throw .stoppedEarlier }
        isStopped = true
        reserve.close()
        lock = nil
    }

    private func header(
        _ count: Int, _ time: Timestamp, rawByteCount: Int, stored: UnsafeRawBufferPointer
    ) throws(LogError) -> BatchHeader {
        do {
            return try BatchHeader(
                at: tail.position, count: count, committedAt: time, rawByteCount: rawByteCount, stored: stored,
                encodingInto: buffer)
        } catch {
            throw LogError(error, file: "log", offset: tail.position.offset, sequence: tail.position.next)
        }
    }

    /// Sees to it that the tail has synced zeros for a batch: in this segment or the next. Throws `.diskFull` when there is no space
    /// and no reserve, with nothing written of the batch.
    private func makeRoom(forBatchOf byteCount: Int, at time: Timestamp) throws(LogError) {
        if tail.hasRoom(forBatchOf: byteCount) {
            do { return try tail.makeRoom(forBatchOf: byteCount) } catch {
                guard error.code == .diskFull else { throw error }
                guard reserve.isReady, tail.isSealable else { return try tail.makeRoom(forBatchOf: byteCount, sparingly: true) }
            }
        }
        try roll(at: time)
        try tail.makeRoom(forBatchOf: byteCount)
    }

    /// Seals the segment and opens the next one.
    private func roll(at time: Timestamp) throws(LogError) {
        try tail.seal()
        tail = try .next(tail.successor(at: time), from: reserve, in: directory, bounds: bounds)
    }
}

extension Tail {
    /// The header of the segment that follows this one.
    func successor(at time: Timestamp) -> SegmentHeader {
        SegmentHeader(ledger: header.ledger, firstSequence: position.next, createdAt: time, previousChain: chain)
    }
}
