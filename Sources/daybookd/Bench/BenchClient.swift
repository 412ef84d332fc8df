import Glibc

/// One connection to a ledger, with one request under way at a time.
struct BenchClient {
    let descriptor: Int32
    private var sent = ContinuousClock.now
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// What has come of the answer under way, or all of the last one.
    private(set) var answer: [UInt8] = []

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
        answer.removeAll(keepingCapacity: true)
        var written = 0
        while written < request.count {
            let count = request[written...].withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
            if count <= 0 { throw BenchError("the connection broke") }
            written += count
        }
    }

    /// The answer's fields have a fixed order, and the id is 1.
    private static let resultStart = Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\"".utf8)

    /// How long the answer took, when it is whole.
    mutating func receive() throws -> Duration? {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { throw BenchError("the connection broke") }
        answer += buffer[..<count]
        guard answer.last == UInt8(ascii: "\n") else { return nil }
        if !answer.starts(with: BenchClient.resultStart) {
            throw BenchError("refused: \(String(decoding: answer.prefix(500), as: UTF8.self))")
        }
        return ContinuousClock.now - sent
    }

    /// Sends one request and waits for its answer.
    mutating func ask(_ request: String) throws -> Duration {
        try send(Array(request.utf8))
        while true { if let waited = try receive() { return waited } }
    }
}
