public import LedgerModel

/// Commands at random, as a seed repeats them: of two tenants with a few accounts each, on few names, so that they meet. All kinds of
/// command, and now and then input that no rule can accept.
public struct RandomCommands: Sendable {
    var random: SeededGenerator
    private var count = 0
    /// What was sent, accepted or not; by tenant.
    private var sent: [Name: [Request]] = [:]
    /// Ids that uses were made under, and holds; by tenant.
    private var uses: [Name: [Name]] = [:]
    private var holds: [Name: [Name]] = [:]
    private var alerts: [Name: [SequenceNumber]] = [:]
    /// Keys with their accounts, and keys of what is scheduled; by tenant.
    private var keys: [Name: [(key: Name, account: Name)]] = [:]
    private var scheduled: [Name: [DocumentKey]] = [:]
    /// Windows that were opened, by tenant and account.
    private var opened: [[Name]: [AllowanceOpened]] = [:]
    /// How many commands are still to follow each other within seconds, and of whom they mostly are.
    private var hurry: Int64 = 0
    private var focus: (tenant: Name, account: Name) = ("acme", "a")
    /// The commands that give a tenant something to work with, last first.
    private var beginnings: [(tenant: Name, command: Command)] = []
    /// The ledger's time.
    public internal(set) var now: Timestamp
    /// Nothing was done since the last command: what became due meanwhile is done late.
    public internal(set) var isAfterDowntime = false

    public init(seed: UInt64, at start: Timestamp = ManualClock.start) {
        random = SeededGenerator(seed: seed)
        now = start
        beginnings = Self.tenants.flatMap { tenant in beginning().map { (tenant, $0) } }.reversed()
    }

    public static let tenants: [Name] = ["acme", "zenith"]
    /// The last is seldom named, and not there to begin with.
    public static let accounts: [Name] = ["a", "b", "c", "d"]
    public static let units: [Name] = ["credits", "usd", "ap", "gold"]
    /// Units that alerts of low balances watch. Nothing comes into force in them by time alone but windows: whether an alert is armed by
    /// what nobody looked at depends on who looks next.
    static let watchedUnits: [Name] = ["usd", "gold"]
    /// Units that plans give; only `gold` comes in amounts near the greatest.
    static let planUnits: [Name] = ["credits", "usd", "ap"]
    static let features: [Name] = ["chat", "rank"]
    static let batches: [Name] = ["b-1", "b-2", "b-3"]
    static let dimensions: [Name] = ["pages", "tokens", "words"]
    static let plans: [Name] = ["free", "basic", "pro"]
    static let keys: [Name] = ["k-1", "k-2", "k-3", "k-4"]

    /// Tells what was accepted, so that later commands may refund the debits, settle the holds and acknowledge the alerts.
    public mutating func note(_ events: some Sequence<Event>) {
        for event in events {
            switch event.fact {
            case .debited(let debit): uses[event.tenant, default: []].append(debit.item ?? event.id)
            case .settled(let end), .holdExpired(let end): uses[event.tenant, default: []].append(end.hold)
            case .held: holds[event.tenant, default: []].append(event.id)
            case .alertRaised: alerts[event.tenant, default: []].append(event.sequence)
            case .allowanceOpened(let fact): opened[[event.tenant, fact.account], default: []].append(fact)
            case .keyIssued(let key): keys[event.tenant, default: []].append((key.key, key.account))
            case .configurationScheduled(let fact): scheduled[event.tenant, default: []].append(fact.key)
            default: break
            }
        }
    }

    /// The next command, after some time.
    public mutating func next() -> Request {
        if let first = beginnings.popLast() { return remember(request(first.tenant, first.command)) }
        pause()
        let tenant = hurry > 0 && !oneIn(4) ? focus.tenant : pick(Self.tenants)
        if oneIn(50), let old = sent[tenant]?.randomElement(using: &random) { return old }
        let command = command(tenant)
        // What is in force at an instant is what was configured last: nothing may have happened at that instant before.
        if command.isOfDocuments { now = Timestamp(microseconds: now.rawValue + 1) }
        return remember(request(tenant, command))
    }

    private mutating func request(_ tenant: Name, _ command: Command) -> Request {
        Request(tenant: tenant, id: newIdentifier(), body: random.next(), peer: 1000, command: command)
    }

    private mutating func remember(_ request: Request) -> Request {
        sent[request.tenant, default: []].append(request)
        return request
    }

    private mutating func beginning() -> [Command] {
        let plans = Self.plans.map { Configure.Change(key: DocumentKey(.plan, $0), document: .plan(plan())) }
        let prices = Self.features.map { Configure.Change(key: DocumentKey(.price, $0), document: .price(price())) }
        let vast = PriceDocument(charges: [Charge(unit: "gold", rates: [.init(dimension: "pages", rate: Rate("1.5")!)])])
        let vastChange = Configure.Change(key: DocumentKey(.price, "vast"), document: .price(vast))
        let alerts = (1...3).map { Configure.Change(key: DocumentKey(.alert, Name("rule-\($0)")!), document: .alert(alert())) }
        let grants = Self.accounts.dropLast().map { account in
            Command.grant(Grant(account: account, unit: pick(Self.planUnits), amount: Amount(rawValue: number(50...300))!))
        }
        return [
            .configure(Configure(changes: plans + prices + alerts + [vastChange], reason: "to begin with")),
            .configure(Configure(changes: [.init(key: .settings, document: .settings(settings()))], reason: "to begin with")),
        ] + grants + [.subscribe(Subscribe(account: "a", plan: pick(Self.plans))), .issueKeys(issue())]
    }

    private mutating func command(_ tenant: Name) -> Command {
        let roll = number(0...99)
        if roll < 4 { return .submit(submit(tenant)) }
        return simple(tenant)
    }

    /// What moves the same few windows, back and forth.
    private mutating func dense(_ tenant: Name) -> Command {
        switch number(0...9) {
        case 0...1: .overrideAllowance(override(tenant))
        case 2: .resetAllowance(reset(tenant))
        case 3...5: .hold(hold(tenant))
        case 6...7: .settle(settle(tenant))
        default: .refund(refund(tenant))
        }
    }

    private mutating func simple(_ tenant: Name) -> Command {
        if hurry > 0, oneIn(3) { return dense(tenant) }
        return plain(tenant)
    }

    private mutating func plain(_ tenant: Name) -> Command {
        switch number(0...999) {
        case ..<12: .openAccount(OpenAccount(account: account()))
        case ..<17: .freezeAccount(ChangeAccountState(account: account(), reason: "looks odd"))
        case ..<41: .unfreezeAccount(ChangeAccountState(account: account(), reason: "is well"))
        case ..<42: .closeAccount(ChangeAccountState(account: account(), reason: "is over"))
        case ..<130: .grant(grant())
        case ..<160: .adjust(adjust())
        case ..<330: .debit(debit(tenant))
        case ..<385: .debitBatch(debitBatch(tenant))
        case ..<475: .refund(refund(tenant))
        case ..<480: .recordUsage(RecordUsage(account: account(), ask: ask(), use: use(account(), tenant)))
        case ..<590: .hold(hold(tenant))
        case ..<610: .extend(Extend(hold: oldHold(tenant), expiresInSeconds: Int(number(0...4000))))
        case ..<695: .settle(settle(tenant))
        case ..<715: .release(Release(hold: oldHold(tenant)))
        case ..<725: .openBatch(OpenBatch(account: account(), batch: pick(Self.batches)))
        case ..<730: .closeBatch(CloseBatch(account: account(), batch: pick(Self.batches)))
        case ..<765: .subscribe(subscribe())
        case ..<800: .changePlan(changePlan())
        case ..<820: .unsubscribe(Unsubscribe(account: account(), plan: pick(Self.plans)))
        case ..<840: .overrideAllowance(override(tenant))
        case ..<855: .resetAllowance(reset(tenant))
        case ..<915: .configure(configure(tenant))
        case ..<925: .rollback(Rollback(key: documentKey(), version: Int(number(0...4)), reason: "back"))
        case ..<945: .issueKeys(issue())
        case ..<970: .updateKeys(update())
        case ..<975: .revokeKeys(RevokeKeys(keys: [pick(Self.keys)]))
        case ..<990: .acknowledgeAlerts(acknowledge(tenant))
        case ..<995: .reportUsage(usageReport())
        default: .reportSync(syncReport())
        }
    }

    private mutating func submit(_ tenant: Name) -> Submit {
        let commands = (0..<number(0...5)).map { index in
            let id = newIdentifier()
            var command = simple(tenant)
            while index > 0, command.isOfDocuments { command = simple(tenant) }
            if case .hold = command { holds[tenant, default: []].append(id) }
            if case .debit = command { uses[tenant, default: []].append(id) }
            return Submit.Inner(id: oneIn(60) ? oldIdentifier(tenant) : id, body: random.next(), command: command)
        }
        return Submit(commands: commands)
    }

    // MARK: Choices

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &random) }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }
    package mutating func oneIn(_ count: Int) -> Bool { random.oneIn(count) }
    mutating func account() -> Name {
        if hurry > 0, !oneIn(4) { return focus.account }
        return oneIn(40) ? Self.accounts.last! : pick(Self.accounts.dropLast())
    }

    /// One of the last windows of an account.
    mutating func window(of account: Name, _ tenant: Name) -> AllowanceOpened? {
        oneIn(4) ? nil : opened[[tenant, account]]?.suffix(6).randomElement(using: &random)
    }

    mutating func newIdentifier() -> Name {
        count += 1
        return Name("id-\(count)")!
    }

    /// Mostly a recent id of the tenant, now and then one that never was.
    mutating func oldIdentifier(_ tenant: Name) -> Name {
        oneIn(10) ? "never" : sent[tenant]?.suffix(60).randomElement(using: &random)?.id ?? "never"
    }

    /// Mostly one of the last uses, some of them used up, some refunded before.
    mutating func oldUse(_ tenant: Name) -> Name {
        oneIn(10) ? oldIdentifier(tenant) : uses[tenant]?.suffix(25).randomElement(using: &random) ?? "never"
    }

    mutating func oldHold(_ tenant: Name) -> Name {
        oneIn(20) ? oldIdentifier(tenant) : holds[tenant]?.suffix(oneIn(4) ? 20 : 4).randomElement(using: &random) ?? "never"
    }

    /// Mostly one of the account's own.
    mutating func key(of account: Name, _ tenant: Name) -> Name {
        let own = keys[tenant]?.filter { $0.account == account }.map(\.key) ?? []
        return own.isEmpty || oneIn(8) ? pick(Self.keys) : pick(own)
    }

    mutating func scheduledKey(_ tenant: Name) -> DocumentKey? { scheduled[tenant]?.suffix(4).randomElement(using: &random) }

    mutating func amount() -> Amount { Amount(rawValue: number(0...(oneIn(5) ? 250 : 40)))! }

    mutating func later(by seconds: ClosedRange<Int64>) -> Timestamp {
        Timestamp(microseconds: now.rawValue + number(seconds) * Timestamp.microsecondsPerSecond)
    }

    private mutating func acknowledge(_ tenant: Name) -> AcknowledgeAlerts {
        let some = (0..<number(0...2)).map { _ in
            oneIn(8) ? SequenceNumber(1) : alerts[tenant]?.suffix(20).randomElement(using: &random) ?? SequenceNumber(1)
        }
        return AcknowledgeAlerts(alerts: some, state: pick(AcknowledgeAlerts.State.allCases))
    }
}

// MARK: Time

extension RandomCommands {
    /// Mostly seconds, sometimes days or months; now and then to an instant at which a date begins, to the microsecond.
    private mutating func pause() {
        isAfterDowntime = oneIn(20)
        hurry -= 1
        if hurry > 0 { return pass(seconds: oneIn(3) ? 0 : number(0...20)) }
        if hurry < -10, oneIn(10) { (hurry, focus) = (number(10...60), (pick(Self.tenants), account())) }
        switch number(0...99) {
        case ..<15: break
        case ..<60: pass(seconds: number(0...20))
        case ..<78: pass(seconds: number(0...3600))
        case ..<88: pass(seconds: number(0...260_000))
        case ..<96: now = Timestamp(microseconds: nextBoundary() + number(-1...1))
        case ..<99: pass(seconds: number(0...3_000_000))
        default: pass(seconds: number(0...12_000_000))
        }
    }

    private mutating func pass(seconds: Int64) {
        now = Timestamp(microseconds: now.rawValue + seconds * Timestamp.microsecondsPerSecond + number(0...3) / 3)
    }

    private mutating func nextBoundary() -> Int64 {
        let period = pick([Period.day, .day, .month])
        return pick(WalkedZone.all).boundary(period, anchor: pick([1, 1, 28, 29, 30, 31]), after: now.rawValue + 1)
    }
}

extension Command {
    /// It changes documents, first of all.
    package var isOfDocuments: Bool {
        switch self {
        case .configure, .rollback: true
        case .submit(let submit): submit.commands.first?.command.isOfDocuments ?? false
        default: false
        }
    }
}

extension SeededGenerator {
    /// True once in so many times.
    package mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
