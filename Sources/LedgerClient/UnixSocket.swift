import Glibc

/// The connection ended, or a system call on it failed.
struct BrokenConnection: Error {
    let reason: String

    init(reason: String) { self.reason = reason }

    /// The system's words for the number of a failed call.
    init(code: Int32) { reason = String(cString: strerror(code)) }

    static func lastError() -> BrokenConnection { BrokenConnection(code: errno) }
}

/// One connected Unix stream socket that never blocks except in `wait`.
final class UnixSocket {
    private let descriptor: Int32

    init(connectingTo path: String) throws(BrokenConnection) {
        guard var address = UnixSocket.address(path) else {
            throw BrokenConnection(reason: "a socket's path has 1 to \(UnixSocket.pathByteCountMax) bytes")
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { throw .lastError() }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        if connected != 0 { throw .lastError() }
        if fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0 { throw .lastError() }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// What `sockaddr_un.sun_path` can hold before its closing zero (unix(7)).
    static let pathByteCountMax = 107

    private static func address(_ path: String) -> sockaddr_un? {
        guard (1...pathByteCountMax).contains(path.utf8.count) else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    /// Writes as much as the peer takes now and answers how much; 0 when it takes nothing.
    func write(_ bytes: [UInt8]) throws(BrokenConnection) -> Int {
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 { return count }
        if UnixSocket.isPassing(errno) { return 0 }
        throw .lastError()
    }

    /// Reads what is there, up to 64 KiB. The peer's end is an error.
    func read(appendingTo bytes: inout [UInt8]) throws(BrokenConnection) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.readByteCount))
        let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + start, Self.readByteCount, 0) }
        let code = errno
        bytes.removeLast(Self.readByteCount - max(count, 0))
        if count == 0 { throw BrokenConnection(reason: "the daemon closed it") }
        if count < 0, !UnixSocket.isPassing(code) { throw BrokenConnection(code: code) }
    }

    private static let readByteCount = 64 << 10

    /// Blocks until there is something to read, or, when asked, until the peer takes bytes again.
    func wait(toWrite: Bool) throws(BrokenConnection) -> (canRead: Bool, canWrite: Bool) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN | (toWrite ? POLLOUT : 0)), revents: 0)
        while poll(&request, 1, -1) < 0 {
            if errno != EINTR { throw .lastError() }
        }
        let canWrite = request.revents & Int16(POLLOUT) != 0
        return (request.revents & ~Int16(POLLOUT) != 0, canWrite)
    }

    private static func isPassing(_ code: Int32) -> Bool { code == EAGAIN || code == EWOULDBLOCK || code == EINTR }
}
