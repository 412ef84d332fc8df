import Projections
import Testing

@testable import ReadModels

/// Reading folders: headers, versions, and the confinement of their SQL.
@Suite struct ProjectionTests {
    @Test func theBuiltInFoldersAreSound() {
        #expect(Projection.builtIn.map(\.name) == Projection.builtIn.map(\.name).sorted())
        #expect(Projection.builtIn.allSatisfy { $0.sentence.hasSuffix(".") })
        let methods = Projection.builtIn.flatMap(\.queries).map(\.name)
        #expect(
            Set(methods).isSuperset(of: ["balances.account", "batches.summary", "config.history", "daily.trend", "usage.history"])
        )
        #expect(Projection.builtIn.flatMap(\.queries).allSatisfy { $0.sentence.hasSuffix(".") })
    }

    @Test func theVersionIsOfSchemaAndApplyAlone() throws {
        let version = try Projection(folder()).version
        #expect(try Projection(folder()).version == version)
        #expect(try Projection(folder(queries: [:])).version == version)
        #expect(try Projection(folder(schema: countsSchema + "\n")).version != version)
        #expect(try Projection(folder(apply: countsApply + "\n")).version != version)
    }

    @Test func aHeaderIsReadWhole() throws {
        let query = """
            -- What it answers,
            -- in two lines.
            -- param tenant text required
            -- param from day
            -- param since timestamp
            -- param least integer default -3 min -5
            -- param limit integer default 50 min 1 max 1000
            -- returns type text, count integer
            -- page type up
            SELECT type, count FROM counts
            WHERE type > :after_type AND :tenant <> '' AND (:from IS NULL OR :since IS NULL OR count > :least) ORDER BY type LIMIT :limit
            """
        let read = try #require(try Projection(folder(queries: ["some": query])).queries.first)
        #expect(read.name == "counts.some" && read.sentence == "What it answers, in two lines.")
        #expect(read.parameters.map(\.name) == ["tenant", "from", "since", "least", "limit"])
        #expect(read.parameters.map(\.type) == [.text, .day, .timestamp, .integer, .integer])
        #expect(read.parameters.map(\.isRequired) == [true, false, false, false, false])
        #expect(read.parameters[3].defaultValue == -3 && read.parameters[3].range == -5...Int64.max)
        #expect(read.parameters[4].range == 1...1000)
        #expect(read.columns.map(\.name) == ["type", "count"])
        #expect(read.page.map(\.column) == ["type"] && read.page.map(\.isDescending) == [false])
    }

    @Test(arguments: [
        ("SELECT 1 AS one", "must say what the query answers"),
        ("-- It answers.\nSELECT 1 AS one", "declares its columns"),
        ("-- It answers.\n-- returns one number\nSELECT 1 AS one", "line 2: \"number\" is not a type"),
        ("-- It answers.\n-- returns one\nSELECT 1 AS one", "a column is a name and a type"),
        ("-- It answers.\n-- param :x text\n-- returns one integer\nSELECT 1 AS one", "is not a name"),
        ("-- It answers.\n-- param x text sometimes\n-- returns one integer\nSELECT 1 AS one", "\"sometimes\" is not an option"),
        ("-- It answers.\n-- param x integer max many\n-- returns one integer\nSELECT 1 AS one", "max is followed by an integer"),
        ("-- It answers.\n-- param now text\n-- returns one integer\nSELECT :now AS one", "is there without being declared"),
        (
            "-- It answers.\n-- param x json\n-- returns one integer\nSELECT :x AS one",
            "a parameter is text, texts, integer, boolean, timestamp or day"
        ),
        ("-- It answers.\n-- returns one integer\n-- page two up\nSELECT 1 AS one", "the page key two is not among the columns"),
        ("-- It answers.\n-- returns one integer\n-- page one up\nSELECT 1 AS one", "a query with pages declares"),
        ("-- It answers.\n-- returns two integer\nSELECT 1 AS one", "it returns one, and declares two"),
        ("-- It answers.\n-- returns one integer\nSELECT :x AS one", "it uses :x, which is not declared"),
        ("-- It answers.\n-- param x text\n-- returns one integer\nSELECT 1 AS one", "it declares x and does not use it"),
        ("-- It answers.\n-- param x text\n-- returns one integer\nSELECT $x AS one", "it uses :$x, which is not declared"),
        ("-- It answers.\n-- returns one integer\nSELECT 1 AS one; SELECT 2 AS one", "a query is one statement"),
        ("-- It answers.\n-- returns one integer\nSELECT one FROM elsewhere", "no such table: elsewhere"),
        ("-- It answers.\n-- returns one integer\nSELECT \"x\" AS one", "no such column"),
    ])
    func aFaultyQueryIsNamed(sql: String, reason: String) {
        let refusal = refusal(folder(queries: ["bad": sql]))
        #expect(
            refusal?.contains(reason) == true && refusal?.contains("counts/queries/bad.sql") == true, "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        ("SELECT count(*) AS one FROM events", "read events"),
        ("SELECT count(*) AS one FROM daybook", "read daybook"),
        ("SELECT count(*) AS one FROM sqlite_master", "read sqlite_master"),
        ("DELETE FROM counts RETURNING count AS one", "write counts"),
        ("SELECT random() AS one", "call random()"),
        ("SELECT date('now') AS one", "call date()"),
        ("SELECT CURRENT_TIMESTAMP AS one", "call current_timestamp()"),
        ("SELECT load_extension('x') AS one", "call load_extension()"),
        ("SELECT page_count AS one FROM pragma_page_count", "may not"),
        ("PRAGMA user_version", "use PRAGMA user_version"),
        ("ATTACH 'x' AS one", "attach or detach"),
    ])
    func aQueryReadsItsOwnTablesOnly(sql: String, reason: String) {
        let refusal = refusal(folder(queries: ["bad": "-- It answers.\n-- returns one integer\n" + sql]))
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        ("INSERT INTO counts VALUES (CURRENT_TIME, 1)", "call current_time()"),
        ("DELETE FROM events", "events"),
        ("DELETE FROM daybook", "write daybook"),
        ("UPDATE daybook SET sequence = 9", "daybook"),
        ("COMMIT", "begin or end a transaction"),
        ("SAVEPOINT one", "begin or end a transaction"),
        ("DROP TABLE counts", "may not"),
        ("CREATE TABLE more (x)", "may not"),
        ("CREATE TEMP TABLE more (x)", "may not"),
        ("PRAGMA journal_mode = DELETE", "use PRAGMA journal_mode"),
        ("VACUUM INTO 'x'", "may not"),
        ("ATTACH 'x' AS x", "attach or detach"),
        ("SELECT randomblob(9)", "call randomblob()"),
    ])
    func applyWritesItsOwnTablesOnly(sql: String, reason: String) {
        let refusal = refusal(folder(apply: sql))
        #expect(refusal?.contains("counts/apply.sql") == true && refusal?.contains(reason) == true, "\(refusal ?? "accepted")")
    }

    @Test(arguments: [
        ("CREATE TABLE events (x)", "create events"),
        ("CREATE TABLE Draws (x)", "create Draws"),
        ("CREATE TABLE daybookFiles (x)", "create daybookFiles"),
        ("CREATE TEMP TABLE x (x)", "use temporary tables"),
        ("CREATE VIRTUAL TABLE x USING fts5(y)", "may not"),
        ("CREATE TRIGGER x AFTER INSERT ON counts BEGIN SELECT 1; END", "may not"),
        ("INSERT INTO counts VALUES ('x', 1)", "write counts"),
        ("PRAGMA writable_schema = 1", "use PRAGMA writable_schema"),
        ("ATTACH 'x' AS x", "attach or detach"),
    ])
    func aSchemaMakesTablesOnly(sql: String, reason: String) {
        let refusal = refusal(folder(schema: countsSchema + sql))
        #expect(refusal?.contains("counts/schema.sql") == true && refusal?.contains(reason) == true, "\(refusal ?? "accepted")")
    }

    @Test func aSchemaMayMakeIndexesAndViews() {
        let schema =
            countsSchema + "CREATE INDEX byCount ON counts (count); CREATE VIEW many AS SELECT * FROM counts WHERE count > 1;"
        #expect(refusal(folder(schema: schema)) == nil)
    }

    @Test(arguments: ["", "two words", "../up", "1st", "a.b"])
    func aFolderIsNamedLikeAMethod(name: String) {
        #expect(refusal(folder(name: name))?.contains("a folder's name") == true)
    }

    @Test func whatIsMissingIsNamed() {
        #expect(refusal(ProjectionFolder(name: "none", files: [:])) == "projection none/schema.sql: is missing")
        #expect(
            refusal(folder(schema: "CREATE TABLE counts (type, count);"))?.contains("must say what this read model answers")
                == true)
    }
}
