import CSQLite

/// A running scan over the rows of one of a stretch's tables. They stay in place: the stretch is held by the window until the statement
/// ends.
struct StretchScan {
    /// SQLite's part, first as it asks.
    private var base = sqlite3_vtab_cursor()
    private let stretch: Unmanaged<Stretch>?
    private let text: Unmanaged<StretchText>?
    private let table: Int
    /// The rows in the order of the scan, nil for that of the log; how many there are, and how many have been passed.
    private var rows: UnsafePointer<UInt32>?
    private var count = 0
    private var position = 0
    /// The row in the log's order; meaningless at the end.
    private(set) var row = 0

    private let columns: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>?
    private let texts: UInt64
    private let types: UnsafeMutablePointer<UInt8>?
    /// The bits of the types that are wanted.
    private var wanted: UInt64 = .max
    /// Memory of the scan, for as many as a plan has.
    private var tests: UnsafeMutablePointer<Test>
    private var testCount = 0

    /// A row is wanted if the cell has these bits, or if it has others.
    private struct Test {
        let cells: UnsafeMutablePointer<UInt64>
        let bits: UInt64
        let isEqual: Bool
    }

    /// - Parameter stretch: nil while there is none: then there are no rows.
    init(_ stretch: Stretch?, table: Int) {
        self.stretch = stretch.map { Unmanaged.passUnretained($0) }
        text = stretch.map { Unmanaged.passUnretained($0.text) }
        self.table = table
        columns = stretch?.tables[table].columns
        texts = stretch?.tables[table].texts ?? 0
        types = stretch?.tables[table].types
        tests = .allocate(capacity: 0)
    }

    func close() { tests.deallocate() }

    // MARK: Moving

    var isAtEnd: Bool { position >= count }

    mutating func next() {
        position += 1
        settle()
    }

    /// Moves to the first row from this one on that is wanted.
    private mutating func settle() {
        while position < count {
            row = rows.map { Int($0[position]) } ?? position
            if isWanted(row) { return }
            position += 1
        }
    }

    private func isWanted(_ row: Int) -> Bool {
        if wanted >> UInt64(types![row]) & 1 == 0 { return false }
        for index in 0..<testCount where (tests[index].cells[row] == tests[index].bits) != tests[index].isEqual { return false }
        return true
    }

    // MARK: Beginning

    /// Begins a scan as planned.
    ///
    /// - Parameter values: of the plan's conditions.
    mutating func start(_ plan: StretchPlan, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
        guard let stretch = stretch?.takeUnretainedValue() else { return }
        count = stretch.tables[table].count
        (position, wanted, testCount) = (0, .max, 0)
        tests.deallocate()
        // A condition has two at most.
        tests = .allocate(capacity: 2 * plan.conditions.count)
        for (index, condition) in plan.conditions.enumerated() { add(condition, values?[index]) }
        rows = count == 0 ? nil : stretch.rows(of: table, in: plan.order)
        settle()
    }

    private mutating func add(_ condition: StretchPlan.Condition, _ value: OpaquePointer?) {
        switch condition {
        case .type(let isList): wanted &= isList ? StretchScan.bits(ofList: value) : StretchScan.bit(value)
        case .equal(let column): require(column, integer: value)
        case .isNot(let column): exclude(column, integer: value)
        case .unequal(let column):
            exclude(column, integer: value)
            exclude(column, 0)
        case .isNull(let column): require(column, 0)
        case .isNotNull(let column): exclude(column, 0)
        }
    }

    private mutating func require(_ column: Int, integer value: OpaquePointer?) {
        if isText(column) { return count = 0 }
        require(column, Cell.bits(sqlite3_value_int64(value)))
    }

    private mutating func exclude(_ column: Int, integer value: OpaquePointer?) {
        if !isText(column) { exclude(column, Cell.bits(sqlite3_value_int64(value))) }
    }

    private func isText(_ column: Int) -> Bool { texts >> UInt64(column) & 1 == 1 }

    /// A column without memory is null in all rows.
    private mutating func require(_ column: Int, _ bits: UInt64) {
        if let cells = columns![column] {
            add(Test(cells: cells, bits: bits, isEqual: true))
        } else if bits != 0 {
            count = 0
        }
    }

    private mutating func exclude(_ column: Int, _ bits: UInt64) {
        if let cells = columns![column] {
            add(Test(cells: cells, bits: bits, isEqual: false))
        } else if bits == 0 {
            count = 0
        }
    }

    private mutating func add(_ test: Test) {
        (tests + testCount).initialize(to: test)
        testCount += 1
    }

    private static func bits(ofList list: OpaquePointer?) -> UInt64 {
        var (bits, value): (UInt64, OpaquePointer?) = (0, nil)
        var status = sqlite3_vtab_in_first(list, &value)
        while status == SQLITE_OK, let found = value {
            bits |= bit(found)
            status = sqlite3_vtab_in_next(list, &value)
        }
        return bits
    }

    private static func bit(_ value: OpaquePointer?) -> UInt64 {
        guard sqlite3_value_type(value) == SQLITE_TEXT, let text = sqlite3_value_text(value) else { return 0 }
        return EventType.bit(named: String(cString: text))
    }

    // MARK: Values

    /// Gives the row's cell of a column to SQLite: a text as it lies there.
    func give(_ column: Int, to context: OpaquePointer?) {
        guard let bits = columns![column]?[row], bits != 0 else { return sqlite3_result_null(context) }
        if !isText(column) { return sqlite3_result_int64(context, Cell.integer(bits)) }
        let text = text!._withUnsafeGuaranteedRef { $0[StretchText.Number(truncatingIfNeeded: bits)] }
        csqlite_result_static_text(context, text.baseAddress, Int32(text.count))
    }
}
