/// What a verifier does, who has roots and a path and none of the leaves.
extension MerkleTree {
    /// Whether `path` shows that `leaf` is leaf number `index` of the tree of `size` leaves under `root` (RFC 9162, section
    /// 2.1.3.2). A path does not commit to the size alone: take root and size from the same signed checkpoint.
    public static func isIncluded(
        _ leaf: MerkleHash, at index: UInt64, in root: MerkleHash, size: UInt64, path: [MerkleHash]
    ) -> Bool {
        guard index < size else { return false }
        var climb = Climb(from: index, of: size)
        var hash = leaf
        for sibling in path {
            switch climb.step() {
            case .left: hash = .node(sibling, hash)
            case .right: hash = .node(hash, sibling)
            case .none: return false
            }
        }
        return climb.isAtTop && hash == root
    }

    /// Whether `path` shows that the tree of `oldSize` leaves under `oldRoot` is the beginning of the tree of `size` leaves
    /// under `root` (RFC 9162, section 2.1.4.2). Trees of equal sizes are consistent when their roots are equal, and the tree
    /// without leaves with every tree; both with an empty path.
    public static func isConsistent(
        _ oldRoot: MerkleHash, _ oldSize: UInt64, with root: MerkleHash, _ size: UInt64, path: [MerkleHash]
    ) -> Bool {
        guard oldSize > 0 else { return oldRoot == .emptyRoot && path.isEmpty && (size > 0 || root == .emptyRoot) }
        guard oldSize < size else { return oldSize == size && oldRoot == root && path.isEmpty }
        // A full old tree is itself the first hash: it is left out of the path, for the verifier has it.
        let hashes = oldSize.nonzeroBitCount == 1 ? [oldRoot] + path : path
        guard !path.isEmpty, let roots = climbed(from: oldSize, to: size, hashes) else { return false }
        return roots.old == oldRoot && roots.new == root
    }

    private static func climbed(
        from oldSize: UInt64, to size: UInt64, _ hashes: [MerkleHash]
    ) -> (old: MerkleHash, new: MerkleHash)? {
        var climb = Climb(from: oldSize - 1, of: size)
        climb.skipRightChildren()
        var (old, new) = (hashes[0], hashes[0])
        for sibling in hashes.dropFirst() {
            switch climb.step() {
            case .left: (old, new) = (.node(sibling, old), .node(sibling, new))
            case .right: new = .node(new, sibling)
            case .none: return nil
            }
        }
        return climb.isAtTop ? (old, new) : nil
    }
}

/// The way from a node up to the root: `fn` and `sn` of RFC 9162, section 2.1.3.2, the node's place in its level and the
/// place of the last node there.
private struct Climb {
    enum Side { case left, right }

    private var place: UInt64
    private var last: UInt64

    init(from leaf: UInt64, of size: UInt64) {
        place = leaf
        last = size - 1
    }

    var isAtTop: Bool { last == 0 }

    /// On which side the next sibling stands; nil at the top, where there is none.
    mutating func step() -> Side? {
        if isAtTop { return nil }
        guard place & 1 == 1 || place == last else {
            up()
            return .right
        }
        // The last node of a level may have no sibling there: it rises until it has one.
        while place & 1 == 0 && place != 0 { up() }
        up()
        return .left
    }

    /// From the last leaf of a tree to the root of the full subtree that it ends.
    mutating func skipRightChildren() {
        while place & 1 == 1 { up() }
    }

    private mutating func up() {
        place >>= 1
        last >>= 1
    }
}
