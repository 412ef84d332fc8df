/// One signature line of a note (C2SP signed-note, "Signatures").
public struct NoteSignature: Hashable, Sendable {
    /// The name of the key.
    public let name: String
    /// What tells keys of the same name apart; not a proof of anything.
    public let keyHash: UInt32
    /// The signature: 64 bytes of an Ed25519 key, other counts of other kinds of key, never none.
    public let bytes: [UInt8]

    public init(name: String, keyHash: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyHash = keyHash
        self.bytes = bytes
    }

    init(line: Substring.UTF8View, number: Int) throws(NoteError) {
        let parts = line.behind("— ")?.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard let parts, parts.count == 2, let signature = [UInt8](base64: parts[1]), signature.count > 4 else {
            throw NoteError(.malformedSignature, "line \(number) of the note is not a signature, \"— <key name> <base64>\"")
        }
        let name = parts[0].text
        try name.checkKeyName()
        self.init(name: name, keyHash: UInt32(bigEndianBytes: signature.prefix(4)), bytes: Array(signature[4...]))
    }

    var line: String { "— \(name) \((keyHash.bigEndianBytes + bytes).base64)" }
}
