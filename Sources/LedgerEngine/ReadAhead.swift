import Foundation
import LedgerModel
import SegmentLog

/// A log that is read ahead of the book that takes its events: on several threads, in stretches that come out in order.
///
/// One thread at a time reads the log; what costs, making events of its lines, is done by all of them.
final class ReadAhead: @unchecked Sendable {
    /// A log batch with its lines read.
    struct Batch: Sendable {
        let ledger: LedgerID
        let firstSequence: SequenceNumber
        let hashed: HashedEvents
    }

    /// All processors but the one that applies.
    static var threadCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount - 1) }

    /// So much text is one stretch: some hundred events, so that handing over costs little beside reading them.
    private static let stretchByteCount = 128 << 10
    /// So many stretches are read ahead at most, for the memory's sake: some megabytes.
    private static let aheadCountMax = 16

    private let head: LogHead
    private let hasher: IdentifierHasher
    private let reading = NSLock()
    /// Only under `reading`.
    private let cursor: LogCursor
    private let condition = NSCondition()
    // Only under the lock of `condition`.
    private var stretchCount = 0
    private var takenCount = 0
    private var done: [Int: Result<[Batch], any Error>] = [:]
    private var isAtEnd = false
    private var threadCount = 0

    init(_ cursor: LogCursor, upTo head: LogHead, _ hasher: IdentifierHasher) {
        self.cursor = cursor
        self.hasher = hasher
        self.head = head
    }

    /// - Parameter threads: How many threads read, beside the one that takes; none is enough.
    func start(_ threads: Int) {
        threadCount = threads
        for _ in 0..<threads {
            let thread = Thread { [self] in
                while waitForRoom() { readStretch() }
                condition.withLock {
                    threadCount -= 1
                    condition.broadcast()
                }
            }
            thread.name = "replay"
            thread.start()
        }
    }

    /// Ends the reading, and returns when no thread is at it any more.
    func stop() {
        condition.withLock {
            isAtEnd = true
            condition.broadcast()
            while threadCount > 0 { condition.wait() }
        }
    }

    /// The next stretch in order; nil at the head. Throws what is wrong with the log there.
    func next() throws -> [Batch]? {
        while true {
            switch condition.withLock({ step() }) {
            case .take(let result): return try result.get()
            case .end: return nil
            case .read: readStretch()
            }
        }
    }

    private enum Step {
        case take(Result<[Batch], any Error>)
        /// The next stretch is not there yet: read one too, instead of waiting for it.
        case read
        case end
    }

    private func step() -> Step {
        while true {
            if let result = done.removeValue(forKey: takenCount) {
                takenCount += 1
                condition.broadcast()
                return .take(result)
            }
            if isAtEnd, takenCount == stretchCount { return .end }
            if !isAtEnd, hasRoom { return .read }
            condition.wait()
        }
    }

    private var hasRoom: Bool { stretchCount - takenCount < ReadAhead.aheadCountMax }

    /// False when there is nothing more to read.
    private func waitForRoom() -> Bool {
        condition.withLock {
            while !isAtEnd, !hasRoom { condition.wait() }
            return !isAtEnd
        }
    }

    private func readStretch() {
        guard let (number, raw) = rawStretch() else { return }
        var hasher = hasher
        let result = Result { try raw.get().map { try $0.read(&hasher) } }
        condition.withLock {
            done[number] = result
            condition.broadcast()
        }
    }

    /// The next stretch as it stands in the log, with its number; nil at the end. Behind an error there is nothing more.
    private func rawStretch() -> (number: Int, Result<[LogBatch], any Error>)? {
        reading.withLock {
            if condition.withLock({ isAtEnd }) { return nil }
            let raw = Result { try rawBatches() }
            return condition.withLock {
                if case .success(let batches) = raw, !batches.isEmpty {} else { isAtEnd = true }
                if case .success(let batches) = raw, batches.isEmpty {
                    condition.broadcast()
                    return nil
                }
                stretchCount += 1
                return (stretchCount - 1, raw)
            }
        }
    }

    private func rawBatches() throws -> [LogBatch] {
        var (batches, byteCount) = ([LogBatch](), 0)
        while byteCount < ReadAhead.stretchByteCount, let batch = try cursor.next(upTo: head) {
            batches.append(batch)
            byteCount += batch.records.count
        }
        return batches
    }
}

extension LogBatch {
    fileprivate func read(_ hasher: inout IdentifierHasher) throws(EngineError) -> ReadAhead.Batch {
        var events: [Event] = []
        events.reserveCapacity(count)
        let result = records.withUnsafeBytes { bytes in
            Result { () throws(EngineError) in
                var start = 0
                while start < bytes.count {
                    let end = bytes.endOfLine(from: start)
                    let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    // Made in its place: a copy of an event costs a tenth of making it.
                    events.append(try Event(line: line, firstSequence.advanced(by: events.count)))
                    start = end + 1
                }
            }
        }
        try result.get()
        return ReadAhead.Batch(ledger: ledger, firstSequence: firstSequence, hashed: HashedEvents(events, &hasher))
    }
}
