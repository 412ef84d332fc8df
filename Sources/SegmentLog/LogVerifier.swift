public import LedgerModel

/// What verifying a log found.
public enum LogVerification: Sendable, Hashable {
    case sound(LogSummary)
    /// The first fault, with its file, offset and sequence number.
    case fault(LogError)
}

/// What a sound log holds.
public struct LogSummary: Sendable, Hashable {
    public internal(set) var segmentCount = 0
    public internal(set) var batchCount = 0
    public internal(set) var eventCount = 0
    /// Bytes of JSON Lines.
    public internal(set) var rawByteCount = 0
    /// Bytes of batches as they are stored, with their headers.
    public internal(set) var storedByteCount = 0
    /// The end of the last batch.
    public internal(set) var head: LogHead
}

/// How far verifying has come.
public struct VerifyProgress: Sendable, Hashable {
    /// Bytes of segment files that have been checked.
    public let byteCount: UInt64
    /// Bytes of all segment files when verifying began.
    public let byteCountTotal: UInt64
    public let eventCount: Int
}

/// A batch that has just been verified.
public struct VerifiedBatch {
    public let ledger: LedgerID
    public let firstSequence: SequenceNumber
    /// How many records it holds, at least one.
    public let count: Int
    public let chain: ChainHash
    /// JSON Lines, each ending in a newline; valid only while it is looked at.
    public let records: UnsafeRawBufferPointer

    public var lastSequence: SequenceNumber { firstSequence.advanced(by: count - 1) }
}

/// Checks every byte of a log: headers, batches, checksums, chain, event counts, seals, the links between segments, and
/// the zeros after the end. Takes no lock, changes nothing, and may run beside the writer.
public enum LogVerifier {
    /// Verifies the log in a data directory, and reports progress about every mebibyte.
    ///
    /// - Parameter batch: shown each batch after it was checked, in order, for what else there is to check in the same pass.
    public static func verify(
        _ directory: String, volume: any Volume = PosixVolume(), progress: (VerifyProgress) -> Void = { _ in },
        batch: ((VerifiedBatch) -> Void)? = nil
    ) -> LogVerification {
        do {
            return .sound(try Verification(LogDirectory(path: directory, volume: volume)).run(progress, batch))
        } catch {
            return .fault(error)
        }
    }
}
