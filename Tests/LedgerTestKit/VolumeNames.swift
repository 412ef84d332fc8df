/// The names of the simulated volume: as processes see them, as they are on the medium, and what was done in between.
struct VolumeNames {
    /// Files by path.
    private(set) var files: [String: Int] = [:]
    private(set) var directories: Set<String> = ["/"]
    private var syncedFiles: [String: Int] = [:]
    private var syncedDirectories: Set<String> = ["/"]
    private var unsynced: [NameChange] = []

    func exists(_ path: String) -> Bool { files[path] != nil || directories.contains(path) }

    func syncedFile(_ path: String) -> Int? { syncedFiles[path] }

    /// The names in a directory, in order.
    func list(_ directory: String) -> [String] {
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        let paths = (Array(files.keys) + directories).filter { $0.hasPrefix(prefix) && $0.utf8.count > prefix.utf8.count }
        return paths.map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }.sorted()
    }

    mutating func change(_ change: NameChange) {
        change.apply(to: &files, &directories)
        unsynced.append(change)
    }

    /// Makes everything durable that was done in a directory.
    mutating func sync(_ directory: String) {
        for change in unsynced where change.directory == directory { change.apply(to: &syncedFiles, &syncedDirectories) }
        unsynced.removeAll { $0.directory == directory }
    }

    /// Puts a file in place, with the directories above it, all synced.
    mutating func put(_ path: String, _ file: Int) {
        var directory = VolumeNames.parent(of: path)
        while directories.insert(directory).inserted { directory = VolumeNames.parent(of: directory) }
        syncedDirectories.formUnion(directories)
        unsynced.removeAll { $0.concerns(path) || VolumeNames.isMakingDirectory($0) }
        (files[path], syncedFiles[path]) = (file, file)
    }

    /// What is left when the power is cut: each change done or not, and only files whose directory is there.
    mutating func cutPower(_ choices: inout PowerCutChoices) {
        for change in unsynced where choices.keeps() { change.apply(to: &syncedFiles, &syncedDirectories) }
        (files, directories) = (syncedFiles, syncedDirectories)
        files = files.filter { directories.contains(VolumeNames.parent(of: $0.key)) }
        (syncedFiles, unsynced) = (files, [])
    }

    static func parent(of path: String) -> String {
        let parent = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
        return parent.isEmpty ? "/" : String(parent)
    }

    private static func isMakingDirectory(_ change: NameChange) -> Bool {
        if case .makeDirectory = change { true } else { false }
    }
}

/// Something done to the names in a directory. Each is done as a whole or not at all, and names the file itself: where an
/// earlier change was lost, a later one does not strike another file.
enum NameChange {
    /// A new file, or a second name of one.
    case create(String, Int)
    /// The file has its new name, and the old name is free.
    case rename(String, Int, to: String)
    case remove(String)
    case makeDirectory(String)

    var directory: String {
        switch self {
        case .create(let path, _), .rename(_, _, let path), .remove(let path), .makeDirectory(let path):
            VolumeNames.parent(of: path)
        }
    }

    func concerns(_ path: String) -> Bool {
        switch self {
        case .create(let own, _), .remove(let own), .makeDirectory(let own): own == path
        case .rename(let own, _, let new): own == path || new == path
        }
    }

    func apply(to files: inout [String: Int], _ directories: inout Set<String>) {
        switch self {
        case .create(let path, let file): files[path] = file
        case .rename(let path, let file, let newPath): (files[path], files[newPath]) = (nil, file)
        case .remove(let path): files[path] = nil
        case .makeDirectory(let path): directories.insert(path)
        }
    }
}
