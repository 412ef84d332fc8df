import LedgerRPC
import NIOCore

/// The server's own bounds, each with its reason; those of the messages are `RPCBounds`.
public struct ServerBounds: Sendable {
    /// Requests of one connection that wait for an answer; past them the connection is not read.
    public var inFlightCountMax = RPCBounds.inFlightCountMax

    /// Queries and explanations of one connection under way at once: an answer may have a thousand rows, or four mebibytes of events.
    public var queryCountMax = 16

    /// Exports of one connection that are open at once: 4, more than a program fetches side by side. Each has a thread, a file and memory of
    /// its own.
    public var exportCountMax = 4

    /// Exports of all connections that are open at once: 8. Each keeps its read model's write-ahead log from being emptied.
    public var exportCountMaxInAll = 8

    /// How long an export waits for the next chunk to be asked for before it ends: a minute, far longer than writing a chunk to a disk takes.
    public var exportPatienceSeconds: Int64 = 60

    /// Bytes of answers written and not yet handed to the socket, past which no further request is looked at.
    static let unsentByteCountMax = 512 << 10

    /// Bytes of large answers that all clients together may leave unread: 256 MiB. Past them a query is answered with `overloaded`.
    static let unsentByteCountMaxInAll = 256 << 20

    /// Bytes of one line.
    public var lineByteCountMax = RPCBounds.lineByteCountMax

    /// How long a subscriber may leave events unread before it is dropped: long enough for a program that works on what it got, short
    /// enough that a forgotten one does not hold its events in memory for ever.
    public var subscriberPatienceSeconds: Int64 = 30

    /// How long a stopping server waits for clients to take their answers. What they asked is durable, and can be asked again.
    public var stopPatienceSeconds: Int64 = 5

    /// Bytes of answers that a client may leave unread before it is not read from any more, and from where on it is read again.
    static let answersUnread = ChannelOptions.Types.WriteBufferWaterMark(low: 128 << 10, high: 512 << 10)

    /// Connections waiting to be accepted, as for listen(2): a fleet that starts at once.
    static let backlog: Int32 = 1024

    /// Bytes of notifications gathered for a subscriber before they are sent; one log batch may pass it.
    static let notificationByteCount = 256 << 10

    /// Bytes of the log that are looked through for a subscriber at a time, whether or not its filter keeps them.
    static let scanByteCountMax = 4 << 20

    public init() {}
}
