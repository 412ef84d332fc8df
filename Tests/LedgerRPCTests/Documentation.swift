import Foundation

/// A file of this repository, by its path from the top.
func repositoryFile(_ path: String, from here: String = #filePath) throws -> String {
    try String(contentsOf: repositoryURL(path, from: here), encoding: .utf8)
}

func repositoryURL(_ path: String, from here: String = #filePath) -> URL {
    URL(fileURLWithPath: here).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(path)
}
