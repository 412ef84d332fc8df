/// A tree that grows at its right edge: the roots of its full subtrees, one for each bit that is set in its size, largest
/// first. That is all one needs to append leaves and to know the root ("compact range").
public struct MerkleFrontier: Sendable, Hashable {
    /// How many leaves the tree has.
    public private(set) var size: UInt64
    private var hashes: [MerkleHash]

    /// The tree without leaves.
    public init() {
        size = 0
        hashes = []
        hashes.reserveCapacity(UInt64.bitWidth)
    }

    /// A tree of which the full subtrees are known.
    ///
    /// - Parameter nodes: the hashes of ``nodes(of:)``, in that order; there must be as many.
    public init(size: UInt64, nodes: [MerkleHash]) {
        precondition(nodes.count == size.nonzeroBitCount, "a tree of \(size) leaves has \(size.nonzeroBitCount) full subtrees")
        self.size = size
        hashes = nodes
    }

    /// The full subtrees of a tree of `size` leaves, largest first.
    public static func nodes(of size: UInt64) -> [MerkleNode] {
        (0..<UInt64.bitWidth).reversed().compactMap { level in
            let count = size >> UInt64(level)
            return count & 1 == 1 ? MerkleNode(level: level, index: count - 1) : nil
        }
    }

    /// The hashes of the full subtrees, in the order of ``nodes(of:)``.
    public var nodes: [MerkleHash] { hashes }

    /// The hash of the whole tree (RFC 6962, section 2.1).
    public var root: MerkleHash { MerkleHash.root(ofSubtrees: hashes) }

    /// Adds one leaf at the right.
    public mutating func append(_ leaf: MerkleHash) {
        append(leaf) { _, _ in }
    }

    /// Adds one leaf at the right, and tells every node that it completes, the leaf itself first and then upwards.
    public mutating func append(_ leaf: MerkleHash, completed: (MerkleNode, MerkleHash) -> Void) {
        var node = MerkleNode(level: 0, index: size)
        var hash = leaf
        completed(node, hash)
        while node.index & 1 == 1 {
            hash = .node(hashes.removeLast(), hash)
            node = MerkleNode(level: node.level + 1, index: node.index >> 1)
            completed(node, hash)
        }
        hashes.append(hash)
        size += 1
    }
}

extension MerkleHash {
    /// The root over neighbouring full subtrees, the largest at the left: each is the left child of all to its right.
    static func root(ofSubtrees hashes: [MerkleHash]) -> MerkleHash {
        guard var root = hashes.last else { return emptyRoot }
        for left in hashes.dropLast().reversed() { root = node(left, root) }
        return root
    }
}
