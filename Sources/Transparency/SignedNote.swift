/// A text with the signatures of one or more keys (C2SP signed-note):
/// ```
/// <text, which ends in a newline>
///
/// — <key name> <base64 of key hash and signature>
/// ```
/// A note that was read is a claim, nothing more: ask ``check(keys:)`` before believing its text.
public struct SignedNote: Hashable, Sendable {
    /// What is signed; it ends in a newline.
    public let text: String
    /// At least one.
    public let signatures: [NoteSignature]

    /// A note from its parts.
    ///
    /// - Parameter text: ends in a newline and has no other control character.
    public init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note: ``encoded`` of it gives the same bytes again.
    public init(parsing note: String) throws(NoteError) {
        try self.init(parsing: Array(note.utf8))
    }

    /// Reads a note from the bytes of a file or message.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        let note = try String(note: bytes, atMost: NoteBounds.noteByteCountMax)
        let lines = note.lines
        guard lines.last?.isEmpty == true else {
            throw NoteError(.malformedNote, "the note does not end in a newline: it was cut short")
        }
        guard let blank = lines.dropLast().lastIndex(where: \.isEmpty), blank > 0 else {
            throw NoteError(.malformedNote, "the note has no blank line between its text and its signatures")
        }
        text = String(note[..<lines[blank].startIndex])
        signatures = try SignedNote.signatures(lines[(blank + 1)...].dropLast())
    }

    /// The bytes of the note as text.
    public var encoded: String {
        text + "\n" + signatures.map { $0.line + "\n" }.joined()
    }

    /// Finds which of some keys signed the note. Signatures of other keys are passed over; one that is made out to a key and
    /// is not by it refuses the whole note (C2SP signed-note, "Signatures").
    ///
    /// - Returns: the keys whose signatures hold, at least one, in the order given.
    /// - Throws: `notSigned` or `badSignature`.
    @discardableResult
    public func check(keys: [VerifierKey]) throws(NoteError) -> [VerifierKey] {
        var signers: [VerifierKey] = []
        for key in keys where try key.hasSigned(self) { signers.append(key) }
        if signers.isEmpty { throw NoteError(.notSigned, unsignedSentence(keys)) }
        return signers
    }

    /// The names in an unverified note are a stranger's words, and may be long: only hashes of theirs are repeated.
    private func unsignedSentence(_ keys: [VerifierKey]) -> String {
        if keys.isEmpty { return "no key was given to check the note with" }
        let wanted = keys.map(\.label).joined(separator: ", ")
        let found = signatures.prefix(4).map { hexadecimal($0.keyHash.bigEndianBytes) }.joined(separator: ", ")
        return "the note is signed by keys of the hashes \(found), not by any of these: \(wanted)"
    }

    private static func signatures(_ lines: ArraySlice<Substring.UTF8View>) throws(NoteError) -> [NoteSignature] {
        if lines.isEmpty { throw NoteError(.malformedNote, "the note has no signature") }
        if lines.count > NoteBounds.signatureCountMax {
            throw NoteError(
                .tooLarge, "\(lines.count) signatures are more than the \(NoteBounds.signatureCountMax) that are read")
        }
        var signatures: [NoteSignature] = []
        for (index, line) in zip(lines.indices, lines) {
            signatures.append(try NoteSignature(line: line, number: index + 1))
        }
        return signatures
    }
}
