import Foundation
import LedgerClient
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

/// What an operator and an auditor do with a data directory.
@Suite struct OperatorTests {
    @Test func sealedSegmentsGiveEveryEventInOrderToLZ4AndJQ() throws {
        let directory = try ledgerOfSeveralSegments()
        let last = try LogReader(directory.path).head()
        #expect(last.segment > .first, "the log has sealed segments")
        let script = """
            set -euo pipefail
            sealed=$(ls log/*.lz4 | head -n -1)
            lz4 -dcm $sealed | jq -c .seq | awk '$1 != NR { exit 1 } END { print NR }'
            """
        let (status, output) = try Programs.run(URL(filePath: "/bin/bash"), ["-c", script], in: directory.url)
        #expect(status == 0)
        #expect(output == "\(last.segment.rawValue - 1)\n")
    }

    /// 6,000 commands in small segments.
    private func ledgerOfSeveralSegments() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        var options = LedgerEngine.Options()
        options.bounds.segmentByteCountMax = 64 << 10
        options.bounds.batchRawByteCountMax = 32 << 10
        options.bounds.tailChunkByteCount = 16 << 10
        let engine = try LedgerEngine(directory.path, options, onFailure: { _ in })
        let answers = Answers()
        let lane = engine.addLane { answers.add($0.count) }
        for number in 1...3000 {
            let grant = Grant(account: Name("account-\(number % 7)")!, unit: "credits", amount: 5)
            let debit = Debit(account: Name("account-\(number % 7)")!, ask: .amount(unit: "credits", 5))
            for (kind, command) in [("g", Command.grant(grant)), ("d", .debit(debit))] {
                let request = Request(tenant: "t", id: Name("\(kind)-\(number)")!, body: 1, command: command)
                #expect(engine.submit([Asked(lane: lane, connection: 1, tag: 1, question: .command(request))]))
            }
            if number % 50 == 0 { answers.wait(for: number * 2) }
        }
        engine.stop()
        return directory
    }

    @Test func whatReadModelsHaveSeenIsNotForgottenByRebuildingThem() throws {
        let directory = try ledgerOfSeveralSegments()
        let head = try LogReader(directory.path).head()
        let daemon = try RunningDaemon(data: directory.path)
        for method in ["balances.list", "batches.list", "config.current", "daily.accounts", "usage.history"] {
            let named: JSONValue = ["tenant": "t", "minSeq": .integer(Int64(head.lastSequence.rawValue))]
            let dated: JSONValue = [
                "tenant": "t", "unit": "credits", "from": "2026-01-01", "to": "2099-12-31",
                "minSeq": .integer(Int64(head.lastSequence.rawValue)),
            ]
            let account: JSONValue = [
                "tenant": "t", "account": "account-1", "minSeq": .integer(Int64(head.lastSequence.rawValue)),
            ]
            let params = ["daily.accounts": dated, "usage.history": account, "batches.list": account][method] ?? named
            try daemon.connect().call(method, params)
        }
        #expect(daemon.stop() == 0)
        let segments = try FileManager.default.contentsOfDirectory(atPath: directory.url.appending(path: "log").path).filter {
            $0.hasSuffix(".lz4")
        }
        .sorted()
        try FileManager.default.removeItem(at: directory.url.appending(path: "log/\(segments.last!)"))
        for name in ["balances", "batches", "config", "daily", "usage"] {
            let rebuild = try Programs.run(Programs.path("daybookd"), ["rebuild", "--data", directory.path, name])
            #expect(rebuild.status != 0 && rebuild.output.contains("lostEvents"), "\(rebuild.output)")
        }
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: directory.path) }
    }

    @Test func catTellsThatWhatStandsBehindIsDamaged() throws {
        let directory = try ledgerOfSeveralSegments()
        let head = try LogReader(directory.path).head()
        let segment = directory.url.appending(path: "log/\(String(format: "%020d", Int(head.segment.rawValue))).lz4")
        let file = try FileHandle(forUpdating: segment)
        try file.seek(toOffset: head.offset - 10)
        try file.write(contentsOf: [0xff, 0xff])
        try file.close()
        let cat = try Programs.run(Programs.path("daybookd"), ["cat", "--data", directory.path, "--type", "ledgerOpened"])
        #expect(cat.status == 1)
        #expect(cat.output.contains("damaged"), "\(cat.output)")
        let recover = try Programs.run(Programs.path("daybookd"), ["recover", "--data", directory.path, "--cut"])
        #expect(recover.status == 0 && recover.output.contains("cut "), "\(recover.output)")
        #expect(try Programs.run(Programs.path("daybookd"), ["cat", "--data", directory.path]).status == 0)
    }

    @Test func recoverMakesNoLedgerAndALostLogIsNotReplaced() throws {
        let directory = try TemporaryDirectory()
        let recover = try Programs.run(Programs.path("daybookd"), ["recover", "--data", "\(directory.path)/none", "--cut"])
        #expect(recover.status != 0 && recover.output.contains("no log"), "\(recover.output)")
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/none"))
        let ledger = try ledgerOfSeveralSegments()
        try FileManager.default.removeItem(at: ledger.url.appending(path: "log"))
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: ledger.path) }
    }

    @Test func aBatchWithRefusedItemsEndsWithOneAndLostOutputIsTold() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path)
        try daemon.connect().call("grant", ["tenant": "t", "id": "g", "account": "a", "unit": "credits", "amount": 3])
        func daybook(_ command: String) throws -> (status: Int32, output: String) {
            let script = "'\(Programs.path("daybook").path)' \(command)"
            return try Programs.run(URL(filePath: "/bin/bash"), ["-c", "DAYBOOK_SOCKET='\(daemon.socketPath)' \(script)"])
        }
        let batch = try daybook("batch debit t a b --unit credits --mode each x=2 y=2")
        #expect(batch.status == 1 && batch.output.contains("rejected y"), "\(batch.output)")
        let events = try daybook("events > /dev/full")
        #expect(events.status == 4 && events.output.contains("standard output"), "\(events.output)")
        #expect(daemon.stop() == 0)
    }

    @Test func verifyNamesTheFaultAndEndsWithOne() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path)
        try daemon.connect().call("grant", ["tenant": "t", "id": "g", "account": "a", "unit": "credits", "amount": 7])
        #expect(daemon.stop() == 0)
        let segment = directory.url.appending(path: "log/00000000000000000001.lz4")
        let file = try FileHandle(forUpdating: segment)
        try file.seek(toOffset: 500)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 500)
        try file.write(contentsOf: [byte ^ 1])
        try file.close()
        let (status, output) = try Programs.run(Programs.path("daybookd"), ["verify", "--data", directory.path])
        #expect(status == 1)
        #expect(
            output.contains("00000000000000000001.lz4") && output.contains("offset") && output.contains("sequence"), "\(output)")
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: directory.path) }
    }

    @Test func aDirectoryServesOneDaemonAndNoRebuildBesideIt() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path)
        try daemon.connect().call("grant", ["tenant": "t", "id": "g", "account": "a", "unit": "credits", "amount": 7])
        let second = try Programs.run(
            Programs.path("daybookd"), ["serve", "--data", directory.path, "--socket", "\(directory.path)/other.sock"])
        #expect(second.status != 0)
        #expect(second.output.contains("another process"), "\(second.output)")
        #expect(try Programs.run(Programs.path("daybookd"), ["rebuild", "--data", directory.path, "balances"]).status != 0)
        #expect(daemon.stop() == 0)
        for name in ["balances", "batches", "config", "daily", "usage"] {
            let rebuild = try Programs.run(Programs.path("daybookd"), ["rebuild", "--data", directory.path, name])
            #expect(rebuild.status == 0, "\(rebuild.output)")
            let check = try Programs.run(Programs.path("daybookd"), ["rebuild", "--data", directory.path, name, "--check"])
            #expect(check.status == 0, "\(check.output)")
        }
    }

    @Test func catPrintsFromASequenceNumberAndByType() throws {
        let directory = try TemporaryDirectory()
        let daemon = try RunningDaemon(data: directory.path)
        let connection = try daemon.connect()
        for number in 1...5 {
            try connection.call(
                "grant", ["tenant": "t", "id": .string("g\(number)"), "account": "a", "unit": "credits", "amount": 7])
        }
        #expect(daemon.stop() == 0)
        let grants = try Programs.run(
            Programs.path("daybookd"), ["cat", "--data", directory.path, "--type", "granted", "--from", "4"])
        #expect(grants.output.split(separator: "\n").count == 4)
        #expect(try Programs.run(Programs.path("daybookd"), ["cat", "--data", directory.path, "--type", "nonsense"]).status != 0)
    }
}

/// Counts answers for a test that waits for them.
private final class Answers: @unchecked Sendable {
    private let condition = NSCondition()
    private var count = 0

    func add(_ more: Int) {
        condition.withLock {
            count += more
            condition.signal()
        }
    }

    func wait(for wanted: Int) {
        condition.withLock {
            while count < wanted { condition.wait() }
        }
    }
}
