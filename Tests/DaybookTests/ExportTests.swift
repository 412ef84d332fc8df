import ArgumentParser
import ClientTestKit
import Foundation
import LedgerClient
import Testing

@testable import daybook

/// Exports, against a daemon that says what the test wants: what is asked, what is written, and that no half of it ever looks whole.
@Suite struct ExportTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }

    private var file: String { directory + "/out" }
    private var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory).sorted()) ?? [] }
    private var text: String? { try? String(contentsOfFile: file, encoding: .utf8) }
    private func removeDirectory() { try? FileManager.default.removeItem(atPath: directory) }

    private static let description = #"""
        {"methods":[{"name":"usage.history","params":[{"name":"tenant","schema":{"type":"string"}},
        {"name":"least","schema":{"type":"integer"}},{"name":"open","schema":{"type":"boolean"}},
        {"name":"since","schema":{"type":"string","format":"date-time"}},{"name":"types","schema":{"type":"array"}}]}]}
        """#.replacing("\n", with: "")
    private static let begun = #"""
        {"export":7,"asOf":{"seq":42,"at":"2026-11-21T00:00:00.000000Z"},"columns":[{"name":"seq","type":"integer"},
        {"name":"id","type":"text"},{"name":"at","type":"timestamp"},{"name":"open","type":"boolean"},{"name":"labels","type":"json"}]}
        """#.replacing("\n", with: "")
    private static let chunks = [
        #"{"rows":[[1,"=1+1","2026-11-21T00:00:00.000000Z",true,{"a":"b"}],[-2,"a,\"b\"",null,false,null]],"done":false}"#,
        #"{"rows":[],"done":false}"#,
        #"{"rows":[[3,"",null,null,"=x"]],"done":true}"#,
    ]

    /// A daemon that answers an export with these chunks, and then does what `ending` does.
    private func daemon(_ chunks: [String] = chunks, ending: @escaping @Sendable (FakeConnection) -> Void = { _ in })
        -> FakeDaemon
    {
        FakeDaemon { peer in
            for (number, answer) in ([#"{"head":{"seq":42}}"#, ExportTests.description, ExportTests.begun] + chunks).enumerated()
            {
                peer.line()
                peer.answer(number + 1, answer)
            }
            ending(peer)
        }
    }

    private func run(_ line: String, _ daemon: FakeDaemon) throws {
        try runDaybook("export " + line + " --output " + file, daemon.path)
    }

    // MARK: Queries

    @Test func aQueryIsAskedWithItsParametersAsItTakesThem() throws {
        defer { removeDirectory() }
        let daemon = daemon()
        try run("usage.history tenant=acme=b least=-3 open=true since=2026-11-01 types=a types=b,c colour=red --csv", daemon)
        let lines = daemon.finish()[0]
        #expect(lines[0...1] == [request(1, "status", "{}"), request(2, "rpc.discover", "{}")])
        #expect(
            lines[2]
                == request(
                    3, "export",
                    #"{"query":"usage.history","params":{"tenant":"acme=b","least":-3,"open":true,"since":"2026-11-01T00:00:00.000000Z","types":["a","b,c"],"colour":"red"},"minSeq":42}"#
                ))
        #expect(lines[3...] == [4, 5, 6].map { request($0, "export.next", #"{"export":7}"#) }[...])
    }

    @Test func csvIsWrittenWhole() throws {
        defer { removeDirectory() }
        try run("usage.history tenant=acme --csv", daemon())
        #expect(
            text == "seq,id,at,open,labels\r\n1,'=1+1,2026-11-21T00:00:00.000000Z,true,\"{\"\"a\"\":\"\"b\"\"}\"\r\n"
                + "-2,\"a,\"\"b\"\"\",,false,\r\n3,\"\",,,\"\"\"=x\"\"\"\r\n")
        #expect(files == ["out"])
    }

    @Test func jsonLinesAreWrittenWhole() throws {
        defer { removeDirectory() }
        try run("query usage.history tenant=acme --jsonl", daemon())
        #expect(
            text == #"""
                {"seq":1,"id":"=1+1","at":"2026-11-21T00:00:00.000000Z","open":true,"labels":{"a":"b"}}
                {"seq":-2,"id":"a,\"b\"","at":null,"open":false,"labels":null}
                {"seq":3,"id":"","at":null,"open":null,"labels":"=x"}

                """#)
    }

    @Test func noRowsAreAHeaderOrNothing() throws {
        defer { removeDirectory() }
        let none = [#"{"rows":[],"done":true}"#]
        try run("usage.history --csv", daemon(none))
        #expect(text == "seq,id,at,open,labels\r\n")
        try run("usage.history --jsonl", daemon(none))
        #expect(text == "", "what was there is replaced")
    }

    // MARK: Half an export

    @Test(arguments: [
        #"{"code":-32600,"message":"this connection has no export 7"}"#, #"{"code":-32603,"message":"the disk"}"#,
    ])
    func whatEndsHalfwayLeavesWhatWasThere(error: String) throws {
        defer { removeDirectory() }
        try "before".write(toFile: file, atomically: true, encoding: .utf8)
        let daemon = daemon([ExportTests.chunks[0]]) { peer in
            peer.line()
            peer.refuse(5, error)
        }
        #expect(throws: ClientError.self) { try run("usage.history --csv", daemon) }
        #expect(text == "before" && files == ["out"])
    }

    @Test(arguments: [
        #"{"rows":[[1]],"done":true}"#, #"{"rows":[{"seq":1}],"done":true}"#, #"{"rows":[]}"#, #"{"done":true}"#, "[]",
    ])
    func aChunkThatIsNoneIsAnError(chunk: String) throws {
        defer { removeDirectory() }
        let failure = #expect(throws: Failure.self) { try run("usage.history --csv", daemon([chunk])) }
        #expect(failure?.status == .failed && files == [])
    }

    @Test func aPipeIsNotReplacedByAFile() throws {
        defer { removeDirectory() }
        #expect(mkfifo(file, 0o600) == 0)
        let failure = #expect(throws: Failure.self) { try ExportFile(file) }
        #expect(failure?.status == .usage && failure?.message.contains("is no file") == true)
        #expect(throws: Failure.self) { try ExportFile(directory) }
        #expect(throws: Failure.self) { try ExportFile(directory + "/none/out") }
        #expect(files == ["out"])
    }

    @Test func aLinkStaysALink() throws {
        defer { removeDirectory() }
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: directory + "/target")
        try "before".write(toFile: directory + "/target", atomically: false, encoding: .utf8)
        let export = try ExportFile(file)
        try export.write(Array("after".utf8))
        try export.complete()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == directory + "/target")
        #expect(text == "after" && files == ["out", "target"])
    }

    /// More than is kept in memory at a time; under another name until it is complete.
    @Test func aLargeFileAppearsAtTheEnd() throws {
        defer { removeDirectory() }
        let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
        var export: ExportFile? = try ExportFile(file)
        for _ in 0..<500 { try export?.write(line) }
        #expect(files.count == 1 && files[0].hasPrefix("out.") && files[0].hasSuffix(".part"))
        try export?.complete()
        export = nil
        #expect(files == ["out"] && text?.utf8.count == 500_000)
    }

    // MARK: The command line

    @Test(arguments: [
        "usage.history", "usage.history tenant --csv", "usage.history =a --csv", "usage.history --csv --jsonl", "log",
        "log --csv --from 0",
        "--csv",
    ])
    func aLineThatIsNotRightIsRefused(line: String) {
        #expect(throws: (any Error).self) { try Daybook.parseAsRoot(["export"] + line.split(separator: " ").map(String.init)) }
    }

    @Test(arguments: [
        ("least=many", "least is an integer"), ("open=yes", "open is true or false"), ("tenant=b", "tenant is given twice"),
    ])
    func aValueThatCannotBeIsNamed(parameter: String, words: String) throws {
        defer { removeDirectory() }
        let daemon = FakeDaemon { peer in
            for (number, answer) in [#"{"head":{"seq":42}}"#, ExportTests.description].enumerated() {
                peer.line()
                peer.answer(number + 1, answer)
            }
        }
        let failure = #expect(throws: Failure.self) { try run("usage.history tenant=a \(parameter) --csv", daemon) }
        #expect(failure?.status == .usage && failure?.message.hasPrefix(words) == true && files == [])
    }

    // MARK: The log

    private static let events = [
        #"{"seq":1,"at":"T","day":"D","type":"configured","tenant":"acme","id":"c","key":"plan/x","reason":"=why"}"#,
        #"{"seq":2,"at":"T","day":"D","type":"settled","tenant":"acme","id":"s","account":"a","hold":"h","held":1,"parts":[{"unit":"u","amount":5,"lots":[],"balance":{"available":9,"held":0}}],"returns":[{"unit":"u","amount":2,"lots":[],"balance":{"available":9,"held":0}}]}"#,
        #"{"seq":3,"at":"T","day":"D","type":"refunded","tenant":"other","id":"r","account":"a","parts":[{"unit":"u","amount":1,"balance":{"available":10,"held":0}}]}"#,
        #"{"seq":4,"at":"T","day":"D","type":"late","tenant":"acme","id":"l"}"#,
    ]

    /// A daemon whose log has three events at first, and then one more.
    private func logDaemon() -> FakeDaemon {
        FakeDaemon(
            { peer in
                peer.line()
                peer.answer(1, #"{"head":{"seq":3}}"#)
            },
            { peer in
                peer.line()
                peer.answer(1, #"{"from":1}"#)
                for event in ExportTests.events { peer.notify("event", event) }
            })
    }

    @Test func theLogAsJSONLinesIsItsLines() throws {
        defer { removeDirectory() }
        let daemon = logDaemon()
        try run("log --jsonl", daemon)
        #expect(text == ExportTests.events[..<3].map { $0 + "\n" }.joined())
        #expect(daemon.finish().last == [request(1, "events.subscribe", #"{"from":1}"#)])
    }

    @Test func theLogOfATenantIsFiltered() throws {
        defer { removeDirectory() }
        try run("log --jsonl --tenant acme", logDaemon())
        #expect(text == ExportTests.events[..<2].map { $0 + "\n" }.joined())
    }

    @Test func theLogAsCSVHasARowForEachUnitMoved() throws {
        defer { removeDirectory() }
        try run("log --csv", logDaemon())
        let bytes = Array(try #require(text).utf8)
        var isRead = false
        var reader = CSVReader {
            defer { isRead = true }
            return isRead ? nil : bytes
        }
        let names = try #require(try reader.next()).fields
        var rows: [[String: String]] = []
        while let record = try reader.next() { rows.append(Dictionary(uniqueKeysWithValues: zip(names, record.fields))) }
        #expect(rows.map { $0["seq"] } == ["1", "2", "2", "3"] && rows.map { $0["part"] } == ["0", "0", "1", "0"])
        #expect(rows.map { $0["amount"] } == ["", "5", "2", "1"] && rows.map { $0["returned"] } == ["", "0", "1", "1"])
        #expect(rows.map { $0["available"] } == ["", "9", "9", "10"])
        #expect(rows[0]["reason"] == "'=why" && rows[0]["key"] == "plan/x" && rows[1]["hold"] == "h")
        #expect(rows.map { $0["json"] } == [ExportTests.events[0], ExportTests.events[1], "", ExportTests.events[2]])
    }
}
