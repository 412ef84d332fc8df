import CSQLite

/// Where two files of one read model differ.
public struct ReadModelDifference: Sendable, Hashable, CustomStringConvertible {
    public let table: String
    /// The row by its key, `column=value`; the first row that is not the same.
    public let row: String
    /// The column that differs; nil when the row is in one of the two only.
    public let column: String?
    /// What stands in the file in use, and in the one rebuilt; nil when the row is not there.
    public let live: String?
    public let rebuilt: String?

    public var description: String {
        let place = "table \(table), row \(row)" + (column.map { ", column \($0)" } ?? "")
        return "\(place): the file in use has \(live ?? "no such row"), the one rebuilt has \(rebuilt ?? "no such row")"
    }
}

/// Compares two files of one read model: what they are made of, and then table by table in the order of their keys. Values are the same
/// when type and bytes are.
struct ReadModelComparison {
    private let live: Connection
    private let rebuilt: Connection

    init(live: Connection, rebuilt: Connection) {
        self.live = live
        self.rebuilt = rebuilt
    }

    /// Rows to be compared: those that a SELECT gives, in the order of their keys.
    private struct Table {
        let name: String
        let columns: [String]
        /// The columns that rows are known by, by index.
        let keys: [Int]
        let sql: String
    }

    func firstDifference() throws -> ReadModelDifference? {
        if let difference = try firstDifference(in: ReadModelComparison.schema) { return difference }
        for table in try tables() {
            if let difference = try firstDifference(in: table) { return difference }
        }
        return nil
    }

    // MARK: What is compared

    private static let schema = Table(
        name: "sqlite_schema", columns: ["name", "type", "sql"], keys: [0],
        sql: "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name, type")

    /// The folder's own tables.
    private func tables() throws -> [Table] {
        let names = try rebuilt.statement(
            """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'daybook%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """)
        var tables: [Table] = []
        while try names.step() { tables.append(try table(names.text(0))) }
        return tables
    }

    private func table(_ name: String) throws -> Table {
        let statement = try rebuilt.statement("SELECT name, pk FROM pragma_table_xinfo(:table) ORDER BY cid")
        statement.bind(.text(name), to: "table")
        var (columns, keys): ([String], [(place: Int64, index: Int)]) = ([], [])
        while try statement.step() {
            if statement.integer(1) > 0 { keys.append((statement.integer(1), columns.count)) }
            columns.append(statement.text(0))
        }
        let ordered = keys.sorted { $0.place < $1.place }.map(\.index)
        return Table(
            name: name, columns: columns, keys: ordered.isEmpty ? Array(columns.indices) : ordered,
            sql: ReadModelComparison.select(columns, from: name, by: ordered))
    }

    /// The keys first; then all other columns, for a key may be null in many rows. By bytes, whatever the column's own order: SQLite sorts
    /// only where that is another one.
    private static func select(_ columns: [String], from table: String, by keys: [Int]) -> String {
        let order = keys + columns.indices.filter { !keys.contains($0) }
        return """
            SELECT \(columns.map(\.quoted).joined(separator: ", ")) FROM \(table.quoted)
            ORDER BY \(order.map { columns[$0].quoted + " COLLATE BINARY" }.joined(separator: ", "))
            """
    }

    // MARK: Comparing

    private func firstDifference(in table: Table) throws -> ReadModelDifference? {
        let (left, right) = (try live.statement(table.sql), try rebuilt.statement(table.sql))
        while true {
            let (hasLeft, hasRight) = (try left.step(), try right.step())
            if !hasLeft, !hasRight { return nil }
            if let difference = difference(table, hasLeft ? left : nil, hasRight ? right : nil) { return difference }
        }
    }

    /// How two rows at the same place differ. With different keys, the lower one is missing from the other file.
    private func difference(_ table: Table, _ left: Statement?, _ right: Statement?) -> ReadModelDifference? {
        guard let left, let right else {
            guard let there = left ?? right else { return nil }
            return oneSided(table, there, isLive: left != nil)
        }
        guard let differing = table.columns.indices.first(where: { !left.isSame(as: right, in: $0) }) else { return nil }
        if let key = table.keys.first(where: { !left.isSame(as: right, in: $0) }) {
            let isLive = StoredValue(left, key).isBefore(StoredValue(right, key))
            return oneSided(table, isLive ? left : right, isLive: isLive)
        }
        return ReadModelDifference(
            table: table.name, row: key(of: left, table), column: table.columns[differing],
            live: StoredValue(left, differing).words, rebuilt: StoredValue(right, differing).words)
    }

    private func oneSided(_ table: Table, _ row: Statement, isLive: Bool) -> ReadModelDifference {
        let words = table.columns.indices.map { "\(table.columns[$0])=\(StoredValue(row, $0).words)" }.joined(separator: " ")
        return ReadModelDifference(
            table: table.name, row: key(of: row, table), column: nil, live: isLive ? words : nil, rebuilt: isLive ? nil : words)
    }

    private func key(of row: Statement, _ table: Table) -> String {
        table.keys.map { "\(table.columns[$0])=\(StoredValue(row, $0).words)" }.joined(separator: " ")
    }
}

extension String {
    /// As a name in SQL.
    fileprivate var quoted: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
