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

/// Compares two files of one read model, table by table in the order of their keys.
struct ReadModelComparison {
    private let live: Connection
    private let rebuilt: Connection

    init(live: Connection, rebuilt: Connection) {
        self.live = live
        self.rebuilt = rebuilt
    }

    private struct Table {
        let name: String
        let columns: [String]
        /// The columns that rows are ordered by, by index.
        let keys: [Int]
    }

    func firstDifference() throws -> ReadModelDifference? {
        for table in try tables() {
            if let difference = try firstDifference(in: table) { return difference }
        }
        return nil
    }

    private func tables() throws -> [Table] {
        let names = try rebuilt.statement(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'daybook%' AND name NOT LIKE 'sqlite%' ORDER BY name"
        )
        var tables: [Table] = []
        while try names.step() { tables.append(try table(names.text(0))) }
        return tables
    }

    private func table(_ name: String) throws -> Table {
        let statement = try rebuilt.statement("SELECT name, pk FROM pragma_table_info(:table) ORDER BY cid")
        statement.bind(.text(name), to: "table")
        var (columns, keys): ([String], [(place: Int64, index: Int)]) = ([], [])
        while try statement.step() {
            if statement.integer(1) > 0 { keys.append((statement.integer(1), columns.count)) }
            columns.append(statement.text(0))
        }
        let ordered = keys.sorted { $0.place < $1.place }.map(\.index)
        return Table(name: name, columns: columns, keys: ordered.isEmpty ? Array(columns.indices) : ordered)
    }

    private func firstDifference(in table: Table) throws -> ReadModelDifference? {
        let order = table.keys.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
        let sql = "SELECT \(table.columns.map { "\"\($0)\"" }.joined(separator: ", ")) FROM \"\(table.name)\" ORDER BY \(order)"
        let (left, right) = (try live.statement(sql), try rebuilt.statement(sql))
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
        let differing = table.columns.indices.first { left.value($0) != right.value($0) }
        guard let differing else { return nil }
        if let key = table.keys.first(where: { left.value($0) != right.value($0) }) {
            let isLive = left.value(key).isBefore(right.value(key))
            return oneSided(table, isLive ? left : right, isLive: isLive)
        }
        return ReadModelDifference(
            table: table.name, row: key(of: left, table), column: table.columns[differing], live: left.value(differing).words,
            rebuilt: right.value(differing).words)
    }

    private func oneSided(_ table: Table, _ row: Statement, isLive: Bool) -> ReadModelDifference {
        let words = table.columns.indices.map { "\(table.columns[$0])=\(row.value($0).words)" }.joined(separator: " ")
        return ReadModelDifference(
            table: table.name, row: key(of: row, table), column: nil, live: isLive ? words : nil, rebuilt: isLive ? nil : words)
    }

    private func key(of row: Statement, _ table: Table) -> String {
        table.keys.map { "\(table.columns[$0])=\(row.value($0).words)" }.joined(separator: " ")
    }
}

extension Statement.Value {
    fileprivate var words: String {
        switch self {
        case .null: "null"
        case .integer(let value): String(value)
        case .text(let text): "'\(text)'"
        case .aboveAll: "x''"
        }
    }

    /// SQLite's order: null, integers, texts by their bytes.
    fileprivate func isBefore(_ other: Self) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.null, _): other != .null
        case (.integer, .text): true
        default: false
        }
    }
}
