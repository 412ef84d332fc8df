/// A receipt: the proof, complete in itself, that a log holds a record at a place (C2SP tlog-proof):
/// ```
/// c2sp.org/tlog-proof@v1
/// extra <base64>                      (left out when there is none)
/// index <decimal>
/// <base64 of a hash>                  (one line each, the leaf's sibling first)
///
/// <checkpoint: a signed note>
/// ```
public struct InclusionProof: Hashable, Sendable {
    /// What came along with the proof and is not proved by it.
    public let extra: [UInt8]?
    /// Which leaf, counted from 0.
    public let index: UInt64
    /// The siblings on the way from the leaf to the root.
    public let path: [MerkleHash]
    /// The note that signs root and size of the tree.
    public let checkpoint: SignedNote

    public init(index: UInt64, path: [MerkleHash], checkpoint: SignedNote, extra: [UInt8]? = nil) {
        self.extra = extra
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
    }

    /// Reads a proof: ``encoded`` of it gives the same bytes again.
    public init(parsing proof: String) throws(NoteError) {
        try self.init(parsing: Array(proof.utf8))
    }

    /// Reads a proof from the bytes of a file or message.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        var lines = try ProofLines(bytes, first: InclusionProof.firstLine)
        extra = try lines.extra()
        index = try lines.index()
        path = try lines.hashes(atMost: NoteBounds.inclusionPathCountMax)
        checkpoint = try SignedNote(parsing: lines.rest)
        _ = try Checkpoint(parsing: checkpoint.text)
    }

    /// The bytes of the proof as text.
    public var encoded: String {
        let extra = extra.map { "extra \($0.base64)\n" } ?? ""
        return "\(InclusionProof.firstLine)\n\(extra)index \(index)\n\(path.lines)\n\(checkpoint.encoded)"
    }

    /// Checks everything: the signature, that the origin is the key's name, and that the record is in the tree.
    ///
    /// - Parameter record: the bytes of the leaf.
    /// - Returns: the checkpoint, now known to be the key's.
    /// - Throws: `notSigned`, `badSignature`, `malformedCheckpoint`, `wrongOrigin` or `notIncluded`.
    @discardableResult
    public func check(record: UnsafeRawBufferPointer, key: VerifierKey) throws(NoteError) -> Checkpoint {
        try check(leaf: .leaf(record), keys: [key])
    }

    /// The same for a leaf whose hash is known, under any of some keys: a log may have had more than one.
    @discardableResult
    public func check(leaf: MerkleHash, keys: [VerifierKey]) throws(NoteError) -> Checkpoint {
        let head = try checkpoint.checkpoint(keys: keys)
        if index >= head.size {
            throw NoteError(.notIncluded, "leaf \(index) is not in a tree of \(head.size) leaves: the receipt was changed")
        }
        guard MerkleTree.isIncluded(leaf, at: index, in: head.root, size: head.size, path: path) else {
            throw NoteError(
                .notIncluded, "the record is not leaf \(index) of the tree of \(head.size): it or the receipt was changed"
            )
        }
        return head
    }

    private static let firstLine = "c2sp.org/tlog-proof@v1"
}
