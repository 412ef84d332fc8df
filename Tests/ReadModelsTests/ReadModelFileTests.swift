import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// One file: its watermark moves with its tables, or not at all.
@Suite struct ReadModelFileTests {
    private let events = generatedEvents(seed: 3, count: 400)
    private let ledger: Ledger

    init() throws {
        ledger = try Ledger()
        var random = SeededGenerator(seed: 3)
        try ledger.append(events, cutting: &random)
    }

    private func file(_ projection: Projection) throws -> ReadModelFile {
        try ReadModelDirectory(path: ledger.views).create()
        let path = ledger.file(projection.name)
        _ = try ReadModelFile.create(path, projection, ledger: Ledger.id)
        return try ReadModelFile.open(path, projection)
    }

    private func next(_ bounds: ReadModelBounds = .standard) -> (SequenceNumber) throws -> Stretch? {
        let feed = EventFeed(ledger.reader, bounds: bounds)
        return { try feed.stretch(after: $0, through: ledger.log.head.lastSequence, upTo: ledger.log.head) }
    }

    private func counted() throws -> Int64 {
        let statement = try Connection(ledger.file("counts"), .reading).statement("SELECT coalesce(sum(count), 0) FROM counts")
        _ = try statement.step()
        return statement.integer(0)
    }

    private func mark() throws -> ReadModelMark { try ReadModelMark.read(from: try Connection(ledger.file("counts"), .reading)) }

    @Test func theWatermarkIsThatOfTheLogBatch() throws {
        let file = try file(try Projection(folder()))
        try file.commit(eventCountMax: 1_000_000, next: next())
        #expect(try mark().watermark == ledger.log.head.watermark)
        #expect(try mark().at == events.last?.at)
        #expect(try counted() == Int64(events.count))
    }

    @Test func everyStretchEndsWhereALogBatchEnds() throws {
        var bounds = ReadModelBounds()
        bounds.stretchEventCount = 1
        let stretches = next(bounds)
        var last = SequenceNumber.zero
        while let stretch = try stretches(last) {
            #expect(stretch.first == last.next)
            #expect(stretch.chain == (try ledger.reader.batch(holding: stretch.last, upTo: ledger.log.head).chain))
            last = stretch.last
        }
        #expect(last == ledger.log.head.lastSequence)
    }

    /// A statement that fails in a later stretch of the same commit takes everything back with it: tables and watermark.
    @Test func aFailureBetweenLeavesTheFileAsItWas() throws {
        let apply = countsApply + "INSERT INTO counts SELECT type, NULL FROM events WHERE type = 'refunded';"
        let file = try file(try Projection(folder(apply: apply)))
        var bounds = ReadModelBounds()
        bounds.stretchEventCount = 1
        let before = try mark()
        #expect(throws: SQLiteError.self) { try file.commit(eventCountMax: 1_000_000, next: next(bounds)) }
        #expect(try mark() == before && counted() == 0 && file.mark == before)
    }

    /// A conflict clause that rolls back ends the transaction behind our back: it must not commit half of the stretch.
    @Test func aStatementThatEndsTheTransactionIsNoticed() throws {
        let apply = countsApply + "INSERT OR ROLLBACK INTO counts SELECT type, 1 FROM events;" + countsApply
        let file = try file(try Projection(folder(apply: apply)))
        #expect(throws: SQLiteError.self) { try file.commit(eventCountMax: 1_000_000, next: next()) }
        #expect(try mark().watermark.sequence == .zero && counted() == 0)
    }

    /// Dropping a connection in a transaction is what a killed process does.
    @Test func aCommitThatDoesNotEndIsNotSeen() throws {
        do {
            let file = try file(try Projection(folder()))
            try file.commit(eventCountMax: 1, next: next())
            let seen = try mark()
            #expect(seen.watermark.sequence > .zero)
            struct Killed: Error {}
            #expect(throws: Killed.self) {
                try file.commit(eventCountMax: 1_000_000) { _ in throw Killed() }
            }
            #expect(try mark() == seen)
        }
        #expect(try Int64(mark().watermark.sequence.rawValue) == counted())
    }

    @Test func aReadableFileGivesItsWatermark() throws {
        let file = try file(try Projection(folder()))
        try file.commit(eventCountMax: 1_000_000, next: next())
        try overwrite(
            ledger.views + "/broken.sqlite", with: Array("not a database, though it is long enough to look like one".utf8))
        #expect(ReadModels.watermarks(in: ledger.views) == [ledger.log.head.watermark])
        #expect(ReadModels.watermarks(in: ledger.views + "/none") == [])
    }

    /// After a kill the last commits lie in the write-ahead log alone, and nobody holds the file open.
    @Test func whatAKilledProcessCommittedIsThere() throws {
        let file = try file(try Projection(folder()))
        try file.commit(eventCountMax: 1_000_000, next: next())
        let left = ReadModelDirectory(path: ledger.directory + "/left")
        try left.create()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: ledger.file("counts") + suffix, toPath: left.file("counts") + suffix)
        }
        #expect(ReadModels.watermarks(in: left.path) == [ledger.log.head.watermark])
        let opened = try ReadModelFile.open(left.file("counts"), try Projection(folder()))
        #expect(opened.mark == file.mark && opened.mark.watermark.sequence > .zero)
    }

    @Test func stretchesAreDecodedOnce() throws {
        let feed = EventFeed(ledger.reader, bounds: .standard)
        let head = ledger.log.head
        let first = try feed.stretch(after: .zero, through: head.lastSequence, upTo: head)
        #expect(try first === feed.stretch(after: .zero, through: head.lastSequence, upTo: head))
        #expect(try feed.stretch(after: head.lastSequence, through: head.lastSequence, upTo: head) == nil)
    }

    /// A filter on the type must give what looking at every row gives, in the order of the log.
    @Test func eventsAreFilteredByTypeInOrder() throws {
        let connection = try Connection("", .scratch)
        let window = StretchWindow()
        try StretchModule.register(window, on: connection)
        window.stretch = try next()(.zero)
        func seqs(_ condition: String) throws -> [Int64] {
            let statement = try connection.statement("SELECT seq FROM events WHERE \(condition)")
            var seqs: [Int64] = []
            while try statement.step() { seqs.append(statement.integer(0)) }
            return seqs
        }
        for types in [["debited"], ["debited", "refunded", "granted"], ["no such type"], []] {
            let list = types.map { "'\($0)'" }.joined(separator: ", ")
            #expect(try seqs("type IN (\(list))") == seqs("+type IN (\(list))"))
        }
        #expect(try seqs("type = 'debited'") == seqs("+type = 'debited'"))
        #expect(try seqs("type = NULL") == [])
        #expect(try seqs("true").count >= events.count)
    }

    @Test func sumsStopAtTheLargestInteger() throws {
        let connection = try Connection("", .scratch)
        let statement = try connection.statement(
            """
            WITH v(x) AS (VALUES (9223372036854775807), (9223372036854775807), (NULL))
            SELECT sum(x), sum(x - 9223372036854775800), sum(NULL), (SELECT max(s) FROM (SELECT sum(x) OVER (ROWS 1 PRECEDING) AS s FROM v)) FROM v
            """)
        _ = try statement.step()
        #expect(statement.integer(0) == .max && statement.integer(1) == 14 && statement.isNull(2) && statement.integer(3) == .max)
    }
}
