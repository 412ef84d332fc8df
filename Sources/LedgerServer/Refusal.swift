import JSONText
import LedgerRPC
import NIOCore

/// Tells a peer that may not speak so, and closes.
final class Refusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let peer: PeerCredentials

    init(_ peer: PeerCredentials) { self.peer = peer }

    func channelActive(context: ChannelHandlerContext) {
        var writer = JSONWriter(capacity: 256)
        writer.reply(to: .null, error: .unauthorized(peer: peer.user))
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: writer.bytes))).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
