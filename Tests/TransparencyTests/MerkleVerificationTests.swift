import Testing
import Transparency

@Suite("Merkle proofs that must not verify")
struct MerkleVerificationTests {
    static let tree = GrownTree(leafCount: 100)

    /// The path with each hash changed, each left out, and one more put at each place.
    static func spoiled(_ path: [MerkleHash]) -> [[MerkleHash]] {
        var paths: [[MerkleHash]] = []
        for place in path.indices {
            var (changed, shorter) = (path, path)
            changed[place] = path[place].flipped
            shorter.remove(at: place)
            paths += [changed, shorter]
        }
        for place in 0...path.count {
            var longer = path
            longer.insert(place < path.count ? path[place] : .emptyRoot, at: place)
            paths.append(longer)
        }
        return paths
    }

    @Test("inclusion: path, leaf, index, size or root changed", arguments: 1...100)
    func inclusion(size: Int) throws {
        let size = UInt64(size)
        let root = try Self.tree.root(size)
        for index in 0..<size {
            let leaf = Self.tree.leaves[Int(index)]
            let path = try Self.tree.inclusion(index, size)
            func verifies(_ path: [MerkleHash], leaf: MerkleHash = leaf, at place: UInt64 = index, of count: UInt64 = size)
                -> Bool
            {
                MerkleTree.isIncluded(leaf, at: place, in: root, size: count, path: path)
            }
            #expect(verifies(path))
            #expect(!Self.spoiled(path).contains { verifies($0) })
            #expect(!verifies(path, leaf: leaf.flipped))
            #expect(!MerkleTree.isIncluded(leaf, at: index, in: root.flipped, size: size, path: path))
            #expect((0...size).filter { verifies(path, at: $0) } == [index])
            // Sizes with which the way to the root has another length; one of the same shape is told apart by its root.
            #expect(![0, index, size / 2, size * 2, .max].contains { verifies(path, of: $0) })
        }
    }

    @Test("consistency: path, size or root changed", arguments: 2...100)
    func consistency(size: Int) throws {
        let size = UInt64(size)
        let root = try Self.tree.root(size)
        for old in 1..<size {
            let oldRoot = try Self.tree.root(old)
            let path = try Self.tree.consistency(old, size)
            func verifies(_ path: [MerkleHash], from before: UInt64 = old, to after: UInt64 = size) -> Bool {
                MerkleTree.isConsistent(oldRoot, before, with: root, after, path: path)
            }
            #expect(verifies(path))
            #expect(!Self.spoiled(path).contains { verifies($0) })
            #expect((0...size).filter { verifies(path, from: $0) } == [old])
            #expect(![0, old, size / 2, size * 2].contains { verifies(path, to: $0) })
            #expect(!MerkleTree.isConsistent(oldRoot.flipped, old, with: root, size, path: path))
            #expect(!MerkleTree.isConsistent(oldRoot, old, with: root.flipped, size, path: path))
            #expect(!MerkleTree.isConsistent(root, old, with: oldRoot, size, path: path))
            #expect(!MerkleTree.isConsistent(root, size, with: oldRoot, old, path: path))
        }
    }

    @Test("a tree whose past was changed is not consistent, whatever the path", arguments: 1..<20)
    func rewritten(old: Int) throws {
        var forged = GrownTree(leafCount: 0)
        for (number, leaf) in Self.tree.leaves.prefix(20).enumerated() {
            forged.append(number == old - 1 ? leaf.flipped : leaf)
        }
        let oldRoot = try Self.tree.root(UInt64(old))
        let root = try forged.root(20)
        for path in [try forged.consistency(UInt64(old), 20), try Self.tree.consistency(UInt64(old), 20)] {
            #expect(!MerkleTree.isConsistent(oldRoot, UInt64(old), with: root, 20, path: path))
        }
    }

    @Test("sizes between which there is nothing to prove")
    func edges() {
        let (one, other) = (leaf("one"), leaf("other"))
        func isConsistent(_ old: MerkleHash, _ oldSize: UInt64, _ new: MerkleHash, _ size: UInt64, _ path: [MerkleHash] = [])
            -> Bool
        {
            MerkleTree.isConsistent(old, oldSize, with: new, size, path: path)
        }
        #expect(isConsistent(.emptyRoot, 0, .emptyRoot, 0))
        #expect(isConsistent(.emptyRoot, 0, one, 7))
        #expect(isConsistent(one, 7, one, 7))
        #expect(!isConsistent(one, 0, other, 7))
        #expect(!isConsistent(.emptyRoot, 0, one, 0))
        #expect(!isConsistent(one, 7, other, 7))
        #expect(!isConsistent(one, 7, one, 6))
        #expect(!isConsistent(one, 7, one, 0))
        #expect(!isConsistent(one, 7, one, 8))
        #expect(!isConsistent(.emptyRoot, 0, one, 7, [one]))
        #expect(!isConsistent(one, 7, one, 7, [one]))
        #expect(!MerkleTree.isIncluded(.emptyRoot, at: 0, in: .emptyRoot, size: 0, path: []))
        #expect(MerkleTree.isIncluded(one, at: 0, in: one, size: 1, path: []))
    }

    @Test("numbers at the end of their range are judged, not trapped on")
    func extremes() {
        let path = [MerkleHash](repeating: .emptyRoot, count: 65)
        for index in [0, 1, UInt64.max - 1, .max] {
            for size in [0, 1, UInt64.max - 1, .max] {
                #expect(!MerkleTree.isIncluded(.emptyRoot, at: index, in: .emptyRoot, size: size, path: path))
                #expect(!MerkleTree.isConsistent(.emptyRoot, index, with: .emptyRoot, size, path: path))
            }
        }
    }
}
