import CChecksum
import Crypto

/// What one must know to check the notes of a signer: his name and Ed25519 public key, written
/// `<name>+<hash>+<base64 of 0x01 and the public key>`, where the hash is the first four bytes of
/// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key) in hexadecimal digits (C2SP signed-note, "Ed25519 signatures").
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
    /// The name of the key; of a ledger's key also the origin of its checkpoints.
    public let name: String
    /// What tells keys of the same name apart.
    public let keyHash: UInt32
    /// The 32 bytes of the Ed25519 public key (RFC 8032, section 5.1.5).
    public let publicKey: [UInt8]

    /// A key from its parts.
    ///
    /// - Throws: `badKeyName`, or `malformedKey` when there are not 32 bytes.
    public init(name: String, publicKey: [UInt8]) throws(NoteError) {
        try name.checkKeyName()
        guard publicKey.count == 32 else {
            throw NoteError(.malformedKey, "an Ed25519 public key has 32 bytes, not \(publicKey.count)")
        }
        self.name = name
        self.publicKey = publicKey
        keyHash = VerifierKey.hash(name: name, typedKey: [VerifierKey.ed25519] + publicKey)
    }

    /// Reads `<name>+<hash>+<base64>` and checks the hash.
    ///
    /// - Throws: `malformedKey`, `badKeyName`, `wrongKeyHash` or `unknownKeyType`.
    public init(_ text: String) throws(NoteError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let typedKey = [UInt8](base64: parts[2]), let type = typedKey.first else {
            throw NoteError(.malformedKey, "a verifier key is <name>+<8 hexadecimal digits>+<base64>")
        }
        let name = parts[0].text
        try name.checkKeyName()
        let hash = hexadecimal(VerifierKey.hash(name: name, typedKey: typedKey).bigEndianBytes)
        guard parts[1].elementsEqual(hash.utf8) else {
            throw NoteError(
                .wrongKeyHash, "the hash of this name and key is \(hash), and another stands there: the key is mistyped")
        }
        guard type == VerifierKey.ed25519 else {
            throw NoteError(.unknownKeyType, "the key has type \(type); only Ed25519, type 1, is known")
        }
        try self.init(name: name, publicKey: Array(typedKey.dropFirst()))
    }

    /// `<name>+<hash>+<base64>`, which reads back as this key.
    public var description: String { "\(label)+\(([VerifierKey.ed25519] + publicKey).base64)" }

    /// Whether the key signed the note: there is a signature in its name and hash, and all of those hold.
    public func isValid(_ note: SignedNote) -> Bool {
        (try? hasSigned(note)) ?? false
    }

    /// The key without its bytes, to name it in a sentence.
    var label: String { "\(name)+\(hexadecimal(keyHash.bigEndianBytes))" }

    /// False when no signature is made out to the key; an error when one is and does not hold.
    func hasSigned(_ note: SignedNote) throws(NoteError) -> Bool {
        let own = note.signatures.filter { $0.keyHash == keyHash && $0.name.isExactly(name) }
        for signature in own where !isValid(signature.bytes, over: note.text) {
            throw NoteError(.badSignature, "the signature of \(label) does not belong to this text: one of them was changed")
        }
        return !own.isEmpty
    }

    private func isValid(_ signature: [UInt8], over text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: Array(text.utf8))
    }

    private static let ed25519: UInt8 = 0x01

    private static func hash(name: String, typedKey: [UInt8]) -> UInt32 {
        let bytes = Array(name.utf8) + [newline] + typedKey
        var digest = [UInt8](repeating: 0, count: 32)
        checksum_sha256_of(bytes, bytes.count, &digest)
        return UInt32(bigEndianBytes: digest.prefix(4))
    }
}
