import Foundation

/// Text given in an argument, or where the argument points.
enum InputText {
    /// `-` reads standard input, `@PATH` a file, anything else is the text itself. Nil when it cannot be read or is not UTF-8.
    static func read(_ argument: String) -> String? {
        if argument == "-" { return standardInput() }
        if argument.hasPrefix("@") { return file(String(argument.dropFirst())) }
        return argument
    }

    static func file(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(bytes: $0, encoding: .utf8) }
    }

    static func standardInput() -> String? {
        String(bytes: FileHandle.standardInput.readDataToEndOfFile(), encoding: .utf8)
    }
}
