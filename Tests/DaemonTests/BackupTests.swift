import EventCodec
import Foundation
import LedgerClient
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing
import Transparency

/// Backup and restore with the real programs, beside a daemon under load.
@Suite struct BackupTests {
    private func daybookd(_ arguments: String...) throws -> (status: Int32, output: String) {
        try Programs.run(Programs.path("daybookd"), arguments)
    }

    @Test func whatWasAnsweredBeforeABackupBeganIsInTheLedgerRestoredFromIt() throws {
        let directory = try TemporaryDirectory()
        let (data, backup, restored) = ("\(directory.path)/data", "\(directory.path)/backup", "\(directory.path)/restored")
        let daemon = try RunningDaemon(data: data)
        let load = Load(on: try daemon.connect())
        var answeredBefore: Set<String> = []
        for round in 1...4 {
            answeredBefore = load.answered(atLeast: round * 150)
            let made = try daybookd("backup", backup, "--data", data, round % 2 == 0 ? "--verify-all" : "--link")
            #expect(made.status == 0, "\(made.output)")
            let check = try daybookd("verify", "--data", backup)
            #expect(check.status == 0, "\(check.output)")
            #expect(try answeredBefore.subtracting(grants(in: backup).keys) == [])
        }
        daemon.killAtOnce()
        load.end()
        let made = try daybookd("restore", backup, "--data", restored)
        #expect(made.status == 0 && made.output.contains("must never run again"), "\(made.output)")
        let events = try grants(in: restored)
        #expect(answeredBefore.subtracting(events.keys) == [])
        try expectBalances(of: events, in: restored)
        // The ledger that was killed has all that the backup has: it goes on, and so does the backup.
        try expectBalances(of: grants(in: data), in: data)
        let again = try daybookd("backup", backup, "--data", data, "--verify-all")
        #expect(again.status == 0, "\(again.output)")
        // The restored one has had a daemon: it is no backup any more.
        #expect(try daybookd("backup", restored, "--data", data).status != 0)
    }

    /// Accounts by the id of the command that granted them something: a unit each.
    private func grants(in directory: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for event in try events(in: directory) {
            if case .granted(let fact) = event.fact { found[event.id.text] = fact.account.text }
        }
        return found
    }

    private func expectBalances(of grants: [String: String], in directory: String) throws {
        let daemon = try RunningDaemon(data: directory)
        let connection = try daemon.connect()
        for (account, wanted) in Dictionary(grants.values.map { ($0, Int64(1)) }, uniquingKeysWith: +) {
            let answer = try connection.call("balance", ["tenant": "t", "account": .string(account)])
            #expect(answer["balances"]?.elements?.first?["available"]?.integer == wanted)
        }
        #expect(daemon.stop() == 0)
    }

    @Test func anOlderBackupDoesNotPassForTheLedgerWhereANewerCheckpointIsKept() throws {
        let directory = try TemporaryDirectory()
        let (data, backup, restored) = ("\(directory.path)/data", "\(directory.path)/backup", "\(directory.path)/restored")
        for round in 1...2 {
            let daemon = try RunningDaemon(data: data)
            try daemon.connect().call(
                "grant", ["tenant": "t", "id": .string("g\(round)"), "account": "a", "unit": "credits", "amount": 7])
            #expect(daemon.stop() == 0)
            let last = try LogReader(data).head().lastSequence
            let receipt = try daybookd("prove", "\(last)", "--data", data)
            #expect(receipt.status == 0, "\(receipt.output)")
            if round == 1 { #expect(try daybookd("backup", backup, "--data", data).status == 0) }
        }
        let refused = try daybookd("restore", backup, "--data", restored, "--checkpoint", "\(data)/checkpoint")
        #expect(refused.status != 0 && refused.output.contains("are not in"), "\(refused.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["backup", "data"])
        let made = try daybookd("restore", backup, "--data", restored, "--checkpoint", "\(backup)/checkpoint")
        #expect(made.status == 0, "\(made.output)")
        try FileManager.default.removeItem(atPath: "\(restored)/checkpoint")
        try FileManager.default.copyItem(atPath: "\(data)/checkpoint", toPath: "\(restored)/checkpoint")
        #expect(try daybookd("verify", "--data", restored).status == 1)
        #expect(throws: DaemonDidNotStart.self) { try RunningDaemon(data: restored) }
        // And the log that was left behind is no source for the newer backup.
        #expect(try daybookd("backup", backup, "--data", data).status == 0)
        try FileManager.default.removeItem(atPath: "\(restored)/checkpoint")
        let older = try daybookd("backup", backup, "--data", restored)
        #expect(older.status != 0 && older.output.contains("does not fit"), "\(older.output)")
    }

    @Test func aCheckpointThatTheLedgerDidNotSignTakesNoGoodOnesPlace() throws {
        let directory = try TemporaryDirectory()
        let (data, backup) = ("\(directory.path)/data", "\(directory.path)/backup")
        #expect(try RunningDaemon(data: data).stop() == 0)
        #expect(try daybookd("backup", backup, "--data", data).status == 0)
        let good = try String(contentsOfFile: "\(backup)/checkpoint", encoding: .utf8)
        var lines = good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[2] = (lines[2].first == "A" ? "B" : "A") + lines[2].dropFirst()
        try lines.joined(separator: "\n").write(toFile: "\(data)/checkpoint", atomically: true, encoding: .utf8)
        let refused = try daybookd("backup", backup, "--data", data)
        #expect(refused.status != 0 && refused.output.contains("foreignCheckpoint"), "\(refused.output)")
        #expect(try String(contentsOfFile: "\(backup)/checkpoint", encoding: .utf8) == good)
    }

    @Test func aBackupWithoutTheKeySaysSoWhenItIsRestored() throws {
        let directory = try TemporaryDirectory()
        let (data, backup, restored) = ("\(directory.path)/data", "\(directory.path)/backup", "\(directory.path)/restored")
        #expect(try RunningDaemon(data: data).stop() == 0)
        #expect(try daybookd("backup", backup, "--data", data, "--without-key").status == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(backup)/signing.key"))
        let made = try daybookd("restore", backup, "--data", restored)
        #expect(made.status == 0 && made.output.contains("replace-key"), "\(made.output)")
        #expect(try daybookd("backup", backup, "--data", data).status == 0)
        let key = try FileManager.default.attributesOfItem(atPath: "\(backup)/signing.key")
        #expect(key[.posixPermissions] as? Int == 0o600)
        #expect(try daybookd("restore", backup, "--data", restored).output.contains("is not empty"))
    }

    @Test func aNewLedgerFromTheBeginningOfAnotherIsServedAndGoesItsOwnWay() throws {
        let directory = try TemporaryDirectory()
        let (data, other) = ("\(directory.path)/data", "\(directory.path)/other")
        let daemon = try RunningDaemon(data: data)
        for number in 1...3 {
            try daemon.connect().call(
                "grant", ["tenant": "t", "id": .string("g\(number)"), "account": "a", "unit": "credits", "amount": 1])
        }
        #expect(daemon.stop() == 0)
        // The account's opening and the first grant are one command: event 2 alone ends none.
        let made = try daybookd("restore", data, "--data", other, "--until", "4", "--origin", "example.com/trial")
        #expect(made.status == 0 && made.output.contains("example.com/trial"), "\(made.output)")
        #expect(try daybookd("verify", "--data", other).status == 0)
        #expect(
            try events(in: other).map(\.fact.type.description) == [
                "ledgerOpened", "accountOpened", "granted", "granted", "restored",
            ])
        let restored = try RunningDaemon(data: other)
        let again: JSONValue = ["tenant": "t", "id": "g3", "account": "a", "unit": "credits", "amount": 5]
        try restored.connect().call("grant", again)
        let answer = try restored.connect().call("balance", ["tenant": "t", "account": "a"])
        #expect(answer["balances"]?.elements?.first?["available"]?.integer == 7)
        #expect(restored.stop() == 0)
        for point in ["0", "99", "1999-01-01T00:00:00Z", "yesterday"] {
            #expect(try daybookd("restore", data, "--data", "\(directory.path)/none", "--until", point).status != 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["data", "other"])
    }
}

/// New ledgers from every beginning of a small one.
@Suite(.serialized) struct RestorePointTests {
    /// Thirty-six commands, most of them of two events, in several segments.
    private func parent() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        var options = LedgerEngine.Options()
        options.bounds.segmentByteCountMax = 6 << 10
        options.bounds.batchRawByteCountMax = 4 << 10
        options.bounds.tailChunkByteCount = 2 << 10
        let engine = try LedgerEngine("\(directory.path)/data", options, onFailure: { _ in })
        let desk = GrantingDesk(engine)
        for number in 1...12 { desk.grant((1...3).map { "\(number)-\($0)" }) }
        engine.stop()
        return directory
    }

    @Test func everyEventNumberCutsBehindTheLastWholeCommand() throws {
        let directory = try parent()
        let source = "\(directory.path)/data"
        let (events, head) = (try events(in: source), try LogReader(source).head())
        #expect(head.segment > .first)
        for sequence in 0...head.lastSequence.rawValue + 1 {
            let path = "\(directory.path)/\(sequence)"
            func make() throws -> RestoredLedger {
                try RestorePoint.sequence(SequenceNumber(sequence)).makeLedger(from: source, in: path)
            }
            guard sequence > 0, sequence <= head.lastSequence.rawValue else {
                #expect(throws: RestoreError.self) { try make() }
                continue
            }
            let made = try make()
            let kept = events.prefix(wholeCommands: { $0.sequence.rawValue <= sequence })
            try expect(made, hasBegunWith: kept, in: path, parent: head.ledger)
            if sequence % 4 == 0 { try expectToGoOn(made, in: path) }
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func everyInstantCutsBehindTheLastCommandThatWasAcceptedByThen() throws {
        let directory = try parent()
        let source = "\(directory.path)/data"
        let (events, head) = (try events(in: source), try LogReader(source).head())
        for time in Set(events.map(\.at)) {
            let path = "\(directory.path)/\(time.rawValue)"
            let made = try RestorePoint.time(time).makeLedger(from: source, in: path)
            try expect(made, hasBegunWith: events.filter { $0.at <= time }, in: path, parent: head.ledger)
            try FileManager.default.removeItem(atPath: path)
        }
        let before = Timestamp(microseconds: events[0].at.rawValue - 1)
        #expect(throws: RestoreError.self) {
            try RestorePoint.time(before).makeLedger(from: source, in: "\(directory.path)/none")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/none"))
    }

    @Test func aRestoredLedgerCanBeRestoredAgainAndNamesItsOwnParent() throws {
        let directory = try parent()
        let (source, first) = ("\(directory.path)/data", "\(directory.path)/first")
        let made = try RestorePoint.sequence(SequenceNumber(40)).makeLedger(from: source, in: first, origin: "example.com/first")
        try expectToGoOn(made, in: first)
        let before = try RestorePoint.sequence(made.fact.sequence).makeLedger(from: first, in: "\(directory.path)/before")
        #expect(before.fact.parent == made.fact.parent)
        let behind = try RestorePoint.sequence(made.head.lastSequence).makeLedger(from: first, in: "\(directory.path)/behind")
        #expect(behind.fact.parent == made.fact.ledger)
        for path in ["before", "behind"] {
            let engine = try LedgerEngine("\(directory.path)/\(path)", onFailure: { _ in })
            engine.stop()
        }
    }

    @Test func whenTheClockIsBehindTheNewLedgerBeginsAtTheTimeOfItsLastEvent() throws {
        let directory = try parent()
        let clock = Clock(now: { Timestamp(microseconds: 0) })
        let made = try RestorePoint.sequence(SequenceNumber(40)).makeLedger(
            from: "\(directory.path)/data", in: "\(directory.path)/early", clock: clock)
        #expect(try events(in: "\(directory.path)/early").last?.at == made.lastAt)
    }

    private func expect(_ made: RestoredLedger, hasBegunWith kept: [Event], in path: String, parent: LedgerID) throws {
        let found = try events(in: path)
        #expect(found.dropLast() == kept[...])
        #expect(made.fact.sequence == kept.last?.sequence && made.fact.parent.text == parent.description)
        #expect(found.last?.fact == .restored(made.fact))
        #expect(found.last.map { $0.at >= kept.last!.at } == true)
        var tree = MerkleFrontier()
        for line in try lines(in: path).dropLast() { line.withUnsafeBytes { tree.append(.leaf($0)) } }
        #expect(made.fact.root.text == tree.root.base64)
        guard case .sound(let summary) = LogVerifier.verify(path) else {
            Issue.record("\(path) does not verify")
            return
        }
        #expect(summary.head == made.head && summary.head.ledger.description == made.fact.ledger.text)
        #expect(FileManager.default.fileExists(atPath: "\(path)/signing.key"))
    }

    /// Commands that were kept are known, those behind the cut are free.
    private func expectToGoOn(_ made: RestoredLedger, in path: String) throws {
        let kept = Set(try events(in: path).map(\.id.text))
        let engine = try LedgerEngine(path, onFailure: { _ in })
        let before = engine.status.head.lastSequence
        #expect(before == made.head.lastSequence)
        GrantingDesk(engine).grant(["1-1", "12-3"])
        let new = ["1-1", "12-3"].filter { !kept.contains($0) }.count
        #expect(engine.status.head.lastSequence == before.advanced(by: 2 * new))
        engine.stop()
        guard case .sound = LogVerifier.verify(path) else {
            Issue.record("\(path) does not verify")
            return
        }
    }
}

/// Every line of a log, without its newline.
private func lines(in directory: String) throws -> [[UInt8]] {
    let reader = LogReader(directory)
    let (head, cursor) = (try reader.head(), reader.cursor(from: .first))
    var lines: [[UInt8]] = []
    while let batch = try cursor.next(upTo: head) {
        lines += batch.records.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
    return lines
}

private func events(in directory: String) throws -> [Event] {
    try lines(in: directory).map { line in try line.withUnsafeBytes { bytes throws in try EventCodec.decode(bytes) } }
}

extension [Event] {
    /// The events of all commands of which every event satisfies a condition, up to the first that does not.
    fileprivate func prefix(wholeCommands isKept: (Event) -> Bool) -> [Event] {
        var kept: [Event] = []
        while kept.count < count {
            let command = self[kept.count..<kept.count + self[kept.count].group!.count]
            guard command.allSatisfy(isKept) else { break }
            kept += command
        }
        return kept
    }
}

/// Grants a credit to an account of each command's own, and waits for the answers.
private final class GrantingDesk: @unchecked Sendable {
    private let engine: LedgerEngine
    private let condition = NSCondition()
    private var answeredCount = 0
    private var lane = 0

    init(_ engine: LedgerEngine) {
        self.engine = engine
        lane = engine.addLane { [self] answers in
            condition.withLock {
                answeredCount += answers.count
                condition.signal()
            }
        }
    }

    func grant(_ ids: [String]) {
        let asked = ids.map { id in
            let command = Command.grant(Grant(account: Name("of-\(id)")!, unit: "credits", amount: 1))
            return Asked(
                lane: lane, connection: 1, tag: 1,
                question: .command(Request(tenant: "t", id: Name(id)!, body: 1, command: command)))
        }
        let wanted = condition.withLock { answeredCount } + ids.count
        #expect(engine.submit(asked))
        condition.withLock { while answeredCount < wanted { condition.wait() } }
    }
}

/// Grants on a thread of its own, until the connection breaks.
private final class Load: @unchecked Sendable {
    private let condition = NSCondition()
    private var answered: Set<String> = []
    private var isEnded = false

    init(on connection: LedgerConnection) {
        let handover = Handover(connection)
        Thread.detachNewThread { [self] in
            run(handover.connection)
            condition.withLock {
                isEnded = true
                condition.broadcast()
            }
        }
    }

    private struct Handover: @unchecked Sendable {
        let connection: LedgerConnection
        init(_ connection: LedgerConnection) { self.connection = connection }
    }

    private func run(_ connection: LedgerConnection) {
        var ids: [Int64: String] = [:]
        var next = 0
        while true {
            while connection.hasRoom(in: 16) {
                next += 1
                let call = Call(
                    "grant",
                    [
                        "tenant": "t", "id": .string("g-\(next)"), "account": .string("a-\(next % 50)"), "unit": "credits",
                        "amount": 1,
                    ])
                ids[connection.send(call)] = "g-\(next)"
            }
            guard let answer = try? connection.nextAnswer(), (try? answer.outcome.get()) != nil else { return }
            condition.withLock {
                answered.insert(ids[answer.number]!)
                condition.broadcast()
            }
        }
    }

    /// The ids that are answered, as soon as there are so many.
    func answered(atLeast count: Int) -> Set<String> {
        condition.withLock {
            while answered.count < count, !isEnded { condition.wait() }
            return answered
        }
    }

    /// Waits for the end of the connection.
    func end() { condition.withLock { while !isEnded { condition.wait() } } }
}
