import CSQLite

/// One connection to a SQLite file. Belongs to one thread or actor.
///
/// It is our own because SQLite has one authorizer per connection, which here confines the SQL of folders, and because values pass
/// between SQLite and our memory without a copy.
final class Connection {
    enum Access {
        /// Read only.
        case reading
        /// Read and written by one, while others read: a write-ahead log that the system syncs at checkpoints.
        case following
        /// A new file that nobody reads yet and that is thrown away after a crash: no journal, no sync.
        case building
        /// No file at all.
        case scratch
    }

    let handle: OpaquePointer
    let confinement = Confinement()

    init(_ path: String, _ access: Access) throws(SQLiteError) {
        precondition(Connection.countsNoMemory)
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(access == .scratch ? ":memory:" : path, &handle, Connection.flags(access), nil)
        guard let handle else { throw SQLiteError(code: status, message: "out of memory") }
        self.handle = handle
        if status != SQLITE_OK { throw SQLiteError(handle) }
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, ReadModelBounds.valueByteCountMax)
        setOptions()
        SaturatingSum.register(on: self)
        confinement.register(on: self)
        for pragma in Connection.pragmas(access) { try execute("PRAGMA \(pragma)") }
        // Connecting these asks the authorizer for more than reading them: so it is done before any SQL is confined.
        for table in ["json_each", "json_tree"] { try execute("SELECT 1 FROM \(table)('[]') LIMIT 0") }
    }

    /// Done once, before the first connection: the projectors would wait for each other at a lock that only guards statistics.
    private static let countsNoMemory = csqlite_count_no_memory() == SQLITE_OK

    deinit { sqlite3_close_v2(handle) }

    private static func flags(_ access: Access) -> Int32 {
        let base = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        return switch access {
        case .reading: base | SQLITE_OPEN_READONLY
        case .following: base | SQLITE_OPEN_READWRITE
        case .building, .scratch: base | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }

    private static func pragmas(_ access: Access) -> [String] {
        switch access {
        case .reading: ["cache_size = -16384", "busy_timeout = 1000"]
        case .following:
            [
                "journal_mode = WAL", "synchronous = NORMAL", "secure_delete = OFF", "cache_size = -16384", "busy_timeout = 1000",
                "wal_autocheckpoint = \(ReadModelBounds.walPageCount)",
            ]
        case .building:
            ["journal_mode = OFF", "synchronous = OFF", "secure_delete = OFF", "locking_mode = EXCLUSIVE", "cache_size = -65536"]
        case .scratch: []
        }
    }

    /// A text in double quotes is never a value, nobody writes to SQLite's own tables, and a schema cannot call what has effects.
    private func setOptions() {
        for option in [SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_TRUSTED_SCHEMA] {
            _ = csqlite_set_option(handle, option, 0)
        }
        _ = csqlite_set_option(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    }

    // MARK: Statements

    /// Runs all statements of a text, and throws away their rows.
    func execute(_ sql: String) throws(SQLiteError) {
        if sqlite3_exec(handle, sql, nil, nil, nil) != SQLITE_OK { throw SQLiteError(handle) }
    }

    /// The first statement of a text, ready to run.
    func statement(_ sql: String) throws(SQLiteError) -> Statement {
        guard let first = try statements(sql).first else {
            throw SQLiteError(code: SQLITE_MISUSE, message: "there is no statement")
        }
        return first
    }

    /// All statements of a text, ready to run again and again.
    func statements(_ sql: String) throws(SQLiteError) -> [Statement] {
        var statements: [Statement] = []
        var failure: SQLiteError?
        sql.withCString { start in
            var rest: UnsafePointer<CChar>? = start
            while failure == nil, let text = rest, text.pointee != 0 {
                var pointer: OpaquePointer?
                if sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, &rest) != SQLITE_OK {
                    failure = SQLiteError(handle)
                } else if let pointer {
                    statements.append(Statement(pointer, on: self))
                }
            }
        }
        if let failure { throw failure }
        return statements
    }

    // MARK: Transactions

    /// False outside a transaction, which after an error may be SQLite's own doing.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs `body` in a transaction: all that it does is done, or nothing.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            if isInTransaction { try execute("ROLLBACK") }
            throw error
        }
    }

    /// Runs `body` on one unchanging state of the file.
    func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN")
        defer { try? execute("ROLLBACK") }
        return try body()
    }
}
