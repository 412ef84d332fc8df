public import LedgerModel

/// A second opinion on the rules of docs/ledger.md, in another representation.
///
/// Windows begin and plans come and go when their time comes, whether or not somebody looks; nothing is lazy and nothing is forgotten:
/// a pile of units stays in its list for ever, what is held is added up from the open holds each time, dates are found by walking. The
/// oracle is told what commands are sent and when; of the ledger it learns only the numbers of alerts.
public struct Oracle: Sendable {
    /// What becomes of a command.
    public enum Prediction: Equatable, Sendable {
        /// What its events tell, in order, but for what time alone has done.
        case accepted([String])
        /// By the rejection's name.
        case rejected(String)
        case known
        case dryRun
    }

    var houses: [Name: OracleHouse] = [:]
    /// Hashes of keys, each with its key's tenant and name.
    var hashes: [KeyHash: OracleKeyPlace] = [:]
    /// Grows with everything that may become due.
    var causeCount = 0

    public init() {}

    /// What becomes of a request at an instant; the oracle then takes it as having happened. Nothing must be due.
    public mutating func predict(_ request: Request, at now: Timestamp) -> Prediction {
        if request.tenant.isReserved || request.id.isReserved { return .rejected("reservedName") }
        let house = houses[request.tenant] ?? OracleHouse(name: request.tenant)
        if house.meanings[request.id] != nil { return .known }
        var attempt = OracleAttempt(house: house, hashes: hashes, causeCount: causeCount, now: now.rawValue)
        do throws(OracleRefusal) {
            if try attempt.isDryRun(request.command) { return .dryRun }
            try attempt.run(request.command, as: request.id)
        } catch {
            return .rejected(error.name)
        }
        let told = attempt.finish()
        take(attempt)
        return .accepted(told)
    }

    private mutating func take(_ attempt: OracleAttempt) {
        houses[attempt.house.name] = attempt.house
        hashes = attempt.hashes
        causeCount = attempt.causeCount
    }

    /// Takes note of the numbers of alerts, by which they are acknowledged.
    public mutating func note(_ events: some Sequence<Event>) {
        for event in events {
            if case .alertRaised = event.fact { houses[event.tenant]?.unread.insert(event.sequence) }
        }
    }

    // MARK: What is due

    /// When the first due thing is due.
    public var nextDue: Timestamp? {
        houses.values.flatMap { [$0.firstDocument?.at, $0.firstOther?.at] }.compactMap(\.self).min().map {
            Timestamp(microseconds: $0)
        }
    }

    /// Does the first thing that is due, and tells of it; nil when nothing is. Documents come before all else.
    public mutating func passDue(at now: Timestamp) -> [String]? {
        guard let (due, house) = first(at: now, \.firstDocument) ?? first(at: now, \.firstOther) else { return nil }
        var attempt = OracleAttempt(house: house, hashes: hashes, causeCount: causeCount, now: now.rawValue)
        attempt.pass(due)
        take(attempt)
        return attempt.told
    }

    private func first(at now: Timestamp, _ due: KeyPath<OracleHouse, OracleHouse.Due?>) -> (OracleHouse.Due, OracleHouse)? {
        houses.values.compactMap { house in house[keyPath: due].map { ($0, house) } }
            .filter { $0.0.at <= now.rawValue }.min { ($0.0.at, $0.0.cause) < ($1.0.at, $1.0.cause) }
    }
}

/// A no, by the rejection's name.
struct OracleRefusal: Error {
    let name: String
    init(_ name: String) { self.name = name }
}

struct OracleKeyPlace {
    let tenant: Name
    let key: Name
}

/// All that the oracle knows of one tenant.
struct OracleHouse: Sendable {
    /// What an id was used for.
    enum Meaning {
        case use(Int)
        case hold
        case other
    }

    struct BatchName: Hashable {
        let account: Name
        let batch: Name
    }

    let name: Name
    var papers = OraclePapers()
    var accounts: [Name: OracleAccount] = [:]
    var batches: [BatchName: Bool] = [:]
    var keys: [Name: OracleKey] = [:]
    var holds: [Name: OracleHold] = [:]
    var openHolds: [Name] = []
    var uses: [OracleUse] = []
    var meanings: [Name: Meaning] = [:]
    var spending: [OracleSpendKey: OracleSpending] = [:]
    var unread: Set<SequenceNumber> = []

    init(name: Name) { self.name = name }
}

/// One use, and what has been given back of it, draw by draw.
struct OracleUse {
    struct Part {
        let unit: Name
        let amount: Int64
        var draws: [Draw]
        var returned: Int64 { draws.reduce(0) { $0 + $1.returned } }
        var left: Int64 { amount - returned }
    }

    struct Draw {
        let draw: OracleAccount.Draw
        var returned: Int64 = 0
    }

    let account: Name
    let feature: Name?
    /// The version of the price by which it was computed.
    let version: Int
    /// What has not been given back.
    var quantities: [Name: Int64]
    var parts: [Part]
    /// The counters that it moved.
    var readings: [OracleReading]
}

/// A counter in the window in which a use moved it.
struct OracleReading {
    enum Counter {
        /// With the number of limits that the key had before.
        case key(Name, limit: Int)
        case spend(OracleSpendKey)
    }

    let counter: Counter
    let unit: Name
    let window: OracleSpan
}

/// From the first instant to the first one after; nil for no end.
struct OracleSpan: Hashable {
    let start: Int64
    let end: Int64?

    func contains(_ now: Int64) -> Bool { start <= now && (end.map { now < $0 } ?? true) }
}

struct OracleKey {
    struct Counter {
        let unit: Name
        let period: Period
        let window: OracleSpan
        var used: Int64
    }

    let hash: KeyHash
    let account: Name
    let issuedAt: Int64
    var terms: KeyTerms
    var status = KeyStatus.active
    var cause: Int
    var counter: Counter?
    /// How many limits it had before this one; a limit of another unit or period is another.
    var limitCount = 0
    /// Warnings given, by rule and days.
    var warned: Set<[String]> = []
    /// It had expired when the rules changed: nobody is warned of it any more.
    var isSilent = false
}

struct OracleHold {
    /// What became of it.
    enum End {
        case open, settled, released
        /// At its time; a settlement may still come.
        case lapsed
        case captured(use: Int)
        /// A late settlement has come.
        case settledLate
    }

    struct Part {
        let unit: Name
        let amount: Int64
        let draws: [OracleAccount.Draw]
    }

    let account: Name
    let cause: Int
    let heldAt: Int64
    var expiresAt: Int64
    let onExpiry: HoldTerms.Expiry
    let overage: HoldTerms.Overage
    let use: Use
    let feature: Name?
    let version: Int
    let quantities: [Quantity]
    let parts: [Part]
    /// Where it counts against its key's limit.
    let keyCount: OracleReading?
    var end = End.open
    /// The ages told of, with their rules.
    var aged: Set<[String]> = []

    func held(_ unit: Name) -> Int64 { parts.first { $0.unit == unit }?.amount ?? 0 }
}

struct OracleSpendKey: Hashable {
    let rule: Name
    let subject: Name
}

struct OracleSpending {
    let unit: Name
    let period: Period
    let window: OracleSpan
    var used: Int64
    var isRaised = false
}
