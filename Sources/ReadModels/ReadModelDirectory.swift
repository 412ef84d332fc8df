import Glibc

/// The directory `views/`: one SQLite file per read model, and beside it the one that is being built.
struct ReadModelDirectory: Sendable {
    let path: String

    /// Makes the directory if it is not there.
    func create() throws(ReadModelError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw ReadModelError("\(path): \(String(cString: strerror(errno)))") }
    }

    func file(_ name: String) -> String { "\(path)/\(name).sqlite" }
    func newFile(_ name: String) -> String { "\(path)/\(name).sqlite.new" }

    func exists(_ file: String) -> Bool { access(file, F_OK) == 0 }

    /// The names of the read models that have a file, in order.
    func names() -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasSuffix(".sqlite") { names.append(String(name.dropLast(".sqlite".count))) }
        }
        return names.sorted()
    }

    /// Removes a file, with what SQLite keeps beside it. The file goes first: its write-ahead log means nothing without it.
    func remove(_ file: String) {
        for path in [file, file + "-wal", file + "-shm", file + "-journal"] { unlink(path) }
    }

    /// Puts the new file in the place of the old one, which nobody may have open. The new one is synced first, for it was written without.
    func swap(_ name: String) throws(ReadModelError) {
        try sync(newFile(name))
        remove(file(name))
        if rename(newFile(name), file(name)) != 0 { throw ReadModelError("\(file(name)): \(String(cString: strerror(errno)))") }
        try sync(path)
    }

    private func sync(_ path: String) throws(ReadModelError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor < 0 || fsync(descriptor) != 0 { throw ReadModelError("\(path): \(String(cString: strerror(errno)))") }
    }
}

/// Why a read model cannot be built or compared.
public struct ReadModelError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
