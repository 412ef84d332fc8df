import Foundation
import Testing

@testable import ReadModels

/// Two files compared: nothing is the same by accident.
@Suite struct ComparisonTests {
    private func connection(_ sql: String) throws -> Connection {
        let connection = try Connection("", .scratch)
        try connection.execute(sql)
        return connection
    }

    private func difference(_ schema: String, _ live: String, _ rebuilt: String) throws -> ReadModelDifference? {
        try ReadModelComparison(live: try connection(schema + live), rebuilt: try connection(schema + rebuilt)).firstDifference()
    }

    @Test(arguments: [
        ("x'61'", "'a'"), ("1", "1.0"), ("'1'", "1"), ("1e300", "1.0000000000000002e300"),
        ("null", "''"),
        ("x''", "''"), ("x'00ff'", "x'00fe'"), ("'a'", "'A'"), ("'a' || char(0) || 'b'", "'a' || char(0) || 'c'"),
        ("-0.5", "0.5"),
        ("9223372036854775807", "9223372036854775806"), ("0.0", "null"),
    ])
    func valuesOfOtherTypesOrBitsDiffer(one: String, other: String) throws {
        let schema = "CREATE TABLE t (k INTEGER PRIMARY KEY, v COLLATE NOCASE);"
        for (live, rebuilt) in [(one, other), (other, one)] {
            let difference = try #require(
                try difference(schema, "INSERT INTO t VALUES (1, \(live))", "INSERT INTO t VALUES (1, \(rebuilt))"))
            #expect(difference.table == "t" && difference.row == "k=1" && difference.column == "v")
        }
        #expect(try difference(schema, "INSERT INTO t VALUES (1, \(one))", "INSERT INTO t VALUES (1, \(one))") == nil)
    }

    /// Keys that are null in many rows, keys that ignore case, no key at all: the order in which rows were put in must not matter.
    @Test(arguments: [
        "CREATE TABLE t (k TEXT PRIMARY KEY, v);", "CREATE TABLE t (k, v);", "CREATE TABLE t (k COLLATE NOCASE, v);",
        "CREATE TABLE t (v, k, UNIQUE (k, v));", "CREATE TABLE \"t\"\"x\" (k, v); CREATE VIEW t AS SELECT 1;",
    ])
    func theOrderOfInsertionDoesNotMatter(schema: String) throws {
        let table = schema.contains("\"\"x") ? "\"t\"\"x\"" : "t"
        let rows = ["null, 1", "null, 2", "'b', 1", "'a', 3"] + (schema.contains("PRIMARY") ? [] : ["'B', 1", "'b', 0"])
        let inserts = rows.map { "INSERT INTO \(table) (k, v) VALUES (\($0));" }
        #expect(try difference(schema, inserts.joined(), inserts.reversed().joined()) == nil)
        #expect(try difference(schema, inserts.joined(), inserts.dropLast().joined()) != nil)
    }

    @Test func aRowInOneFileOnlyIsNamedByItsKeyAlsoWhenKeysAreOfManyTypes() throws {
        let values = ["null", "-1.5", "2", "2.5", "'a'", "'ab'", "x'00'", "x'01'"]
        let schema = "CREATE TABLE t (k, v, PRIMARY KEY (k));"
        let inserts = values.map { "INSERT INTO t VALUES (\($0), 1);" }
        for (index, value) in values.enumerated() {
            var fewer = inserts
            fewer.remove(at: index)
            let missing = try #require(try difference(schema, fewer.joined(), inserts.joined()))
            #expect(missing.row == "k=\(value)" && missing.live == nil && missing.rebuilt == "k=\(value) v=1")
            let surplus = try #require(try difference(schema, inserts.joined(), fewer.joined()))
            #expect(surplus.row == "k=\(value)" && surplus.rebuilt == nil && surplus.live == "k=\(value) v=1")
        }
    }

    @Test(arguments: [
        ("CREATE TABLE more (x);", "more"), ("CREATE INDEX byV ON t (v);", "byV"), ("CREATE VIEW w AS SELECT 1;", "w"),
    ])
    func whatAFileIsMadeOfIsComparedToo(more: String, name: String) throws {
        let schema = "CREATE TABLE t (k PRIMARY KEY, v);"
        let difference = try #require(try difference(schema, more, ""))
        #expect(difference.table == "sqlite_schema" && difference.row == "name='\(name)'" && difference.rebuilt == nil)
    }

    /// SQLite reserves names that begin with `sqlite_`; others are a folder's to use.
    @Test func aTableThatSoundsLikeSQLitesIsCompared() throws {
        let schema = "CREATE TABLE sqlites (k PRIMARY KEY);"
        #expect(try difference(schema, "INSERT INTO sqlites VALUES (1)", "") != nil)
    }

    @Test func generatedColumnsAreCompared() throws {
        let difference = try ReadModelComparison(
            live: try connection("CREATE TABLE t (k PRIMARY KEY, v AS (k + 1)); INSERT INTO t VALUES (1)"),
            rebuilt: try connection("CREATE TABLE t (k PRIMARY KEY, v AS (k + 1)); INSERT INTO t VALUES (2)")
        ).firstDifference()
        #expect(difference?.live == "k=1 v=2")
    }
}
