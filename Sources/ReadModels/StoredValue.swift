import CSQLite
import Glibc

/// A value as it is stored, of whichever type, to be shown and ordered. `Statement.Value` has only what our own SQL gives.
enum StoredValue {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])

    init(_ row: Statement, _ column: Int) {
        self =
            switch row.type(column) {
            case SQLITE_NULL: .null
            case SQLITE_INTEGER: .integer(row.integer(column))
            case SQLITE_FLOAT: .real(row.real(column))
            case SQLITE_TEXT: .text(Array(row.bytes(column)))
            default: .blob(Array(row.blob(column)))
            }
    }

    /// As SQL would write it.
    var words: String {
        switch self {
        case .null: "null"
        case .integer(let value): String(value)
        case .real(let value): "\(value)"
        case .text(let bytes): "'\(String(decoding: bytes, as: UTF8.self))'"
        case .blob(let bytes): "x'\(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())'"
        }
    }

    /// SQLite's order: null, numbers by their value, texts by their bytes, blobs by theirs.
    func isBefore(_ other: StoredValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.real(let left), .real(let right)): left < right
        case (.integer(let left), .real(let right)): right > Double(left)
        case (.real(let left), .integer(let right)): left < Double(right)
        case (.text(let left), .text(let right)), (.blob(let left), .blob(let right)): left.lexicographicallyPrecedes(right)
        default: rank < other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text: 2
        case .blob: 3
        }
    }
}

extension Statement {
    fileprivate func type(_ column: Int) -> Int32 { sqlite3_column_type(handle, Int32(column)) }
    fileprivate func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    fileprivate func blob(_ column: Int) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, Int32(column))
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    /// Whether two rows have the same value in a column: the same type, and the same bits.
    func isSame(as other: Statement, in column: Int) -> Bool {
        guard type(column) == other.type(column) else { return false }
        switch type(column) {
        case SQLITE_NULL: return true
        case SQLITE_INTEGER: return integer(column) == other.integer(column)
        case SQLITE_FLOAT: return real(column).bitPattern == other.real(column).bitPattern
        case SQLITE_TEXT: return bytes(column).isSame(as: other.bytes(column))
        default: return blob(column).isSame(as: other.blob(column))
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let baseAddress, let others = other.baseAddress else { return true }
        return memcmp(baseAddress, others, count) == 0
    }
}
