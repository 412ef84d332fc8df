import Foundation
import LedgerClient
import Testing

/// An operator's folder of SQL, dropped beside a daemon that knows nothing of it.
@Suite struct OwnReadModelTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/examples/projections").standardizedFileURL.path

    @Test func aFolderGivesMethodsTheirDescriptionAndALineInStatus() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path, arguments: ["--projections", OwnReadModelTests.examples])
        defer { daemon.killAtOnce() }
        let ledger = try daemon.connect()
        let key: [JSONValue.Member] = [
            JSONValue.Member("tenant", "acme"), JSONValue.Member("account", "u-7"), JSONValue.Member("unit", "credits"),
        ]
        _ = try ledger.call("grant", .object(key + [JSONValue.Member("id", "g-1"), JSONValue.Member("amount", 1000)]))
        let debit = try ledger.call("debit", .object(key + [JSONValue.Member("id", "d-1"), JSONValue.Member("amount", 30)]))

        let described = try ledger.call("rpc.discover")["methods"]?.elements?.compactMap { $0["name"]?.string } ?? []
        #expect(described.contains("spenders.hour") && described.contains("spenders.lately"))
        let asked: JSONValue = ["tenant": "acme", "unit": "credits", "minSeq": .integer(try #require(debit["seq"]?.integer))]
        let answer = try ledger.call("spenders.lately", asked)
        #expect(answer["rows"]?.description == #"[{"rank":1,"account":"u-7","amount":30}]"#)
        let names = try ledger.call("status")["readModels"]?.elements?.compactMap { $0["name"]?.string } ?? []
        #expect(names.last == "spenders")
    }

    @Test func aFolderThatIsWrongKeepsTheDaemonFromStartingAndIsNamed() throws {
        let directory = try TemporaryDirectory()
        let folder = directory.url.appending(path: "mine/spenders")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "-- Mine.\nCREATE TABLE t (n INTEGER) STRICT;".write(
            to: folder.appending(path: "schema.sql"), atomically: true, encoding: .utf8)
        try "ATTACH 'x' AS y;".write(to: folder.appending(path: "apply.sql"), atomically: true, encoding: .utf8)
        let arguments = ["serve", "--data", "\(directory.path)/ledger", "--projections", "\(directory.path)/mine"]
        let (status, output) = try Programs.run(Programs.path("daybookd"), arguments)
        #expect(status != 0)
        #expect(output.contains("projection spenders/apply.sql") && output.contains("attach"))
    }
}
