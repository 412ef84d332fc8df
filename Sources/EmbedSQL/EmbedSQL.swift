import Foundation

/// `EmbedSQL <output> <root> <file>...`: writes the SQL files below the root as a Swift file of `ProjectionFolder` values,
/// one for each folder directly below the root.
@main
struct EmbedSQL {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { throw CocoaError(.fileNoSuchFile) }
        let folders = try folders(below: arguments[2], files: Array(arguments[3...]))
        try source(of: folders).write(toFile: arguments[1], atomically: true, encoding: .utf8)
    }

    /// Text by path inside the folder, by folder.
    private static func folders(below root: String, files: [String]) throws -> [String: [String: String]] {
        var folders: [String: [String: String]] = [:]
        for file in files {
            let path = file.dropFirst(root.count).drop { $0 == "/" }
            guard let slash = path.firstIndex(of: "/") else { continue }
            let inside = String(path[path.index(after: slash)...])
            folders[String(path[..<slash]), default: [:]][inside] = try String(contentsOfFile: file, encoding: .utf8)
        }
        return folders
    }

    private static func source(of folders: [String: [String: String]]) -> String {
        let values = folders.sorted { $0.key < $1.key }.map { name, files in
            let files = files.sorted { $0.key < $1.key }.map { "            \(literal($0.key)): \(literal($0.value))," }
            return "        ProjectionFolder(name: \(literal(name)), files: [\n\(files.joined(separator: "\n"))\n        ]),"
        }
        return """
            extension ProjectionFolder {
                /// The folders that the program brings along, in order of their names.
                public static let builtIn: [ProjectionFolder] = [
            \(values.joined(separator: "\n"))
                ]
            }

            """
    }

    /// A Swift literal of any text: every character outside plain ASCII as an escape.
    private static func literal(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case " "..."~": String(scalar)
            default: "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return "\"\(escaped.joined())\""
    }
}
