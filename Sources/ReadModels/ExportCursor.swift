public import LedgerModel
import SegmentLog

/// Goes through all rows of a query at one state of its read model, however many they are and however long that takes.
///
/// It has a connection of its own with a read transaction open: the read model goes on, is built anew or loses its file meanwhile, and
/// the rows stay those of `asOf`. While it is there SQLite cannot empty the read model's write-ahead log: let go of it when done.
///
/// ```swift
/// let uses = try readModels.cursor("usage.uses", ["tenant": "acme"], now: now)
/// while let row = try uses.next() { total += row.integer(amount) }
/// ```
///
/// It belongs to one thread at a time, and works and blocks there. It has no limit of time; its interruption ends it from elsewhere.
public final class ExportCursor {
    /// The columns of its rows, in order.
    public let columns: [Query.Column]
    /// How far the read model had followed the log, and the time of the last event in it; nil when there is none.
    public let asOf: (sequence: SequenceNumber, at: Timestamp?)

    /// When the step under way ends with `timeLimit`; nil for no limit.
    var deadline: ContinuousClock.Instant? {
        get { watch.deadline }
        set { watch.deadline = newValue }
    }

    private let watch: StepWatch
    /// Keeps the file in its place: one that answers no more is removed when nobody holds it.
    private let serving: StatusBoard.Serving
    private let connection: Connection
    private let statement: Statement
    private let tellDamage: (SQLiteError) -> Void
    private var isDone = false

    /// The file holds other SQL than was asked: it was changed for another meanwhile.
    struct Moved: Error {}

    /// - Parameters:
    ///   - serving: what answers now; the query is one of its projection's.
    ///   - tellDamage: told when the file turns out to be damaged on the way.
    init(
        _ query: Query, on serving: StatusBoard.Serving, _ arguments: QueryArguments, _ interruption: Interruption,
        tellDamage: @escaping (SQLiteError) -> Void
    ) throws {
        self.serving = serving
        self.tellDamage = tellDamage
        columns = query.columns
        connection = try Connection(serving.path, .reading)
        watch = StepWatch(interruption)
        watch.register(on: connection)
        try connection.execute("PRAGMA cache_size = -\(ReadModelBounds.exportCacheKibibytes)")
        // The first read of the transaction fixes what all of it sees.
        try connection.execute("BEGIN")
        let mark = try ReadModelMark.read(from: connection)
        if mark.version != serving.projection.version { throw Moved() }
        asOf = (mark.watermark.sequence, mark.at)
        statement = try connection.confinement.confined(to: .query) { [connection] in try connection.statement(query.sql) }
        for (name, value) in arguments.values { statement.bind(value, to: name) }
    }

    /// The next row; nil at the end, and from then on.
    ///
    /// Throws `timeLimit` when it was interrupted, and `failed` when the file cannot be read; behind an error there are no more rows.
    public func next() throws(QueryError) -> ExportRow? {
        if isDone { return nil }
        do {
            if try connection.confinement.confined(to: .query, { try statement.step() }) {
                return ExportRow(statement: statement)
            }
        } catch {
            isDone = true
            if let error = error as? SQLiteError, error.isDamage { tellDamage(error) }
            throw QueryError(error)
        }
        isDone = true
        return nil
    }
}

/// The row that a cursor stands on: there until the cursor's next step, and no longer.
public struct ExportRow {
    let statement: Statement

    public func isNull(_ column: Int) -> Bool { statement.isNull(column) }
    /// An integer, a boolean (0 or 1) or an instant (microseconds since 1970 in UTC); 0 where there is none.
    public func integer(_ column: Int) -> Int64 { statement.integer(column) }
    /// A text, a day or a JSON text; empty where there is none.
    public func text(_ column: Int) -> String { statement.text(column) }
    /// The same without a copy: valid as long as the row is.
    public func bytes(_ column: Int) -> UnsafeRawBufferPointer { statement.bytes(column) }
}
