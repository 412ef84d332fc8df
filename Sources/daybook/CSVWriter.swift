/// Writes the records of a CSV file (RFC 4180): lines end in CRLF, what needs it is quoted, an empty text is `""` and a missing value is
/// nothing at all.
///
/// A spreadsheet takes a cell that begins with `=` for a formula, quoted or not. So a text that begins like one gets an apostrophe before
/// it (OWASP, "CSV Injection"); numbers do not, for they are numbers. JSON Lines keep the text as it is.
struct CSVWriter {
    enum Cell: Hashable {
        case none
        /// Somebody's text, whatever it holds.
        case text(String)
        /// A number, a time or JSON as this program or the daemon writes it: no formula.
        case plain(String)
    }

    private(set) var bytes: [UInt8] = []

    mutating func record(_ cells: [Cell]) {
        // A line with nothing on it is no record: readers pass over it.
        let cells = cells == [.none] ? [.text("")] : cells
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell)
        }
        bytes += [0x0d, 0x0a]
    }

    /// Forgets what was written and keeps the memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ cell: Cell) {
        switch cell {
        case .none: break
        case .text(let text): append(CSVWriter.isLikeFormula(text) ? "'" + text : text)
        case .plain(let text): append(text)
        }
    }

    private mutating func append(_ text: String) {
        if !text.isEmpty, !text.utf8.contains(where: CSVWriter.needsQuotes) {
            bytes += text.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == 0x0d || byte == 0x0a
    }

    /// What begins a formula, also in its full width, and the white space that spreadsheets pass over before one. Also the apostrophe itself,
    /// so that the first one can always be taken away again.
    private static func isLikeFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return "'=+-@\t\r\n\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".unicodeScalars.contains(first)
    }
}
