import EventCodec
import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import SegmentLog

@testable import ReadModels

/// A data directory of a test, with a log that the test writes, removed at the end.
final class Ledger {
    let directory: String
    let log: SegmentLog
    let head: CommittedHead
    let reader: LogReader
    private var writer = JSONWriter()

    init() throws {
        directory = NSTemporaryDirectory() + "readmodels-" + UUID().uuidString
        log = try SegmentLog.open(
            directory, watermarks: [], creatingWith: { Ledger.id }, now: Timestamp(microseconds: 1)
        ).log
        head = CommittedHead(log.head)
        reader = LogReader(directory)
    }

    deinit {
        try? log.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    static let id = LedgerID("6b1f3c52-0f0e-4b5a-9d6e-0a1b2c3d4e5f")!

    var views: String { directory + "/views" }
    /// The file in use of a read model; where the first would be when there is none.
    func file(_ name: String) -> String { ReadModelDirectory(path: views).file(name) }

    /// Writes events as one log batch, and tells the followers.
    func append(_ events: [Event]) throws {
        guard let last = events.last else { return }
        writer.removeAll()
        for event in events { EventCodec.encode(event, into: &writer) }
        try log.append(writer.bytes, count: events.count, at: last.at)
        head.publish(log.head)
    }

    /// Writes events cut into log batches by groups, as the engine does: no group is split.
    func append(_ events: [Event], cutting random: inout SeededGenerator) throws {
        var batch: [Event] = []
        for event in events {
            if event.group != nil, batch.count > Int.random(in: 0...40, using: &random) {
                try append(batch)
                batch = []
            }
            batch.append(event)
        }
        try append(batch)
    }

    /// Bounds for tests: a busy machine must not look like a lagging projector.
    static var patient: ReadModelBounds {
        var bounds = ReadModelBounds()
        bounds.lagLimit = .seconds(300)
        return bounds
    }

    func readModels(_ projections: [Projection] = Projection.builtIn, bounds: ReadModelBounds = Ledger.patient) throws
        -> ReadModels
    {
        try ReadModels(views, projections: projections, reader: reader, head: head, bounds: bounds) { _ in }
    }
}

/// Events of a random ledger.
func generatedEvents(seed: UInt64, count: Int) -> [Event] {
    var generator = EventLogGenerator(seed: seed)
    while generator.events.count < count { generator.nextEvents() }
    return generator.events
}

/// The rows of a query's answer.
func rows(_ answer: QueryAnswer) throws -> [[String: Any]] {
    try answered(answer)["rows"] as! [[String: Any]]
}

func answered(_ answer: QueryAnswer) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(answer.json)) as! [String: Any]
}

extension ReadModels {
    /// All rows of a query, page by page.
    func all(
        _ method: String, _ arguments: [String: QueryValue] = [:], minSeq: SequenceNumber?, now: Timestamp
    ) async throws -> [[String: Any]] {
        var (all, cursor): ([[String: Any]], String?) = ([], nil)
        repeat {
            let answer = try answered(try await query(method, arguments, cursor: cursor, minSeq: minSeq, now: now))
            all += answer["rows"] as! [[String: Any]]
            cursor = answer["next"] as? String
        } while cursor != nil
        return all
    }
}
