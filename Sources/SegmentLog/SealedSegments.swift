public import LedgerModel

/// A segment that is complete, and never changes again.
public struct SealedSegment: Sendable, Hashable {
    /// The number of its first event, which is its name.
    public let firstSequence: SequenceNumber
    public let path: String
}

extension LogReader {
    /// The sealed segments from a sequence number on, by the names of their files: all that begin before the open segment.
    public func sealedSegments(from first: SequenceNumber = .first, upTo head: LogHead) throws(LogError) -> [SealedSegment] {
        try directory.segments().filter { $0 >= first && $0 < head.segment }
            .map { SealedSegment(firstSequence: $0, path: directory.segment($0)) }
    }
}
