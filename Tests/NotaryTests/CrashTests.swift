import LedgerModel
import LedgerTestKit
import Testing
import Transparency

@testable import Notary
@testable import SegmentLog

@Suite("Crashes while a checkpoint is kept")
struct CrashTests {
    /// Signs twice, with growth between; answers what was published.
    private func scenario(_ scene: Scene) throws -> [SignedNote] {
        let notary = try scene.notary()
        notary.start()
        defer { notary.stop() }
        var published: [SignedNote] = []
        for _ in 0..<2 {
            guard let note = try? notary.checkpoint() else { return published }
            published.append(note)
            guard (try? scene.append(300)) != nil else { return published }
        }
        return published
    }

    private func scene() throws -> Scene {
        let scene = try Scene()
        try scene.append(batches: 3, of: 100)
        return scene
    }

    @Test("at every operation, with any part of the unsynced lost: what was published is kept, what is kept is true")
    func everyOperation() throws {
        let whole = try self.scene()
        let before = whole.volume.operationCount
        #expect(try scenario(whole).count == 2)
        for operation in before..<whole.volume.operationCount {
            for seed in 0..<4 as Range<UInt64> {
                let scene = try self.scene()
                scene.volume.plan(.crash, at: .operation(operation))
                let published = try scenario(scene)
                switch seed {
                case 0: scene.volume.powerCut()
                case 1: scene.volume.powerCut(.everything)
                default: scene.volume.powerCut(seed: seed)
                }
                try check(scene.volume, published, "operation \(operation), seed \(seed)")
            }
        }
    }

    private func check(_ volume: MemoryVolume, _ published: [SignedNote], _ place: Comment) throws {
        let last = try Notary.lastCheckpoint(in: Scene.directory, volume: volume)
        let scene = try Scene(volume, watermarks: last.map { [$0.watermark] } ?? [])
        #expect(last?.checkpoint.size ?? 0 >= (try published.last.map { try Checkpoint(parsing: $0.text).size } ?? 0), place)
        if let last { #expect(last.checkpoint.root == Scene.root(Int(last.checkpoint.size)), place) }
        try scene.append(10)
        #expect(try scene.sign().checkpoint.root == Scene.root(scene.count), place)
    }
}
