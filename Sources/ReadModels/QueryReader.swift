import CSQLite
import JSONText
import LedgerModel
import SegmentLog

/// Answers queries, one at a time, on a thread of its own, from connections that only read.
actor QueryReader {
    private let directory: ReadModelDirectory
    private let bounds: ReadModelBounds
    private let thread = OwnThread(niceness: ReadModelBounds.queryNiceness)
    private var files: [String: OpenFile] = [:]
    private var suspended: Set<String> = []
    private var writer = JSONWriter(capacity: 1 << 16)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ directory: ReadModelDirectory, bounds: ReadModelBounds) {
        self.directory = directory
        self.bounds = bounds
    }

    /// The file that was asked for is being changed for another: ask again what answers.
    struct Moved: Error {}

    /// One read model's file and its queries, as far as they were asked.
    private struct OpenFile {
        let connection: Connection
        let version: String
        let mark: Statement
        var queries: [Query: Statement] = [:]
    }

    /// Closes a read model's file and answers nothing from it until it is resumed.
    func suspend(_ name: String) {
        suspended.insert(name)
        files[name] = nil
    }

    func resume(_ name: String) { suspended.remove(name) }

    /// Closes all files.
    func close() { files = [:] }

    /// Runs a query of a projection whose file answers now.
    func answer(_ query: Query, of projection: Projection, _ arguments: QueryArguments) throws -> QueryAnswer {
        if suspended.contains(projection.name) { throw Moved() }
        do {
            let (connection, mark, statement) = try prepare(query, of: projection)
            return try connection.limited(to: bounds.queryTimeLimit) {
                try connection.snapshot {
                    let mark = try read(mark)
                    return try connection.confinement.confined(to: .query) { try answer(query, statement, arguments, mark) }
                }
            }
        } catch let error as SQLiteError {
            files[projection.name] = nil
            throw error
        }
    }

    private func prepare(_ query: Query, of projection: Projection) throws -> (Connection, Statement, Statement) {
        var file = try files[projection.name] ?? open(projection.name)
        if file.version != projection.version { throw Moved() }
        let statement =
            try file.queries[query]
            ?? file.connection.confinement.confined(to: .query) { try file.connection.statement(query.sql) }
        file.queries[query] = statement
        files[projection.name] = file
        return (file.connection, file.mark, statement)
    }

    private func open(_ name: String) throws -> OpenFile {
        let connection = try Connection(directory.file(name), .reading)
        let version = try ReadModelMark.read(from: connection).version
        return OpenFile(connection: connection, version: version, mark: try connection.statement(ReadModelMark.query))
    }

    // MARK: Writing the answer

    private func read(_ statement: Statement) throws -> ReadModelMark {
        defer { statement.reset() }
        guard try statement.step(), let mark = ReadModelMark(statement) else { throw QueryError.failed("its file is damaged") }
        return mark
    }

    private func answer(_ query: Query, _ statement: Statement, _ arguments: QueryArguments, _ mark: ReadModelMark) throws
        -> QueryAnswer
    {
        defer { statement.reset() }
        for (name, value) in arguments.values { statement.bind(value, to: name) }
        writer.removeAll()
        writer.beginObject()
        writer.asOf(mark)
        let (rowCount, next) = try writeRows(query, statement, arguments)
        writer.key("next")
        if let next { writer.string(next) } else { writer.null() }
        writer.endObject()
        return QueryAnswer(json: Array(writer.bytes), asOf: mark.watermark.sequence.rawValue, rowCount: rowCount)
    }

    /// Writes the rows, and answers how many, and the cursor if there are more.
    private func writeRows(_ query: Query, _ statement: Statement, _ arguments: QueryArguments) throws -> (Int, next: String?) {
        var (rowCount, cursor) = (0, String?.none)
        writer.key("rows")
        writer.beginArray()
        defer { writer.endArray() }
        while try statement.step() {
            if rowCount == arguments.pageRowCount { return (rowCount, cursor) }
            if rowCount == bounds.rowCountMax { throw QueryError.tooLarge }
            writer.row(statement, query.columns)
            if writer.count > bounds.answerByteCountMax { throw QueryError.tooLarge }
            rowCount += 1
            if rowCount == arguments.pageRowCount { cursor = QueryArguments.cursor(query, endingWith: statement) }
        }
        return (rowCount, nil)
    }
}

extension Connection {
    /// Runs `body`, and interrupts the statement in it when the time is over.
    func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result {
        var end = ContinuousClock.now.advanced(by: limit)
        return try withUnsafeMutablePointer(to: &end) { end in
            sqlite3_progress_handler(
                handle, ReadModelBounds.stepsBetweenLooks,
                { end in ContinuousClock.now < end!.assumingMemoryBound(to: ContinuousClock.Instant.self).pointee ? 0 : 1 }, end)
            defer { sqlite3_progress_handler(handle, 0, nil, nil) }
            return try body()
        }
    }
}
