import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// The whole: projectors that follow, queries that wait, files that are built anew.
@Suite struct ReadModelsTests {
    private let ledger: Ledger
    private let events = generatedEvents(seed: 9, count: 1200)
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    init() throws { ledger = try Ledger() }

    private func append(_ range: Range<Int>) throws {
        var random = SeededGenerator(seed: 1)
        try ledger.append(Array(events[range]), cutting: &random)
    }

    /// The first place at or behind an index where a group begins.
    private func group(from index: Int) -> Int { events[index...].firstIndex { $0.group != nil } ?? events.count }

    @Test func anEmptyLedgerAnswersAtOnce() async throws {
        let readModels = try ledger.readModels()
        readModels.start()
        let answer = try answered(try await readModels.query("balances.list", ["tenant": "acme"], minSeq: .zero, now: now))
        #expect((answer["rows"] as? [Any])?.isEmpty == true && answer["next"] is NSNull)
        #expect((answer["asOf"] as? [String: Any])?["seq"] as? Int == 0)
        await readModels.stop()
    }

    @Test func aQueryWaitsForWhatItAskedFor() async throws {
        let readModels = try ledger.readModels([try Projection(folder())])
        readModels.start()
        let last = events.last?.sequence
        async let waiting = readModels.countedEvents(minSeq: last)
        for start in stride(from: 0, to: events.count, by: 50) {
            try append(group(from: start)..<(start + 50 < events.count ? group(from: start + 50) : events.count))
        }
        #expect(try await waiting == events.count)
        #expect(readModels.status().map(\.phase) == [.following] && readModels.status().map(\.lag) == [0])
        await readModels.stop()
    }

    @Test func whatIsNotThereInTimeIsLagging() async throws {
        try append(0..<events.count)
        var bounds = ReadModelBounds()
        bounds.lagLimit = .zero
        let readModels = try ledger.readModels([try Projection(folder())])
        readModels.start()
        _ = try await readModels.countedEvents(minSeq: ledger.log.head.lastSequence)
        await readModels.stop()
        let impatient = try ledger.readModels([try Projection(folder())], bounds: bounds)
        let last = ledger.log.head.lastSequence
        await #expect(throws: QueryError.rebuilding(reached: .zero, of: last)) { try await impatient.countedEvents(minSeq: nil) }
        impatient.start()
        while readModelIsStarting(impatient) { await Task.yield() }
        await #expect(throws: QueryError.lagging(reached: last, asked: last.next)) {
            try await impatient.countedEvents(minSeq: last.next)
        }
        await impatient.stop()
    }

    private func readModelIsStarting(_ readModels: ReadModels) -> Bool { readModels.status().contains { $0.phase == .starting } }

    @Test func itGoesOnWhereItStopped() async throws {
        let middle = group(from: 300)
        try append(0..<middle)
        let first = try ledger.readModels([try Projection(folder())])
        first.start()
        #expect(try await first.countedEvents(minSeq: ledger.log.head.lastSequence) == middle)
        await first.stop()
        try append(middle..<events.count)
        let second = try ledger.readModels([try Projection(folder())])
        second.start()
        #expect(try await second.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
        await second.stop()
    }

    @Test func otherSQLBuildsAnotherFile() async throws {
        try append(0..<events.count)
        let old = try ledger.readModels([try Projection(folder())])
        old.start()
        #expect(try await old.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
        await old.stop()
        let twice = countsApply.replacingOccurrences(of: "sum(count)", with: "2 * sum(count)")
        let new = try ledger.readModels([try Projection(folder(apply: twice))])
        new.start()
        while new.status().map(\.phase) != [.following] { await Task.yield() }
        #expect(try await new.countedEvents(minSeq: ledger.log.head.lastSequence) == 2 * events.count)
        await new.stop()
        try await eventually { try ledger.viewFiles() == ["counts.2.sqlite"] }
    }

    @Test func theOldFileAnswersAndFollowsWhenTheNewOneCannotBeBuilt() async throws {
        let middle = group(from: 600)
        try append(0..<middle)
        let old = try ledger.readModels([try Projection(folder())])
        old.start()
        _ = try await old.countedEvents(minSeq: ledger.log.head.lastSequence)
        await old.stop()
        let failing = countsSchema.replacingOccurrences(
            of: "count INTEGER NOT NULL", with: "count INTEGER NOT NULL CHECK (count < 0)")
        let new = try ledger.readModels([try Projection(folder(schema: failing))])
        new.start()
        while !hasFailed(new) { await Task.yield() }
        #expect(try await new.countedEvents(minSeq: nil) == middle)
        // It goes on following, by the SQL that is kept in it.
        try append(middle..<events.count)
        #expect(try await new.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
        await new.stop()
    }

    private func hasFailed(_ readModels: ReadModels) -> Bool {
        readModels.status().contains { if case .failed = $0.phase { true } else { false } }
    }

    @Test func whatCannotBeBuiltSaysSo() async throws {
        try append(0..<events.count)
        let failing = countsSchema.replacingOccurrences(
            of: "count INTEGER NOT NULL", with: "count INTEGER NOT NULL CHECK (count < 0)")
        let readModels = try ledger.readModels([try Projection(folder(schema: failing))])
        readModels.start()
        while !hasFailed(readModels) { await Task.yield() }
        do {
            _ = try await readModels.countedEvents(minSeq: nil)
            Issue.record("a read model that failed has answered")
        } catch QueryError.failed(let reason) { #expect(reason.contains("CHECK")) }
        await readModels.stop()
    }

    @Test(arguments: [true, false])
    func aDamagedFileIsBuiltAnew(whole: Bool) async throws {
        try append(0..<events.count)
        for round in 0..<2 {
            let readModels = try ledger.readModels([try Projection(folder())])
            readModels.start()
            #expect(try await readModels.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
            await readModels.stop()
            if round == 0, whole { try overwrite(ledger.file("counts"), with: Array(repeating: 7, count: 9000)) }
            if round == 0, !whole { try FileManager.default.removeItem(atPath: ledger.file("counts")) }
        }
    }

    /// The table's own page is damaged, which only a query or the next event finds out.
    @Test func damageThatAQueryMeetsIsBuiltAnew() async throws {
        try append(0..<group(from: 300))
        let last = ledger.log.head.lastSequence
        let before = try ledger.readModels([try Projection(folder())])
        before.start()
        _ = try await before.countedEvents(minSeq: last)
        await before.stop()
        try damage(page: 2, of: ledger.file("counts"))
        let after = try ledger.readModels([try Projection(folder())])
        after.start()
        // The query that comes upon it waits for the new file like any other.
        #expect(try await after.countedEvents(minSeq: last) == Int(last.rawValue))
        #expect(ledger.file("counts").hasSuffix("counts.2.sqlite"))
        await after.stop()
    }

    @Test(arguments: [true, false]) func damageThatAnExportOrACheckMeetsIsBuiltAnew(isExport: Bool) async throws {
        try append(0..<group(from: 300))
        let last = ledger.log.head.lastSequence
        let before = try ledger.readModels([try Projection(folder())])
        before.start()
        _ = try await before.countedEvents(minSeq: last)
        await before.stop()
        try damage(page: 2, of: ledger.file("counts"))
        let after = try ledger.readModels([try Projection(folder())])
        after.start()
        try await eventually { after.status()[0].phase == .following }
        if isExport {
            #expect(throws: QueryError.self) {
                let cursor = try after.cursor("counts.all", now: now)
                while try cursor.next() != nil {}
            }
        } else {
            await #expect(throws: ReadModelError.self) { _ = try await after.check("counts") }
        }
        try await eventually { try ledger.viewFiles().contains("counts.2.sqlite") }
        #expect(try await after.countedEvents(minSeq: last) == Int(last.rawValue))
        await after.stop()
    }

    @Test func aDirectoryThatIsTakenAwayIsMadeAgain() async throws {
        try append(0..<group(from: 300))
        let last = ledger.log.head.lastSequence
        let readModels = try ledger.readModels([try Projection(folder())])
        readModels.start()
        _ = try await readModels.countedEvents(minSeq: last)
        try FileManager.default.removeItem(atPath: ledger.views)
        try await eventually { (try? ledger.viewFiles())?.contains("counts.2.sqlite") ?? false }
        #expect(try await readModels.countedEvents(minSeq: last) == Int(last.rawValue))
        await readModels.stop()
    }

    /// Its client has gone: it holds up nobody, whether it runs or waits for its turn.
    @Test func aQueryThatNobodyWaitsForEnds() async throws {
        try append(0..<group(from: 300))
        let last = ledger.log.head.lastSequence
        let endless = """
            -- It never has a row.
            -- returns n integer
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT n FROM n WHERE n < 0
            """
        var bounds = Ledger.patient
        bounds.queryTimeLimit = .seconds(3600)
        let readModels = try ledger.readModels(
            [try Projection(folder(queries: ["all": countsQuery, "endless": endless]))], bounds: bounds)
        readModels.start()
        _ = try await readModels.countedEvents(minSeq: last)
        let queries = (0..<3 * bounds.queryThreadCount).map { [now] _ in
            Task { try await readModels.query("counts.endless", now: now) }
        }
        for query in queries { query.cancel() }
        for query in queries { await #expect(throws: QueryError.timeLimit) { _ = try await query.value } }
        #expect(try await readModels.countedEvents(minSeq: last) == Int(last.rawValue))
        await readModels.stop()
    }

    @Test func damageThatTheNextEventMeetsIsBuiltAnew() async throws {
        try append(0..<group(from: 300))
        let before = try ledger.readModels([try Projection(folder())])
        before.start()
        _ = try await before.countedEvents(minSeq: ledger.log.head.lastSequence)
        await before.stop()
        try damage(page: 2, of: ledger.file("counts"))
        let after = try ledger.readModels([try Projection(folder())])
        after.start()
        try append(group(from: 300)..<events.count)
        #expect(try await after.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
        await after.stop()
    }

    @Test func aFileOfAnotherLedgerIsNotUsed() async throws {
        try append(0..<events.count)
        try ReadModelDirectory(path: ledger.views).create()
        _ = try ReadModelFile.create(ledger.file("counts"), try Projection(folder()), ledger: LedgerID.random())
        let readModels = try ledger.readModels([try Projection(folder())])
        readModels.start()
        #expect(try await readModels.countedEvents(minSeq: ledger.log.head.lastSequence) == events.count)
        await readModels.stop()
        #expect(ReadModels.watermarks(in: ledger.views).map(\.ledger) == [Ledger.id])
    }

    @Test func twoFoldersOfOneNameAreRefused() throws {
        let projection = try Projection(folder())
        #expect(throws: ReadModelError.self) { try ledger.readModels([projection, projection]) }
    }

    // MARK: Pages

    @Test func pagesStayWhileTheLogGrows() async throws {
        try append(0..<group(from: 600))
        let readModels = try ledger.readModels()
        readModels.start()
        let key: [String: QueryValue] = ["tenant": "acme", "account": "u-1", "limit": 3]
        let before = try await readModels.all("usage.history", key, minSeq: ledger.log.head.lastSequence, now: now)
        let first = try answered(try await readModels.query("usage.history", key, now: now))
        try append(group(from: 600)..<events.count)
        var (seen, cursor) = (first["rows"] as! [[String: Any]], first["next"] as? String)
        while let place = cursor {
            let page = try answered(
                try await readModels.query("usage.history", key, cursor: place, minSeq: ledger.log.head.lastSequence, now: now))
            seen += page["rows"] as! [[String: Any]]
            cursor = page["next"] as? String
        }
        let lines = { (rows: [[String: Any]]) in rows.map { "\($0["seq"]!) \($0["feature"]!) \($0["unit"]!)" } }
        #expect(before.count > 9)
        #expect(Set(lines(before)).isSubset(of: lines(seen)) && Set(lines(seen)).count == seen.count)
        #expect(seen.map { $0["seq"] as! Int } == seen.map { $0["seq"] as! Int }.sorted(by: >))
        await readModels.stop()
    }

    @Test(arguments: [
        "", "12", "[", "[]", "[\"x\"]", "[1,2,3]", "[1,\"a\",\"b\",1]", "{}", "[1.5,\"a\",\"b\"]",
    ])
    func aForeignCursorIsRefused(cursor: String) throws {
        let query = try #require(try ledger.readModels().methods.first { $0.name == "usage.history" })
        #expect(throws: QueryError.badCursor) {
            _ = try QueryArguments(query, ["tenant": "acme", "account": "u-1"], cursor: cursor, now: now)
        }
    }

    // MARK: Parameters

    @Test(
        arguments: [
            ("no.such", [:], "there is no query no.such"),
            ("usage.nothing", [:], "there is no query usage.nothing"),
            ("usage.history", ["account": "u-1"], "the parameter tenant is missing"),
            ("usage.history", ["tenant": .null, "account": "u-1"], "the parameter tenant is missing"),
            ("usage.history", ["tenant": 3, "account": "u-1"], "the parameter tenant must be a text"),
            (
                "usage.history", ["tenant": "a", "account": "u-1", "colour": "red"],
                "there is no parameter colour, only tenant, account"
            ),
            ("usage.history", ["tenant": "a", "account": "u-1", "limit": "many"], "the parameter limit must be an integer"),
            ("usage.history", ["tenant": "a", "account": "u-1", "limit": 0], "the parameter limit must be 1 to 1000"),
            ("usage.history", ["tenant": "a", "account": "u-1", "limit": 1001], "the parameter limit must be 1 to 1000"),
            ("usage.history", ["tenant": "a", "account": "u-1", "from": "2026-02-30"], "the parameter from must be a date"),
            ("usage.history", ["tenant": "a", "account": "u-1", "since": "yesterday"], "the parameter since must be a time"),
            ("usage.history", ["tenant": "a", "account": "u-1", "after_seq": 3], "there is no parameter after_seq"),
            ("usage.history", ["tenant": "a", "account": "u-1", "now": 3], "there is no parameter now"),
        ] as [(String, [String: QueryValue], String)])
    func aBadParameterIsNamed(method: String, arguments: [String: QueryValue], reason: String) async throws {
        let readModels = try ledger.readModels()
        do {
            _ = try await readModels.query(method, arguments, now: now)
            Issue.record("answered")
        } catch { #expect(error.description.hasPrefix(reason), "\(error)") }
    }

    @Test func aCursorOfAQueryWithoutPagesIsRefused() async throws {
        let readModels = try ledger.readModels()
        await #expect(throws: QueryError.badCursor) {
            try await readModels.query("balances.account", ["tenant": "a", "account": "b"], cursor: "[1]", now: self.now)
        }
    }

    @Test func whatIsBoundIsNeverSQL() async throws {
        try append(0..<events.count)
        let readModels = try ledger.readModels()
        readModels.start()
        let hostile = "' OR 1=1; DROP TABLE lines; --"
        let answer = try await readModels.query(
            "usage.history", ["tenant": .text(hostile), "account": .text(hostile), "feature": .text(hostile)],
            minSeq: ledger.log.head.lastSequence, now: now)
        #expect(answer.rowCount == 0)
        #expect(try await !readModels.all("usage.history", ["tenant": "acme", "account": "u-1"], minSeq: nil, now: now).isEmpty)
        await readModels.stop()
    }

    // MARK: Bounds

    @Test func anEndlessQueryIsEnded() async throws {
        let endless = """
            -- It never ends.
            -- returns n integer
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) AS n FROM c;
            """
        var bounds = Ledger.patient
        bounds.queryTimeLimit = .milliseconds(20)
        // The rehearsal only prepares a query: it is run when it is asked.
        let readModels = try ledger.readModels(
            [try Projection(folder(queries: ["all": countsQuery, "endless": endless]))], bounds: bounds)
        readModels.start()
        await #expect(throws: QueryError.timeLimit) { try await readModels.query("counts.endless", now: self.now) }
        #expect(try await readModels.countedEvents(minSeq: nil) == 0)
        await readModels.stop()
    }

    @Test func anAnswerHasABound() async throws {
        let many = """
            -- Many rows.
            -- returns x integer
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100) SELECT x FROM c;
            """
        let projection = try Projection(folder(queries: ["many": many]))
        for (rowCountMax, byteCountMax) in [(99, 1 << 20), (100, 200)] {
            var bounds = Ledger.patient
            (bounds.rowCountMax, bounds.answerByteCountMax) = (rowCountMax, byteCountMax)
            let readModels = try ledger.readModels([projection], bounds: bounds)
            readModels.start()
            await #expect(throws: QueryError.tooLarge) { try await readModels.query("counts.many", now: self.now) }
            await readModels.stop()
        }
    }

    @Test func whatIsCalledJSONAndIsNotBreaksNoLine() async throws {
        let odd = #"""
            -- Odd values.
            -- returns good json, bad json, lines json, yes boolean, at timestamp, far timestamp, none day
            SELECT '{"a":[1]}' AS good, '{"a":' AS bad, char(91, 10, 93) AS lines, 2 AS yes, 0 AS at, -1 AS far, NULL AS none;
            """#
        let readModels = try ledger.readModels([try Projection(folder(queries: ["odd": odd]))])
        readModels.start()
        let answer = try await readModels.query("counts.odd", now: now)
        #expect(
            String(decoding: answer.json, as: UTF8.self)
                == #"{"asOf":{"seq":0,"at":null},"rows":[{"good":{"a":[1]},"bad":"{\"a\":","lines":"[\n]","yes":true,"at":"1970-01-01T00:00:00.000000Z","far":-1,"none":null}],"next":null}"#
        )
        await readModels.stop()
    }
}

extension ReadModels {
    /// The sum of the test folder's counts.
    func countedEvents(minSeq: SequenceNumber?) async throws -> Int {
        try await all("counts.all", minSeq: minSeq, now: Timestamp(microseconds: 1_800_000_000_000_000)).reduce(0) {
            $0 + ($1["count"] as! Int)
        }
    }
}
