import Crypto
import Foundation
import LedgerModel

/// The ledger's Ed25519 key, made with the ledger: what its checkpoints are signed with.
struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Reads `signing.key` in a data directory, or makes it: 32 bytes in base64, mode 0600, durable before it is used.
    init(in directory: String) throws(EngineError) {
        let url = URL(filePath: directory).appending(path: "signing.key")
        do {
            if let text = try? String(contentsOf: url, encoding: .utf8) {
                key = try SigningKey.parse(text)
            } else {
                key = Curve25519.Signing.PrivateKey()
                try SigningKey.write(key, to: url)
            }
        } catch let error as EngineError {
            throw error
        } catch {
            throw .signingKey("\(error)")
        }
    }

    static func exists(in directory: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(directory)/signing.key")
    }

    private static func parse(_ text: String) throws -> Curve25519.Signing.PrivateKey {
        guard let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32 else {
            throw EngineError.signingKey("is not a key of 32 bytes in base64")
        }
        return try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    }

    private static func write(_ key: Curve25519.Signing.PrivateKey, to url: URL) throws {
        let temporary = url.deletingLastPathComponent().appending(path: "signing.key.new")
        let text = key.rawRepresentation.base64EncodedString() + "\n"
        guard FileManager.default.createFile(atPath: temporary.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw EngineError.signingKey("\(temporary.path) cannot be created")
        }
        let file = try FileHandle(forWritingTo: temporary)
        try file.write(contentsOf: Data(text.utf8))
        try file.synchronize()
        try file.close()
        try FileManager.default.moveItem(at: temporary, to: url)
        let directory = try FileHandle(forReadingFrom: url.deletingLastPathComponent())
        try directory.synchronize()
        try directory.close()
    }

    /// The verifier key of a ledger with an origin.
    func verifierKey(of origin: Name) throws(EngineError) -> Name {
        guard let key = Name(verifierKey(name: origin.text)) else {
            throw .signingKey("the origin \(origin) is too long for a verifier key")
        }
        return key
    }

    /// The verifier key of a note signed under a name (C2SP signed-note): `<name>+<hash>+<base64 of 0x01 and the public key>`.
    private func verifierKey(name: String) -> String {
        let typed = Data([0x01]) + key.publicKey.rawRepresentation
        let hash = SHA256.hash(data: Data(name.utf8) + Data([0x0a]) + typed).prefix(4)
        return "\(name)+\(hash.map { String(format: "%02x", $0) }.joined())+\(typed.base64EncodedString())"
    }
}
