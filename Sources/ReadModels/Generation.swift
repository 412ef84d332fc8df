import Glibc
import SegmentLog

/// One file of a read model that is whole, for as long as anybody here has to do with it.
///
/// Whoever opens the file holds this. When another generation has taken its place it is retired, and removed when the last one lets go:
/// a query or an export that has begun on it ends on it.
final class Generation: Sendable {
    let name: String
    let number: Int
    let path: String
    private let directory: ReadModelDirectory
    private let isRetired = Monitor(false)

    init(_ name: String, _ number: Int, in directory: ReadModelDirectory) {
        (self.name, self.number, self.directory) = (name, number, directory)
        path = directory.file(name, generation: number)
    }

    /// Where it is while it is built.
    var building: String { path + ".new" }

    /// It is whole: what was built takes its name.
    func complete() throws(ReadModelError) { try directory.complete(building, as: path) }

    /// It answers no more. Its file goes when nobody holds this any more.
    func retire() { isRetired.withLock { $0 = true } }

    deinit {
        guard isRetired.withLock({ $0 }) else { return }
        // Freeing a large file takes the disk a while: no query is to wait for that.
        OwnThread.run(niceness: ReadModelBounds.projectorNiceness) { [directory, path] in directory.remove(path) }
    }
}

/// Which file stands at a path, so that another one in its place is noticed.
struct FileIdentity: Hashable {
    private let device: dev_t
    private let inode: ino_t

    /// Nil when there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (status.st_dev, status.st_ino)
    }
}
