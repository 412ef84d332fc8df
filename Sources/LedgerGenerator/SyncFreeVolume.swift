public import SegmentLog

/// The file system without its syncs: what is written is there as long as the machine runs.
public struct SyncFreeVolume: Volume {
    private let volume = PosixVolume()

    public init() {}

    public func createFile(_ path: String) throws(LogError) -> any VolumeFile { SyncFreeFile(try volume.createFile(path)) }

    public func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile {
        SyncFreeFile(try volume.openFile(path, forWriting: forWriting))
    }

    public func exists(_ path: String) throws(LogError) -> Bool { try volume.exists(path) }
    public func rename(_ path: String, to newPath: String) throws(LogError) { try volume.rename(path, to: newPath) }
    public func remove(_ path: String) throws(LogError) { try volume.remove(path) }
    public func makeReadOnly(_ path: String) throws(LogError) { try volume.makeReadOnly(path) }
    public func list(_ directory: String) throws(LogError) -> [String] { try volume.list(directory) }
    public func makeDirectory(_ path: String) throws(LogError) { try volume.makeDirectory(path) }
    public func syncDirectory(_ path: String) {}
    public func lock(_ path: String) throws(LogError) -> any VolumeLock { try volume.lock(path) }
}

private final class SyncFreeFile: VolumeFile {
    private let file: any VolumeFile

    init(_ file: any VolumeFile) { self.file = file }

    func byteCount() throws(LogError) -> UInt64 { try file.byteCount() }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(LogError) -> Int {
        try file.read(into: buffer, at: offset)
    }
    /// Zeros that the log writes ahead for the sake of its syncs become a hole, which is read as zeros all the same.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError) {
        let end = offset + UInt64(bytes.count)
        if bytes.allSatisfy({ $0 == 0 }), try file.byteCount() <= offset { return try file.truncate(to: end) }
        try file.write(bytes, at: offset)
    }
    func sync() {}
    func truncate(to byteCount: UInt64) throws(LogError) { try file.truncate(to: byteCount) }
}
