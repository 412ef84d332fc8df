import Foundation
import Glibc

/// A client as simple as one can be: a socket, lines out, lines in. It blocks on threads of its own, never on the pool that the server's
/// tasks need.
final class SocketClient: @unchecked Sendable {
    private let descriptor: Int32
    private let sending = DispatchQueue(label: "sending")
    private let receiving = DispatchQueue(label: "receiving")
    private var received: [UInt8] = []
    /// Where the next line begins.
    private var start = 0

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno)!) }
        // A test that waits for ever is stopped here, and fails.
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Sends all bytes; returns early when the server has closed.
    func send(_ bytes: [UInt8]) async {
        await run(on: sending) { [descriptor] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count < 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// The next line without its newline; nil at the end.
    func line() async -> String? { await run(on: receiving) { self.nextLine() } }

    func lines(_ count: Int) async -> [String] {
        await run(on: receiving) { (0..<count).compactMap { _ in self.nextLine() } }
    }

    /// All lines to the end.
    func rest() async -> [String] {
        await run(on: receiving) {
            var lines: [String] = []
            while let line = self.nextLine() { lines.append(line) }
            return lines
        }
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func nextLine() -> String? {
        while true {
            if let end = received[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return String(decoding: received[start..<end], as: UTF8.self)
            }
            received.removeFirst(start)
            start = 0
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            received += buffer[..<count]
        }
    }

    private func run<Value: Sendable>(on thread: DispatchQueue, _ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in thread.async { continuation.resume(returning: body()) } }
    }
}

/// A directory for one test, removed with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/daybook-server.XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
