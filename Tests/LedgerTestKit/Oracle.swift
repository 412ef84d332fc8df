public import LedgerModel

/// A second opinion on the rules, in another representation: nothing in it ever shrinks or is forgotten. Units that come and go are
/// rows of a journal, a balance is the sum of the rows that count at an instant, and what lapses is no row at all.
public struct Oracle {
    /// What becomes of a command.
    public enum Prediction: Equatable, Sendable {
        /// Exactly these events, by type.
        case accepted([String])
        /// By the rejection's name.
        case rejected(String)
        case known
    }

    struct Refusal: Error {
        let name: String
        init(_ name: String) { self.name = name }
    }

    public struct Purse: Hashable, Sendable {
        public let tenant: Name
        public let account: Name
        public let unit: Name

        public init(tenant: Name, account: Name, unit: Name) {
            self.tenant = tenant
            self.account = account
            self.unit = unit
        }
    }

    /// Where units came from; it is known by its index, which grows with its age.
    struct Origin {
        let purse: Purse
        let priority: Int
        let effectiveAt: Timestamp?
        let expiresAt: Timestamp?
        /// Its lapse has been told.
        var isTold = false

        func isOver(_ now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }
        func counts(_ now: Timestamp) -> Bool { !isOver(now) && (effectiveAt.map { $0 <= now } ?? true) }
    }

    /// One use, and what has been given back of it, draw by draw.
    struct Use {
        struct Draw {
            let origin: Int
            let amount: Int64
            var returned: Int64 = 0
        }

        let purse: Purse
        let amount: Int64
        var draws: [Draw]
        let feature: Name?
        /// The price's version by which it was computed.
        let version: Int
        /// What has not been given back.
        var quantities: [Name: Int64]

        var left: Int64 { amount - draws.reduce(0) { $0 + $1.returned } }
    }

    /// What an id was used for.
    enum Meaning {
        case use(Int)
        case batchOfUses
        case other
    }

    struct Scoped<Key: Hashable>: Hashable {
        let tenant: Name
        let key: Key
    }

    struct Mark: Hashable {
        let purse: Purse
        let rule: Name
        let below: Int64
    }

    var sequence: UInt64 = 0
    var journal: [Purse: [(origin: Int, amount: Int64)]] = [:]
    var origins: [Origin] = []
    var uses: [Use] = []
    var meanings: [Scoped<Name>: Meaning] = [:]
    var accounts: Set<Scoped<Name>> = []
    var batches: [Scoped<[Name]>: Bool] = [:]
    var documents: [Scoped<DocumentKey>: [Document?]] = [:]
    var unitsInUse: Set<Scoped<Name>> = []
    var marks: Set<Mark> = []
    var unread: Set<Scoped<UInt64>> = []
    /// The events of the command at hand.
    var types: [String] = []

    public init() {}

    // MARK: Questions

    /// What every origin of a purse has left, the oldest first, lapsed or not.
    func remaining(_ purse: Purse) -> [(origin: Int, amount: Int64)] {
        Dictionary(grouping: journal[purse] ?? [], by: \.origin)
            .map { (origin: $0.key, amount: $0.value.reduce(0) { $0 + $1.amount }) }
            .filter { $0.amount > 0 }.sorted { $0.origin < $1.origin }
    }

    public func available(_ purse: Purse, at now: Timestamp) -> Int64 {
        remaining(purse).reduce(0) { origins[$1.origin].counts(now) ? $0 + $1.amount : $0 }
    }

    /// What the open lots hold, in burn-down order, those not yet in force included.
    public func lots(_ purse: Purse, at now: Timestamp) -> [Int64] { inOrder(open(purse, at: now)).map(\.amount) }

    func open(_ purse: Purse, at now: Timestamp) -> [(origin: Int, amount: Int64)] {
        remaining(purse).filter { !origins[$0.origin].isOver(now) }
    }

    func inOrder(_ lots: [(origin: Int, amount: Int64)]) -> [(origin: Int, amount: Int64)] {
        lots.sorted { left, right in
            let (a, b) = (origins[left.origin], origins[right.origin])
            let (aEnd, bEnd) = (a.expiresAt?.rawValue ?? .max, b.expiresAt?.rawValue ?? .max)
            return (a.priority, aEnd, left.origin) < (b.priority, bEnd, right.origin)
        }
    }

    // MARK: Movements

    mutating func add(_ type: String) {
        types.append(type)
        sequence += 1
    }

    /// Tells of what has lapsed on a purse.
    mutating func lapse(_ purse: Purse, _ now: Timestamp) {
        let lapsed = remaining(purse).filter { origins[$0.origin].isOver(now) && !origins[$0.origin].isTold }
        for lot in lapsed {
            origins[lot.origin].isTold = true
            add("lotExpired")
        }
        if !lapsed.isEmpty { arm(purse, now) }
    }

    mutating func open(_ purse: Purse, _ amount: Int64, _ terms: LotTerms) {
        origins.append(
            Origin(purse: purse, priority: terms.priority, effectiveAt: terms.effectiveAt, expiresAt: terms.expiresAt))
        journal[purse, default: []].append((origins.count - 1, amount))
        unitsInUse.insert(Scoped(tenant: purse.tenant, key: purse.unit))
    }

    func checkRoom(_ purse: Purse, for amount: Int64, _ now: Timestamp) throws(Refusal) {
        let lots = open(purse, at: now)
        if lots.reduce(0, { $0 + $1.amount }) + amount > 9_007_199_254_740_991 { throw Refusal("amountOverflow") }
        if lots.count == 256 { throw Refusal("tooManyLots") }
    }

    mutating func draw(_ purse: Purse, _ amount: Int64, _ now: Timestamp) throws(Refusal) -> [Use.Draw] {
        if amount > available(purse, at: now) { throw Refusal("insufficientBalance") }
        arm(purse, now)
        unitsInUse.insert(Scoped(tenant: purse.tenant, key: purse.unit))
        var (missing, draws) = (amount, [Use.Draw]())
        for lot in inOrder(open(purse, at: now)) where missing > 0 && origins[lot.origin].counts(now) {
            let part = min(missing, lot.amount)
            journal[purse]!.append((lot.origin, -part))
            draws.append(Use.Draw(origin: lot.origin, amount: part))
            missing -= part
        }
        arm(purse, now)
        return draws
    }

    // MARK: Alerts

    mutating func arm(_ purse: Purse, _ now: Timestamp) {
        let available = available(purse, at: now)
        marks = marks.filter { $0.purse != purse || available < $0.below }
    }

    mutating func raise(_ purse: Purse, _ now: Timestamp) {
        for (rule, document) in rules(purse.tenant)
        where document.unit == purse.unit && available(purse, at: now) < document.below.rawValue {
            if !marks.insert(Mark(purse: purse, rule: rule, below: document.below.rawValue)).inserted { continue }
            add("alertRaised")
            unread.insert(Scoped(tenant: purse.tenant, key: sequence))
        }
    }

    private func rules(_ tenant: Name) -> [(Name, AlertDocument)] {
        documents.compactMap { key, versions in
            guard key.tenant == tenant, case .alert(let document)? = versions.last ?? nil else { return nil }
            return (key.key.name, document)
        }.sorted { $0.0 < $1.0 }
    }

    // MARK: Documents

    func current(_ tenant: Name, _ key: DocumentKey) -> Document? { documents[Scoped(tenant: tenant, key: key)]?.last ?? nil }

    func scale(_ tenant: Name, _ unit: Name) -> Int {
        if case .unit(let document)? = current(tenant, DocumentKey(.unit, unit)) { document.scale } else { 0 }
    }

    func lateDays(_ tenant: Name) -> Int64 {
        if case .settings(let settings)? = current(tenant, .settings), let days = settings.lateDays { Int64(days) } else { 35 }
    }

    /// What quantities cost by a price: fractions added up as they stand, and rounded up once.
    func cost(_ tenant: Name, _ price: PriceDocument, _ quantities: [Name: Int64]) -> Int64 {
        var (numerator, denominator) = (Int128(0), Int128(1))
        for entry in price.charge.rates {
            let (top, bottom) = Oracle.fraction(entry.rate.text)
            numerator = numerator * bottom + Int128(quantities[entry.dimension] ?? 0) * top * denominator
            denominator *= bottom
        }
        for _ in 0..<scale(tenant, price.charge.unit) { numerator *= 10 }
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        return max(Int64(whole) + (rest > 0 ? 1 : 0), price.minimum?.rawValue ?? 0)
    }

    private static func fraction(_ text: String) -> (Int128, Int128) {
        let halves = text.split(separator: "/").map { half -> (Int128, Int128) in
            let places = half.contains(".") ? half.split(separator: ".")[1].count : 0
            return (Int128(half.filter { $0 != "." })!, (0..<places).reduce(1) { power, _ in power * 10 })
        }
        let below = halves.count == 2 ? halves[1] : (1, 1)
        return (halves[0].0 * below.1, halves[0].1 * below.0)
    }
}
