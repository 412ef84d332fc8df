public import LedgerModel

/// A small generator of random numbers that gives the same for a seed everywhere: SplitMix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// Makes the events of a ledger in use, group by group: random commands of a few tenants, decided by a real book, so that every event
/// fits those before it. What the book rejects is passed over.
public struct EventLogGenerator {
    /// The book after the events so far.
    public private(set) var book = Book(hashKey: HashKey(1, 2), zones: .utcOnly)
    /// The ledger's time.
    public private(set) var now = Timestamp(microseconds: 1_767_225_600_000_000)
    /// All events so far.
    public private(set) var events: [Event] = []

    private var random: SeededGenerator
    private var commandCount = 0
    private var lots: [SequenceNumber: LotTerms] = [:]
    private var debits: [(tenant: Name, id: Name)] = []
    private var alerts: [(tenant: Name, sequence: SequenceNumber)] = []

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    public static let tenants: [Name] = ["acme", "zenith"]
    public static let accounts: [Name] = ["u-1", "u-2", "u-3", "u-4", "Ünïcode \"quoted\""]
    public static let units: [Name] = ["credits", "ap"]
    public static let features: [Name] = ["chat", "siterank"]
    private static let batches: [Name] = ["b-1", "b-2", "b-3", "b-4", "b-5", "b-6"]
    private static let models: [Name] = ["large", "small"]

    /// The next group of events.
    public mutating func nextGroup() -> [Event] {
        while true {
            if Bool.random(using: &random) {
                now = Timestamp(microseconds: now.rawValue + Int64.random(in: 0...7_200_000_000, using: &random))
            }
            let request = nextRequest()
            guard let group = decide(request) else { continue }
            take(group, request)
            return group
        }
    }

    private func decide(_ request: Request) -> [Event]? {
        switch try? book.decide(request, at: now) {
        case .accepted(let group): group
        case .recall(let sequence):
            if case .accepted(let group) = try? book.decide(request, at: now, recalled: recall(sequence)) { group } else { nil }
        case .known, nil: nil
        }
    }

    private func recall(_ sequence: SequenceNumber) -> Recalled {
        let first = events[Int(sequence.rawValue) - 1]
        let group = (0..<(first.group?.count ?? 1)).map { events[Int(sequence.rawValue) - 1 + $0] }
        return Recalled(events: group, lots: lots)
    }

    private mutating func take(_ group: [Event], _ request: Request) {
        for event in group {
            book.apply(event)
            events.append(event)
            if let terms = event.openedLots.values.first { lots[event.sequence] = terms }
            switch event.fact {
            case .debited(let debit): debits.append((event.tenant, debit.item ?? event.id))
            case .alertRaised: alerts.append((event.tenant, event.sequence))
            default: break
            }
        }
    }

    // MARK: Commands

    private mutating func nextRequest() -> Request {
        commandCount += 1
        let tenant = pick(EventLogGenerator.tenants)
        let command = commandCount <= 4 ? firstCommand() : nextCommand(of: tenant)
        return Request(
            tenant: commandCount <= 4 ? EventLogGenerator.tenants[commandCount % 2] : tenant, id: Name("c-\(commandCount)")!,
            body: random.next(), peer: 1000, actor: roll(4) == 0 ? "operator" : nil, command: command)
    }

    /// Prices come first, in both tenants, then something to spend.
    private mutating func firstCommand() -> Command {
        if commandCount > 2 {
            return .grant(Grant(account: "u-1", unit: "credits", amount: 1_000_000, terms: LotTerms(source: .purchase)))
        }
        let chat = [rate("inputTokens", "0.25"), rate("outputTokens", "3/2")]
        return .configure(
            Configure(
                changes: [
                    change(.price, "chat", .price(PriceDocument(charge: Charge(unit: "credits", rates: chat)))),
                    change(
                        .price, "siterank",
                        .price(PriceDocument(charge: Charge(unit: "ap", rates: [rate("requests", "2")]), minimum: 3))),
                    change(.alert, "low", .alert(AlertDocument(unit: "ap", below: 40))),
                ], reason: "the first prices"))
    }

    private func rate(_ dimension: Name, _ text: String) -> Charge.DimensionRate {
        Charge.DimensionRate(dimension: dimension, rate: Rate(text)!)
    }

    private func change(_ kind: DocumentKey.Kind, _ name: Name, _ document: Document?) -> Configure.Change {
        Configure.Change(key: DocumentKey(kind, name), document: document, expectVersion: nil)
    }

    private mutating func nextCommand(of tenant: Name) -> Command {
        let account = pick(EventLogGenerator.accounts)
        switch roll(20) {
        case 0..<4: return grant(account)
        case 4..<10:
            return .debit(
                Debit(account: account, ask: ask(), use: use(batch: roll(3) == 0 ? pick(EventLogGenerator.batches) : nil)))
        case 10..<13: return debitBatch(account)
        case 13..<16: return refund(of: tenant)
        case 16:
            return .adjust(
                Adjust(
                    account: account, unit: pick(EventLogGenerator.units), amount: amount(20), isIncrease: roll(2) == 0,
                    reason: "counted again"))
        case 17: return batchCommand(account)
        case 18: return configuration()
        default: return acknowledgement(of: tenant)
        }
    }

    private mutating func grant(_ account: Name) -> Command {
        let effectiveAt = roll(5) == 0 ? later(hours: 1...10) : nil
        let expiresAt = roll(2) == 0 ? later(hours: 12...60) : nil
        let terms = LotTerms(
            priority: [10, 20][roll(2)], effectiveAt: effectiveAt, expiresAt: expiresAt, source: pick(LotSource.allCases))
        return .grant(
            Grant(
                account: account, unit: pick(EventLogGenerator.units), amount: amount(200), terms: terms,
                memo: roll(3) == 0 ? "a \"memo\"" : nil))
    }

    private mutating func ask() -> Ask {
        switch roll(3) {
        case 0: .amount(unit: pick(EventLogGenerator.units), Amount(rawValue: Int64(roll(9)))!)
        case 1:
            .priced(
                feature: "chat",
                quantities: [
                    Quantity(dimension: "inputTokens", count: amount(60)), Quantity(dimension: "outputTokens", count: amount(9)),
                ])
        default: .priced(feature: "siterank", quantities: [Quantity(dimension: "requests", count: amount(5))])
        }
    }

    private mutating func use(batch: Name?) -> Use {
        Use(
            key: roll(3) == 0 ? "key-1" : nil, batch: batch, labels: labels(),
            occurredAt: roll(4) == 0 ? Timestamp(microseconds: now.rawValue - Int64(roll(72)) * 3_600_000_000) : nil,
            details: roll(8) == 0 ? #"{"note":"a [detail]","n":[1,2]}"# : nil)
    }

    private mutating func labels() -> Labels {
        roll(2) == 0 ? [:] : ["model": pick(EventLogGenerator.models), "platform": "web", "status": "ok"]
    }

    private mutating func debitBatch(_ account: Name) -> Command {
        let number = commandCount
        let items = (0...roll(6)).map { index in
            DebitBatch.Item(id: Name("i-\(number)-\(index)")!, ask: ask(), labels: labels())
        }
        return .debitBatch(
            DebitBatch(
                account: account, batch: pick(EventLogGenerator.batches), mode: roll(3) == 0 ? .atomic : .each, items: items))
    }

    private mutating func refund(of tenant: Name) -> Command {
        let known = debits.suffix(60).filter { $0.tenant == tenant }
        guard let debit = known.randomElement(using: &random) else { return grant("u-1") }
        let extent: Refund.Extent =
            switch roll(3) {
            case 0: .everything
            case 1: .amount(amount(4))
            default: .quantities([Quantity(dimension: pick(["inputTokens", "requests"]), count: amount(4))])
            }
        let reissue = roll(3) == 0 ? Refund.Reissue(expiresAt: later(hours: 5...50)) : nil
        return .refund(Refund(of: debit.id, extent: extent, reissue: reissue, reason: roll(2) == 0 ? "it failed" : nil))
    }

    private mutating func batchCommand(_ account: Name) -> Command {
        let batch = Name("b-\(7 + roll(30))")!
        if roll(2) == 0 { return .openBatch(OpenBatch(account: account, batch: batch, feature: "chat", size: roll(50))) }
        return .closeBatch(CloseBatch(account: account, batch: roll(12) == 0 ? pick(EventLogGenerator.batches) : batch))
    }

    private mutating func configuration() -> Command {
        switch roll(4) {
        case 0: .rollback(Rollback(key: DocumentKey(.price, "siterank"), version: 1 + roll(2), reason: "back to what it was"))
        case 1:
            .configure(
                Configure(
                    changes: [
                        change(.alert, "other", roll(2) == 0 ? nil : .alert(AlertDocument(unit: "credits", below: amount(99))))
                    ], reason: "more or less"))
        default:
            .configure(
                Configure(
                    changes: [
                        change(
                            .price, "siterank",
                            .price(PriceDocument(charge: Charge(unit: "ap", rates: [rate("requests", "\(1 + roll(4))")]))))
                    ], reason: "a new price"))
        }
    }

    private mutating func acknowledgement(of tenant: Name) -> Command {
        let known = alerts.filter { $0.tenant == tenant }.suffix(4).map(\.sequence)
        if known.isEmpty { return grant("u-2") }
        return .acknowledgeAlerts(AcknowledgeAlerts(alerts: [known[roll(known.count)]], state: roll(2) == 0 ? .read : .delivered))
    }

    // MARK: Chance

    private mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }
    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices.randomElement(using: &random)! }
    private mutating func amount(_ max: Int64) -> Amount { Amount(rawValue: Int64.random(in: 1...max, using: &random))! }
    private mutating func later(hours: ClosedRange<Int64>) -> Timestamp {
        Timestamp(microseconds: now.rawValue + Int64.random(in: hours, using: &random) * 3_600_000_000)
    }
}
