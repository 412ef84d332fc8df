import ArgumentParser
import Foundation
import Testing

@testable import daybook

@Suite struct HelpTests {
    private static let verbs = all(Daybook.self, ["daybook"])

    private static func all(_ command: any ParsableCommand.Type, _ path: [String]) -> [(
        path: [String], command: any ParsableCommand.Type
    )] {
        [(path, command)] + command.configuration.subcommands.flatMap { all($0, path + [$0._commandName]) }
    }

    @Test func examplesFitATerminal() {
        for (path, command) in Self.verbs {
            for line in command.configuration.discussion.split(separator: "\n") where line.hasPrefix("  ") {
                #expect(line.count <= 80, "\(path.joined(separator: " ")): \(line)")
            }
        }
    }

    /// Every example is a command line that parses: what it names is there.
    @Test func examplesParse() throws {
        var count = 0
        for (path, command) in Self.verbs {
            for example in Examples.lines(in: command.configuration.discussion) {
                count += 1
                #expect(throws: Never.self, "\(path.joined(separator: " ")): \(example)") {
                    _ = try Daybook.parseAsRoot(example.map { $0.hasPrefix("@") ? "{}" : $0 })
                }
            }
        }
        #expect(count > 80)
    }

    @Test func everyVerbSaysWhatItDoes() {
        for (path, command) in Self.verbs { #expect(command.configuration.abstract.hasSuffix("."), "\(path)") }
    }

    /// docs/cli.md has a row for every verb, and names the parts of a verb that has some.
    @Test func everyVerbIsInItsDocument() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let rows = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
        for verb in Daybook.configuration.subcommands {
            let own = rows.filter { $0.contains("`\(verb._commandName)") }
            #expect(!own.isEmpty, "\(verb._commandName)")
            for part in verb.configuration.subcommands {
                #expect(own.contains { $0.contains(part._commandName) }, "\(verb._commandName) \(part._commandName)")
            }
        }
    }

    @Test func theVersionIsToldOnce() throws {
        let error = #expect(throws: (any Error).self) { try Daybook.parseAsRoot(["--version"]) }
        #expect(Ending(try #require(error)).status == .done)
    }
}

/// The command lines in a help text, as a shell would split them.
private enum Examples {
    static func lines(in discussion: String) -> [[String]] {
        let joined = discussion.replacing("\\\n", with: " ")
        return joined.split(separator: "\n").compactMap { line in
            guard let start = line.firstRange(of: "daybook "), line.hasPrefix("  ") else { return nil }
            return words(line[start.upperBound...])
        }
    }

    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            switch (quote, character) {
            case (let open?, _) where character == open: quote = nil
            case (nil, "'"), (nil, "\""):
                quote = character
                word = word ?? ""
            case (nil, "<"), (nil, "|"): return words
            case (nil, " "):
                if let whole = word { words.append(whole) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
