import JSONText
import LedgerEngine
import LedgerModel
import LedgerRPC
import NIOCore

/// One client: its bytes in, its answers out. Belongs to its event loop.
///
/// Bytes are read only while there is room: fewer requests wait for an answer than may, and the client takes its answers. All answers of
/// one turn go out with one write.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let number: UInt64
    let lane: Lane
    let bounds: ServerBounds
    private let parser: RequestParser
    private var framing: LineFraming
    private var unread = ByteBuffer()
    private var slots = RequestSlots()
    private var outgoing = ByteBuffer()
    private(set) var context: ChannelHandlerContext?
    private var isReadHeld = false
    private var isInputClosed = false
    /// No more requests are taken: the client has ended its side, a line was too long, or the server stops.
    private var isEnding = false
    private var isClosing = false
    var subscription: Subscription?
    var subscriptionCount = 0
    /// Queries under way: their answers may be large.
    var queryCount = 0
    /// What is done off the loop for this client alone, by the tags of its requests: it ends with the connection.
    var tasks: [UInt64: Task<Void, Never>] = [:]
    /// The exports that are open, by their numbers.
    var exports: [Int64: OpenExport] = [:]
    /// How many have been opened.
    var exportCount: Int64 = 0
    /// How many are being opened.
    var beginningExportCount = 0
    /// So may those of explanations under way, by their tags.
    private var explanations: Set<UInt64> = []

    init(_ number: UInt64, _ lane: Lane, _ parser: RequestParser, _ bounds: ServerBounds) {
        self.number = number
        self.lane = lane
        self.parser = parser
        self.bounds = bounds
        framing = LineFraming(byteCountMax: bounds.lineByteCountMax)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lane.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        endSubscription()
        endExports()
        for task in tasks.values { task.cancel() }
        lane.remove(self)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if unread.readableBytes == 0 {
            unread = bytes
        } else {
            unread.discardReadBytes()
            unread.writeBuffer(&bytes)
        }
        takeRequests()
    }

    func channelReadComplete(context: ChannelHandlerContext) { settle() }

    func read(context: ChannelHandlerContext) {
        if hasRoom { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        settle()
        context.fireChannelWritabilityChanged()
    }

    /// The client has ended its side. It still gets its answers; an unfinished line is forgotten.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        isInputClosed = true
        settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Requests

    private var hasRoom: Bool {
        !isEnding && slots.count < bounds.inFlightCountMax && queryCount + explanations.count < bounds.queryCountMax
            && outgoing.readableBytes < ServerBounds.unsentByteCountMax && context?.channel.isWritable ?? false
    }

    private func takeRequests() {
        while hasRoom {
            switch unread.withUnsafeReadableBytes({ framing.next(in: $0) }) {
            case .line(let byteCount): takeLine(byteCount)
            case .more: return
            case .tooLong:
                write(.tooLarge("a line of more bytes", limit: bounds.lineByteCountMax), to: .null)
            case .drop(let byteCount): unread.moveReaderIndex(forwardBy: byteCount)
            case .close: isEnding = true
            }
        }
    }

    private func takeLine(_ byteCount: Int) {
        unread.withUnsafeReadableBytes { bytes in
            parser.parse(UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]), take)
        }
        unread.moveReaderIndex(forwardBy: byteCount + 1)
    }

    private func take(_ request: IncomingRequest) {
        switch request.call {
        case .failure(let error): write(error, to: request.id)
        case .success(.command(let command)): ask(.command(command), request.id)
        case .success(.balance(let tenant, let account, let unit)):
            ask(.balance(tenant: tenant, account: account, unit: unit), request.id)
        case .success(.quota(let tenant, let account)): ask(.quota(tenant: tenant, account: account), request.id)
        case .success(.check(let check)): ask(.check(check), request.id)
        case .success(.verifyKey(let hash)): ask(.verifyKey(hash), request.id)
        case .success(.explain(let explain)): explanations.insert(ask(.explain(Inquiry(explain)), request.id))
        case .success(.query(let method, let parameters)): query(method, parameters, tag: slots.insert(request.id))
        case .success(.export(let call)): export(call, tag: slots.insert(request.id))
        case .success(.whatIf(let call)): whatIf(call, tag: slots.insert(request.id))
        case .success(.rebuild(let call)): rebuild(call, tag: slots.insert(request.id))
        case .success(.proof(let question)): prove(question, tag: slots.insert(request.id))
        case .success(.status): status(tag: slots.insert(request.id))
        case .success(.discover): discover(request.id)
        case .success(.subscribe(let filter, let from)): subscribe(filter, from: from, request.id)
        case .success(.unsubscribe): unsubscribe(request.id)
        }
    }

    @discardableResult
    private func ask(_ question: Question, _ id: RequestID?) -> UInt64 {
        let tag = slots.insert(id)
        lane.ask(question, from: number, tag: tag)
        return tag
    }

    // MARK: Answers

    func answer(_ tag: UInt64, with outcome: Outcome) {
        explanations.remove(tag)
        guard let id = slots.remove(tag) else { return }
        lane.writer.outcome(outcome, to: id)
        sendWritten()
    }

    func answer(_ tag: UInt64, with error: RPCError) {
        explanations.remove(tag)
        write(error, to: slots.remove(tag))
    }

    func answer(_ tag: UInt64, result: (inout JSONWriter) -> Void) { write(to: slots.remove(tag), result: result) }

    func write(to id: RequestID?, result: (inout JSONWriter) -> Void) {
        guard let id else { return }
        lane.writer.reply(to: id, result: result)
        sendWritten()
    }

    func write(_ error: RPCError, to id: RequestID?) {
        guard let id else { return }
        lane.writer.reply(to: id, error: error)
        sendWritten()
    }

    func writeNotification(_ notification: (inout JSONWriter) -> Void) {
        notification(&lane.writer)
        sendWritten()
    }

    private func sendWritten() {
        outgoing.writeBytes(lane.writer.bytes)
        lane.writer.removeAll()
    }

    /// Sends what has been answered, takes the requests for which there is room now, and reads or ends.
    func settle() {
        flush()
        var wasFull = false
        repeat {
            takeRequests()
            wasFull = outgoing.readableBytes >= ServerBounds.unsentByteCountMax
            flush()
        } while wasFull && hasRoom
        if isReadHeld, hasRoom, let context {
            isReadHeld = false
            context.read()
        }
        endIfDone()
    }

    func flush() {
        guard outgoing.readableBytes > 0, let context else { return }
        // Writing may tell of a change of writability at once, and so come here again.
        var bytes = ByteBuffer()
        swap(&bytes, &outgoing)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: lane.promise(for: bytes.readableBytes))
        bytes.clear()
        if outgoing.readableBytes == 0 { outgoing = bytes }
    }

    // MARK: Ending

    /// Takes no more requests, and closes once those that wait are answered.
    func stop() {
        isEnding = true
        endSubscription()
        settle()
    }

    private func endIfDone() {
        if isInputClosed, hasRoom { isEnding = true }
        guard isEnding, slots.count == 0, subscription == nil, !isClosing, let context else { return }
        isClosing = true
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in connection.value.close() }
    }

    func close() { context?.close(promise: nil) }
}
