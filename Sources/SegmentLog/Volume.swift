/// The one seam between the log and the file system. Paths are used as they are given. Every method throws
/// `LogError(.volumeFailed)` when a system call fails, and `.diskFull` when no space is left.
///
/// Nothing is durable before its sync: a file's bytes and byte count after `VolumeFile.sync()`, a file's name, its
/// creation, renaming or removal, after `syncDirectory(_:)`.
public protocol Volume: Sendable {
    /// Makes an empty file that only its owner may read and write, and opens it for both. It must not exist.
    func createFile(_ path: String) throws(LogError) -> any VolumeFile
    func openFile(_ path: String, forWriting: Bool) throws(LogError) -> any VolumeFile
    func exists(_ path: String) throws(LogError) -> Bool
    /// Renames a file in its directory; a file of the new name is replaced. `PosixVolume` renames a directory as well, and
    /// replaces an empty one.
    func rename(_ path: String, to newPath: String) throws(LogError)
    /// Gives a file a second name (a hard link). The new name must not exist, and must be on the same file system.
    func link(_ path: String, to newPath: String) throws(LogError)
    func remove(_ path: String) throws(LogError)
    /// Lets nobody write a file any more.
    func makeReadOnly(_ path: String) throws(LogError)
    /// The names in a directory, in no particular order.
    func list(_ directory: String) throws(LogError) -> [String]
    /// Makes a directory that only its owner may use, unless it is there.
    func makeDirectory(_ path: String) throws(LogError)
    func syncDirectory(_ path: String) throws(LogError)
    /// Takes the exclusive lock of a file, made when absent; held until the result is released. Throws
    /// `LogError(.locked)` at once when it is held already, by this process or another.
    func lock(_ path: String) throws(LogError) -> any VolumeLock
}

extension Volume {
    /// What a volume without links answers.
    public func link(_ path: String, to newPath: String) throws(LogError) {
        throw LogError(.volumeFailed, "\(newPath): cannot link to \(path): this volume has no links")
    }
}

/// An open file. It is closed when the last reference goes. Reading is safe from several threads.
public protocol VolumeFile: AnyObject, Sendable {
    func byteCount() throws(LogError) -> UInt64
    /// Fills the buffer from `offset` on; returns fewer bytes than its count only where the file ends.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(LogError) -> Int
    /// Writes all bytes; beyond the end the file grows.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(LogError)
    /// Makes the file's bytes and byte count durable.
    func sync() throws(LogError)
    func truncate(to byteCount: UInt64) throws(LogError)
    /// Lets what was read of a range go from memory, so that the next read is one of the medium. A hint: it never fails.
    func forget(_ range: Range<UInt64>)
}

extension VolumeFile {
    /// For a volume that holds nothing beside the medium.
    public func forget(_ range: Range<UInt64>) {}
}

/// A lock that is held for as long as this object lives.
public protocol VolumeLock: AnyObject, Sendable {}
