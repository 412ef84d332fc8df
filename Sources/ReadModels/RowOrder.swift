/// An order of a table's rows: by the first column, and where it is equal by the next. Rows that are equal in all keep the order of
/// the log.
struct RowOrder: Hashable {
    struct Term: Hashable {
        let column: Int
        let isDescending: Bool
    }

    var terms: [Term]

    /// The log's own order needs no sorting: all tables come by event and part.
    var isOfTheLog: Bool {
        let columns = terms.map(\.column)
        let isNatural = columns == Array([StretchTables.seqColumn, StretchTables.partColumn].prefix(columns.count))
        return isNatural && terms.allSatisfy { !$0.isDescending }
    }
}

/// Sorts the rows of a table column by column from the last to the first, each time keeping the order before (radix sort from the least
/// significant digit): a column with few different values costs one pass.
struct RowSorting {
    private static let digitBitCount = 11
    private var rows: ContiguousArray<UInt32>
    private var others: ContiguousArray<UInt32>

    init(rowCount: Int) {
        rows = ContiguousArray(0..<UInt32(rowCount))
        others = rows
    }

    /// The rows in the order so far.
    consuming func finish() -> ContiguousArray<UInt32> { rows }

    mutating func sort(by codes: RowCodes, isDescending: Bool) {
        var shift = 0
        while shift < codes.bitCount {
            pass(codes, shift, flipped: isDescending ? codes.largest : nil)
            shift += RowSorting.digitBitCount
        }
    }

    /// One digit: counts how often each value comes, and puts the rows where those of smaller values end.
    private mutating func pass(_ codes: RowCodes, _ shift: Int, flipped largest: UInt64?) {
        var starts = ContiguousArray<Int>(repeating: 0, count: 1 << RowSorting.digitBitCount)
        func digit(_ row: UInt32) -> Int {
            let code = codes.codes[Int(row)]
            return Int(truncatingIfNeeded: (largest.map { $0 - code } ?? code) >> UInt64(shift)) & (starts.count - 1)
        }
        for row in rows { starts[digit(row)] += 1 }
        var start = 0
        for value in starts.indices { (starts[value], start) = (start, start + starts[value]) }
        for row in rows {
            let value = digit(row)
            others[starts[value]] = row
            starts[value] += 1
        }
        swap(&rows, &others)
    }
}
