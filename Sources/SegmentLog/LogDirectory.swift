import LedgerModel

/// Where the files of a log stand in a data directory, and how they are named.
struct LogDirectory: Sendable {
    let path: String
    let volume: any Volume

    var lock: String { path + "/daybook.lock" }
    var log: String { path + "/log" }
    var torn: String { path + "/torn" }

    /// The directory that holds this one.
    var parent: String {
        let trimmed = path.reversed().drop { $0 == "/" }
        let parent = String(trimmed.drop { $0 != "/" }.drop { $0 == "/" }.reversed())
        return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
    }

    func segment(_ first: SequenceNumber) -> String { "\(log)/\(Self.segmentName(first))" }
    func newSegment(_ first: SequenceNumber) -> String { segment(first) + Self.newSuffix }

    /// The first sequence numbers of all segments, in order.
    func segments() throws(LogError) -> [SequenceNumber] {
        guard try volume.exists(log) else { throw LogError(.notFound, "\(log): there is no log here") }
        return try volume.list(log).compactMap(Self.first(ofSegment:)).sorted()
    }

    static func segmentName(_ first: SequenceNumber) -> String { padded(first.rawValue) + segmentSuffix }

    /// A segment's first sequence number from its name: 20 digits and `.lz4`.
    static func first(ofSegment name: String) -> SequenceNumber? {
        guard name.hasSuffix(segmentSuffix), name.utf8.count == 20 + segmentSuffix.utf8.count else { return nil }
        guard let first = UInt64(name.dropLast(segmentSuffix.count)), segmentName(SequenceNumber(first)) == name else {
            return nil
        }
        return SequenceNumber(first)
    }

    /// A segment that was being made when a crash came.
    static func isNewSegment(_ name: String) -> Bool { name.hasSuffix(segmentSuffix + newSuffix) }

    static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    private static let segmentSuffix = ".lz4"
    private static let newSuffix = ".new"
}
