/// Every bound of the read models in one place, each with its reason.
public struct ReadModelBounds: Sendable, Hashable {
    /// Events from which a stretch is long enough: 10,000. Longer ones save nothing more per event, and take memory. A stretch ends
    /// where a log batch ends, so it may be longer by part of one.
    public var stretchEventCount = 10_000

    /// Events of one commit when a projector is behind: 100,000. The pages written per commit are what costs, and a page that many
    /// events touch is written once; a crash repeats at most this much.
    public var commitEventCount = 100_000

    /// How long a query waits for a read model to reach `minSeq`: 5 seconds, beyond any lag of a daemon that keeps up.
    public var lagLimit: Duration = .seconds(5)

    /// How long a projector that stopped for any reason but damage waits before it is tried again: 5 seconds. A full disk or a lack of
    /// descriptors passes.
    public var retrySeconds = 5

    /// How long a query may run: 2 seconds. Every built-in query takes milliseconds; this ends those of an operator that do not.
    public var queryTimeLimit: Duration = .seconds(2)

    /// Rows of one answer when a query has no pages: an answer is one line on a socket.
    public var rowCountMax = 10_000

    /// Bytes of one answer: 8 MiB, as of one request.
    public var answerByteCountMax = 8 << 20

    /// Values of one parameter that is a list: 100, more than a person picks and few enough to look up each.
    static let listCountMax = 100

    /// Threads that answer queries: 2, so that one slow query does not hold up all others.
    public var queryThreadCount = 2

    public init() {}

    public static let standard = ReadModelBounds()

    /// Decoded stretches kept for the projectors that come to them next: 4, about 50 MB when behind.
    static let recentStretchCount = 4

    /// Places in the log that projectors read on from: each costs a read buffer of 1 MiB.
    static let cursorCount = 8

    /// Pages of 4 KiB that gather in the write-ahead log before they are moved into the file: 20,000, 80 MB. The larger it is, the more
    /// often a page is written once for many commits.
    static let walPageCount = 20_000

    /// Bytes of one SQL value: 1 MiB. Endless queries are stopped by time, but one huge function call is not.
    static let valueByteCountMax: Int32 = 1 << 20

    /// Steps of SQLite's machine between two looks at the clock: about a millisecond.
    static let stepsBetweenLooks: Int32 = 20_000

    /// Niceness (setpriority(2)) of the projectors' threads and of those that answer queries: the writer of the log comes first.
    static let projectorNiceness: Int32 = 10
    static let queryNiceness: Int32 = 5
}
