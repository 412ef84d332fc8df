import Foundation
import LedgerTestKit
import ReadModels
import Testing

@testable import LedgerServer

/// Whatever is given to a query, over the socket: an answer, or an error that says what was wrong.
@Suite struct QueryValueTests {
    /// Values of every JSON type, some near to what a parameter may be.
    private static let values = [
        "null", "true", "false", "0", "1", "-1", "2147483648", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808",
        "1.5", "1e3", "1e400", "-0", #""""#, #""acme""#, #""u-1""#, #""2026-11-21""#, #""2026-02-30""#,
        #""9999-12-31T23:59:59.999999Z""#,
        #""0000-01-01T00:00:00Z""#, #""2026-11-21T01:23:45+14:00""#, #""' OR 1=1 --""#, #""\u0000""#, #""\ud83d\udc34""#,
        #""\ud83d""#,
        #""%_*?[""#, "\"\(String(repeating: "x", count: 1025))\"", "\"\(String(repeating: "x", count: 2 << 20))\"", "[]", "[1]",
        #"["a"]"#, #"["a","b"]"#, #"["a",null]"#, #"[["a"]]"#, "[\(String(repeating: "\"a\",", count: 100))\"a\"]",
        "[\(String(repeating: "\"\(String(repeating: "\\u0001", count: 1024))\",", count: 99))\"a\"]", "{}", #"{"a":1}"#,
        String(repeating: "[", count: 600), "nonsense", "",
    ]

    private static let codes: Set<Int> = [-32700, -32600, -32602]

    @Test func everyValueOfEveryTypeIsAnsweredProperly() async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        await client.grant(30, to: "u-1")
        while await client.call("status", "{}").contains(#""phase":"rebuilding"#) { await Task.yield() }
        var random = SeededGenerator(seed: 4)
        for query in Projection.builtIn.flatMap(\.queries) {
            for parameter in query.parameters.map(\.name) + ["cursor", "minSeq", "colour"] {
                // What is awaited in vain takes seconds.
                for value in QueryValueTests.values where parameter != "minSeq" || (Int64(value) ?? 0) <= 1 {
                    let params = params(of: query, saying: value, for: parameter, &random)
                    let answer = await client.call(query.name, params)
                    expectProper(answer, "\(query.name) \(params.prefix(300))")
                }
            }
        }
        await ledger.stop()
    }

    /// The required parameters, some others at random, and the one in question.
    private func params(of query: Query, saying value: String, for name: String, _ random: inout SeededGenerator) -> String {
        var members = ["\"\(name)\":\(value)"]
        for parameter in query.parameters where parameter.name != name {
            guard parameter.isRequired || Int.random(in: 0..<4, using: &random) == 0 else { continue }
            members.append("\"\(parameter.name)\":\(usual(parameter))")
        }
        return "{\(members.joined(separator: ","))}"
    }

    private func usual(_ parameter: Query.Parameter) -> String {
        switch parameter.type {
        case .integer: "\(parameter.range?.lowerBound ?? 1)"
        case .boolean: "true"
        case .texts: "[\"\(parameter.choices.first ?? "acme")\"]"
        case .text, .json: "\"\(parameter.choices.first ?? "acme")\""
        case .day: "\"2026-03-01\""
        case .timestamp: "\"2026-03-01T00:00:00Z\""
        }
    }

    private func expectProper(_ answer: String, _ request: String) {
        if answer.hasPrefix(#""result":{"asOf""#) { return }
        // Of a line that is no JSON, the id is not known.
        let body = answer.firstRange(of: #""error":{"code":"#).map { answer[$0.upperBound...] }
        let code = body.flatMap { Int($0.prefix { $0 == "-" || $0.isNumber }) } ?? 0
        let isRejected = code == -32010 && answer.contains("invalidField")
        #expect(QueryValueTests.codes.contains(code) || isRejected, "\(request) -> \(answer.prefix(300))")
    }

    @Test(arguments: [
        ("keys.list", #"{"tenant":[]}"#, "tenant must have at least one element"),
        ("keys.list", #"{"tenant":["a",3]}"#, "tenant[1] must be a string"),
        ("keys.list", #"{"tenant":["a"]}"#, "tenant must be a text"),
        ("keys.list", #"{"tenant":1.5}"#, "tenant must be an integer"),
        ("keys.list", #"{"tenant":{"a":1}}"#, "tenant must be an integer, a string, true or false, an array of strings or null"),
        ("keys.list", #"{"tenant":true}"#, "tenant must be a text"),
        ("keys.list", #"{"tenat":"a"}"#, "tenat is not a field here; is it tenant?"),
        ("keys.list", #"{"tenant":"a","cursor":"x"}"#, "cursor is not one that this query gave"),
        (
            "keys.list", #"{"tenant":"a","expiresBefore":"soon"}"#,
            "expiresBefore must be a time such as 2026-11-21T01:23:45Z (RFC 3339)"
        ),
        ("keys.list", #"{"tenant":"a","limit":0}"#, "limit must be 1 to 1000"),
    ])
    func theErrorNamesTheParameter(method: String, params: String, words: String) async throws {
        let ledger = try await WholeLedger()
        let client = try ledger.client()
        let answer = await client.call(method, params)
        #expect(answer.hasPrefix(#""error":{"code":-32602,"message":"\#(method): \#(words)"#), "\(answer)")
        await ledger.stop()
    }
}
