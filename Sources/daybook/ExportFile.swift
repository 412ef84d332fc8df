import Glibc

/// Where an export is written: standard output, or a file that appears under its name only when it is whole.
///
/// The file is written beside its place, under a name that ends in `.part`, and renamed when all of it is on the disk. Whatever ends the
/// program before leaves what was there.
final class ExportFile {
    private let descriptor: Int32
    /// Nil for standard output.
    private let place: Place?
    private var buffer: [UInt8] = []
    private var isComplete = false

    private struct Place {
        let path: String
        let part: String
    }

    /// - Parameter path: nil for standard output.
    init(_ path: String?) throws(Failure) {
        guard let path else {
            (descriptor, place) = (STDOUT_FILENO, nil)
            return
        }
        let target = try ExportFile.target(path)
        let part = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
        descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        if descriptor < 0 { throw .usage("\(path) cannot be written: \(ExportFile.reason).") }
        PartFile.begin(part)
        place = Place(path: target, part: part)
    }

    deinit {
        guard let place else { return }
        close(descriptor)
        if !isComplete { unlink(place.part) }
        PartFile.end()
    }

    /// The file that a path stands for. A device or a pipe must not be replaced by a file.
    private static func target(_ path: String) throws(Failure) -> String {
        var status = stat()
        if stat(path, &status) != 0 { return path }
        if status.st_mode & S_IFMT != S_IFREG {
            throw .usage("\(path) is no file: leave --output out, and redirect standard output there.")
        }
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    // MARK: Writing

    func write(_ bytes: some Collection<UInt8>) throws(Failure) {
        buffer += bytes
        if buffer.count >= ExportFile.bufferByteCount { try flush() }
    }

    private static let bufferByteCount = 64 << 10

    /// Everything is there: the file takes its name.
    func complete() throws(Failure) {
        try flush()
        guard let place else { return }
        if fsync(descriptor) != 0 || rename(place.part, place.path) != 0 { throw failure(ExportFile.reason) }
        isComplete = true
    }

    private func flush() throws(Failure) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw failure(ExportFile.reason) }
            rest = rest.dropFirst(max(count, 0))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure(_ reason: String) -> Failure {
        let what = place.map { "\($0.path) is not written" } ?? "standard output is not complete"
        return Failure(status: .failed, message: "\(what): \(reason).")
    }

    private static var reason: String { String(cString: strerror(errno)) }
}

/// The file under way, which goes when the program is interrupted.
private enum PartFile {
    /// Read by the signal's handler, which may do little else than call the system (signal-safety(7)).
    nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

    static func begin(_ path: String) {
        self.path = strdup(path)
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, removeAndEnd) }
    }

    static func end() {
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
        free(path)
        path = nil
    }

    private static let removeAndEnd: @convention(c) (Int32) -> Void = { number in
        if let path = PartFile.path { unlink(path) }
        signal(number, SIG_DFL)
        raise(number)
    }
}
