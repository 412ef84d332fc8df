import Projections
import Testing

@testable import ReadModels

/// What the headers of queries say of parameters, and what they cannot say.
@Suite struct QueryHeaderTests {
    /// A query with these lines in its header, which uses `x`.
    private func query(_ lines: String) -> ProjectionFolder {
        folder(queries: ["some": "-- It answers.\n\(lines)\n-- returns type text\nSELECT type FROM counts WHERE :x IS NOT NULL"])
    }

    private func parameter(_ line: String) throws -> Query.Parameter {
        try #require(try Projection(query(line)).queries.first?.parameters.first)
    }

    @Test func everyOptionIsRead() throws {
        let sort = try parameter("-- param x text default net oneof net|amount|count")
        #expect(sort.choices == ["net", "amount", "count"] && sort.defaultValue == "net" && sort.type == .text)
        let states = try parameter("-- param x texts oneof new|read default new|read")
        #expect(states.choices == ["new", "read"] && states.defaultValue == .texts(["new", "read"]) && states.type == .texts)
        #expect(try parameter("-- param x boolean default true").defaultValue == .boolean(true))
        #expect(try parameter("-- param x day default 2026-11-21").defaultValue == "2026-11-21")
        #expect(try parameter("-- param x timestamp default 2026-11-21T00:00:00Z").type == .timestamp)
        #expect(try parameter("-- param x integer max 9").range == 0...9)
        #expect(try parameter("-- param x integer max -9").range == -9 ... -9)
        #expect(try parameter("-- param x integer min 9").range == 9...Int64.max)
        #expect(try parameter("-- param x integer default 3 min 3 max 3").range == 3...3)
    }

    @Test(arguments: [
        ("-- param x integer default 5 max 3", "the default of x must be 0 to 3"),
        ("-- param x integer default 0 min 1 max 3", "the default of x must be 1 to 3"),
        ("-- param x integer min 4 max 3", "min 4 is above max 3"),
        ("-- param x integer default many", "the default of an integer is an integer"),
        ("-- param x integer default 9223372036854775808", "the default of an integer is an integer"),
        ("-- param x integer min 1 min 2", "min stands there twice"),
        ("-- param x integer required default 3", "x is required, and so has no default"),
        ("-- param x integer oneof 1|2", "oneof goes with text and texts"),
        ("-- param x text max 3", "min and max go with integer"),
        ("-- param x text default red oneof green|blue", "the default of x must be one of green, blue"),
        ("-- param x texts default green|red oneof green|blue", "the default of x must be one of green, blue"),
        ("-- param x texts default |", "the default of x must have 1 to 100 values"),
        ("-- param x text oneof a||b", "oneof is followed by texts with | between them: a|b|c"),
        ("-- param x text oneof a|b|a", "oneof names a text twice"),
        ("-- param x text oneof", "oneof is followed by a value"),
        ("-- param x text default", "default is followed by a value"),
        ("-- param x day default 2026-02-30", "the default of x must be a date such as 2026-11-21"),
        ("-- param x timestamp default today", "the default of x must be a time such as"),
        ("-- param x boolean default yes", "the default of a boolean is true or false"),
        ("-- param x texts min 1", "min and max go with integer"),
    ])
    func aParameterThatCannotBeIsNamedByItsLine(line: String, reason: String) {
        let refusal = refusal(query(line))
        #expect(
            refusal?.hasPrefix("projection counts/queries/some.sql, line 2: \(reason)") == true,
            "\(refusal ?? "accepted") for \(line)")
    }

    @Test func aNameHasAnEnd() {
        let name = String(repeating: "x", count: 65)
        #expect(refusal(query("-- param \(name) text"))?.contains("is not a name") == true)
    }

    /// The runtime asks for one row more than a page has, and an answer has at most 10,000.
    @Test(arguments: [
        "50 min 1", "50 min 1 max 10001", "50 min 1 max 9223372036854775807", "50 min 1 max 10000", "0 max 0",
    ])
    func aPageHasASize(range: String) {
        let sql = """
            -- It answers.
            -- param limit integer default \(range)
            -- returns type text
            -- page type up
            SELECT type FROM counts WHERE type > :after_type ORDER BY type LIMIT :limit
            """
        let refusal = refusal(folder(queries: ["some": sql]))
        #expect((refusal == nil) == range.hasSuffix(" 10000"), "\(refusal ?? "accepted")")
        #expect(refusal?.contains("a query with pages declares") ?? true)
    }
}
