public import LedgerModel
public import SegmentLog
public import Transparency

/// A checkpoint of a ledger: a C2SP tlog-checkpoint in a signed note, with one extension line of ours behind the root:
/// ```
/// <ledger's UUID> <chain of the log batch that ends with event number size, 64 hexadecimal digits>
/// ```
/// So it is a watermark too: a log that ends before it, or has another chain there, has lost or changed what was signed.
public struct SignedCheckpoint: Hashable, Sendable {
    public let note: SignedNote
    /// What the note says.
    public let checkpoint: Checkpoint
    /// The ledger, the last event covered, and the chain of the log batch that it ends.
    public let watermark: Watermark

    /// Reads what a note says. Whether the ledger signed it, ``verify(keys:)`` tells.
    ///
    /// - Throws: `.badCheckpoint`.
    public init(_ note: SignedNote) throws(NotaryError) {
        do throws(NoteError) { checkpoint = try Checkpoint(parsing: note.text) } catch {
            throw NotaryError(.badCheckpoint, "the note is no checkpoint: \(error.sentence)")
        }
        guard checkpoint.size > 0, let watermark = Watermark(checkpoint) else {
            throw NotaryError(
                .badCheckpoint,
                "the checkpoint has not the one line `<ledger UUID> <chain>` behind its root: it is of another log")
        }
        self.note = note
        self.watermark = watermark
    }

    /// Signs the tree up to the end of a log batch.
    init(_ root: MerkleHash, at watermark: Watermark, origin: Name, by signer: NoteSigner) {
        checkpoint = Checkpoint(
            origin: origin.text, size: watermark.sequence.rawValue, root: root,
            extensions: ["\(watermark.ledger) \(watermark.chain)"])
        note = signer.sign(checkpoint)
        self.watermark = watermark
    }

    /// The last event that it covers.
    public var sequence: SequenceNumber { watermark.sequence }

    /// Checks that one of the ledger's keys signed it, under its own origin.
    ///
    /// - Parameter keys: The verifier keys that the log names (`Identity.keys`).
    /// - Throws: `.foreignCheckpoint`.
    public func verify(keys: [Name]) throws(NotaryError) {
        do throws(NoteError) {
            _ = try note.checkpoint(keys: try keys.map { key throws(NoteError) in try VerifierKey(key.text) })
        } catch {
            throw NotaryError(
                .foreignCheckpoint,
                "the file checkpoint is not signed by this ledger (\(error.sentence)): the log or the checkpoint was "
                    + "exchanged; put back the two that belong together, from a backup if need be")
        }
    }
}

extension Watermark {
    fileprivate init?(_ checkpoint: Checkpoint) {
        guard checkpoint.extensions.count == 1, checkpoint.size <= UInt64(Int64.max) else { return nil }
        let parts = checkpoint.extensions[0].split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let ledger = LedgerID(String(parts[0])), let chain = ChainHash(hex: String(parts[1])),
            "\(ledger) \(chain)" == checkpoint.extensions[0]
        else { return nil }
        self.init(ledger: ledger, sequence: SequenceNumber(checkpoint.size), chain: chain)
    }
}
