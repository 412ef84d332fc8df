import CSQLite

/// One prepared statement. Belongs to the thread or actor of its connection, and keeps it open.
final class Statement {
    /// A value given to a statement.
    enum Value: Hashable {
        case null
        case integer(Int64)
        case text(String)
        /// An empty blob, which SQLite sorts behind every number and text.
        case aboveAll
    }

    let handle: OpaquePointer
    private let connection: Connection

    init(_ handle: OpaquePointer, on connection: Connection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Steps to the next row; false at the end.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            defer { reset() }
            throw SQLiteError(connection.handle)
        }
    }

    /// Runs to the end, and is ready to run again.
    func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// The statement is ready to run again, with the values it has.
    func reset() { sqlite3_reset(handle) }

    // MARK: Parameters

    /// The names of its parameters, without the colon. Those that are written otherwise (`$x`, `?`) are as they stand: they cannot be bound.
    var parameterNames: [String] {
        (0..<sqlite3_bind_parameter_count(handle)).map { index in
            let name = sqlite3_bind_parameter_name(handle, index + 1).map { String(cString: $0) } ?? "?"
            return name.hasPrefix(":") ? String(name.dropFirst()) : name
        }
    }

    /// Sets a parameter; one that the statement does not have is passed over.
    func bind(_ value: Value, to name: String) {
        let index = sqlite3_bind_parameter_index(handle, ":" + name)
        guard index > 0 else { return }
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
        case .text(let text): bind(text, at: index)
        case .aboveAll: sqlite3_bind_zeroblob(handle, index, 0)
        }
    }

    private func bind(_ text: String, at index: Int32) {
        var text = text
        _ = text.withUTF8 { csqlite_bind_text(handle, index, $0.baseAddress, Int32($0.count)) }
    }

    // MARK: Columns

    var columnCount: Int { Int(sqlite3_column_count(handle)) }
    var columnNames: [String] { (0..<Int32(columnCount)).map { String(cString: sqlite3_column_name(handle, $0)) } }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    /// The text's bytes, valid until the next step.
    func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, Int32(column))
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// The value in the current row, as it is stored.
    func value(_ column: Int) -> Value {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(integer(column))
        default: .text(text(column))
        }
    }
}
