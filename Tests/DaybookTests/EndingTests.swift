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
        (["hold", "acme", "u", "credits", "3", "--overage", "x"], .usage),
        (["settle", "acme", "h", "--amount", "1", "--quantity", "a=1"], .usage),
        (["extend", "acme", "h"], .usage), (["extend", "acme", "h", "--expires-in", "soon"], .usage),
        (["change-plan", "acme", "u", "a", "b", "--when", "later"], .usage),
        (["allowance", "override", "acme", "u", "p", "x", "week", "1", "--reason", "r"], .usage),
        (["allowance", "override", "acme", "u", "p", "x", "day", "some", "--reason", "r"], .usage),
        (["config", "set", "acme", "unit/x", "{}"], .usage),
        (["config", "set", "acme", "unit/x", "@no-such-file", "--dry-run"], .usage),
        (["keys", "issue", "acme", "u", "k"], .usage), (["keys", "issue", "acme", "--generate"], .usage),
        (["keys", "issue", "acme", "u", "k-1", "k-2", "--hash", "x"], .usage),
        (["keys", "issue", "acme", "u", "k", "--file", "f"], .usage),
        (["keys", "issue", "acme", "u", "k", "--secret-file", "no-such-file"], .usage),
        (["keys", "update", "acme", "k"], .usage),
        (["keys", "update", "acme", "k", "--owner", "o", "--clear", "owner"], .usage), (["keys", "revoke", "acme"], .usage),
        (["verify-key", "--hash", "a", "--secret-file", "f"], .usage), (["submit", "acme", "no-such-file"], .usage),
        (["explain", "acme"], .usage), (["explain", "acme", "d", "--account", "u"], .usage),
        (["explain", "acme", "d", "--unit", "u"], .usage),
        (["explain", "acme", "--account", "u", "--amount", "1"], .usage),
        (["explain", "acme", "--account", "u", "--feature", "f"], .usage),
        (["alerts", "acme", "--from", "1"], .usage), (["alerts", "acme", "--unread", "--state", "read"], .usage),
        (["alerts", "acme", "--follow", "--rule", "r"], .usage),
        (["report-usage", "acme", "p", "--from", "2026-11-01", "--to", "2026-12-01"], .usage), (["--version"], .done),
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

    @Test func jsonArgumentsSayWhy() throws {
        let error = #expect(throws: (any Error).self) {
            _ = try Daybook.parseAsRoot(["config", "set", "acme", "unit/x", #"{"scale":}"#, "--reason", "r"])
        }
        #expect(Daybook.fullMessage(for: try #require(error)).contains("it is no JSON: "))
    }

    @Test func aRejectionTellsItsFacts() {
        #expect(
            Ending.words(Self.rejected)
                == "rejected: insufficient balance: 3 credits asked, 0 available\n  insufficientBalance (260) unit=credits asked=3"
        )
    }

    @Test func otherErrorsTellWhatToDo() {
        #expect(Ending.words(RPCError(code: RPCError.lagging, message: "behind")).contains("--stale"))
        #expect(Ending.words(RPCError(code: -32602, message: "no", data: ["field": "x"])) == "no (error -32602)")
        #expect(Ending.words(RPCError(code: -32603, message: "no", data: ["file": "x"])) == "no (error -32603) file=x")
        let fault = RPCError(
            code: RPCError.rejected, message: "amount: no", data: ["rejection": "invalidField", "number": 10, "field": "amount"])
        #expect(Ending.words(fault) == "rejected: amount: no\n  invalidField (10)")
    }

    @Test func programsGetTheErrorAsJSON() {
        #expect(Ending.json(RPCError(code: 1, message: "m")).description == #"{"error":{"code":1,"message":"m","data":null}}"#)
    }
}
