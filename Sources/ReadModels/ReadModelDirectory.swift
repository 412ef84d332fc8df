import Glibc

/// The directory `views/`: of each read model the generation that answers, and beside it the next one while it is built.
///
/// | name | what it is |
/// |---|---|
/// | `daily.3.sqlite` | generation 3 of `daily`, whole; the highest is in use |
/// | `daily.4.sqlite.new` | generation 4, being built; renamed when it is whole and synced |
/// | `daily.sqlite` | generation 0, from before they were numbered |
/// | `daily.check-71-1.sqlite.new` | what a check has just created; it loses its name at once, and works without |
/// | each with `-wal`, `-shm`, `-journal` | what SQLite keeps beside it |
///
/// **No name is used twice.** SQLite finds a file's write-ahead log by name, and whoever closes the file last removes it by name. If a
/// new file had the old one's name, a slow reader of the old one could take the new one's log for its own, or remove it.
struct ReadModelDirectory: Sendable {
    let path: String

    /// Makes the directory if it is not there.
    func create() throws(ReadModelError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw ReadModelError("\(path): \(String(cString: strerror(errno)))") }
    }

    /// The path of a generation that is whole.
    func file(_ name: String, generation: Int) -> String {
        generation == 0 ? "\(path)/\(name).sqlite" : "\(path)/\(name).\(generation).sqlite"
    }

    /// The file in use of a read model; where the first would be when there is none.
    func file(_ name: String) -> String { file(name, generation: newest(name) ?? 0) }

    func exists(_ file: String) -> Bool { access(file, F_OK) == 0 }

    // MARK: What is there

    /// The names of the read models that have a whole file, in order.
    func names() -> [String] { Set(entries().filter { $0.isWhole }.map(\.name)).sorted() }

    /// The numbers of a read model's whole files, the newest first.
    func generations(of name: String) -> [Int] {
        entries().filter { $0.name == name && $0.isWhole }.compactMap(\.generation).sorted(by: >)
    }

    func newest(_ name: String) -> Int? { generations(of: name).first }

    /// A number above all that have a file, also of those that were begun.
    func next(_ name: String) -> Int { (entries().filter { $0.name == name }.compactMap(\.generation).max() ?? 0) + 1 }

    /// A path for a file that is nobody else's.
    func privateFile(_ name: String) -> String {
        var number = 1
        while exists(privateFile(name, number)) { number += 1 }
        return privateFile(name, number)
    }

    private func privateFile(_ name: String, _ number: Int) -> String { "\(path)/\(name).check-\(getpid())-\(number).sqlite.new" }

    private func entries() -> [ReadModelEntry] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var entries: [ReadModelEntry] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if let entry = ReadModelEntry(name) { entries.append(entry) }
        }
        return entries
    }

    // MARK: Changing it

    /// Removes a file, with what SQLite keeps beside it. The file goes first: its write-ahead log means nothing without it.
    func remove(_ file: String) {
        for suffix in [""] + ReadModelEntry.companions { unlink(file + suffix) }
    }

    /// Removes whatever there is of a read model but one generation. Nobody here may have it open.
    func remove(allOf name: String, but generation: Int?) {
        for entry in entries() where entry.name == name && !(entry.isOfWhole && entry.generation == generation) {
            unlink("\(path)/\(entry.fileName)")
        }
    }

    /// Gives a file that is complete its name. It is synced first, for it was written without.
    func complete(_ building: String, as file: String) throws(ReadModelError) {
        try sync(building)
        if rename(building, file) != 0 { throw ReadModelError("\(file): \(String(cString: strerror(errno)))") }
        try sync(path)
    }

    private func sync(_ path: String) throws(ReadModelError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor < 0 || fsync(descriptor) != 0 { throw ReadModelError("\(path): \(String(cString: strerror(errno)))") }
    }
}

/// A file of a read model, by its name in the directory.
struct ReadModelEntry: Hashable {
    let fileName: String
    /// The read model's name.
    let name: String
    /// Nil for a file that is no generation.
    let generation: Int?
    /// It belongs to a generation that is whole: the file itself, or what SQLite keeps beside it.
    let isOfWhole: Bool
    /// It is the file itself of a generation that is whole.
    let isWhole: Bool

    static let companions = ["-wal", "-shm", "-journal"]

    /// Nil for a file that is none of ours.
    init?(_ fileName: String) {
        let companion = ReadModelEntry.companions.first { fileName.hasSuffix($0) } ?? ""
        let file = fileName.dropLast(companion.count)
        let isBuilding = file.hasSuffix(".new")
        let whole = isBuilding ? file.dropLast(".new".count) : file
        guard whole.hasSuffix(".sqlite") else { return nil }
        let parts = whole.dropLast(".sqlite".count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let generation = parts.count == 1 ? 0 : Int(parts[1])
        // Only the name that we would give: not 03, not +3.
        let isGeneration = generation.map { $0 >= 0 && (parts.count == 1 || (String($0) == parts[1] && $0 > 0)) } ?? false
        if !isGeneration, !isBuilding { return nil }
        (self.fileName, name, self.generation) = (fileName, String(parts[0]), isGeneration ? generation : nil)
        isOfWhole = !isBuilding
        isWhole = !isBuilding && companion.isEmpty
    }
}

/// Why a read model cannot be built or compared.
public struct ReadModelError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
