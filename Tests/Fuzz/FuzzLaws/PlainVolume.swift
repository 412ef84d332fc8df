import Glibc
import SegmentLog

/// Files in memory, for one thread and without faults: a fuzzer makes one for each input, and what it costs and the code that
/// it reaches beside the log's should be little.
final class PlainVolume: Volume, @unchecked Sendable {
    private var files: [String: PlainFile] = [:]
    private var directories: Set<String> = ["/"]

    func put(_ path: String, _ bytes: [UInt8]) { files[path] = PlainFile(bytes) }

    func contents(_ path: String) -> [UInt8]? { files[path]?.bytes }

    func createFile(_ path: String) throws(LogError) -> any VolumeFile {
        if files[path] != nil { throw .failed(path, EEXIST) }
        let file = PlainFile([])
        files[path] = file
        return file
    }

    func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        guard let file = files[path], !(forWriting && file.isReadOnly) else { throw .failed(path, EACCES) }
        return file
    }

    func exists(_ path: String) -> Bool {
        files[path] != nil || directories.contains(path) || files.keys.contains { $0.hasPrefix(path + "/") }
    }

    func rename(_ path: String, to newPath: String) throws(LogError) {
        guard let file = files.removeValue(forKey: path) else { throw .failed(path, ENOENT) }
        files[newPath] = file
    }

    func remove(_ path: String) throws(LogError) {
        if files.removeValue(forKey: path) == nil { throw .failed(path, ENOENT) }
    }

    func makeReadOnly(_ path: String) throws(LogError) {
        guard let file = files[path] else { throw .failed(path, ENOENT) }
        file.isReadOnly = true
    }

    func list(_ directory: String) throws(LogError) -> [String] {
        files.keys.filter { $0.hasPrefix(directory + "/") }.map { String($0.dropFirst(directory.utf8.count + 1)) }
    }

    func makeDirectory(_ path: String) throws(LogError) { directories.insert(path) }
    func syncDirectory(_ path: String) throws(LogError) {}
    func lock(_ path: String) throws(LogError) -> any VolumeLock { PlainLock() }
}

private final class PlainFile: VolumeFile, @unchecked Sendable {
    var bytes: [UInt8]
    var isReadOnly = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byteCount() -> UInt64 { UInt64(bytes.count) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
        guard offset < UInt64(bytes.count) else { return 0 }
        let count = min(buffer.count, bytes.count - Int(offset))
        buffer.copyBytes(from: bytes[Int(offset)..<Int(offset) + count])
        return count
    }

    func write(_ new: UnsafeRawBufferPointer, at offset: UInt64) {
        let end = Int(offset) + new.count
        if bytes.count < end { truncate(to: UInt64(end)) }
        bytes.replaceSubrange(Int(offset)..<end, with: new)
    }

    func truncate(to byteCount: UInt64) {
        bytes.removeLast(max(0, bytes.count - Int(byteCount)))
        bytes.append(contentsOf: repeatElement(0, count: Int(byteCount) - bytes.count))
    }

    func sync() {}
}

private final class PlainLock: VolumeLock {}

extension LogError {
    fileprivate static func failed(_ path: String, _ number: CInt) -> LogError {
        LogError(.volumeFailed, "\(path): \(String(cString: strerror(number)))")
    }
}
