public import LedgerModel

/// Commands at random, as a seed repeats them: of two tenants with three accounts each, on few names, so that they meet.
public struct RandomCommands {
    private var random: SeededGenerator
    private var count = 0
    /// Ids that debits or other commands were sent under, accepted or not.
    private var identifiers: [(tenant: Name, id: Name)] = []
    private var debits: [(tenant: Name, id: Name)] = []
    private var alerts: [(tenant: Name, sequence: SequenceNumber)] = []
    /// The ledger's time.
    public private(set) var now = ManualClock.start

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    public static let tenants: [Name] = ["acme", "zenith"]
    public static let accounts: [Name] = ["a", "b", "c"]
    public static let units: [Name] = ["credits", "usd"]
    private static let features: [Name] = ["chat", "rank"]
    private static let batches: [Name] = ["b-1", "b-2", "b-3"]
    private static let dimensions: [Name] = ["pages", "words"]

    /// Tells what was accepted, so that later commands may refund the debits and acknowledge the alerts.
    public mutating func note(_ events: some Sequence<Event>) {
        for event in events {
            switch event.fact {
            case .debited(let debit): debits.append((event.tenant, debit.item ?? event.id))
            case .alertRaised: alerts.append((event.tenant, event.sequence))
            default: break
            }
        }
    }

    /// The next command, after some time: mostly seconds, sometimes days.
    public mutating func next() -> Request {
        let pause = random.oneIn(8) ? number(0...260_000) : number(0...20)
        now = Timestamp(microseconds: now.rawValue + pause * Timestamp.microsecondsPerSecond)
        let tenant = pick(Self.tenants)
        let id = newIdentifier(tenant)
        return Request(tenant: tenant, id: id, body: random.next(), peer: 1000, command: command(tenant))
    }

    private mutating func command(_ tenant: Name) -> Command {
        switch number(0...99) {
        case 0...2: .openAccount(OpenAccount(account: pick(Self.accounts)))
        case 3...19: .grant(grant())
        case 20...25: .adjust(adjust())
        case 26...54: .debit(debit())
        case 55...68: .debitBatch(debitBatch(tenant))
        case 69...71: .openBatch(OpenBatch(account: pick(Self.accounts), batch: pick(Self.batches)))
        case 72: .closeBatch(CloseBatch(account: pick(Self.accounts), batch: pick(Self.batches)))
        case 73...89: .refund(refund(tenant))
        case 90...95: .configure(configure())
        case 96...97: .rollback(Rollback(key: key(), version: Int(number(0...4)), reason: "back"))
        default: .acknowledgeAlerts(acknowledge(tenant))
        }
    }

    // MARK: Choices

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &random) }
    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }

    private mutating func newIdentifier(_ tenant: Name) -> Name {
        count += 1
        let id = Name("id-\(count)")!
        identifiers.append((tenant, id))
        return id
    }

    /// Mostly a recent id of the tenant, now and then one that never was.
    private mutating func oldIdentifier(_ tenant: Name) -> Name {
        let recent = identifiers.suffix(60).filter { $0.tenant == tenant }
        return recent.isEmpty || random.oneIn(30) ? "never" : pick(recent).id
    }

    private mutating func amount() -> Amount {
        random.oneIn(60) ? Amount(rawValue: Amount.max.rawValue - number(0...1000))! : Amount(rawValue: number(0...120))!
    }

    private mutating func later(by seconds: ClosedRange<Int64>) -> Timestamp {
        Timestamp(microseconds: now.rawValue + number(seconds) * Timestamp.microsecondsPerSecond)
    }

    // MARK: Commands

    private mutating func grant() -> Grant {
        var terms = LotTerms(source: pick(LotSource.allCases))
        if random.oneIn(3) { terms.priority = Int(number(18...22)) }
        if random.oneIn(4) { terms.effectiveAt = later(by: -100...200_000) }
        if random.oneIn(2) { terms.expiresAt = later(by: -10...600_000) }
        return Grant(account: pick(Self.accounts), unit: pick(Self.units), amount: amount(), terms: terms)
    }

    private mutating func adjust() -> Adjust {
        Adjust(
            account: pick(Self.accounts), unit: pick(Self.units), amount: amount(), isIncrease: .random(using: &random),
            reason: "count")
    }

    private mutating func ask() -> Ask {
        if random.oneIn(2) { return .amount(unit: pick(Self.units), amount()) }
        return .priced(feature: pick(Self.features), quantities: quantities())
    }

    private mutating func quantities() -> [Quantity] {
        Self.dimensions.compactMap { random.oneIn(3) ? nil : Quantity(dimension: $0, count: Amount(rawValue: number(0...12))!) }
    }

    private mutating func occurredAt() -> Timestamp? { random.oneIn(6) ? later(by: -3_400_000...200_000) : nil }

    private mutating func debit() -> Debit {
        var debit = Debit(account: pick(Self.accounts), ask: ask())
        if random.oneIn(4) { debit.use.batch = pick(Self.batches) }
        debit.use.occurredAt = occurredAt()
        if random.oneIn(4) { debit.use.labels = ["model": "large"] }
        return debit
    }

    private mutating func debitBatch(_ tenant: Name) -> DebitBatch {
        let items = (0..<number(1...6)).map { _ in
            let id = random.oneIn(40) ? oldIdentifier(tenant) : newIdentifier(tenant)
            return DebitBatch.Item(id: id, ask: ask(), occurredAt: occurredAt())
        }
        return DebitBatch(
            account: pick(Self.accounts), batch: pick(Self.batches), mode: pick(DebitBatch.Mode.allCases), items: items)
    }

    /// Mostly of one of the last debits, some of them used up, some refunded before.
    private mutating func refund(_ tenant: Name) -> Refund {
        let recent = debits.suffix(40).filter { $0.tenant == tenant }
        var refund = Refund(of: recent.isEmpty || random.oneIn(6) ? oldIdentifier(tenant) : pick(recent).id)
        switch number(0...2) {
        case 0: refund.extent = .amount(amount())
        case 1: refund.extent = .quantities(quantities())
        default: break
        }
        if random.oneIn(3) { refund.reissue = Refund.Reissue(expiresAt: random.oneIn(3) ? nil : later(by: -5...300_000)) }
        return refund
    }

    private mutating func key() -> DocumentKey {
        pick([
            .init(.price, "chat"), .init(.price, "rank"), .init(.alert, "low"), .init(.alert, "lower"), .init(.unit, "usd"),
            .init(.unit, "ap"),
            .settings,
        ])
    }

    private mutating func configure() -> Configure {
        var changes: [Configure.Change] = []
        for _ in 0..<number(1...3) {
            let key = key()
            if changes.contains(where: { $0.key == key }) { continue }
            let document = random.oneIn(8) ? nil : document(key.kind)
            changes.append(.init(key: key, document: document, expectVersion: random.oneIn(6) ? Int(number(0...3)) : nil))
        }
        return Configure(changes: changes, reason: "so it is")
    }

    private mutating func document(_ kind: DocumentKey.Kind) -> Document {
        switch kind {
        case .unit: .unit(UnitDocument(scale: Int(number(0...3))))
        case .price: .price(price())
        case .alert: .alert(AlertDocument(unit: pick(Self.units), below: Amount(rawValue: number(1...200))!))
        case .tenant:
            .settings(
                SettingsDocument(
                    timeZone: pick([nil, "UTC", "Europe/Berlin", "Pacific/Kiritimati", "No/Where"]),
                    lateDays: pick([nil, 0, 20, 365])))
        }
    }

    private mutating func price() -> PriceDocument {
        let rates = Self.dimensions.filter { _ in !random.oneIn(5) }
            .map { Charge.DimensionRate(dimension: $0, rate: Rate(pick(["1", "0.35", "2/3", "7/10", "0", "12.5/5"]))!) }
        let charge = Charge(unit: pick(Self.units), rates: rates.isEmpty ? [.init(dimension: "pages", rate: Rate("1")!)] : rates)
        return PriceDocument(
            charge: charge, minimum: random.oneIn(3) ? Amount(rawValue: number(0...9)) : nil, enabled: !random.oneIn(8))
    }

    private mutating func acknowledge(_ tenant: Name) -> AcknowledgeAlerts {
        let known = alerts.filter { $0.tenant == tenant }.map(\.sequence)
        let some = (0..<number(0...2)).map { _ in known.isEmpty || random.oneIn(8) ? SequenceNumber(1) : pick(known) }
        return AcknowledgeAlerts(alerts: some, state: pick(AcknowledgeAlerts.State.allCases))
    }
}

extension SeededGenerator {
    /// True once in so many times.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
