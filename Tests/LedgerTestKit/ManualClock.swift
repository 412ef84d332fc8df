import Foundation
public import LedgerModel

/// A clock that stands still until a test moves it, forwards or back.
public final class ManualClock: @unchecked Sendable {
    private let lock = NSLock()
    private var instant: Timestamp

    /// - Parameter instant: Where it starts; 2026-03-01T00:00:00Z when not said.
    public init(_ instant: Timestamp = ManualClock.start) { self.instant = instant }

    public static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z")!

    public var now: Timestamp { lock.withLock { instant } }

    public func set(_ instant: Timestamp) { lock.withLock { self.instant = instant } }

    public func advance(seconds: Int64) {
        lock.withLock { instant = Timestamp(microseconds: instant.rawValue + seconds * Timestamp.microsecondsPerSecond) }
    }
}
