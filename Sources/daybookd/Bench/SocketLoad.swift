import Glibc

/// Clients on the socket, all driven by one thread: each has one request under way, and sends the next when its answer has come.
struct SocketLoad: Sendable {
    private let shape: BenchShape
    private let accounts: Int

    init(_ shape: BenchShape, accounts: Int) {
        self.shape = shape
        self.accounts = accounts
    }

    func run(for duration: Duration, on path: String) async throws -> Latencies {
        // The load blocks in poll: it has a thread of its own, outside the cooperative pool.
        try await OwnThread.value { try drive(for: duration, on: path) }
    }

    private func drive(for duration: Duration, on path: String) throws -> Latencies {
        var number = 0
        var template = RequestTemplate(shape)
        func nextRequest() -> [UInt8] {
            number += 1
            return template.request(number, account: number % accounts)
        }
        var clients = try (0..<shape.connections).map { _ in try BenchClient(path) }
        defer { for client in clients { close(client.descriptor) } }
        var polls = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        for index in clients.indices { try clients[index].send(nextRequest()) }
        let end = ContinuousClock.now + duration
        var (underWay, latencies) = (shape.connections, Latencies())
        while underWay > 0 {
            if poll(&polls, nfds_t(polls.count), 10_000) <= 0 { throw BenchError("no answer from the socket for 10 s") }
            for index in polls.indices where polls[index].revents != 0 {
                guard let waited = try clients[index].receive() else { continue }
                latencies.add(waited)
                if ContinuousClock.now < end { try clients[index].send(nextRequest()) } else { underWay -= 1 }
            }
        }
        return latencies
    }
}

/// A request whose numbers are written over for each use: making the text anew would cost the load more than the ledger.
private struct RequestTemplate {
    private var bytes: [UInt8]
    private let numberOffsets: [Int]
    private let accountOffsets: [Int]

    private static let numberMark = "##########"
    private static let accountMark = "@@@@@@@"

    init(_ shape: BenchShape) {
        let text = RequestTemplate.text(shape)
        bytes = Array(text.utf8)
        numberOffsets = RequestTemplate.offsets(of: RequestTemplate.numberMark, in: bytes)
        accountOffsets = RequestTemplate.offsets(of: RequestTemplate.accountMark, in: bytes)
    }

    private static func text(_ shape: BenchShape) -> String {
        let ask = "\"feature\":\"\(BenchLedger.feature)\",\"quantities\":{\"requests\":1}"
        let start =
            "\"params\":{\"tenant\":\"\(BenchLedger.tenant)\",\"id\":\"d-\(numberMark)\",\"account\":\"account-\(accountMark)\","
        if shape.itemsPerRequest == 1 { return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"debit\",\(start)\(ask)}}\n" }
        let items = (0..<shape.itemsPerRequest).map { "{\"id\":\"i-\(numberMark)-\($0)\",\(ask)}" }.joined(separator: ",")
        return
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"debitBatch\",\(start)\"batch\":\"batch-\(numberMark)\",\"items\":[\(items)]}}\n"
    }

    private static func offsets(of mark: String, in bytes: [UInt8]) -> [Int] {
        let mark = Array(mark.utf8)
        return bytes.indices.filter { bytes[$0...].starts(with: mark) && ($0 == 0 || bytes[$0 - 1] != mark[0]) }
    }

    mutating func request(_ number: Int, account: Int) -> [UInt8] {
        for offset in numberOffsets { write(number, at: offset, width: RequestTemplate.numberMark.utf8.count) }
        for offset in accountOffsets { write(account, at: offset, width: RequestTemplate.accountMark.utf8.count) }
        return bytes
    }

    private mutating func write(_ number: Int, at offset: Int, width: Int) {
        var rest = number
        for index in stride(from: offset + width - 1, through: offset, by: -1) {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
