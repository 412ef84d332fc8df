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
        try await withCheckedThrowingContinuation { continuation in
            OwnThread.run { continuation.resume(with: Result { try drive(for: duration, on: path) }) }
        }
    }

    private func drive(for duration: Duration, on path: String) throws -> Latencies {
        var number = 0
        func nextRequest() -> [UInt8] {
            number += 1
            return Array(request(number).utf8)
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

    private func request(_ number: Int) -> String {
        let ask = "\"feature\":\"\(BenchLedger.feature)\",\"quantities\":{\"requests\":1}"
        let start = "\"params\":{\"tenant\":\"\(BenchLedger.tenant)\",\"id\":\"d-\(number)\",\"account\":\"\(BenchLedger.account(number % accounts))\","
        if shape.itemsPerRequest == 1 { return "{\"jsonrpc\":\"2.0\",\"id\":\(number),\"method\":\"debit\",\(start)\(ask)}}\n" }
        let items = (0..<shape.itemsPerRequest).map { "{\"id\":\"i-\(number)-\($0)\",\(ask)}" }.joined(separator: ",")
        return "{\"jsonrpc\":\"2.0\",\"id\":\(number),\"method\":\"debitBatch\",\(start)\"batch\":\"batch-\(number)\",\"items\":[\(items)]}}\n"
    }
}

/// One connection of the load.
private struct BenchClient {
    let descriptor: Int32
    private var sent = ContinuousClock.now
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { throw BenchError("the socket's path is too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        if result != 0 { throw BenchError("no connection to \(path)") }
    }

    mutating func send(_ request: [UInt8]) throws {
        sent = .now
        var written = 0
        while written < request.count {
            let count = request[written...].withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
            if count <= 0 { throw BenchError("the connection broke") }
            written += count
        }
    }

    /// How long the answer took, when it is whole.
    mutating func receive() throws -> Duration? {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { throw BenchError("the connection broke") }
        guard buffer[count - 1] == UInt8(ascii: "\n") else { return nil }
        let answer = String(decoding: buffer[..<count].prefix(200), as: UTF8.self)
        if answer.contains("\"error\"") { throw BenchError("refused: \(answer)") }
        return ContinuousClock.now - sent
    }
}
