import Glibc
public import SegmentLog

/// A file system in memory that fails as it is told to. What is synced is kept apart from what is only written, for files
/// and for names, so that a power cut can leave any part of the rest; every operation is counted, and any of them can
/// fail, be done in part, go to the wrong place or be the last. It promises what `Volume` says and no more, as any file
/// system might; a test of the contract holds it and the real one to the same. Two volumes that are told the same do the
/// same.
public final class MemoryVolume: Volume, @unchecked Sendable {
    private let mutex = Lock()
    // Only under the lock.
    private var state: VolumeState

    public init() { state = VolumeState() }

    private init(_ state: VolumeState) { self.state = state }

    public func createFile(_ path: String) throws(LogError) -> any VolumeFile {
        try change { state throws(LogError) in
            _ = try state.begin(.createFile, path)
            return MemoryFile(self, path, try state.create(path, .createFile), life: state.life, isWritable: true)
        }
    }

    public func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        try change { state throws(LogError) in
            _ = try state.begin(.openFile, path)
            let file = try state.file(path, .openFile)
            if forWriting && state.nodes[file].isReadOnly { throw LogError(.openFile, path, EACCES) }
            return MemoryFile(self, path, file, life: state.life, isWritable: forWriting)
        }
    }

    public func exists(_ path: String) throws(LogError) -> Bool {
        try change { state throws(LogError) in
            _ = try state.begin(.exists, path)
            return state.names.exists(path)
        }
    }

    public func rename(_ path: String, to newPath: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.rename, path)
            let file = try state.file(path, .rename)
            // Two names of one file stay as they are (POSIX, rename).
            if state.names.files[newPath] != file { state.names.change(.rename(path, file, to: newPath)) }
        }
    }

    public func link(_ path: String, to newPath: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.link, path)
            let file = try state.file(path, .link)
            guard !state.names.exists(newPath) else { throw LogError(.link, newPath, EEXIST) }
            guard state.names.directories.contains(VolumeNames.parent(of: newPath)) else {
                throw LogError(.link, newPath, ENOENT)
            }
            state.names.change(.create(newPath, file))
        }
    }

    public func remove(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.remove, path)
            _ = try state.file(path, .remove)
            state.names.change(.remove(path))
        }
    }

    public func makeReadOnly(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.makeReadOnly, path)
            state.makeReadOnly(try state.file(path, .makeReadOnly))
        }
    }

    public func list(_ directory: String) throws(LogError) -> [String] {
        try change { state throws(LogError) in
            _ = try state.begin(.list, directory)
            guard state.names.directories.contains(directory) else { throw LogError(.list, directory, ENOENT) }
            return state.names.list(directory)
        }
    }

    public func makeDirectory(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.makeDirectory, path)
            guard state.names.directories.contains(VolumeNames.parent(of: path)) else {
                throw LogError(.makeDirectory, path, ENOENT)
            }
            if !state.names.exists(path) { state.names.change(.makeDirectory(path)) }
        }
    }

    public func syncDirectory(_ path: String) throws(LogError) {
        try change { state throws(LogError) in
            _ = try state.begin(.syncDirectory, path)
            guard state.names.directories.contains(path) else { throw LogError(.syncDirectory, path, ENOENT) }
            state.names.sync(path)
        }
    }

    public func lock(_ path: String) throws(LogError) -> any VolumeLock {
        try change { state throws(LogError) in
            _ = try state.begin(.lock, path)
            if !state.names.exists(path) { _ = try state.create(path, .lock) }
            guard state.locks[path] == nil else { throw LogError(.locked, "\(path) is locked") }
            state.locks[path] = state.life
            return MemoryLock(self, path, life: state.life)
        }
    }

    fileprivate func change<Result, Failure: Error>(
        _ body: (inout VolumeState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mutex.withLock { () throws(Failure) in try body(&state) }
    }
}

extension MemoryVolume {
    /// How many operations there were that change something or make it durable. The next one has this index.
    public var operationCount: Int { change { $0.operationCount } }

    /// How often each operation was asked for.
    public var counts: [VolumeOperation: Int] { change { $0.counts } }

    /// The most bytes that one read has asked for.
    public var largestReadByteCount: Int { change { $0.largestReadByteCount } }

    /// Has a fault happen, once. Of several for one operation the first planned is played.
    public func plan(_ fault: VolumeFault, at place: FaultPlace) { change { $0.plan.add(fault, place) } }

    /// Forgets the faults that have not happened.
    public func unplan() { change { $0.plan.removeAll() } }

    /// How many faults have not happened yet.
    public var plannedCount: Int { change { $0.plan.count } }

    /// A crash has happened, and neither a restart nor a power cut since.
    public var isCrashed: Bool { change { $0.isCrashed } }

    /// The bytes that all files may have together, or nil. What is beyond fails with `.diskFull`, after as much as fits was
    /// written.
    public var capacity: Int? {
        get { change { $0.capacity } }
        set { change { $0.capacity = newValue } }
    }

    /// Flips a bit of a file on the medium: bit `bit % 8` of byte `bit / 8`.
    public func flipBit(_ path: String, bit: Int) { change { $0.flip(path, bit: bit) } }

    /// The machine loses power. What the processes had open is dead, their locks are free.
    public func powerCut(_ cut: PowerCut = .syncedOnly) { change { $0.cutPower(cut) } }

    /// The machine loses power, and any part of what was not synced is left: `PowerCut.sectors(seed:)`.
    public func powerCut(seed: UInt64) { powerCut(.sectors(seed: seed)) }

    /// All processes die; the machine goes on. What was written can be read, synced or not. What they had open is dead,
    /// their locks are free.
    public func restart() { change { $0.restart() } }

    /// A volume with the same files and names, synced and not, that shares nothing with this one. Nobody has anything open
    /// there, no fault is planned, and its operations are counted anew.
    public func copy() -> MemoryVolume { MemoryVolume(change { $0.copied() }) }

    /// The bytes of a file as a running process sees them; nil when there is none.
    public func contents(_ path: String) -> [UInt8]? { change { $0.node(path)?.contents } }

    /// The bytes of a file that a power cut leaves for certain; nil when its name is not synced.
    public func syncedContents(_ path: String) -> [UInt8]? { change { $0.syncedBytes(path) } }

    /// Whether a power cut leaves a file's bytes as they are for certain. Says nothing of its name.
    public func isSynced(_ path: String) -> Bool { change { $0.node(path)?.isSynced ?? false } }

    /// Every file there is, in order.
    public var paths: [String] { change { $0.names.files.keys.sorted() } }

    /// Puts a whole file in place, synced; the directories above it are made.
    public func put(_ path: String, _ bytes: [UInt8]) { change { $0.put(path, bytes) } }
}

private final class MemoryFile: VolumeFile {
    private let volume: MemoryVolume
    private let path: String
    private let file: Int
    private let life: Int
    private let isWritable: Bool

    init(_ volume: MemoryVolume, _ path: String, _ file: Int, life: Int, isWritable: Bool) {
        self.volume = volume
        self.path = path
        self.file = file
        self.life = life
        self.isWritable = isWritable
    }

    func byteCount() throws(LogError) -> UInt64 {
        try volume.change { state throws(LogError) in
            _ = try state.begin(.measure, path, life: life)
            return UInt64(state.nodes[file].contents.count)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(LogError) -> Int {
        try volume.change { state throws(LogError) in
            _ = try state.begin(.read, path, life: life)
            return state.read(file, into: buffer, at: Int(offset))
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError) {
        try volume.change { state throws(LogError) in
            let fault = try state.begin(.write, path, life: life)
            guard isWritable else { throw LogError(.write, path, EBADF) }
            try state.write(file, path, Array(bytes), at: Int(offset), fault)
        }
    }

    func sync() throws(LogError) {
        try volume.change { state throws(LogError) in
            let fault = try state.begin(.sync, path, life: life)
            try state.sync(file, path, fault)
        }
    }

    func truncate(to byteCount: UInt64) throws(LogError) {
        try volume.change { state throws(LogError) in
            _ = try state.begin(.truncate, path, life: life)
            guard isWritable else { throw LogError(.truncate, path, EINVAL) }
            try state.truncate(file, path, to: Int(byteCount))
        }
    }
}

private final class MemoryLock: VolumeLock {
    private let volume: MemoryVolume
    private let path: String
    private let life: Int

    init(_ volume: MemoryVolume, _ path: String, life: Int) {
        self.volume = volume
        self.path = path
        self.life = life
    }

    deinit {
        volume.change { state in
            if state.locks[path] == life { state.locks[path] = nil }
        }
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
