import SegmentLog

/// What is wrong with a checkpoint, a tree or a question about them: a code to test and a sentence to read, which says what to
/// do wherever there is something to do.
public struct NotaryError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The file `checkpoint` is not a checkpoint of a ledger.
        case badCheckpoint
        /// The checkpoint is signed by none of the keys that the log names.
        case foreignCheckpoint
        /// The log is shorter than the checkpoint, or has another chain where it ends.
        case otherHistory
        /// The events of the log do not have the root that was signed.
        case rootDiffers
        /// The signing key is not the one that the log names last.
        case wrongKey
        /// A checkpoint would not continue the last one: it was not signed.
        case inconsistent
        /// No such event, or no event at all.
        case notFound
        /// No checkpoint covers the event.
        case notCovered
        /// A file cannot be read or written.
        case volume
        /// The log cannot be read.
        case log
        /// Nothing more is signed.
        case stopped
    }

    public let code: Code
    public let sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { "\(code.rawValue): \(sentence)" }

    static func volume(_ error: LogError) -> NotaryError { NotaryError(.volume, error.sentence) }
    static func log(_ error: LogError) -> NotaryError { NotaryError(.log, "\(error)") }
}
