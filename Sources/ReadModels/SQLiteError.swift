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

    static let noMark = SQLiteError(code: SQLITE_CORRUPT, message: "the file does not say how far it has come")

    /// The file is not what SQLite wrote.
    var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }
    /// The SQL does not fit the tables.
    var isOfSQL: Bool { code & 0xff == SQLITE_ERROR }
    /// It says nothing of the file: a full disk, a lack of memory, or somebody in the way.
    var isPassing: Bool { [SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_BUSY, SQLITE_LOCKED].contains(code & 0xff) }
    /// The progress handler ended the statement.
    var isInterruption: Bool { code & 0xff == SQLITE_INTERRUPT }
}
