public import JSONText
public import LedgerModel

/// Messages to a client, one line each.
extension JSONWriter {
    /// The answer to a request that was done; `result` writes one value.
    public mutating func reply(to id: RequestID, result: (inout JSONWriter) -> Void) {
        beginReply(id)
        key("result")
        result(&self)
        endMessage()
    }

    public mutating func reply(to id: RequestID, error: RPCError) {
        beginReply(id)
        key("error")
        rpcError(error)
        endMessage()
    }

    /// A notification that carries an event: the very line of the log, without its newline.
    public mutating func eventNotification(_ line: UnsafeRawBufferPointer) {
        beginNotification("event")
        raw(line)
        endMessage()
    }

    /// Tells a subscriber that it was dropped because it did not read; it may subscribe again from `next`.
    /// - Parameter reason: why the log cannot be read on; nil when the client did not read in time.
    public mutating func droppedNotification(next: SequenceNumber, reason: String? = nil) {
        beginNotification("events.dropped")
        beginObject()
        sequence("from", next)
        if let reason {
            key("reason")
            string(reason)
        }
        endObject()
        endMessage()
    }

    private mutating func beginReply(_ id: RequestID) {
        beginObject()
        version()
        key("id")
        requestID(id)
    }

    private mutating func beginNotification(_ method: String) {
        beginObject()
        version()
        key("method")
        string(method)
        key("params")
    }

    private mutating func version() {
        key("jsonrpc")
        literal("\"2.0\"")
    }

    private mutating func endMessage() {
        endObject()
        endLine()
    }
}

extension JSONWriter {
    /// The result of `events.subscribe` and `events.unsubscribe`: the next sequence number to be sent.
    public mutating func place(_ next: SequenceNumber) {
        beginObject()
        sequence("from", next)
        endObject()
    }
}
