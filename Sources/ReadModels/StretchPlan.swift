import CSQLite

/// How a scan of a stretch's table goes: which rows it passes over, and in what order it gives the others. What it promises, SQLite does not
/// look at again.
struct StretchPlan: Hashable {
    /// A condition on one column. An integer is compared with integers only, as SQL does: it equals no text.
    enum Condition: Hashable {
        /// `type = x`, or `type IN (...)` with all values of the list at once.
        case type(isList: Bool)
        /// `column = x` and `column IS x`, `column IS NOT x`, `column != x`, with an integer.
        case equal(column: Int), isNot(column: Int), unequal(column: Int)
        case isNull(column: Int), isNotNull(column: Int)
    }

    /// The value of each is an argument of the scan, in this order.
    private(set) var conditions: [Condition] = []
    private(set) var order = RowOrder(terms: [])

    /// Takes over what it can of what a statement asks (`xBestIndex`, sqlite.org/vtab.html).
    init(_ index: UnsafeMutablePointer<sqlite3_index_info>) {
        for number in 0..<Int(index.pointee.nConstraint) {
            guard let condition = StretchPlan.condition(index, number) else { continue }
            conditions.append(condition)
            index.pointee.aConstraintUsage[number].argvIndex = Int32(conditions.count)
            index.pointee.aConstraintUsage[number].omit = 1
        }
        setOrder(index)
        let selectivity = conditions.isEmpty ? 1.0 : 0.2
        index.pointee.estimatedCost = 10_000 * selectivity
        index.pointee.estimatedRows = Int64(10_000 * selectivity)
    }

    // MARK: Conditions

    private static func condition(_ index: UnsafeMutablePointer<sqlite3_index_info>, _ number: Int) -> Condition? {
        let constraint = index.pointee.aConstraint[number]
        guard constraint.usable != 0, constraint.iColumn >= 0 else { return nil }
        let column = Int(constraint.iColumn)
        switch Int32(constraint.op) {
        case SQLITE_INDEX_CONSTRAINT_ISNULL: return .isNull(column: column)
        case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: return .isNotNull(column: column)
        case SQLITE_INDEX_CONSTRAINT_EQ where column == StretchTables.typeColumn: return typeCondition(index, number)
        case SQLITE_INDEX_CONSTRAINT_EQ, SQLITE_INDEX_CONSTRAINT_IS: return withInteger(index, number, .equal(column: column))
        case SQLITE_INDEX_CONSTRAINT_ISNOT: return withInteger(index, number, .isNot(column: column))
        case SQLITE_INDEX_CONSTRAINT_NE: return withInteger(index, number, .unequal(column: column))
        default: return nil
        }
    }

    private static func typeCondition(_ index: UnsafeMutablePointer<sqlite3_index_info>, _ number: Int) -> Condition? {
        guard String(cString: sqlite3_vtab_collation(index, Int32(number))) == "BINARY" else { return nil }
        // All types of an IN at once, or SQLite would scan once for each and mix up the order.
        let isList = sqlite3_vtab_in(index, Int32(number), -1) != 0
        if isList { _ = sqlite3_vtab_in(index, Int32(number), 1) }
        return .type(isList: isList)
    }

    /// Only what stands there as an integer: another value may be converted before it is compared, and a list would be several scans.
    private static func withInteger(
        _ index: UnsafeMutablePointer<sqlite3_index_info>, _ number: Int, _ condition: Condition
    ) -> Condition? {
        var value: OpaquePointer?
        guard sqlite3_vtab_in(index, Int32(number), -1) == 0, sqlite3_vtab_rhs_value(index, Int32(number), &value) == SQLITE_OK,
            sqlite3_value_type(value) == SQLITE_INTEGER, sqlite3_value_int64(value) != .min
        else {
            return nil
        }
        return condition
    }

    // MARK: Order

    /// `GROUP BY` and `DISTINCT` ask for no more than that equal rows come together: sorted they do, and what is written comes in the
    /// order of the keys.
    private mutating func setOrder(_ index: UnsafeMutablePointer<sqlite3_index_info>) {
        let terms = (0..<Int(index.pointee.nOrderBy)).map { index.pointee.aOrderBy[$0] }
        // A row's own number is no column.
        if terms.isEmpty || terms.contains(where: { $0.iColumn < 0 }) { return }
        order.terms = terms.map { RowOrder.Term(column: Int($0.iColumn), isDescending: $0.desc != 0) }
        index.pointee.orderByConsumed = 1
    }
}
