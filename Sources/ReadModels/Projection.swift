import CChecksum
public import Projections

/// A read model's definition: a folder of SQL, read and checked.
public struct Projection: Sendable, Hashable {
    public let name: String
    /// What the read model answers: the first comment of `schema.sql`.
    public let sentence: String
    public let queries: [Query]
    /// 64 hexadecimal digits over `schema.sql` and `apply.sql`: a file built from other SQL has another version, and is rebuilt. The
    /// queries do not count, for they leave the file as it is.
    public let version: String
    let folder: ProjectionFolder

    /// Reads a folder, and tries all its SQL out on an empty file. Throws what is wrong, with the file's name.
    public init(_ folder: ProjectionFolder) throws(ProjectionError) {
        if let fault = Projection.fault(ofName: folder.name) {
            throw ProjectionError(folder: folder.name, file: "", reason: fault)
        }
        try folder.check()
        self.folder = folder
        name = folder.name
        version = try Projection.version(of: folder)
        sentence = Projection.firstComment(try folder.text(ProjectionFolder.schema))
        queries = try folder.queryPaths.map { (path) throws(ProjectionError) in try Projection.query(path, in: folder) }
        if sentence.isEmpty {
            throw ProjectionError(
                folder: name, file: ProjectionFolder.schema, reason: "the first comment must say what this read model answers")
        }
        try Rehearsal.run(self)
    }

    /// What the program brings along. Their SQL is the program's own, so that a fault in it is a programming error.
    public static let builtIn: [Projection] = ProjectionFolder.builtIn.map { folder in
        do { return try Projection(folder) } catch { preconditionFailure("\(error)") }
    }

    var schema: String { folder.files[ProjectionFolder.schema] ?? "" }
    var apply: String { folder.files[ProjectionFolder.apply] ?? "" }

    /// A name that is a file's name and the first half of a method's.
    private static func fault(ofName name: String) -> String? {
        if !name.isPlain { return "a folder's name is a letter, then letters and digits, 64 at most" }
        if reservedNames.contains(name.lowercased()) {
            return "the name is taken: methods of the ledger itself begin with \(name.lowercased())"
        }
        return nil
    }

    /// What methods of the ledger itself begin with (`events.subscribe`, `rpc.discover`), and other names of its own.
    static let reservedNames: Set<String> = ["daybook", "events", "export", "ledger", "log", "readmodels", "rpc", "whatif"]

    private static func version(of folder: ProjectionFolder) throws(ProjectionError) -> String {
        // A change of what the tables of the stretch mean changes this number, and so rebuilds every read model.
        let text =
            "daybook projection 1\n" + (try folder.text(ProjectionFolder.schema)) + "\0"
            + (try folder.text(ProjectionFolder.apply))
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(text.utf8)
        checksum_sha256_of(bytes, bytes.count, &digest)
        return digest.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    private static func firstComment(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("--") }
            .map { $0.dropFirst(2).drop { $0 == " " } }.joined(separator: " ")
    }

    private static func query(_ path: String, in folder: ProjectionFolder) throws(ProjectionError) -> Query {
        let sql = try folder.text(path)
        do {
            let header = try QueryHeader(sql)
            let name = path.dropFirst(ProjectionFolder.queries.count).dropLast(".sql".count)
            return Query(
                name: "\(folder.name).\(name)", sentence: header.sentence.joined(separator: " "), parameters: header.parameters,
                columns: header.columns, page: header.page, sql: sql)
        } catch { throw ProjectionError(folder: folder.name, file: "\(path), line \(error.line)", reason: error.reason) }
    }
}

extension String {
    /// A letter, then letters and digits.
    fileprivate var isPlain: Bool {
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
        guard let first = utf8.first, isLetter(first), utf8.count <= 64 else { return false }
        return utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// What is wrong with a folder of SQL, and where.
public struct ProjectionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let folder: String
    /// The file inside the folder; empty when it is the folder itself.
    public let file: String
    public let reason: String

    public var description: String { "projection \(folder)\(file.isEmpty ? "" : "/\(file)"): \(reason)" }
}

extension ProjectionFolder {
    static let schema = "schema.sql"
    static let apply = "apply.sql"
    static let queries = "queries/"

    /// Every file is one that a folder has, and a text that SQLite reads to its end.
    fileprivate func check() throws(ProjectionError) {
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            if let fault = ProjectionFolder.fault(of: path, text) {
                throw ProjectionError(folder: name, file: path, reason: fault)
            }
        }
    }

    private static func fault(of path: String, _ text: String) -> String? {
        if text.utf8.contains(0) { return "it holds a zero byte" }
        if path == schema || path == apply { return nil }
        guard path.hasPrefix(queries), path.hasSuffix(".sql") else {
            return "a folder has schema.sql, apply.sql and queries/<name>.sql, and no other SQL"
        }
        let query = String(path.dropFirst(queries.count).dropLast(".sql".count))
        return query.isPlain ? nil : "a query's name is a letter, then letters and digits, 64 at most"
    }

    func text(_ path: String) throws(ProjectionError) -> String {
        guard let text = files[path] else { throw ProjectionError(folder: name, file: path, reason: "is missing") }
        return text
    }

    /// In order of their names, which is the order of the methods.
    var queryPaths: [String] { files.keys.filter { $0.hasPrefix(ProjectionFolder.queries) && $0.hasSuffix(".sql") }.sorted() }
}
