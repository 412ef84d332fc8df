import Foundation

/// The text of a file below `Sources`.
func sourceText(_ path: String) throws -> String {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: project.appending(path: "Sources").appending(path: path), encoding: .utf8)
}
