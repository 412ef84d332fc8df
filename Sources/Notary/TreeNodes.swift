import Transparency

/// The nodes of the tree that are kept: all from level 8 up, and the frontier of the block of 256 leaves at the right edge. A
/// block costs 64 bytes in memory, 0.25 bytes per event.
struct TreeNodes: Sendable {
    /// The level of the lowest nodes that are kept: what lies below comes from the log itself.
    static let blockLevel = 8
    static let blockLeafCount: UInt64 = 1 << UInt64(blockLevel)

    /// The blocks first, then every level above them.
    private var levels: [[MerkleHash]] = [[]]
    private var edge = MerkleFrontier()

    init() {}

    init(blocks: [MerkleHash]) {
        levels[0].reserveCapacity(blocks.count)
        for block in blocks { push(block) }
    }

    /// The hashes of all full blocks.
    var blocks: [MerkleHash] { levels[0] }
    /// How many leaves the tree has.
    var size: UInt64 { UInt64(levels[0].count) << UInt64(Self.blockLevel) + edge.size }

    mutating func append(_ leaf: MerkleHash) {
        edge.append(leaf)
        guard edge.size == Self.blockLeafCount else { return }
        push(edge.root)
        edge = MerkleFrontier()
    }

    /// One more block, and every node that it completes.
    private mutating func push(_ block: MerkleHash) {
        levels[0].append(block)
        var level = 0
        while levels[level].count.isMultiple(of: 2) {
            let count = levels[level].count
            let node = MerkleHash.node(levels[level][count - 2], levels[level][count - 1])
            level += 1
            if level == levels.count { levels.append([]) }
            levels[level].append(node)
        }
    }

    /// A node that is kept; nil below the blocks and beyond the tree.
    subscript(node: MerkleNode) -> MerkleHash? {
        let level = node.level - Self.blockLevel
        guard levels.indices.contains(level), node.index < UInt64(levels[level].count) else { return nil }
        return levels[level][Int(node.index)]
    }

    /// The root of the tree as it is.
    var root: MerkleHash {
        let high = MerkleFrontier.nodes(of: size - edge.size).compactMap { self[$0] }
        return MerkleFrontier(size: size, nodes: high + edge.nodes).root
    }
}
