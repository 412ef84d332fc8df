import EventCodec
import Foundation
import JSONText
import LedgerModel
import Projections
import ReadModels
import SegmentLog
import WhatIf

/// Events in a log that the read models have followed to the end.
struct FollowedLedger {
    let readModels: ReadModels
    /// The time of the last event.
    let now: Timestamp
    private let directory: String
    private let log: SegmentLog

    init(_ events: [Event]) async throws {
        try self.init(writing: events)
        readModels.start()
        for method in ["accounts.stats", "allowances.overview", "balances.list", "config.current", "usage.uses"] {
            try await wait(for: events.last!.sequence, method)
        }
    }

    private init(writing events: [Event]) throws {
        let directory = NSTemporaryDirectory() + "whatif-" + UUID().uuidString
        let opened = try SegmentLog.open(
            directory, watermarks: [], creatingWith: { LedgerID("6b1f3c52-0f0e-4b5a-9d6e-0a1b2c3d4e5f")! },
            now: Timestamp(microseconds: 1))
        var writer = JSONWriter()
        for event in events { EventCodec.encode(event, into: &writer) }
        try opened.log.append(writer.bytes, count: events.count, at: events.last!.at)
        let names = ["accounts", "allowances", "balances", "config", "usage"]
        readModels = try ReadModels(
            directory + "/views", projections: Projection.builtIn.filter { names.contains($0.name) },
            reader: LogReader(directory),
            head: CommittedHead(opened.log.head), note: { _ in })
        (now, self.directory, log) = (events.last!.at, directory, opened.log)
    }

    /// The read model of a query has come to an event.
    private func wait(for last: SequenceNumber, _ method: String) async throws {
        while true {
            do {
                _ = try await readModels.query(method, ["tenant": .text("acme")], minSeq: last, now: now)
                return
            } catch QueryError.rebuilding, QueryError.lagging { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    func ask(_ key: DocumentKey, _ document: Document, from day: Day) throws(WhatIfError) -> WhatIfReport {
        let days = day...Day("9000-01-01")!
        return try WhatIfQuestion(tenant: "acme", key: key, document: document, days: days, top: 100)
            .answer(readModels, zones: .utcOnly, now: now, interruption: Interruption())
    }

    func stop() async {
        await readModels.stop()
        try? log.close()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
