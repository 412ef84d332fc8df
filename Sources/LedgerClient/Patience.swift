import Glibc

/// How often, and after which pauses, a connection that broke is made again, and a daemon that is overloaded or not ready is asked
/// again.
public struct Patience: Hashable, Sendable {
    /// Attempts in a row without an answer between them. 0 gives up at once.
    public var attemptCountMax: Int

    public init(attemptCountMax: Int) { self.attemptCountMax = attemptCountMax }

    /// About nine seconds: a daemon that restarts on a small log is back by then.
    public static let usual = Patience(attemptCountMax: 10)
    public static let none = Patience(attemptCountMax: 0)

    /// No pause before the first attempt, then 50 ms, doubled up to 2 s.
    static func pauseMilliseconds(before attempt: Int) -> Int { attempt <= 1 ? 0 : min(2000, 50 << min(attempt - 2, 6)) }

    static func pause(before attempt: Int) {
        let milliseconds = pauseMilliseconds(before: attempt)
        if milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) }
    }
}
