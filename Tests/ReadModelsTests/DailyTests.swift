import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// Trends, shares and revenue under every filter, held against sums over the events.
@Suite struct DailyTests {
    private let ledger: UseLedger
    private let movements: [Movement]

    init() throws {
        ledger = try UseLedger(seed: 1)
        movements = Movement.all(in: ledger.events)
    }

    // MARK: Filters

    /// Parameters that go together, and what they let through.
    private struct Filter {
        var given: [String: QueryValue] = [:]
        var admits: [(Movement) -> Bool] = []

        mutating func add(_ name: String, _ value: QueryValue, _ admits: @escaping (Movement) -> Bool) {
            given[name] = value
            self.admits.append(admits)
        }

        func admits(_ movement: Movement) -> Bool { movement.unit != nil && admits.allSatisfy { $0(movement) } }
    }

    /// Some filters of those that a method has.
    private func filter(_ method: String, _ random: inout SeededGenerator) throws -> Filter {
        let query = try #require(Projection.builtIn.first { $0.name == "daily" }?.query(method))
        let names = Set(query.parameters.map(\.name))
        let days = [ledger.events.randomElement(using: &random)!.day, ledger.events.randomElement(using: &random)!.day].sorted()
        let tenant = UseLedger.tenants.randomElement(using: &random)!
        var filter = Filter()
        filter.add("tenant", .init(tenant)) { $0.event.tenant == tenant }
        filter.add("from", .text(days[0].description)) { $0.event.day >= days[0] }
        filter.add("to", .text(days[1].description)) { $0.event.day <= days[1] }
        let isRequired = query.parameters.contains { $0.name == "unit" && $0.isRequired }
        if isRequired || names.contains("unit") && Bool.random(using: &random) {
            let unit = movements.compactMap(\.unit).randomElement(using: &random)!
            filter.add("unit", .init(unit)) { $0.unit == unit }
        }
        addLists(to: &filter, names, &random)
        return filter
    }

    private func addLists(to filter: inout Filter, _ names: Set<String>, _ random: inout SeededGenerator) {
        let account = UseLedger.accounts.randomElement(using: &random)!
        let lists: [(String, (Movement) -> Name?)] = [
            ("features", { $0.feature }), ("models", { $0.labels["model"] }), ("platforms", { $0.labels["platform"] }),
            ("keys", { $0.key }),
        ]
        for (name, read) in lists
        where names.contains(name) && Int.random(in: 0..<3, using: &random) == 0 {
            let chosen = (0...Int.random(in: 0...2, using: &random)).map { _ in
                movements.values(read).randomElement(using: &random)!
            }
            filter.add(name, .texts(chosen)) { read($0).map { chosen.contains($0.text) } ?? false }
        }
        if names.contains("account"), Bool.random(using: &random) {
            filter.add("account", .init(account)) { $0.account == account }
        }
        if names.contains("feature"), Int.random(in: 0..<5, using: &random) == 0 {
            filter.add("feature", "chat") { $0.feature == "chat" }
        }
    }

    private func movements(_ filter: Filter) -> [Movement] {
        movements.filter(filter.admits)
    }

    /// The first day of the period that a day lies in.
    private func period(_ day: Day, by: String) -> String {
        switch by {
        case "week": Day(daysSinceEpoch: day.daysSinceEpoch - ((day.daysSinceEpoch + 3) % 7 + 7) % 7).description
        case "month": day.description.prefix(8) + "01"
        default: day.description
        }
    }

    // MARK: Trends

    @Test(arguments: ["day", "week", "month"], [1, 2, 3] as [UInt64])
    func aTrendIsTheSumOfItsPeriods(by: String, seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        try await ledger.following(["daily"]) { ask in
            var rowCount = 0
            for _ in 0..<25 {
                var filter = try filter("daily.trend", &random)
                filter.given["by"] = .text(by)
                filter.given["limit"] = .integer(.random(in: 1...9, using: &random))
                let rows = try await ask("daily.trend", filter.given, ledger.now)
                let keys = rows.map { [$0.text("day")!, $0.text("unit")!] }
                #expect(keys == keys.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })
                let expected = Sum.by({ [period($0.event.day, by: by), $0.unit!.text] }, movements(filter))
                #expect(Sum.by({ [$0.text("day")!, $0.text("unit")!] }, rows) == expected, "\(filter.given)")
                #expect(rows.allSatisfy { $0.integer("net") == $0.integer("amount") - $0.integer("refunded") })
                rowCount += rows.count
            }
            #expect(rowCount > 5)
        }
    }

    /// A price takes in a second unit what the first cannot pay.
    @Test func aUseCountsInEachUnitThatItHasAnAmountIn() async throws {
        try await ledger.following(["daily"]) { ask in
            let uses = movements.of(.use).filter { $0.event.tenant == "acme" }
            let key: [String: QueryValue] = ["tenant": "acme", "from": "1970-01-01", "to": "9999-12-31"]
            let rows = try await ask("daily.features", key, ledger.now)
            for unit in ["credits", "ap"] as [Name] {
                let count = rows.filter { $0.text("unit") == unit.text }.reduce(0) { $0 + $1.integer("count") }
                #expect(count == Int64(Set(uses.filter { $0.unit == unit }.seqs).count))
            }
            #expect(uses.count > Set(uses.seqs).count)
        }
    }

    /// Weeks begin on Mondays, across the ends of months, years and Februaries.
    @Test func periodsAreThoseOfTheCalendar() throws {
        let scattered = (0..<900 as Range<Int64>).map { Day(daysSinceEpoch: -30_000 + $0 * 91) }
        let days = Set(scattered + (0..<60).map { Day(daysSinceEpoch: 11_000 + $0) }).sorted()
        let events = days.enumerated().map { index, day in
            Event(
                sequence: SequenceNumber(UInt64(index + 1)), at: Timestamp(microseconds: 1_700_000_000_000_000), day: day,
                tenant: "acme",
                id: Name("c-\(index)")!, group: GroupHead(count: 1, body: 1), peer: 1, actor: nil,
                fact: .usageRecorded(UsageRecorded(account: "a", ask: .amount(unit: "ap", 1), use: Use())))
        }
        let memory = try Ledger()
        try memory.append(events)
        let daily = Projection.builtIn.first { $0.name == "daily" }!
        try OfflineRebuild(daily, in: memory.views, reader: memory.reader).rebuild(upTo: memory.log.head) { _ in }
        let kept = try Connection(memory.file("daily"), .reading).statement("SELECT day, week, month FROM days ORDER BY day")
        var found: [[String]] = []
        while try kept.step() { found.append([kept.text(0), kept.text(1), kept.text(2)]) }
        #expect(found == days.map { [$0.description, period($0, by: "week"), period($0, by: "month")] })
    }

    // MARK: Shares

    @Test(arguments: ["features", "models", "platforms", "keys", "accounts"], [1, 2] as [UInt64])
    func sharesAreOfTheWhole(of thing: String, seed: UInt64) async throws {
        let read: [String: ([(Movement) -> String?], [String])] = [
            "features": ([{ $0.feature?.text }], ["feature"]),
            "models": ([{ $0.labels["model"]?.text }, { $0.labels["platform"]?.text }], ["model", "platform"]),
            "platforms": ([{ $0.labels["platform"]?.text }], ["platform"]),
            "keys": ([{ $0.key?.text }, { $0.account.text }], ["key", "account"]),
            "accounts": ([{ $0.account.text }], ["account"]),
        ]
        let (parts, columns) = try #require(read[thing])
        var random = SeededGenerator(seed: seed)
        try await ledger.following(["daily"]) { ask in
            var rowCount = 0
            for _ in 0..<25 {
                let filter = try filter("daily.\(thing)", &random)
                let its = movements(filter).filter { thing != "keys" || $0.key != nil }
                let isOfOneUnit = thing == "keys" || thing == "accounts"
                let rows = try await ask("daily.\(thing)", filter.given, ledger.now)
                let expected = Sum.by(
                    { movement in parts.map { $0(movement) ?? "" } + (isOfOneUnit ? [] : [movement.unit!.text]) }, its)
                let found = Sum.by({ row in columns.map { row.text($0) ?? "" } + (isOfOneUnit ? [] : [row.text("unit")!]) }, rows)
                #expect(found == expected, "\(filter.given)")
                checkShares(rows, isOfOneUnit)
                rowCount += rows.count
            }
            #expect(rowCount > 5)
        }
    }

    private func checkShares(_ rows: [Row], _ isOfOneUnit: Bool) {
        let nets = rows.map { $0.integer("net") }
        #expect(nets == nets.sorted(by: >))
        for (_, its) in Dictionary(grouping: rows, by: { isOfOneUnit ? "" : $0.text("unit")! }) {
            let whole = its.reduce(0) { $0 + $1.integer("net") }
            for row in its {
                let share = Double(row.integer("net")) * 10_000 / Double(whole)
                #expect(whole == 0 ? row.fields["share"] is NSNull : abs(Double(row.integer("share")) - share) <= 0.5)
            }
        }
    }

    @Test func onlyTheFirstAreListed() async throws {
        try await ledger.following(["daily"]) { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "unit": "credits", "from": "1970-01-01", "to": "9999-12-31"]
            let all = try await ask("daily.accounts", key, ledger.now)
            let first = try await ask("daily.accounts", key.merging(["top": 2]) { $1 }, ledger.now)
            #expect(all.count > 2 && first.map { $0.text("account") } == all.prefix(2).map { $0.text("account") })
            // A share is of all, also of those that are not listed.
            #expect(first.map { $0.integer("share") } == all.prefix(2).map { $0.integer("share") })
        }
    }

    @Test func quantitiesAreThoseOfSomeFeatures() async throws {
        try await ledger.following(["daily"]) { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "from": "1970-01-01", "to": "9999-12-31"]
            let all = try await ask("daily.quantities", key, ledger.now)
            let both = try await ask(
                "daily.quantities", key.merging(["features": .texts(["chat", "rank"])]) { $1 }, ledger.now)
            let chat = try await ask("daily.quantities", key.merging(["features": .texts(["chat"])]) { $1 }, ledger.now)
            let single = try await ask("daily.quantities", key.merging(["feature": "chat"]) { $1 }, ledger.now)
            #expect(all.map { $0.integer("net") } == both.map { $0.integer("net") })
            #expect(chat.map { $0.integer("net") } != all.map { $0.integer("net") })
            #expect(chat.map { $0.integer("net") } == single.map { $0.integer("net") } && !chat.isEmpty)
        }
    }

    // MARK: Revenue

    @Test(arguments: ["hour", "day", "month"])
    func revenueIsWhatWasTakenNetOfRefunds(by: String) async throws {
        var random = SeededGenerator(seed: 9)
        try await ledger.following(["daily"]) { ask in
            var rowCount = 0
            for _ in 0..<15 {
                var filter = try filter("daily.revenue", &random)
                (filter.given["by"], filter.given["limit"]) = (.text(by), .integer(.random(in: 1...9, using: &random)))
                let rows = try await ask("daily.revenue", filter.given, ledger.now)
                var expected: [[String]: [Int64]] = [:]
                for movement in movements(filter) where movement.kind != .record {
                    let hour = by == "hour" ? hour(movement.event.at).description : ""
                    let key = [period(movement.event.day, by: by), hour, movement.unit!.text]
                    let isUse = movement.kind == .use
                    var sums = expected[key] ?? [0, 0, 0, 0, 0]
                    sums[isUse ? 0 : 2] += movement.amount
                    sums[isUse ? 1 : 3] += 1
                    sums[4] = sums[0] - sums[2]
                    expected[key] = sums
                }
                let columns = ["amount", "count", "refunded", "refunds", "net"]
                let found = rows.map { row in
                    ([row.text("day")!, by == "hour" ? row.text("hour")! : "", row.text("unit")!], columns.map(row.integer))
                }
                #expect(Dictionary(uniqueKeysWithValues: found) == expected, "\(filter.given)")
                rowCount += rows.count
            }
            #expect(rowCount > 5)
        }
    }

    private func hour(_ instant: Timestamp) -> Timestamp {
        Timestamp(microseconds: instant.rawValue / 3_600_000_000 * 3_600_000_000)
    }

    /// Unless it is said otherwise, these are the last 24 hours.
    @Test func hoursAreThoseOfTheLedger() async throws {
        try await ledger.following(["daily"]) { ask in
            for tenant in UseLedger.tenants {
                let all = movements.filter { $0.event.tenant == tenant && $0.unit != nil }
                let key: [String: QueryValue] = ["tenant": .init(tenant), "limit": 4]
                let last = Timestamp(microseconds: hour(ledger.now).rawValue - 23 * 3_600_000_000)
                let middle = all[all.count / 2].event.at
                let spans: [([String: QueryValue], (Timestamp) -> Bool)] = [
                    ([:], { $0 >= last }), (["since": .text(middle.description)], { $0 >= middle }),
                    (["since": .text(hour(middle).description)], { $0 >= hour(middle) }),
                    (["since": "2000-01-01T00:00:00Z", "until": .text(middle.description)], { $0 < middle }),
                    (["since": "2000-01-01T00:00:00Z", "until": .text(hour(middle).description)], { $0 < hour(middle) }),
                    (["since": "2000-01-01T00:00:00Z", "unit": "ap"], { _ in true }),
                ]
                for (given, admits) in spans {
                    let rows = try await ask("daily.hours", key.merging(given) { $1 }, ledger.now)
                    let its = all.filter { admits(hour($0.event.at)) && (given["unit"] == nil || $0.unit == "ap") }
                    let expected = Sum.by({ [hour($0.event.at).description, $0.unit!.text] }, its)
                    #expect(Sum.by({ [$0.text("hour")!, $0.text("unit")!] }, rows) == expected && !rows.isEmpty, "\(given)")
                }
            }
        }
    }

    // MARK: How it is kept

    /// What one account or key used is found day by day, without reading what the others used.
    @Test(arguments: ["trend", "features", "models", "platforms", "keys", "quantities"])
    func anAccountIsFoundAmongAll(method: String) throws {
        let daily = try #require(Projection.builtIn.first { $0.name == "daily" })
        let steps = try daily.plan("daily.\(method)").filter { $0.hasPrefix("SEARCH a ") }
        #expect(!steps.isEmpty && steps.allSatisfy { $0.contains("(tenant=? AND day=? AND account=?") }, "\(steps)")
    }
}
