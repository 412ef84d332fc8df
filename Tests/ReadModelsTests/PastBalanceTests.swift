import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// A past balance is what the book would have said then, as far as windows had been opened.
@Suite struct PastBalanceTests {
    /// An account's unit.
    private struct Place: Hashable {
        let tenant: Name
        let account: Name
        let unit: Name
    }

    /// A moment to ask for, and what was there.
    private struct Moment {
        let arguments: [String: QueryValue]
        let now: Timestamp
        var balances: [Place: Balance] = [:]

        init(_ arguments: [String: QueryValue], now: Timestamp) { (self.arguments, self.now) = (arguments, now) }
    }

    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    /// What the units that were ever moved had after the book's last event, judged at an instant: of lots that were written.
    private func balances(_ book: Book, at now: Timestamp, _ moved: Set<Place>) -> [Place: Balance] {
        var balances: [Place: Balance] = [:]
        for tenant in EventLogGenerator.tenants {
            for account in EventLogGenerator.accounts {
                for holding in book.holdings(of: account, in: tenant, at: now) ?? [] {
                    let place = Place(tenant: tenant, account: account, unit: holding.unit)
                    if !moved.contains(place) { continue }
                    let lots = holding.lots.filter {
                        $0.number <= book.lastSequence && $0.terms.effectiveAt.map { $0 <= now } ?? true
                    }
                    balances[place] = Balance(
                        available: lots.reduce(.zero) { $0 + ($1.remaining ?? .zero) }, held: holding.balance.held,
                        isUnlimited: lots.contains { $0.remaining == nil })
                }
            }
        }
        return balances
    }

    /// After every so many events, where a group ends: by the event's number, by its time, and by instants before the next event.
    private func moments(everyEvents stride: Int) -> [Moment] {
        var (book, moments, moved, isDue) = (MemoryLedger.emptyBook(), [Moment](), Set<Place>(), false)
        for (index, event) in ledger.events.enumerated() {
            book.apply(event)
            for (account, unit) in event.fact.movedUnits {
                moved.insert(Place(tenant: event.tenant, account: account, unit: unit))
            }
            isDue = isDue || index % stride == 0
            guard isDue, index + 1 == ledger.events.count || ledger.events[index + 1].group != nil else { continue }
            isDue = false
            let number = QueryValue.integer(Int64(event.sequence.rawValue))
            var asked = [Moment(["seq": number], now: event.at)]
            if index + 1 < ledger.events.count, case let next = ledger.events[index + 1].at, next > event.at {
                let between = Timestamp(microseconds: event.at.rawValue + (next.rawValue - event.at.rawValue) / 2)
                for at in [event.at, between, Timestamp(microseconds: next.rawValue - 1)] {
                    asked.append(Moment(["at": .text(at.description)], now: at))
                }
            }
            for var moment in asked {
                moment.balances = balances(book, at: moment.now, moved)
                moments.append(moment)
            }
        }
        return moments
    }

    @Test(arguments: [13, 29])
    func aPastBalanceIsThatOfTheBookOfThen(stride: Int) async throws {
        try await ledger.following("balances") { ask in
            var (unlimitedCount, lateCount) = (0, 0)
            for moment in moments(everyEvents: stride) {
                for tenant in EventLogGenerator.tenants {
                    for account in EventLogGenerator.accounts {
                        let key = moment.arguments.merging(["tenant": .init(tenant), "account": .init(account)]) { $1 }
                        let rows = try await ask("balances.past", key, ledger.now)
                        let found = rows.map {
                            (Place(tenant: tenant, account: account, unit: Name($0.text("unit")!)!), balance($0))
                        }
                        let expected = moment.balances.filter { $0.key.tenant == tenant && $0.key.account == account }
                        #expect(
                            Dictionary(uniqueKeysWithValues: found) == expected,
                            "\(account) of \(tenant), \(moment.arguments), \(moment.now)")
                        unlimitedCount += rows.count { $0.flag("unlimited")! }
                        lateCount += rows.count { $0.text("at")! < moment.now.description }
                    }
                }
            }
            #expect(unlimitedCount > 10 && lateCount > 100)
        }
    }

    /// Nothing said is now, whatever came since.
    @Test func withoutAMomentItIsNow() async throws {
        try await ledger.following("balances") { ask in
            for account in EventLogGenerator.accounts {
                let key: [String: QueryValue] = ["tenant": "acme", "account": .init(account)]
                let later = Timestamp(microseconds: ledger.now.rawValue + 100 * 86_400_000_000)
                for now in [ledger.now, later] {
                    let past = try await ask("balances.past", key, now)
                    let present = try await ask("balances.account", key, now)
                    #expect(past.map(balance) == present.map(balance) && !past.isEmpty)
                    #expect(past.map { $0.integer("seq") } == present.map { $0.integer("seq") })
                    let unit = try await ask("balances.past", key.merging(["unit": "credits"]) { $1 }, now)
                    #expect(unit.map(balance) == past.filter { $0.text("unit") == "credits" }.map(balance))
                }
                let beforeAll = try await ask("balances.past", key.merging(["at": "2000-01-01T00:00:00Z"]) { $1 }, ledger.now)
                #expect(beforeAll.isEmpty)
                let beyond = try await ask("balances.past", key.merging(["seq": 9_000_000]) { $1 }, later)
                let last = try await ask("balances.account", key, ledger.now)
                #expect(beyond.map(balance) == last.map(balance))
            }
        }
    }

    /// A lot that lapses or comes into force between two events does so at its instant, by time alone.
    @Test func timeAloneChangesABalance() async throws {
        let days = (0...10 as ClosedRange<Int64>).map { Self.start.adding(days: $0) }
        let available = try await available(days.map { ["at": .text($0.description)] })
        #expect(available == [5, 3, 73, 73, 70, 70, 70, 70, 70, 40, 40])
    }

    /// Of an event and an instant the earlier holds: what lapsed between them may have been drawn from meanwhile.
    @Test func ofTwoMomentsTheEarlierHolds() async throws {
        var (both, single): ([[String: QueryValue]], [[String: QueryValue]]) = ([], [])
        for event in try Self.memory().events {
            for day in 0...10 as ClosedRange<Int64> {
                let (seq, at) = (QueryValue.integer(Int64(event.sequence.rawValue)), Self.start.adding(days: day))
                both.append(["seq": seq, "at": .text(at.description)])
                single.append(event.at <= at ? ["seq": seq] : ["at": .text(at.description)])
            }
        }
        let (found, expected) = (try await available(both), try await available(single))
        #expect(found == expected && Set(expected).isSuperset(of: [5, 3, 40]))
    }

    private static let start = Timestamp(rfc3339: "2026-11-21T00:00:00Z")!

    /// Five until day 4, and seventy from day 2 on; of these two are taken on day 1, and thirty on day 9.
    private static func memory() throws -> MemoryLedger {
        let passing = LotTerms(expiresAt: start.adding(days: 4), source: .bonus)
        let coming = LotTerms(effectiveAt: start.adding(days: 2), source: .bonus)
        let steps: [(day: Int64, command: Command)] = [
            (0, .grant(Grant(account: "a", unit: "u", amount: 5, terms: passing))),
            (0, .grant(Grant(account: "a", unit: "u", amount: 70, terms: coming))),
            (1, .debit(Debit(account: "a", ask: .amount(unit: "u", 2)))),
            (9, .debit(Debit(account: "a", ask: .amount(unit: "u", 30)))),
        ]
        var memory = MemoryLedger()
        for (number, step) in steps.enumerated() {
            let request = Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: step.command)
            _ = try memory.send(request, at: start.adding(days: step.day))
        }
        return memory
    }

    /// What that account had at each of these moments; 0 before it had anything.
    private func available(_ moments: [[String: QueryValue]]) async throws -> [Int64] {
        let (memory, ledger) = (try Self.memory(), try Ledger())
        try ledger.append(memory.events)
        let readModels = try ledger.readModels(Projection.builtIn.filter { $0.name == "balances" })
        readModels.start()
        var available: [Int64] = []
        for moment in moments {
            let rows = try await readModels.rows(
                "balances.past", moment.merging(["tenant": "t", "account": "a"]) { $1 }, at: memory.book.lastSequence,
                now: Self.start.adding(days: 20))
            available.append(rows.first?.integer("available") ?? 0)
        }
        await readModels.stop()
        return available
    }

    /// An account that was last moved many chunks of the history ago is found there.
    @Test func thePastIsFoundChunksAgo() throws {
        let connection = try Connection("", .scratch)
        let balances = try #require(Projection.builtIn.first { $0.name == "balances" })
        try connection.execute(balances.schema)
        for chunk in [0, 1, 7, 152] { try connection.execute("INSERT INTO chunks VALUES (\(chunk))") }
        for seq in [10, 70_000, 10_000_000] {
            try connection.execute("INSERT INTO instants VALUES (\(seq), \(seq))")
        }
        try connection.execute(
            """
            INSERT INTO balances VALUES ('t', 'a', 'u', 0, 70000, 70000);
            INSERT INTO history VALUES (0, 't', 'a', 'u', 10, 1, 0), (1, 't', 'a', 'u', 70000, 2, 0);
            """)
        for (seq, available) in [(9, nil), (10, 1), (69_999, 1), (70_000, 2), (10_000_000, 2)] as [(Int64, Int64?)] {
            let query = try #require(balances.query("balances.past"))
            let statement = try connection.statement(query.sql)
            for (name, value) in ["tenant": .text("t"), "account": .text("a"), "seq": .integer(seq)] as [String: Statement.Value]
            {
                statement.bind(value, to: name)
            }
            let found = try statement.step() ? statement.integer(1) : nil
            #expect(found == available, "as of \(seq)")
        }
    }

    private func balance(_ row: Row) -> Balance {
        Balance(
            available: Amount(rawValue: row.integer("available"))!, held: Amount(rawValue: row.integer("held"))!,
            isUnlimited: row.flag("unlimited")!)
    }
}
