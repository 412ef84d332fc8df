import LedgerModel
import SegmentLog
import Transparency

/// What lies below level 8 of the tree: read back from the log, block by block, and kept for a while. For any thread.
final class LeafBlocks: @unchecked Sendable {
    private let reader: LogReader
    /// Guarded by the monitor: the blocks read last, the newest at the end.
    private let kept = Monitor<[(block: UInt64, leaves: [MerkleHash])]>([])

    /// A proof needs three blocks at most. 64 of them are half a mebibyte.
    private static let keptCountMax = 64

    init(_ reader: LogReader) { self.reader = reader }

    /// The hash of a full node below the blocks.
    func hash(of node: MerkleNode, upTo head: LogHead) throws(NotaryError) -> MerkleHash {
        let block = node.firstLeaf / TreeNodes.blockLeafCount
        let start = Int(node.firstLeaf % TreeNodes.blockLeafCount)
        let leaves = try leaves(of: block, atLeast: start + Int(node.leafCount), upTo: head)
        var subtree = MerkleFrontier()
        for leaf in leaves[start..<start + Int(node.leafCount)] { subtree.append(leaf) }
        return subtree.root
    }

    private func leaves(of block: UInt64, atLeast count: Int, upTo head: LogHead) throws(NotaryError) -> [MerkleHash] {
        let known = kept.withLock { $0.last { $0.block == block }?.leaves } ?? []
        if known.count >= count { return known }
        let leaves = try read(block, upTo: head)
        guard leaves.count >= count else {
            throw NotaryError(.log, "the log ends at event \(head.lastSequence), before what was signed")
        }
        kept.withLock { kept in
            kept.removeAll { $0.block == block }
            if kept.count == Self.keptCountMax { kept.removeFirst() }
            kept.append((block, leaves))
        }
        return leaves
    }

    private func read(_ block: UInt64, upTo head: LogHead) throws(NotaryError) -> [MerkleHash] {
        let first = SequenceNumber(block * TreeNodes.blockLeafCount + 1)
        let cursor = reader.cursor(from: first)
        var leaves: [MerkleHash] = []
        while leaves.count < Int(TreeNodes.blockLeafCount), let batch = try cursor.following(upTo: head) {
            leaves += batch.leaves(from: first)
        }
        return Array(leaves.prefix(Int(TreeNodes.blockLeafCount)))
    }
}
