import CSQLite

/// What a connection's virtual tables look at: the stretch that is being applied.
final class StretchWindow {
    var stretch: Stretch?
}

/// One of the stretch's tables as an SQLite virtual table (sqlite.org/vtab.html): it is there on its connection without being created,
/// costs nothing to fill, and hands out the stretch's own memory. A filter on `type`, by `=` or `IN`, passes over other rows at once.
final class StretchModule {
    private let table: Int
    private let window: StretchWindow
    private let module: UnsafeMutablePointer<sqlite3_module>

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

    /// A running scan over rows that stay in place.
    private struct Scan {
        var base = sqlite3_vtab_cursor()
        var cells: UnsafePointer<Cell>?
        var types: UnsafePointer<UInt8>?
        var text: UnsafeRawPointer?
        var columnCount = 0
        var count = 0
        var row = 0
        /// The bits of the types that are wanted.
        var wanted: UInt64 = .max

        /// Moves to the first row from this one on whose type is wanted.
        mutating func settle() {
            while row < count, wanted >> UInt64(types![row]) & 1 == 0 { row += 1 }
        }
    }

    /// How `xFilter` is told of the filter.
    private enum Plan {
        static let all: Int32 = 0
        static let oneType: Int32 = 1
        static let manyTypes: Int32 = 2
    }

    private static var functions: sqlite3_module {
        var module = sqlite3_module()
        module.iVersion = 1
        module.xConnect = { handle, context, _, _, table, _ in StretchModule.connect(handle!, context!, table!) }
        module.xBestIndex = { _, index in StretchModule.chooseIndex(index!) }
        module.xDisconnect = { table in
            UnsafeMutableRawPointer(table!).assumingMemoryBound(to: Table.self).deallocate()
            return SQLITE_OK
        }
        module.xOpen = { table, cursor in StretchModule.open(table!, cursor!) }
        module.xClose = { cursor in
            StretchModule.scan(cursor).deallocate()
            return SQLITE_OK
        }
        module.xFilter = { cursor, plan, _, _, values in StretchModule.filter(StretchModule.scan(cursor), plan, values) }
        module.xNext = { cursor in
            let scan = StretchModule.scan(cursor)
            scan.pointee.row += 1
            scan.pointee.settle()
            return SQLITE_OK
        }
        module.xEof = { cursor in
            let scan = StretchModule.scan(cursor)
            return scan.pointee.row < scan.pointee.count ? 0 : 1
        }
        module.xColumn = { cursor, context, column in StretchModule.give(StretchModule.scan(cursor), Int(column), to: context) }
        module.xRowid = { cursor, row in
            row!.pointee = Int64(StretchModule.scan(cursor).pointee.row)
            return SQLITE_OK
        }
        return module
    }

    private static func scan(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<Scan> {
        UnsafeMutableRawPointer(cursor!).assumingMemoryBound(to: Scan.self)
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

    private static func open(
        _ table: UnsafeMutablePointer<sqlite3_vtab>, _ answer: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>
    ) -> Int32 {
        let module = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.module.takeUnretainedValue()
        let scan = UnsafeMutablePointer<Scan>.allocate(capacity: 1)
        scan.initialize(to: module.scan())
        answer.pointee = UnsafeMutableRawPointer(scan).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    private func scan() -> Scan {
        guard let stretch = window.stretch else { return Scan() }
        let rows = stretch.tables[table]
        // The stretch is held by the window until the statement ends, and never changes: its memory stays where it is.
        return Scan(
            cells: rows.cells.withUnsafeBufferPointer { $0.baseAddress },
            types: rows.types.withUnsafeBufferPointer { $0.baseAddress },
            text: UnsafeRawPointer(stretch.text.base), columnCount: rows.columnCount, count: rows.count)
    }

    private static func chooseIndex(_ index: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
        index.pointee.idxNum = Plan.all
        index.pointee.estimatedCost = 10_000
        index.pointee.estimatedRows = 10_000
        for number in 0..<Int(index.pointee.nConstraint) {
            let constraint = index.pointee.aConstraint[number]
            guard constraint.usable != 0, constraint.iColumn == StretchTables.typeColumn,
                constraint.op == SQLITE_INDEX_CONSTRAINT_EQ
            else {
                continue
            }
            // All types of an IN at once, or SQLite would scan once for each and mix up the order.
            let isList = sqlite3_vtab_in(index, Int32(number), -1) != 0
            if isList { _ = sqlite3_vtab_in(index, Int32(number), 1) }
            index.pointee.aConstraintUsage[number].argvIndex = 1
            index.pointee.aConstraintUsage[number].omit = 1
            index.pointee.idxNum = isList ? Plan.manyTypes : Plan.oneType
            index.pointee.estimatedCost = 2_000
            index.pointee.estimatedRows = 2_000
            break
        }
        let isInOrder = index.pointee.nOrderBy == 1 && index.pointee.aOrderBy[0].iColumn == StretchTables.seqColumn
        if isInOrder, index.pointee.aOrderBy[0].desc == 0 { index.pointee.orderByConsumed = 1 }
        return SQLITE_OK
    }

    private static func filter(
        _ scan: UnsafeMutablePointer<Scan>, _ plan: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) -> Int32 {
        scan.pointee.row = 0
        scan.pointee.wanted =
            switch plan {
            case Plan.oneType: bit(values?[0])
            case Plan.manyTypes: bits(values?[0])
            default: .max
            }
        scan.pointee.settle()
        return SQLITE_OK
    }

    private static func bits(_ list: OpaquePointer?) -> UInt64 {
        var (bits, value): (UInt64, OpaquePointer?) = (0, nil)
        var status = sqlite3_vtab_in_first(list, &value)
        while status == SQLITE_OK, let found = value {
            bits |= bit(found)
            status = sqlite3_vtab_in_next(list, &value)
        }
        return bits
    }

    private static func bit(_ value: OpaquePointer?) -> UInt64 {
        guard let value, let text = sqlite3_value_text(value) else { return 0 }
        return EventType.bit(named: String(cString: text))
    }

    private static func give(_ scan: UnsafeMutablePointer<Scan>, _ column: Int, to context: OpaquePointer?) -> Int32 {
        switch scan.pointee.cells![scan.pointee.row * scan.pointee.columnCount + column] {
        case .null: sqlite3_result_null(context)
        case .integer(let value): sqlite3_result_int64(context, value)
        case .text(let offset, let byteCount):
            csqlite_result_static_text(context, scan.pointee.text! + Int(offset), Int32(byteCount))
        }
        return SQLITE_OK
    }
}
