import Glibc
public import Projections

extension ProjectionFolder {
    /// The folders of SQL in a directory, in order of their names: what an operator adds to the built-in ones. Directories that hold no
    /// SQL, and what begins with a dot, are passed over.
    ///
    /// Nothing is read but ordinary files of a bounded size: a link, a pipe or a device in a folder is refused, and so is what is not UTF-8.
    public static func folders(in directory: String) throws(ProjectionError) -> [ProjectionFolder] {
        var folders: [ProjectionFolder] = []
        for name in try names(in: directory, of: directory) {
            let path = "\(directory)/\(name)"
            switch try kind(of: path, name, "") {
            case S_IFDIR:
                let folder = ProjectionFolder(name: name, files: try files(of: name, in: path))
                if !folder.files.isEmpty { folders.append(folder) }
            case S_IFLNK:
                throw ProjectionError(folder: name, file: "", reason: "it is a symbolic link: put the folder itself here")
            default: continue
            }
        }
        return folders
    }

    private static func files(of folder: String, in path: String, under prefix: String = "") throws(ProjectionError) -> [String:
        String]
    {
        var files: [String: String] = [:]
        for name in try names(in: "\(path)/\(prefix)", of: folder) {
            let file = prefix + name
            let kind = try kind(of: "\(path)/\(file)", folder, file)
            if kind == S_IFDIR {
                files.merge(try self.files(of: folder, in: path, under: file + "/")) { $1 }
            } else if name.hasSuffix(".sql") {
                files[file] = try text(of: "\(path)/\(file)", kind, folder, file)
            }
            if files.count > ReadModelBounds.folderFileCountMax {
                throw ProjectionError(
                    folder: folder, file: "", reason: "it has more than \(ReadModelBounds.folderFileCountMax) files of SQL")
            }
        }
        return files
    }

    private static func text(of path: String, _ kind: mode_t, _ folder: String, _ file: String) throws(ProjectionError) -> String
    {
        guard kind == S_IFREG else { throw ProjectionError(folder: folder, file: file, reason: "it is not an ordinary file") }
        guard let bytes = bytes(of: path, atMost: ReadModelBounds.folderFileByteCountMax) else {
            throw ProjectionError(folder: folder, file: file, reason: lastReason)
        }
        if bytes.count > ReadModelBounds.folderFileByteCountMax {
            throw ProjectionError(
                folder: folder, file: file, reason: "it has more than \(ReadModelBounds.folderFileByteCountMax) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProjectionError(folder: folder, file: file, reason: "it is not UTF-8 text")
        }
        return text
    }

    // MARK: Asking the system

    private static var lastReason: String { String(cString: strerror(errno)) }

    /// In order. What begins with a dot belongs to others.
    private static func names(in directory: String, of folder: String) throws(ProjectionError) -> [String] {
        guard let open = opendir(directory) else { throw ProjectionError(folder: folder, file: "", reason: lastReason) }
        defer { closedir(open) }
        var names: [String] = []
        while let entry = readdir(open) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func kind(of path: String, _ folder: String, _ file: String) throws(ProjectionError) -> mode_t {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw ProjectionError(folder: folder, file: file, reason: lastReason) }
        return status.st_mode & S_IFMT
    }

    /// A byte more than may be there, if it is there; nil when the file cannot be read.
    private static func bytes(of path: String, atMost count: Int) -> [UInt8]? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor < 0 { return nil }
        defer { close(descriptor) }
        var (bytes, end) = ([UInt8](repeating: 0, count: count + 1), 0)
        while end < bytes.count {
            let more = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + end, $0.count - end) }
            if more < 0 { return nil }
            if more == 0 { break }
            end += more
        }
        return Array(bytes.prefix(end))
    }
}
