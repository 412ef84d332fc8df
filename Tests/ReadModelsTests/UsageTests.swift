import Foundation
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// The history of use, under every filter, and every single use: held against the events themselves.
@Suite struct UsageTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    // MARK: The history under filters

    /// A filter's parameters, and what it lets through.
    private struct Filter: Sendable {
        let given: [String: QueryValue]
        let admits: @Sendable (LineShare) -> Bool
    }

    /// What a line of the history must say.
    private struct Line: Hashable {
        let place: [String]
        let amount: Int64?
        let refunded: Int64
        let items: Int64
    }

    private static let filters: [Filter] = [
        Filter(given: ["feature": "chat"]) { $0.feature == "chat" },
        Filter(given: ["features": .texts(["chat", "siterank"])]) { ["chat", "siterank"].contains($0.feature) },
        Filter(given: ["units": .texts(["ap"])]) { $0.unit == "ap" },
        Filter(given: ["keys": .texts(["key-0", "key-2"])]) { ["key-0", "key-2"].contains($0.key?.text) },
        Filter(given: ["kinds": .texts(["batch", "refund"])]) { ["batch", "refund"].contains($0.kind) },
        Filter(given: ["kinds": .texts(["settlement", "capture", "record"])]) {
            ["settlement", "capture", "record"].contains($0.kind)
        },
        Filter(given: ["models": .texts(["large", "small"])]) { ["large", "small"].contains($0.labels["model"]?.text) },
        Filter(given: ["platforms": .texts(["web"])]) { $0.labels["platform"] == "web" },
        Filter(given: ["statuses": .texts(["cut", "late"])]) { ["cut", "late"].contains($0.labels["status"]?.text) },
        Filter(given: ["labels": .texts(["status=ok", "platform=web"])]) {
            $0.labels["status"] == "ok" && $0.labels["platform"] == "web"
        },
        Filter(given: ["batch": "b-1"]) { $0.batch == "b-1" },
        Filter(given: ["text": "A [DETAIL]"]) { $0.contains("a [detail]") },
        Filter(given: ["text": "It Failed"]) { $0.contains("it failed") },
        Filter(given: ["text": "B-2"]) { $0.contains("b-2") },
        Filter(given: ["text": "web"]) { $0.contains("web") },
        Filter(given: ["text": "c-1"]) { $0.contains("c-1") },
        Filter(given: ["text": "%"]) { $0.contains("%") },
        Filter(given: ["features": .texts(["nothing"])]) { _ in false },
    ]

    private func lines(_ shares: [LineShare]) -> [Line] {
        var lines: [[String]: (seq: Int64, Line)] = [:]
        for share in shares {
            let place = [String(share.seq), share.kind, share.unit, share.feature]
            let line = lines[place]?.1
            lines[place] = (
                share.seq,
                Line(
                    place: place, amount: line?.amount.map { $0 + share.amount! } ?? share.amount,
                    refunded: (line?.refunded ?? 0) + share.refunded, items: (line?.items ?? 0) + share.items)
            )
        }
        return lines.values.sorted { ($0.seq, $0.1.place[2], $0.1.place[3]) > ($1.seq, $1.1.place[2], $1.1.place[3]) }.map(\.1)
    }

    private func line(_ row: Row) -> Line {
        Line(
            place: [String(row.integer("seq")), row.text("kind")!, row.text("unit") ?? "", row.text("feature") ?? ""],
            amount: row.fields["amount"] is NSNull ? nil : row.integer("amount"), refunded: row.integer("refunded"),
            items: row.integer("items"))
    }

    @Test func everyFilterLetsThroughWhatItSays() async throws {
        var found = Set<Int>()
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                for account in EventLogGenerator.accounts {
                    let shares = LineShare.all(in: ledger.events(of: tenant), of: account)
                    for (number, filter) in UsageTests.filters.enumerated() {
                        let given = filter.given.merging(["tenant": .init(tenant), "account": .init(account)]) { $1 }
                        let rows = try await ask("usage.history", given.merging(["limit": 100]) { $1 }, ledger.now)
                        #expect(rows.map(line) == lines(shares.filter(filter.admits)), "\(filter.given)")
                        if !rows.isEmpty { found.insert(number) }
                    }
                }
            }
        }
        let barren = UsageTests.filters.indices.filter { !found.contains($0) }.map { UsageTests.filters[$0].given }
        #expect(barren.count == 2, "what nothing is found by tests nothing, but for the last two: \(barren)")
    }

    /// Filters add up, whatever the size of the pages.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func filtersAddUp(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        try await ledger.following { ask in
            for _ in 0..<60 {
                let tenant = EventLogGenerator.tenants.randomElement(using: &random)!
                let account = EventLogGenerator.accounts.randomElement(using: &random)!
                let chosen = (0..<2).map { _ in UsageTests.filters.randomElement(using: &random)! } + [time(&random)]
                var given: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account)]
                given["limit"] = .integer(.random(in: 1...9, using: &random))
                var filters: [Filter] = []
                for filter in chosen where Set(filter.given.keys).isDisjoint(with: given.keys) {
                    given.merge(filter.given) { $1 }
                    filters.append(filter)
                }
                let shares = LineShare.all(in: ledger.events(of: tenant), of: account)
                let expected = lines(shares.filter { share in filters.allSatisfy { $0.admits(share) } })
                let rows = try await ask("usage.history", given, ledger.now)
                #expect(rows.map(line) == expected, "\(given)")
            }
        }
    }

    /// Days, instants, or both bounds of one of them, from two events' times.
    private func time(_ random: inout SeededGenerator) -> Filter {
        let events = [ledger.events.randomElement(using: &random)!, ledger.events.randomElement(using: &random)!]
        let (first, last) = (events.min { $0.sequence < $1.sequence }!, events.max { $0.sequence < $1.sequence }!)
        if Bool.random(using: &random) {
            let (from, to) = (min(first.day, last.day), max(first.day, last.day))
            return Filter(given: ["from": .text(from.description), "to": .text(to.description)]) {
                $0.day >= from && $0.day <= to
            }
        }
        let (since, until) = (first.at, last.at)
        return Filter(given: ["since": .text(since.description), "until": .text(until.description)]) {
            $0.at >= since && $0.at < until
        }
    }

    /// By keys and labels as they are found in the ledger, in all its accounts.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func keysAndLabelsAreFound(seed: UInt64) async throws {
        let ledger = try UseLedger(seed: seed)
        var found: [String: Int] = [:]
        try await ledger.following(["usage"]) { ask in
            for tenant in UseLedger.tenants {
                let (events, movements) = (ledger.events(of: tenant), Movement.all(in: ledger.events(of: tenant)))
                for account in UseLedger.accounts {
                    let shares = LineShare.all(in: events, of: account)
                    let lists: [(String, [String], (LineShare) -> String?)] = [
                        ("keys", movements.values(\.key), { $0.key?.text }),
                        ("models", movements.values { $0.labels["model"] }, { $0.labels["model"]?.text }),
                        ("platforms", movements.values { $0.labels["platform"] }, { $0.labels["platform"]?.text }),
                    ]
                    for (name, values, read) in lists {
                        for value in values {
                            let key: [String: QueryValue] = [
                                "tenant": .init(tenant), "account": .init(account), name: .texts([value]),
                            ]
                            let rows = try await ask("usage.history", key, ledger.now)
                            #expect(rows.map(line) == lines(shares.filter { read($0) == value }), "\(key)")
                            let uses = try await ask("usage.uses", key, ledger.now)
                            let expected = movements.of(.use).filter { $0.account == account && read(LineShare($0)) == value }
                            #expect(uses.map { $0.integer("seq") } == expected.seqs, "\(key)")
                            found[name, default: 0] += rows.filter { $0.text("kind") == "batch" }.count
                        }
                    }
                }
            }
        }
        #expect(found.values.allSatisfy { $0 > 0 } && found.count == 3, "\(found)")
    }

    /// The amounts of a batch are those of its line, not of its items.
    @Test func amountsAreThoseOfTheLines() async throws {
        try await ledger.following { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "account": "u-1"]
            let all = lines(LineShare.all(in: ledger.events(of: "acme"), of: "u-1"))
            for (least, most) in [(20, nil), (nil, 3), (5, 60), (61, 60)] as [(Int64?, Int64?)] {
                let given = [("minAmount", least), ("maxAmount", most)].map { ($0, $1.map(QueryValue.integer) ?? .null) }
                let rows = try await ask("usage.history", key.merging(given) { $1 }, ledger.now)
                let expected = all.filter { line in
                    line.amount.map { $0 >= least ?? .min && $0 <= most ?? .max } ?? false
                }
                #expect(rows.map(line) == expected)
                #expect(rows.isEmpty == (least == 61))
            }
        }
    }

    /// Key and labels of a batch's line are those that all of its items have.
    @Test func aBatchShowsWhatItsItemsHaveInCommon() async throws {
        try await ledger.following { ask in
            var (common, mixed) = (0, 0)
            for account in EventLogGenerator.accounts {
                let shares = LineShare.all(in: ledger.events(of: "acme"), of: account).filter { $0.kind == "batch" }
                let given: [String: QueryValue] = ["tenant": "acme", "account": .init(account), "kinds": .texts(["batch"])]
                for row in try await ask("usage.history", given, ledger.now) {
                    let its = shares.filter {
                        $0.seq == row.integer("seq") && $0.unit == row.text("unit") && $0.feature == row.text("feature") ?? ""
                    }
                    let isCommon = its.allSatisfy { $0.key == its[0].key && $0.labels == its[0].labels }
                    #expect(row.text("key") == (isCommon ? its[0].key?.text : nil))
                    let labels = row.labels
                    #expect(labels == (isCommon ? Dictionary(its[0].labels.map { ($0.text, $1.text) }) { $1 } : [:]))
                    if isCommon { common += 1 } else { mixed += 1 }
                }
            }
            #expect(common > 0 && mixed > 0)
        }
    }

    @Test func detailsAreShownAsTheyWereSent() async throws {
        try await ledger.following { ask in
            var count = 0
            for event in ledger.events(of: "zenith") {
                guard let use = event.fact.use, let details = use.details, use.batch == nil else { continue }
                let movements = Movement.all(in: [event])
                guard let account = movements.first?.account else { continue }
                let given: [String: QueryValue] = ["tenant": "zenith", "account": .init(account), "text": "a [detail]"]
                let rows = try await ask("usage.history", given.merging(["limit": 1000]) { $1 }, ledger.now)
                let row = rows.first { $0.integer("seq") == Int64(event.sequence.rawValue) }
                let expected = try JSONSerialization.jsonObject(with: Data(details.utf8)) as? NSDictionary
                #expect(row?.fields["details"] as? NSDictionary == expected)
                count += 1
            }
            #expect(count > 3)
        }
    }

    /// Law 10 where keys and labels split the lines of batches.
    @Test(arguments: ["usage", "batches", "daily"], [1, 2] as [UInt64])
    func isTheSameHoweverTheLogIsCut(name: String, seed: UInt64) throws {
        let (events, projection) = (try UseLedger(seed: seed).events, try #require(Projection.builtIn.first { $0.name == name }))
        let (coarse, fine) = (try Ledger(), try Ledger())
        var random = SeededGenerator(seed: seed)
        try coarse.append(events)
        try fine.append(events, cutting: &random)
        var small = ReadModelBounds()
        (small.stretchEventCount, small.commitEventCount) = (Int.random(in: 1...9, using: &random), 50)
        try OfflineRebuild(projection, in: coarse.views, reader: coarse.reader).rebuild(upTo: coarse.log.head) { _ in }
        try OfflineRebuild(projection, in: fine.views, reader: fine.reader, bounds: small).rebuild(upTo: fine.log.head) { _ in }
        let comparison = ReadModelComparison(
            live: try Connection(coarse.file(name), .reading), rebuilt: try Connection(fine.file(name), .reading))
        #expect(try comparison.firstDifference() == nil)
    }

    // MARK: Every use by itself

    /// What `usage.uses` must say of one unit of a use.
    private struct SingleUse: Hashable {
        let account: String
        let seq: Int64
        let unit: String
        let texts: [String?]
        let integers: [Int64?]
        let quantities: [String: Int64]
        let labels: [String: String]
    }

    private func uses(of tenant: Name) -> [SingleUse] {
        let movements = ledger.movements(of: tenant)
        var refunds: [String: Int64] = [:]
        for movement in movements.of(.refund) {
            refunds["\(movement.debit) \(movement.unit?.text ?? "")", default: 0] += movement.amount
        }
        return movements.of(.use).map { use in
            let (event, part) = (use.event, use.event.fact.part(of: use.unit!)!)
            return SingleUse(
                account: use.account.text, seq: Int64(event.sequence.rawValue), unit: use.unit!.text,
                texts: [
                    event.at.description, event.day.description, event.fact.kindOfUse,
                    (event.fact.item ?? use.hold ?? event.id).text,
                    use.feature?.text, use.key?.text, use.batch?.text, use.hold?.text,
                ],
                integers: [
                    use.amount, refunds["\(use.debit) \(use.unit!.text)"] ?? 0, part.balance.available.rawValue,
                    part.balance.isUnlimited ? 1 : 0, event.fact.price.map(Int64.init),
                ],
                quantities: Dictionary(use.quantities.map { ($0.dimension.text, $0.count.rawValue) }) { $1 },
                labels: Dictionary(use.labels.map { ($0.text, $1.text) }) { $1 })
        }.sorted { ($0.account, $0.seq, $0.unit) < ($1.account, $1.seq, $1.unit) }
    }

    private func singleUse(_ row: Row) -> SingleUse {
        SingleUse(
            account: row.text("account")!, seq: row.integer("seq"), unit: row.text("unit")!,
            texts: ["at", "day", "kind", "id", "feature", "key", "batch", "hold"].map(row.text),
            integers: ["amount", "refunded", "available"].map(row.integer)
                + [row.flag("unlimited")! ? 1 : 0, row.fields["price"] is NSNull ? nil : row.integer("price")],
            quantities: row.object("quantities"), labels: row.labels)
    }

    @Test(arguments: [3, 1000] as [Int64])
    func everyUseIsThereOnceInTheOrderOfItsAccount(limit: Int64) async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let key: [String: QueryValue] = ["tenant": .init(tenant), "limit": .integer(limit)]
                let (rows, expected) = (try await ask("usage.uses", key, ledger.now), uses(of: tenant))
                #expect(rows.map(singleUse) == expected && rows.count > 100)
                #expect(rows.allSatisfy { $0.integer("chunk") == 0 })
                let own = try await ask("usage.uses", key.merging(["account": "u-2"]) { $1 }, ledger.now)
                #expect(own.map(singleUse) == expected.filter { $0.account == "u-2" })
            }
        }
    }

    @Test func usesAreFiltered() async throws {
        var found = Set<Int>()
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let key: [String: QueryValue] = ["tenant": .init(tenant)]
                let all = try await ask("usage.uses", key, ledger.now)
                for (number, filter) in useFilters(all).enumerated() {
                    let rows = try await ask("usage.uses", key.merging(filter.given) { $1 }, ledger.now)
                    #expect(rows.map(singleUse) == all.filter(filter.admits).map(singleUse), "\(filter.given)")
                    if !rows.isEmpty, rows.count < all.count { found.insert(number) }
                }
            }
            #expect(found.count == useFilters([]).count, "each of them finds some and not all: \(found.sorted())")
        }
    }

    private func useFilters(_ all: [Row]) -> [(given: [String: QueryValue], admits: (Row) -> Bool)] {
        let at = all.isEmpty ? "" : all.map { $0.text("at")! }.sorted()[all.count / 2]
        let day = String(at.prefix(10))
        return [
            (["features": .texts(["chat"])], { $0.text("feature") == "chat" }),
            (["units": .texts(["ap"])], { $0.text("unit") == "ap" }),
            (["kinds": .texts(["settlement", "capture"])], { $0.text("kind") != "debit" }),
            (["models": .texts(["large"])], { $0.labels["model"] == "large" }),
            (["platforms": .texts(["web"])], { $0.labels["platform"] == "web" }),
            (["batch": "b-1"], { $0.text("batch") == "b-1" }),
            (["since": .text(at)], { $0.text("at")! >= at }), (["until": .text(at)], { $0.text("at")! < at }),
            (["from": .text(day)], { $0.text("day")! >= day }), (["to": .text(day)], { $0.text("day")! <= day }),
        ]
    }

    /// Names and values are searched, not the JSON that they are written in.
    @Test func textIsWhatWasSaidNotHowItIsWritten() async throws {
        let own = try Ledger()
        let events = sayings
        try own.append(events)
        let readModels = try own.readModels(Projection.builtIn.filter { $0.name == "usage" })
        readModels.start()
        let (last, now) = (events.last!.sequence, events.last!.at)
        for (method, key) in [("usage.history", ["kinds": .texts(["debit"])]), ("usage.batch", ["batch": "night"])]
            as [(String, [String: QueryValue])]
        {
            for (text, isFound) in [
                (#"M"Q"#, true), (#"A"B\C"#, true), ("chapter", true), ("note", true), ("TRUE", true), ("-7.5", true),
                (#"":""#, false), (#"\""#, false), ("{", false), ("[", false), (",", false), ("0", false), ("1", false),
            ] {
                let arguments: [String: QueryValue] = ["tenant": "acme", "account": "a", "text": .text(text)]
                let rows = try await readModels.rows(method, arguments.merging(key) { $1 }, at: last, now: now)
                #expect(rows.count == (isFound ? 1 : 0), "\(method) \(text)")
            }
        }
        await readModels.stop()
    }

    /// Of two debits, one of them in a batch, that both say the same.
    private var sayings: [Event] {
        let (labels, details) = (["chapter": #"m"q"#] as Labels, #"{"note":"a\"b\\c","list":["x",true,-7.5]}"#)
        let commands: [Command] =
            [
                .grant(Grant(account: "a", unit: "ap", amount: 9)), .openBatch(OpenBatch(account: "a", batch: "night")),
            ]
            + [nil, "night"].map { batch in
                .debit(Debit(account: "a", ask: .amount(unit: "ap", 1), use: Use(batch: batch, labels: labels, details: details)))
            }
        var memory = MemoryLedger()
        for (id, command) in zip(["grant", "open", "single", "item"] as [Name], commands) {
            let request = Request(tenant: "acme", id: id, body: 7, peer: 1, command: command)
            _ = try? memory.send(request, at: Timestamp(rfc3339: "2026-11-21T08:00:00Z")!)
        }
        return memory.events
    }

    @Test func theItemsOfABatchAreFoundByText() async throws {
        try await ledger.following { ask in
            let key: [String: QueryValue] = ["tenant": "acme", "account": "u-1", "batch": "b-1"]
            let all = try await ask("usage.batch", key, ledger.now)
            let found = try await ask("usage.batch", key.merging(["text": "WEB"]) { $1 }, ledger.now)
            let expected = all.filter { $0.labels["platform"] == "web" }
            #expect(found.map { $0.integer("seq") } == expected.map { $0.integer("seq") })
            #expect(!found.isEmpty && found.count < all.count)
        }
    }
}

extension Fact {
    fileprivate var item: Name? { if case .debited(let fact) = self { fact.item } else { nil } }

    fileprivate var kindOfUse: String {
        switch self {
        case .debited: "debit"
        case .settled: "settlement"
        default: "capture"
        }
    }

    fileprivate var price: Int? {
        switch self {
        case .debited(let fact): fact.priced?.version
        case .settled(let fact), .holdExpired(let fact): fact.priced?.version
        default: nil
        }
    }

    fileprivate func part(of unit: Name) -> Part? {
        switch self {
        case .debited(let fact): fact.parts.first { $0.unit == unit }
        case .settled(let fact), .holdExpired(let fact): fact.parts.first { $0.unit == unit }
        default: nil
        }
    }
}

extension Row {
    fileprivate var labels: [String: String] { fields["labels"] as? [String: String] ?? [:] }
}
