/// One value of a table in memory.
enum Cell: Hashable {
    case null
    /// Anything but the least integer of all, which no event has.
    case integer(Int64)
    case text(StretchText.Number)

    /// The cell in eight bytes. Zero is null, and an integer has its sign bit flipped: so unsigned order is the order of integers, with
    /// null before them all, as in SQL. A text is its number.
    var bits: UInt64 {
        switch self {
        case .null: 0
        case .integer(let value): Cell.bits(value)
        case .text(let number): UInt64(number)
        }
    }

    static func bits(_ integer: Int64) -> UInt64 { UInt64(bitPattern: integer) ^ 1 << 63 }
    static func integer(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ 1 << 63) }
}

/// The cells of one row, while it is put together, in memory that its table lends: one row at a time.
struct CellRow: ~Copyable {
    fileprivate let bits: UnsafeMutablePointer<UInt64>
    /// The columns that are not null, and those of them that are texts, each as a bit.
    fileprivate var present: UInt64 = 0
    fileprivate var texts: UInt64 = 0

    fileprivate init(_ bits: UnsafeMutablePointer<UInt64>) { self.bits = bits }

    subscript(column: Int) -> Cell {
        get {
            if present >> UInt64(column) & 1 == 0 { return .null }
            let isText = texts >> UInt64(column) & 1 == 1
            return isText ? .text(StretchText.Number(bits[column])) : .integer(Cell.integer(bits[column]))
        }
        set {
            let bit: UInt64 = 1 << UInt64(column)
            bits[column] = newValue.bits
            present = newValue == .null ? present & ~bit : present | bit
            if case .text = newValue { texts |= bit } else { texts &= ~bit }
        }
    }
}

/// The rows of one table of a stretch in the order of the log, column by column: 64 at most, and one that holds nothing takes no memory.
///
/// It is written by one, and then read by many: nothing moves any more once it belongs to a stretch.
final class CellTable {
    let columnCount: Int
    /// The cells of each column as `Cell.bits`, nil for one that holds nothing.
    let columns: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
    /// The event type of each row, as its bit number (`EventType`).
    private(set) var types: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    /// The columns that hold texts, and those that hold integers, each as a bit. None holds both.
    private(set) var texts: UInt64 = 0
    private var integers: UInt64 = 0
    private var capacity = 1 << 10
    private let lent: UnsafeMutablePointer<UInt64>

    init(columnCount: Int) {
        precondition(columnCount <= 64)
        self.columnCount = columnCount
        columns = .allocate(capacity: columnCount)
        columns.initialize(repeating: nil, count: columnCount)
        types = .allocate(capacity: capacity)
        lent = .allocate(capacity: columnCount)
    }

    deinit {
        lent.deallocate()
        for column in 0..<columnCount { columns[column]?.deallocate() }
        columns.deallocate()
        types.deallocate()
    }

    /// A row of nulls.
    func newRow() -> CellRow { CellRow(lent) }

    func append(_ row: borrowing CellRow, type: EventType) {
        if count == capacity { grow() }
        types[count] = type.rawValue
        texts |= row.texts
        integers |= row.present & ~row.texts
        precondition(texts & integers == 0, "a column holds texts and integers")
        var rest = row.present
        while rest != 0 {
            let column = rest.trailingZeroBitCount
            cells(of: column)[count] = row.bits[column]
            rest &= rest - 1
        }
        count += 1
    }

    private func cells(of column: Int) -> UnsafeMutablePointer<UInt64> {
        if let cells = columns[column] { return cells }
        let cells = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        cells.initialize(repeating: 0, count: capacity)
        columns[column] = cells
        return cells
    }

    private func grow() {
        let more = capacity
        for column in 0..<columnCount {
            guard let cells = columns[column] else { continue }
            let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity + more)
            larger.moveInitialize(from: cells, count: capacity)
            (larger + capacity).initialize(repeating: 0, count: more)
            cells.deallocate()
            columns[column] = larger
        }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + more)
        larger.moveInitialize(from: types, count: capacity)
        types.deallocate()
        types = larger
        capacity += more
    }
}
