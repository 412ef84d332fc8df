import LedgerModel
import LedgerTestKit
import Testing
import Transparency

@testable import Notary
@testable import SegmentLog

@Suite("Receipts and consistency proofs")
struct ReceiptTests {
    @Test("every event has a receipt with its line, which holds by itself", arguments: [1, 2, 255, 256, 257, 700])
    func everyEvent(_ size: Int) throws {
        let scene = try Scene()
        while scene.count < size { try scene.append(min(64, size - scene.count)) }
        let notary = try scene.notary()
        notary.start()
        for number in 1...size {
            let proof = try notary.receipt(of: SequenceNumber(UInt64(number)))
            #expect(proof.extra.map { String(decoding: $0, as: UTF8.self) } == Scene.line(number))
            let read = try InclusionProof(parsing: proof.encoded)
            let checkpoint = try Array(Scene.line(number).utf8).withUnsafeBytes {
                try read.check(record: $0, key: scene.signer.verifierKey)
            }
            #expect(checkpoint.size == UInt64(size) && read.index == UInt64(number - 1))
        }
        notary.stop()
    }

    @Test("every two sizes are consistent, and a path from another size is not")
    func everyPair() throws {
        let scene = try Scene()
        try scene.append(batches: 6, of: 50)
        let notary = try scene.notary()
        notary.start()
        for size in 1...300 {
            let (path, note) = try notary.consistency(from: UInt64(size))
            let new = try note.checkpoint(keys: [scene.signer.verifierKey])
            #expect(MerkleTree.isConsistent(Scene.root(size), UInt64(size), with: new.root, new.size, path: path))
            if size > 1 {
                #expect(!MerkleTree.isConsistent(Scene.root(size - 1), UInt64(size), with: new.root, new.size, path: path))
            }
        }
        #expect(code { _ = try notary.consistency(from: 0) } == .notFound)
        #expect(code { _ = try notary.consistency(from: 301) } == .notFound)
        notary.stop()
    }

    @Test("a directory gives receipts to who only reads it, and none beyond what was signed")
    func offline() throws {
        let scene = try Scene()
        try scene.append(batches: 5, of: 100)
        let signed = try scene.sign()
        try scene.append(5)
        let tree = try LogTree(
            directory: Scene.directory, volume: scene.volume, reader: scene.reader, under: signed, head: scene.log.head)
        let proof = try tree.receipt(of: 321, under: signed, upTo: scene.log.head)
        #expect(try proof.check(leaf: Scene.leaf(321), keys: [scene.signer.verifierKey]).size == 500)
        #expect(code { _ = try tree.receipt(of: 501, under: signed, upTo: scene.log.head) } == .notCovered)
        #expect(code { _ = try tree.receipt(of: 0, under: signed, upTo: scene.log.head) } == .notFound)
        #expect(code { _ = try tree.consistency(from: 501, under: signed, upTo: scene.log.head) } == .notCovered)
    }

    @Test("verifying a log verifies its tree: checkpoint, root and level8")
    func verification() throws {
        let scene = try Scene(segment: 32 << 10)
        try scene.append(batches: 30, of: 100)
        try scene.sign()
        try scene.append(7)
        #expect(try verify(scene.volume) == Scene.root(3007))
        let flipped = scene.volume.copy()
        flipped.flipBit("/data/tree/level8", bit: 8 * (32 + 5 * 32) + 3)
        #expect(code { _ = try verify(flipped) } == .rootDiffers)
        let other = scene.volume.copy()
        let stranger = try Scene(ledger: Scene.otherLedger)
        try stranger.append(batches: 30, of: 100)
        other.put("/data/checkpoint", Array(try stranger.sign().note.encoded.utf8))
        #expect(code { _ = try verify(other) } == .otherHistory)
        let signed = try #require(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume)).checkpoint
        let wrong = Checkpoint(origin: signed.origin, size: signed.size, root: Scene.root(7), extensions: signed.extensions)
        other.put("/data/checkpoint", Array(scene.signer.sign(wrong).encoded.utf8))
        #expect(code { _ = try verify(other) } == .rootDiffers)
        let older = try Scene()
        try older.append(batches: 29, of: 100)
        older.volume.put("/data/checkpoint", scene.volume.contents("/data/checkpoint")!)
        #expect(code { _ = try verify(older.volume) } == .otherHistory)
    }

    private func verify(_ volume: MemoryVolume) throws -> MerkleHash {
        let tree = try TreeVerification(directory: Scene.directory, volume: volume)
        let result = LogVerifier.verify(Scene.directory, volume: volume, batch: tree.take)
        guard case .sound = result else {
            _ = try? tree.finish()
            throw LogError(.badBatch, "\(result)")
        }
        return try tree.finish()
    }
}
