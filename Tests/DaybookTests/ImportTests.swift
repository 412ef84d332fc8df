import ArgumentParser
import ClientTestKit
import Foundation
import LedgerClient
import Testing

@testable import daybook

@Suite struct TemplateTests {
    @Test(arguments: [
        ("u-{row%97}", "u-3"), ("{row}", "100"), ("import-{file}-{row}", "import-abc-100"), ("{User}@{row%100}", "jane@0"),
        ("{{{row}}}", "{100}"), ("plain", "plain"), ("", ""),
    ])
    func templatesAreFilled(text: String, expected: String) throws {
        let template = try #require(Template(argument: text))
        #expect(template.text(row: 100, file: "abc") { ["User": "jane"][$0] ?? "?" } == expected)
    }

    @Test(arguments: ["{", "}", "{}", "{row%0}", "{row%x}", "{row%-1}", "a{b", "a}b"])
    func brokenTemplatesAreRefused(text: String) {
        #expect(Template(argument: text) == nil)
    }

    @Test func aTemplateNamesItsColumns() {
        #expect(Template(argument: "{A}-{row}-{B}-{file}")?.columns == ["A", "B"])
    }
}

@Suite struct RowTests {
    private static let header = ["When", "User", "In", "Out", "Model"]
    private static let priced =
        "--tenant t --account {User} --feature chat --quantity in=In --quantity out=Out --occurred-at When --label model=Model"

    @Test func aRowBecomesADebit() throws {
        let row = try reader(Self.priced).read(record(["2023-11-16 18:17:03.9799600", "jane", "4808", "10", "m"]), row: 7)
        #expect(
            row.call.params.description
                == #"{"tenant":"t","id":"import-f00-7","account":"jane","feature":"chat","quantities":{"in":4808,"out":10},"labels":{"model":"m"},"occurredAt":"2023-11-16T18:17:03.979960Z"}"#
        )
        #expect(row.call.method == "debit")
        #expect(row.counts == [4808, 10])
    }

    @Test func anEmptyLabelIsLeftOut() throws {
        let row = try reader(Self.priced).read(record(["2023-11-16", "jane", "0", "0", ""]), row: 1)
        #expect(row.call.params["labels"] == nil)
    }

    @Test func amountsIDsAndBatchesByTemplate() throws {
        let options = "--tenant t --account u-{row%3} --unit credits --amount In --id x-{When}-{row} --batch b-{Model}"
        let row = try reader(options).read(record(["w", "", "5", "", "m"]), row: 4)
        #expect(
            row.call.params.description
                == #"{"tenant":"t","id":"x-w-4","account":"u-1","unit":"credits","amount":5,"batch":"b-m"}"#)
        #expect(row.counts == [5])
    }

    @Test func aZoneMovesTimes() throws {
        let row = try reader(Self.priced + " --time-zone Europe/Berlin").read(
            record(["2023-11-16 01:00", "j", "1", "1", "m"]), row: 1)
        #expect(row.call.params["occurredAt"] == "2023-11-16T00:00:00.000000Z")
    }

    @Test(arguments: [
        (["2023-11-16", "jane", "x", "1", "m"], "In: 'x' is no integer from 0 to 9007199254740991"),
        (["2023-11-16", "jane", "1", "-1", "m"], "Out: '-1' is no integer from 0 to 9007199254740991"),
        (["2023-11-16", "jane", "1.0", "1", "m"], "In: '1.0' is no integer from 0 to 9007199254740991"),
        (
            ["2023-11-16", "jane", "9007199254740992", "1", "m"],
            "In: '9007199254740992' is no integer from 0 to 9007199254740991"
        ),
        (["2023-11-16", "jane", "", "1", "m"], "In: '' is no integer from 0 to 9007199254740991"),
        (["today", "jane", "1", "1", "m"], "When: 'today' is no time"),
        (["2023-11-16", "", "1", "1", "m"], "the account is empty"),
        (["2023-11-16", "jane", "1"], "3 fields, the header has 5"),
    ])
    func faultsAreTold(fields: [String], expected: String) throws {
        let reader = try reader(Self.priced)
        let fault = #expect(throws: RowReader.Fault.self) { try reader.read(record(fields), row: 1) }
        #expect(fault?.reason == expected)
    }

    @Test(arguments: [
        (["a", "b"], "there is no column User; the columns are a, b."),
        (["User", "User"], "the column User is there twice: rename one."),
    ])
    func columnsMustBeThere(header: [String], expected: String) throws {
        let mapping = try ImportMapping.parse(
            "--tenant t --account {User} --unit c --amount User".split(separator: " ").map(String.init))
        let failure = #expect(throws: Failure.self) { try RowReader(mapping, header: header, file: "f") }
        #expect(failure?.message == expected)
        #expect(failure?.status == .usage)
    }

    private func reader(_ options: String) throws -> RowReader {
        try RowReader(ImportMapping.parse(options.split(separator: " ").map(String.init)), header: Self.header, file: "f00")
    }

    private func record(_ fields: [String]) -> CSVReader.Record { CSVReader.Record(line: 2, fields: fields) }
}

@Suite struct ImportTests {
    private static let csv = "User,Spent\r\na,1\r\nb,20\r\nc,300\r\n"

    /// Answers each request by its account: whatever `answers` says, else an accepted debit.
    private func daemon(_ answers: [String: String] = [:]) -> FakeDaemon {
        FakeDaemon { peer in
            while let line = peer.line(), let request = try? JSONValue(parsing: line) {
                let (id, account) = (Int(request["id"]?.integer ?? 0), request["params"]?["account"]?.string ?? "")
                if let error = answers[account] {
                    peer.refuse(id, error)
                } else {
                    peer.answer(id, #"{"replayed":\#(account == "b")}"#)
                }
            }
        }
    }

    @Test func everyRowIsCounted() throws {
        let daemon = daemon(["c": #"{"code":-32010,"message":"no","data":{"rejection":"insufficientBalance","number":260}}"#])
        let tally = try withFile(Self.csv) { path -> Tally in try importing(path, daemon.path) }
        #expect((tally.added, tally.alreadyThere, tally.rejected) == (1, 1, 1))
        #expect(tally.addedSums.values == [1])
        #expect(tally.alreadyThereSums.values == [20])
        #expect(tally.refusals.map(\.line) == [4])
        #expect(
            tally.lines == [
                "         added  already there  rejected", "rows         1              1         1",
                "credits      1             20",
                "  row 3 (line 4): no (insufficientBalance, 260)",
            ])
        let ids = daemon.finish()[0].compactMap { try? JSONValue(parsing: $0)["params"]?["id"]?.string }
        // The first digits of `printf 'User,Spent\r\na,1\r\nb,20\r\nc,300\r\n' | sha256sum`.
        #expect(ids == (1...3).map { "import-d31a45cc7e28-\($0)" })
    }

    @Test func aRejectedRowEndsWithOne() throws {
        let daemon = daemon(["c": #"{"code":-32011,"message":"another body"}"#])
        let failure = try withFile(Self.csv) { path -> Failure? in #expect(throws: Failure.self) { try run(path, daemon.path) } }
        #expect(failure?.status == .rejected)
        _ = daemon.finish()
    }

    @Test func anErrorOfTheDaemonStopsIt() throws {
        let daemon = daemon(["b": #"{"code":-32023,"message":"disk full"}"#])
        let failure = try withFile(Self.csv) { path -> Failure? in #expect(throws: Failure.self) { try run(path, daemon.path) } }
        #expect(failure?.status == .failed)
        #expect(failure?.message.contains("after 1 answered rows") == true)
        _ = daemon.finish()
    }

    @Test func theLimitKeepsTheIDs() throws {
        let daemon = daemon()
        let tally = try withFile(Self.csv) { path -> Tally in try importing(path, daemon.path, "--limit", "2") }
        #expect(tally.rowCount == 2)
        #expect(daemon.finish()[0].last?.contains("\"id\":\"import-d31a45cc7e28-2\"") == true)
    }

    @Test func aBrokenConnectionIsResumedWithTheSameIDs() throws {
        let daemon = FakeDaemon(
            { peer in
                for _ in 1...3 { peer.line() }
                peer.answer(1, #"{"replayed":false}"#)
            },
            { peer in
                for id in 2...3 {
                    peer.line()
                    peer.answer(id, #"{"replayed":true}"#)
                }
            })
        let tally = try withFile(Self.csv) { path -> Tally in try importing(path, daemon.path) }
        #expect((tally.added, tally.alreadyThere) == (1, 2))
        let received = daemon.finish()
        #expect(received[1] == Array(received[0][1...]))
    }

    @Test(arguments: [
        ("User,Spent\na,1\nb,x\nc\n", ["line 3: Spent: 'x' is no integer", "line 4: 1 fields, the header has 2"]),
        ("User,Spent\na,1\n\"b,2\n", ["line 3: a quote that is opened here"]),
    ])
    func nothingIsSentOfAFileWithFaults(csv: String, expected: [String]) throws {
        // Nobody listens: an attempt to send would fail with another status.
        let failure = try withFile(csv) { path -> Failure? in
            #expect(throws: Failure.self) { try run(path, FakeDaemon.unusedPath()) }
        }
        #expect(failure?.status == .rejected)
        for line in expected { #expect(failure?.message.contains(line) == true) }
    }

    @Test(arguments: ["", "\n\n"])
    func anEmptyFileIsUsage(csv: String) throws {
        let failure = try withFile(csv) { path -> Failure? in
            #expect(throws: Failure.self) { try run(path, FakeDaemon.unusedPath()) }
        }
        #expect(failure?.status == .usage)
    }

    @Test func aMissingFileIsUsage() {
        let failure = #expect(throws: Failure.self) { try run("/nonexistent.csv", FakeDaemon.unusedPath()) }
        #expect(failure?.status == .usage)
    }

    @Test func aDryRunNeedsNoDaemon() throws {
        let check = try withFile(Self.csv) { path -> ImportCheck in
            let (command, file) = (try command(path, "none"), try HashedFile(path: path))
            return try ImportCheck.run(command, file).sampled(command, file)
        }
        #expect(check.lines[..<2] == ["3 rows would be sent as debits:", "  credits 321"])
        #expect(check.samples.map { $0["id"]?.string } == (1...3).map { "import-d31a45cc7e28-\($0)" })
        try withFile(Self.csv) { path in try run(path, FakeDaemon.unusedPath(), "--dry-run") }
    }

    @Test func manyRowsInAWindow() throws {
        let rows = (1...3000).map { "u\($0),\($0)" }
        let daemon = daemon()
        let tally = try withFile((["User,Spent"] + rows).joined(separator: "\n")) { path -> Tally in
            try importing(path, daemon.path)
        }
        #expect(tally.added == 3000)
        #expect(tally.addedSums.values == [3000 * 3001 / 2])
        #expect(daemon.finish()[0].count == 3000)
    }

    private func importing(_ path: String, _ socket: String, _ more: String...) throws -> Tally {
        let (command, file) = (try command(path, socket, more), try HashedFile(path: path))
        return try command.send(ImportCheck.run(command, file), file)
    }

    private func run(_ path: String, _ socket: String, _ more: String...) throws { try command(path, socket, more).run() }

    private func command(_ path: String, _ socket: String, _ more: [String] = []) throws -> Import {
        let mapping = ["--tenant", "t", "--account", "{User}", "--unit", "credits", "--amount", "Spent"]
        return try Import.parse([path, "--socket", socket] + mapping + more)
    }

    private func withFile<Outcome>(_ text: String, _ body: (String) throws -> Outcome) throws -> Outcome {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UInt64.random(in: .min ... .max)).csv")
            .path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
