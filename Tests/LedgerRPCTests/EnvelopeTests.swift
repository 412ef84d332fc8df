import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct Envelopes {
    static let ids: [(String, RequestID)] = [
        ("1", .integer(1)), ("-9223372036854775808", .integer(.min)), (#""a""#, .text("a")), (#""\u00e4\n""#, .text("ä\n")),
        ("null", .null),
    ]

    @Test(arguments: ids) func idsComeBack(_ text: String, _ id: RequestID) throws {
        let answer = parsed(#"{"jsonrpc":"2.0","id":\#(text),"method":"status"}"#)[0]
        #expect(answer.id == id)
        guard case .status = try answer.call.get() else { throw NoCommand() }
        let again = parsed(written { $0.reply(to: id, error: .overloaded) })
        #expect(again[0].id == id)
    }

    @Test func aRequestWithoutIdWantsNoAnswer() throws {
        let answer = parsed(
            #"{"jsonrpc":"2.0","method":"debit","params":{"tenant":"a","id":"d","account":"u","unit":"c","amount":1}}"#)[0]
        #expect(answer.id == nil)
        guard case .command = try answer.call.get() else { throw NoCommand() }
    }

    @Test func keysMayBeEscaped() throws {
        let answer = parsed(
            #"{"jsonrpc":"2.0","\u0069d":5,"m\u0065thod":"balance","params":{"t\u0065nant":"a","account":"u\u002d7"}}"#)[0]
        #expect(answer.id == .integer(5))
        guard case .balance(let tenant, let account, nil) = try answer.call.get() else { throw NoCommand() }
        #expect(tenant == "a" && account == "u-7")
    }

    @Test func membersMayComeInAnyOrder() throws {
        let members = [
            #""jsonrpc":"2.0""#, #""id":5"#, #""method":"balance""#, #""params":{"tenant":"a","account":"u","unit":"c"}"#,
        ]
        for order in permutations(members) {
            let answer = parsed("{ \(order.joined(separator: " , ")) }")[0]
            guard case .balance("a", "u", "c") = try answer.call.get() else { throw NoCommand() }
            #expect(answer.id == .integer(5))
        }
    }

    private func permutations(_ items: [String]) -> [[String]] {
        if items.isEmpty { return [[]] }
        return items.indices.flatMap { index in
            var rest = items
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }

    @Test func anArrayIsManyRequestsEachForItself() throws {
        let status = #"{"jsonrpc":"2.0","id":1,"method":"status"}"#
        let answers = parsed("[\(status), 7, \(status)]")
        #expect(answers.map(\.id) == [.integer(1), .null, .integer(1)])
        #expect(throws: RPCError.invalidRequest("must be an object or an array of objects")) { try answers[1].call.get() }
        #expect(throws: Never.self) { try answers[2].call.get() }
    }

    @Test func anArrayHasABound() {
        let status = #"{"jsonrpc":"2.0","id":1,"method":"status"}"#
        let full = parsed("[" + Array(repeating: status, count: 1024).joined(separator: ",") + "]")
        #expect(full.count == 1024 && full.allSatisfy { $0.id == .integer(1) })
        let more = "[" + Array(repeating: status, count: 1025).joined(separator: ",") + "]"
        #expect(refusal(more.utf8) == "-32031 more requests in one array, above the limit of 1024")
    }

    @Test func anArrayThatIsNotJSONDoesNothing() {
        let status = #"{"jsonrpc":"2.0","id":1,"method":"status"}"#
        #expect(refusal("[\(status),\(status)".utf8).hasPrefix("-32700"))
    }

    @Test func queriesKeepTheirParametersForTheirReadModel() throws {
        let answer = parsed(line("usage.history", #"{"tenant":"a","limit":5,"feature":null,"cursor":"xyz","minSeq":9}"#))[0]
        guard case .query(let method, let parameters) = try answer.call.get() else { throw NoCommand() }
        #expect(method == "usage.history")
        #expect(
            parameters
                == QueryParameters(
                    values: ["tenant": .text("a"), "limit": .integer(5), "feature": .null], cursor: "xyz",
                    minSeq: SequenceNumber(9)))
    }

    @Test func aSubscriptionSaysWhatItWants() throws {
        let answer = parsed(line("events.subscribe", #"{"from":3,"tenant":"a","types":["debited","refunded"]}"#))[0]
        guard case .subscribe(let filter, let from) = try answer.call.get() else { throw NoCommand() }
        #expect(filter == EventFilter(tenant: "a", types: ["debited", "refunded"]) && from == SequenceNumber(3))
    }

    @Test func aFilterLooksAtTypeAndTenant() {
        let event = #"{"seq":3,"at":"2026-01-01T00:00:00.000000Z","day":"2026-01-01","type":"debited","tenant":"a","id":"d"}"#
        let wanted: [(EventFilter, Bool)] = [
            (EventFilter(), true), (EventFilter(tenant: "a"), true), (EventFilter(tenant: "b"), false),
            (EventFilter(types: ["debited"]), true), (EventFilter(types: ["granted"]), false),
            (EventFilter(tenant: "a", types: ["granted", "debited"]), true),
            (EventFilter(tenant: "b", types: ["debited"]), false),
        ]
        for (filter, isWanted) in wanted { #expect(Array(event.utf8).withUnsafeBytes(filter.matches) == isWanted) }
    }
}
