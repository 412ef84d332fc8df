import CSQLite
import JSONText
import LedgerModel
import SegmentLog

/// Answers queries, one at a time, on a thread of its own, from connections that only read.
actor QueryReader {
    private let bounds: ReadModelBounds
    private let thread = OwnThread(niceness: ReadModelBounds.queryNiceness)
    private var files: [String: OpenFile] = [:]
    private var writer = JSONWriter(capacity: 1 << 16)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(bounds: ReadModelBounds) { self.bounds = bounds }

    /// One read model's file and its queries, as far as they were asked.
    private struct OpenFile {
        let generation: Generation
        let connection: Connection
        let mark: Statement
        var queries: [Query: Statement] = [:]
    }

    /// Closes a read model's file, unless it is this one: another answers now.
    func close(_ name: String, unless generation: Generation) {
        if files[name]?.generation !== generation { files[name] = nil }
    }

    /// Closes all files.
    func close() { files = [:] }

    /// Runs a query on the file that answers, or that answered when it was asked.
    ///
    /// - Parameter interruption: set when nobody waits for the answer any more.
    func answer(
        _ query: Query, of serving: StatusBoard.Serving, _ arguments: QueryArguments, unless interruption: Interruption
    ) throws -> QueryAnswer {
        if interruption.isSet { throw QueryError.timeLimit }
        do {
            let (connection, mark, statement) = try prepare(query, on: serving)
            let watch = StepWatch(interruption)
            watch.deadline = ContinuousClock.now.advanced(by: bounds.queryTimeLimit)
            return try watch.watching(connection) {
                try connection.snapshot {
                    let mark = try read(mark)
                    return try connection.confinement.confined(to: .query) { try answer(query, statement, arguments, mark) }
                }
            }
        } catch let error as SQLiteError {
            files[serving.projection.name] = nil
            throw error
        }
    }

    private func prepare(_ query: Query, on serving: StatusBoard.Serving) throws -> (Connection, Statement, Statement) {
        var file = try files[serving.projection.name].flatMap { $0.generation === serving.generation ? $0 : nil } ?? open(serving)
        let statement =
            try file.queries[query]
            ?? file.connection.confinement.confined(to: .query) { try file.connection.statement(query.sql) }
        file.queries[query] = statement
        files[serving.projection.name] = file
        return (file.connection, file.mark, statement)
    }

    private func open(_ serving: StatusBoard.Serving) throws -> OpenFile {
        let connection = try Connection(serving.path, .reading)
        guard try ReadModelMark.read(from: connection).version == serving.projection.version else {
            throw SQLiteError(code: SQLITE_CORRUPT, message: "the file was built from other SQL than it should")
        }
        return OpenFile(
            generation: serving.generation, connection: connection, mark: try connection.statement(ReadModelMark.query))
    }

    // MARK: Writing the answer

    private func read(_ statement: Statement) throws -> ReadModelMark {
        defer { statement.reset() }
        guard try statement.step(), let mark = ReadModelMark(statement) else { throw SQLiteError.noMark }
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
