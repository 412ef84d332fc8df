import Transparency

/// The definitions of RFC 6962, section 2.1, word for word, over all leaves: slow, and sharing nothing with the program but
/// the two hash functions.
enum NaiveTree {
    /// MTH(D[n]), section 2.1.
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        if leaves.isEmpty { return .emptyRoot }
        if leaves.count == 1 { return leaves.first! }
        let (left, right) = split(leaves)
        return .node(root(left), root(right))
    }

    /// PATH(m, D[n]), section 2.1.1.
    static func path(_ m: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        if leaves.count == 1 { return [] }
        let (left, right) = split(leaves)
        return m < left.count
            ? path(m, left) + [root(right)]
            : path(m - left.count, right) + [root(left)]
    }

    /// PROOF(m, D[n]), section 2.1.2.
    static func proof(_ m: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        subproof(m, leaves, true)
    }

    private static func subproof(_ m: Int, _ leaves: ArraySlice<MerkleHash>, _ isWhole: Bool) -> [MerkleHash] {
        if m == leaves.count { return isWhole ? [] : [root(leaves)] }
        let (left, right) = split(leaves)
        return m <= left.count
            ? subproof(m, left, isWhole) + [root(right)]
            : subproof(m - left.count, right, false) + [root(left)]
    }

    /// k is the largest power of two smaller than n.
    private static func split(_ leaves: ArraySlice<MerkleHash>) -> (ArraySlice<MerkleHash>, ArraySlice<MerkleHash>) {
        var k = 1
        while k * 2 < leaves.count { k *= 2 }
        return (leaves.prefix(k), leaves.dropFirst(k))
    }
}

/// A tree whose every full node is known, kept by a frontier as it grew.
struct GrownTree {
    private(set) var frontier = MerkleFrontier()
    private(set) var nodes: [MerkleNode: MerkleHash] = [:]
    private(set) var leaves: [MerkleHash] = []

    /// Leaves that say their own number.
    init(leafCount: Int) {
        for number in 0..<leafCount { append(leaf("record \(number)")) }
    }

    init(records: [[UInt8]]) {
        for record in records { append(record.withUnsafeBytes { MerkleHash.leaf($0) }) }
    }

    mutating func append(_ leaf: MerkleHash) {
        leaves.append(leaf)
        frontier.append(leaf) { node, hash in nodes[node] = hash }
    }

    struct Missing: Error, Equatable { let node: MerkleNode }

    func hash(_ node: MerkleNode) throws(Missing) -> MerkleHash {
        guard let hash = nodes[node] else { throw Missing(node: node) }
        return hash
    }

    func root(_ size: UInt64) throws -> MerkleHash { try MerkleTree.root(size: size, hash) }
    func inclusion(_ index: UInt64, _ size: UInt64) throws -> [MerkleHash] {
        try MerkleTree.inclusionPath(of: index, size: size, hash)
    }
    func consistency(_ old: UInt64, _ size: UInt64) throws -> [MerkleHash] {
        try MerkleTree.consistencyPath(from: old, to: size, hash)
    }
}

func leaf(_ text: String) -> MerkleHash {
    Array(text.utf8).withUnsafeBytes { MerkleHash.leaf($0) }
}

extension MerkleHash {
    /// The same hash with one bit turned.
    var flipped: MerkleHash {
        var bytes = bytes
        bytes[13] ^= 0x10
        return MerkleHash(bytes: bytes)!
    }

    static func hex(_ digits: String) -> MerkleHash {
        let digits = Array(digits)
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
        return MerkleHash(bytes: bytes)!
    }
}
