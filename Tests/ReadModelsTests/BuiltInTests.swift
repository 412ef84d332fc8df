import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// Every built-in query, held against sums over the events.
@Suite struct BuiltInTests {
    private let generator: EventLogGenerator
    private let ledger: Ledger
    private let movements: [Movement]
    private let days: [String: QueryValue] = ["from": "1970-01-01", "to": "9999-12-31"]

    init() throws {
        var generator = EventLogGenerator(seed: 77)
        while generator.events.count < 1200 { _ = generator.nextGroup() }
        self.generator = generator
        ledger = try Ledger()
        var random = SeededGenerator(seed: 5)
        try ledger.append(generator.events, cutting: &random)
        movements = Movement.all(in: generator.events)
    }

    /// Starts all read models, and asks when they have read everything.
    private func following(_ body: (_ ask: (String, [String: QueryValue], Timestamp) async throws -> [Row]) async throws -> Void)
        async throws
    {
        let readModels = try ledger.readModels()
        readModels.start()
        let last = generator.book.lastSequence
        try await body { try await readModels.rows($0, $1, at: last, now: $2) }
        await readModels.stop()
    }

    private func movements(of tenant: Name) -> [Movement] { movements.filter { $0.event.tenant == tenant } }

    @Test func balancesAreThoseOfTheBookAtAnyTime() async throws {
        try await following { ask in
            for hours in [0, 24, 1000] as [Int64] {
                let now = Timestamp(microseconds: generator.now.rawValue + hours * 3_600_000_000)
                for tenant in EventLogGenerator.tenants {
                    var listed: [[String]] = []
                    for account in EventLogGenerator.accounts {
                        let holdings = generator.book.holdings(of: account, in: tenant, at: now) ?? []
                        let balances = try await ask(
                            "balances.account", ["tenant": .init(tenant), "account": .init(account)], now)
                        let expected = holdings.map {
                            [$0.unit.text, "\($0.balance.available)", "\($0.balance.held)", "\($0.lots.count)"]
                        }
                        let found = balances.map(balance)
                        #expect(Set(found) == Set(expected) && found.count == expected.count)
                        listed += found.map { [account.text] + $0 }
                        try await checkLots(of: account, tenant, holdings, now, ask)
                    }
                    let list = try await ask("balances.list", ["tenant": .init(tenant), "limit": 3], now)
                    #expect(Set(list.map { [$0.text("account")!] + balance($0) }) == Set(listed) && list.count == listed.count)
                }
            }
        }
    }

    private func balance(_ row: Row) -> [String] {
        [row.text("unit")!, "\(row.integer("available"))", "\(row.integer("held"))", "\(row.integer("lots"))"]
    }

    private func checkLots(
        of account: Name, _ tenant: Name, _ holdings: [Book.Holding], _ now: Timestamp,
        _ ask: (String, [String: QueryValue], Timestamp) async throws -> [Row]
    ) async throws {
        for holding in holdings {
            let lots = try await ask(
                "balances.lots", ["tenant": .init(tenant), "account": .init(account), "unit": .init(holding.unit)], now)
            #expect(lots.map { $0.integer("lot") } == holding.lots.map { Int64($0.number.rawValue) })
            #expect(lots.map { $0.integer("remaining") } == holding.lots.map(\.remaining.rawValue))
            #expect(lots.map { $0.text("expiresAt") } == holding.lots.map { $0.terms.expiresAt?.description })
            #expect(lots.map { $0.text("source") } == holding.lots.map(\.terms.source.rawValue))
        }
    }

    @Test func dailySumsAreThoseOfTheEvents() async throws {
        try await following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = movements(of: tenant)
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
        _ ask: (String, [String: QueryValue], Timestamp) async throws -> [Row]
    ) async throws {
        let trend = try await ask("daily.trend", arguments.merging(["limit": 7]) { $1 }, generator.now)
        #expect(
            Sum.by({ [$0.text("day")!, $0.text("unit")!] }, trend) == Sum.by({ [$0.event.day.description, $0.unit.text] }, all))
        let chat = try await ask("daily.trend", arguments.merging(["feature": "chat", "unit": "credits"]) { $1 }, generator.now)
        let chatMovements = all.filter { $0.feature == "chat" && $0.unit == "credits" }
        #expect(Sum.by({ [$0.text("day")!] }, chat) == Sum.by({ [$0.event.day.description] }, chatMovements))
        let features = try await ask("daily.features", arguments, generator.now)
        #expect(
            Sum.by({ [$0.text("feature") ?? "", $0.text("unit")!] }, features)
                == Sum.by({ [$0.feature?.text ?? "", $0.unit.text] }, all))
        let models = try await ask("daily.models", arguments, generator.now)
        #expect(
            Sum.by({ [$0.text("model") ?? "", $0.text("platform") ?? "", $0.text("unit")!] }, models)
                == Sum.by({ [$0.labels["model"]?.text ?? "", $0.labels["platform"]?.text ?? "", $0.unit.text] }, all))
        try await checkQuantities(all, arguments, ask)
    }

    private func checkQuantities(
        _ all: [Movement], _ arguments: [String: QueryValue],
        _ ask: (String, [String: QueryValue], Timestamp) async throws -> [Row]
    ) async throws {
        for feature in ["chat", nil] as [Name?] {
            var expected: [String: [Int64]] = [:]
            for movement in all where feature == nil || movement.feature == feature {
                for quantity in movement.quantities {
                    expected[quantity.dimension.text, default: [0, 0]][movement.isRefund ? 1 : 0] += quantity.count.rawValue
                }
            }
            let given = feature.map { arguments.merging(["feature": .init($0)]) { $1 } } ?? arguments
            let rows = try await ask("daily.quantities", given, generator.now)
            #expect(
                Dictionary(
                    uniqueKeysWithValues: rows.map { ($0.text("dimension")!, [$0.integer("quantity"), $0.integer("refunded")]) })
                    == expected)
        }
    }

    @Test func theFirstAccountsAreThoseThatUsedMost() async throws {
        try await following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = movements(of: tenant).filter { $0.unit == "credits" }
                let rows = try await ask(
                    "daily.accounts", days.merging(["tenant": .init(tenant), "unit": "credits"]) { $1 }, generator.now)
                #expect(Sum.by({ [$0.text("account")!] }, rows) == Sum.by({ [$0.account.text] }, all))
                #expect(rows.map { -$0.integer("net") } == rows.map { -$0.integer("net") }.sorted())
            }
        }
    }

    /// Law 8: a batch's summary equals the sum of its items.
    @Test func aBatchIsTheSumOfItsItems() async throws {
        try await following { ask in
            var batchCount = 0
            for tenant in EventLogGenerator.tenants {
                for batch in try await ask("batches.list", ["tenant": .init(tenant), "limit": 5], generator.now) {
                    let key: [String: QueryValue] = [
                        "tenant": .init(tenant), "account": .text(batch.text("account")!), "batch": .text(batch.text("batch")!),
                    ]
                    try await checkBatch(key, movements(of: tenant), ask)
                    batchCount += 1
                }
            }
            #expect(batchCount == generator.events.filter { if case .batchOpened = $0.fact { true } else { false } }.count)
        }
    }

    private func checkBatch(
        _ key: [String: QueryValue], _ all: [Movement], _ ask: (String, [String: QueryValue], Timestamp) async throws -> [Row]
    ) async throws {
        let of = all.filter { .init($0.account) == key["account"] && $0.batch.map(QueryValue.init) == key["batch"] }
        let found = try await ask("batches.summary", key, generator.now)
        let (summary, paged) = (try #require(found.first), key.merging(["limit": 2]) { $1 })
        let (items, opened) = (
            try await ask("batches.items", paged, generator.now), try await ask("usage.batch", paged, generator.now)
        )
        for unit in summary.list("units") {
            let its = of.filter { $0.unit.text == unit.text("unit") }
            let (debited, refunded) = (its.filter { !$0.isRefund }.total, its.filter(\.isRefund).total)
            #expect(
                [unit.integer("debited"), unit.integer("refunded"), unit.integer("net")] == [
                    debited, refunded, debited - refunded,
                ])
            for rows in [items, opened] {
                let rows = rows.filter { $0.text("unit") == unit.text("unit") }
                #expect(rows.reduce(0) { $0 + $1.integer("amount") } == debited)
                #expect(rows.reduce(0) { $0 + $1.integer("refunded") } == refunded)
            }
        }
        #expect(Set(summary.list("units").map { $0.text("unit")! }) == Set(of.map(\.unit.text)))
        let debits = of.filter { !$0.isRefund }
        #expect(items.map { $0.integer("seq") } == debits.map { Int64($0.event.sequence.rawValue) })
        #expect(opened.map { $0.text("id") } == items.map { $0.text("id") })
        #expect(summary.integer("items") == Int64(debits.count))
        for dimension in summary.list("quantities") {
            let counts = debits.flatMap(\.quantities).filter { $0.dimension.text == dimension.text("dimension") }
            #expect(dimension.integer("quantity") == counts.reduce(0) { $0 + $1.count.rawValue })
        }
    }

    @Test func historyShowsEveryUseOnce() async throws {
        try await following { ask in
            for tenant in EventLogGenerator.tenants {
                for account in EventLogGenerator.accounts {
                    let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account)]
                    let all = movements(of: tenant).filter { $0.account == account }
                    let lines = try await ask("usage.history", key.merging(["limit": 4]) { $1 }, generator.now)
                    checkHistory(lines, all)
                    let chat = try await ask("usage.history", key.merging(["feature": "chat"]) { $1 }, generator.now)
                    checkHistory(chat, all.filter { $0.feature == "chat" })
                }
            }
        }
    }

    private func checkHistory(_ lines: [Row], _ all: [Movement]) {
        let seqs = lines.map { $0.integer("seq") }
        #expect(seqs == seqs.sorted(by: >))
        let singles = all.filter { $0.batch == nil }
        let (debits, refunds) = (singles.filter { !$0.isRefund }, singles.filter(\.isRefund))
        #expect(
            lines.filter { $0.text("kind") == "debit" }.map { $0.integer("seq") }
                == debits.reversed().map { Int64($0.event.sequence.rawValue) })
        #expect(
            lines.filter { $0.text("kind") == "refund" }.map { $0.integer("seq") }
                == refunds.reversed().map { Int64($0.event.sequence.rawValue) })
        for line in lines where line.text("kind") == "debit" {
            let its = singles.filter { Int64($0.debit.rawValue) == line.integer("seq") }
            #expect(
                line.integer("amount") == its.filter { !$0.isRefund }.total
                    && line.integer("refunded") == its.filter(\.isRefund).total)
        }
        for line in lines where line.text("kind") == "batch" {
            let its = all.filter {
                $0.batch?.text == line.text("batch") && $0.unit.text == line.text("unit")
                    && $0.feature?.text == line.text("feature")
            }
            #expect(
                line.integer("amount") == its.filter { !$0.isRefund }.total
                    && line.integer("refunded") == its.filter(\.isRefund).total)
            #expect(line.integer("items") == Int64(its.filter { !$0.isRefund }.count))
        }
        let batches = Set(all.filter { $0.batch != nil }.map { [$0.batch!.text, $0.feature?.text ?? "", $0.unit.text] })
        #expect(lines.filter { $0.text("kind") == "batch" }.count == batches.count)
    }

    @Test func historyIsFilteredByTime() async throws {
        try await following { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "account": "u-1"]
            let all = try await ask("usage.history", key, generator.now)
            let middle = all[all.count / 2]
            let (at, day) = (middle.text("at")!, middle.text("day")!)
            let since = try await ask("usage.history", key.merging(["since": .text(at)]) { $1 }, generator.now)
            let until = try await ask("usage.history", key.merging(["until": .text(at)]) { $1 }, generator.now)
            #expect(since.map { $0.integer("seq") } == all.filter { $0.text("at")! >= at }.map { $0.integer("seq") })
            #expect(until.map { $0.integer("seq") } == all.filter { $0.text("at")! < at }.map { $0.integer("seq") })
            let onDay = try await ask("usage.history", key.merging(["from": .text(day), "to": .text(day)]) { $1 }, generator.now)
            #expect(onDay.map { $0.integer("seq") } == all.filter { $0.text("day") == day }.map { $0.integer("seq") })
            #expect(!onDay.isEmpty && !until.isEmpty && onDay.count < all.count)
        }
    }

    @Test func configurationIsKeptVersionByVersion() async throws {
        try await following { ask in
            for tenant in EventLogGenerator.tenants {
                let changes = generator.events.filter { $0.tenant == tenant }.compactMap { event -> (Event, Configured)? in
                    if case .configured(let fact) = event.fact { (event, fact) } else { nil }
                }
                var current: [String] = []
                for (key, versions) in Dictionary(grouping: changes, by: { $0.1.key.description }).sorted(by: { $0.key < $1.key })
                {
                    let arguments: [String: QueryValue] = ["tenant": .init(tenant), "key": .text(key)]
                    let history = try await ask("config.history", arguments.merging(["limit": 2]) { $1 }, generator.now)
                    #expect(history.map { $0.integer("version") } == versions.reversed().map { Int64($0.1.version) })
                    #expect(history.map { $0.integer("seq") } == versions.reversed().map { Int64($0.0.sequence.rawValue) })
                    #expect(history.map { $0.text("reason") } == versions.reversed().map(\.1.reason))
                    #expect(history.map { $0.text("actor") } == versions.reversed().map(\.0.actor?.text))
                    let document = try await ask("config.document", arguments, generator.now)
                    #expect(document.map { $0.integer("version") } == [Int64(versions.count)])
                    let first = try await ask("config.version", arguments.merging(["version": 1]) { $1 }, generator.now)
                    #expect(first.map { $0.integer("seq") } == [Int64(versions[0].0.sequence.rawValue)])
                    #expect(first[0].fields["value"] is NSDictionary || versions[0].1.document == nil)
                    if versions.last!.1.document != nil { current.append(key) }
                }
                let found = try await ask("config.current", ["tenant": .init(tenant), "limit": 1], generator.now)
                #expect(found.map { $0.text("key")! } == current)
                let prices = try await ask("config.current", ["tenant": .init(tenant), "prefix": "price/"], generator.now)
                #expect(prices.map { $0.text("key")! } == current.filter { $0.hasPrefix("price/") })
            }
        }
    }
}

extension [Movement] {
    fileprivate var total: Int64 { reduce(0) { $0 + $1.amount } }
}
