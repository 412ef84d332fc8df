/// The rules for the name of a key (C2SP signed-note, "Format").
extension String {
    /// Refuses a name that a signature line could not hold: empty, or with a space, plus or control character.
    func checkKeyName() throws(NoteError) {
        if isEmpty { throw NoteError(.badKeyName, "the name of a key must not be empty") }
        guard let scalar = unicodeScalars.first(where: \.isBarredFromKeyNames) else { return }
        let code = String(scalar.value, radix: 16, uppercase: true)
        throw NoteError(.badKeyName, "the name of a key must have no spaces, plus or control characters, and has U+\(code)")
    }
}

extension Unicode.Scalar {
    fileprivate var isBarredFromKeyNames: Bool { properties.isWhitespace || self == "+" || value < 0x20 }
}
