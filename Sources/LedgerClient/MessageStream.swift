/// Messages of JSON-RPC 2.0 over one socket, a line each, without retries.
final class MessageStream {
    private let socket: UnixSocket
    private var input = LineBuffer()
    private var output: [UInt8] = []

    init(connectingTo path: String) throws(BrokenConnection) { socket = try UnixSocket(connectingTo: path) }

    /// Queues a line. It goes out with the next wait, together with others.
    func send(_ line: [UInt8]) { output.append(contentsOf: line) }

    /// The next message. Both directions move while it waits, so neither side can block the other.
    func receive() throws(StreamError) -> Incoming {
        while true {
            if let line = input.nextLine() { return try input.withBytes(line, Incoming.read).get() }
            if input.isOverfull { throw .notUnderstood("a line above \(LineBuffer.lineByteCountMax) bytes") }
            do { try moveBytes() } catch { throw .broken(error) }
        }
    }

    private func moveBytes() throws(BrokenConnection) {
        let ready = try socket.wait(toWrite: !output.isEmpty)
        if ready.canWrite { output.removeFirst(try socket.write(output)) }
        if ready.canRead { try input.fill(from: socket) }
    }
}

enum StreamError: Error {
    case broken(BrokenConnection)
    case notUnderstood(String)
}

/// Bytes as they arrive, given out by lines.
struct LineBuffer {
    /// A bound on what a peer that is no daemon can make us keep.
    static let lineByteCountMax = 64 << 20

    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to where no line feed has been found.
    private var searched = 0

    var isOverfull: Bool { bytes.count - start > Self.lineByteCountMax }

    /// The next whole line, without its line feed, as a place for `withBytes`; it is there until the next `fill`.
    mutating func nextLine() -> Range<Int>? {
        guard let feed = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return nil
        }
        defer {
            start = feed + 1
            searched = start
        }
        return start..<feed
    }

    func withBytes<Outcome>(_ line: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Outcome) -> Outcome {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[line])) }
    }

    /// Drops the lines that were given out and appends what has arrived.
    mutating func fill(from socket: UnixSocket) throws(BrokenConnection) {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        try socket.read(appendingTo: &bytes)
    }
}
