/// A table for people: aligned columns, a dim header, nothing around it.
struct Table {
    enum Alignment { case left, right }

    struct Column {
        var title: String
        var alignment: Alignment
    }

    var columns: [Column]
    var rows: [[String]]

    /// The header and the rows. Columns that are empty in every row are left out.
    func lines(_ terminal: Terminal = .output) -> [String] {
        let shown = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let widths = shown.map { index in (rows.map { displayWidth($0[index]) } + [displayWidth(columns[index].title)]).max()! }
        func line(_ cells: [String]) -> String {
            let padded = zip(shown, widths).map { pad(cells[$0], to: $1, columns[$0].alignment) }
            return padded.joined(separator: "  ").trimmingTrailingSpaces
        }
        return [terminal.dim(line(columns.map(\.title)))] + rows.map(line)
    }

    private func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
        let space = String(repeating: " ", count: max(0, width - displayWidth(text)))
        return alignment == .left ? text + space : space + text
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}

/// How many cells of a terminal the text takes (Unicode Standard Annex 11): East Asian wide characters and emoji take two.
func displayWidth(_ text: String) -> Int { text.reduce(0) { $0 + displayWidth($1) } }

private func displayWidth(_ character: Character) -> Int {
    let scalar = character.unicodeScalars.first!
    if scalar.isASCII { return 1 }
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
    0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd,
]

/// The number with a comma every three digits.
func grouped(_ value: some BinaryInteger) -> String {
    let digits = Array(String(value.magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
}
