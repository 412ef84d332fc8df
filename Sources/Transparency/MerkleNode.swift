/// A full node of the tree. Level 0 are the leaves; node (level, index) covers the 2^level leaves from index · 2^level on.
/// Only nodes all of whose leaves are there have a name: their hashes never change.
public struct MerkleNode: Hashable, Sendable {
    /// The height above the leaves: 0 to 63.
    public let level: Int
    /// Which node of its level, counted from 0 at the left.
    public let index: UInt64

    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// The first leaf below the node.
    public var firstLeaf: UInt64 { index << UInt64(level) }
    /// How many leaves lie below the node.
    public var leafCount: UInt64 { 1 << UInt64(level) }
    /// The two nodes below this one. Not to be asked of a leaf.
    public var children: (left: MerkleNode, right: MerkleNode) {
        (MerkleNode(level: level - 1, index: index * 2), MerkleNode(level: level - 1, index: index * 2 + 1))
    }
}
