import ArgumentParser
import LedgerClient

struct ExportQuery: Verb {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "All rows of a query.",
        discussion: """
            The parameters are those of the query's method, but its limit: all rows come. One that is a list is given once for each value.

            Examples:
              daybook export daily.trend tenant=acme from=2026-11-01 to=2026-11-30 \\
                --csv --output trend.csv
              daybook export keys.list tenant=acme expiresBefore=2027-01-01 --jsonl
            """)

    @Argument(help: "The query, such as usage.history.") var query: String
    @Argument(help: ArgumentHelp("Its parameters.", valueName: "name=value")) var parameters: [Assignment] = []
    @OptionGroup(title: "Output") var export: ExportOptions
    @OptionGroup(title: "Common options") var options: QueryOptions

    var wantsJSON: Bool { options.connection.json }

    func run() throws {
        let ledger = try options.connection.connect()
        let head = options.stale ? nil : Head.sequence(in: try ledger.call("status"))
        let params = try parameters.params(of: query, describedBy: try ledger.call("rpc.discover"))
        let begin: Params = ["query": query, "params": params.object, "minSeq": head]
        try write(ExportedRows(of: ledger, try ledger.call("export", begin.object)))
    }

    private func write(_ rows: ExportedRows) throws {
        let file = try ExportFile(export.output)
        var rows = rows
        var count = ExportCount("rows")
        var layout = RowLayout(rows.columns, export.format)
        try file.write(layout.head)
        while let chunk = try rows.next() {
            try file.write(layout.lines(of: chunk))
            count.add(chunk.count)
        }
        try file.complete()
        count.end(asOf: rows.asOf)
    }
}

/// An export that the daemon has begun, chunk by chunk.
struct ExportedRows {
    struct Column: Hashable {
        let name: String
        let type: String
    }

    let columns: [Column]
    let asOf: Int64
    private let ledger: LedgerConnection
    private let number: Int64
    private var isDone = false

    /// - Parameter begun: the answer of `export`.
    init(of ledger: LedgerConnection, _ begun: JSONValue) throws(Failure) {
        guard let number = begun["export"]?.integer, let asOf = begun["asOf"]?["seq"]?.integer,
            let columns = begun["columns"]?.elements
        else { throw ExportedRows.notUnderstood }
        (self.ledger, self.number, self.asOf) = (ledger, number, asOf)
        self.columns = columns.map { Column(name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "") }
    }

    /// The next rows, each with a value for each column; nil behind the last.
    mutating func next() throws -> [[JSONValue]]? {
        if isDone { return nil }
        let answer = try ledger.call("export.next", ["export": .integer(number)])
        guard let rows = answer["rows"]?.elements, let isDone = answer["done"]?.boolean else { throw ExportedRows.notUnderstood }
        self.isDone = isDone
        return try rows.map { row in
            guard let values = row.elements, values.count == columns.count else { throw ExportedRows.notUnderstood }
            return values
        }
    }

    private static let notUnderstood = Failure(status: .failed, message: "the daemon's export is not understood.")
}

/// Rows of a query as they are written.
struct RowLayout {
    private let columns: [ExportedRows.Column]
    private let format: ExportOptions.Format
    private var csv = CSVWriter()

    init(_ columns: [ExportedRows.Column], _ format: ExportOptions.Format) { (self.columns, self.format) = (columns, format) }

    /// What stands before the first row.
    var head: [UInt8] {
        if format == .jsonl { return [] }
        var csv = CSVWriter()
        csv.record(columns.map { .text($0.name) })
        return csv.bytes
    }

    mutating func lines(of rows: [[JSONValue]]) -> [UInt8] {
        switch format {
        case .csv:
            csv.removeAll()
            for row in rows { csv.record(zip(columns, row).map(RowLayout.cell)) }
            return csv.bytes
        case .jsonl: return rows.flatMap { row in (object(row).description + "\n").utf8 }
        }
    }

    private func object(_ row: [JSONValue]) -> JSONValue {
        .object(zip(columns, row).map { column, value in JSONValue.Member(column.name, value) })
    }

    private static func cell(_ column: ExportedRows.Column, _ value: JSONValue) -> CSVWriter.Cell {
        switch value {
        case .null: .none
        case .string(let text) where column.type != "json": .text(text)
        case .integer, .number, .boolean, .string, .array, .object: .plain(value.description)
        }
    }
}
