import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// What providers reported, summed from the events.
@Suite struct ProvidersTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    @Test func reportedUsageIsSummedByDay() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let rows = try await ask("providers.usage", ["tenant": .init(tenant), "limit": 2], ledger.now)
                let lines = try ledger.lines(of: tenant, "usageReported")
                check(rows, lines)
                let days = rows.map { $0.text("day")! }
                let middle = days[days.count / 2]
                let given: [String: QueryValue] = ["tenant": .init(tenant), "from": .text(middle), "to": .text(middle)]
                check(try await ask("providers.usage", given, ledger.now), lines.filter { $0.text("from")!.hasPrefix(middle) })
                #expect(
                    try await ask("providers.usage", ["tenant": .init(tenant), "platforms": .texts(["x"])], ledger.now).isEmpty)
            }
        }
    }

    /// The lines are about different times.
    private func check(_ rows: [Row], _ lines: [EventLine]) {
        let groups = Dictionary(grouping: lines) { line in
            [String(line.text("from")!.prefix(10)), line.text("platform")!, line.text("key") ?? "", line.text("unit")!]
        }
        let keys = groups.keys.sorted { $0.joined(separator: "\0") < $1.joined(separator: "\0") }
        #expect(rows.map { row in ["day", "platform", "key", "unit"].map { row.text($0) ?? "" } } == keys && !rows.isEmpty)
        for (row, key) in zip(rows, keys) {
            let group = groups[key]!
            #expect(row.integer("cost") == group.reduce(0) { $0 + $1.integer("cost")! })
            #expect(row.integer("reports") == Int64(group.count) && row.text("lastAt") == group.last!.text("at"))
            let quantities = group.reduce(into: [:]) { sums, line in
                sums.merge(Row(line.fields).object("quantities")) { $0 + $1 }
            }
            #expect(row.object("quantities") == quantities)
        }
    }

    /// Of two reports about the same the last one counts, though the first is in another stretch; the day is that of UTC at any time.
    @Test func aReportTakesThePlaceOfOneBefore() async throws {
        let own = try Ledger()
        let times = [
            ("2026-11-20T23:59:59.999999Z", 5), ("2026-11-20T23:59:59.999999Z", 3), ("2024-02-29T00:00:00.000000Z", 1),
            ("1970-01-01T00:00:00.000000Z", 2), ("2000-12-31T23:00:00.000000Z", 4), ("2100-03-01T00:00:00.000000Z", 6),
            ("2026-02-28T12:00:00.000000Z", 7),
        ]
        let readModels = try own.readModels()
        readModels.start()
        for (index, (from, cost)) in times.enumerated() {
            let report = try event(
                seq: index + 1,
                #""type":"usageReported","tenant":"acme","id":"v-\#(index)","events":1,"body":"0123456789abcdef","peer":7,"#
                    + #""platform":"p","from":"\#(from)","to":"2101-01-01T00:00:00.000000Z","quantities":{"n":\#(cost)},"#
                    + #""unit":"usd","cost":\#(cost)"#)
            try own.append([report])
            _ = try await readModels.rows(
                "providers.usage", ["tenant": "acme"], at: report.sequence, now: Timestamp(microseconds: 1))
        }
        let rows = try await readModels.rows(
            "providers.usage", ["tenant": "acme"], at: SequenceNumber(7), now: Timestamp(microseconds: 1))
        let expected = Dictionary(times.map { (String($0.0.prefix(10)), Int64($0.1)) }) { $1 }
        #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.text("day")!, $0.integer("cost")) }) == expected)
        #expect(rows.allSatisfy { $0.object("quantities") == ["n": $0.integer("cost")] && $0.integer("reports") == 1 })
        await readModels.stop()
    }

    /// What is about a key is not what is about none, nor about another unit.
    @Test func keysAndUnitsAreApart() async throws {
        let own = try Ledger()
        for (index, (key, unit)) in [("k-1", "usd"), (nil, "usd"), ("k-2", "usd"), ("k-1", "eur")].enumerated() {
            let about = key.map { #""key":"\#($0)","# } ?? ""
            let report = try event(
                seq: index + 1,
                #""type":"usageReported","tenant":"acme","id":"v-\#(index)","events":1,"body":"0123456789abcdef","peer":7,"#
                    + #""platform":"p",\#(about)"from":"2026-11-19T00:00:00.000000Z","to":"2026-11-20T00:00:00.000000Z","#
                    + #""quantities":{},"unit":"\#(unit)","cost":\#(index + 1)"#)
            try own.append([report])
        }
        let readModels = try own.readModels()
        readModels.start()
        func costs(_ arguments: [String: QueryValue]) async throws -> [Int64] {
            try await readModels.rows(
                "providers.usage", arguments.merging(["tenant": "acme", "limit": 1]) { $1 }, at: SequenceNumber(4),
                now: Timestamp(microseconds: 1)
            ).map { $0.integer("cost") }
        }
        #expect(try await costs([:]) == [2, 4, 1, 3])
        #expect(try await costs(["keys": .texts(["k-1", "k-2"])]) == [4, 1, 3])
        #expect(try await costs(["units": .texts(["usd"])]) == [2, 1, 3])
        await readModels.stop()
    }

    @Test func synchronisationsAreListedAndCounted() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let lines = try ledger.lines(of: tenant, "syncReported").reversed().map { $0 }
                func seqs(_ arguments: [String: QueryValue]) async throws -> [Int64] {
                    let rows = try await ask(
                        "providers.syncs", arguments.merging(["tenant": .init(tenant), "limit": 3]) { $1 }, ledger.now)
                    for row in rows {
                        let line = lines.first { $0.seq == row.integer("seq") }!
                        for name in ["at", "platform", "status", "from", "to", "error", "id", "counts", "actor", "peer"] {
                            #expect(canonical(row.fields[name]) == canonical(line.fields[name]))
                        }
                    }
                    return rows.map { $0.integer("seq") }
                }
                let middle = lines[lines.count / 2]
                #expect(try await seqs([:]) == lines.map(\.seq) && !lines.isEmpty)
                #expect(
                    try await seqs(["statuses": .texts(["failed", "partial"])])
                        == lines.filter { $0.text("status") != "succeeded" }.map(\.seq))
                #expect(try await seqs(["since": instant(middle)]) == lines.filter { $0.event.at >= middle.event.at }.map(\.seq))
                #expect(try await seqs(["until": instant(middle)]) == lines.filter { $0.event.at < middle.event.at }.map(\.seq))
                #expect(try await seqs(["text": "TIMEOUT"]) == lines.filter { $0.text("error") != nil }.map(\.seq))
                #expect(try await seqs(["platforms": .texts(["x"])]) == [])
                try await checkPlatform(tenant, lines, ask)
            }
        }
    }

    private func checkPlatform(_ tenant: Name, _ lines: [EventLine], _ ask: BuiltInLedger.Ask) async throws {
        let rows = try await ask("providers.platforms", ["tenant": .init(tenant)], ledger.now)
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row.text("platform") == "web" && row.integer("syncs") == Int64(lines.count))
        for status in ["succeeded", "partial", "failed"] {
            #expect(row.integer(status) == Int64(lines.count { $0.text("status") == status }))
        }
        #expect(row.text("lastStatus") == lines[0].text("status") && row.text("lastSyncAt") == lines[0].text("at"))
        #expect(row.text("lastError") == lines[0].text("error"))
        #expect(row.text("lastSucceededAt") == lines.first { $0.text("status") == "succeeded" }?.text("at"))
        let reports = try ledger.lines(of: tenant, "usageReported")
        #expect(row.integer("reports") == Int64(reports.count) && row.text("lastReportAt") == reports.last?.text("at"))
    }
}
