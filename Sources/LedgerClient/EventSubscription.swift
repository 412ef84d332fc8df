import JSONText

/// One event as the log has it.
public struct EventLine: Hashable, Sendable {
    /// Its number, dense from 1 over the whole log.
    public let sequence: Int64
    /// The very line of the log, without its line feed.
    public let text: String

    /// The line as a tree.
    public var value: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    init(_ text: String) throws(StreamError) {
        guard let sequence = EventLine.sequence(of: text) else {
            throw .notUnderstood("an event without a number: \(text.prefix(80))")
        }
        self.sequence = sequence
        self.text = text
    }

    private static func sequence(of text: String) -> Int64? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            guard (try? reader.beginObject()) != nil else { return nil }
            while let key = try? reader.nextKey() {
                if case "seq" = key { return try? reader.integer() }
                guard (try? reader.rawValue()) != nil else { return nil }
            }
            return nil
        }
    }
}

/// The events of the ledger in their order, from a sequence number on and without end.
///
/// It has a connection of its own. When that breaks, or the daemon drops a subscriber that did not read in time, it goes on behind the
/// last event it gave out: none is missing and none comes twice.
///
/// ```swift
/// let events = try EventSubscription(socketPath: "daybook.sock", from: 1, types: ["debited"])
/// while true { print(try events.next().text) }
/// ```
public final class EventSubscription {
    private let socketPath: String
    private let patience: Patience
    private let filter: [JSONValue.Member]
    /// The next event's number; nil until it is known where "from now on" begins.
    private var from: Int64?
    private var stream: MessageStream?
    private var attempts = 0

    /// Without `from`, what happens from now on. `tenant` and `types` leave out all others.
    public init(
        socketPath: String, from: Int64? = nil, tenant: String? = nil, types: [String] = [], patience: Patience = .usual
    ) throws(ClientError) {
        self.socketPath = socketPath
        self.patience = patience
        self.from = from
        filter =
            (tenant.map { [JSONValue.Member("tenant", .string($0))] } ?? [])
            + (types.isEmpty ? [] : [JSONValue.Member("types", .array(types.map { .string($0) }))])
        do { try subscribe() } catch { throw clientError(error) }
    }

    /// Waits for the next event.
    public func next() throws(ClientError) -> EventLine {
        while true {
            do {
                guard let event = try receive() else { continue }
                attempts = 0
                return event
            } catch StreamError.broken where attempts < patience.attemptCountMax {
                stream = nil
                attempts += 1
                Patience.pause(before: attempts)
            } catch { throw clientError(error) }
        }
    }

    /// Nil when the subscription had to be made again.
    private func receive() throws -> EventLine? {
        guard let stream else {
            try subscribe()
            return nil
        }
        guard case .notification(let method, let params) = try stream.receive() else { return nil }
        if method == "event" { return try note(EventLine(params)) }
        if method == "events.dropped" {
            self.stream = nil
            // Asking again would meet the same damage.
            if let reason = (try? JSONValue(parsing: params))?["reason"]?.string {
                throw ClientError.rpc(RPCError(code: RPCError.internalError, message: reason))
            }
        }
        return nil
    }

    private func note(_ event: EventLine) -> EventLine {
        from = event.sequence + 1
        return event
    }

    /// Connects, asks, and waits for the answer. No event can come before it.
    private func subscribe() throws {
        let stream: MessageStream
        do { stream = try MessageStream(connectingTo: socketPath) } catch { throw StreamError.broken(error) }
        let members = (from.map { [JSONValue.Member("from", .integer($0))] } ?? []) + filter
        stream.send(Call("events.subscribe", .object(members)).line(number: 1))
        guard case .answer(_, let outcome) = try stream.receive() else {
            throw StreamError.notUnderstood("an event before the answer")
        }
        switch outcome {
        case .success(let result): from = from ?? result["from"]?.integer
        case .failure(let error): throw ClientError.rpc(error)
        }
        self.stream = stream
    }

    private func clientError(_ error: any Error) -> ClientError {
        switch error {
        case let error as ClientError: error
        case StreamError.broken(let broken) where stream == nil && attempts == 0:
            .noDaemon(socketPath: socketPath, reason: broken.reason)
        case StreamError.broken(let broken): .connectionBroken(socketPath: socketPath, reason: broken.reason, unanswered: 0)
        case StreamError.notUnderstood(let sentence): .notUnderstood(sentence)
        default: .notUnderstood("\(error)")
        }
    }
}
