import Testing
import Transparency

@Suite("Merkle tree: known answers")
struct KnownTreeTests {
    /// The leaves, roots and proofs that Certificate Transparency's implementations have always tested with.
    static let records: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57), Array(0x60...0x6F),
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    static let inclusions: [(index: UInt64, size: UInt64, path: [String])] = [
        (0, 1, []),
        (
            0, 8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        ),
        (
            5, 8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1, 5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        ),
    ]
    static let consistencies: [(old: UInt64, size: UInt64, path: [String])] = [
        (1, 1, []),
        (
            1, 8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        ),
        (
            6, 8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        ),
        (
            2, 5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        ),
        (
            6, 7,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        ),
    ]

    let tree = GrownTree(records: records)

    @Test("roots of the first leaves", arguments: zip(UInt64(0)...8, roots))
    func root(size: UInt64, root: String) throws {
        #expect("\(try tree.root(size))" == root)
        #expect("\(GrownTree(records: Array(Self.records.prefix(Int(size)))).frontier.root)" == root)
    }

    @Test("inclusion proofs", arguments: inclusions)
    func inclusion(index: UInt64, size: UInt64, path: [String]) throws {
        #expect(try tree.inclusion(index, size).map(\.description) == path)
    }

    @Test("consistency proofs", arguments: consistencies)
    func consistency(old: UInt64, size: UInt64, path: [String]) throws {
        #expect(try tree.consistency(old, size).map(\.description) == path)
    }
}

@Suite("Merkle tree: every tree of up to 100 leaves")
struct EveryTreeTests {
    static let tree = GrownTree(leafCount: 100)

    @Test("frontier, nodes and definition have one root", arguments: 0...100)
    func roots(size: Int) throws {
        let expected = NaiveTree.root(Self.tree.leaves.prefix(size))
        #expect(try Self.tree.root(UInt64(size)) == expected)
        #expect(GrownTree(leafCount: size).frontier.root == expected)
    }

    @Test("a frontier made from its full subtrees goes on like the one that grew", arguments: 0...100)
    func resumed(size: Int) throws {
        let names = MerkleFrontier.nodes(of: UInt64(size))
        var frontier = MerkleFrontier(size: UInt64(size), nodes: try names.map(Self.tree.hash))
        #expect(frontier == GrownTree(leafCount: size).frontier)
        for leaf in Self.tree.leaves.dropFirst(size) { frontier.append(leaf) }
        #expect(frontier == Self.tree.frontier)
    }

    @Test("full subtrees cover the leaves once, from the left, each smaller than the one before", arguments: 0...100)
    func subtrees(size: Int) {
        let nodes = MerkleFrontier.nodes(of: UInt64(size))
        #expect(nodes.reduce(0) { $0 == $1.firstLeaf ? $0 + $1.leafCount : .max } == UInt64(size))
        #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0.level > $1.level })
    }

    @Test("every completed node is told once, and is the node of its children")
    func completed() {
        let tree = Self.tree
        #expect(tree.nodes.count == (0..<7).reduce(0) { $0 + 100 >> $1 })
        for (node, hash) in tree.nodes where node.level > 0 {
            #expect(hash == .node(tree.nodes[node.children.left]!, tree.nodes[node.children.right]!))
        }
    }

    @Test("proofs are those of the definition, and verify", arguments: 1...100)
    func proofs(size: Int) throws {
        let tree = Self.tree
        let leaves = tree.leaves.prefix(size)
        let root = try tree.root(UInt64(size))
        for index in 0..<size {
            let path = try tree.inclusion(UInt64(index), UInt64(size))
            #expect(path == NaiveTree.path(index, leaves))
            #expect(MerkleTree.isIncluded(leaves[index], at: UInt64(index), in: root, size: UInt64(size), path: path))
        }
        for old in 1...size {
            let path = try tree.consistency(UInt64(old), UInt64(size))
            #expect(path == NaiveTree.proof(old, leaves))
            #expect(MerkleTree.isConsistent(try tree.root(UInt64(old)), UInt64(old), with: root, UInt64(size), path: path))
        }
    }

    @Test("what the source of nodes throws comes out")
    func missing() {
        let tree = Self.tree
        let missing = GrownTree.Missing(node: MerkleNode(level: 3, index: 12))
        #expect(throws: missing) { try tree.root(104) }
        #expect(throws: GrownTree.Missing.self) { try tree.inclusion(3, 128) }
        #expect(throws: GrownTree.Missing.self) { try tree.consistency(64, 128) }
    }

    @Test("the source is asked for a handful of nodes, and only for full ones")
    func economy() {
        let size: UInt64 = (1 << 40) + 12_345
        var asked: [MerkleNode] = []
        func node(_ node: MerkleNode) -> MerkleHash {
            asked.append(node)
            return .emptyRoot
        }
        _ = MerkleTree.inclusionPath(of: 1 << 39, size: size, node)
        _ = MerkleTree.consistencyPath(from: 987_654_321, to: size, node)
        #expect(asked.count < 3 * 64)
        #expect(asked.allSatisfy { $0.firstLeaf + $0.leafCount <= size })
    }
}
