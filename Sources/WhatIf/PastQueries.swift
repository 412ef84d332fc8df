import EventCodec
import JSONText
import LedgerModel
import ReadModels

/// The queries of one question, all ended by one interruption.
struct PastQueries {
    let readModels: ReadModels
    let tenant: Name
    /// The ledger's time.
    let now: Timestamp
    let interruption: Interruption

    func cursor(_ method: String, _ arguments: [String: QueryValue]) throws(WhatIfError) -> PastRows {
        var arguments = arguments
        arguments["tenant"] = .text(tenant.text)
        do throws(QueryError) {
            return PastRows(try readModels.cursor(method, arguments, now: now, interruption: interruption), of: method)
        } catch { throw WhatIfError(error, of: method, interruption) }
    }

    /// Goes through all rows of a query.
    func forEach(
        _ method: String, _ arguments: [String: QueryValue], _ body: (PastRow) throws(WhatIfError) -> Void
    ) throws(WhatIfError) {
        let rows = try cursor(method, arguments)
        while let row = try next(rows) { try body(row) }
    }

    /// The next row. An interruption is seen here between rows, and by the cursor within one.
    func next(_ rows: PastRows) throws(WhatIfError) -> PastRow? {
        if interruption.isSet { throw .cancelled }
        do throws(QueryError) { return try rows.next() } catch { throw WhatIfError(error, of: rows.method, interruption) }
    }
}

extension WhatIfError {
    fileprivate init(_ error: QueryError, of method: String, _ interruption: Interruption) {
        self = interruption.isSet ? .cancelled : .query(error, of: method)
    }
}

/// A cursor whose columns are known by their names.
struct PastRows {
    let method: String
    let cursor: ExportCursor
    private let columns: [String: Int]

    init(_ cursor: ExportCursor, of method: String) {
        self.cursor = cursor
        self.method = method
        columns = Dictionary(uniqueKeysWithValues: cursor.columns.enumerated().map { ($1.name, $0) })
    }

    func next() throws(QueryError) -> PastRow? { try cursor.next().map { PastRow(row: $0, columns: columns) } }
}

/// A row: there until the next one is read.
struct PastRow {
    fileprivate let row: ExportRow
    fileprivate let columns: [String: Int]

    /// A column that the query does not have reads as null.
    private func place(_ column: String) -> Int? { columns[column].flatMap { row.isNull($0) ? nil : $0 } }

    func integer(_ column: String) -> Int64? { place(column).map { row.integer($0) } }
    func text(_ column: String) -> String? { place(column).map { row.text($0) } }
    func bytes(_ column: String) -> UnsafeRawBufferPointer? { place(column).map { row.bytes($0) } }
    func name(_ column: String) -> Name? { bytes(column).flatMap { Name(utf8: $0) } }
    func timestamp(_ column: String) -> Timestamp? { integer(column).map { Timestamp(microseconds: $0) } }

    /// What is taken, at least 0: sums of the read models are bounded above as amounts are.
    func amount(_ column: String) -> Amount { Amount(rawValue: min(max(0, integer(column) ?? 0), Amount.max.rawValue))! }

    func document(_ column: String, _ kind: DocumentKey.Kind) -> Document? {
        guard let bytes = bytes(column) else { return nil }
        var reader = JSONReader(bytes)
        return try? reader.document(kind)
    }
}
