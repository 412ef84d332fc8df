import Foundation
import Glibc
import LedgerModel
import LedgerTestKit
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// Folders on disk as `--projections` reads them, by somebody careless or worse: each ends in an error that names folder, file and reason.
@Suite final class HostileFolderTests {
    private let root = NSTemporaryDirectory() + "projections-" + UUID().uuidString
    private let outside = NSTemporaryDirectory() + "outside-" + UUID().uuidString

    init() throws {
        for path in [root, outside] { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    }

    deinit { for path in [root, outside] { try? FileManager.default.removeItem(atPath: path) } }

    private func write(_ bytes: some Sequence<UInt8>, to file: String) throws {
        let url = URL(fileURLWithPath: "\(root)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// A sound folder, with one file changed or added.
    private func make(_ name: String = "mine", _ file: String = "schema.sql", _ text: String = countsSchema) throws {
        try write(countsSchema.utf8, to: "\(name)/schema.sql")
        try write(countsApply.utf8, to: "\(name)/apply.sql")
        try write(countsQuery.utf8, to: "\(name)/queries/all.sql")
        try write(text.utf8, to: "\(name)/\(file)")
    }

    /// What is said of the directory; nil when all its folders are sound.
    private func refusal() -> String? {
        do {
            _ = try ProjectionFolder.folders(in: root).map { try Projection($0) }
            return nil
        } catch { return "\(error)" }
    }

    private func expectRefusal(_ place: String, _ reason: String, at location: SourceLocation = #_sourceLocation) {
        let refusal = refusal() ?? "accepted"
        #expect(refusal.hasPrefix("projection \(place)"), "\(refusal)", sourceLocation: location)
        #expect(refusal.contains(reason), "\(refusal)", sourceLocation: location)
    }

    @Test func aSoundFolderIsTakenAndOthersThingsAreLeft() throws {
        try make()
        try write("# Ours".utf8, to: "README.md")
        try write("x".utf8, to: "notes/todo.txt")
        try write("SELECT".utf8, to: ".git/hooks/x.sql")
        try write("x".utf8, to: "mine/README.md")
        #expect(refusal() == nil)
        #expect(try ProjectionFolder.folders(in: root).map(\.name) == ["mine"])
    }

    // MARK: What lies there

    @Test(arguments: [
        "events", "rpc", "log", "Log", "export", "whatif", "daybook", "1st", "two words", "a.b", "\u{FC}ber", "x;y",
    ])
    func aNameThatIsTakenOrNoneIsRefused(name: String) throws {
        try make(name)
        expectRefusal(
            "\(name):", ["events", "rpc", "log", "Log", "export", "whatif", "daybook"].contains(name) ? "taken" : "a letter")
    }

    @Test(arguments: [
        "queries/two words.sql", "queries/a.b.sql", "queries/deep/er.sql", "query/all.sql", "aply.sql", "queries/.sql.sql",
    ])
    func aFileThatIsNobodysIsRefused(file: String) throws {
        try make("mine", file, countsQuery)
        if file.contains("/.") {
            #expect(refusal() == nil)
        } else {
            expectRefusal("mine/\(file):", file.hasPrefix("queries") ? "letter" : "no other SQL")
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        try write(countsApply.utf8, to: "mine/apply.sql")
        expectRefusal("mine/schema.sql:", "is missing")
    }

    @Test func whatIsNotTextIsRefused() throws {
        try make()
        try write([0x2d, 0x2d, 0x20, 0xff, 0xfe], to: "mine/queries/odd.sql")
        expectRefusal("mine/queries/odd.sql:", "not UTF-8")
        try write((countsQuery + "\0DROP").utf8, to: "mine/queries/odd.sql")
        expectRefusal("mine/queries/odd.sql:", "zero byte")
    }

    @Test func aHugeFileIsNotEvenRead() throws {
        try make()
        try write([], to: "mine/apply.sql")
        #expect(truncate("\(root)/mine/apply.sql", 100 << 20) == 0)
        expectRefusal("mine/apply.sql:", "more than 1048576 bytes")
    }

    @Test func manyFilesAreRefused() throws {
        try make()
        for number in 0...200 { try write(countsQuery.utf8, to: "mine/queries/q\(number).sql") }
        expectRefusal("mine:", "more than 200 files")
    }

    @Test func linksAndPipesAreRefused() throws {
        try make()
        try FileManager.default.createSymbolicLink(atPath: "\(root)/mine/queries/link.sql", withDestinationPath: "/etc/passwd")
        expectRefusal("mine/queries/link.sql:", "not an ordinary file")
        try FileManager.default.removeItem(atPath: "\(root)/mine/queries/link.sql")
        #expect(mkfifo("\(root)/mine/queries/pipe.sql", 0o600) == 0)
        expectRefusal("mine/queries/pipe.sql:", "not an ordinary file")
        try FileManager.default.removeItem(atPath: "\(root)/mine/queries/pipe.sql")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/up", withDestinationPath: "..")
        expectRefusal("up:", "symbolic link")
    }

    @Test func aDirectoryThatIsNotThereIsNamed() {
        let path = root + "/none"
        #expect(throws: ProjectionError(folder: path, file: "", reason: "No such file or directory")) {
            try ProjectionFolder.folders(in: path)
        }
    }

    // MARK: What the SQL tries

    @Test(arguments: [
        ("ATTACH 'x.sqlite' AS x;", "attach or detach"), ("DETACH main;", "attach or detach"),
        ("PRAGMA writable_schema = ON;", "PRAGMA writable_schema"), ("PRAGMA journal_mode = OFF;", "PRAGMA journal_mode"),
        ("SELECT load_extension('x');", "load_extension"),
        ("CREATE TRIGGER t AFTER INSERT ON counts BEGIN SELECT 1; END;", "trigger"),
        ("CREATE TEMP TABLE t (x);", "temporary"), ("CREATE TEMP VIEW t AS SELECT 1;", "temporary"),
        ("VACUUM INTO 'x.sqlite';", "may not"),
        ("VACUUM;", "may not"), ("CREATE VIRTUAL TABLE t USING fts5(x);", "virtual table"),
        ("CREATE VIRTUAL TABLE t USING dbstat;", "virtual table"), ("CREATE TABLE daybook (x);", "daybook"),
        ("CREATE TABLE \"DayBookFiles\" (x);", "DayBookFiles"), ("UPDATE sqlite_master SET sql = 'x';", "sqlite_master"),
        ("CREATE TABLE t AS SELECT randomblob(100) AS x;", "randomblob"), ("CREATE TABLE t (x DEFAULT (random()));", "random"),
        ("CREATE TABLE t (x, at TEXT DEFAULT CURRENT_TIMESTAMP);", "current_timestamp"),
        ("CREATE TABLE t (x DEFAULT (load_extension('x')));", "load_extension"),
        ("ALTER TABLE counts ADD COLUMN x;", "alter counts"),
        ("DROP TABLE counts;", "drop counts"), ("BEGIN;", "transaction"), ("ANALYZE;", "may not"),
        ("CREATE TABLE quantities (x);", "quantities"),
        ("CREATE TABLE t AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c;", "10000000 steps"),
    ])
    func aSchemaReachesNothingElse(sql: String, reason: String) throws {
        try make("mine", "schema.sql", countsSchema + "\n" + sql)
        expectRefusal("mine/schema.sql:", reason)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["mine"])
    }

    @Test(arguments: [
        ("ATTACH 'x.sqlite' AS x;", "attach or detach"), ("VACUUM INTO 'x.sqlite';", "may not"),
        ("PRAGMA writable_schema = ON;", "PRAGMA"),
        ("INSERT INTO daybook VALUES ('x', 'y', 1, 'z', 2);", "write daybook"),
        ("DELETE FROM DAYBOOKFILES;", "write daybookFiles"),
        ("INSERT INTO events (seq) VALUES (1);", "events"), ("SELECT load_extension('x');", "load_extension"),
        ("INSERT INTO counts SELECT CURRENT_TIMESTAMP, 1;", "current_timestamp"), ("COMMIT;", "transaction"),
        ("REINDEX;", "may not"), ("CREATE TABLE t (x);", "may not"), ("SELECT zeroblob(1000000000);", "zeroblob"),
        ("INSERT INTO counts SELECT printf('%.*c', 100000000, 'x'), 1;", "NOT NULL"),
        ("INSERT INTO counts SELECT replace(printf('%.*c', 100000, 'x'), 'x', printf('%.*c', 1000, 'y')), 1;", "too big"),
        (
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) INSERT INTO counts SELECT 'x', max(x) FROM c;",
            "10000000 steps"
        ),
        ("SELECT fts5(1);", "call fts5()"),
    ])
    func anApplyReachesNothingElseAndEnds(sql: String, reason: String) throws {
        try make("mine", "apply.sql", countsApply + "\n" + sql)
        expectRefusal("mine/apply.sql:", reason)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["mine"])
    }

    /// What a view does is judged where it is used, for there SQLite looks into it.
    @Test(arguments: [
        ("SELECT random() AS x", "call random()"), ("SELECT seq AS x FROM events", "virtual table \"events\""),
        ("SELECT sequence AS x FROM daybook", "read daybook"),
        ("SELECT sql AS x FROM sqlite_master", "read sqlite_master"),
        ("SELECT page_count AS x FROM pragma_page_count", "virtual table \"pragma_page_count\""),
        ("SELECT load_extension('x') AS x", "load_extension()"),
    ])
    func aViewHidesNothing(view: String, reason: String) throws {
        try make("mine", "schema.sql", countsSchema + "\nCREATE VIEW v AS \(view);")
        try write("-- It answers.\n-- returns x text\nSELECT x FROM v;".utf8, to: "mine/queries/hidden.sql")
        expectRefusal("mine/queries/hidden.sql:", reason)
    }

    @Test func namesOfFunctionsAreGoodNamesOfColumns() throws {
        try make(
            "mine", "schema.sql",
            "-- Odd names.\nCREATE TABLE counts (type TEXT PRIMARY KEY, count INTEGER, \"random\" TEXT, load_extension TEXT, \"date\" TEXT);"
        )
        try write(
            "INSERT INTO counts SELECT type, 1, 'a', 'b', 'c' FROM events WHERE true ON CONFLICT DO NOTHING;".utf8,
            to: "mine/apply.sql")
        try write(
            "-- Odd.\n-- returns random text, date text\nSELECT \"random\", \"date\" FROM counts;".utf8,
            to: "mine/queries/odd.sql")
        #expect(refusal() == nil)
    }

    // MARK: While it runs

    /// It is sound on an empty ledger, and never ends on the first event.
    @Test func anApplyThatNeverEndsFailsAndDisturbsNobody() async throws {
        let endless = """
            INSERT INTO counts SELECT 'x', 1 FROM events WHERE seq = 1 ON CONFLICT DO NOTHING;
            -- This one goes on as long as there are events.
            INSERT INTO counts
            WITH RECURSIVE c(x) AS (SELECT 1 FROM events UNION ALL SELECT x FROM c) SELECT 'y', count(*) FROM c WHERE x > 1;
            """
        let ledger = try Ledger()
        try ledger.append(generatedEvents(seed: 3, count: 300))
        let readModels = try ledger.readModels([try Projection(folder(apply: endless)), try Projection(folder(name: "other"))])
        readModels.start()
        let other = try await readModels.all("other.all", minSeq: ledger.log.head.lastSequence, now: Timestamp(microseconds: 1))
        #expect(!other.isEmpty)
        try await eventually {
            guard case .failed(let reason) = readModels.status()[0].phase else { return false }
            return reason.contains("statement 2, \"INSERT INTO counts WITH RECURSIVE") && reason.contains("200000000 steps")
        }
        #expect(readModels.status()[1].phase == .following)
        await readModels.stop()
    }

    @Test func aLongPatternIsRefusedAndNotMatched() async throws {
        let query = """
            -- A pattern.
            -- param text text required
            -- returns yes boolean
            SELECT :text LIKE printf('%.*c', 2000, '%') AS yes;
            """
        let ledger = try Ledger()
        let readModels = try ledger.readModels([try Projection(folder(queries: ["like": query]))])
        readModels.start()
        let error = await #expect(throws: QueryError.self) {
            try await readModels.query("counts.like", ["text": "aaaa"], now: Timestamp(microseconds: 1))
        }
        #expect(error?.description.contains("LIKE or GLOB pattern too complex") == true)
        #expect(readModels.status().map(\.phase) == [.following])
        await readModels.stop()
    }
}
