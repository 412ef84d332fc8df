import Foundation
import LedgerModel
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// The worked example of docs/own-read-model.md, read from its folder as a daemon reads it.
@Suite struct OwnReadModelTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/examples/projections").standardizedFileURL.path
    private static let hourMicroseconds: Int64 = 3_600_000_000

    private let projection: Projection
    private let ledger: Ledger
    private let events = generatedEvents(seed: 21, count: 2500)

    init() throws {
        projection = try Projection(try #require(try ProjectionFolder.folders(in: OwnReadModelTests.examples).first))
        ledger = try Ledger()
        try ledger.append(events)
    }

    /// What each account came to in a unit and an hour, added up from the events by themselves.
    private func spent(_ tenant: Name, _ unit: Name, hours: ClosedRange<Int64>) -> [(account: Name, amount: Int64)] {
        var sums: [Name: Int64] = [:]
        for movement in Movement.all(in: events) where movement.event.tenant == tenant && movement.unit == unit {
            guard hours.contains(movement.event.at.rawValue / OwnReadModelTests.hourMicroseconds) else { continue }
            switch movement.kind {
            case .use: sums[movement.account, default: 0] += movement.amount
            case .refund: sums[movement.account, default: 0] -= movement.amount
            case .record: break
            }
        }
        return sums.sorted { ($1.value, $0.key.text) < ($0.value, $1.key.text) }.map { ($0.key, $0.value) }
    }

    private func lines(_ rows: [Row]) -> [String] {
        rows.map { "\($0.integer("rank")) \($0.text("account") ?? "") \($0.integer("amount"))" }
    }

    private func lines(_ spent: some Sequence<(account: Name, amount: Int64)>) -> [String] {
        spent.enumerated().map { "\($0 + 1) \($1.account.text) \($1.amount)" }
    }

    @Test func theExampleIsTheOnlyFolderAndIsSound() throws {
        #expect(try ProjectionFolder.folders(in: OwnReadModelTests.examples).map(\.name) == ["spenders"])
        #expect(projection.queries.map(\.name) == ["spenders.hour", "spenders.lately"])
    }

    @Test func itAnswersWhatTheEventsAddUpTo() async throws {
        let readModels = try ledger.readModels([projection])
        readModels.start()
        let last = ledger.log.head.lastSequence
        var (seen, several) = (0, 0)
        for movement in Movement.all(in: events).filter({ $0.kind == .use }) {
            guard let unit = movement.unit else { continue }
            let (tenant, at, hour) = (
                movement.event.tenant, movement.event.at, movement.event.at.rawValue / OwnReadModelTests.hourMicroseconds
            )
            let question: [String: QueryValue] = ["tenant": .init(tenant), "unit": .init(unit), "top": 3]
            let ofHour = try await readModels.rows("spenders.hour", question, at: last, now: at)
            let expected = spent(tenant, unit, hours: hour...hour)
            #expect(lines(ofHour) == lines(expected.prefix(3)))
            let lately = try await readModels.rows(
                "spenders.lately", question.merging(["hours": 48]) { $1 }, at: last, now: at)
            #expect(lines(lately) == lines(spent(tenant, unit, hours: hour - 47...hour).prefix(3)))
            (seen, several) = (seen + 1, several + (expected.count > 1 ? 1 : 0))
            if seen > 60 { break }
        }
        #expect(seen > 50 && several > 0)
        await readModels.stop()
    }

    @Test func anyInstantOfTheHourNamesIt() async throws {
        let readModels = try ledger.readModels([projection])
        readModels.start()
        let movement = try #require(Movement.all(in: events).first { $0.kind == .use && $0.amount > 0 })
        let (tenant, unit) = (movement.event.tenant, try #require(movement.unit))
        let hour = movement.event.at.rawValue / OwnReadModelTests.hourMicroseconds
        let start = Timestamp(microseconds: hour * OwnReadModelTests.hourMicroseconds)
        let end = Timestamp(microseconds: start.rawValue + OwnReadModelTests.hourMicroseconds - 1)
        for at in [start, end] {
            let rows = try await readModels.rows(
                "spenders.hour", ["tenant": .init(tenant), "unit": .init(unit), "at": .text(at.description)],
                at: ledger.log.head.lastSequence, now: Timestamp(microseconds: 0))
            #expect(!rows.isEmpty && lines(rows) == lines(spent(tenant, unit, hours: hour...hour).prefix(10)))
        }
        await readModels.stop()
    }

    /// Law 10, and what `daybookd rebuild spenders --check` does.
    @Test func itIsTheSameHoweverTheLogIsCut() throws {
        var bounds = ReadModelBounds()
        (bounds.stretchEventCount, bounds.commitEventCount) = (1, 7)
        try OfflineRebuild(projection, in: ledger.views, reader: ledger.reader, bounds: bounds).rebuild(upTo: ledger.log.head) {
            _ in
        }
        let whole = try OfflineRebuild(projection, in: ledger.views, reader: ledger.reader)
        #expect(try whole.check(upTo: ledger.log.head) { _ in } == nil)
    }
}
