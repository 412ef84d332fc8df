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
        let account = AccountOpened(account: "late")
        try ledger.append([
            Event(
                sequence: ledger.log.head.lastSequence.next, at: Timestamp(microseconds: 1_900_000_000_000_000),
                day: Day("2030-03-17")!,
                tenant: "acme", id: "late", group: GroupHead(count: 1, body: 1), peer: nil, actor: nil,
                fact: .accountOpened(account))
        ])
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
