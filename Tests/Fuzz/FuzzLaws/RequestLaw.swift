import JSONText
import LedgerModel
import LedgerRPC

/// The bytes of one connection, which arrive in pieces: no bytes trap; lines are found where the newlines are, however the
/// pieces are cut; each line gives at least one request, and what answers it is JSON.
///
/// The first byte says how long the pieces are.
public func checkRequests(_ bytes: UnsafeRawBufferPointer) throws(BrokenLaw) {
    guard let first = bytes.first else { return }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let lines = found(in: stream, pieceByteCount: Int(first) + 1)
    if lines.map(\.count) != wholeLines(of: stream) { throw BrokenLaw("the lines are not those between the newlines") }
    for line in lines { try checkLine(line) }
}

/// Lines above this bound end the connection: as with the real bound, for inputs of a size that a fuzzer makes.
private let lineByteCountMax = 16 << 10

/// How long the lines of a stream are, up to the first that is too long.
private func wholeLines(of stream: UnsafeRawBufferPointer) -> [Int] {
    let parts = stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return parts.dropLast().map(\.count).prefix { $0 <= lineByteCountMax }.map { $0 }
}

/// The lines that the framing finds while pieces arrive.
private func found(in stream: UnsafeRawBufferPointer, pieceByteCount: Int) -> [UnsafeRawBufferPointer] {
    var framing = LineFraming(byteCountMax: lineByteCountMax)
    var lines: [UnsafeRawBufferPointer] = []
    var (start, end) = (0, 0)
    while true {
        switch framing.next(in: UnsafeRawBufferPointer(rebasing: stream[start..<end])) {
        case .line(let count):
            lines.append(UnsafeRawBufferPointer(rebasing: stream[start..<start + count]))
            start += count + 1
        case .more:
            if end == stream.count { return lines }
            end = min(stream.count, end + pieceByteCount)
        case .drop(let count): start += count
        case .tooLong: continue
        case .close: return lines
        }
    }
}

private func checkLine(_ line: UnsafeRawBufferPointer) throws(BrokenLaw) {
    var requests: [IncomingRequest] = []
    RequestParser(queries: ["usage.history", "balance.trend"], peer: 7).parse(line) { requests.append($0) }
    if requests.isEmpty { throw BrokenLaw("a line gave no request") }
    for request in requests { try checkAnswer(request) }
}

private func checkAnswer(_ request: IncomingRequest) throws(BrokenLaw) {
    guard let id = request.id else { return }
    var writer = JSONWriter()
    switch request.call {
    case .success: writer.reply(to: id) { $0.null() }
    case .failure(let error): writer.reply(to: id, error: error)
    }
    var reader = JSONReader(writer.bytes)
    do {
        _ = try reader.rawValue()
        try reader.finish()
    } catch { throw BrokenLaw("the answer is not JSON: \(error): \(String(decoding: writer.bytes, as: UTF8.self))") }
}
