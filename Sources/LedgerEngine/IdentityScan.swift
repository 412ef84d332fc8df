import EventCodec
import Glibc
public import LedgerModel
public import SegmentLog

/// Finds who a ledger is in the lines of its log, without a book: the few events that name it are told by their type, and
/// nothing else is read.
public struct IdentityScan: Sendable {
    /// The ledger's UUID as text; nil before its first event.
    public private(set) var ledger: Name?
    /// The origin of its checkpoints; nil before its first event.
    public private(set) var origin: Name?
    /// The verifier keys of its checkpoints, oldest first, each with the event that names it.
    public private(set) var keys: [(key: Name, since: SequenceNumber)] = []

    public init() {}

    /// Reads a whole log.
    ///
    /// - Parameter progress: how many events of how many have been read.
    /// - Throws: `LogError` where the log is damaged, `EngineError` where an event cannot be read.
    public init(_ reader: LogReader, upTo head: LogHead, progress: (UInt64, UInt64) -> Void = { _, _ in }) throws {
        let cursor = reader.cursor(from: .first)
        while let batch = try cursor.next(upTo: head) {
            try batch.records.withUnsafeBytes { try take($0, from: batch.firstSequence) }
            progress(batch.lastSequence.rawValue, head.lastSequence.rawValue)
        }
    }

    /// Reads the next lines of the log.
    ///
    /// - Parameter sequence: the number of the first.
    public mutating func take(_ lines: UnsafeRawBufferPointer, from sequence: SequenceNumber) throws(EngineError) {
        var (start, sequence) = (0, sequence)
        while start < lines.count {
            let end = lines.endOfLine(from: start)
            let line = UnsafeRawBufferPointer(rebasing: lines[start..<end])
            if line.namesLedger { follow(try Event(line: line, sequence)) }
            (start, sequence) = (end + 1, sequence.next)
        }
    }

    private mutating func follow(_ event: Event) {
        guard event.tenant == .system else { return }
        switch event.fact {
        case .ledgerOpened(let fact): begin(fact.ledger, fact.origin, fact.key, event.sequence)
        case .restored(let fact): begin(fact.ledger, fact.origin, fact.key, event.sequence)
        case .signingKeyReplaced(let fact): keys.append((fact.key, event.sequence))
        default: break
        }
    }

    private mutating func begin(_ ledger: Name, _ origin: Name, _ key: Name, _ sequence: SequenceNumber) {
        (self.ledger, self.origin) = (ledger, origin)
        keys = [(key, sequence)]
    }
}

extension UnsafeRawBufferPointer {
    /// Whether a line may be one of the three that name a ledger. Fields have a fixed order, and those before the type a fixed
    /// width but for the sequence number:
    /// `{"seq":7,"at":"2026-11-21T01:23:45.678901Z","day":"2026-11-21","type":"ledgerOpened",...`.
    fileprivate var namesLedger: Bool {
        let types: [StaticString] = ["\"ledgerOpened\"", "\"restored\"", "\"signingKeyReplaced\""]
        var start = 7
        while start < count, self[start] != UInt8(ascii: ",") { start += 1 }
        start += 62
        guard start < count else { return false }
        switch self[start + 1] {
        case UInt8(ascii: "l"), UInt8(ascii: "r"), UInt8(ascii: "s"):
            return types.contains { holds($0, at: start) }
        default: return false
        }
    }

    private func holds(_ text: StaticString, at start: Int) -> Bool {
        start + text.utf8CodeUnitCount <= count && memcmp(baseAddress! + start, text.utf8Start, text.utf8CodeUnitCount) == 0
    }
}
