import Foundation
import Testing

@testable import ReadModels

/// `docs/read-models.md` says what is there.
@Suite struct DocumentTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/read-models.md"), encoding: .utf8)
    }

    /// The names in the first column of the table below a heading.
    private func names(below heading: String) throws -> [String] {
        let rest = try #require(text.components(separatedBy: heading + "\n").dropFirst().first)
        return rest.split(separator: "\n").drop { !$0.hasPrefix("| column") }.dropFirst(2).prefix { $0.hasPrefix("|") }
            .flatMap { $0.split(separator: "|")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    @Test(arguments: [0, 1, 2])
    func everyColumnIsDescribed(table: Int) throws {
        let described = try names(below: "### " + StretchTables.names[table])
        #expect(Set(described) == Set(StretchTables.columns[table]) && described.count == StretchTables.columns[table].count)
    }

    @Test func everyQueryIsListedWithItsSentence() {
        for query in Projection.builtIn.flatMap(\.queries) { #expect(text.contains("| `\(query.name)` | \(query.sentence) |")) }
        #expect(text.components(separatedBy: "\n| `").count - 1 == Projection.builtIn.flatMap(\.queries).count)
    }

    @Test func theExampleOfAQueryIsOne() throws {
        let sql = try #require(text.components(separatedBy: "```sql\n").dropFirst().first?.components(separatedBy: "```").first)
        let schema = "-- Uses.\nCREATE TABLE uses (tenant TEXT, seq INTEGER, at INTEGER, feature TEXT) STRICT;"
        let apply = "INSERT INTO uses SELECT tenant, seq, at, feature FROM events WHERE type = 'debited';"
        #expect(refusal(folder(schema: schema, apply: apply, queries: ["example": sql])) == nil)
    }
}
