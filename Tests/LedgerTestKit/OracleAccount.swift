import LedgerModel

/// An account as the oracle keeps it: piles of units, and windows that begin when their time comes, whether or not somebody looks.
struct OracleAccount {
    /// Units that came at once. A pile is never thrown away: when its time is over, it no longer counts.
    struct Pile {
        let unit: Name
        let priority: Int
        let effectiveAt: Int64?
        var expiresAt: Int64?
        /// Without meaning when there is no end to it.
        var left: Int64
        let isEndless: Bool
        let isOfPlan: Bool
        /// The window that it belongs to, if it does.
        var window: Int?
        /// The pile that took its place.
        var successor: Int?

        func isOver(_ now: Int64) -> Bool { expiresAt.map { $0 <= now } ?? false }
        func counts(_ now: Int64) -> Bool { !isOver(now) && (effectiveAt.map { $0 <= now } ?? true) }
    }

    struct Plan {
        let name: Name
        let from: Int64
        /// When it was made: what begins before is opened then.
        let since: Int64
        var until: Int64?
        let anchor: Int
        let isDefault: Bool
        var overrides: [OracleSlot: Allotment] = [:]
        /// It was replaced or cancelled before it came to its end.
        var isGone = false

        func holds(at now: Int64) -> Bool { !isGone && from <= now && !isOver(now) }
        func isOver(_ now: Int64) -> Bool { until.map { $0 <= now } ?? false }
    }

    struct Window {
        var plan: Int
        let slot: OracleSlot
        let start: Int64
        let end: Int64?
        var version: Int
        /// Nil without limit.
        var amount: Int64?
        var carried: Int64
        var used: Int64
        var pile: Int

        var limit: Int64? { amount.map { $0 + carried } }
        func contains(_ now: Int64) -> Bool { start <= now && (end.map { now < $0 } ?? true) }
    }

    /// One allowance's windows, one behind the other.
    struct Chain {
        var plan: Int
        let slot: OracleSlot
        /// When the next window begins.
        var next: Int64
        /// The last window that somebody could look at.
        var window: Int?
        /// What remained in the last window when nobody could.
        var unused: Int64 = 0
        var hasBegun = false
    }

    /// What an open hold has taken out of piles, part by part.
    struct Draw {
        let pile: Int
        var amount: Int64
        let isEndless: Bool
    }

    enum State { case open, frozen, closed }

    let name: Name
    let openedAt: Int64
    var state = State.open
    var piles: [Pile] = []
    var plans: [Plan] = []
    var windows: [Window] = []
    var chains: [Chain] = []
    /// By the hold's id: what is held now.
    var held: [Name: [Draw]] = [:]
    var lowMarks: Set<OracleLowMark> = []
    var usedMarks: Set<OracleUsedMark> = []
    /// Up to when its plans are known to follow the tenant's default.
    var followedUpTo: Int64

    init(name: Name, openedAt: Int64) {
        self.name = name
        self.openedAt = openedAt
        followedUpTo = openedAt
    }
}

/// What makes an alert of a window this one and no other.
struct OracleUsedMark: Hashable {
    let rule: Name
    let plan: Name
    let slot: OracleSlot
    let start: Int64
    let limit: Int64
    let threshold: Int
}

struct OracleLowMark: Hashable {
    let rule: Name
    let unit: Name
    let below: Int64
}

// MARK: What there is

extension OracleAccount {
    /// The pile that stands for one now.
    func standing(_ pile: Int) -> Int {
        var pile = pile
        while let next = piles[pile].successor { pile = next }
        return pile
    }

    /// What open holds have taken of a pile or those that it replaced.
    func heldOf(_ pile: Int) -> Int64 {
        held.values.joined().reduce(0) { standing($1.pile) == pile ? $0 + $1.amount : $0 }
    }

    /// What open holds have taken of a unit, but for what was taken without limit.
    func held(_ unit: Name) -> Int64 {
        held.values.joined().reduce(0) { piles[$1.pile].unit == unit && !$1.isEndless ? $0 + $1.amount : $0 }
    }

    /// The piles of a unit that count, in burn-down order.
    func usable(_ unit: Name, _ now: Int64) -> [Int] {
        inOrder(piles.indices.filter { piles[$0].unit == unit && piles[$0].successor == nil && piles[$0].counts(now) })
    }

    func inOrder(_ indices: [Int]) -> [Int] {
        indices.sorted { left, right in
            let (a, b) = (piles[left], piles[right])
            return (a.priority, a.expiresAt ?? .max, left) < (b.priority, b.expiresAt ?? .max, right)
        }
    }

    func available(_ unit: Name, _ now: Int64) -> Int64 {
        usable(unit, now).reduce(0) { piles[$1].isEndless ? $0 : $0 + piles[$1].left }
    }

    func isEndless(_ unit: Name, _ now: Int64) -> Bool { usable(unit, now).contains { piles[$0].isEndless } }

    /// How much a unit can pay.
    func payable(_ unit: Name, _ now: Int64) -> Int64 { isEndless(unit, now) ? .max : available(unit, now) }

    /// All units of piles that are not over, and what is held.
    func total(_ unit: Name, _ now: Int64) -> Int64 {
        piles.reduce(held(unit)) {
            $1.unit == unit && $1.successor == nil && !$1.isEndless && !$1.isOver(now) ? $0 + $1.left : $0
        }
    }

    /// The windows that are open, in the order of their plans.
    func open(_ now: Int64) -> [Int] {
        chains.compactMap(\.window).filter { windows[$0].contains(now) && plans[windows[$0].plan].holds(at: now) }
    }
}

// MARK: Moving units

extension OracleAccount {
    /// Takes units; nil when there are not enough.
    mutating func take(_ amount: Int64, of unit: Name, _ now: Int64) -> [Draw]? {
        if amount > payable(unit, now) { return nil }
        var (missing, draws) = (amount, [Draw]())
        for pile in usable(unit, now) where missing > 0 {
            let part = piles[pile].isEndless ? missing : min(missing, piles[pile].left)
            if part == 0 { continue }
            if !piles[pile].isEndless { piles[pile].left -= part }
            draws.append(Draw(pile: pile, amount: part, isEndless: piles[pile].isEndless))
            missing -= part
        }
        return draws
    }

    /// Counts draws as used for good.
    mutating func count(_ draws: [Draw]) {
        for draw in draws { if let window = piles[standing(draw.pile)].window { windows[window].used += draw.amount } }
    }

    mutating func addPile(_ unit: Name, _ amount: Int64, _ terms: LotTerms) {
        piles.append(
            Pile(
                unit: unit, priority: terms.priority, effectiveAt: terms.effectiveAt?.rawValue,
                expiresAt: terms.expiresAt?.rawValue, left: amount, isEndless: false, isOfPlan: false))
    }

    /// Puts units back where they were drawn; answers how many of them found no place.
    ///
    /// What is held of the pile must no longer count the units that come back.
    mutating func putBack(_ draw: Draw, _ now: Int64) -> Int64 {
        if draw.isEndless { return 0 }
        let pile = standing(draw.pile)
        if piles[pile].isOver(now) { return draw.amount }
        guard let window = piles[pile].window else {
            piles[pile].left += draw.amount
            return 0
        }
        guard let limit = windows[window].limit else { return draw.amount }
        let room = max(0, limit - windows[window].used - heldOf(pile) - piles[pile].left)
        piles[pile].left += min(room, draw.amount)
        return draw.amount - min(room, draw.amount)
    }
}
