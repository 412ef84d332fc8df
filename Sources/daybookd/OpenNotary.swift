import LedgerEngine
import LedgerModel
import Notary
import SegmentLog

extension LedgerEngine {
    /// The notary of this ledger, not yet started. Throws when the directory's checkpoint is not of this log, or its key not this ledger's.
    func notary(
        in directory: String, note: @escaping @Sendable (String) -> Void, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> Notary {
        let signer = try SigningKey.signer(of: identity.origin, keys: identity.keys, in: directory)
        return try Notary(
            directory: directory, reader: LogReader(directory), head: committed, signer: signer, origin: identity.origin,
            keys: identity.keys, note: note, progress: progress)
    }
}
