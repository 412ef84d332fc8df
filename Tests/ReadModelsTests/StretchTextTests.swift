import LedgerTestKit
import Testing

@testable import ReadModels

@Suite struct StretchTextTests {
    private let text = StretchText()

    private func intern(_ bytes: [UInt8]) -> StretchText.Number { bytes.withUnsafeBytes { text.intern($0) } }
    private func bytes(_ number: StretchText.Number) -> [UInt8] { Array(text[number]) }

    /// Of few letters, so that many are equal or begin alike; some are empty, and some larger than a block of memory.
    private func texts(seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        let prefix: [UInt8] = Array("acct-0000".utf8.prefix(Int.random(in: 0...9, using: &random)))
        return (0..<600).map { index in
            let count = index == 300 ? 300_000 : Int.random(in: 0...12, using: &random)
            return (index % 20 == 0 ? [] : prefix) + (0..<count).map { _ in [0, 65, 66, 255].randomElement(using: &random)! }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func equalTextsHaveOneNumberAndStayWhatTheyAre(seed: UInt64) {
        var numbers: [[UInt8]: StretchText.Number] = [:]
        for bytes in texts(seed: seed) {
            let number = intern(bytes)
            #expect(numbers[bytes] == nil || numbers[bytes] == number)
            numbers[bytes] = number
        }
        #expect(Set(numbers.values).count == numbers.count && numbers.count > 100)
        for (expected, number) in numbers { #expect(bytes(number) == expected) }
    }

    /// Codes are in the order of the texts' bytes, and equal texts have one, whether or not they were interned.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func codesAreInTheOrderOfTheBytes(seed: UInt64) {
        let table = CellTable(columnCount: 1)
        let texts = texts(seed: seed)
        for (index, bytes) in texts.enumerated() {
            var row = table.newRow()
            if index % 7 > 0 { row[0] = .text(index % 2 == 0 ? intern(bytes) : bytes.withUnsafeBytes { text.append($0) }) }
            table.append(row, type: .debited)
        }
        let codes = RowCodes(of: 0, in: table, text).codes
        let sorted = texts.indices.filter { $0 % 7 > 0 }.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
        for (row, next) in zip(sorted, sorted.dropFirst()) {
            #expect(texts[row] == texts[next] ? codes[row] == codes[next] : codes[row] < codes[next])
        }
        #expect(texts.indices.allSatisfy { ($0 % 7 == 0) == (codes[$0] == 0) })
    }

    @Test func integersAreInOrderWithNullBefore() {
        let table = CellTable(columnCount: 2)
        let values: [Int64?] = [3, nil, .max, -5, 3, 0, .min + 1, nil, 1 << 40]
        for value in values {
            var row = table.newRow()
            row[0] = value.map { .integer($0) } ?? .null
            table.append(row, type: .granted)
        }
        let codes = RowCodes(of: 0, in: table, text)
        for (left, one) in zip(values, codes.codes) {
            for (right, other) in zip(values, codes.codes) {
                #expect((one < other) == (left.map { left in right.map { left < $0 } ?? false } ?? (right != nil)))
            }
        }
        var sorting = RowSorting(rowCount: values.count)
        sorting.sort(by: RowCodes(of: 1, in: table, text), isDescending: true)
        sorting.sort(by: codes, isDescending: false)
        #expect(sorting.finish() == [1, 7, 6, 3, 5, 0, 4, 8, 2])
        sorting = RowSorting(rowCount: values.count)
        sorting.sort(by: codes, isDescending: true)
        #expect(sorting.finish() == [2, 8, 0, 4, 5, 3, 6, 1, 7])
    }
}
