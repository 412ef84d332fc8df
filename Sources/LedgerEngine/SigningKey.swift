import Foundation
import Glibc
public import LedgerModel
public import SegmentLog
public import Transparency

/// The file `signing.key` of a data directory: the seed of the ledger's Ed25519 key in base64, mode 0600. It is made with the
/// ledger, durably and before the event that names it.
///
/// It is replaced in this order, so that no crash leaves a ledger without its key: the new key under the name
/// `signing.key.next`; the event that names it; then it takes the place of the old one. Whoever looks for the key that the log
/// names finds it under one name or the other.
public struct SigningKey: Sendable {
    private let seed: [UInt8]

    private static let seedByteCount = 32

    /// Reads the key of a data directory, or makes it.
    ///
    /// - Throws: `EngineError.signingKey` when it cannot be read or made, is not a key, or may be read by others.
    public init(in directory: String, volume: any Volume = PosixVolume()) throws(EngineError) {
        if let key = try SigningKey(reading: Self.name, in: directory, volume) {
            self = key
        } else {
            self = SigningKey()
            try write(to: directory, as: Self.name, volume)
        }
    }

    /// A new key, which stands in no file.
    init() { seed = (0..<Self.seedByteCount).map { _ in UInt8.random(in: 0...255) } }

    /// Whether there is one.
    public static func exists(in directory: String, volume: any Volume = PosixVolume()) -> Bool {
        (try? volume.exists("\(directory)/\(name)")) ?? false
    }

    /// Who signs for a ledger: with the key that its log names last. Ends a replacement that a crash interrupted.
    ///
    /// - Parameter keys: the verifier keys that the log names, oldest first.
    /// - Throws: `EngineError.signingKey` when the key is missing or another.
    public static func signer(
        of origin: Name, keys: [Name], in directory: String, volume: any Volume = PosixVolume()
    ) throws(EngineError) -> NoteSigner {
        let key = try SigningKey(reading: name, in: directory, volume)
        if let signer = try key?.signer(of: origin), signer.verifierKey.description == keys.last?.text { return signer }
        if let next = try SigningKey(reading: nextName, in: directory, volume)?.signer(of: origin),
            next.verifierKey.description == keys.last?.text
        {
            try install(in: directory, volume)
            return next
        }
        let found = key == nil ? "is missing" : "is not the key that the ledger names"
        throw .signingKey(
            "\(found) (\(keys.last?.text ?? "none")): put it back from a backup, or make a new one with daybookd replace-key")
    }

    /// Puts a new key beside the one in use, durably.
    func prepare(in directory: String, _ volume: any Volume) throws(EngineError) {
        try write(to: directory, as: Self.nextName, volume)
    }

    /// The new key takes the place of the one in use.
    static func install(in directory: String, _ volume: any Volume) throws(EngineError) {
        try storing { () throws(LogError) in
            try volume.rename("\(directory)/\(nextName)", to: "\(directory)/\(name)")
            try volume.syncDirectory(directory)
        }
    }

    /// The verifier key of a ledger with an origin.
    public func verifierKey(of origin: Name) throws(EngineError) -> Name {
        guard let key = Name(try signer(of: origin).verifierKey.description) else {
            throw .signingKey("the origin \(origin) is too long for a verifier key")
        }
        return key
    }

    /// Signs under an origin.
    public func signer(of origin: Name) throws(EngineError) -> NoteSigner {
        do throws(NoteError) { return try NoteSigner(name: origin.text, privateKey: seed) } catch {
            throw .signingKey("cannot sign under the origin \(origin): \(error.sentence)")
        }
    }

    // MARK: The file

    private static let name = "signing.key"
    private static let nextName = "signing.key.next"

    /// Base64 of the seed, with room for white space around it that an editor may have left.
    private static let byteCountMax = 256

    /// Nil when there is no such file.
    private init?(reading name: String, in directory: String, _ volume: any Volume) throws(EngineError) {
        let path = "\(directory)/\(name)"
        let bytes: [UInt8]? = try Self.storing { () throws(LogError) in
            try volume.exists(path) ? try volume.openFile(path, forWriting: false).contents(atMost: Self.byteCountMax) : nil
        }
        guard let bytes else { return nil }
        try Self.checkMode(path)
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = Data(base64Encoded: text), seed.count == Self.seedByteCount else {
            throw .signingKey(
                "\(name) is not a key of 32 bytes in base64: put it back from a backup, or make a new one with daybookd "
                    + "replace-key"
            )
        }
        self.seed = Array(seed)
    }

    /// A key that others may read signs nothing, as with ssh: whoever has it can sign another history.
    private static func checkMode(_ path: String) throws(EngineError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        throw .signingKey(
            "others may read it (mode \(String(status.st_mode & 0o777, radix: 8))): run chmod 600 \(path); if somebody "
                + "may have read it, also daybookd replace-key")
    }

    private func write(to directory: String, as name: String, _ volume: any Volume) throws(EngineError) {
        let text = Array((Data(seed).base64EncodedString() + "\n").utf8)
        try Self.storing { () throws(LogError) in try volume.replace("\(directory)/\(name)", in: directory, with: text) }
    }

    private static func storing<Result>(_ body: () throws(LogError) -> Result) throws(EngineError) -> Result {
        do throws(LogError) { return try body() } catch { throw .signingKey(error.sentence) }
    }
}
