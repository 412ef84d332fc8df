import LedgerModel
import LedgerTestKit

@testable import ReadModels

/// A ledger of uses in which keys, labels, batches and refunds meet in all ways, as the read models follow it.
struct UseLedger {
    typealias Ask = BuiltInLedger.Ask

    static let tenants: [Name] = ["acme", "zenith"]
    static let accounts: [Name] = ["a", "b", "c"]

    /// Made once for each seed: the tests only read them.
    private static let made = (1...3).map { UseCommands.events(seed: $0) }

    let events: [Event]
    private let ledger: Ledger

    /// - Parameter seed: 1 to 3.
    init(seed: UInt64) throws {
        events = UseLedger.made[Int(seed) - 1]
        ledger = try Ledger()
        var random = SeededGenerator(seed: seed)
        try ledger.append(events, cutting: &random)
    }

    /// The time of the last event.
    var now: Timestamp { events.last!.at }

    func events(of tenant: Name) -> [Event] { events.filter { $0.tenant == tenant } }

    /// Starts the read models with these names, and asks when they have read everything.
    func following(_ names: [String], _ body: (_ ask: Ask) async throws -> Void) async throws {
        let readModels = try ledger.readModels(Projection.builtIn.filter { names.contains($0.name) })
        readModels.start()
        let last = events.last!.sequence
        try await body { try await readModels.rows($0, $1, at: last, now: $2) }
        await readModels.stop()
    }
}

/// Makes the events of a `UseLedger`.
private struct UseCommands {
    private var memory = MemoryLedger()
    private var random: SeededGenerator
    private var now = Timestamp(rfc3339: "2026-01-30T20:00:00Z")!
    private var count = 0
    private var uses: [Name] = []
    private var tenant: Name = "acme"

    static func events(seed: UInt64) -> [Event] {
        var commands = UseCommands(random: SeededGenerator(seed: seed))
        for tenant in UseLedger.tenants {
            commands.tenant = tenant
            for command in commands.beginning { commands.send(command) }
        }
        while commands.memory.events.count < 1800 {
            commands.tenant = commands.pick(UseLedger.tenants)
            commands.now = Timestamp(microseconds: commands.now.rawValue + commands.random(0...3_600_000_000 * 4))
            commands.send(commands.next())
        }
        return commands.memory.events
    }

    private init(random: SeededGenerator) { self.random = random }

    private mutating func send(_ command: Command) {
        _ = memory.passDue(at: now)
        count += 1
        let request = Request(tenant: tenant, id: Name("c-\(count)")!, body: random.next(), peer: 1, command: command)
        guard case .accepted(let group)? = try? memory.send(request, at: now) else { return }
        for event in group {
            switch event.fact {
            case .debited(let fact): uses.append(fact.item ?? event.id)
            case .held: uses.append(event.id)
            default: break
            }
        }
    }

    // MARK: Commands

    /// Prices, accounts with something to spend, though soon with few credits, and their keys.
    private var beginning: [Command] {
        let prices = ["chat", "rank"].map { feature in
            let charges = [
                Charge(unit: "credits", rates: [Charge.DimensionRate(dimension: "words", rate: Rate("2")!)]),
                Charge(unit: "ap", rates: [Charge.DimensionRate(dimension: "words", rate: Rate("1")!)]),
            ]
            let document = PriceDocument(charges: Array(charges.prefix(feature == "chat" ? 2 : 1)))
            return Configure.Change(key: DocumentKey(.price, Name(feature)!), document: .price(document))
        }
        let grants = UseLedger.accounts.flatMap { account in
            ([("credits", 4000), ("ap", 100_000)] as [(Name, Amount)]).map { unit, amount in
                Command.grant(Grant(account: account, unit: unit, amount: amount))
            }
        }
        let batches = UseLedger.accounts.flatMap { account in
            (["night", "Day"] as [Name]).map {
                Command.openBatch(OpenBatch(account: account, batch: $0, feature: "chat", size: 9))
            }
        }
        return [.configure(Configure(changes: prices, reason: "prices"))] + grants + [.issueKeys(IssueKeys(keys: keys))] + batches
            + [.debit(Debit(account: "a", ask: .amount(unit: "ap", 1)))]
    }

    private var keys: [KeyIssued] {
        UseLedger.accounts.enumerated().flatMap { index, account in
            (0..<2).map { number in
                let digits = "\(tenant.text.utf8.count)\(index)\(number)"
                let hash = KeyHash(digits + String(repeating: "0", count: 64 - digits.count))!
                return KeyIssued(key: Name("\(account)-\(number)")!, hash: hash, account: account, terms: KeyTerms(owner: "ops"))
            }
        }
    }

    private mutating func next() -> Command {
        let account = pick(UseLedger.accounts)
        switch random(0...10) {
        case 0...3: return .debit(Debit(account: account, ask: ask(), use: use(account)))
        case 4:
            let items = (0...2).map { DebitBatch.Item(id: Name("i-\(count)-\($0)")!, ask: ask(), labels: labels()) }
            return .debitBatch(DebitBatch(account: account, batch: "night", mode: .each, items: items, key: key(account)))
        case 5: return .hold(Hold(account: account, ask: ask(), use: use(account), expiresInSeconds: 6000, onExpiry: .capture))
        case 6: return .settle(Settle(hold: pick(uses.suffix(4)), extent: .everything, labels: ["status": "cut"]))
        case 7, 8:
            return .refund(Refund(of: pick(uses.suffix(40)), extent: pick([.everything, .amount(1)]), reason: "It failed"))
        case 9: return .grant(Grant(account: account, unit: "credits", amount: 100))
        default: return .recordUsage(RecordUsage(account: account, ask: ask(), use: use(pick(UseLedger.accounts))))
        }
    }

    private mutating func ask() -> LedgerModel.Ask {
        let amount = Amount(rawValue: random(1...40))!
        return switch random(0...2) {
        case 0: .amount(unit: pick(["credits", "ap"]), amount)
        case 1: .priced(feature: "chat", quantities: [Quantity(dimension: "words", count: amount)])
        default: .priced(feature: "rank", quantities: [Quantity(dimension: "words", count: amount)])
        }
    }

    private mutating func use(_ account: Name) -> Use {
        Use(
            key: key(account), batch: pick([nil, nil, "night", "Day"]), labels: labels(),
            occurredAt: pick([nil, nil, Timestamp(microseconds: now.rawValue - random(0...100) * 3_600_000_000)]),
            details: pick([nil, #"{"note":"Two Words"}"#]))
    }

    private mutating func key(_ account: Name) -> Name? { pick([nil, Name("\(account)-0"), Name("\(account)-1")]) }

    private mutating func labels() -> Labels {
        var labels: Labels = [:]
        labels["model"] = pick([nil, "large", "small"])
        labels["platform"] = pick([nil, "web"])
        labels["status"] = pick([nil, "ok"])
        labels["chapter"] = pick([nil, "one", "two"])
        return labels
    }

    // MARK: Chance

    private mutating func random(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
    private mutating func pick<Choice>(_ choices: some Collection<Choice>) -> Choice { choices.randomElement(using: &random)! }
}

extension [Movement] {
    /// The values that some movements have, and one that none has.
    func values(_ read: (Movement) -> Name?) -> [String] { Set(compactMap { read($0)?.text }).sorted() + ["nobody's"] }
}
