import Foundation
import Glibc
public import LedgerModel

/// The one place where the ledger reads the time.
public struct Clock: Sendable {
    /// The time now.
    public let now: @Sendable () -> Timestamp
    /// Takes somebody to call whenever the clock has been moved by hand.
    let onMove: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let passesByItself: Bool

    /// A clock that stands still until it is moved.
    ///
    /// - Parameter onMove: Given somebody to call after each move: who waits for an instant looks again then.
    public init(
        now: @escaping @Sendable () -> Timestamp, onMove: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { _ in }
    ) {
        self.init(now: now, onMove: onMove, passesByItself: false)
    }

    private init(
        now: @escaping @Sendable () -> Timestamp, onMove: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        passesByItself: Bool
    ) {
        self.now = now
        self.onMove = onMove
        self.passesByItself = passesByItself
    }

    /// CLOCK_REALTIME, in microseconds.
    public static let system = Clock(now: realTime, onMove: { _ in }, passesByItself: true)

    /// A clock that shows an instant now, and runs on from there: for trying what time does.
    public static func running(from start: Timestamp) -> Clock {
        let ahead = start.rawValue - realTime().rawValue
        return Clock(now: { Timestamp(microseconds: realTime().rawValue + ahead) }, onMove: { _ in }, passesByItself: true)
    }

    private static let realTime: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Until when to sleep so as to be awake at an instant, or earlier; nil for a clock that wakes by being moved.
    ///
    /// A day at most: Foundation counts the nanoseconds since 1970, which end in 2262.
    func alarm(for instant: Timestamp) -> Date? {
        guard passesByItself else { return nil }
        let now = now()
        let wake = min(instant, now.adding(days: 1))
        return Date(timeIntervalSinceNow: Double(wake.rawValue - now.rawValue) / Double(Timestamp.microsecondsPerSecond))
    }
}
