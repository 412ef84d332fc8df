import LedgerModel
import LedgerTestKit
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// Values given to queries: what is taken, what is refused and in which words.
@Suite struct QueryParameterTests {
    private static let sql = """
        -- The types of a list, or all.
        -- param types texts
        -- param few boolean default false
        -- param order text default name oneof name|count
        -- param kinds texts oneof one|two
        -- param least integer default 0 min 0 max 5
        -- param name text
        -- param day day
        -- param at timestamp
        -- returns type text, few boolean, ordered text, kinds json
        SELECT type, :few AS few, :order AS ordered, :kinds AS kinds FROM counts
        WHERE (:types IS NULL OR type IN (SELECT value FROM json_each(:types))) AND count >= :least
            AND (:name IS NULL OR type = :name) AND (:day IS NULL OR :at IS NULL)
        ORDER BY type
        """

    private let ledger: Ledger
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    init() throws {
        ledger = try Ledger()
        var random = SeededGenerator(seed: 2)
        try ledger.append(generatedEvents(seed: 9, count: 300), cutting: &random)
    }

    private func asking(_ body: (ReadModels) async throws -> Void) async throws {
        let readModels = try ledger.readModels([try Projection(folder(queries: ["some": QueryParameterTests.sql]))])
        readModels.start()
        _ = try await readModels.query("counts.some", minSeq: ledger.log.head.lastSequence, now: now)
        try await body(readModels)
        await readModels.stop()
    }

    private func types(_ readModels: ReadModels, _ arguments: [String: QueryValue]) async throws -> [String] {
        try rows(try await readModels.query("counts.some", arguments, now: now)).map { $0["type"] as! String }
    }

    @Test func listsFlagsAndChoicesReachTheSQL() async throws {
        try await asking { readModels in
            let all = try await types(readModels, [:])
            #expect(all.count > 5)
            #expect(
                try await types(readModels, ["types": .texts(["granted", "debited", "nothing \" of \\ this"])]) == [
                    "debited", "granted",
                ])
            #expect(try await types(readModels, ["types": .null]) == all)
            #expect(try await types(readModels, ["name": "granted"]) == ["granted"])
            let flags = try rows(try await readModels.query("counts.some", ["few": .boolean(true), "order": "count"], now: now))
            #expect(flags.allSatisfy { $0["few"] as? Bool == true && $0["ordered"] as? String == "count" })
            let kinds = try rows(try await readModels.query("counts.some", ["kinds": .texts(["two", "one"])], now: now))
            #expect(kinds.allSatisfy { $0["kinds"] as? [String] == ["two", "one"] })
        }
    }

    @Test(
        arguments: [
            (["types": .texts([])], "the parameter types must have 1 to 100 values"),
            (["types": .texts(Array(repeating: "a", count: 101))], "the parameter types must have 1 to 100 values"),
            (["types": "granted"], "the parameter types must be an array of texts"),
            (["types": 3], "the parameter types must be an array of texts"),
            (["few": 1], "the parameter few must be true or false"),
            (["few": "true"], "the parameter few must be true or false"),
            (["order": "size"], "the parameter order must be one of name, count"),
            (["order": .texts(["name"])], "the parameter order must be a text"),
            (["kinds": .texts(["one", "three"])], "the parameter kinds must be one of one, two"),
            (["least": 6], "the parameter least must be 0 to 5"),
            (["least": .boolean(true)], "the parameter least must be an integer"),
            (["name": .text(String(repeating: "é", count: 193))], "the parameter name must have at most 384 bytes"),
            (["types": .texts(["a", .init(repeating: "x", count: 385)])], "the parameter types must have at most 384 bytes"),
            (["day": "2026-13-01"], "the parameter day must be a date such as 2026-11-21"),
            (["at": "2026-11-21"], "the parameter at must be a time such as 2026-11-21T01:23:45Z (RFC 3339)"),
            (
                ["typs": "granted"],
                "there is no parameter typs, only types, few, order, kinds, least, name, day, at; is it types?"
            ),
            (["Order": "name"], "there is no parameter Order, only types, few, order, kinds, least, name, day, at; is it order?"),
            (["colour": "red"], "there is no parameter colour, only types, few, order, kinds, least, name, day, at"),
        ] as [([String: QueryValue], String)])
    func whatIsNotRightIsNamed(arguments: [String: QueryValue], words: String) throws {
        let query = try #require(try Projection(folder(queries: ["some": QueryParameterTests.sql])).queries.first)
        let error = #expect(throws: QueryError.self) { try QueryArguments(query, arguments, cursor: nil, now: now) }
        #expect(error?.description == words)
        #expect(error?.parameter == arguments.keys.first)
    }

    /// The longest texts there may be, all escaped, are bound and not taken for null.
    @Test func theLargestListIsBound() async throws {
        try await asking { readModels in
            let widest = (0..<100).map { number in
                String(repeating: "\u{1}", count: ReadModelBounds.textByteCountMax - 2) + String(number % 90 + 10)
            }
            let none = try await types(readModels, ["types": .texts(widest)])
            #expect(none == [])
            let last = widest.dropLast() + ["granted"]
            let one = try await types(readModels, ["types": .texts(Array(last))])
            #expect(one == ["granted"])
        }
    }

    @Test(arguments: [
        ("tenat", "tenant"), ("acount", "account"), ("ACCOUNT", "account"), ("limits", "limit"), ("", nil), ("x", nil),
    ])
    func theNearestNameIsFound(name: String, expected: String?) {
        #expect(NearestName.of(name, in: ["tenant", "account", "limit", "from"]) == expected)
    }

    @Test func aLongNameIsNearToNone() {
        #expect(NearestName.of(String(repeating: "tenant", count: 100_000), in: ["tenant"]) == nil)
        #expect(NearestName.of("tenant", in: []) == nil)
    }
}
