import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// What a stretch's tables take over from SQLite, orders and conditions, changes no answer: that of an ordinary table with the same rows
/// is the same.
@Suite struct StretchQueryTests {
    private let ledger: Ledger
    private let connection: Connection

    init() throws {
        ledger = try Ledger()
        try ledger.append(generatedEvents(seed: 7, count: 1200))
        connection = try Connection("", .scratch)
        let window = StretchWindow()
        try StretchModule.register(window, on: connection)
        let feed = EventFeed(ledger.reader, bounds: .standard)
        window.stretch = try feed.stretch(after: .zero, through: ledger.log.head.lastSequence, upTo: ledger.log.head)
        for (table, columns) in zip(StretchTables.names, StretchTables.columns) {
            let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
            try connection.execute("CREATE TABLE plain_\(table) (\(list))")
            try connection.execute("INSERT INTO plain_\(table) (rowid, \(list)) SELECT rowid, \(list) FROM \(table)")
        }
    }

    private func rows(_ sql: String) throws -> [[Statement.Value]] {
        let statement = try connection.statement(sql)
        var rows: [[Statement.Value]] = []
        while try statement.step() { rows.append((0..<statement.columnCount).map(statement.value)) }
        return rows
    }

    /// Whether SQLite sorts, or groups through a table of its own.
    private func sorts(_ sql: String) throws -> Bool {
        try rows("EXPLAIN QUERY PLAN " + sql).contains { $0.contains { "\($0)".contains("TEMP B-TREE") } }
    }

    /// The statement over ordinary tables.
    private func plain(_ sql: String) -> String {
        StretchTables.names.reduce(sql) { sql, table in
            for word in ["FROM", "JOIN"] where sql.contains("\(word) \(table)") {
                return sql.split(separator: "\(word) \(table)", omittingEmptySubsequences: false)
                    .joined(separator: "\(word) plain_\(table)")
            }
            return sql
        }
    }

    // MARK: Chosen statements

    @Test(arguments: [
        "SELECT tenant, day, feature, sum(amount), count(*) FROM events GROUP BY tenant, day, feature",
        "SELECT tenant, account, unit, available, max(rowid) FROM events WHERE unit IS NOT NULL GROUP BY tenant, account, unit",
        "SELECT account, coalesce(feature, ''), max(seq), json FROM events WHERE type IN ('debited', 'refunded') GROUP BY account, feature",
        "SELECT seq, type FROM events WHERE returned IS NOT 1 ORDER BY tenant DESC, account, seq DESC, part",
        "SELECT seq, part FROM events WHERE returned = 1 ORDER BY seq, part",
        "SELECT seq, json FROM events ORDER BY json",
        "SELECT at, seq FROM events ORDER BY at DESC, seq",
        "SELECT quantities, count(*), min(seq) FROM events GROUP BY quantities",
        "SELECT labels, sum(count) FROM events WHERE batch IS NULL GROUP BY labels",
        "SELECT dimension, sum(quantity) FROM quantities WHERE feature IS NOT NULL GROUP BY dimension",
        "SELECT tenant, account, unit, lot, remaining, max(rowid) FROM draws WHERE remaining IS NOT NULL GROUP BY tenant, account, unit, lot",
        "SELECT lot, expiresAt, priority FROM draws WHERE opened = 1 ORDER BY priority, expiresAt DESC, lot, seq, part",
        "SELECT DISTINCT tenant, day FROM events WHERE type = 'debited' ORDER BY tenant, day",
        "SELECT tenant, count(DISTINCT account) FROM events GROUP BY tenant",
        "SELECT day FROM events WHERE type = 'granted' GROUP BY day HAVING count(*) > 1 ORDER BY day DESC",
    ])
    func isInOrderWithoutSorting(_ sql: String) throws {
        let isOneDistinctMore = sql.contains("count(DISTINCT")
        #expect(try !sorts(sql) || isOneDistinctMore)
        let found = try rows(sql)
        #expect(try found == rows(plain(sql)) && found.count > 1)
    }

    @Test(arguments: [
        "SELECT count(*) FROM events WHERE type = 'debited' AND type IN ('debited', 'held')",
        "SELECT count(*) FROM events WHERE type = 'DEBITED' COLLATE NOCASE",
        "SELECT count(*) FROM events WHERE type = x'64656269746564'",
        "SELECT count(*) FROM events WHERE type = 5 OR type = 'held'",
        "SELECT count(*) FROM events WHERE type = NULL",
        "SELECT count(*) FROM events WHERE type IN (NULL, 'held')",
        "SELECT count(*) FROM events WHERE type IN (SELECT type FROM events WHERE seq < 9)",
        "SELECT count(*) FROM events WHERE type IS 'held'",
        "SELECT count(*) FROM events WHERE type != 'held'",
        "SELECT count(*) FROM events WHERE returned = '1'",
        "SELECT count(*) FROM events WHERE returned = 1.0",
        "SELECT count(*) FROM events WHERE returned = CAST('1' AS INTEGER)",
        "SELECT count(*) FROM events WHERE returned IS NULL",
        "SELECT count(*) FROM events WHERE returned IS NOT NULL",
        "SELECT count(*) FROM events WHERE returned != 1",
        "SELECT count(*) FROM events WHERE returned IS NOT NULL AND returned IS NOT 0 AND part = 0",
        "SELECT count(*) FROM events WHERE returned NOT IN (0, 1)",
        "SELECT count(*) FROM events WHERE returned IN (0, 7)",
        "SELECT count(*) FROM events WHERE returned IS TRUE",
        "SELECT count(*) FROM events WHERE amount > 5 AND amount = 9223372036854775807",
        "SELECT count(*) FROM events WHERE amount = -9223372036854775808",
        "SELECT count(*) FROM events WHERE amount IS NOT -9223372036854775808",
        "SELECT count(*) FROM events WHERE account = 5",
        "SELECT count(*) FROM events WHERE account != 5",
        "SELECT count(*) FROM events WHERE account IS NOT 5",
        "SELECT count(*) FROM events WHERE account = CAST('5' AS INTEGER)",
        "SELECT count(*) FROM events WHERE rollbackOf IS NOT 3",
        "SELECT count(*) FROM events WHERE rollbackOf = 3",
        "SELECT rowid, seq FROM events WHERE rowid = 12",
        "SELECT rowid FROM events WHERE rowid > 900 ORDER BY rowid DESC",
        "SELECT e.seq, d.lot FROM events AS e JOIN draws AS d ON d.seq = e.seq AND d.part = e.part WHERE e.type = 'granted'",
        "SELECT e.seq, q.quantity FROM quantities AS q CROSS JOIN events AS e WHERE e.seq = q.seq AND e.part = 0 ORDER BY e.account, e.seq",
        "SELECT e.seq, d.seq FROM events AS e LEFT JOIN draws AS d ON d.seq = e.seq AND d.opened = 1 AND d.plan IS NULL WHERE e.part = 0",
        "SELECT e.account FROM events AS e WHERE EXISTS (SELECT 1 FROM draws AS d WHERE d.seq = e.seq AND d.opened = 1)",
        "SELECT tenant, sum(amount) OVER (PARTITION BY tenant ORDER BY seq, part) FROM events WHERE unit IS NOT NULL",
        "SELECT account FROM events WHERE type = 'held' UNION SELECT account FROM events WHERE type = 'settled' ORDER BY account",
        "SELECT account, seq FROM events ORDER BY account COLLATE NOCASE, seq, part",
        "SELECT account, feature, seq FROM events ORDER BY feature NULLS LAST, account, seq, part",
        "SELECT tenant, seq / 64, count(*) FROM events GROUP BY tenant, seq / 64",
        "SELECT seq FROM events ORDER BY account, seq, part LIMIT 5 OFFSET 40",
    ])
    func answersTheSame(_ sql: String) throws { #expect(try rows(sql) == rows(plain(sql))) }

    // MARK: Random statements

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func answersTheSameToAnything(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            let sql = RandomSelect(&random)
            #expect(try rows(sql.text) == rows(plain(sql.withTies)), "\(sql.text)")
        }
    }

    /// A select over one table. Rows that its order leaves together are in that of the log, which an ordinary table has to be told.
    private struct RandomSelect {
        private(set) var text: String
        private(set) var withTies: String

        init(_ random: inout SeededGenerator) {
            let table = Int.random(in: 0..<3, using: &random)
            let columns = StretchTables.columns[table].shuffled(using: &random)
            let conditions = (0..<Int.random(in: 0...3, using: &random)).map { RandomSelect.condition(columns[$0 + 5], &random) }
            let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
            let keys = columns.prefix(Int.random(in: 1...4, using: &random)).map { "\"\($0)\"" }
            let from = "FROM \(StretchTables.names[table])\(filter)"
            if Bool.random(using: &random) {
                let list = keys.joined(separator: ", ")
                text = "SELECT \(list), count(*), min(rowid), max(rowid), seq \(from) GROUP BY \(list)"
                withTies = text
            } else {
                let order = keys.map { $0 + (Bool.random(using: &random) ? " DESC" : "") }.joined(separator: ", ")
                text = "SELECT rowid, \(keys.joined(separator: ", ")) \(from) ORDER BY \(order)"
                withTies = text + ", rowid"
            }
        }

        private static func condition(_ column: String, _ random: inout SeededGenerator) -> String {
            let types = EventType.allCases.shuffled(using: &random).prefix(12).map { "'\($0)'" }.joined(separator: ", ")
            let conditions = [
                "type IN (\(types))", "type = 'debited'", "\"\(column)\" IS NULL", "\"\(column)\" IS NOT NULL",
                "\"\(column)\" = 1",
                "\"\(column)\" IS NOT 1", "\"\(column)\" != 0", "\"\(column)\" IS 0", "part = 0",
            ]
            return conditions.randomElement(using: &random)!
        }
    }
}
