let newline = UInt8(ascii: "\n")

/// What every text here obeys, notes and proofs alike (C2SP signed-note, "Format").
extension String {
    /// A text out of bytes that anyone may have sent: UTF-8, in bounds, and without control characters but newline.
    init(note bytes: some Collection<UInt8>, atMost byteCountMax: Int) throws(NoteError) {
        if bytes.count > byteCountMax {
            throw NoteError(.tooLarge, "\(bytes.count) bytes are more than the \(byteCountMax) that are read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw NoteError(.notUTF8, "the text is not UTF-8; take the file as it was made")
        }
        try text.checkControlCharacters()
        self = text
    }

    func checkControlCharacters() throws(NoteError) {
        guard let place = utf8.firstIndex(where: { $0 < 0x20 && $0 != newline }) else { return }
        let line = utf8[..<place].count { $0 == newline } + 1
        let hint = utf8[place] == UInt8(ascii: "\r") ? "; lines must end in a newline alone" : ""
        throw NoteError(.controlCharacter, "line \(line) has the control character 0x\(hexadecimal([utf8[place]]))\(hint)")
    }

    /// The lines without their newlines; behind the last newline stands one more, empty line.
    var lines: [Substring.UTF8View] { utf8.split(separator: newline, omittingEmptySubsequences: false) }

    /// Whether two texts are the same bytes: Swift's own `==` also takes different bytes for the same characters.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Substring.UTF8View {
    var text: String { String(Substring(self)) }

    /// What stands behind a prefix; nil when there is another.
    func behind(_ prefix: String) -> Substring.UTF8View? {
        starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
    }

    /// A decimal number as checkpoints and proofs write it: digits alone, no leading zero, 64 bits. Nil for anything else.
    var decimal: UInt64? {
        guard let number = UInt64(text), String(number).utf8.elementsEqual(self) else { return nil }
        return number
    }
}
