/// A connection to the daemon that waits for its answers.
///
/// ```swift
/// let ledger = try LedgerConnection(socketPath: "daybook.sock")
/// let id = LedgerConnection.newCommandID()
/// let granted = try ledger.call("grant", ["tenant": "acme", "id": .string(id), "account": "u-7", "unit": "credits", "amount": 1000])
/// print(granted["balance"]?["available"]?.integer ?? 0)
/// do { try ledger.call("debit", ...) } catch .rpc(let error) where error.rejection?.name == "insufficientBalance" { ... }
/// ```
///
/// When the connection breaks it is made again, and what is unanswered is sent again: a command carries its id, so nothing is done
/// twice. The same holds while the daemon answers that it is overloaded or not ready. `Patience` bounds both.
///
/// Many calls can be under way at once: `send` them, then take their answers with `nextAnswer`, or use `pipeline`. Commands take effect
/// in the order sent as long as none of them had to be sent again; answers may overtake each other.
///
/// A connection belongs to one thread.
public final class LedgerConnection {
    public let socketPath: String
    private let patience: Patience
    private var stream: MessageStream
    private var lastNumber: Int64 = 0
    /// The lines of the calls without an answer.
    private var unanswered: [Int64: [UInt8]] = [:]
    private var unansweredByteCount = 0
    /// Calls that the daemon was too busy to take: sent again when nothing else is under way.
    private var putOff: Set<Int64> = []
    /// Answers that came while another was waited for.
    private var early: [Answer] = []
    private var attempts = 0

    /// An answer, with the number that `send` gave its call.
    public struct Answer: Sendable {
        public let number: Int64
        public let outcome: Result<JSONValue, RPCError>
    }

    /// Throws `noDaemon` when nobody listens there.
    public init(socketPath: String, patience: Patience = .usual) throws(ClientError) {
        self.socketPath = socketPath
        self.patience = patience
        do { stream = try MessageStream(connectingTo: socketPath) } catch {
            throw .noDaemon(socketPath: socketPath, reason: error.reason)
        }
    }

    // MARK: Calls

    /// Sends one request and waits for its result.
    @discardableResult
    public func call(_ method: String, _ params: JSONValue = [:]) throws(ClientError) -> JSONValue {
        let number = send(Call(method, params))
        while true {
            let answer = try receive()
            if answer.number != number {
                early.append(answer)
                continue
            }
            do { return try answer.outcome.get() } catch { throw .rpc(error) }
        }
    }

    /// Sends calls as they come, at most `window` of them unanswered, and hands over each answer with its call's place in the sequence.
    public func pipeline(
        _ calls: some Swift.Sequence<Call>, window: Int = windowUsual, _ answered: (Int, Result<JSONValue, RPCError>) -> Void
    ) throws(ClientError) {
        var calls = calls.makeIterator()
        let first = lastNumber + 1
        var next = calls.next()
        while next != nil || unansweredCount > 0 {
            while let call = next, hasRoom(in: window) {
                send(call)
                next = calls.next()
            }
            let answer = try receive()
            if answer.number < first { early.append(answer) } else { answered(Int(answer.number - first), answer.outcome) }
        }
    }

    /// Queues a call and answers its number. It goes out with the next wait for an answer, together with others. Ask `hasRoom` first when
    /// there are many.
    @discardableResult
    public func send(_ call: Call) -> Int64 {
        lastNumber += 1
        let line = call.line(number: lastNumber)
        unanswered[lastNumber] = line
        unansweredByteCount += line.count
        stream.send(line)
        return lastNumber
    }

    /// The next answer, whichever comes first; nil when every call has been answered.
    public func nextAnswer() throws(ClientError) -> Answer? {
        if !early.isEmpty { return early.removeFirst() }
        return unanswered.isEmpty ? nil : try receive()
    }

    public var unansweredCount: Int { unanswered.count }

    /// True while fewer than `window` calls, and less than 8 MiB of them, are without an answer.
    public func hasRoom(in window: Int = windowUsual) -> Bool {
        unanswered.count < window && unansweredByteCount < Self.unansweredByteCountMax
    }

    /// Enough for the daemon to gather large log batches, well below the 4,096 it takes from one connection.
    public static let windowUsual = 512
    private static let unansweredByteCountMax = 8 << 20

    // MARK: Answers

    private func receive() throws(ClientError) -> Answer {
        while true {
            if !putOff.isEmpty, putOff.count == unanswered.count { try sendAgain() }
            guard let answer = try nextMessage() else { continue }
            if case .failure(let error) = answer.outcome, error.passes, attempts < patience.attemptCountMax {
                putOff.insert(answer.number)
                continue
            }
            settle(answer)
            return answer
        }
    }

    /// Nil after a message that is no answer to a call of ours, or when the connection had to be made again.
    private func nextMessage() throws(ClientError) -> Answer? {
        let message: Incoming
        do { message = try stream.receive() } catch {
            try recover(from: error)
            return nil
        }
        guard case .answer(let number, let outcome) = message else { return nil }
        guard let number else { throw .notUnderstood(Self.words(of: outcome)) }
        return unanswered[number] == nil ? nil : Answer(number: number, outcome: outcome)
    }

    private static func words(of outcome: Result<JSONValue, RPCError>) -> String {
        switch outcome {
        case .success(let value): "an answer without an id: \(value)"
        case .failure(let error): error.description
        }
    }

    private func settle(_ answer: Answer) {
        unansweredByteCount -= unanswered.removeValue(forKey: answer.number)?.count ?? 0
        putOff.remove(answer.number)
        attempts = 0
    }

    // MARK: Again

    private func recover(from error: StreamError) throws(ClientError) {
        switch error {
        case .broken(let broken): try connectAgain(after: broken)
        case .notUnderstood(let sentence): throw .notUnderstood(sentence)
        }
    }

    private func connectAgain(after broken: BrokenConnection) throws(ClientError) {
        var reason = broken.reason
        while attempts < patience.attemptCountMax {
            attempts += 1
            Patience.pause(before: attempts)
            do {
                stream = try MessageStream(connectingTo: socketPath)
                return sendUnanswered()
            } catch { reason = error.reason }
        }
        throw .connectionBroken(socketPath: socketPath, reason: reason, unanswered: unanswered.count)
    }

    private func sendAgain() throws(ClientError) {
        attempts += 1
        Patience.pause(before: attempts + 1)
        sendUnanswered()
    }

    private func sendUnanswered() {
        putOff.removeAll()
        for number in unanswered.keys.sorted() { stream.send(unanswered[number]!) }
    }
}
