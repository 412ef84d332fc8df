import Foundation
import LedgerModel
import LedgerTestKit
import ReadModels
import SegmentLog

/// The built-in read models on files of their own, each of which follows the log at its own pace.
final class SimulatedReadModels {
    private let views: String
    private let kept: String
    private let volume: MemoryVolume
    private var random: SeededGenerator
    private var models: [SteppedReadModel] = []

    init(_ volume: MemoryVolume, seed: UInt64) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "simulated-\(UUID().uuidString)")
        (views, kept) = (root.appending(path: "views").path, root.appending(path: "kept").path)
        self.volume = volume
        random = SeededGenerator(seed: seed)
        try FileManager.default.createDirectory(atPath: root.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: URL(filePath: views).deletingLastPathComponent()) }

    /// What they have seen of the log: it must still be there.
    var watermarks: [Watermark] { ReadModels.watermarks(in: views).filter { $0.sequence > .zero } }

    /// Of the daemon that runs: what an earlier one had open is dead.
    private func newReader() -> LogReader { LogReader(SimulatedHost.directory, volume: volume) }

    func open(_ head: LogHead) throws {
        let reader = newReader()
        models = try Projection.builtIn.map { projection in
            var bounds = ReadModelBounds()
            bounds.stretchEventCount = Int.random(in: 1...60, using: &random)
            bounds.commitEventCount = Int.random(in: 1...200, using: &random)
            return try SteppedReadModel(projection, in: views, reader: reader, head: head, bounds: bounds)
        }
    }

    /// The daemon is dead; the files are as they were at the last commit of each.
    func close() { models = [] }

    /// Some of them read on, some way.
    func follow(_ head: LogHead) throws {
        for model in models where random.oneIn(3) {
            let limit = UInt64.random(in: model.watermark.sequence.rawValue...head.lastSequence.rawValue, using: &random)
            try model.follow(through: SequenceNumber(limit), upTo: head)
        }
    }

    /// Each is held, row by row, against one that is built anew and in other pieces.
    func check(_ head: LogHead) throws {
        for model in models {
            while model.watermark.sequence < head.lastSequence { try model.follow(through: head.lastSequence, upTo: head) }
        }
        close()
        for projection in Projection.builtIn {
            let rebuild = try OfflineRebuild(projection, in: views, reader: newReader())
            if let difference = try rebuild.check(upTo: head, progress: { _ in }) {
                throw LawBroken("read model \(projection.name): \(difference)")
            }
        }
    }

    // MARK: Older states

    /// Keeps the files as they are. They must be closed.
    func keep() throws {
        guard FileManager.default.fileExists(atPath: views) else { return }
        try? FileManager.default.removeItem(atPath: kept)
        try FileManager.default.copyItem(atPath: views, toPath: kept)
    }

    /// Puts back what was kept, if anything was: a read model may have forgotten, as after a power cut.
    func putBack() throws {
        guard FileManager.default.fileExists(atPath: kept) else { return }
        try FileManager.default.removeItem(atPath: views)
        try FileManager.default.copyItem(atPath: kept, toPath: views)
    }
}
