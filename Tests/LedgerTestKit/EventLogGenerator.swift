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
public struct EventLogGenerator: Sendable {
    private var ledger: MemoryLedger
    /// The ledger's time.
    public private(set) var now = Timestamp(microseconds: 1_767_225_600_000_000)

    var random: SeededGenerator
    private(set) var commandCount = 0
    /// What later commands refer to, with whose it is: debits, settlements and items that were accepted, and holds.
    private(set) var uses: [(tenant: Name, id: Name)] = []
    private(set) var holds: [(tenant: Name, id: Name)] = []
    private(set) var keys: [(tenant: Name, key: Name)] = []
    private(set) var alerts: [(tenant: Name, sequence: SequenceNumber)] = []

    public init(seed: UInt64, zones: ZoneTable = MemoryLedger.zones) {
        ledger = MemoryLedger(zones: zones)
        random = SeededGenerator(seed: seed)
    }

    /// The book after the events so far.
    public var book: Book { ledger.book }
    /// All events so far.
    public var events: [Event] { ledger.events }

    /// The first has a default plan, and days in another zone.
    public static let tenants: [Name] = ["acme", "zenith"]
    public static let accounts: [Name] = ["u-1", "u-2", "u-3", "u-4", "Ünïcode \"quoted\""]
    public static let units: [Name] = ["credits", "ap"]
    public static let features: [Name] = ["chat", "siterank"]
    public static let plans: [Name] = ["free", "basic", "pro"]

    /// Takes what the ledger wrote of itself.
    public mutating func note(ofLedger event: Event) {
        ledger.note(event)
        now = max(now, event.at)
    }

    /// The next events: what has become due meanwhile, and one command's group.
    @discardableResult
    public mutating func nextEvents() -> [Event] {
        let count = events.count
        while true {
            pass()
            let request = nextRequest()
            if case .accepted(let group)? = try? ledger.send(request, at: now) {
                note(group)
                return Array(events[count...])
            }
        }
    }

    /// Time passes: mostly minutes, sometimes hours, now and then days.
    private mutating func pass() {
        let minutes: Int64 =
            switch roll(400) {
            case 0: 7000
            case 1..<15: 200
            case 15..<100: 10
            default: 0
            }
        now = Timestamp(microseconds: now.rawValue + Int64.random(in: 0...minutes * 60_000_000, using: &random))
        for group in ledger.passDue(at: now) { note(group) }
    }

    private mutating func note(_ group: [Event]) {
        for event in group {
            switch event.fact {
            case .debited(let fact): uses.append((event.tenant, fact.item ?? event.id))
            case .settled: uses.append((event.tenant, event.id))
            case .held: holds.append((event.tenant, event.id))
            case .keyIssued(let fact): keys.append((event.tenant, fact.key))
            case .alertRaised: alerts.append((event.tenant, event.sequence))
            default: break
            }
        }
    }

    private mutating func nextRequest() -> Request {
        let (place, tenants) = (commandCount, EventLogGenerator.tenants)
        commandCount += 1
        let isFirst = place < firstCommands.count * tenants.count
        let tenant = isFirst ? tenants[place % tenants.count] : pick(tenants)
        let command = isFirst ? firstCommands[place / tenants.count](tenant) : nextCommand(of: tenant)
        return Request(
            tenant: tenant, id: Name("c-\(commandCount)")!, body: random.next(), peer: 1000,
            actor: roll(4) == 0 ? "operator" : nil,
            command: command)
    }

    // MARK: Chance

    mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices.randomElement(using: &random)! }
    mutating func maybe<Value>(_ sides: Int, _ make: (inout EventLogGenerator) -> Value) -> Value? {
        roll(sides) == 0 ? make(&self) : nil
    }
    mutating func amount(_ max: Int64) -> Amount { Amount(rawValue: Int64.random(in: 1...max, using: &random))! }
    mutating func later(hours: ClosedRange<Int64>) -> Timestamp {
        Timestamp(microseconds: now.rawValue + Int64.random(in: hours, using: &random) * 3_600_000_000)
    }
}
