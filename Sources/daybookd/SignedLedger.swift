import LedgerEngine
import LedgerModel
import Notary
import SegmentLog

/// A data directory as its last checkpoint signs it. Takes no lock; a daemon may be at work.
struct SignedLedger {
    let checkpoint: SignedCheckpoint
    /// The verifier key that it is signed with.
    let key: Name
    let head: LogHead
    private let directory: String
    private let reader: LogReader

    /// Checks the signature by the keys that the log names.
    init(_ directory: String) throws {
        guard let checkpoint = try Notary.lastCheckpoint(in: directory) else {
            throw NotaryError(
                .notCovered, "\(directory): nothing was signed yet: the daemon signs within ten seconds of the first event")
        }
        (self.directory, self.checkpoint) = (directory, checkpoint)
        reader = LogReader(directory)
        // After the checkpoint: so it lies within the log although a daemon goes on.
        head = try reader.head()
        key = try SignedLedger.signer(of: checkpoint, reader, head)
    }

    /// The tree that was signed, its root made again from the log or from hashes that lead to it.
    func tree() throws(NotaryError) -> LogTree {
        var line = ProgressLine("tree")
        defer { line.finish() }
        return try LogTree(
            directory: directory, reader: reader, under: checkpoint, head: head, note: complain,
            progress: { line.show($0, of: $1, "\(grouped($0)) events") })
    }

    /// Mostly a ledger has one key, and its first event names it: only when that did not sign, the whole log is read for
    /// others.
    private static func signer(of checkpoint: SignedCheckpoint, _ reader: LogReader, _ head: LogHead) throws -> Name {
        var first = IdentityScan()
        let batch = try reader.batch(holding: .first, upTo: head)
        try batch.records.withUnsafeBytes { try first.take($0, from: .first) }
        if checkpoint.watermark.ledger == head.ledger, let key = first.key(of: checkpoint) { return key }
        var line = ProgressLine("keys")
        let all = try IdentityScan(reader, upTo: head) { line.show($0, of: $1, "\(grouped($0)) events") }
        line.finish()
        try checkpoint.verify(keys: all.keys.map(\.key))
        return all.key(of: checkpoint)!
    }
}

extension IdentityScan {
    /// Which of the keys signed a checkpoint.
    fileprivate func key(of checkpoint: SignedCheckpoint) -> Name? {
        keys.map(\.key).last { (try? checkpoint.verify(keys: [$0])) != nil }
    }
}
