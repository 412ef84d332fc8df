import Foundation
import Glibc

/// A listening socket whose conversations are scripted: the n-th connection is handled by the n-th conversation, then closed. After the
/// last one nobody listens any more.
public final class FakeDaemon: Sendable {
    public typealias Conversation = @Sendable (FakeConnection) -> Void

    public let path: String
    private let log: ReceivedLines
    private let done = DispatchSemaphore(value: 0)

    public init(_ conversations: Conversation...) {
        path = FakeDaemon.unusedPath()
        let listener = FakeDaemon.listen(at: path)
        let (log, done, path) = (ReceivedLines(), done, path)
        self.log = log
        let thread = Thread {
            for (index, conversation) in conversations.enumerated() {
                let peer = accept(listener, nil, nil)
                if index == conversations.count - 1 { FakeDaemon.stopListening(listener, path) }
                conversation(FakeConnection(peer, log))
            }
            done.signal()
        }
        thread.start()
    }

    /// Waits until the last conversation has ended, and answers the lines that came, per connection.
    public func finish() -> [[String]] {
        done.wait()
        return log.all
    }

    public static func unusedPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("fake-\(UInt64.random(in: .min ... .max)).sock").path
    }

    private static func listen(at path: String) -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        // A client that never comes shall fail its test, not hang it.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        precondition(bound == 0 && Glibc.listen(listener, 8) == 0, "cannot listen at \(path)")
        return listener
    }

    private static func stopListening(_ listener: Int32, _ path: String) {
        close(listener)
        unlink(path)
    }
}

/// What all connections received, in their order.
final class ReceivedLines: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [[String]] = []

    var all: [[String]] { lock.withLock { lines } }

    func open() -> Int {
        lock.withLock {
            lines.append([])
            return lines.count - 1
        }
    }

    func add(_ line: String, to connection: Int) { lock.withLock { lines[connection].append(line) } }
}

/// The daemon's end of one connection. It belongs to the daemon's thread.
public final class FakeConnection {
    private let peer: Int32
    private let log: ReceivedLines
    private let number: Int
    private var input: [UInt8] = []

    init(_ peer: Int32, _ log: ReceivedLines) {
        (self.peer, self.log) = (peer, log)
        number = log.open()
    }

    deinit { close(peer) }

    /// The next line, or nil when the client has gone.
    @discardableResult
    public func line() -> String? {
        while true {
            if let feed = input.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: input[..<feed], as: UTF8.self)
                input.removeFirst(feed + 1)
                log.add(line, to: number)
                return line
            }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(peer, &chunk, chunk.count, 0)
            if count <= 0 { return nil }
            input.append(contentsOf: chunk[..<count])
        }
    }

    /// True when more than was read has already arrived.
    public var hasMore: Bool {
        var byte: UInt8 = 0
        return !input.isEmpty || recv(peer, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Writes bytes as they are.
    public func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Answers request `id` with a result that is JSON already.
    public func answer(_ id: Int, _ result: String) { write("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":\(result)}\n") }

    /// Answers request `id` with an error that is JSON already.
    public func refuse(_ id: Int, _ error: String) { write("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"error\":\(error)}\n") }

    public func notify(_ method: String, _ params: String) {
        write("{\"jsonrpc\":\"2.0\",\"method\":\"\(method)\",\"params\":\(params)}\n")
    }
}
