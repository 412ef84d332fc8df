import LedgerClient

/// A file of one JSON value per line, as people keep items, keys and commands in.
enum JSONLines {
    /// Reads a file, or standard input for `-`.
    static func read(_ path: String) throws(Failure) -> [JSONValue] {
        guard let text = path == "-" ? InputText.standardInput() : InputText.file(path) else {
            throw .usage("\(path) cannot be read as UTF-8 text.")
        }
        return try values(text, of: path)
    }

    /// Empty lines are passed over; a line that is no JSON is named by its number.
    static func values(_ text: String, of path: String) throws(Failure) -> [JSONValue] {
        try parse(text, of: path) { text throws(JSONFault) in try JSONFault.parsing(text) }
    }

    /// The lines that are not empty, each as `body` reads it; a fault names the line.
    static func parse<Value>(
        _ text: String, of path: String, _ body: (String) throws(JSONFault) -> Value
    ) throws(Failure) -> [Value] {
        var values: [Value] = []
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            do { values.append(try body(String(line))) } catch {
                throw .usage("\(path) line \(index + 1): \(error.reason)")
            }
        }
        return values
    }
}

/// Why a text is not the JSON that was wanted, as a sentence.
struct JSONFault: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }

    static func parsing(_ text: String) throws(JSONFault) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw JSONFault(reason: "it is no JSON: \(error).") }
    }
}

/// JSON on the command line: the text itself, `@FILE`, or `-` for standard input.
enum JSONArgument {
    static func read(_ argument: String) throws -> JSONValue {
        guard let text = InputText.read(argument) else { throw JSONFault(reason: "it cannot be read as UTF-8 text.") }
        return try JSONFault.parsing(text)
    }
}
