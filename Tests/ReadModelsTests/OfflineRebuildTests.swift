import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// `rebuild` and `rebuild --check` by hand.
@Suite struct OfflineRebuildTests {
    private let ledger: Ledger
    private let rebuild: OfflineRebuild

    init() throws {
        ledger = try Ledger()
        var random = SeededGenerator(seed: 4)
        try ledger.append(generatedEvents(seed: 4, count: 500), cutting: &random)
        rebuild = try OfflineRebuild(try Projection(folder()), in: ledger.views, reader: ledger.reader)
    }

    @Test func itTellsHowFarItIs() throws {
        var bounds = ReadModelBounds()
        (bounds.stretchEventCount, bounds.commitEventCount) = (50, 50)
        var told: [SequenceNumber] = []
        try OfflineRebuild(try Projection(folder()), in: ledger.views, reader: ledger.reader, bounds: bounds)
            .rebuild(upTo: ledger.log.head) { told.append($0) }
        #expect(told.count > 3 && told == told.sorted() && told.last == ledger.log.head.lastSequence)
        #expect(ReadModels.watermarks(in: ledger.views) == [ledger.log.head.watermark])
    }

    @Test func aSoundFileHasNoDifferenceAlsoWhenTheLogHasGrown() throws {
        try rebuild.rebuild(upTo: ledger.log.head) { _ in }
        let seen = ledger.log.head.watermark
        try ledger.append([late("late")])
        #expect(try rebuild.check(upTo: ledger.log.head) { _ in } == nil)
        #expect(ReadModels.watermarks(in: ledger.views) == [seen])
    }

    @Test(arguments: [
        ("UPDATE counts SET count = count + 1 WHERE type = 'debited'", "column count"),
        ("DELETE FROM counts WHERE type = 'debited'", "the file in use has no such row"),
        ("INSERT INTO counts VALUES ('aaa', 1)", "the one rebuilt has no such row"),
        ("INSERT INTO counts VALUES ('zzz', 1)", "the one rebuilt has no such row"),
    ])
    func theFirstDifferenceIsNamed(change: String, words: String) throws {
        try rebuild.rebuild(upTo: ledger.log.head) { _ in }
        try Connection(ledger.file("counts"), .following).execute(change)
        let difference = try #require(try rebuild.check(upTo: ledger.log.head) { _ in })
        #expect(difference.table == "counts" && difference.description.contains(words))
        #expect(["type='debited'", "type='aaa'", "type='zzz'"].contains(difference.row))
    }

    /// An index that lacks an entry makes a query answer wrongly, and the table is whole.
    @Test func aDamagedIndexIsFound() throws {
        let schema = countsSchema + "CREATE INDEX byCount ON counts (count);"
        let rebuild = try OfflineRebuild(try Projection(folder(schema: schema)), in: ledger.views, reader: ledger.reader)
        try rebuild.rebuild(upTo: ledger.log.head) { _ in }
        #expect(try rebuild.check(upTo: ledger.log.head) { _ in } == nil)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: ledger.file("counts"))))
        let connection = try Connection(ledger.file("counts"), .reading)
        let root = try connection.statement("SELECT rootpage FROM sqlite_master WHERE name = 'byCount'")
        #expect(try root.step())
        // One cell fewer in the index's page (sqlite.org/fileformat2.html, 1.6).
        let page = (Int(root.integer(0)) - 1) * 4096
        bytes[page + 4] -= 1
        try overwrite(ledger.file("counts"), with: bytes)
        let error = #expect(throws: SQLiteError.self) { try rebuild.check(upTo: ledger.log.head) { _ in } }
        #expect(error?.description.contains("the file of counts is damaged") == true)
    }

    /// A watermark that somebody changed: within a log batch, of another chain or time, or behind the log. A check ends, and says so.
    @Test(arguments: [
        ("sequence = sequence - 1", "another history"),
        ("chain = replace(chain, substr(chain, 1, 1), 'f')", "another history"),
        ("sequence = sequence + 100", "which the log has not"), ("at = at + 1", "another history"),
    ])
    func aChangedWatermarkIsFound(change: String, reason: String) throws {
        try ledger.append([late("late-1"), late("late-2", after: 1)])
        try rebuild.rebuild(upTo: ledger.log.head) { _ in }
        try Connection(ledger.file("counts"), .following).execute("UPDATE daybook SET \(change)")
        let error = #expect(throws: ReadModelError.self) { try rebuild.check(upTo: ledger.log.head) { _ in } }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(try ledger.viewFiles() == ["counts.1.sqlite"])
    }

    private func late(_ name: Name, after count: UInt64 = 0) -> Event {
        Event(
            sequence: SequenceNumber(ledger.log.head.lastSequence.rawValue + 1 + count),
            at: Timestamp(microseconds: 1_900_000_000_000_000), day: Day("2030-03-17")!, tenant: "acme", id: name,
            group: GroupHead(count: 1, body: 1), peer: nil, actor: nil, fact: .accountOpened(AccountOpened(account: name)))
    }

    @Test func eachRebuildHasANameOfItsOwnAndLeavesOneFile() throws {
        for number in 1...3 {
            try rebuild.rebuild(upTo: ledger.log.head) { _ in }
            #expect(try ledger.viewFiles() == ["counts.\(number).sqlite"])
        }
        #expect(ReadModels.watermarks(in: ledger.views) == [ledger.log.head.watermark])
    }

    @Test func thereMustBeAFileToCheck() throws {
        let error = #expect(throws: ReadModelError.self) { try rebuild.check(upTo: ledger.log.head) { _ in } }
        #expect(error?.description == "counts has no file yet: there is nothing to compare")
        #expect(try ledger.viewFiles() == [])
    }

    @Test func whatIsBuiltInChecksOut() throws {
        var bounds = ReadModelBounds()
        (bounds.stretchEventCount, bounds.commitEventCount) = (7, 70)
        for projection in Projection.builtIn {
            let piecemeal = try OfflineRebuild(projection, in: ledger.views, reader: ledger.reader, bounds: bounds)
            try piecemeal.rebuild(upTo: ledger.log.head) { _ in }
            let whole = try OfflineRebuild(projection, in: ledger.views, reader: ledger.reader)
            #expect(try whole.check(upTo: ledger.log.head) { _ in } == nil)
        }
    }

    @Test func aFileOfOtherSQLIsNotCompared() throws {
        try rebuild.rebuild(upTo: ledger.log.head) { _ in }
        let other = try OfflineRebuild(try Projection(folder(apply: countsApply + " ")), in: ledger.views, reader: ledger.reader)
        #expect(throws: ReadModelError.self) { try other.check(upTo: ledger.log.head) { _ in } }
    }
}
