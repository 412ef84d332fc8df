import LedgerModel

/// What is wrong with a log, or with the medium under it: a code to test and a sentence to read, which names the file,
/// the offset and the sequence number wherever there is one.
public struct LogError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A system call failed.
        case volumeFailed
        /// No space is left on the medium.
        case diskFull
        /// Another process has the directory open for writing.
        case locked
        /// An earlier error stopped this log; it takes nothing more. Open it again to recover.
        case stopped
        /// A batch is larger than its bound.
        case tooLarge
        /// There is no log here, or not the sequence number that was asked for.
        case notFound
        /// A version that this program does not know: refused, never skipped.
        case unknownVersion
        /// A segment's header does not check out.
        case badHeader
        /// A batch does not check out.
        case badBatch
        /// A seal does not check out, or is missing where another segment follows.
        case badSeal
        /// A batch or segment does not continue the history before it.
        case brokenChain
        /// Sequence numbers are missing between two segments.
        case missingSegment
        /// A segment of another ledger, or under another segment's name.
        case foreignSegment
        /// A watermark lies beyond the end of the log: acknowledged events are gone.
        case lostEvents
        /// A watermark's ledger or chain differs from the log's: this is another history.
        case otherHistory
        /// A batch does not check out and a good one follows: acknowledged data is damaged.
        case damagedBeforeGood
        /// A batch does not check out although a watermark has seen it.
        case damagedBelowWatermark
        /// The last batch does not check out, and it is not a write that never ended: the operator decides.
        case damagedTail
    }

    public let code: Code
    public let sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { "\(code.rawValue): \(sentence)" }

    /// A problem found at a place in a segment.
    init(_ fault: Fault, file: String, offset: UInt64, sequence: SequenceNumber) {
        self.init(fault.code, "\(file), offset \(offset), sequence \(sequence): \(fault.words)")
    }

    static let stoppedEarlier = LogError(.stopped, "the log stopped at an earlier error and must be opened again")
}

/// What is wrong with some bytes, before it is known where they stand.
struct Fault: Error {
    let code: LogError.Code
    let words: String

    init(_ code: LogError.Code, _ words: String) {
        self.code = code
        self.words = words
    }
}
