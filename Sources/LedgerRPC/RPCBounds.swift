/// Every bound of the RPC in one place, each with its reason.
public enum RPCBounds {
    /// Bytes of one line without its newline: 8 MiB, twice the 4 MiB of events that one command may write.
    public static let lineByteCountMax = 8 << 20

    /// Bytes that are still read and forgotten after a line was too long, so that a client that sends before it reads can read the
    /// answer: 64 MiB. Past them the connection is closed in the middle of the line.
    public static let droppedByteCountMax = 64 << 20

    /// Requests in one JSON-RPC array. A pipeline needs no more, and each is held in memory until it is answered.
    public static let arrayCountMax = 1024

    /// Requests of one connection that wait for an answer; past them the connection is not read.
    public static let inFlightCountMax = 4096

    /// Items of one `debitBatch`. Their events must fit the 4 MiB of a group; 10,000 of the smallest do.
    public static let itemCountMax = 10_000

    /// Documents changed by one `configure`, all of them kept in one group of events.
    public static let changeCountMax = 256

    /// Bytes of one configuration document as sent: it must fit an event's line of 60 KiB.
    public static let documentByteCountMax = 48 << 10

    /// Bytes of a request's id when it is a string. It is held until the answer is sent, and sent back.
    public static let idByteCountMax = 256

    /// Event types named by one `events.subscribe`; there are fewer.
    public static let typeCountMax = 64

    /// Values of one parameter of a query that is a list: as many as `ReadModelBounds.listCountMax`.
    public static let queryListCountMax = 100

    /// Bytes of a query's name: those of a folder, a point, and a file.
    static let queryNameByteCountMax = 320

    /// Bytes of a query's parameter's name. None is longer, and an error message repeats what is given.
    static let parameterNameByteCountMax = 64

    /// Bytes of a client's own text that an error message repeats.
    static let quotedByteCountMax = 64
}

/// A client's own text as an error message repeats it: cut where it is long.
func quoted(_ text: String) -> String {
    if text.utf8.count <= RPCBounds.quotedByteCountMax { return text }
    return String(decoding: text.utf8.prefix(RPCBounds.quotedByteCountMax), as: UTF8.self) + "..."
}
