import CSQLite

/// What SQLite says when it cannot.
struct SQLiteError: Error, CustomStringConvertible {
    /// The extended result code (sqlite.org/rescode.html).
    let code: Int32
    let message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    init(_ handle: OpaquePointer?) {
        code = sqlite3_extended_errcode(handle)
        message = String(cString: sqlite3_errmsg(handle))
    }

    var description: String { "SQLite \(code): \(message)" }

    /// The file is not what SQLite wrote.
    var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }
    /// The progress handler ended the statement.
    var isInterruption: Bool { code & 0xff == SQLITE_INTERRUPT }
}
