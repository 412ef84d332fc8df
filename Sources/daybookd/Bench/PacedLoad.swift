import Glibc
import JSONText
import LedgerGenerator
import LedgerModel

/// Debits over the socket at a fixed rate, whether or not the answers keep up. One thread drives a few connections.
final class PacedLoad: @unchecked Sendable {
    struct Result: Sendable {
        /// Debits that were accepted.
        let debitCount: Int
        /// What the thread of the load has taken.
        let processor: Duration
    }

    /// Debits in one `debitBatch`.
    static let batchItemCount = 50
    /// Requests of a debit each that go out in one write.
    static let pipelined = 25

    private let path: String
    private let debitsPerSecond: Int
    private var accounts: AccountsByUse
    private var text = JSONWriter(capacity: 64 << 10)
    private var number = 0
    private var connections: [PacedConnection] = []

    private static let connectionCount = 8
    /// Requests that a connection may have under way: more would only wait in the ledger.
    private static let underWayMax = 500

    init(path: String, debitsPerSecond: Int, accountCount: Int) {
        self.path = path
        self.debitsPerSecond = debitsPerSecond
        accounts = AccountsByUse(count: accountCount, seed: 3)
    }

    func run(for duration: Duration) throws -> Result {
        connections = try (0..<Self.connectionCount).map { _ in PacedConnection(try BenchClient(path).descriptor) }
        defer { for connection in connections { close(connection.descriptor) } }
        let processorStart = Self.processorTime
        let start = ContinuousClock.now
        var sentCount = 0
        var turn = 0
        while case let elapsed = ContinuousClock.now - start, elapsed < duration {
            while sentCount < Int(elapsed.inSeconds * Double(debitsPerSecond)), let index = freeConnection(&turn) {
                sentCount += try send(on: index, isBatch: turn % 3 == 0)
            }
            try receive(waitingMilliseconds: 2)
        }
        while connections.contains(where: { !$0.underWay.isEmpty }) { try receive(waitingMilliseconds: 10_000) }
        return Result(debitCount: connections.reduce(0) { $0 + $1.debitCount }, processor: Self.processorTime - processorStart)
    }

    /// The next connection that has not too much under way.
    private func freeConnection(_ turn: inout Int) -> Int? {
        for _ in connections {
            turn += 1
            if connections[turn % connections.count].underWay.count < Self.underWayMax { return turn % connections.count }
        }
        return nil
    }

    /// Two writes of single debits come to one batch.
    private func send(on index: Int, isBatch: Bool) throws -> Int {
        text.removeAll()
        if isBatch { writeBatch() } else { for _ in 0..<Self.pipelined { writeDebit() } }
        try connections[index].send(text.bytes)
        let counts = isBatch ? [Self.batchItemCount] : Array(repeating: 1, count: Self.pipelined)
        connections[index].underWay += counts
        return isBatch ? Self.batchItemCount : Self.pipelined
    }

    private func receive(waitingMilliseconds: Int32) throws {
        var polls = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let count = poll(&polls, nfds_t(polls.count), waitingMilliseconds)
        if count == 0, waitingMilliseconds > 1000 { throw BenchError("no answer from the socket for 10 s") }
        for index in polls.indices where polls[index].revents != 0 { try connections[index].receive() }
    }

    /// Of this thread.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    // MARK: Requests

    private func writeDebit() {
        writeRequest("debit") {
            writeUse()
        }
    }

    private func writeBatch() {
        writeRequest("debitBatch") {
            text.key("batch")
            text.string("bench-\(number)")
            text.key("items")
            text.beginArray()
            for item in 0..<Self.batchItemCount {
                text.beginObject()
                text.key("id")
                text.string("bench-\(number)-\(item)")
                writeUse()
                text.endObject()
            }
            text.endArray()
        }
    }

    private func writeRequest(_ method: StaticString, _ body: () -> Void) {
        number += 1
        text.beginObject()
        text.key("jsonrpc")
        text.literal("\"2.0\"")
        text.key("id")
        text.integer(1)
        text.key("method")
        text.string("\(method)")
        text.key("params")
        text.beginObject()
        text.key("tenant")
        text.string(LedgerGenerator.busyTenant.text)
        text.key("id")
        text.string("bench-\(number)")
        text.key("account")
        text.string(accounts.next().text)
        body()
        text.endObject()
        text.endObject()
        text.endLine()
    }

    /// One credit.
    private func writeUse() {
        text.key("feature")
        text.literal("\"search\"")
        text.key("quantities")
        text.raw("{\"requests\":1}")
        text.key("labels")
        text.raw("{\"platform\":\"web\"}")
    }
}

/// One connection, with the debits of the requests under way in their order.
private struct PacedConnection {
    let descriptor: Int32
    var underWay: [Int] = []
    private(set) var debitCount = 0
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var rest: [UInt8] = []

    private static let resultStart = Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\"".utf8)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count <= 0 { throw BenchError("the connection broke") }
            written += count
        }
    }

    /// Takes the answers that are there.
    mutating func receive() throws {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { throw BenchError("the connection broke") }
        rest += buffer[..<count]
        var start = 0
        var answerCount = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if !rest[start..<end].starts(with: Self.resultStart) {
                throw BenchError("refused: \(String(decoding: rest[start..<min(end, start + 500)], as: UTF8.self))")
            }
            debitCount += underWay[answerCount]
            answerCount += 1
            start = end + 1
        }
        rest.removeFirst(start)
        underWay.removeFirst(answerCount)
    }
}
