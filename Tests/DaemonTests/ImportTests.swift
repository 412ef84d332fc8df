import Foundation
import LedgerClient
import Testing

/// Real input through the real programs: every call of the Azure trace once, whatever is repeated.
@Suite struct ImportTests {
    /// The shared data lies beside the checkout, where there is any.
    private static let trace = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/data/azure-llm-2023-code.csv"
    )
    .standardized
    private static let hasTrace = FileManager.default.fileExists(atPath: trace.path)

    @Test(.enabled(if: hasTrace)) func theAzureTraceIsCountedExactlyOnce() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path)
        let connection = try daemon.connect()
        try prepare(connection)
        #expect(try importTrace(daemon).status == 0)
        let head = try connection.call("status")["head"]?["seq"]?.integer
        let again = try importTrace(daemon)
        #expect(again.status == 0)
        #expect(again.output.contains("8,819"), "\(again.output)")
        #expect(try connection.call("status")["head"]?["seq"]?.integer == head, "the second run added events")
        let sums = try connection.call(
            "daily.quantities", ["tenant": "acme", "from": "2023-11-01", "to": "2023-11-30", "minSeq": .integer(head!)])
        #expect(sums["rows"]?.elements?.compactMap { $0["quantity"]?.integer } == [18_059_974, 245_896])
        #expect(daemon.stop() == 0)
        let script = """
            '\(Programs.path("daybookd").path)' cat --data . --type debited | jq -s '[length, (map(.quantities.inputTokens) | add), (map(.quantities.outputTokens) | add)]' -c
            """
        #expect(
            try Programs.run(URL(filePath: "/bin/bash"), ["-c", script], in: directory.url).output == "[8819,18059974,245896]\n")
    }

    private func prepare(_ connection: LedgerConnection) throws {
        let documents: [(String, JSONValue)] = [
            ("tenant/settings", ["lateDays": 36500]), ("unit/usd", ["scale": 6]),
            (
                "price/completion",
                ["charges": [["unit": "usd", "rates": ["inputTokens": "2.50/1000000", "outputTokens": "10/1000000"]]]]
            ),
        ]
        let changes: [JSONValue] = documents.map { ["key": .string($0.0), "value": $0.1] }
        try connection.call("configure", ["tenant": "acme", "id": "prices", "reason": "import", "changes": .array(changes)])
        for number in 0..<97 {
            let account: JSONValue = .string("u-\(number)")
            try connection.call(
                "grant",
                ["tenant": "acme", "id": .string("grant-\(number)"), "account": account, "unit": "usd", "amount": 100_000_000])
        }
    }

    private func importTrace(_ daemon: RunningDaemon) throws -> (status: Int32, output: String) {
        try Programs.run(
            Programs.path("daybook"),
            [
                "import", Self.trace.path, "--socket", daemon.socketPath, "--tenant", "acme", "--account", "u-{row%97}",
                "--feature", "completion",
                "--quantity", "inputTokens=ContextTokens", "--quantity", "outputTokens=GeneratedTokens", "--occurred-at",
                "TIMESTAMP",
            ])
    }
}
