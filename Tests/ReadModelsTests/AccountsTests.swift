import LedgerModel
import LedgerTestKit
import Testing

@testable import LedgerModel
@testable import ReadModels

/// Accounts are as the book has them, and found by every filter.
@Suite struct AccountsTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    /// An account with all that a list says of it, from the events.
    fileprivate struct Told {
        var state = "open"
        var name: String?
        var labels: [String: String] = [:]
        var reason: String?
        var seq: SequenceNumber
        let openedAt: Timestamp
        var balances: [Name: (balance: Balance, seq: SequenceNumber)] = [:]
    }

    private func told(of tenant: Name) -> [Name: Told] {
        var told: [Name: Told] = [:]
        for event in ledger.events(of: tenant) {
            switch event.fact {
            case .accountOpened(let fact):
                told[fact.account] = Told(
                    name: fact.name?.text,
                    labels: Dictionary(uniqueKeysWithValues: fact.labels.map { ($0.key.text, $0.value.text) }),
                    seq: event.sequence, openedAt: event.at)
            case .accountFrozen(let fact): told[fact.account]!.turn("frozen", fact.reason, event)
            case .accountUnfrozen(let fact): told[fact.account]!.turn("open", fact.reason, event)
            case .accountClosed(let fact): told[fact.account]!.turn("closed", fact.reason, event)
            default: break
            }
            for (account, part) in event.fact.moved { told[account]!.balances[part.unit] = (part.balance, event.sequence) }
        }
        return told
    }

    @Test func everyAccountIsAsTheEventsTell() async throws {
        try await ledger.following("accounts") { ask in
            for tenant in EventLogGenerator.tenants {
                let rows = try await ask("accounts.list", ["tenant": .init(tenant), "limit": 2], ledger.now)
                let told = told(of: tenant)
                #expect(rows.map { $0.text("account") } == told.keys.sorted().map(\.text))
                for row in rows {
                    let account = Name(row.text("account")!)!
                    let one = try await ask("accounts.get", ["tenant": .init(tenant), "account": .init(account)], ledger.now)
                    for row in [row] + one { check(row, told[account]!) }
                    #expect(one.count == 1 && row.texts("plans") == one[0].texts("plans"))
                }
            }
            #expect(try await ask("accounts.get", ["tenant": "acme", "account": "nobody"], ledger.now).isEmpty)
        }
    }

    private func check(_ row: Row, _ told: Told) {
        #expect(row.text("state") == told.state && row.text("reason") == told.reason && row.text("name") == told.name)
        #expect(row.fields["labels"] as? [String: String] ?? [:] == told.labels)
        #expect(row.text("openedAt") == told.openedAt.description && row.integer("seq") == Int64(told.seq.rawValue))
        let balances = row.list("balances")
        #expect(balances.map { $0.text("unit") } == told.balances.keys.sorted().map(\.text))
        for balance in balances {
            let (expected, seq) = told.balances[Name(balance.text("unit")!)!]!
            #expect(
                balance.integer("available") == expected.available.rawValue && balance.integer("held") == expected.held.rawValue)
            #expect(balance.flag("unlimited") == expected.isUnlimited && balance.integer("seq") == Int64(seq.rawValue))
        }
    }

    /// Subscriptions in force are those of the book, now and later.
    @Test func plansAreThoseOfTheBook() async throws {
        try await ledger.following("accounts") { ask in
            var planCount = 0
            for hours in [0, 24, 2000] as [Int64] {
                let now = Timestamp(microseconds: ledger.now.rawValue + hours * 3_600_000_000)
                for tenant in EventLogGenerator.tenants {
                    for account in EventLogGenerator.accounts {
                        let key: [String: QueryValue] = ["tenant": .init(tenant), "account": .init(account)]
                        let rows = try await ask("accounts.subscriptions", key.merging(["limit": 2]) { $1 }, now)
                        let inForce = rows.filter { $0.flag("inForce")! }
                        let expected = (ledger.book.tenant(tenant).accounts[account]?.subscriptions ?? []).filter {
                            $0.isInForce(at: now)
                        }
                        #expect(Set(inForce.map { $0.integer("seq") }) == Set(expected.map { Int64($0.number.rawValue) }))
                        for subscription in expected {
                            let row = inForce.first { $0.integer("seq") == Int64(subscription.number.rawValue) }
                            #expect(
                                row?.text("plan") == subscription.plan.text
                                    && row?.integer("anchor") == Int64(subscription.anchor))
                            #expect(row?.text("startsAt") == subscription.from.description)
                            #expect(row?.text("endsAt") == subscription.until?.description)
                            #expect(row?.flag("isDefault") == subscription.isDefault)
                        }
                        planCount += expected.count
                        let plans = try await ask("accounts.get", key, now).flatMap { $0.texts("plans") }
                        #expect(plans.sorted() == expected.map(\.plan.text).sorted())
                        let basic = try await ask("accounts.subscriptions", key.merging(["plan": "basic"]) { $1 }, now)
                        #expect(basic.count == rows.count { $0.text("plan") == "basic" })
                    }
                }
            }
            #expect(planCount > 10)
        }
    }

    /// Who gets the default plan for himself loses it as the default, and has it on.
    @Test func aDefaultPlanMayBecomeAnOwnOne() async throws {
        var memory = MemoryLedger()
        let start = Timestamp(rfc3339: "2026-11-10T00:00:00Z")!
        let documents: [Configure.Change] = [
            Configure.Change(key: DocumentKey(.plan, "free"), document: .plan(PlanDocument())),
            Configure.Change(key: DocumentKey(.tenant, "settings"), document: .settings(SettingsDocument(defaultPlan: "free"))),
        ]
        let commands: [Command] = [
            .configure(Configure(changes: documents, reason: "")), .openBatch(OpenBatch(account: "a", batch: "b")),
            .subscribe(Subscribe(account: "a", plan: "free")), .unsubscribe(Unsubscribe(account: "a", plan: "free")),
        ]
        var inForce: [[Bool]] = []
        for (number, command) in commands.enumerated() {
            let at = start.adding(days: Int64(number))
            _ = try memory.send(Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: command), at: at)
            let ledger = try Ledger()
            try ledger.append(memory.events)
            let readModels = try ledger.readModels(Projection.builtIn.filter { $0.name == "accounts" })
            readModels.start()
            let rows = try await readModels.rows(
                "accounts.subscriptions", ["tenant": "t", "account": "a"], at: memory.book.lastSequence, now: at)
            await readModels.stop()
            inForce.append(rows.filter { $0.flag("inForce")! }.map { $0.flag("isDefault")! })
        }
        #expect(inForce == [[], [true], [false], []])
    }

    @Test func listsAreFiltered() async throws {
        try await ledger.following("accounts") { ask in
            var kept: [String: Int] = [:]
            for tenant in EventLogGenerator.tenants {
                let all = try await ask("accounts.list", ["tenant": .init(tenant)], ledger.now)
                for (filter, isWanted) in filters(all) {
                    let found = try await ask(
                        "accounts.list", filter.merging(["tenant": .init(tenant), "limit": 1]) { $1 }, ledger.now)
                    #expect(found.map { $0.text("account") } == all.filter(isWanted).map { $0.text("account") }, "\(filter)")
                    for name in filter.keys { kept[name, default: 0] += found.count }
                }
            }
            #expect(kept.values.allSatisfy { $0 > 0 }, "\(kept)")
        }
    }

    private func filters(_ all: [Row]) -> [(filter: [String: QueryValue], isWanted: (Row) -> Bool)] {
        let label = all.compactMap { ($0.fields["labels"] as? [String: String])?.min { $0.key < $1.key } }.first ?? ("no", "ne")
        func units(_ row: Row, _ isWanted: (Row) -> Bool) -> Bool { row.list("balances").contains(where: isWanted) }
        return [
            (["state": "open"], { $0.text("state") == "open" }), (["state": "frozen"], { $0.text("state") == "frozen" }),
            (["plan": "basic"], { $0.texts("plans").contains("basic") }),
            (["plans": .texts(["pro", "basic"])], { !Set(["pro", "basic"]).isDisjoint(with: $0.texts("plans")) }),
            (
                ["plans": .texts(["pro", "free"]), "state": "open", "prefix": "u-"],
                { row in
                    row.text("state") == "open" && !Set(["pro", "free"]).isDisjoint(with: row.texts("plans"))
                        && row.text("account")!.hasPrefix("u-")
                }
            ),
            (["plan": "nothing"], { _ in false }),
            (["plan": "basic", "plans": .texts(["pro", "basic"])], { $0.texts("plans").contains("basic") }),
            (["plan": "basic", "plans": .texts(["pro", "free"])], { _ in false }),
            (["prefix": "u-"], { $0.text("account")!.hasPrefix("u-") }), (["prefix": "u-3"], { $0.text("account") == "u-3" }),
            (["prefix": "v"], { _ in false }), (["text": "QUOTED"], { $0.text("account")!.contains("quoted") }),
            (["text": "ünïCODE"], { _ in false }), (["text": "ÜnïCODE"], { $0.text("account")!.contains("quoted") }),
            (
                ["labels": .texts(["\(label.key)=\(label.value)"])],
                { ($0.fields["labels"] as? [String: String])?[label.key] == label.value }
            ),
            (["labels": .texts(["\(label.key)=\(label.value)", "other=thing"])], { _ in false }),
            (["unit": "credits"], { row in units(row) { $0.text("unit") == "credits" } }),
            (
                ["unit": "ap", "minAvailable": 100],
                { row in
                    units(row) { $0.text("unit") == "ap" && ($0.flag("unlimited")! || $0.integer("available") >= 100) }
                }
            ),
            (["maxAvailable": 100], { row in units(row) { !$0.flag("unlimited")! && $0.integer("available") <= 100 } }),
        ]
    }

    @Test func accountsAreCountedByStateAndPlan() async throws {
        try await ledger.following("accounts") { ask in
            for tenant in EventLogGenerator.tenants {
                let all = try await ask("accounts.list", ["tenant": .init(tenant)], ledger.now)
                var expected: [[String]: Int64] = [:]
                for row in all {
                    expected[["state", row.text("state")!], default: 0] += 1
                    if row.text("state") == "closed" { continue }
                    for plan in Set(row.texts("plans")) { expected[["plan", plan], default: 0] += 1 }
                }
                let rows = try await ask("accounts.stats", ["tenant": .init(tenant)], ledger.now)
                let found = rows.map { ([$0.text("kind")!, $0.text("name")!], $0.integer("accounts")) }
                #expect(Dictionary(uniqueKeysWithValues: found) == expected)
            }
        }
    }

    /// A page of a list goes through an index of its filter, and sorts nothing.
    @Test func aPageIsFoundByItsFilter() throws {
        let accounts = try #require(Projection.builtIn.first { $0.name == "accounts" })
        let steps = try accounts.plan("accounts.list")
        #expect(steps.contains { $0.contains("INDEX accountsByState (tenant=? AND state=? AND account>?)") }, "\(steps)")
        #expect(steps.contains { $0.contains("INDEX subscriptionsByPlan (tenant=? AND plan=? AND account>?)") })
        #expect(steps.contains("CO-ROUTINE found") && !steps.contains { $0.contains("TEMP B-TREE") })
    }
}

extension AccountsTests.Told {
    fileprivate mutating func turn(_ state: String, _ reason: String, _ event: Event) {
        (self.state, self.reason, seq) = (state, reason, event.sequence)
    }
}
