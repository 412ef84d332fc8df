/// Every bound of the read models in one place, each with its reason.
public struct ReadModelBounds: Sendable, Hashable {
    /// Events from which a stretch is long enough: 10,000. Longer ones save nothing more per event, and take memory. A stretch ends
    /// where a log batch ends, so it may be longer by part of one.
    public var stretchEventCount = 10_000

    /// Events of one commit when a projector is behind: 100,000. The pages written per commit are what costs, and a page that many
    /// events touch is written once; a crash repeats at most this much.
    public var commitEventCount = 100_000

    /// Time from one commit of a projector to the next, unless a query waits for more than is there: 300 ms. At 60,000 events/s a stretch has
    /// 10,000 by then, and costs a quarter an event of what one of 500 does. An event that comes alone is committed at once.
    public var commitInterval: Duration = .milliseconds(300)

    /// How long a query waits for a read model to reach `minSeq`: 5 seconds, beyond any lag of a daemon that keeps up.
    public var lagLimit: Duration = .seconds(5)

    /// How long a projector that stopped for any reason but damage waits before it is tried again: 5 seconds. A full disk or a lack of
    /// descriptors passes.
    public var retrySeconds = 5

    /// How long it waits at most: 5 minutes, twice as long after each time that it failed again. A folder whose SQL fails on an event would
    /// else build its file from the beginning of the log every few seconds.
    public var retrySecondsMax = 300

    /// How often a projector looks whether its file is still the one in the directory: every second, for two calls of the system.
    public var lookInterval: Duration = .seconds(1)

    /// How long a query may run: 2 seconds. Every built-in query takes milliseconds; this ends those of an operator that do not.
    public var queryTimeLimit: Duration = .seconds(2)

    /// Rows of one answer when a query has no pages: an answer is one line on a socket.
    public var rowCountMax = 10_000

    /// Bytes of one answer: 8 MiB, as of one request.
    public var answerByteCountMax = 8 << 20

    /// Values of one parameter that is a list: 100, more than a person picks and few enough to look up each.
    static let listCountMax = 100

    /// Bytes of one text given to a query: 384. A label with its name has 257, and a list of as many as there may be, each byte escaped as six
    /// of JSON, stays below `valueByteCountMax`, past which SQLite would take it for null.
    static let textByteCountMax = 384

    /// Bytes of a cursor: 64 KiB, far above those of the keys of a row.
    static let cursorByteCountMax = 64 << 10

    /// Threads that answer queries: 2, so that one slow query does not hold up all others.
    public var queryThreadCount = 2

    /// Rows of one chunk of an export: 1,000, enough that asking for the next costs nothing beside reading it.
    public var exportRowCountMax = 1000

    /// How long one chunk of an export may take: a minute. A query that sorts all it has before its first row takes seconds at ten million
    /// events; one that never ends is ended by this.
    public var exportStepLimit: Duration = .seconds(60)

    public init() {}

    public static let standard = ReadModelBounds()

    /// Events of decoded stretches that are kept for the projectors that come to them next, and of those decoded ahead: 100,000, some 100 MB when
    /// far behind. Decoding costs as much as applying them to two read models: as long as all are within this of each other, it is done once.
    static let recentEventCount = 100_000

    /// Decoded stretches that are kept however long they are.
    static let recentStretchCount = 4

    /// Requests for which nothing is decoded ahead, once that was found to be for nothing: 16, so that it costs a sixteenth at most.
    static let aheadPauseCount = 16

    /// Places in the log that projectors read on from: each costs a read buffer of 1 MiB.
    static let cursorCount = 16

    /// Pages of 4 KiB that gather in the write-ahead log before they are moved into the file: 20,000, 80 MB. The larger it is, the more
    /// often a page is written once for many commits.
    static let walPageCount = 20_000

    /// Bytes of one SQL value: 256 KiB, four times the longest event. Endless queries are stopped by time, but one function call is not, and
    /// some take the square of their values' length: `json_patch` of two of this length takes some two seconds.
    static let valueByteCountMax: Int32 = 256 << 10

    /// Steps of SQLite's machine between two looks at the clock: about a millisecond.
    static let stepsBetweenLooks: Int32 = 20_000

    /// Steps of SQLite's machine that a statement of `apply.sql` may take over one stretch: 200 million, some seconds, which is 20,000 an
    /// event. It is tried out on no event at all with 10 million.
    static let applyStepCountMax = 200_000_000
    static let rehearsalStepCountMax = 10_000_000

    /// Bytes of a pattern of `LIKE` and `GLOB`: 1,000. What they take grows with pattern times text, in one call that nothing interrupts.
    static let patternByteCountMax: Int32 = 1000

    /// Bytes of one file of a folder: 1 MiB, which is also the longest SQL text that SQLite takes here.
    static let folderFileByteCountMax = 1 << 20

    /// Files of one folder: 200.
    static let folderFileCountMax = 200

    /// Bytes at which a chunk of an export is full: 1 MiB. One row may pass it.
    static let exportByteCount = 1 << 20

    /// When a chunk of an export is sent with the rows that it has: after a second, so that somebody who watches sees it go on.
    static let exportSlice: Duration = .seconds(1)

    /// Memory of one export's pages: 4 MiB, for it reads each page once.
    static let exportCacheKibibytes = 4 << 10

    /// How often a cursor looks for the file that answers when it is changed for another under its hands: 10 times.
    static let openingCountMax = 10

    /// Niceness (setpriority(2)) of the projectors' threads, of those that answer queries, and of exports: the writer of the log comes first,
    /// and who waits for an answer before who fetches everything.
    static let projectorNiceness: Int32 = 10
    static let builderNiceness: Int32 = 15
    static let queryNiceness: Int32 = 5
    static let exportNiceness: Int32 = 15
}
