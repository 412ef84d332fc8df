import Glibc

/// The file system of this machine.
public struct PosixVolume: Volume {
    public init() {}

    public func createFile(_ path: String) throws(LogError) -> any VolumeFile {
        try PosixFile(path, O_RDWR | O_CREAT | O_EXCL)
    }

    public func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        try PosixFile(path, forWriting ? O_RDWR : O_RDONLY)
    }

    public func exists(_ path: String) throws(LogError) -> Bool {
        if access(path, F_OK) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw LogError("look for", path, errno) }
        return false
    }

    public func rename(_ path: String, to newPath: String) throws(LogError) {
        try check(Glibc.rename(path, newPath), "rename", path)
    }

    public func remove(_ path: String) throws(LogError) {
        try check(unlink(path), "remove", path)
    }

    public func makeReadOnly(_ path: String) throws(LogError) {
        try check(chmod(path, S_IRUSR), "make read-only", path)
    }

    public func list(_ directory: String) throws(LogError) -> [String] {
        guard let stream = opendir(directory) else { throw LogError("list", directory, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw LogError("list", directory, errno) }
        return names
    }

    public func makeDirectory(_ path: String) throws(LogError) {
        guard mkdir(path, S_IRWXU) != 0, errno != EEXIST else { return }
        throw LogError("make directory", path, errno)
    }

    public func syncDirectory(_ path: String) throws(LogError) {
        try PosixFile(path, O_RDONLY | O_DIRECTORY).syncAll()
    }

    public func lock(_ path: String) throws(LogError) -> any VolumeLock {
        let file = try PosixFile(path, O_RDWR | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 else { return file }
        guard errno == EWOULDBLOCK else { throw LogError("lock", path, errno) }
        throw LogError(.locked, "\(path): another process has this directory open for writing")
    }

    private func check(_ result: Int32, _ operation: String, _ path: String) throws(LogError) {
        guard result == 0 else { throw LogError(operation, path, errno) }
    }
}

private final class PosixFile: VolumeFile, VolumeLock {
    let descriptor: Int32
    private let path: String

    init(_ path: String, _ flags: Int32) throws(LogError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else { throw LogError("open", path, errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func byteCount() throws(LogError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw LogError("measure", path, errno) }
        return UInt64(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(LogError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count > 0 { done += count } else if errno != EINTR { throw LogError("read", path, errno) }
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
            if count >= 0 { done += count } else if errno != EINTR { throw LogError("write", path, errno) }
        }
    }

    func sync() throws(LogError) {
        // A sync that was interrupted is not tried again: what it left behind cannot be known.
        guard fdatasync(descriptor) == 0 else { throw LogError("sync", path, errno) }
    }

    func syncAll() throws(LogError) {
        guard fsync(descriptor) == 0 else { throw LogError("sync", path, errno) }
    }

    func forget(_ range: Range<UInt64>) {
        _ = posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_DONTNEED)
    }

    func truncate(to byteCount: UInt64) throws(LogError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw LogError("cut", path, errno) }
    }
}

extension LogError {
    fileprivate init(_ operation: String, _ path: String, _ number: Int32) {
        let isFull = number == ENOSPC || number == EDQUOT
        self.init(isFull ? .diskFull : .volumeFailed, "\(path): cannot \(operation): \(String(cString: strerror(number)))")
    }
}
