import EventCodec
import JSONText
import LedgerTestKit
import Testing

@testable import LedgerModel

/// The laws of the ledger, over random commands that a seed repeats, held against an oracle that shares no representation with the book.
@Suite("Laws")
struct LawTests {
    @Test("the book and the oracle agree on every outcome, event and balance", arguments: 1...40)
    func oracle(seed: Int) throws {
        var (ledger, oracle, commands) = (MemoryLedger(), Oracle(), RandomCommands(seed: UInt64(seed)))
        for step in 1...500 {
            let request = commands.next()
            let predicted = oracle.predict(request, at: commands.now)
            try #require(ledger.outcome(of: request, at: commands.now) == predicted, "seed \(seed), step \(step): \(request)")
            if case .accepted(let types) = predicted { commands.note(ledger.events.suffix(types.count)) }
            if step % 10 == 0 { try compare(ledger.book, oracle, at: commands.now, "seed \(seed), step \(step)") }
        }
    }

    @Test("the random commands meet every kind of event and every rejection but the rarest")
    func coverage() {
        var (types, rejections): (Set<String>, Set<String>) = ([], [])
        for seed in UInt64(1)...20 {
            var (ledger, commands) = (MemoryLedger(), RandomCommands(seed: seed))
            for _ in 1...500 {
                let before = ledger.events.count
                if case .rejected(let name) = ledger.outcome(of: commands.next(), at: commands.now) { rejections.insert(name) }
                commands.note(ledger.events[before...])
                types.formUnion(ledger.events[before...].map(\.fact.caseName))
            }
        }
        let unmet = RejectionTests.all.map { RejectionRecord($0).name }.filter { !rejections.contains($0) }
        #expect(unmet == ["reservedName", "rateOutOfRange", "tooManyLots"])
        #expect(types.count == 13)
    }

    private func compare(_ book: Book, _ oracle: Oracle, at now: Timestamp, _ place: String) throws {
        for tenant in RandomCommands.tenants {
            for account in RandomCommands.accounts {
                for holding in book.holdings(of: account, in: tenant, at: now) ?? [] {
                    let purse = Oracle.Purse(tenant: tenant, account: account, unit: holding.unit)
                    try #require(holding.balance.available.rawValue == oracle.available(purse, at: now), "\(place): \(purse)")
                    try #require(holding.lots.map(\.remaining.rawValue) == oracle.lots(purse, at: now), "\(place): \(purse)")
                }
            }
        }
    }

    @Test("law 1: what was given is available, not yet in force, spent or expired, after every event", arguments: 41...44)
    func conservation(seed: Int) throws {
        let ledger = MemoryLedger.grown(seed: UInt64(seed), steps: 400)
        var (book, sums) = (MemoryLedger.emptyBook(), Sums())
        for event in ledger.events {
            book.apply(event)
            sums.add(event)
            if event.sequence.rawValue % 25 == 0 { try sums.check(book, "seed \(seed), event \(event.sequence)") }
        }
        try sums.check(book, "seed \(seed), at the end")
    }

    @Test("law 3: a book replayed from the lines equals the live one, at every prefix", arguments: 45...48)
    func replay(seed: Int) throws {
        var (ledger, commands, replayed) = (MemoryLedger(), RandomCommands(seed: UInt64(seed)), MemoryLedger.emptyBook())
        for step in 1...300 {
            let before = ledger.events.count
            _ = ledger.outcome(of: commands.next(), at: commands.now)
            commands.note(ledger.events[before...])
            for event in ledger.events[before...] { replayed.apply(try event.writtenAndRead()) }
            try #require(replayed == ledger.book, "seed \(seed), step \(step)")
        }
    }

    @Test("law 4: an accepted command sent again, at any time, is known and changes nothing", arguments: 49...52)
    func repeats(seed: Int) throws {
        var (ledger, commands, random) = (MemoryLedger(), RandomCommands(seed: UInt64(seed)), SeededGenerator(seed: UInt64(seed)))
        var accepted: [(request: Request, sequence: SequenceNumber)] = []
        for step in 1...400 {
            let (request, next) = (commands.next(), ledger.book.lastSequence.next)
            if case .accepted(let types) = ledger.outcome(of: request, at: commands.now) {
                accepted.append((request, next))
                commands.note(ledger.events.suffix(types.count))
            }
            guard let old = accepted.randomElement(using: &random) else { continue }
            let before = ledger.book
            guard case .known(let sequence) = try ledger.send(old.request, at: commands.now) else {
                Issue.record("seed \(seed), step \(step): \(old.request.id) was not known")
                return
            }
            try #require(sequence == old.sequence, "seed \(seed), step \(step): \(old.request.id)")
            try #require(ledger.book == before)
            let head = try #require(ledger.group(at: sequence)[0].group)
            #expect(head.body == old.request.body && ledger.group(at: sequence).allSatisfy { $0.id == old.request.id })
        }
    }

    @Test("laws 7 and 8: refunds stay within their debits, lot by lot; a batch is the sum of its items", arguments: 53...58)
    func sums(seed: Int) throws {
        let ledger = MemoryLedger.grown(seed: UInt64(seed), steps: 400)
        var (taken, returned): ([SequenceNumber: [SequenceNumber: Int64]], [SequenceNumber: [SequenceNumber: Int64]]) = ([:], [:])
        for event in ledger.events {
            switch event.fact {
            case .debited(let fact): taken[event.sequence] = LawTests.byLot(fact.parts[0])
            case .refunded(let fact):
                returned[fact.debit, default: [:]].merge(LawTests.byLot(fact.returns[0].part), uniquingKeysWith: +)
                for (lot, amount) in returned[fact.debit]! {
                    try #require(amount <= taken[fact.debit]?[lot] ?? 0, "seed \(seed), \(event)")
                }
            default: break
            }
        }
        #expect(returned.count > 5)
        try checkBatches(ledger, seed)
    }

    private static func byLot(_ part: Part) -> [SequenceNumber: Int64] {
        Dictionary(part.lots.map { ($0.lot, $0.amount.rawValue) }, uniquingKeysWith: +)
    }

    /// In each group of a `debitBatch` the balances go down by exactly what the items took, and every item is there once.
    private func checkBatches(_ ledger: MemoryLedger, _ seed: Int) throws {
        for event in ledger.events where (event.group?.count ?? 0) > 1 {
            var balances: [Name: Int64] = [:]
            for case .debited(let fact) in ledger.group(at: event.sequence).map(\.fact) where fact.item != nil {
                let (unit, balance) = (fact.parts[0].unit, fact.parts[0].balance.available.rawValue)
                if let before = balances[unit] {
                    try #require(before - fact.parts[0].amount.rawValue == balance, "seed \(seed), \(event)")
                }
                balances[unit] = balance
                try #require(fact.parts[0].lots.reduce(0) { $0 + $1.amount.rawValue } == fact.parts[0].amount.rawValue)
            }
        }
    }

    @Test("law 9: between two alerts of one identity lies a recovery", arguments: 59...62)
    func alerts(seed: Int) throws {
        let ledger = MemoryLedger.grown(seed: UInt64(seed), steps: 400)
        var raised: Set<AlertIdentity> = []
        var (book, count) = (MemoryLedger.emptyBook(), 0)
        for event in ledger.events {
            raised = raised.filter { book.available($0, at: event.at) < $0.below }
            book.apply(event)
            if case .alertRaised(let fact) = event.fact, case .lowBalance(let unit, let below, let available) = fact.condition {
                let identity = AlertIdentity(
                    tenant: event.tenant, account: fact.account, unit: unit, rule: fact.rule, below: below)
                try #require(raised.insert(identity).inserted, "seed \(seed), \(event)")
                try #require(available == book.available(identity, at: event.at) && available < below)
                count += 1
            }
        }
        #expect(count > 5)
    }
}

private struct AlertIdentity: Hashable {
    let tenant: Name
    let account: Name
    let unit: Name
    let rule: Name
    let below: Amount
}

extension Book {
    fileprivate func available(_ alert: AlertIdentity, at now: Timestamp) -> Amount {
        holdings(of: alert.account, in: alert.tenant, at: now)?.first { $0.unit == alert.unit }?.balance.available ?? .zero
    }
}

extension MemoryLedger {
    mutating func outcome(of request: Request, at now: Timestamp) -> Oracle.Prediction {
        do throws(Rejection) {
            switch try send(request, at: now) {
            case .accepted(let events): return .accepted(events.map(\.fact.caseName))
            case .known: return .known
            }
        } catch { return .rejected(RejectionRecord(error).name) }
    }

    static func grown(seed: UInt64, steps: Int) -> MemoryLedger {
        var (ledger, commands) = (MemoryLedger(), RandomCommands(seed: seed))
        for _ in 0..<steps {
            let before = ledger.events.count
            _ = ledger.outcome(of: commands.next(), at: commands.now)
            commands.note(ledger.events[before...])
        }
        return ledger
    }
}

extension Event {
    func writtenAndRead() throws -> Event {
        var writer = JSONWriter()
        EventCodec.encode(self, into: &writer)
        return try EventCodec.decode(writer.bytes)
    }
}

/// The two sides of law 1, from nothing but the events.
private struct Sums {
    private struct Sides {
        var given: Int64 = 0
        var gone: Int64 = 0
    }

    private var purses: [Oracle.Purse: Sides] = [:]

    mutating func add(_ event: Event) {
        func sum(_ account: Name, _ part: Part, given: Int64 = 0, gone: Int64 = 0) {
            let purse = Oracle.Purse(tenant: event.tenant, account: account, unit: part.unit)
            purses[purse, default: Sides()].given += given
            purses[purse]!.gone += gone
        }
        switch event.fact {
        case .granted(let fact): sum(fact.account, fact.part, given: fact.part.amount.rawValue)
        case .adjusted(let fact): sum(fact.account, fact.part, given: fact.part.amount.rawValue * (fact.isIncrease ? 1 : -1))
        case .debited(let fact): for part in fact.parts { sum(fact.account, part, gone: part.amount.rawValue) }
        case .lotExpired(let fact): sum(fact.account, fact.part, gone: fact.part.amount.rawValue)
        case .refunded(let fact):
            for returned in fact.returns {
                let (amount, expired) = (returned.part.amount.rawValue, returned.expired.rawValue)
                sum(fact.account, returned.part, given: returned.reissued == nil ? 0 : expired, gone: expired - amount)
            }
        default: break
        }
    }

    func check(_ book: Book, _ place: String) throws {
        for (purse, sides) in purses {
            let tenant = try #require(book.tenant(purse.tenant))
            let total = tenant.accounts[tenant.accountIndex(purse.account)!].purse(purse.unit).total.rawValue
            try #require(sides.given == sides.gone + total, "\(place): \(purse)")
        }
    }
}
