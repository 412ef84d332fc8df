import CSQLite

/// `sum` over integers that stays exact and stops at 2^63-1, in place of SQLite's, which ends the statement there: sums of
/// quantities have no bound of their own, and a client must not be able to stop a projector with large ones.
enum SaturatingSum {
    private struct State {
        // SQLite gives this zeroed, and aligned to 8 bytes only: so the sum lies in two halves.
        private var high: Int64
        private var low: UInt64
        var count: Int64

        var sum: Int128 {
            get { Int128(high) << 64 | Int128(low) }
            set { (high, low) = (Int64(truncatingIfNeeded: newValue >> 64), UInt64(truncatingIfNeeded: newValue)) }
        }
    }

    static func register(on connection: Connection) {
        sqlite3_create_window_function(
            connection.handle, "sum", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
            { context, _, values in SaturatingSum.add(values, 1, to: context) },
            { context in SaturatingSum.answer(context) },
            { context in SaturatingSum.answer(context) },
            { context, _, values in SaturatingSum.add(values, -1, to: context) }, nil)
    }

    private static func add(_ values: UnsafeMutablePointer<OpaquePointer?>?, _ sign: Int64, to context: OpaquePointer?) {
        guard let value = values?[0], sqlite3_value_type(value) != SQLITE_NULL, let state = state(context, create: true) else {
            return
        }
        state.pointee.sum += Int128(sqlite3_value_int64(value)) * Int128(sign)
        state.pointee.count += sign
    }

    /// Null when there was no value, as in SQL.
    private static func answer(_ context: OpaquePointer?) {
        guard let state = state(context, create: false), state.pointee.count > 0 else { return sqlite3_result_null(context) }
        sqlite3_result_int64(context, Int64(clamping: state.pointee.sum))
    }

    private static func state(_ context: OpaquePointer?, create: Bool) -> UnsafeMutablePointer<State>? {
        sqlite3_aggregate_context(context, create ? Int32(MemoryLayout<State>.size) : 0)?.assumingMemoryBound(to: State.self)
    }
}
