import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// Balances, lots and open holds are those that the events tell, and those of the book.
@Suite struct HoldingTests {
    /// How much of the log is there: of every 500 events, up to where most holds are open.
    private static let counts: [Int] = {
        var most: [Int: (count: Int, open: Int)] = [:]
        var open = 0
        for (index, event) in BuiltInLedger.generator.events.enumerated() {
            if event.group != nil, open > most[index / 500]?.open ?? 0 { most[index / 500] = (index, open) }
            switch event.fact {
            case .held: open += 1
            case .settled, .released, .holdExpired: open -= 1
            default: break
            }
        }
        return most.values.map(\.count).sorted()
    }()

    /// An account's unit.
    private struct Place: Hashable {
        let account: Name
        let unit: Name
    }

    /// The last balance that the events tell of each account and unit, and when.
    private func lastBalances(of tenant: Name, _ ledger: BuiltInLedger) -> [Place: (at: Timestamp, balance: Balance)] {
        var last: [Place: (at: Timestamp, balance: Balance)] = [:]
        for event in ledger.events(of: tenant) {
            for (account, part) in event.fact.moved {
                last[Place(account: account, unit: part.unit)] = (event.at, part.balance)
            }
        }
        return last
    }

    @Test(arguments: counts)
    func balancesAreThoseThatTheEventsTell(count: Int) async throws {
        let ledger = try BuiltInLedger(count: count)
        try await ledger.following("balances") { ask in
            for tenant in EventLogGenerator.tenants {
                var places: Set<[String]> = []
                for (place, told) in lastBalances(of: tenant, ledger) {
                    let key: [String: QueryValue] = [
                        "tenant": .init(tenant), "account": .init(place.account), "unit": .init(place.unit),
                    ]
                    let rows = try await ask("balances.account", key, told.at)
                    #expect(rows.map(balance) == [told.balance], "\(place) at \(told.at)")
                    places.insert([place.account.text, place.unit.text])
                }
                let list = try await ask("balances.list", ["tenant": .init(tenant), "limit": 3], ledger.now)
                #expect(Set(list.map { [$0.text("account")!, $0.text("unit")!] }) == places && list.count == places.count)
                for row in list {
                    let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .text(row.text("account")!)]
                    let single = try await ask("balances.account", key, ledger.now).first { $0.text("unit") == row.text("unit") }
                    #expect(single.map(balance) == balance(row) && single?.integer("lots") == row.integer("lots"))
                }
            }
        }
    }

    private func balance(_ row: Row) -> Balance {
        Balance(
            available: Amount(rawValue: row.integer("available"))!, held: Amount(rawValue: row.integer("held"))!,
            isUnlimited: row.flag("unlimited")!)
    }

    /// The book judges an account as its next command would find it: windows that are not written yet are not here.
    @Test(arguments: counts)
    func lotsAreThoseOfTheBook(count: Int) async throws {
        let ledger = try BuiltInLedger(count: count)
        try await ledger.following("balances") { ask in
            for hours in [0, 24, 1000] as [Int64] {
                let now = Timestamp(microseconds: ledger.now.rawValue + hours * 3_600_000_000)
                for tenant in EventLogGenerator.tenants {
                    for account in EventLogGenerator.accounts {
                        let holdings = ledger.book.holdings(of: account, in: tenant, at: now) ?? []
                        let rows = try await ask("balances.lots", ["tenant": .init(tenant), "account": .init(account)], now)
                        for holding in holdings {
                            check(rows.filter { $0.text("unit") == holding.unit.text }, holding, ledger.book.lastSequence)
                        }
                    }
                }
            }
        }
    }

    private func check(_ rows: [Row], _ holding: Book.Holding, _ last: SequenceNumber) {
        let written = holding.lots.filter { $0.number <= last && $0.remaining != .zero }
        let known = Set(written.map(\.number))
        // A plan that has ended is told with the account's next command.
        let found = rows.filter { $0.text("plan") == nil || known.contains(SequenceNumber(UInt64($0.integer("lot")))) }
        #expect(found.map { $0.integer("lot") } == written.map { Int64($0.number.rawValue) })
        #expect(found.map { $0.flag("unlimited") } == written.map { $0.remaining == nil })
        #expect(
            found.filter { $0.flag("unlimited") == false }.map { $0.integer("remaining") }
                == written.compactMap(\.remaining?.rawValue))
        #expect(found.map { $0.text("expiresAt") } == written.map { $0.terms.expiresAt?.description })
        #expect(found.map { $0.text("source") } == written.map(\.terms.source.rawValue))
        #expect(found.map { $0.integer("priority") } == written.map { Int64($0.terms.priority) })
    }

    @Test(arguments: counts)
    func openHoldsAreThoseThatHaveNotEnded(count: Int) async throws {
        let ledger = try BuiltInLedger(count: count)
        try await ledger.following("balances") { ask in
            var openCount = 0
            for tenant in EventLogGenerator.tenants {
                let holds = openHolds(of: tenant, ledger)
                let key: [String: QueryValue] = ["tenant": .init(tenant), "limit": 2]
                let rows = try await ask("balances.holds", key, ledger.now)
                let expected = holds.sorted { ($0.value.account, $0.key) < ($1.value.account, $1.key) }
                #expect(rows.map { $0.text("hold") } == expected.map(\.key.text))
                openCount += rows.count
                #expect(rows.map { $0.text("account") } == expected.map(\.value.account.text))
                #expect(rows.map { $0.text("expiresAt") } == expected.map(\.value.terms.expiresAt.description))
                #expect(rows.map { $0.text("key") } == expected.map { $0.value.use.key?.text })
                #expect(
                    rows.map { $0.list("amounts").map { $0.text("unit") } } == expected.map { $0.value.parts.map(\.unit.text) })
                #expect(
                    rows.map { $0.list("amounts").map { $0.integer("amount") } }
                        == expected.map { $0.value.parts.map(\.amount.rawValue) })
                for account in EventLogGenerator.accounts {
                    let own = try await ask("balances.holds", key.merging(["account": .init(account)]) { $1 }, ledger.now)
                    #expect(own.map { $0.text("hold") } == expected.filter { $0.value.account == account }.map(\.key.text))
                }
            }
            #expect(openCount > 0)
        }
    }

    /// A plan that was to follow the default plan, and is taken back before it begins, ends nothing.
    @Test func theDefaultPlanGoesOnUntilItsEndIsTold() async throws {
        var memory = MemoryLedger()
        let start = Timestamp(rfc3339: "2026-11-10T00:00:00Z")!
        let plan = PlanDocument(allowances: [
            AllowanceDocument(unit: "u", amount: .units(100), period: .month),
            AllowanceDocument(unit: "v", amount: .units(7), period: .never),
        ])
        let documents: [Configure.Change] = [
            Configure.Change(key: DocumentKey(.plan, "free"), document: .plan(plan)),
            Configure.Change(key: DocumentKey(.plan, "plus"), document: .plan(plan)),
            Configure.Change(key: DocumentKey(.tenant, "settings"), document: .settings(SettingsDocument(defaultPlan: "free"))),
        ]
        let commands: [Command] = [
            .configure(Configure(changes: documents, reason: "")), .debit(Debit(account: "a", ask: .amount(unit: "u", 1))),
            .debit(Debit(account: "a", ask: .amount(unit: "v", 1))),
            .changePlan(ChangePlan(account: "a", from: "free", to: "plus", when: .nextWindow)),
            .unsubscribe(Unsubscribe(account: "a", plan: "plus")),
        ]
        for (number, command) in commands.enumerated() {
            _ = try memory.send(Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: command), at: start)
        }
        let ledger = try Ledger()
        try ledger.append(memory.events)
        let readModels = try ledger.readModels(
            Projection.builtIn.filter { ["balances", "allowances", "accounts"].contains($0.name) })
        readModels.start()
        let (key, now) = (["tenant": "t", "account": "a"] as [String: QueryValue], start.adding(days: 40))
        let ask = { try await readModels.rows($0, key, at: memory.book.lastSequence, now: now) }
        #expect(try await ask("balances.lots").map { [$0.text("unit"), $0.text("plan")] } == [["v", "free"]])
        #expect(try await ask("balances.past").map { $0.integer("available") } == [0, 6])
        #expect(try await ask("allowances.forecast").map { $0.text("plan") } == ["free"])
        #expect(try await ask("accounts.get").map { $0.texts("plans") } == [["free"]])
        await readModels.stop()
    }

    @Test func listsAreFiltered() async throws {
        let ledger = try BuiltInLedger()
        try await ledger.following("balances") { ask in
            let all = try await ask("balances.list", ["tenant": "acme"], ledger.now)
            let amounts = all.map { $0.integer("available") }.sorted()
            let middle = amounts[amounts.count / 2]
            let filters: [(filter: [String: QueryValue], isWanted: (Row) -> Bool)] = [
                (["accounts": .texts(["u-2", "u-4", "nobody"])], { ["u-2", "u-4"].contains($0.text("account")!) }),
                (["prefix": "u-"], { $0.text("account")!.hasPrefix("u-") }),
                (["prefix": "u-3"], { $0.text("account") == "u-3" }),
                (["prefix": "Ünïcode \"q"], { $0.text("account")!.hasPrefix("Ün") }),
                (["units": .texts(["ap"])], { $0.text("unit") == "ap" }),
                (["minAvailable": .integer(middle)], { $0.flag("unlimited")! || $0.integer("available") >= middle }),
                (["maxAvailable": .integer(middle)], { !$0.flag("unlimited")! && $0.integer("available") <= middle }),
                (
                    ["minAvailable": .integer(middle), "prefix": "u-"],
                    { row in
                        row.text("account")!.hasPrefix("u-") && (row.flag("unlimited")! || row.integer("available") >= middle)
                    }
                ),
            ]
            for (filter, isWanted) in filters {
                let arguments = filter.merging(["tenant": "acme", "limit": 2]) { $1 }
                let found = try await ask("balances.list", arguments, ledger.now)
                let wanted = all.filter(isWanted)
                #expect(
                    found.map { [$0.text("account"), $0.text("unit")] } == wanted.map { [$0.text("account"), $0.text("unit")] })
                #expect(!wanted.isEmpty && wanted.count < all.count, "\(filter)")
            }
        }
    }

    private func openHolds(of tenant: Name, _ ledger: BuiltInLedger) -> [Name: Held] {
        var holds: [Name: Held] = [:]
        for event in ledger.events(of: tenant) {
            switch event.fact {
            case .held(let fact): holds[event.id] = fact
            case .holdExtended(let fact): holds[fact.hold]!.terms.expiresAt = fact.expiresAt
            case .settled(let fact), .released(let fact), .holdExpired(let fact): holds[fact.hold] = nil
            default: break
            }
        }
        return holds
    }
}

extension Fact {
    /// The units of an account that the fact moved.
    var movedUnits: [(account: Name, unit: Name)] { moved.map { ($0.account, $0.part.unit) } }

    /// The parts in which the fact moved units of an account, each with the balance afterwards, in their order.
    var moved: [(account: Name, part: Part)] {
        switch self {
        case .granted(let fact): [(fact.account, fact.part)]
        case .adjusted(let fact): [(fact.account, fact.part)]
        case .lotExpired(let fact): [(fact.account, fact.part)]
        case .allowanceOpened(let fact): [(fact.account, fact.part)]
        case .debited(let fact): fact.parts.map { (fact.account, $0) }
        case .held(let fact): fact.parts.map { (fact.account, $0) }
        case .refunded(let fact): fact.returns.map { (fact.account, $0.part) }
        case .settled(let fact), .released(let fact), .holdExpired(let fact):
            (fact.parts + fact.returns.map(\.part)).map { (fact.account, $0) }
        default: []
        }
    }
}
