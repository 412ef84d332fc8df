/// The proof, complete in itself, that a later checkpoint continues an earlier one: nothing before it was changed or taken
/// away. C2SP has no form for it; this one is in the style of its tlog-proof:
/// ```
/// daybook/consistency-proof@v1
/// <base64 of a hash>                  (one line each, as RFC 6962, section 2.1.2, orders them)
///
/// <earlier checkpoint: a signed note>
///
/// <later checkpoint: a signed note>
/// ```
/// The lines of a checkpoint are never empty, and neither are signature lines. So a proof has exactly four blank lines, and
/// they part, in this order: hashes, text, signatures, text, signatures.
public struct ConsistencyProof: Hashable, Sendable {
    /// Empty when nothing needs proving: both trees have the same size, or the earlier one has no leaves.
    public let path: [MerkleHash]
    /// The earlier checkpoint.
    public let old: SignedNote
    /// The later checkpoint.
    public let new: SignedNote

    /// A proof from its parts.
    ///
    /// - Parameters:
    ///   - old: a checkpoint.
    ///   - new: a checkpoint of the same size or a larger one.
    public init(path: [MerkleHash], old: SignedNote, new: SignedNote) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// Reads a proof: ``encoded`` of it gives the same bytes again.
    public init(parsing proof: String) throws(NoteError) {
        try self.init(parsing: Array(proof.utf8))
    }

    /// Reads a proof from the bytes of a file or message.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        var lines = try ProofLines(bytes, first: ConsistencyProof.firstLine)
        path = try lines.hashes(atMost: NoteBounds.consistencyPathCountMax)
        old = try SignedNote(parsing: try lines.note())
        new = try SignedNote(parsing: lines.rest)
        for note in [old, new] { _ = try Checkpoint(parsing: note.text) }
    }

    /// The bytes of the proof as text.
    public var encoded: String {
        "\(ConsistencyProof.firstLine)\n\(path.lines)\n\(old.encoded)\n\(new.encoded)"
    }

    /// Checks everything: both signatures, that each origin is its key's name, and that the earlier tree is the beginning of
    /// the later one. The two origins may differ, as those of a ledger and of another made from its beginning do: it is for
    /// the caller to say which keys, and so which origins, he expects.
    ///
    /// - Parameter keys: those of both notes; a log whose key was replaced has more than one.
    /// - Throws: `notSigned`, `badSignature`, `malformedCheckpoint`, `wrongOrigin` or `notConsistent`.
    @discardableResult
    public func check(keys: [VerifierKey]) throws(NoteError) -> (old: Checkpoint, new: Checkpoint) {
        let earlier = try old.checkpoint(keys: keys)
        let later = try new.checkpoint(keys: keys)
        guard MerkleTree.isConsistent(earlier.root, earlier.size, with: later.root, later.size, path: path) else {
            throw NoteError(.notConsistent, ConsistencyProof.sentence(earlier, later))
        }
        return (earlier, later)
    }

    private static func sentence(_ old: Checkpoint, _ new: Checkpoint) -> String {
        if old.size > new.size {
            return "the earlier checkpoint has \(old.size) leaves and the later \(new.size): they are in the wrong order"
        }
        if old.size == new.size, old.root != new.root {
            return "two different trees of \(old.size) leaves are signed: keep both, the log showed two histories"
        }
        return "the hashes do not lead from \(old.size) leaves to \(new.size): the proof is wrong, or the log was rewritten"
    }

    private static let firstLine = "daybook/consistency-proof@v1"
}
