import EventCodec
import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import Projections
import ReadModels
import SegmentLog
import Testing

@testable import LedgerServer

/// What the read model `health` finds becomes an alert of the ledger, once.
@Suite struct DriftWatchTests {
    private static let drift = AlertRaised.Drift(
        tenant: "acme", account: "a", unit: "credits", sequence: SequenceNumber(2), expected: 5, found: -3)

    @Test func tellsOfEachDriftAndHowManyThereAre() async throws {
        let told = Monitor<[AlertRaised.Drift]>([])
        var other = DriftWatchTests.drift
        other.account = "b"
        let found = [DriftWatchTests.drift, other]
        let watch = DriftWatch(pause: .seconds(1000), look: { found }, raise: { drift in told.withLock { $0.append(drift) } })
        #expect(watch.count == nil)
        await watch.step()
        #expect(watch.count == 2 && told.withLock { $0 } == found)
    }

    @Test func theCountIsUnknownWhileHealthCannotBeAsked() async throws {
        let isFailing = Monitor(false)
        let watch = DriftWatch(
            pause: .seconds(1000),
            look: {
                if isFailing.withLock({ $0 }) { throw QueryError.timeLimit }
                return []
            }, raise: { _ in Issue.record("there is none") })
        await watch.step()
        #expect(watch.count == 0)
        isFailing.withLock { $0 = true }
        await watch.step()
        #expect(watch.count == nil)
    }

    /// Finds every grant of 13 wrong.
    private static var health: Projection {
        get throws {
            try Projection(
                ProjectionFolder(
                    name: "health",
                    files: [
                        "schema.sql": """
                        -- Grants that are wrong.
                        CREATE TABLE wrong (tenant TEXT, account TEXT, unit TEXT, seq INTEGER PRIMARY KEY, available INTEGER) STRICT;
                        """,
                        "apply.sql": """
                        INSERT INTO wrong SELECT tenant, account, unit, seq, available FROM events WHERE type = 'granted' AND amount = 13;
                        """,
                        "queries/drift.sql": """
                        -- What is wrong.
                        -- param limit integer default 100 min 1 max 1000
                        -- returns tenant text, account text, unit text, seq integer, expected integer, found integer
                        -- page seq up
                        SELECT tenant, account, unit, seq, available AS expected, -seq AS found FROM wrong WHERE seq > :after_seq
                        ORDER BY seq LIMIT :limit;
                        """,
                    ]))
        }
    }

    private func grant(_ id: Name, _ amount: Amount) -> Asked {
        let command = Command.grant(Grant(account: "a", unit: "credits", amount: amount))
        return Asked(
            lane: 0, connection: 1, tag: 0,
            question: .command(Request(tenant: "acme", id: id, body: 0, peer: 7, command: command)))
    }

    /// A ledger that opens, is asked something, is watched until it has so many events, and for many looks more, and closes.
    private func run(_ directory: String, _ asked: [Asked], untilEvents count: UInt64) async throws {
        let engine = try LedgerEngine(directory) { error in preconditionFailure("\(error)") }
        let readModels = try ReadModels(
            directory + "/views", projections: [try DriftWatchTests.health], reader: LogReader(directory), head: engine.committed,
            note: { _ in })
        readModels.start()
        _ = engine.addLane { _ in }
        #expect(engine.submit(asked))
        let watch = DriftWatch(engine, readModels, pause: .milliseconds(1))
        watch.start()
        while engine.committed.current.lastSequence.rawValue < count {
            _ = await engine.committed.growth(past: engine.committed.current.lastSequence)
        }
        while watch.count != 2 { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(20))
        await watch.stop()
        engine.stop()
        await readModels.stop()
    }

    @Test func isToldOnceHoweverOftenItIsFoundAndAfterARestart() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // ledgerOpened, accountOpened, three grants, two alerts.
        try await run(directory, [grant("g-1", 13), grant("g-2", 5), grant("g-3", 13)], untilEvents: 7)
        try await run(directory, [grant("g-4", 6)], untilEvents: 8)
        var alerts: [(id: String, alert: AlertRaised)] = []
        for event in try events(in: directory) {
            if case .alertRaised(let alert) = event.fact { alerts.append((event.id.text, alert)) }
            if event.sequence.rawValue > 5, event.sequence.rawValue < 8 { #expect(event.tenant == .system) }
        }
        // SHA-256 of "acme\na\ncredits\n".
        #expect(alerts.map(\.id) == ["$drift/3/2f0dc5257cc1a3cd2de5c4fbe894c103", "$drift/5/2f0dc5257cc1a3cd2de5c4fbe894c103"])
        let conditions = [(3, 13), (5, 31)].map { sequence, expected in
            AlertRaised.Condition.drift(
                AlertRaised.Drift(
                    tenant: "acme", account: "a", unit: "credits", sequence: SequenceNumber(sequence), expected: Int64(expected),
                    found: -Int64(sequence)))
        }
        #expect(alerts.map(\.alert.condition) == conditions)
        #expect(alerts.allSatisfy { $0.alert.rule == "$drift" && $0.alert.severity == .error && $0.alert.account == nil })
    }

    private func events(in directory: String) throws -> [Event] {
        let reader = LogReader(directory)
        let (cursor, head) = (reader.cursor(from: .first), try reader.head())
        var events: [Event] = []
        while let batch = try cursor.next(upTo: head) {
            try batch.records.withUnsafeBytes { bytes in
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    events.append(try EventCodec.decode(UnsafeRawBufferPointer(rebasing: line)))
                }
            }
        }
        return events
    }
}
