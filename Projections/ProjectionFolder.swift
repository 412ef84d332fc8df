/// A read model's definition as it lies on disk: a folder of SQL. What the folders here say is built into the program
/// (`ProjectionFolder.builtIn`, made by the EmbedSQL plugin), so that a daemon needs no files beside its own.
public struct ProjectionFolder: Sendable, Hashable {
    /// The folder's name, which is the read model's.
    public let name: String
    /// Text by path inside the folder: `schema.sql`, `apply.sql`, `queries/<name>.sql`.
    public let files: [String: String]

    public init(name: String, files: [String: String]) {
        self.name = name
        self.files = files
    }
}
