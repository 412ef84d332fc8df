import Glibc

/// The cells of one column as small numbers in the same order: equal cells have one number, null is zero.
struct RowCodes {
    /// By row.
    private(set) var codes: ContiguousArray<UInt64>
    private(set) var largest: UInt64

    var bitCount: Int { UInt64.bitWidth - largest.leadingZeroBitCount }

    init(of column: Int, in table: CellTable, _ text: StretchText) {
        codes = ContiguousArray(
            UnsafeBufferPointer(start: table.columns[column], count: table.columns[column] == nil ? 0 : table.count))
        largest = 0
        if codes.isEmpty { codes = ContiguousArray(repeating: 0, count: table.count) }
        if table.texts >> UInt64(column) & 1 == 1 { rank(text) } else { moveDown() }
    }

    /// Integers: what all but null have in common at the bottom is taken away.
    private mutating func moveDown() {
        var least = UInt64.max
        for code in codes where code != 0 { least = min(least, code) }
        for row in codes.indices where codes[row] != 0 {
            codes[row] -= least - 1
            largest = max(largest, codes[row])
        }
    }

    /// Texts: each is replaced by its rank among those of the column.
    private mutating func rank(_ text: StretchText) {
        var ranks = ContiguousArray<UInt32>(repeating: 0, count: text.endNumber)
        var numbers: [StretchText.Number] = []
        for code in codes where code != 0 && ranks[Int(code)] == 0 {
            ranks[Int(code)] = 1
            numbers.append(StretchText.Number(code))
        }
        var (rank, previous): (UInt32, StretchText.Number?) = (0, nil)
        for number in text.sorted(numbers) {
            // A text that was not interned may be there twice.
            if previous.map({ text.order($0, number) != 0 }) ?? true { rank += 1 }
            (ranks[Int(number)], previous) = (rank, number)
        }
        for row in codes.indices { codes[row] = UInt64(ranks[Int(codes[row])]) }
        largest = UInt64(rank)
    }
}

extension StretchText {
    /// Below zero, zero or above zero: as SQLite's BINARY compares, by bytes and then by length.
    func order(_ left: Number, _ right: Number) -> Int {
        let (left, right) = (self[left], self[right])
        let order = memcmp(left.baseAddress!, right.baseAddress!, min(left.count, right.count))
        return order == 0 ? left.count - right.count : Int(order)
    }

    /// Mostly eight bytes behind what all have in common decide.
    fileprivate func sorted(_ numbers: [Number]) -> [Number] {
        let common = commonByteCount(numbers)
        var keyed = numbers.map { (key: word(of: $0, at: common), number: $0) }
        keyed.sort { $0.key != $1.key ? $0.key < $1.key : order($0.number, $1.number) < 0 }
        return keyed.map(\.number)
    }

    /// How many bytes all texts begin with.
    private func commonByteCount(_ numbers: [Number]) -> Int {
        guard let first = numbers.first else { return 0 }
        var common = self[first].count
        for number in numbers {
            let (bytes, model) = (self[number], self[first])
            var count = 0
            while count < min(common, bytes.count), bytes[count] == model[count] { count += 1 }
            common = count
        }
        return common
    }

    /// Eight bytes as one number in the order of the bytes, filled up with zeros.
    private func word(of number: Number, at offset: Int) -> UInt64 {
        let bytes = self[number].dropFirst(offset).prefix(8)
        return bytes.reduce(0) { $0 << 8 | UInt64($1) } << (8 * UInt64(8 - bytes.count))
    }
}
