import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// Every built-in query, held against sums over the events.
@Suite struct BuiltInTests {
    private let ledger: BuiltInLedger
    private let days: [String: QueryValue] = ["from": "1970-01-01", "to": "9999-12-31"]

    init() throws { ledger = try BuiltInLedger() }

    @Test func dailySumsAreThoseOfTheEvents() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = ledger.movements(of: tenant)
                var arguments = days
                arguments["tenant"] = .init(tenant)
                try await checkDaily(all, arguments, ask)
                for account in EventLogGenerator.accounts {
                    arguments["account"] = .init(account)
                    try await checkDaily(all.filter { $0.account == account }, arguments, ask)
                }
            }
        }
    }

    private func checkDaily(
        _ all: [Movement], _ arguments: [String: QueryValue],
        _ ask: BuiltInLedger.Ask
    ) async throws {
        let trend = try await ask("daily.trend", arguments.merging(["limit": 7]) { $1 }, ledger.now)
        #expect(
            Sum.by({ [$0.text("day")!, $0.text("unit")!] }, trend) == Sum.by({ [$0.event.day.description, $0.unit!.text] }, all))
        let chat = try await ask("daily.trend", arguments.merging(["feature": "chat", "unit": "credits"]) { $1 }, ledger.now)
        let chatMovements = all.filter { $0.feature == "chat" && $0.unit == "credits" }
        #expect(Sum.by({ [$0.text("day")!] }, chat) == Sum.by({ [$0.event.day.description] }, chatMovements))
        let features = try await ask("daily.features", arguments, ledger.now)
        #expect(
            Sum.by({ [$0.text("feature") ?? "", $0.text("unit")!] }, features)
                == Sum.by({ [$0.feature?.text ?? "", $0.unit!.text] }, all))
        let models = try await ask("daily.models", arguments, ledger.now)
        #expect(
            Sum.by({ [$0.text("model") ?? "", $0.text("platform") ?? "", $0.text("unit")!] }, models)
                == Sum.by({ [$0.labels["model"]?.text ?? "", $0.labels["platform"]?.text ?? "", $0.unit!.text] }, all))
        try await checkQuantities(all, arguments, ask)
    }

    private func checkQuantities(
        _ all: [Movement], _ arguments: [String: QueryValue],
        _ ask: BuiltInLedger.Ask
    ) async throws {
        for feature in ["chat", nil] as [Name?] {
            var expected: [String: [Int64]] = [:]
            for movement in all where feature == nil || movement.feature == feature {
                for quantity in movement.quantities {
                    let column = [.use: 0, .refund: 1, .record: 2][movement.kind]!
                    expected[quantity.dimension.text, default: [0, 0, 0]][column] += quantity.count.rawValue
                }
            }
            let given = feature.map { arguments.merging(["feature": .init($0)]) { $1 } } ?? arguments
            let rows = try await ask("daily.quantities", given, ledger.now)
            #expect(
                Dictionary(
                    uniqueKeysWithValues: rows.map { row in
                        (row.text("dimension")!, ["quantity", "refunded", "recorded"].map(row.integer))
                    }) == expected)
        }
    }

    @Test func theFirstAccountsAreThoseThatUsedMost() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = ledger.movements(of: tenant).filter { $0.unit == "credits" }
                let rows = try await ask(
                    "daily.accounts", days.merging(["tenant": .init(tenant), "unit": "credits"]) { $1 }, ledger.now)
                #expect(Sum.by({ [$0.text("account")!] }, rows) == Sum.by({ [$0.account.text] }, all))
                #expect(rows.map { -$0.integer("net") } == rows.map { -$0.integer("net") }.sorted())
            }
        }
    }

    /// Law 8: a batch's summary equals the sum of its items.
    @Test func aBatchIsTheSumOfItsItems() async throws {
        try await ledger.following { ask in
            var batchCount = 0
            for tenant in EventLogGenerator.tenants {
                for batch in try await ask("batches.list", ["tenant": .init(tenant), "limit": 5], ledger.now) {
                    let key: [String: QueryValue] = [
                        "tenant": .init(tenant), "account": .text(batch.text("account")!), "batch": .text(batch.text("batch")!),
                    ]
                    try await checkBatch(key, ledger.movements(of: tenant), ask)
                    batchCount += 1
                }
            }
            #expect(batchCount == ledger.events.filter { if case .batchOpened = $0.fact { true } else { false } }.count)
        }
    }

    private func checkBatch(_ key: [String: QueryValue], _ all: [Movement], _ ask: BuiltInLedger.Ask) async throws {
        let of = all.filter {
            .init($0.account) == key["account"] && $0.batch.map(QueryValue.init) == key["batch"] && $0.kind != .record
        }
        let found = try await ask("batches.summary", key, ledger.now)
        let (summary, paged) = (try #require(found.first), key.merging(["limit": 2]) { $1 })
        let (items, opened) = (try await ask("batches.items", paged, ledger.now), try await ask("usage.batch", paged, ledger.now))
        for unit in summary.list("units") {
            let its = of.filter { $0.unit?.text == unit.text("unit") }
            let (debited, refunded) = (its.of(.use).total, its.of(.refund).total)
            #expect(["debited", "refunded", "net"].map(unit.integer) == [debited, refunded, debited - refunded])
            for rows in [items, opened] {
                let rows = rows.filter { $0.text("unit") == unit.text("unit") }
                #expect(rows.reduce(0) { $0 + $1.integer("amount") } == debited)
                #expect(rows.reduce(0) { $0 + $1.integer("refunded") } == refunded)
            }
        }
        #expect(Set(summary.list("units").map { $0.text("unit")! }) == Set(of.map(\.unit!.text)))
        checkItems(of, summary, items, opened)
    }

    private func checkItems(_ of: [Movement], _ summary: Row, _ items: [Row], _ opened: [Row]) {
        let uses = of.of(.use)
        #expect(items.map { $0.integer("seq") } == uses.seqs)
        #expect(opened.map { $0.text("id") } == items.map { $0.text("id") })
        #expect(items.map { $0.text("hold") } == uses.map(\.hold?.text))
        #expect(summary.integer("items") == uses.eventCount)
        for dimension in summary.list("quantities") {
            let counts = { (kind: Movement.Kind) in
                of.of(kind).flatMap(\.quantities).filter { $0.dimension.text == dimension.text("dimension") }
                    .reduce(0) { $0 + $1.count.rawValue }
            }
            #expect(["quantity", "refunded"].map(dimension.integer) == [counts(.use), counts(.refund)])
        }
    }

    @Test func historyShowsEveryUseOnce() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                for account in EventLogGenerator.accounts {
                    let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account)]
                    let all = ledger.movements(of: tenant).filter { $0.account == account }
                    let lines = try await ask("usage.history", key.merging(["limit": 4]) { $1 }, ledger.now)
                    checkHistory(lines, all)
                    let chat = try await ask("usage.history", key.merging(["feature": "chat"]) { $1 }, ledger.now)
                    checkHistory(chat, all.filter { $0.feature == "chat" })
                }
            }
        }
    }

    private func checkHistory(_ lines: [Row], _ all: [Movement]) {
        let seqs = lines.map { $0.integer("seq") }
        #expect(seqs == seqs.sorted(by: >))
        let singles = all.filter { $0.batch == nil || $0.kind == .record }
        let kinds = ["debited": "debit", "settled": "settlement", "holdExpired": "capture", "refunded": "refund"]
        for (type, kind) in kinds.merging(["usageRecorded": "record"], uniquingKeysWith: { $1 }) {
            let its = singles.filter { $0.event.fact.caseName == type }
            let rows = lines.filter { $0.text("kind") == kind }
            #expect(rows.map { $0.integer("seq") } == its.seqs.reversed())
            #expect(rows.map { $0.text("hold") } == its.reversed().map(\.hold?.text))
        }
        for line in lines where ["debit", "settlement", "capture"].contains(line.text("kind")) {
            check(line, singles.filter { Int64($0.debit.rawValue) == line.integer("seq") && $0.unit?.text == line.text("unit") })
        }
        for line in lines where line.text("kind") == "record" {
            let record = singles.first { Int64($0.event.sequence.rawValue) == line.integer("seq") }
            #expect(line.text("unit") == record?.unit?.text)
            #expect(record?.unit == nil ? line.fields["amount"] is NSNull : line.integer("amount") == record?.amount)
        }
        checkBatchLines(lines.filter { $0.text("kind") == "batch" }, all.filter { $0.batch != nil && $0.kind != .record })
    }

    private func check(_ line: Row, _ its: [Movement]) {
        #expect(line.integer("amount") == its.of(.use).total && line.integer("refunded") == its.of(.refund).total)
    }

    private func checkBatchLines(_ lines: [Row], _ all: [Movement]) {
        for line in lines {
            let its = all.filter {
                $0.batch?.text == line.text("batch") && $0.unit?.text == line.text("unit")
                    && $0.feature?.text == line.text("feature")
            }
            check(line, its)
            #expect(line.integer("items") == Int64(its.of(.use).count))
        }
        #expect(lines.count == Set(all.map { [$0.batch!.text, $0.feature?.text ?? "", $0.unit!.text] }).count)
    }

    /// What a settlement says of itself stands on its line.
    @Test func aSettlementTellsHowItsAmountIsKnown() async throws {
        try await ledger.following { ask in
            var lineCount = 0
            for event in ledger.events {
                guard case .settled(let fact) = event.fact, fact.use.batch == nil else { continue }
                let key: [String: QueryValue] = [
                    "tenant": .init(event.tenant), "account": .init(fact.account), "since": .text(event.at.description),
                    "limit": 1000,
                ]
                let rows = try await ask("usage.history", key, ledger.now)
                let lines = rows.filter { $0.integer("seq") == Int64(event.sequence.rawValue) }
                #expect(lines.allSatisfy { $0.text("method") == fact.method?.rawValue })
                let shortfalls = lines.map { $0.integer("shortfall") }.filter { $0 != .min }
                #expect(shortfalls == (fact.shortfall == .zero ? [] : [fact.shortfall.rawValue]))
                lineCount += lines.count
            }
            #expect(lineCount > 10)
        }
    }

    @Test func historyIsFilteredByTime() async throws {
        try await ledger.following { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "account": "u-1"]
            let all = try await ask("usage.history", key, ledger.now)
            let middle = all[all.count / 2]
            let (at, day) = (middle.text("at")!, middle.text("day")!)
            let since = try await ask("usage.history", key.merging(["since": .text(at)]) { $1 }, ledger.now)
            let until = try await ask("usage.history", key.merging(["until": .text(at)]) { $1 }, ledger.now)
            #expect(since.map { $0.integer("seq") } == all.filter { $0.text("at")! >= at }.map { $0.integer("seq") })
            #expect(until.map { $0.integer("seq") } == all.filter { $0.text("at")! < at }.map { $0.integer("seq") })
            let onDay = try await ask("usage.history", key.merging(["from": .text(day), "to": .text(day)]) { $1 }, ledger.now)
            #expect(onDay.map { $0.integer("seq") } == all.filter { $0.text("day") == day }.map { $0.integer("seq") })
            #expect(!onDay.isEmpty && !until.isEmpty && onDay.count < all.count)
        }
    }
}
