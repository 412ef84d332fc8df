import Crypto
import Glibc

/// A file that is read from its start to its end, and hashed on the way.
final class HashedFile {
    let path: String
    let byteCount: Int
    private(set) var bytesRead = 0
    private let descriptor: Int32
    private var hash = SHA256()

    init(path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            let reason = String(cString: strerror(errno))
            byteCount = 0
            throw .usage("\(path) cannot be opened: \(reason).")
        }
        byteCount = Int(lseek(descriptor, 0, SEEK_END))
        if byteCount < 0 { throw .usage("\(path) is read twice, so it must be a file and no pipe.") }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next bytes; none at the end.
    func nextChunk() throws(Failure) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 { throw Failure(status: .failed, message: "\(path) cannot be read: \(String(cString: strerror(errno))).") }
        chunk.removeLast(chunk.count - count)
        hash.update(data: chunk)
        bytesRead += count
        return chunk
    }

    /// Reads what is left, answers the first 12 hexadecimal digits of the whole file's SHA-256, and goes back to the start.
    func finish() throws(Failure) -> String {
        while let chunk = try nextChunk(), !chunk.isEmpty {}
        let digest = hash.finalize()
        hash = SHA256()
        bytesRead = 0
        lseek(descriptor, 0, SEEK_SET)
        return digest.prefix(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
