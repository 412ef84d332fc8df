public import LedgerModel
public import SegmentLog
public import Transparency

/// The Merkle tree over the events of a log (RFC 6962, section 2.1): leaf `seq - 1` is the line of event `seq` without its
/// newline. Hashes of full subtrees never change, so proofs are made on any thread while the tree grows on one.
public final class LogTree: Sendable {
    private let reader: LogReader
    private let low: LeafBlocks
    private let high = Monitor(TreeNodes())
    private let file: TreeFile
    /// How many hashes of `tree/level8` are known to be right.
    private let savedCount = Monitor(0)

    /// The tree without leaves; nothing of `tree/` is believed.
    init(directory: String, volume: any Volume, reader: LogReader) {
        self.reader = reader
        low = LeafBlocks(reader)
        file = TreeFile(directory: directory, volume: volume)
    }

    /// The tree as a checkpoint signed it, from `tree/level8` and the log's leaves beyond it. When these two do not lead to the
    /// root that was signed, from the whole log.
    ///
    /// - Parameters:
    ///   - head: the end of the log, at or beyond the checkpoint.
    ///   - note: told what an operator should know.
    ///   - progress: how many events of how many have been read.
    /// - Throws: `.otherHistory` or `.rootDiffers` when the log is not the one that was signed.
    public convenience init(
        directory: String, volume: any Volume = PosixVolume(), reader: LogReader, under checkpoint: SignedCheckpoint,
        head: LogHead,
        note: (String) -> Void = { _ in }, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(NotaryError) {
        self.init(directory: directory, volume: volume, reader: reader)
        try reader.check(checkpoint.watermark, upTo: head)
        let blocks = readBlocks(checkpoint, note)
        if try grow(to: checkpoint, from: blocks, head, progress) { return }
        if !blocks.isEmpty {
            note("tree/level8 does not lead to the root that was signed: the tree is made anew from the log")
            if try grow(to: checkpoint, from: [], head, progress) { return }
        }
        throw NotaryError(
            .rootDiffers,
            "the first \(checkpoint.sequence) events of the log do not have the root \(checkpoint.checkpoint.root) that "
                + "was signed: an event was changed; restore a backup, and keep this directory for whoever finds out how")
    }

    private func readBlocks(_ checkpoint: SignedCheckpoint, _ note: (String) -> Void) -> [MerkleHash] {
        do { return try file.read(atMost: Int(checkpoint.checkpoint.size / TreeNodes.blockLeafCount)) } catch {
            note("tree/level8 cannot be read (\(error.sentence)): the tree is made anew from the log")
            return []
        }
    }

    /// Whether these hashes, and the log beyond them, have the root that was signed.
    private func grow(
        to checkpoint: SignedCheckpoint, from blocks: [MerkleHash], _ head: LogHead, _ progress: (UInt64, UInt64) -> Void
    ) throws(NotaryError) -> Bool {
        high.withLock { $0 = TreeNodes(blocks: blocks) }
        savedCount.withLock { $0 = blocks.count }
        let cursor = reader.cursor(from: SequenceNumber(size + 1))
        while size < checkpoint.checkpoint.size, let batch = try cursor.following(upTo: head) {
            append(batch)
            progress(size, checkpoint.checkpoint.size)
        }
        return size == checkpoint.checkpoint.size && root == checkpoint.checkpoint.root
    }

    /// How many events it covers.
    var size: UInt64 { high.withLock { $0.size } }
    var root: MerkleHash { high.withLock { $0.root } }

    /// Adds the events of a log batch that it does not cover yet.
    func append(_ batch: LogBatch) {
        let leaves = batch.leaves(from: SequenceNumber(size + 1))
        high.withLock { nodes in
            for leaf in leaves { nodes.append(leaf) }
        }
    }

    /// Brings `tree/level8` up to the tree, durably. After an error it is made anew at the next call.
    func save() throws(NotaryError) {
        let (blocks, known) = (high.withLock { $0.blocks }, savedCount.withLock { $0 })
        if blocks.count == known { return }
        savedCount.withLock { $0 = 0 }
        try file.write(blocks[known...], behind: known)
        savedCount.withLock { $0 = blocks.count }
    }

    private func hash(of node: MerkleNode, upTo head: LogHead) throws(NotaryError) -> MerkleHash {
        if node.level < TreeNodes.blockLevel { return try low.hash(of: node, upTo: head) }
        guard let hash = high.withLock({ $0[node] }) else {
            throw NotaryError(.notCovered, "the tree does not cover event \(node.firstLeaf + node.leafCount) yet")
        }
        return hash
    }

    /// A receipt: the proof that an event is in the log, under a checkpoint that covers it, with the event's line in `extra`.
    ///
    /// - Throws: `.notCovered`; `.rootDiffers` when the event is not what was signed: then it was changed since.
    public func receipt(
        of sequence: SequenceNumber, under checkpoint: SignedCheckpoint, upTo head: LogHead
    ) throws(NotaryError) -> InclusionProof {
        let (index, line) = (sequence.rawValue &- 1, try line(of: sequence, under: checkpoint, upTo: head))
        let size = checkpoint.checkpoint.size
        let path = try MerkleTree.inclusionPath(of: index, size: size) { node throws(NotaryError) in
            try hash(of: node, upTo: head)
        }
        let leaf = line.withUnsafeBytes { MerkleHash.leaf($0) }
        guard MerkleTree.isIncluded(leaf, at: index, in: checkpoint.checkpoint.root, size: size, path: path) else {
            throw NotaryError(.rootDiffers, "event \(sequence) is not what was signed: run daybookd verify")
        }
        return InclusionProof(index: index, path: path, checkpoint: checkpoint.note, extra: line)
    }

    private func line(
        of sequence: SequenceNumber, under checkpoint: SignedCheckpoint, upTo head: LogHead
    ) throws(NotaryError) -> [UInt8] {
        guard sequence >= .first else {
            throw NotaryError(.notFound, "events are numbered from 1: there is no event \(sequence)")
        }
        guard sequence <= checkpoint.sequence else {
            throw NotaryError(.notCovered, "the last checkpoint covers \(checkpoint.sequence) events, not event \(sequence)")
        }
        do throws(LogError) { return try reader.batch(holding: sequence, upTo: head).line(of: sequence) } catch {
            throw .log(error)
        }
    }

    /// The path that shows that the tree of the first `size` events is the beginning of the one that was signed.
    ///
    /// - Parameter size: from 1 to the checkpoint's size.
    /// - Throws: `.notFound` or `.notCovered`.
    public func consistency(
        from size: UInt64, under checkpoint: SignedCheckpoint, upTo head: LogHead
    ) throws(NotaryError) -> [MerkleHash] {
        guard size > 0 else {
            throw NotaryError(.notFound, "a tree without events is the beginning of every other: nothing to prove")
        }
        guard size <= checkpoint.checkpoint.size else {
            throw NotaryError(.notCovered, "the last checkpoint covers \(checkpoint.sequence) events, fewer than \(size)")
        }
        return try MerkleTree.consistencyPath(from: size, to: checkpoint.checkpoint.size) { node throws(NotaryError) in
            try hash(of: node, upTo: head)
        }
    }
}

extension LogReader {
    /// The log still holds what a watermark has seen: that batch ends with that event and has that chain.
    func check(_ watermark: Watermark, upTo head: LogHead) throws(NotaryError) {
        guard watermark.sequence <= head.lastSequence else {
            throw NotaryError(
                .otherHistory,
                "the log ends at event \(head.lastSequence), and \(watermark.sequence) events were signed: this is an "
                    + "older copy of the log, or acknowledged events are gone; restore the newest backup")
        }
        let batch: LogBatch
        do throws(LogError) { batch = try self.batch(holding: watermark.sequence, upTo: head) } catch { throw .log(error) }
        guard batch.ledger == watermark.ledger, batch.lastSequence == watermark.sequence, batch.chain == watermark.chain else {
            throw NotaryError(
                .otherHistory,
                "the log batch that ends with event \(watermark.sequence) is not the one that was signed: this is another "
                    + "history; put back the log that belongs to the checkpoint")
        }
    }
}
