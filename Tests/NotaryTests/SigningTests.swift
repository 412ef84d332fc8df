import LedgerModel
import LedgerTestKit
import Testing
import Transparency

@testable import Notary
@testable import SegmentLog

@Suite("What the notary signs")
struct SigningTests {
    @Test("a clean stop signs all that is committed; the note is a checkpoint and a watermark")
    func cleanStop() throws {
        let scene = try Scene()
        try scene.append(batches: 5, of: 61)
        let signed = try scene.sign()
        #expect(signed.checkpoint.origin == Scene.origin.text && signed.checkpoint.size == 305)
        #expect(signed.checkpoint.root == Scene.root(305))
        #expect(signed.watermark == scene.log.head.watermark)
        #expect(signed.checkpoint.extensions == ["\(Scene.ledger) \(scene.log.head.chain)"])
        #expect(scene.signer.verifierKey.isValid(signed.note))
        try signed.verify(keys: scene.keys)
        #expect(scene.notes.texts.isEmpty)
    }

    @Test("nothing is signed while there is nothing, and nothing twice")
    func nothingNew() throws {
        let scene = try Scene()
        let empty = try scene.notary()
        empty.start()
        #expect(code { _ = try empty.checkpoint() } == .notFound)
        empty.stop()
        #expect(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume) == nil)
        try scene.append(3)
        try scene.sign()
        let count = scene.volume.operationCount
        try scene.sign()
        #expect(scene.volume.operationCount == count)
    }

    @Test("a segment that ends is signed at its end")
    func rolling() throws {
        let scene = try Scene(segment: 32 << 10)
        let notary = try scene.notary()
        notary.start()
        try scene.append(10)
        _ = try notary.checkpoint()
        while scene.log.head.segment == .first { try scene.append(100) }
        let end = SequenceNumber(scene.log.head.segment.rawValue - 1)
        try scene.append(100)
        scene.volume.plan(.fail(.inputOutput), at: .next(.rename, after: 2))
        notary.stop()
        let last = try #require(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume))
        #expect(
            last.sequence == end,
            "what failed was the last rename: after those of the tree and of the checkpoint at the end of the segment")
        #expect(last.checkpoint.root == Scene.root(Int(end.rawValue)))
    }

    @Test("a checkpoint is signed without being asked for when there is something new for a while")
    func interval() throws {
        let scene = try Scene()
        let notary = try scene.notary(interval: .milliseconds(1))
        notary.start()
        try scene.append(7)
        #expect(notary.waitForCheckpoint(of: 7).checkpoint.root == Scene.root(7))
        notary.stop()
    }

    @Test("whoever asks for an event gets a checkpoint that covers it; all who ask together get few signatures")
    func storm() async throws {
        let scene = try Scene()
        let notary = try scene.notary()
        notary.start()
        try scene.append(batches: 3, of: 100)
        let notes = try await withThrowingTaskGroup(of: SignedNote.self) { group in
            for _ in 0..<50 { group.addTask { try notary.checkpoint() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(notes.map(\.text)).count == 1)
        let counts = scene.volume.counts[.rename] ?? 0
        #expect(try Checkpoint(parsing: notary.checkpoint(upTo: 17).text).size == 300)
        #expect(scene.volume.counts[.rename] ?? 0 == counts, "what covers the event is there already")
        #expect(code { _ = try notary.checkpoint(upTo: 301) } == .notFound)
        #expect(code { _ = try notary.checkpoint(upTo: 0) } == .notFound)
        notary.stop()
        #expect(try Checkpoint(parsing: notary.checkpoint(upTo: 300).text).size == 300)
        try scene.append(1)
        #expect(code { _ = try notary.checkpoint() } == .stopped)
    }

    @Test("a log that grows under the daemon's hands is followed, and every checkpoint continues the one before")
    func following() throws {
        let scene = try Scene()
        let notary = try scene.notary()
        notary.start()
        var last: Checkpoint?
        for round in 1...30 {
            try scene.append(batches: round % 4 + 1, of: 40 + round)
            let next = try Checkpoint(parsing: notary.checkpoint().text)
            #expect(next.root == Scene.root(scene.count))
            if let last {
                let (path, _) = try notary.consistency(from: last.size)
                #expect(MerkleTree.isConsistent(last.root, last.size, with: next.root, next.size, path: path))
            }
            last = next
        }
        notary.stop()
    }

    @Test("a log that grows by a stride is followed without being asked, again and again; nothing is signed for it")
    func stride() throws {
        let scene = try Scene(segment: 4 << 20)
        let notary = try scene.notary()
        notary.start()
        for size in [5000, 10_000, 15_000] as [UInt64] {
            try scene.append(batches: 25, of: 200)
            notary.waitForFollowing(of: SequenceNumber(size - 5000 + 4096))
        }
        #expect(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume) == nil)
        #expect(try Checkpoint(parsing: notary.checkpoint().text).root == Scene.root(15_000))
        notary.stop()
    }

    @Test("a failing disk is told once, fails who waits, and is tried again")
    func failingDisk() throws {
        let scene = try Scene()
        try scene.append(20)
        let notary = try scene.notary()
        notary.start()
        scene.volume.plan(.fail(.noSpace), at: .next(.sync))
        #expect(code { _ = try notary.checkpoint() } == .volume)
        #expect(scene.notes.texts.count == 1)
        #expect(try Checkpoint(parsing: notary.checkpoint().text).size == 20)
        notary.stop()
    }

    @Test("a tree that cannot be kept is told once and no reason not to sign; it is kept as soon as it can be")
    func unkeptTree() throws {
        let scene = try Scene()
        let notary = try scene.notary()
        notary.start()
        for size in [300, 600] as [UInt64] {
            try scene.append(300)
            // The first operation of keeping the tree: its folder, or its file made anew.
            scene.volume.plan(.fail(.noSpace), at: .next(.makeDirectory))
            #expect(try Checkpoint(parsing: notary.checkpoint().text).size == size)
        }
        #expect(scene.notes.texts.count == 1 && scene.volume.contents("/data/tree/level8") == nil)
        try scene.append(300)
        #expect(try Checkpoint(parsing: notary.checkpoint().text).size == 900)
        #expect(scene.volume.contents("/data/tree/level8")?.count == 32 + 3 * 32)
        notary.stop()
    }

    @Test("a log that was changed under the daemon is not signed over")
    func changedUnderneath() throws {
        let scene = try Scene()
        try scene.append(20)
        let notary = try scene.notary()
        notary.start()
        _ = try notary.checkpoint()
        // The first batch, with another line in it and every checksum right.
        let other = try Scene()
        try other.append(changing: 5, count: 20)
        try scene.append(10)
        let (path, bytes) = ("/data/log/00000000000000000001.lz4", scene.volume.contents("/data/log/00000000000000000001.lz4")!)
        let forged = other.volume.contents(path)!
        scene.volume.put(path, Array(forged[..<Int(other.log.head.offset)] + bytes[Int(other.log.head.offset)...]))
        let error = code { _ = try notary.checkpoint() }
        #expect(error == .log || error == .inconsistent, "\(String(describing: error))")
        notary.stop()
        #expect(try Notary.lastCheckpoint(in: Scene.directory, volume: scene.volume)?.checkpoint.size == 20)
    }
}

extension Scene {
    /// Lines of which one is another.
    func append(changing changed: Int, count: Int) throws {
        let first = self.count + 1
        let lines = (first..<first + count).map {
            $0 == changed ? Scene.line($0).replacing("line", with: "LINE") : Scene.line($0)
        }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        try bytes.withUnsafeBufferPointer { try log.append(UnsafeRawBufferPointer($0), count: count, at: Scene.time) }
        committed.publish(log.head)
    }
}
