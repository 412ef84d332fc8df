import Glibc
public import SegmentLog

/// A file system in memory. What is synced is kept apart from what is only written, for files and for directories, so that
/// a power cut can be played: `powerCut()` leaves what was synced and nothing else.
public final class MemoryVolume: Volume, @unchecked Sendable {
    private let lock = Lock()
    // Only under the lock, like everything in the nodes.
    private var state = State()

    public init() {}

    private struct State {
        /// Files by path, as a running process sees them.
        var files: [String: Node] = [:]
        /// Files by path, as they are on the medium: changed by syncing their directory.
        var syncedFiles: [String: Node] = [:]
        var directories: Set<String> = ["/"]
        var syncedDirectories: Set<String> = ["/"]
        var locks: Set<String> = []
    }

    public func createFile(_ path: String) throws(LogError) -> any VolumeFile {
        let node = Node(path, lock)
        try change { state throws(LogError) in
            guard state.files[path] == nil else { throw .system("open", path, EEXIST) }
            guard state.directories.contains(parent(of: path)) else { throw .system("open", path, ENOENT) }
            state.files[path] = node
        }
        return MemoryFile(node, isWritable: true)
    }

    public func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        let node = try node(path)
        if forWriting && node.isReadOnly { throw .system("open", path, EACCES) }
        return MemoryFile(node, isWritable: forWriting)
    }

    public func exists(_ path: String) -> Bool {
        change { $0.files[path] != nil || $0.directories.contains(path) }
    }

    public func rename(_ path: String, to newPath: String) throws(LogError) {
        try change { state throws(LogError) in
            guard let node = state.files.removeValue(forKey: path) else { throw .system("rename", path, ENOENT) }
            state.files[newPath] = node
        }
    }

    public func remove(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            guard state.files.removeValue(forKey: path) != nil else { throw .system("remove", path, ENOENT) }
        }
    }

    public func makeReadOnly(_ path: String) throws(LogError) {
        let node = try node(path)
        lock.withLock { node.isReadOnly = true }
    }

    public func list(_ directory: String) throws(LogError) -> [String] {
        try change { state throws(LogError) in
            guard state.directories.contains(directory) else { throw .system("list", directory, ENOENT) }
            let paths = Array(state.files.keys) + state.directories.filter { $0 != directory }
            return paths.filter { parent(of: $0) == directory }.map { String($0.dropFirst(directory.count + 1)) }
        }
    }

    public func makeDirectory(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            guard state.directories.contains(parent(of: path)) else { throw .system("make directory", path, ENOENT) }
            state.directories.insert(path)
        }
    }

    public func syncDirectory(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            guard state.directories.contains(path) else { throw .system("sync directory", path, ENOENT) }
            for name in state.syncedFiles.keys where parent(of: name) == path { state.syncedFiles[name] = nil }
            for (name, node) in state.files where parent(of: name) == path { state.syncedFiles[name] = node }
            state.syncedDirectories.formUnion(state.directories.filter { parent(of: $0) == path })
        }
    }

    public func lock(_ path: String) throws(LogError) -> any VolumeLock {
        if !exists(path) { _ = try createFile(path) }
        try change { state throws(LogError) in
            guard state.locks.insert(path).inserted else { throw LogError(.locked, "\(path) is locked") }
        }
        return MemoryLock { [self] in change { _ = $0.locks.remove(path) } }
    }

    private func node(_ path: String) throws(LogError) -> Node {
        guard let node = change({ $0.files[path] }) else { throw .system("open", path, ENOENT) }
        return node
    }

    private func change<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
        try lock.withLock { () throws(Failure) in try body(&state) }
    }
}

extension MemoryVolume {
    private func reading<Result>(_ path: String, _ body: (Node) -> Result) -> Result? {
        change { $0.files[path].map(body) }
    }

    /// The bytes of a file as a running process sees them; nil when there is none.
    public func contents(_ path: String) -> [UInt8]? { reading(path) { $0.contents } }

    /// The bytes of a file that a power cut leaves for certain; nil when its name is not synced.
    public func syncedContents(_ path: String) -> [UInt8]? { change { $0.syncedFiles[path]?.synced } }

    /// What has been done to a file since it was last synced, in order.
    public func unsynced(_ path: String) -> [FileChange] { reading(path) { $0.unsynced } ?? [] }

    /// Puts a whole file in place, synced; the directories above it are made.
    public func put(_ path: String, _ bytes: [UInt8]) {
        change { state in
            var directory = parent(of: path)
            while state.directories.insert(directory).inserted { directory = parent(of: directory) }
            state.syncedDirectories.formUnion(state.directories)
            let node = Node(path, lock, synced: bytes)
            state.files[path] = node
            state.syncedFiles[path] = node
        }
    }

    /// The machine loses power: of files and of names, what was synced is left. Locks are gone with their holders.
    public func powerCut() {
        change { state in
            for node in state.syncedFiles.values { node.dropUnsynced() }
            state.files = state.syncedFiles
            state.directories = state.syncedDirectories
            state.locks = []
        }
    }

    /// A volume with the same files and directories, all of them synced, that shares nothing with this one.
    public func copy() -> MemoryVolume {
        let copy = MemoryVolume()
        change { state in
            copy.state.directories = state.directories
            copy.state.syncedDirectories = state.directories
            copy.state.files = state.files.mapValues { $0.copy(copy.lock) }
            copy.state.syncedFiles = copy.state.files
        }
        return copy
    }
}

/// Something done to a file that is not yet synced.
public enum FileChange: Sendable, Hashable {
    case write(offset: Int, bytes: [UInt8])
    case truncate(byteCount: Int)

    func apply(to contents: inout [UInt8]) {
        switch self {
        case .write(let offset, let bytes):
            let end = offset + bytes.count
            if contents.count < end { contents.append(contentsOf: repeatElement(0, count: end - contents.count)) }
            contents.replaceSubrange(offset..<end, with: bytes)
        case .truncate(let byteCount):
            if byteCount < contents.count { contents.removeLast(contents.count - byteCount) }
            contents.append(contentsOf: repeatElement(0, count: byteCount - contents.count))
        }
    }
}

/// One file: what a process reads, what the medium holds, and the changes between them.
private final class Node: @unchecked Sendable {
    let path: String
    let lock: Lock
    var contents: [UInt8]
    var synced: [UInt8]
    var unsynced: [FileChange] = []
    var isReadOnly: Bool

    init(_ path: String, _ lock: Lock, synced: [UInt8] = [], isReadOnly: Bool = false) {
        self.path = path
        self.lock = lock
        contents = synced
        self.synced = synced
        self.isReadOnly = isReadOnly
    }

    func copy(_ lock: Lock) -> Node { Node(path, lock, synced: contents, isReadOnly: isReadOnly) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        lock.withLock {
            let count = max(0, min(buffer.count, contents.count - offset))
            if count > 0 { buffer.copyBytes(from: contents[offset..<offset + count]) }
            return count
        }
    }

    func change(_ change: FileChange) {
        lock.withLock {
            change.apply(to: &contents)
            unsynced.append(change)
        }
    }

    func sync() {
        lock.withLock {
            for change in unsynced { change.apply(to: &synced) }
            unsynced = []
        }
    }

    func dropUnsynced() {
        contents = synced
        unsynced = []
    }
}

/// A mutex of the system: the standard library's gives false alarms under the thread sanitizer.
private final class Lock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}

private final class MemoryFile: VolumeFile {
    private let node: Node
    private let isWritable: Bool

    init(_ node: Node, isWritable: Bool) {
        self.node = node
        self.isWritable = isWritable
    }

    func byteCount() -> UInt64 { UInt64(node.lock.withLock { node.contents.count }) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int { node.read(into: buffer, at: Int(offset)) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError) {
        guard isWritable else { throw .system("write", node.path, EBADF) }
        node.change(.write(offset: Int(offset), bytes: Array(bytes)))
    }

    func sync() { node.sync() }

    func truncate(to byteCount: UInt64) throws(LogError) {
        guard isWritable else { throw .system("cut", node.path, EINVAL) }
        node.change(.truncate(byteCount: Int(byteCount)))
    }
}

private final class MemoryLock: VolumeLock {
    private let release: @Sendable () -> Void

    init(_ release: @escaping @Sendable () -> Void) { self.release = release }

    deinit { release() }
}

private func parent(of path: String) -> String {
    let parent = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    return parent.isEmpty ? "/" : String(parent)
}

extension LogError {
    fileprivate static func system(_ operation: String, _ path: String, _ number: Int32) -> LogError {
        LogError(.volumeFailed, "\(path): cannot \(operation): \(String(cString: strerror(number)))")
    }
}
