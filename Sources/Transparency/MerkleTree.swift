/// Roots and proofs of the Merkle tree of RFC 6962, section 2.1, over any source of its full nodes. The source is asked
/// only for nodes whose leaves are all inside the tree, and for O(log size) of them.
public enum MerkleTree {
    /// The hash of the first `size` leaves: MTH(D[size]) of RFC 6962.
    public static func root<E: Error>(
        size: UInt64, _ node: (MerkleNode) throws(E) -> MerkleHash
    ) throws(E) -> MerkleHash {
        try root(Subtree(start: 0, count: size), node)
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves: PATH(index, D[size]) of RFC 6962, section
    /// 2.1.1; the sibling of the leaf first, a child of the root last.
    ///
    /// - Parameter index: which leaf, counted from 0; less than `size`.
    public static func inclusionPath<E: Error>(
        of index: UInt64, size: UInt64, _ node: (MerkleNode) throws(E) -> MerkleHash
    ) throws(E) -> [MerkleHash] {
        precondition(index < size, "leaf \(index) is not in a tree of \(size) leaves")
        var path: [MerkleHash] = []
        var tree = Subtree(start: 0, count: size)
        while tree.count > 1 {
            let (left, right) = tree.halves
            let isLeft = index < right.start
            path.append(try root(isLeft ? right : left, node))
            tree = isLeft ? left : right
        }
        return path.reversed()
    }

    /// The proof that the tree of the first `old` leaves is the beginning of the tree of the first `size` leaves: PROOF(old,
    /// D[size]) of RFC 6962, section 2.1.2. Empty when there is nothing to prove: from no leaves, or between equal sizes.
    ///
    /// - Parameter old: at most `size`.
    public static func consistencyPath<E: Error>(
        from old: UInt64, to size: UInt64, _ node: (MerkleNode) throws(E) -> MerkleHash
    ) throws(E) -> [MerkleHash] {
        precondition(old <= size, "a tree of \(old) leaves is not the beginning of one of \(size)")
        if old == 0 { return [] }
        var path: [MerkleHash] = []
        var tree = Subtree(start: 0, count: size)
        while tree.end != old {
            let (left, right) = tree.halves
            let isLeft = old <= right.start
            path.append(try root(isLeft ? right : left, node))
            tree = isLeft ? left : right
        }
        // The verifier has the old root already; any other subtree at the old edge he must be told.
        if tree.start > 0 { path.append(try root(tree, node)) }
        return path.reversed()
    }

    private static func root<E: Error>(
        _ tree: Subtree, _ node: (MerkleNode) throws(E) -> MerkleHash
    ) throws(E) -> MerkleHash {
        var hashes: [MerkleHash] = []
        for full in tree.fullNodes { hashes.append(try node(full)) }
        return .root(ofSubtrees: hashes)
    }
}

/// Neighbouring leaves that RFC 6962's splitting meets: `start` is a multiple of the smallest power of two that is not less
/// than `count`.
private struct Subtree {
    let start: UInt64
    let count: UInt64

    var end: UInt64 { start + count }

    /// Split at the largest power of two below the count (RFC 6962, section 2.1). Not to be asked of fewer than two leaves.
    var halves: (left: Subtree, right: Subtree) {
        let half: UInt64 = 1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
        return (Subtree(start: start, count: half), Subtree(start: start + half, count: count - half))
    }

    var fullNodes: [MerkleNode] {
        MerkleFrontier.nodes(of: count).map {
            MerkleNode(level: $0.level, index: $0.index + start >> UInt64($0.level))
        }
    }
}
