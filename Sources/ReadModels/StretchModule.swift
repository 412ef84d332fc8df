import CSQLite

/// What a connection's virtual tables look at: the stretch that is being applied.
final class StretchWindow {
    var stretch: Stretch?
}

/// One of the stretch's tables as an SQLite virtual table (sqlite.org/vtab.html): it is there on its connection without being created,
/// costs nothing to fill, and hands out the stretch's own memory. `StretchPlan` says what it does for a statement beyond that.
final class StretchModule {
    private let table: Int
    private let window: StretchWindow
    private let module: UnsafeMutablePointer<sqlite3_module>
    /// What was planned for the connection's statements, by number: equal plans are one.
    private var plans: [StretchPlan] = []

    private init(_ table: Int, _ window: StretchWindow) {
        self.table = table
        self.window = window
        module = .allocate(capacity: 1)
        module.initialize(to: StretchModule.functions)
    }

    deinit { module.deallocate() }

    /// Gives a connection the tables `events`, `quantities` and `draws`, through which it sees what is in the window.
    static func register(_ window: StretchWindow, on connection: Connection) throws(SQLiteError) {
        for (index, name) in StretchTables.names.enumerated() {
            let module = StretchModule(index, window)
            let status = sqlite3_create_module_v2(
                connection.handle, name, module.module, Unmanaged.passRetained(module).toOpaque(),
                { Unmanaged<StretchModule>.fromOpaque($0!).release() })
            if status != SQLITE_OK { throw SQLiteError(connection.handle) }
            // Connecting a table asks the authorizer for more than reading it: so it is done before any SQL is confined.
            try connection.execute("SELECT 1 FROM \(name) LIMIT 0")
        }
    }

    // MARK: What SQLite calls

    /// A connected table: SQLite's part first, as it asks.
    private struct Table {
        var base = sqlite3_vtab()
        let module: Unmanaged<StretchModule>
    }

    private typealias Cursor = UnsafeMutablePointer<sqlite3_vtab_cursor>

    private static var functions: sqlite3_module {
        var module = sqlite3_module()
        module.iVersion = 1
        module.xConnect = { handle, context, _, _, table, _ in StretchModule.connect(handle!, context!, table!) }
        module.xBestIndex = { table, index in StretchModule.of(table).plan(index!) }
        module.xDisconnect = { table in
            UnsafeMutableRawPointer(table!).assumingMemoryBound(to: Table.self).deallocate()
            return SQLITE_OK
        }
        module.xOpen = { table, cursor in StretchModule.of(table).open(cursor!) }
        module.xClose = { cursor in
            StretchModule.scan(cursor).pointee.close()
            StretchModule.scan(cursor).deallocate()
            return SQLITE_OK
        }
        module.xFilter = { cursor, plan, _, _, values in
            StretchModule.scan(cursor).pointee.start(StretchModule.of(cursor!.pointee.pVtab).plans[Int(plan)], values)
            return SQLITE_OK
        }
        module.xNext = { cursor in
            StretchModule.scan(cursor).pointee.next()
            return SQLITE_OK
        }
        module.xEof = { cursor in StretchModule.scan(cursor).pointee.isAtEnd ? 1 : 0 }
        module.xColumn = { cursor, context, column in
            StretchModule.scan(cursor).pointee.give(Int(column), to: context)
            return SQLITE_OK
        }
        module.xRowid = { cursor, row in
            row!.pointee = Int64(StretchModule.scan(cursor).pointee.row)
            return SQLITE_OK
        }
        return module
    }

    private static func scan(_ cursor: Cursor?) -> UnsafeMutablePointer<StretchScan> {
        UnsafeMutableRawPointer(cursor!).assumingMemoryBound(to: StretchScan.self)
    }

    private static func of(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> StretchModule {
        UnsafeMutableRawPointer(table!).assumingMemoryBound(to: Table.self).pointee.module.takeUnretainedValue()
    }

    private static func connect(
        _ handle: OpaquePointer, _ context: UnsafeMutableRawPointer,
        _ answer: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>
    ) -> Int32 {
        let module = Unmanaged<StretchModule>.fromOpaque(context)
        let columns = StretchTables.columns[module.takeUnretainedValue().table].map { "\"\($0)\"" }.joined(separator: ", ")
        let status = sqlite3_declare_vtab(handle, "CREATE TABLE stretch (\(columns))")
        if status != SQLITE_OK { return status }
        let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        table.initialize(to: Table(module: module))
        answer.pointee = UnsafeMutableRawPointer(table).assumingMemoryBound(to: sqlite3_vtab.self)
        return SQLITE_OK
    }

    private func open(_ answer: UnsafeMutablePointer<Cursor?>) -> Int32 {
        let scan = UnsafeMutablePointer<StretchScan>.allocate(capacity: 1)
        scan.initialize(to: StretchScan(window.stretch, table: table))
        answer.pointee = UnsafeMutableRawPointer(scan).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    private func plan(_ index: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
        let plan = StretchPlan(index)
        let known = plans.firstIndex(of: plan)
        if known == nil { plans.append(plan) }
        index.pointee.idxNum = Int32(known ?? plans.count - 1)
        return SQLITE_OK
    }
}
