public import LedgerModel

/// Makes the events of a ledger in use, as a seed repeats them: nearly all of one busy tenant, and of some small tenants all that
/// there is.
///
/// Every event is right: a book that replays them has what they say, and would have decided the busy tenant's commands so. Only
/// the hashes of the commands (`body`) are chance, and the ledger's own events `recovered`, `restored` and `signingKeyReplaced`
/// do not occur: they tell of what happened to files.
public struct LedgerGenerator {
    public struct Options: Sendable {
        /// How many events at least; the last group may go beyond.
        public var eventCount: Int
        /// How many accounts the busy tenant has in the end; how much each does goes by Zipf's law.
        public var accountCount: Int
        public var seed: UInt64
        /// 0 for the busy tenant alone.
        public var smallTenantCount: Int
        public var dayCount: Int
        /// The ledger's time at the end.
        public var end: Timestamp

        public init(
            eventCount: Int, accountCount: Int, seed: UInt64 = 1, smallTenantCount: Int = 4, dayCount: Int = 60,
            end: Timestamp = Options.endDefault
        ) {
            self.eventCount = eventCount
            self.accountCount = accountCount
            self.seed = seed
            self.smallTenantCount = smallTenantCount
            self.dayCount = dayCount
            self.end = end
        }

        public static let endDefault = Timestamp(rfc3339: "2026-09-15T12:00:00Z")!
    }

    /// The small tenants have one command in so many.
    private static let smallTenantsTurn = 40

    private let options: Options
    private let rhythm: Rhythm
    private var chance: Chance
    private var relay: Relay
    private var small: SmallTenants
    private var isPriceChanged = false
    /// The ledger's time.
    public private(set) var now: Timestamp

    /// - Parameter zones: the zones that the small tenants' settings name.
    public init(_ options: Options, zones: ZoneTable) {
        self.options = options
        rhythm = Rhythm(start: options.end.adding(days: -Int64(options.dayCount)), dayCount: options.dayCount)
        chance = Chance(seed: options.seed)
        relay = Relay(accountCount: options.accountCount, seed: chance.bits())
        small = SmallTenants(count: options.smallTenantCount, seed: chance.bits(), zones: zones)
        now = rhythm.start
    }

    /// How uneven the use of the busy tenant's accounts is: the account of rank r has 1 / r^1.1 times as much as the first.
    public static let zipfExponent = 1.1

    /// The busy tenant.
    public static var busyTenant: Name { RelayCatalogue.tenant }

    /// The first events: that the ledger is open, and what the tenants begin with.
    ///
    /// - Parameter opened: who the ledger is.
    public mutating func begin(_ opened: LedgerOpened, _ sheet: inout EventSheet) {
        sheet.begin(EventSheet.Head(tenant: .system, id: "$ledger", at: now))
        sheet.add(.ledgerOpened(opened))
        sheet.end()
        relay.configure(&sheet, at: now)
        small.begin(&sheet, at: now)
    }

    /// Adds what happens next, one group or a few; nothing, and false, when there are enough events.
    public mutating func next(_ sheet: inout EventSheet) -> Bool {
        let share = Double(sheet.last.rawValue) / Double(options.eventCount)
        if share >= 1 { return false }
        let instant = max(rhythm.instant(at: share), now)
        if !passTime(until: instant, &sheet) { act(at: instant, share, &sheet) }
        return true
    }

    /// Does the first thing that time does by an instant; false when there is none.
    private mutating func passTime(until instant: Timestamp, _ sheet: inout EventSheet) -> Bool {
        if let due = small.nextDue, due <= min(instant, relay.nextEnd ?? instant) {
            now = max(now, due)
            small.passDue(&sheet, at: now)
            return true
        }
        guard let end = relay.nextEnd, end <= instant else { return false }
        now = max(now, end)
        relay.endHold(&sheet)
        return true
    }

    private mutating func act(at instant: Timestamp, _ share: Double, _ sheet: inout EventSheet) {
        now = instant
        if !isPriceChanged, share > 0.5 {
            isPriceChanged = true
            return relay.changePrice(&sheet, at: now)
        }
        if relay.openCount < Int(share * 1.1 * Double(options.accountCount)) { relay.signUpNext(&sheet, at: now) }
        let isSmall = options.smallTenantCount > 0 && chance.oneIn(LedgerGenerator.smallTenantsTurn)
        if isSmall { small.step(&sheet, at: now) } else { relay.step(&sheet, at: now) }
    }
}

extension LedgerGenerator {
    /// Bytes that a seed repeats, for what else of a ledger is chance: its UUID and its key.
    public static func bytes(count: Int, seed: UInt64) -> [UInt8] {
        var chance = Chance(seed: ~seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: chance.bits() >> 56) }
    }
}
