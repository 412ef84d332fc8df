import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// Files that are built, lost and changed for others while queries go on.
@Suite struct OnlineRebuildTests {
    private let ledger: Ledger
    private let events = generatedEvents(seed: 12, count: 1500)
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    init() throws { ledger = try Ledger() }

    private func append(_ range: Range<Int>) throws {
        var random = SeededGenerator(seed: 1)
        try ledger.append(Array(events[range]), cutting: &random)
    }

    private func group(from index: Int) -> Int { events[index...].firstIndex { $0.group != nil } ?? events.count }

    private var last: SequenceNumber { ledger.log.head.lastSequence }

    private static var watchful: ReadModelBounds {
        var bounds = Ledger.patient
        bounds.lookInterval = .milliseconds(5)
        bounds.retrySeconds = 0
        return bounds
    }

    private func started(_ folders: Projection..., bounds: ReadModelBounds = OnlineRebuildTests.watchful) throws -> ReadModels {
        let readModels = try ledger.readModels(folders, bounds: bounds)
        readModels.start()
        return readModels
    }

    private func isFollowing(_ readModels: ReadModels) -> Bool { readModels.status().allSatisfy { $0.phase == .following } }

    // MARK: The swap

    @Test func noQueryIsRefusedWhileFilesAreChangedAndNoneGoesBack() async throws {
        try append(0..<group(from: 300))
        let readModels = try started(try Projection(folder()))
        _ = try await readModels.countedEvents(minSeq: last)
        let ended = Ended()
        let clients = (0..<3).map { _ in
            Task { [now] in
                var (asked, seen) = (0, UInt64(0))
                while await !ended.isSet {
                    let answer = try await readModels.query("counts.all", now: now)
                    let counted = try rows(answer).reduce(0) { $0 + ($1["count"] as! Int) }
                    #expect(answer.asOf >= seen && counted == Int(answer.asOf))
                    (asked, seen) = (asked + 1, answer.asOf)
                }
                return asked
            }
        }
        for round in 0..<30 {
            try await readModels.rebuild("counts")
            let start = 300 + round * 40
            try append(group(from: start)..<group(from: start + 40))
            try await eventually { isFollowing(readModels) }
            #expect(try await readModels.countedEvents(minSeq: last) == Int(last.rawValue))
        }
        await ended.set()
        for client in clients { #expect(try await client.value > 30) }
        #expect(ledger.file("counts").hasSuffix("counts.31.sqlite"))
        await readModels.stop()
        try await eventually { try ledger.viewFiles() == ["counts.31.sqlite"] }
    }

    /// Takes a while over each stretch, so that a rebuild is still under way when it is asked for again.
    private static let slowApply =
        countsApply + """

            INSERT INTO counts
            SELECT 'slow', min(i) - 1
            FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n)
            WHERE true
            ON CONFLICT DO UPDATE SET count = excluded.count;
            """

    @Test func aRebuildIsAskedForOnceAndOfWhatThereIs() async throws {
        try append(0..<events.count)
        var bounds = OnlineRebuildTests.watchful
        (bounds.stretchEventCount, bounds.commitEventCount) = (1, 1)
        let readModels = try started(try Projection(folder(apply: OnlineRebuildTests.slowApply)), bounds: bounds)
        _ = try await readModels.countedEvents(minSeq: last)
        try await readModels.rebuild("counts")
        await #expect(throws: ReadModelError.self) { try await readModels.rebuild("counts") }
        do {
            try await readModels.rebuild("count")
            Issue.record("rebuilt")
        } catch { #expect(error.description == "there is no read model count; there are counts") }
        await readModels.stop()
        #expect(try ledger.viewFiles() == ["counts.1.sqlite"])
    }

    /// What an older program left, and what a crash left.
    @Test func anOldNameIsGenerationZeroAndLeftoversGo() async throws {
        try append(0..<events.count)
        let first = try started(try Projection(folder()))
        _ = try await first.countedEvents(minSeq: last)
        await first.stop()
        try FileManager.default.moveItem(atPath: ledger.file("counts"), toPath: "\(ledger.views)/counts.sqlite")
        for name in ["counts.7.sqlite.new", "counts.6.sqlite-wal", "counts.check-1-1.sqlite.new"] {
            try overwrite("\(ledger.views)/\(name)", with: [1])
        }
        let second = try started(try Projection(folder()))
        #expect(try await second.countedEvents(minSeq: last) == events.count)
        await second.stop()
        #expect(try ledger.viewFiles() == ["counts.sqlite"])
    }

    // MARK: Loss

    @Test(arguments: ["deleted", "replaced", "log deleted"])
    func aFileThatIsLostUnderItsHandsIsBuiltAnew(how: String) async throws {
        try append(0..<group(from: 300))
        let readModels = try started(try Projection(folder()))
        _ = try await readModels.countedEvents(minSeq: last)
        let path = ledger.file("counts")
        switch how {
        case "deleted": try FileManager.default.removeItem(atPath: path)
        case "replaced":
            try overwrite(ledger.directory + "/other", with: Array(repeating: 3, count: 5000))
            #expect(rename(ledger.directory + "/other", path) == 0)
        default: try FileManager.default.removeItem(atPath: path + "-wal")
        }
        try await eventually { ledger.file("counts").hasSuffix("counts.2.sqlite") && isFollowing(readModels) }
        try append(group(from: 300)..<events.count)
        #expect(try await readModels.countedEvents(minSeq: last) == events.count)
        await readModels.stop()
        try await eventually { try ledger.viewFiles() == ["counts.2.sqlite"] }
    }

    // MARK: Other SQL

    /// The new file is not there yet: what the old one cannot answer says so, and what it can is answered.
    @Test func aQueryThatTheOldFileCannotAnswerIsNotReady() async throws {
        try append(0..<events.count)
        let old = try started(try Projection(folder()))
        _ = try await old.countedEvents(minSeq: last)
        await old.stop()
        let failing = countsSchema.replacingOccurrences(
            of: "count INTEGER NOT NULL", with: "count INTEGER NOT NULL CHECK (count < 0), more INTEGER")
        let apply = countsApply.replacingOccurrences(of: "type, sum(count)", with: "type, sum(count), 1")
        let queries = [
            "all": countsQuery, "types": "-- The types.\n-- returns type text\nSELECT type FROM counts;",
            "more": "-- More.\n-- returns more integer\nSELECT more FROM counts;",
        ]
        var bounds = OnlineRebuildTests.watchful
        (bounds.retrySeconds, bounds.stretchEventCount) = (1000, 1)
        let new = try started(try Projection(folder(schema: failing, apply: apply, queries: queries)), bounds: bounds)
        #expect(try await new.countedEvents(minSeq: last) == events.count)
        #expect(try rows(await new.query("counts.types", now: now)).count > 5)
        do {
            _ = try await new.query("counts.more", now: now)
            Issue.record("answered")
        } catch {
            switch error {
            case .rebuilding(_, let head): #expect(head == last)
            case .failed(let reason): #expect(reason.contains("CHECK"))
            default: Issue.record("\(error)")
            }
        }
        await new.stop()
    }

    // MARK: Checks

    @Test func aCheckBesideTheProjectorFindsNothing() async throws {
        try append(0..<group(from: 900))
        let readModels = try started(try Projection(folder()))
        _ = try await readModels.countedEvents(minSeq: last)
        async let checked = readModels.check("counts")
        try append(group(from: 900)..<events.count)
        #expect(try await checked == nil)
        #expect(readModels.status().map(\.checked) == [nil])
        #expect(try ledger.viewFiles().filter { $0.contains("check") || $0.hasSuffix(".new") } == [])
        await readModels.stop()
    }

    @Test func aCheckNamesTheRowThatIsWrong() async throws {
        try append(0..<events.count)
        let readModels = try started(try Projection(folder()))
        _ = try await readModels.countedEvents(minSeq: last)
        try Connection(ledger.file("counts"), .following).execute("UPDATE counts SET count = count + 1 WHERE type = 'refunded'")
        let difference = try #require(try await readModels.check("counts"))
        #expect(difference.table == "counts" && difference.row == "type='refunded'" && difference.column == "count")
        await #expect(throws: ReadModelError.self) { try await readModels.check("none") }
        await readModels.stop()
    }

    @Test func aCheckEndsWithTheReadModels() async throws {
        try append(0..<events.count)
        var bounds = OnlineRebuildTests.watchful
        (bounds.stretchEventCount, bounds.commitEventCount) = (1, 1)
        let readModels = try started(try Projection(folder()), bounds: bounds)
        _ = try await readModels.countedEvents(minSeq: last)
        let check = Task { try await readModels.check("counts") }
        try await eventually { readModels.status().first?.checked != nil }
        await #expect(throws: ReadModelError.self) { try await readModels.check("counts") }
        await readModels.stop()
        _ = try? await check.value
        #expect(readModels.status().map(\.checked) == [nil])
    }
}

private actor Ended {
    private(set) var isSet = false
    func set() { isSet = true }
}
