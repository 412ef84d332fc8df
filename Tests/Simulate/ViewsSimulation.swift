import Foundation
import LedgerModel
import LedgerTestKit
import ReadModels
import SegmentLog

/// Every read model follows a log that is there, in commits and stretches of random lengths, with restarts, and is then held row by row
/// against one that is built anew in large pieces; and what `health` adds up must come out.
struct ViewsSimulation {
    private let data: String
    private let views: String
    private let seed: UInt64

    init(_ data: String, _ seed: UInt64) {
        (self.data, self.seed) = (data, seed)
        views = FileManager.default.temporaryDirectory.appending(path: "views-\(UUID().uuidString)").path
    }

    func run() -> Bool {
        defer { try? FileManager.default.removeItem(atPath: views) }
        do {
            let reader = LogReader(data)
            let head = try reader.head()
            for (number, projection) in Projection.builtIn.enumerated() {
                var random = SeededGenerator(seed: seed &+ UInt64(number))
                let commitCount = try follow(projection, reader, head, &random)
                if let difference = try OfflineRebuild(projection, in: views, reader: reader).check(
                    upTo: head, progress: { _ in })
                {
                    Simulate.tell("read model \(projection.name): \(difference)")
                    Simulate.tell("again: daybook-simulate --views \(data) --seed \(seed)")
                    return false
                }
                Simulate.tell("\(projection.name): \(head.lastSequence) events in \(commitCount) commits, every row the same")
            }
            return true
        } catch {
            Simulate.tell("\(data): \(error)")
            return false
        }
    }

    /// Follows to the end, opened anew now and then; answers in how many commits.
    private func follow(
        _ projection: Projection, _ reader: LogReader, _ head: LogHead, _ random: inout SeededGenerator
    ) throws -> Int {
        var (reached, commitCount) = (SequenceNumber.zero, 0)
        while reached < head.lastSequence {
            let model = try SteppedReadModel(projection, in: views, reader: reader, head: head, bounds: bounds(&random))
            for _ in 0..<Int.random(in: 1...20, using: &random) where model.watermark.sequence < head.lastSequence {
                try model.follow(through: head.lastSequence, upTo: head)
                commitCount += 1
            }
            reached = model.watermark.sequence
        }
        return commitCount
    }

    /// From one event to some thousand: mostly short ones, for it is at the ends of stretches that things go wrong.
    private func bounds(_ random: inout SeededGenerator) -> ReadModelBounds {
        var bounds = ReadModelBounds()
        bounds.stretchEventCount = 1 << Int.random(in: 0...13, using: &random)
        bounds.commitEventCount = 1 << Int.random(in: 9...15, using: &random)
        return bounds
    }
}
