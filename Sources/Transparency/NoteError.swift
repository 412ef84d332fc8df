/// What is wrong with a key, a note, a checkpoint or a proof: a code to test and a sentence to read, which names the line
/// wherever there is one.
public struct NoteError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// More bytes, signatures or hashes than ``NoteBounds`` allows.
        case tooLarge
        /// The bytes are not UTF-8.
        case notUTF8
        /// A control character other than newline, a carriage return for one.
        case controlCharacter
        /// Not the form of a signed note: text, blank line, signature lines.
        case malformedNote
        /// A signature line that is not `— <name> <base64>`.
        case malformedSignature
        /// A name that a key must not have.
        case badKeyName
        /// Not the form of a verifier key, or not the bytes of an Ed25519 key.
        case malformedKey
        /// A verifier key whose hash belongs to another name or key.
        case wrongKeyHash
        /// A verifier key for a kind of signature other than Ed25519.
        case unknownKeyType
        /// The text of a note is not a checkpoint.
        case malformedCheckpoint
        /// Not the form of a proof.
        case malformedProof
        /// None of the keys signed the note.
        case notSigned
        /// A signature in the name of a key is not by that key over this text.
        case badSignature
        /// A checkpoint whose origin is not the name of the key that signed it.
        case wrongOrigin
        /// The record is not where the proof says.
        case notIncluded
        /// The older tree is not the beginning of the newer one.
        case notConsistent
    }

    public let code: Code
    public let sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { "\(code.rawValue): \(sentence)" }
}
