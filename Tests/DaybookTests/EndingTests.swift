import ArgumentParser
import LedgerClient
import Testing

@testable import daybook

@Suite struct EndingTests {
    private static let rejected = RPCError(
        code: RPCError.rejected, message: "insufficient balance: 3 credits asked, 0 available",
        data: ["rejection": "insufficientBalance", "number": 260, "unit": "credits", "asked": 3])

    @Test(arguments: [
        (ClientError.rpc(rejected), ProgramStatus.rejected),
        (.rpc(RPCError(code: RPCError.idMismatch, message: "x")), .rejected),
        (.rpc(RPCError(code: -32601, message: "x")), .failed),
        (.rpc(RPCError(code: RPCError.lagging, message: "x")), .failed),
        (.noDaemon(socketPath: "s", reason: "r"), .noDaemon),
        (.connectionBroken(socketPath: "s", reason: "r", unanswered: 1), .noDaemon),
        (.notUnderstood("x"), .failed),
    ])
    func everyErrorHasItsStatus(error: ClientError, expected: ProgramStatus) {
        #expect(Ending(error).status == expected)
    }

    @Test(arguments: [
        (["--help"], ProgramStatus.done), (["grant", "--help"], .done), ([], .done), (["grant", "acme"], .usage),
        (["nonsense"], .usage),
        (["grant", "acme", "u", "credits", "1.5"], .usage), (["debit", "acme", "u"], .usage),
        (["debit", "acme", "u", "credits", "3", "--feature", "f"], .usage),
        (["debit", "acme", "u", "--feature", "f", "--quantity", "requests=x"], .usage),
        (["config", "set", "acme", "unit/x", "{", "--reason", "r"], .usage),
        (["history", "acme", "u", "--from", "2026-11-01T10:00Z"], .usage), (["history", "acme", "u", "--since", "noon"], .usage),
        (["history", "acme", "u", "--open", "B", "--feature", "f"], .usage), (["batch", "debit", "acme", "u", "B"], .usage),
        (["import", "f", "--tenant", "t", "--account", "{", "--unit", "u", "--amount", "a"], .usage),
        (["import", "f", "--tenant", "t", "--account", "a", "--unit", "u"], .usage),
    ])
    func badUsageEndsWithTwo(arguments: [String], expected: ProgramStatus) throws {
        let error = #expect(throws: (any Error).self) {
            var command = try Daybook.parseAsRoot(arguments)
            try command.run()
        }
        #expect(Ending(try #require(error)).status == expected)
    }

    @Test func aRejectionTellsItsFacts() {
        #expect(
            Ending.words(Self.rejected)
                == "rejected: insufficient balance: 3 credits asked, 0 available\n  insufficientBalance (260) unit=credits asked=3"
        )
    }

    @Test func otherErrorsTellWhatToDo() {
        #expect(Ending.words(RPCError(code: RPCError.lagging, message: "behind")).contains("--stale"))
        #expect(Ending.words(RPCError(code: -32602, message: "no", data: ["field": "x"])) == "no (error -32602) field=x")
    }

    @Test func programsGetTheErrorAsJSON() {
        #expect(Ending.json(RPCError(code: 1, message: "m")).description == #"{"error":{"code":1,"message":"m","data":null}}"#)
    }
}
