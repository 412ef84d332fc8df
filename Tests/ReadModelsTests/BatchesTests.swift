import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// Lists and statistics of batches, held against the events.
@Suite struct BatchesTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    /// A batch, taken straight from the events.
    private struct Batch {
        let account: Name
        let name: Name
        let seq: Int64
        let at: Timestamp
        let feature: Name?
        let size: Int?
        var lastAt: Timestamp
        var closedAt: Timestamp?
        var rejected: Int64 = 0
        var movements: [Movement] = []

        var features: Set<String> { Set(([feature] + movements.map(\.feature)).compactMap { $0?.text }) }

        func net(of unit: Name) -> Int64? {
            let its = movements.filter { $0.unit == unit }
            return its.isEmpty ? nil : its.of(.use).total - its.of(.refund).total
        }
    }

    /// The one opened last first.
    private func batches(of tenant: Name) -> [Batch] {
        var batches: [[Name]: Batch] = [:]
        for event in ledger.events(of: tenant) {
            switch event.fact {
            case .batchOpened(let fact):
                batches[[fact.account, fact.batch]] = Batch(
                    account: fact.account, name: fact.batch, seq: Int64(event.sequence.rawValue), at: event.at,
                    feature: fact.feature,
                    size: fact.size, lastAt: event.at)
            case .batchClosed(let fact): batches[[fact.account, fact.batch]]!.closedAt = event.at
            case .itemsRejected(let fact): batches[[fact.account, fact.batch]]!.rejected += Int64(fact.items.count)
            default: break
            }
            note(event, in: &batches)
        }
        return batches.values.sorted { $0.seq > $1.seq }
    }

    private func note(_ event: Event, in batches: inout [[Name]: Batch]) {
        let movements = Movement.all(in: [event]).filter { $0.kind != .record }
        for movement in movements {
            guard let batch = movement.batch else { continue }
            batches[[movement.account, batch]]!.movements.append(movement)
            batches[[movement.account, batch]]!.lastAt = event.at
        }
        switch event.fact {
        case .batchClosed(let fact): batches[[fact.account, fact.batch]]!.lastAt = event.at
        case .itemsRejected(let fact): batches[[fact.account, fact.batch]]!.lastAt = event.at
        default: break
        }
    }

    @Test func aBatchIsListedAsItIs() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let expected = batches(of: tenant)
                let rows = try await ask("batches.list", ["tenant": .init(tenant), "limit": 3], ledger.now)
                #expect(rows.map { $0.integer("firstSeq") } == expected.map(\.seq) && rows.count > 5)
                #expect(rows.map { $0.text("batch") } == expected.map(\.name.text))
                #expect(rows.map { $0.text("feature") } == expected.map(\.feature?.text))
                #expect(rows.map { $0.integer("size") } == expected.map { $0.size.map(Int64.init) ?? .min })
                #expect(rows.map { $0.integer("items") } == expected.map { $0.movements.of(.use).eventCount })
                #expect(rows.map { $0.integer("rejected") } == expected.map(\.rejected))
                #expect(rows.map { $0.text("firstAt") } == expected.map(\.at.description))
                #expect(rows.map { $0.text("lastAt") } == expected.map(\.lastAt.description))
                #expect(rows.map { $0.text("closedAt") } == expected.map { $0.closedAt?.description })
                for (row, batch) in zip(rows, expected) {
                    let units = Dictionary(uniqueKeysWithValues: row.list("units").map { ($0.text("unit")!, $0.integer("net")) })
                    let nets = Set(batch.movements.compactMap(\.unit)).map { ($0.text, batch.net(of: $0)!) }
                    #expect(units == Dictionary(uniqueKeysWithValues: nets))
                    let key: [String: QueryValue] = [
                        "tenant": .init(tenant), "account": .init(batch.account), "batch": .init(batch.name),
                    ]
                    let summary = try await ask("batches.summary", key, ledger.now)
                    for column in ["batch", "feature", "firstAt", "lastAt", "closedAt"] {
                        #expect(summary.map { $0.text(column) } == [row.text(column)])
                    }
                    for column in ["size", "items", "rejected", "firstSeq"] {
                        #expect(summary.map { $0.integer(column) } == [row.integer(column)])
                    }
                }
            }
        }
    }

    @Test func everyFilterLetsThroughWhatItSays() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = batches(of: tenant)
                let (early, late) = (all[all.count * 2 / 3].at, all[all.count / 3].at)
                let filters: [([String: QueryValue], (Batch) -> Bool)] = [
                    (["account": "u-2"], { $0.account == "u-2" }),
                    (["features": .texts(["chat"])], { $0.features.contains("chat") }),
                    (["features": .texts(["siterank", "nothing"])], { $0.features.contains("siterank") }),
                    (["isOpen": .boolean(true)], { $0.closedAt == nil }), (["isOpen": .boolean(false)], { $0.closedAt != nil }),
                    (["since": .text(early.description)], { $0.at >= early }),
                    (["until": .text(late.description)], { $0.at < late }),
                    (["since": .text(early.description), "until": .text(late.description)], { $0.at >= early && $0.at < late }),
                    (["text": "B-1"], { $0.name.text.contains("b-1") }), (["text": "nothing"], { _ in false }),
                    (["unit": "ap"], { $0.net(of: "ap") != nil }),
                    (["unit": "credits", "minAmount": 40], { $0.net(of: "credits") ?? .min >= 40 }),
                    (["minAmount": 40], { batch in EventLogGenerator.units.contains { batch.net(of: $0) ?? .min >= 40 } }),
                    (
                        ["account": "u-1", "isOpen": .boolean(true), "minAmount": 0],
                        { batch in
                            batch.account == "u-1" && batch.closedAt == nil
                                && EventLogGenerator.units.contains { batch.net(of: $0) ?? .min >= 0 }
                        }
                    ),
                ]
                for (given, admits) in filters {
                    let rows = try await ask(
                        "batches.list", given.merging(["tenant": .init(tenant), "limit": 2]) { $1 }, ledger.now)
                    #expect(rows.map { $0.integer("firstSeq") } == all.filter(admits).map(\.seq), "\(given)")
                    #expect(rows.count < all.count && rows.isEmpty == (given == ["text": "nothing"]), "\(given)")
                }
            }
        }
    }

    // MARK: Statistics

    /// Opened, closed, items, rejected; and debited and refunded per unit.
    private struct Stats: Hashable {
        var counts: [Int64] = [0, 0, 0, 0]
        var units: [String: [Int64]] = [:]
    }

    private func stats(of tenant: Name, _ days: ClosedRange<String>, isByMonth: Bool) -> [[String]: Stats] {
        var stats: [[String]: Stats] = [:]
        for event in ledger.events(of: tenant) where days.contains(event.day.description) {
            let day = isByMonth ? event.day.description.prefix(8) + "01" : event.day.description
            switch event.fact {
            case .batchOpened(let fact): stats[[day, fact.feature?.text ?? ""], default: Stats()].counts[0] += 1
            case .batchClosed: stats[[day, ""], default: Stats()].counts[1] += 1
            case .itemsRejected(let fact): stats[[day, ""], default: Stats()].counts[3] += Int64(fact.items.count)
            default: break
            }
            for movement in Movement.all(in: [event])
            where movement.batch != nil && movement.kind != .record && movement.unit != nil {
                let isUse = movement.kind == .use
                let key = [day, movement.feature?.text ?? ""]
                if isUse, movement.isFirst { stats[key, default: Stats()].counts[2] += 1 }
                stats[key, default: Stats()].units[movement.unit!.text, default: [0, 0]][isUse ? 0 : 1] += movement.amount
            }
        }
        return stats
    }

    @Test(arguments: [false, true])
    func statisticsAreSumsOverTheEvents(isByMonth: Bool) async throws {
        try await ledger.following { ask in
            let (first, last) = (
                ledger.events[ledger.events.count / 4].day.description, ledger.events[ledger.events.count * 3 / 4].day.description
            )
            for (from, to) in [("1970-01-01", "9999-12-31"), (first, last)] {
                let key: [String: QueryValue] = [
                    "tenant": "acme", "from": .text(from), "to": .text(to), "by": isByMonth ? "month" : "day", "limit": 3,
                ]
                let expected = stats(of: "acme", from...to, isByMonth: isByMonth)
                let rows = try await ask("batches.stats", key, ledger.now)
                #expect(
                    Dictionary(uniqueKeysWithValues: rows.map { ([$0.text("day")!, $0.text("feature") ?? ""], stats($0)) })
                        == expected)
                let places = rows.map { ($0.text("day")!, $0.text("feature") ?? "") }
                #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 } && places.count > 1)
                let chat = try await ask("batches.stats", key.merging(["features": .texts(["chat"])]) { $1 }, ledger.now)
                #expect(chat.map(stats) == rows.filter { $0.text("feature") == "chat" }.map(stats) && !chat.isEmpty)
            }
        }
    }

    private func stats(_ row: Row) -> Stats {
        Stats(
            counts: ["opened", "closed", "items", "rejected"].map(row.integer),
            units: Dictionary(
                uniqueKeysWithValues: row.list("units").map {
                    ($0.text("unit")!, [$0.integer("debited"), $0.integer("refunded")])
                }))
    }
}
