import EventCodec
import JSONText
import LedgerTestKit
import Testing

@testable import LedgerModel

/// The laws of the ledger, over random commands that a seed repeats. That the book is right at all is the oracle's to say; each law is
/// then held against the events alone.
@Suite("Laws")
struct LawTests {
    @Test(
        "the book and the oracle agree on every outcome, event, balance, window, key and due thing",
        arguments: Array(1...400) + [900_620])
    func oracle(seed: Int) {
        var run = SimulationRun(seed: UInt64(seed))
        if let failure = run.firstFailure() { Issue.record("\(failure)") }
    }

    @Test(
        "law 1: what was given is available, not yet in force, held, spent or expired, after every event", arguments: 1001...1008)
    func conservation(seed: Int) throws {
        var (book, sums) = (MemoryLedger.emptyBook(zones: .ofSimulation), Sums())
        for event in Walk.grown(seed: seed, steps: 500).ledger.events {
            book.apply(event)
            sums.add(event)
            if event.sequence.rawValue % 25 == 0 { try sums.check(book, "seed \(seed), event \(event.sequence)") }
        }
        try sums.check(book, "seed \(seed), at the end")
    }

    @Test("law 3: a book replayed from the lines equals the live one, at every prefix", arguments: 1011...1018)
    func replay(seed: Int) throws {
        var (walk, replayed) = (Walk(seed: seed), MemoryLedger.emptyBook(zones: .ofSimulation))
        for step in 1...400 {
            for event in walk.step() { replayed.apply(try event.writtenAndRead()) }
            let isSame = replayed == walk.ledger.book
            try #require(isSame, "seed \(seed), step \(step)")
        }
    }

    @Test("law 4: an accepted command sent again, at any time, is known and changes nothing", arguments: 1021...1026)
    func repeats(seed: Int) throws {
        var (walk, random) = (Walk(seed: seed), SeededGenerator(seed: UInt64(seed)))
        var accepted: [Request] = []
        for step in 1...500 {
            walk.step()
            if let request = walk.lastAccepted { accepted.append(request) }
            guard let old = accepted.randomElement(using: &random) else { continue }
            let before = walk.ledger.book
            guard case .known(let sequence) = try walk.send(old) else {
                Issue.record("seed \(seed), step \(step): \(old.id) was not known")
                return
            }
            let isSame = walk.ledger.book == before
            try #require(isSame, "seed \(seed), step \(step): \(old.id)")
            let leadsThere = walk.ledger.group(at: sequence).contains { $0.id == old.id || $0.fact.endedHold?.id == old.id }
            try #require(leadsThere, "seed \(seed), step \(step): \(old.id) leads to \(sequence)")
        }
    }

    @Test("law 6: a hold ends at most once, and what ends is what was held", arguments: 1031...1036)
    func holds(seed: Int) throws {
        var (open, ended): ([SequenceNumber: Held], Set<SequenceNumber>) = ([:], [])
        for event in Walk.grown(seed: seed, steps: 500).ledger.events {
            switch event.fact {
            case .held(let fact): open[event.sequence] = fact
            case .settled(let fact), .released(let fact), .holdExpired(let fact):
                let standing = open.removeValue(forKey: fact.held)
                let held = try #require(standing, "seed \(seed), \(event)")
                let isFirst = ended.insert(fact.held).inserted
                try #require(isFirst)
                for part in held.parts {
                    let back = fact.returns.first { $0.part.unit == part.unit }?.part.amount ?? .zero
                    let taken = fact.parts.first { $0.unit == part.unit }?.amount ?? .zero
                    // An overage takes more than was held, and only when nothing came back.
                    let isWhole = back + taken == part.amount || back == .zero && taken > part.amount
                    try #require(isWhole, "seed \(seed), \(event)")
                }
            default: break
            }
        }
        #expect(ended.count > 5)
    }

    @Test("law 7: refunds stay within what was taken, unit by unit", arguments: 1041...1046)
    func refunds(seed: Int) throws {
        var (taken, returned): ([SequenceNumber: [Part]], [SequenceNumber: [Name: Int64]]) = ([:], [:])
        for event in Walk.grown(seed: seed, steps: 500).ledger.events {
            taken[event.sequence] = event.partsTaken.isEmpty ? nil : event.partsTaken
            guard case .refunded(let fact) = event.fact else { continue }
            let parts = try #require(taken[fact.debit], "seed \(seed), \(event)")
            for back in fact.returns {
                returned[fact.debit, default: [:]][back.part.unit, default: 0] += back.part.amount.rawValue
                let most = parts.first { $0.unit == back.part.unit }?.amount.rawValue ?? 0
                try #require(returned[fact.debit]![back.part.unit]! <= most, "seed \(seed), \(event)")
            }
        }
        #expect(returned.count > 3)
    }

    @Test("law 8: in a batch of debits the balances go down by exactly what the items took", arguments: 1051...1054)
    func batches(seed: Int) throws {
        let ledger = Walk.grown(seed: seed, steps: 500).ledger
        for event in ledger.events where (event.group?.count ?? 0) > 1 {
            if case .submitted = event.fact { continue }
            var balances: [Name: Int64] = [:]
            for case .debited(let fact) in ledger.group(at: event.sequence).map(\.fact) where fact.item != nil {
                for part in fact.parts {
                    let limited = part.lots.filter { $0.remaining != nil }.reduce(0) { $0 + $1.amount.rawValue }
                    if let before = balances[part.unit] { try #require(before - limited == part.balance.available.rawValue) }
                    balances[part.unit] = part.balance.available.rawValue
                    try #require(part.lots.reduce(0) { $0 + $1.amount.rawValue } == part.amount.rawValue)
                }
            }
        }
    }

    @Test("law 9: an alert is raised once per identity; a low balance again only after a recovery", arguments: 1061...1068)
    func alerts(seed: Int) throws {
        var (once, low): (Set<AlertIdentity>, Set<AlertIdentity>) = ([], [])
        var (book, count) = (MemoryLedger.emptyBook(zones: .ofSimulation), 0)
        for event in Walk.grown(seed: seed, steps: 600).ledger.events {
            low = low.filter { book.isLow($0, at: event.at) }
            book.apply(event)
            guard case .alertRaised(let fact) = event.fact, let identity = AlertIdentity(event.tenant, fact) else { continue }
            let isNew = identity.below == nil ? once.insert(identity).inserted : low.insert(identity).inserted
            try #require(isNew, "seed \(seed), \(event)")
            count += 1
        }
        #expect(count > 3)
    }

    @Test("the random commands meet every kind of event but the ledger's own, and all rejections but the rarest")
    func coverage() {
        var (types, rejections): (Set<String>, Set<String>) = ([], [])
        for seed in 1...80 {
            var run = SimulationRun(seed: UInt64(seed))
            try? run.run(500)
            types.formUnion(run.simulation.ledger.events.map(\.fact.caseName))
            rejections.formUnion(run.simulation.rejections.keys)
        }
        let unmet = RejectionTests.all.map { RejectionRecord($0).name }.filter { !rejections.contains($0) }
        #expect(
            unmet.isEmpty || Set(unmet).isSubset(of: ["reservedName", "rateOutOfRange", "tooManyLots", "tooManyPlans"]),
            "\(unmet)")
        #expect(Set(Fact.types).subtracting(types) == ["ledgerOpened", "recovered", "restored", "signingKeyReplaced"])
    }
}

/// A ledger that grows by random commands, with time passing as it does for the daemon.
struct Walk {
    private(set) var ledger = MemoryLedger(zones: .ofSimulation)
    private var commands: RandomCommands
    /// The request of the last step, if it was accepted.
    private(set) var lastAccepted: Request?

    init(seed: Int) {
        commands = RandomCommands(seed: UInt64(seed), at: Timestamp(rfc3339: "2027-10-01T00:00:00Z")!)
    }

    static func grown(seed: Int, steps: Int) -> Walk {
        var walk = Walk(seed: seed)
        for _ in 0..<steps { walk.step() }
        return walk
    }

    /// Does what is due, then a command; answers all events of both.
    @discardableResult
    mutating func step() -> ArraySlice<Event> {
        let before = ledger.events.count
        let request = commands.next()
        _ = ledger.passDue(at: commands.now)
        if case .accepted? = try? ledger.send(request, at: commands.now) { lastAccepted = request } else { lastAccepted = nil }
        commands.note(ledger.events[before...])
        return ledger.events[before...]
    }

    mutating func send(_ request: Request) throws -> MemoryLedger.Reply { try ledger.send(request, at: commands.now) }
}

extension Event {
    func writtenAndRead() throws -> Event {
        var writer = JSONWriter()
        EventCodec.encode(self, into: &writer)
        return try EventCodec.decode(writer.bytes)
    }
}

/// What makes an alert this one and no other, in the words of docs/ledger.md.
private struct AlertIdentity: Hashable {
    let tenant: Name
    let account: Name?
    let unit: Name?
    let below: Amount?
    let words: [String]

    /// Nil for kinds that are told as often as they happen.
    init?(_ tenant: Name, _ fact: AlertRaised) {
        self.tenant = tenant
        account = fact.account
        var (unit, below): (Name?, Amount?) = (nil, nil)
        switch fact.condition {
        case .lowBalance(let low, let limit, _):
            (unit, below) = (low, limit)
            words = ["\(fact.rule)"]
        case .allowanceUsed(let use):
            words = ["\(fact.rule) \(use.plan) \(use.unit) \(use.period) \(use.windowStart) \(use.limit) \(use.threshold)"]
        case .spend(let spend): words = ["\(fact.rule) \(spend.subject) \(spend.name) \(spend.unit) \(spend.window)"]
        case .keyExpiring(let key, let expiresAt, let days): words = ["\(fact.rule) \(key) \(expiresAt) \(days)"]
        case .holdAgeing(let hold, let seconds): words = ["\(fact.rule) \(hold) \(seconds)"]
        case .keyFaulty, .segmentRotten, .drift: return nil
        }
        (self.unit, self.below) = (unit, below)
    }
}

extension Book {
    fileprivate func isLow(_ alert: AlertIdentity, at now: Timestamp) -> Bool {
        let balance = holdings(of: alert.account!, in: alert.tenant, at: now)?.first { $0.unit == alert.unit }?.balance
        return !(balance?.isUnlimited ?? false) && (balance?.available ?? .zero) < alert.below!
    }
}

/// The two sides of law 1, from nothing but the events. What is drawn without limit stands apart.
private struct Sums {
    private struct Purse: Hashable {
        let tenant: Name
        let account: Name
        let unit: Name
    }

    private struct Sides {
        var given: Int64 = 0
        var gone: Int64 = 0
    }

    private var purses: [Purse: Sides] = [:]

    mutating func add(_ event: Event) {
        func sum(_ account: Name, _ unit: Name, given: Int64 = 0, gone: Int64 = 0) {
            purses[Purse(tenant: event.tenant, account: account, unit: unit), default: Sides()].given += given
            purses[Purse(tenant: event.tenant, account: account, unit: unit)]!.gone += gone
        }
        func take(_ account: Name, _ part: Part) { sum(account, part.unit, gone: part.limited) }
        switch event.fact {
        case .granted(let fact): sum(fact.account, fact.part.unit, given: fact.part.amount.rawValue)
        case .allowanceOpened(let fact): sum(fact.account, fact.part.unit, given: fact.part.amount.rawValue)
        case .adjusted(let fact):
            if fact.isIncrease {
                sum(fact.account, fact.part.unit, given: fact.part.amount.rawValue)
            } else {
                take(fact.account, fact.part)
            }
        case .debited(let fact): for part in fact.parts { take(fact.account, part) }
        case .lotExpired(let fact): take(fact.account, fact.part)
        case .refunded(let fact):
            for back in fact.returns {
                let given = back.reissued == nil ? 0 : back.expired.rawValue
                sum(fact.account, back.part.unit, given: given, gone: back.expired.rawValue - back.part.limited)
            }
        case .settled(let fact), .released(let fact), .holdExpired(let fact):
            for part in fact.parts { take(fact.account, part) }
            for back in fact.returns { sum(fact.account, back.part.unit, gone: back.expired.rawValue) }
        default: break
        }
    }

    func check(_ book: Book, _ place: String) throws {
        for (purse, sides) in purses {
            let account = try #require(book.tenant(purse.tenant).accounts[purse.account])
            try #require(sides.given == sides.gone + account.purse(purse.unit).total.rawValue, "\(place): \(purse)")
        }
    }
}

extension Part {
    /// What was moved of lots with a limit.
    fileprivate var limited: Int64 { lots.reduce(0) { $1.remaining == nil ? $0 : $0 + $1.amount.rawValue } }
}
