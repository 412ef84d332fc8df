import Crypto

/// Signs notes with an Ed25519 key (RFC 8032) under a name. The same text always gets the same signature.
public struct NoteSigner: Sendable {
    /// What others check the notes with.
    public let verifierKey: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    /// A signer from the seed of its key.
    ///
    /// - Parameter privateKey: the 32 bytes from which RFC 8032 derives the key.
    /// - Throws: `badKeyName`, or `malformedKey` when there are not 32 bytes.
    public init(name: String, privateKey: [UInt8]) throws(NoteError) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey) else {
            throw NoteError(.malformedKey, "an Ed25519 private key has 32 bytes, not \(privateKey.count)")
        }
        try self.init(name: name, key: key)
    }

    /// A signer with a new key.
    ///
    /// - Throws: `badKeyName`.
    public static func random(name: String) throws(NoteError) -> NoteSigner {
        try NoteSigner(name: name, key: Curve25519.Signing.PrivateKey())
    }

    private init(name: String, key: Curve25519.Signing.PrivateKey) throws(NoteError) {
        self.key = key
        verifierKey = try VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// The 32 bytes that make the same signer again: a secret.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    /// Signs a text.
    ///
    /// - Parameter text: ends in a newline and has no other control character, as every ``Checkpoint/text`` does.
    public func sign(_ text: String) -> SignedNote {
        precondition(text.utf8.last == newline, "the text of a note ends in a newline")
        guard let signature = try? key.signature(for: Array(text.utf8)) else {
            preconditionFailure("Ed25519 signs every text")
        }
        let line = NoteSignature(name: verifierKey.name, keyHash: verifierKey.keyHash, bytes: Array(signature))
        return SignedNote(text: text, signatures: [line])
    }

    /// Signs a checkpoint. Its origin must be the name of the key, or nobody will accept it.
    public func sign(_ checkpoint: Checkpoint) -> SignedNote {
        sign(checkpoint.text)
    }
}
