import Glibc

/// Why the server cannot listen.
public struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ path: String, _ reason: String) { description = "\(path): \(reason)" }
}

/// The file by which clients find the socket.
struct SocketFile: Sendable {
    let path: String

    /// Owner and group may connect. Who may speak is decided by the peer's credentials.
    private static let mode: mode_t = 0o660

    /// Bytes of a path, its ending zero included: `sun_path` of unix(7).
    private static let pathByteCountMax = 108

    /// Makes way for a new socket: a file that nobody listens on is removed, anything else is left and is an error.
    func makeWay() throws(SocketError) {
        guard path.utf8.count < SocketFile.pathByteCountMax else {
            throw SocketError(path, "a socket's path has at most \(SocketFile.pathByteCountMax - 1) bytes")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SocketError(path, "is there and is not a socket") }
        if isListenedOn { throw SocketError(path, "another process listens on it") }
        unlink(path)
    }

    func setMode() throws(SocketError) {
        if chmod(path, SocketFile.mode) != 0 {
            throw SocketError(path, "its mode cannot be set: \(String(cString: strerror(errno)))")
        }
    }

    func remove() { unlink(path) }

    /// A listening socket accepts, or is too busy to; only one whose process is gone refuses.
    private var isListenedOn: Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 || errno != ECONNREFUSED
    }
}
