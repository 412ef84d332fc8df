/// The number of an event: dense from 1, in the order of the log, never reused. `seq` on the wire.
public struct SequenceNumber: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The number before the first event: "nothing yet".
    public static let zero = SequenceNumber(0)
    /// The number of a ledger's first event.
    public static let first = SequenceNumber(1)

    public var next: SequenceNumber { SequenceNumber(rawValue + 1) }
    public func advanced(by count: Int) -> SequenceNumber { SequenceNumber(rawValue + UInt64(count)) }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// An instant: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }
    public init(microseconds: Int64) { rawValue = microseconds }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public static let microsecondsPerSecond: Int64 = 1_000_000
    public static let microsecondsPerDay: Int64 = 86_400_000_000

    /// This instant moved by whole days of 86,400 seconds.
    public func adding(days: Int64) -> Timestamp {
        Timestamp(microseconds: rawValue + days * Timestamp.microsecondsPerDay)
    }
}
