import LedgerModel

/// What an account of the busy tenant has of one unit. The amounts are plain integers: what they come to is checked against the
/// book in a test, not at every step.
struct RelayPurse {
    struct Lot {
        let number: SequenceNumber
        var remaining: Int64
        var held: Int64 = 0
        let terms: LotTerms

        var isAllowance: Bool { terms.source == .plan }
        var lapsesAt: Int64 { terms.expiresAt?.rawValue ?? .max }
        /// Nothing can be drawn from it, and nothing can come back.
        var isGone: Bool { remaining == 0 && held == 0 && !isAllowance }

        func isDrawnBefore(_ other: Lot) -> Bool {
            (terms.priority, lapsesAt, number.rawValue) < (other.terms.priority, other.lapsesAt, other.number.rawValue)
        }
    }

    /// The plan's window that is open.
    struct Window {
        let interval: Interval
        let lot: SequenceNumber
        let limit: Int64
        var used: Int64 = 0
        /// How many of the thresholds were told of.
        var markCount = 0
    }

    let unit: Name
    /// In the order in which they are drawn.
    private(set) var lots: [Lot] = []
    var window: Window?
    private(set) var available: Int64 = 0
    private(set) var held: Int64 = 0
    /// When the first of the lots lapses, in microseconds.
    private(set) var lapsesAt = Int64.max

    init(unit: Name) { self.unit = unit }

    var balance: Balance { Balance(available: Amount(available), held: Amount(held)) }

    /// Without what has lapsed, though it is not told yet.
    func available(at now: Timestamp) -> Int64 {
        if lapsesAt > now.rawValue { return available }
        return lots.reduce(0) { $1.lapsesAt > now.rawValue ? $0 + $1.remaining : $0 }
    }

    // MARK: Lots

    mutating func open(_ lot: Lot) {
        lots.insert(lot, at: lots.firstIndex { lot.isDrawnBefore($0) } ?? lots.endIndex)
        available += lot.remaining
        lapsesAt = min(lapsesAt, lot.lapsesAt)
    }

    /// Takes away the lots that have lapsed, and answers those of which something remained. No hold of the busy tenant outlasts a
    /// lot.
    mutating func lapse(at now: Timestamp) -> [Lot] {
        let lapsed = lots.filter { $0.lapsesAt <= now.rawValue }
        lots.removeAll { $0.lapsesAt <= now.rawValue }
        lapsesAt = lots.reduce(.max) { min($0, $1.lapsesAt) }
        available = lots.reduce(0) { $0 + $1.remaining }
        return lapsed.filter { $0.remaining > 0 }
    }

    private mutating func sweep() {
        if lots.contains(where: \.isGone) { lots.removeAll(where: \.isGone) }
    }

    // MARK: Drawing

    /// Takes an amount that is there.
    mutating func draw(_ amount: Int64) -> [Draw] {
        let draws = take(amount) { _, _ in }
        for draw in draws { use(draw) }
        sweep()
        return draws
    }

    /// Sets an amount aside that is there.
    mutating func hold(_ amount: Int64) -> [Draw] {
        held += amount
        return take(amount) { $0.held += $1 }
    }

    private mutating func take(_ amount: Int64, _ note: (inout Lot, Int64) -> Void) -> [Draw] {
        var draws: [Draw] = []
        var missing = amount
        for index in lots.indices where lots[index].remaining > 0 && missing > 0 {
            let drawn = min(missing, lots[index].remaining)
            lots[index].remaining -= drawn
            note(&lots[index], drawn)
            missing -= drawn
            draws.append(Draw(lot: lots[index].number, amount: Amount(drawn), remaining: Amount(lots[index].remaining)))
        }
        precondition(missing == 0, "more was drawn than there is")
        available -= amount
        return draws
    }

    private mutating func use(_ draw: Draw) {
        if draw.lot == window?.lot { window?.used += draw.amount.rawValue }
    }

    // MARK: Coming back

    /// Ends a hold: of what it drew so much stays taken from the first draws on, and the rest comes back, last drawn first.
    mutating func end(_ draws: [Draw], taking amount: Int64) -> (taken: [Draw], returned: [Draw]) {
        var (taken, returned): ([Draw], [Draw]) = ([], [])
        var missing = amount
        for draw in draws {
            let kept = min(missing, draw.amount.rawValue)
            missing -= kept
            change(draw.lot) { $0.held -= draw.amount.rawValue }
            if kept > 0 { taken.append(Draw(lot: draw.lot, amount: Amount(kept), remaining: .zero)) }
            let rest = draw.amount.rawValue - kept
            if rest > 0 { returned.insert(Draw(lot: draw.lot, amount: Amount(rest), remaining: .zero), at: 0) }
        }
        for draw in taken { use(draw) }
        for draw in returned { giveBack(draw) }
        held -= draws.reduce(0) { $0 + $1.amount.rawValue }
        defer { sweep() }
        return (told(taken), told(returned))
    }

    /// Gives back what was drawn from lots that are all there, last drawn first.
    mutating func refund(_ draws: [Draw]) -> [Draw] {
        for draw in draws {
            if draw.lot == window?.lot { window?.used -= draw.amount.rawValue }
            giveBack(draw)
        }
        return told(draws.reversed())
    }

    private mutating func giveBack(_ draw: Draw) {
        change(draw.lot) { $0.remaining += draw.amount.rawValue }
        available += draw.amount.rawValue
    }

    private mutating func change(_ number: SequenceNumber, _ body: (inout Lot) -> Void) {
        body(&lots[lots.firstIndex { $0.number == number }!])
    }

    /// Draws with what their lots have left now.
    private func told(_ draws: [Draw]) -> [Draw] {
        draws.map { draw in
            let left = lots.first { $0.number == draw.lot }!.remaining
            return Draw(lot: draw.lot, amount: draw.amount, remaining: Amount(left))
        }
    }
}

extension Amount {
    /// Of a number that is known to be one.
    init(_ value: Int64) { self = Amount(rawValue: value)! }
}
