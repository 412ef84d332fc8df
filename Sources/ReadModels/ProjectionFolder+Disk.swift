import Foundation
public import Projections

extension ProjectionFolder {
    /// The folders of a directory that hold a `schema.sql`, in order of their names: what an operator adds to the built-in ones.
    public static func folders(in directory: String) throws(ProjectionError) -> [ProjectionFolder] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
                .filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/\(schema)") }
                .map { try ProjectionFolder(name: $0, path: "\(directory)/\($0)") }
        } catch { throw ProjectionError(folder: directory, file: "", reason: error.localizedDescription) }
    }

    private init(name: String, path: String) throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".sql") }
        let texts = try paths.map { try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8) }
        self.init(name: name, files: Dictionary(uniqueKeysWithValues: zip(paths, texts)))
    }
}
