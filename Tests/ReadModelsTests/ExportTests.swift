import Foundation
import LedgerModel
import LedgerTestKit
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// All rows of a query at one sequence number, however many, while the read model goes on.
@Suite struct ExportTests {
    private static let schema = """
        -- Every event, many times.
        CREATE TABLE seen (seq INTEGER NOT NULL, copy INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (seq, copy)) STRICT, WITHOUT ROWID;
        """
    private static let apply = """
        INSERT INTO seen SELECT e.seq, j.value, e.id FROM events AS e CROSS JOIN json_each('[1,2,3,4,5,6,7,8,9,10]') AS j WHERE part = 0;
        """
    private static let all = """
        -- Every event, many times over.
        -- param copies integer default 1 min 1 max 200
        -- param least integer default 0
        -- param limit integer default 10 min 1 max 100
        -- returns seq integer, copy integer, id text
        -- page seq up, copy up
        WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < :copies)
        SELECT seq, copy + 10 * n AS copy, id FROM times CROSS JOIN seen
        WHERE seq >= :least AND (seq, copy + 10 * n) > (:after_seq, :after_copy) LIMIT :limit
        """
    private static let endless = """
        -- It never has a row.
        -- returns n integer
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT n FROM n WHERE n < 0
        """

    private let ledger: Ledger
    private let events = generatedEvents(seed: 12, count: 900)
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    init() throws { ledger = try Ledger() }

    private var projection: Projection {
        get throws {
            let queries = ["all": ExportTests.all, "endless": ExportTests.endless]
            return try Projection(folder(schema: ExportTests.schema, apply: ExportTests.apply, queries: queries, name: "seen"))
        }
    }

    private func append(_ range: Range<Int>) throws {
        var random = SeededGenerator(seed: 1)
        try ledger.append(Array(events[range]), cutting: &random)
    }

    /// The first place at or behind an index where a group begins.
    private func group(from index: Int) -> Int { events[index...].firstIndex { $0.group != nil } ?? events.count }

    private func following(bounds: ReadModelBounds = Ledger.patient, _ body: (ReadModels) async throws -> Void) async throws {
        let readModels = try ledger.readModels([try projection], bounds: bounds)
        readModels.start()
        _ = try await readModels.query("seen.all", minSeq: ledger.log.head.lastSequence, now: now)
        try await body(readModels)
        await readModels.stop()
    }

    private func rows(_ chunk: Export.Chunk) throws -> [[Any]] {
        let rows = try JSONSerialization.jsonObject(with: Data(chunk.json)) as! [[Any]]
        #expect(rows.count == chunk.rowCount)
        return rows
    }

    // MARK: The cursor

    @Test func aCursorGivesAllRowsInOrder() async throws {
        try append(0..<events.count)
        try await following { readModels in
            let cursor = try readModels.cursor("seen.all", ["copies": 2], now: now)
            #expect(cursor.columns.map(\.name) == ["seq", "copy", "id"])
            #expect(cursor.asOf.sequence == ledger.log.head.lastSequence && cursor.asOf.at == events.last?.at)
            var seqs: [Int64] = []
            while let row = try cursor.next() {
                seqs.append(row.integer(0))
                #expect(row.text(2) == events[Int(row.integer(0)) - 1].id.text && !row.isNull(2))
            }
            #expect(seqs.count == events.count * 20 && Set(seqs).count == events.count)
            #expect(try cursor.next() == nil, "it is over, and stays so")
        }
    }

    /// The file goes on, and goes away, under the cursor's hands.
    @Test func aCursorKeepsItsStateOfTheFile() async throws {
        let middle = group(from: 300)
        try append(0..<middle)
        try await following { readModels in
            let cursor = try readModels.cursor("seen.all", now: now)
            let first = try cursor.next()?.integer(0)
            #expect(first == 1)
            try append(middle..<events.count)
            let grown = try await readModels.query("seen.all", minSeq: ledger.log.head.lastSequence, now: now)
            #expect(grown.asOf == UInt64(events.count), "the projector goes on")
            for name in try FileManager.default.contentsOfDirectory(atPath: ledger.views) {
                try FileManager.default.removeItem(atPath: ledger.views + "/" + name)
            }
            var (count, last): (Int, Int64) = (1, 0)
            while let row = try cursor.next() { (count, last) = (count + 1, row.integer(0)) }
            #expect(count == middle * 10 && last == middle)
        }
    }

    @Test func aCursorIsInterruptedFromElsewhere() async throws {
        try append(0..<group(from: 10))
        try await following { readModels in
            let interruption = Interruption()
            let waiting = Thread {
                Thread.sleep(forTimeInterval: 0.05)
                interruption.set()
            }
            let cursor = try readModels.cursor("seen.endless", now: now, interruption: interruption)
            waiting.start()
            #expect(throws: QueryError.timeLimit) { try cursor.next() }
            #expect(try cursor.next() == nil)
        }
    }

    // MARK: What is asked

    @Test(
        arguments: [
            ("seen.none", [:], "there is no query seen.none"),
            ("nothing.none", [:], "there is no query nothing.none"),
            ("seen.all", ["limit": 5], "there is no parameter limit, only copies, least"),
            ("seen.all", ["copies": 201], "the parameter copies must be 1 to 200"),
            ("seen.all", ["copeis": 3], "there is no parameter copeis, only copies, least; is it copies?"),
            ("seen.all", ["after_seq": 3], "there is no parameter after_seq, only copies, least"),
        ] as [(String, [String: QueryValue], String)])
    func aBadExportIsNamed(method: String, arguments: [String: QueryValue], words: String) async throws {
        try await following { readModels in
            let error = #expect(throws: QueryError.self) { _ = try readModels.cursor(method, arguments, now: now) }
            #expect(error?.description == words)
            do {
                _ = try await readModels.export(method, arguments, now: now)
                Issue.record("it began")
            } catch { #expect("\(error)" == words) }
        }
    }

    @Test func anExportWaitsForWhatItAskedFor() async throws {
        try append(0..<events.count)
        let readModels = try ledger.readModels([try projection])
        #expect(throws: QueryError.self) { try readModels.cursor("seen.all", now: now) }
        readModels.start()
        let (_, head) = try await readModels.export("seen.all", minSeq: ledger.log.head.lastSequence, now: now)
        #expect(head.sequence == ledger.log.head.lastSequence && head.at == events.last?.at)
        await readModels.stop()
    }

    // MARK: Chunks

    /// More than 100,000 rows, of which one chunk is held at a time.
    @Test func anExportHasNoEndInRowsAndOneInMemory() async throws {
        try append(0..<events.count)
        try await following { readModels in
            let (export, head) = try await readModels.export("seen.all", ["copies": 12], now: now)
            #expect(head.columns.map(\.type) == [.integer, .integer, .text])
            var (count, isDone, keys) = (0, false, Set<String>())
            while !isDone {
                let chunk = try await export.next()
                #expect(chunk.rowCount <= 1000 && chunk.json.count < 2 << 20)
                #expect(chunk.rowCount > 0 || chunk.isLast)
                for row in try rows(chunk) { keys.insert("\(row[0]) \(row[1])") }
                (count, isDone) = (count + chunk.rowCount, chunk.isLast)
            }
            #expect(count == events.count * 120 && keys.count == count && count > 100_000)
            let behind = try await export.next()
            #expect(behind.rowCount == 0 && behind.isLast && behind.json == Array("[]".utf8))
        }
    }

    @Test func whatComesLaterIsNotInIt() async throws {
        let middle = group(from: 300)
        try append(0..<middle)
        try await following { readModels in
            let (export, head) = try await readModels.export("seen.all", now: now)
            var seqs: [Int] = []
            var chunk = try await export.next()
            seqs += try rows(chunk).map { $0[0] as! Int }
            try append(middle..<events.count)
            _ = try await readModels.query("seen.all", minSeq: ledger.log.head.lastSequence, now: now)
            while !chunk.isLast {
                chunk = try await export.next()
                seqs += try rows(chunk).map { $0[0] as! Int }
            }
            #expect(head.sequence.rawValue == middle && seqs.count == middle * 10 && seqs.max() == middle)
        }
    }

    /// Three exports that find nothing hold up no query and no projector, and end when they are told to.
    @Test func slowExportsStopNobodyElse() async throws {
        let middle = group(from: 300)
        try append(0..<middle)
        try await following { readModels in
            var exports: [Export] = []
            for _ in 0..<3 { exports.append(try await readModels.export("seen.endless", now: now).0) }
            let reading = exports.map { export in Task { () async throws -> Int in try await export.next().rowCount } }
            try append(middle..<events.count)
            for _ in 0..<20 {
                let answer = try await readModels.query("seen.all", minSeq: ledger.log.head.lastSequence, now: now)
                #expect(answer.asOf == UInt64(events.count))
            }
            for export in exports { export.end() }
            for task in reading { await #expect(throws: QueryError.timeLimit) { _ = try await task.value } }
        }
    }

    @Test func aChunkThatNeverComesIsGivenUp() async throws {
        try append(0..<group(from: 10))
        var bounds = Ledger.patient
        bounds.exportStepLimit = .milliseconds(20)
        try await following(bounds: bounds) { readModels in
            let (export, _) = try await readModels.export("seen.endless", now: now)
            await #expect(throws: QueryError.timeLimit) { _ = try await export.next() }
            let behind = try await export.next()
            #expect(behind.isLast && behind.rowCount == 0)
        }
    }

    /// Every type of column looks in a chunk as it does in an answer.
    @Test func valuesLookAsInAnAnswer() async throws {
        try append(0..<events.count)
        let readModels = try ledger.readModels()
        readModels.start()
        for query in Projection.builtIn.flatMap(\.queries) {
            for arguments in Askings.of(query, events).prefix(20) {
                let now = events.last!.at
                let answer = try await readModels.all(query.name, arguments, minSeq: ledger.log.head.lastSequence, now: now)
                let exported = try await all(readModels, query, arguments, now)
                let asked = answer.map { row in query.columns.map { text(row[$0.name]) } }
                #expect(asked == exported, "\(query.name) \(arguments)")
            }
        }
        await readModels.stop()
    }

    private func all(
        _ readModels: ReadModels, _ query: Query, _ arguments: [String: QueryValue], _ now: Timestamp
    ) async throws -> [[String]] {
        let (export, _) = try await readModels.export(query.name, arguments, now: now)
        var all: [[String]] = []
        var isDone = false
        while !isDone {
            let chunk = try await export.next()
            all += try rows(chunk).map { $0.map(text) }
            isDone = chunk.isLast
        }
        return all
    }

    private func text(_ value: Any?) -> String {
        guard let value, JSONSerialization.isValidJSONObject([value]) else { return "\(value ?? "nothing")" }
        let data = try? JSONSerialization.data(withJSONObject: [value], options: [.sortedKeys])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
