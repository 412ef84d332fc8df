import Glibc
import LedgerModel

/// One value of a table in memory.
enum Cell {
    case null
    case integer(Int64)
    /// UTF-8 in the stretch's text, from an offset on.
    case text(offset: UInt32, byteCount: UInt32)
}

/// The texts of one stretch, one behind the other. They are given to SQLite as they lie here, so they are written first and read
/// afterwards, and stay in place for as long as the stretch lives.
final class StretchText {
    private(set) var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(byteCount: self.capacity, alignment: 1)
    }

    deinit { base.deallocate() }

    func append(_ text: String) -> Cell {
        var text = text
        return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) -> Cell {
        if count + bytes.count > capacity { grow(by: bytes.count) }
        if let start = bytes.baseAddress { memcpy(base + count, start, bytes.count) }
        defer { count += bytes.count }
        return .text(offset: UInt32(count), byteCount: UInt32(bytes.count))
    }

    private func grow(by more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 1)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        (base, capacity) = (moved, larger)
    }
}

/// The rows of one table of a stretch, in the order of the log.
struct CellRows {
    let columnCount: Int
    private(set) var cells: ContiguousArray<Cell> = []
    /// The event type of each row, as its bit number (`EventType`).
    private(set) var types: ContiguousArray<UInt8> = []

    init(columnCount: Int) { self.columnCount = columnCount }

    var count: Int { types.count }

    mutating func append(_ row: some Sequence<Cell>, type: UInt8) {
        cells.append(contentsOf: row)
        types.append(type)
    }
}
