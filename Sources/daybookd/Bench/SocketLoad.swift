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
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
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

    /// The answer's fields have a fixed order, and the id is 1.
    private static let resultStart = Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\"".utf8)

    private func isResult(_ answer: ArraySlice<UInt8>) -> Bool { answer.starts(with: BenchClient.resultStart) }

    /// How long the answer took, when it is whole.
    mutating func receive() throws -> Duration? {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { throw BenchError("the connection broke") }
        guard buffer[count - 1] == UInt8(ascii: "\n") else { return nil }
        if !isResult(buffer.prefix(count)) {
            throw BenchError("refused: \(String(decoding: buffer.prefix(min(count, 500)), as: UTF8.self))")
        }
        return ContinuousClock.now - sent
    }
}
