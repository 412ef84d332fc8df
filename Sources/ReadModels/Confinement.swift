import CSQLite

/// Holds the SQL of a folder to its own file. SQLite asks the authorizer for every thing that a statement would do when the statement is
/// prepared, and for some (`VACUUM INTO`) only when it runs; so both are confined.
final class Confinement {
    /// Whose SQL is being prepared or run.
    enum Source {
        /// Our own: everything.
        case program
        /// `schema.sql`: tables, indexes and views.
        case schema
        /// `apply.sql`: reads the stretch, reads and writes the folder's tables.
        case apply
        /// A query: reads the folder's tables.
        case query
    }

    private var source = Source.program
    /// What was last refused, for the error's words.
    private var refusal = ""

    func register(on connection: Connection) {
        sqlite3_set_authorizer(
            connection.handle,
            { context, action, first, second, database, _ in
                guard let context else { return SQLITE_DENY }
                return Unmanaged<Confinement>.fromOpaque(context).takeUnretainedValue()
                    .judge(Action(action, first, second, database))
            }, Unmanaged.passUnretained(self).toOpaque())
        sqlite3_limit(connection.handle, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(connection.handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, ReadModelBounds.patternByteCountMax)
    }

    /// Prepares or runs SQL of `source`. What it may not do ends in an error that names it.
    func confined<Result>(to source: Source, _ body: () throws -> Result) throws -> Result {
        (self.source, refusal) = (source, "")
        defer { self.source = .program }
        do {
            return try body()
        } catch let error as SQLiteError where !refusal.isEmpty {
            throw SQLiteError(code: error.code, message: "\(source) SQL may not \(refusal)")
        }
    }

    private func judge(_ action: Action) -> Int32 {
        if source == .program || isAllowed(action) { return SQLITE_OK }
        refusal = action.description
        return SQLITE_DENY
    }

    private func isAllowed(_ action: Action) -> Bool {
        switch action.code {
        case SQLITE_SELECT, SQLITE_RECURSIVE: true
        case SQLITE_FUNCTION: Confinement.functions.contains(action.second.lowercased())
        case SQLITE_READ: mayRead(action.first)
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE: mayWrite(action.first)
        case SQLITE_CREATE_TABLE, SQLITE_CREATE_INDEX, SQLITE_CREATE_VIEW:
            source == .schema && !Confinement.isReserved(action.first)
        case SQLITE_REINDEX: source == .schema
        default: false
        }
    }

    private func mayRead(_ table: String) -> Bool {
        switch source {
        case .schema: true
        case .apply: !Confinement.isOurs(table)
        case .query: !Confinement.isReserved(table)
        case .program: true
        }
    }

    /// A schema writes only SQLite's own tables, which is how a table is made.
    private func mayWrite(_ table: String) -> Bool {
        switch source {
        case .schema: table == "sqlite_master"
        case .apply: !Confinement.isReserved(table)
        case .query: false
        case .program: true
        }
    }

    /// Names that a folder may not give to a table: SQLite's, ours, and those of the stretch.
    static func isReserved(_ table: String) -> Bool {
        isOurs(table) || StretchTables.names.contains(table.lowercased())
    }

    private static func isOurs(_ table: String) -> Bool {
        let table = table.lowercased()
        return table.hasPrefix("sqlite_") && !table.hasPrefix("sqlite_autoindex_") || table.hasPrefix("daybook")
    }

    /// What SQL of a folder may call: nothing that sees the clock, chance, the connection or the file system. A read model has only
    /// the log to go by.
    static let functions: Set<String> = [
        "abs", "char", "coalesce", "format", "glob", "hex", "ifnull", "iif", "instr", "length", "like", "lower", "ltrim", "max",
        "min",
        "nullif", "printf", "quote", "replace", "round", "rtrim", "sign", "substr", "substring", "trim", "typeof", "unicode",
        "upper",
        "count", "sum", "group_concat", "avg",
        "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value",
        "nth_value",
        "json", "json_array", "json_array_length", "json_each", "json_extract", "json_group_array", "json_group_object",
        "json_insert",
        "json_object", "json_patch", "json_quote", "json_remove", "json_replace", "json_set", "json_tree", "json_type",
        "json_valid", "->",
        "->>",
    ]
}

/// One thing that a statement would do (sqlite.org/c3ref/c_alter_table.html).
private struct Action: CustomStringConvertible {
    let code: Int32
    let first: String
    let second: String

    init(_ code: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?, _ database: UnsafePointer<CChar>?) {
        self.code = database.map({ String(cString: $0) == "temp" }) == true ? Action.temporary : code
        self.first = first.map { String(cString: $0) } ?? ""
        self.second = second.map { String(cString: $0) } ?? ""
    }

    /// Stands for whatever is done to the database of temporary tables.
    private static let temporary: Int32 = -1

    var description: String {
        switch code {
        case Action.temporary: "use temporary tables"
        case SQLITE_FUNCTION: "call \(second)()"
        case SQLITE_READ: "read \(first).\(second)"
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE: "write \(first)"
        case SQLITE_CREATE_TABLE, SQLITE_CREATE_INDEX, SQLITE_CREATE_VIEW: "create \(first)"
        case SQLITE_ATTACH, SQLITE_DETACH: "attach or detach a database"
        case SQLITE_PRAGMA: "use PRAGMA \(first)"
        case SQLITE_CREATE_VTABLE: "create the virtual table \(first)"
        case SQLITE_CREATE_TRIGGER: "create the trigger \(first)"
        case SQLITE_DROP_TABLE, SQLITE_DROP_INDEX, SQLITE_DROP_VIEW: "drop \(first)"
        case SQLITE_ALTER_TABLE: "alter \(second)"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "begin or end a transaction"
        default: "do this (\(code)): only tables, indexes and views can be made, and nothing dropped or altered"
        }
    }
}
