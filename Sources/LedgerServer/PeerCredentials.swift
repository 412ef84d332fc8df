import NIOCore

/// Who is at the other end of a Unix socket, as the kernel knows it (unix(7), SO_PEERCRED): `struct ucred`.
struct PeerCredentials: Sendable {
    var process: Int32
    var user: UInt32
    var group: UInt32

    /// SO_PEERCRED, which the C library's module does not show.
    private static let option = NIOBSDSocket.Option(rawValue: 17)

    /// Fails when the channel is no Unix socket.
    static func read(from channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return provider.unsafeGetSocketOption(level: .socket, name: option)
    }
}
