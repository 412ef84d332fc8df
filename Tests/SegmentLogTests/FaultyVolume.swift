import SegmentLog

/// A volume on which one chosen operation fails, and everything else works.
final class FaultyVolume: Volume, @unchecked Sendable {
    enum Operation: CaseIterable { case createFile, write, sync, truncate, rename, makeReadOnly, syncDirectory }

    private let inner: any Volume
    /// Fails the next operation of this kind, once so many of them have worked.
    var failing: (operation: Operation, after: Int)?
    /// How often each operation was asked for.
    private(set) var counts: [Operation: Int] = [:]
    /// The most bytes that a read has asked for.
    fileprivate(set) var largestRead = 0

    init(_ inner: any Volume) { self.inner = inner }

    fileprivate func pass(_ operation: Operation) throws(LogError) {
        counts[operation, default: 0] += 1
        guard let failing, failing.operation == operation else { return }
        self.failing = failing.after > 0 ? (operation, failing.after - 1) : nil
        if failing.after == 0 { throw LogError(.volumeFailed, "\(operation) fails because the test says so") }
    }

    func createFile(_ path: String) throws(LogError) -> any VolumeFile {
        try pass(.createFile)
        return FaultyFile(try inner.createFile(path), self)
    }

    func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        FaultyFile(try inner.openFile(path, forWriting: forWriting), self)
    }

    func exists(_ path: String) throws(LogError) -> Bool { try inner.exists(path) }

    func rename(_ path: String, to newPath: String) throws(LogError) {
        try pass(.rename)
        try inner.rename(path, to: newPath)
    }

    func remove(_ path: String) throws(LogError) { try inner.remove(path) }

    func makeReadOnly(_ path: String) throws(LogError) {
        try pass(.makeReadOnly)
        try inner.makeReadOnly(path)
    }

    func list(_ directory: String) throws(LogError) -> [String] { try inner.list(directory) }
    func makeDirectory(_ path: String) throws(LogError) { try inner.makeDirectory(path) }

    func syncDirectory(_ path: String) throws(LogError) {
        try pass(.syncDirectory)
        try inner.syncDirectory(path)
    }

    func lock(_ path: String) throws(LogError) -> any VolumeLock { try inner.lock(path) }
}

private final class FaultyFile: VolumeFile {
    private let inner: any VolumeFile
    private let volume: FaultyVolume

    init(_ inner: any VolumeFile, _ volume: FaultyVolume) {
        self.inner = inner
        self.volume = volume
    }

    func byteCount() throws(LogError) -> UInt64 { try inner.byteCount() }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(LogError) -> Int {
        volume.largestRead = max(volume.largestRead, buffer.count)
        return try inner.read(into: buffer, at: offset)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError) {
        try volume.pass(.write)
        try inner.write(bytes, at: offset)
    }

    func sync() throws(LogError) {
        try volume.pass(.sync)
        try inner.sync()
    }

    func truncate(to byteCount: UInt64) throws(LogError) {
        try volume.pass(.truncate)
        try inner.truncate(to: byteCount)
    }
}
