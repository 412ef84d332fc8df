import ClientTestKit
import Foundation
import LedgerClient
import Testing

@testable import daybook

@Suite struct SubmitTests {
    @Test func everyCommandHasAnID() throws {
        let commands = try InnerCommands.complete(
            [
                ["method": "grant", "params": ["account": "a"]], ["method": "debit", "params": ["id": "d", "account": "a"]],
            ], of: "f", id: "S")
        #expect(
            commands == [
                ["method": "grant", "params": ["id": "S-1", "account": "a"]],
                ["method": "debit", "params": ["id": "d", "account": "a"]],
            ])
    }

    @Test(arguments: [
        #"{"method":"grant"}"#, #"{"params":{}}"#, #"{"method":1,"params":{}}"#, #"{"method":"grant","params":[]}"#, "[]",
        #"{"method":"grant","params":{},"id":1}"#,
    ])
    func whatIsNoCommandIsNamed(line: String) throws {
        let value = try JSONValue(parsing: line)
        let good: JSONValue = ["method": "grant", "params": [:]]
        let failure = #expect(throws: Failure.self) { try InnerCommands.complete([good, value], of: "f", id: "S") }
        #expect(failure?.status == .usage && failure?.message.hasPrefix("f: command 2 ") == true)
    }

    @Test func aFileIsSentWhole() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("submit-\(UInt64.random(in: 0 ... .max)).jsonl")
        try Data(#"{"method":"closeBatch","params":{"id":"c","account":"a","batch":"b"}}"#.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let params =
            #"{"tenant":"acme","id":"I","commands":[{"method":"closeBatch","params":{"id":"c","account":"a","batch":"b"}}]}"#
        #expect(try sent("submit acme \(file.path) --id I") == [request(1, "submit", params)])
    }

    @Test func resultsAreToldInOrder() throws {
        let commands: [JSONValue] = [
            ["method": "grant", "params": ["id": "S-1"]], ["method": "debit", "params": ["id": "d"]],
        ]
        let result = try JSONValue(
            parsing: """
                {"seq":9,"at":"t","replayed":false,"results":[{"seq":8,"at":"t","lot":8,"balance":{"available":5,"held":0}},
                {"seq":9,"at":"t","parts":[{"unit":"credits","amount":3,"balance":{"available":2,"held":0}}]}]}
                """)
        #expect(
            InnerCommands.lines(commands, result, id: "S", .minor) == [
                "done together: 2 commands", "  grant S-1", "    5 available, 0 held", "  debit d",
                "    3 credits: now 2 available, 0 held", "event 9 at t, id S",
            ])
    }
}
