import LedgerModel
import LedgerTestKit
import Testing
import Transparency

@testable import Notary
@testable import SegmentLog

/// What the notary finds at the start, and what it makes of it.
@Suite("The start of the notary")
struct StartTests {
    private static let tree = "/data/tree/level8"
    private static let checkpoint = "/data/checkpoint"

    /// A signed log of 1,000 lines in several segments, closed.
    private func signedScene() throws -> Scene {
        let scene = try Scene(segment: 32 << 10)
        try scene.append(batches: 10, of: 100)
        try scene.sign()
        return scene
    }

    @Test("goes on where it was, from the tree that was kept")
    func goesOn() throws {
        let scene = try signedScene()
        #expect(scene.volume.contents(Self.tree)?.count == 32 + 3 * 32)
        let notary = try scene.notary()
        notary.start()
        try scene.append(batches: 7, of: 100)
        #expect(try Checkpoint(parsing: notary.checkpoint().text).root == Scene.root(1700))
        notary.stop()
        #expect(scene.volume.contents(Self.tree)?.count == 32 + 6 * 32)
        #expect(scene.notes.texts.isEmpty)
    }

    @Test("reads no more of the log than lies beyond the tree")
    func readsLittle() throws {
        let scene = try Scene(segment: 32 << 10)
        try scene.append(batches: 100, of: 100)
        try scene.sign()
        let before = scene.volume.counts[.openFile] ?? 0
        _ = try scene.notary()
        let opened = (scene.volume.counts[.openFile] ?? 0) - before
        try scene.volume.remove(Self.tree)
        let again = scene.volume.counts[.openFile] ?? 0
        _ = try scene.notary()
        #expect(opened < (scene.volume.counts[.openFile] ?? 0) - again)
    }

    @Test(
        "a tree file with any byte changed, cut short, or missing is made anew from the log",
        arguments: [0, 31, 32, 63, 64, 100, 127])
    func wrongTree(_ byte: Int) throws {
        let scene = try signedScene()
        let right = try #require(scene.volume.contents(Self.tree))
        var flipped = right
        flipped[byte] ^= 0x10
        for wrong in [flipped, Array(right[..<byte])] {
            scene.volume.put(Self.tree, wrong)
            let notary = try scene.notary()
            notary.start()
            try scene.append(300)
            #expect(try Checkpoint(parsing: notary.checkpoint().text).root == Scene.root(scene.count))
            notary.stop()
            #expect(Array(scene.volume.contents(Self.tree)!.prefix(128)) == right)
        }
        #expect(byte < 32 || scene.notes.texts.contains { $0.contains("made anew") })
    }

    @Test("a changed byte of the checkpoint never passes")
    func wrongCheckpoint() throws {
        let scene = try signedScene()
        let right = try #require(scene.volume.contents(Self.checkpoint))
        for byte in right.indices {
            var wrong = right
            wrong[byte] ^= 1
            scene.volume.put(Self.checkpoint, wrong)
            let error = code { _ = try scene.notary() }
            #expect(error == .badCheckpoint || error == .foreignCheckpoint, "byte \(byte): \(String(describing: error))")
        }
        scene.volume.put(Self.checkpoint, Array(right.dropLast()))
        #expect(code { _ = try scene.notary() } == .badCheckpoint)
        scene.volume.put(Self.checkpoint, [])
        #expect(code { _ = try scene.notary() } == .badCheckpoint)
    }

    @Test("a checkpoint of another ledger or with another key is refused")
    func foreign() throws {
        let scene = try signedScene()
        let other = try Scene(ledger: Scene.otherLedger)
        try other.append(batches: 10, of: 100)
        let foreign = try other.sign()
        scene.volume.put(Self.checkpoint, Array(foreign.note.encoded.utf8))
        #expect(code { _ = try scene.notary() } == .otherHistory)
        #expect(throws: LogError.self) { try Scene(scene.volume.copy(), watermarks: [foreign.watermark]) }
        let stranger = try Scene(seed: 9)
        try stranger.append(batches: 10, of: 100)
        scene.volume.put(Self.checkpoint, Array(try stranger.sign().note.encoded.utf8))
        #expect(code { _ = try scene.notary() } == .foreignCheckpoint)
    }

    @Test("a checkpoint without our line, or with more, is of another log")
    func otherExtensions() throws {
        let scene = try signedScene()
        let right = try #require(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume))
        for extensions in [[], right.checkpoint.extensions + ["more"], ["x y"], [right.checkpoint.extensions[0].uppercased()]] {
            let (origin, size, root) = (right.checkpoint.origin, right.checkpoint.size, right.checkpoint.root)
            let text = Checkpoint(origin: origin, size: size, root: root, extensions: extensions)
            #expect(code { _ = try SignedCheckpoint(scene.signer.sign(text)) } == .badCheckpoint)
        }
    }

    @Test("an older copy of the log beside the newer checkpoint is refused, by the log and by the notary")
    func olderCopy() throws {
        let scene = try Scene()
        try scene.append(batches: 4, of: 50)
        let older = scene.volume.copy()
        try scene.append(batches: 4, of: 50)
        let signed = try scene.sign()
        older.put(Self.checkpoint, scene.volume.contents(Self.checkpoint)!)
        #expect(throws: LogError.self) { try Scene(older.copy(), watermarks: [signed.watermark]) }
        #expect(code { _ = try Scene(older).notary() } == .otherHistory)
    }

    @Test("an event changed with every checksum and the chain made right, and the chain signed again: the root differs")
    func rewritten() throws {
        let scene = try Scene()
        try scene.append(300)
        let signed = try scene.sign()
        let forged = try Scene()
        try forged.append(changing: 200, count: 300)
        forged.volume.put(Self.checkpoint, scene.volume.contents(Self.checkpoint)!)
        #expect(code { _ = try forged.notary() } == .otherHistory, "the chain is signed too")
        // With the chain signed anew, the root of what was signed before tells.
        let chained = Checkpoint(
            origin: signed.checkpoint.origin, size: 300, root: signed.checkpoint.root,
            extensions: ["\(Scene.ledger) \(forged.log.head.chain)"])
        forged.volume.put(Self.checkpoint, Array(forged.signer.sign(chained).encoded.utf8))
        #expect(code { _ = try forged.notary() } == .rootDiffers)
        // The kept tree is that of the events that were signed: so no receipt can be made for the changed one.
        forged.volume.put(Self.tree, scene.volume.contents(Self.tree)!)
        let notary = try forged.notary()
        notary.start()
        #expect(code { _ = try notary.receipt(of: 200) } == .rootDiffers)
        notary.stop()
    }

    @Test("another signing key than the log names is refused, and the way out named")
    func wrongKey() throws {
        let scene = try signedScene()
        #expect { _ = try scene.notary(signer: Scene.signer(8)) } throws: { error in
            let error = error as? NotaryError
            return error?.code == .wrongKey && error?.sentence.contains("replace-key") == true
        }
    }

    @Test("after a replacement the old key's checkpoint stands, and the new key signs on")
    func replacedKey() throws {
        let scene = try signedScene()
        let new = try Scene.signer(8)
        try scene.append(1)
        let keys = scene.keys + [Name(new.verifierKey.description)!]
        let notary = try scene.notary(keys: keys, signer: new)
        notary.start()
        notary.stop()
        let signed = try #require(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume))
        #expect(signed.sequence == 1001 && new.verifierKey.isValid(signed.note))
        #expect(!scene.signer.verifierKey.isValid(signed.note))
        #expect(code { try signed.verify(keys: scene.keys) } == .foreignCheckpoint)
    }

    @Test("what an operator cut off was signed: its checkpoint is set aside, and only then")
    func cut() throws {
        let scene = try signedScene()
        let (directory, volume) = (Scene.directory, scene.volume)
        #expect(try Notary.setAsideCheckpoint(in: directory, volume: volume, unlessSeenBy: scene.log.head) == nil)
        let signed = try #require(scene.volume.contents(Self.checkpoint))
        let shorter = try Scene()
        try shorter.append(batches: 9, of: 100)
        shorter.volume.put(Self.checkpoint, signed)
        let name = try Notary.setAsideCheckpoint(in: directory, volume: shorter.volume, unlessSeenBy: shorter.log.head)
        #expect(name == "checkpoint-1000" && shorter.volume.syncedContents("/data/torn/checkpoint-1000") == signed)
        #expect(try shorter.sign().checkpoint.size == 900)
    }
}
