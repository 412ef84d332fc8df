/// Units that come back to a purse: by a refund, or when a hold ends. All is done on a copy, and told as one `Return` and one reading of
/// each window.
struct Homecoming {
    private(set) var purse: Purse
    private let now: Timestamp
    private var draws: [Draw] = []
    private var expired = Amount.zero
    private var amount = Amount.zero
    private(set) var reopened: [SequenceNumber: LotTerms] = [:]
    private var priorityOfExpired: Int?
    /// The lots whose windows have another count now.
    private var counted: [SequenceNumber] = []

    init(_ purse: Purse, at now: Timestamp) {
        self.purse = purse
        self.now = now
    }

    // MARK: Holds

    /// What was held of these is held no more.
    mutating func unhold(_ draws: [Draw]) { purse.unhold(draws) }

    /// What was held is used now.
    mutating func use(_ draw: Draw) {
        guard let lot = purse.successor(of: draw.lot), let window = purse.window(ofLot: lot.number) else { return }
        count(window, used: window.used.adding(draw.amount) ?? .max)
    }

    var balance: Balance { purse.balance(at: now) }

    /// How much can be drawn from so many lots at most.
    func payable(lotCountMax: Int) -> Amount { purse.payable(lotCountMax: lotCountMax, at: now).amount }

    /// What an amount that is there draws.
    func draws(_ amount: Amount) -> [Draw] { purse.draws(amount, at: now)! }

    /// More is taken from what is available.
    mutating func take(_ draws: [Draw]) {
        for draw in draws {
            purse.set(draw)
            use(draw)
        }
    }

    // MARK: Coming back

    /// What was held comes back to its lot, if that is still there for it.
    mutating func giveBack(_ draw: Draw) {
        amount += draw.amount
        guard draw.remaining != nil else { return note(draw) }
        put(draw, into: purse.successor(of: draw.lot))
    }

    /// What was used comes back to its lot, which is opened again if it had been used up.
    mutating func refund(_ draw: Draw, _ terms: LotTerms?) {
        amount += draw.amount
        let lot = purse.successor(of: draw.lot)
        if let lot, let window = purse.window(ofLot: lot.number) { count(window, used: window.used.less(draw.amount)) }
        guard draw.remaining != nil else { return note(draw) }
        if lot == nil, let terms, terms.source != .plan, terms.expiresAt.map({ $0 > now }) ?? true { return reopen(draw, terms) }
        put(draw, into: lot, terms)
    }

    private mutating func put(_ draw: Draw, into lot: Lot?, _ terms: LotTerms? = nil) {
        guard let lot, !lot.hasLapsed(at: now) else { return expire(draw.amount, of: draw.lot, terms ?? lot?.terms) }
        let given = min(draw.amount, purse.room(in: lot))
        if given > .zero {
            purse.setRemaining((lot.remaining ?? .zero) + given, of: lot.number)
            note(Draw(lot: lot.number, amount: given, remaining: .zero))
        }
        if given < draw.amount { expire(draw.amount - given, of: draw.lot, terms ?? lot.terms) }
    }

    /// It was drawn from, so its `effectiveAt` has passed; without it 256 reopened lots fit an event's line.
    private mutating func reopen(_ draw: Draw, _ terms: LotTerms) {
        let terms = LotTerms(priority: terms.priority, expiresAt: terms.expiresAt, source: terms.source)
        purse.open(Lot(number: draw.lot, remaining: draw.amount, terms: terms))
        reopened[draw.lot] = terms
        note(draw)
    }

    private mutating func expire(_ amount: Amount, of lot: SequenceNumber, _ terms: LotTerms?) {
        expired += amount
        priorityOfExpired = priorityOfExpired ?? terms?.priority ?? LotTerms.priorityOfGrant
        note(Draw(lot: lot, amount: amount, remaining: .zero))
    }

    private mutating func note(_ draw: Draw) {
        let index = draws.firstIndex { $0.lot == draw.lot && ($0.remaining == nil) == (draw.remaining == nil) }
        if let index { draws[index].amount += draw.amount } else { draws.append(draw) }
    }

    private mutating func count(_ window: Window, used: Amount) {
        purse.use(lot: window.lot, used)
        if !counted.contains(window.lot) { counted.append(window.lot) }
    }

    // MARK: What it came to

    /// What has expired is given anew, as a lot that bears a number.
    mutating func reissue(_ number: SequenceNumber, until expiresAt: Timestamp?) -> LotTerms? {
        guard let priority = priorityOfExpired else { return nil }
        let terms = LotTerms(priority: priority, expiresAt: expiresAt, source: .refund)
        purse.open(Lot(number: number, remaining: expired, terms: terms))
        return terms
    }

    func result(reissued: LotTerms? = nil) -> Return {
        Return(
            part: Part(unit: purse.unit, amount: amount, lots: told(draws), balance: balance), reopened: reopened,
            expired: expired, reissued: reissued)
    }

    /// Draws with what their lots have left after all. What was drawn without limit stays without.
    func told(_ draws: [Draw]) -> [Draw] {
        draws.map { draw in
            let left = purse.lot(draw.lot).flatMap(\.remaining) ?? .zero
            return Draw(lot: draw.lot, amount: draw.amount, remaining: draw.remaining == nil ? nil : left)
        }
    }

    var meters: [Meter] {
        counted.compactMap { purse.window(ofLot: $0) }.map { Meter($0, purse.unit, used: $0.used) }
    }
}

extension Purse {
    /// How much may come back to a lot: all, but no more to an allowance's than its limit.
    func room(in lot: Lot) -> Amount {
        guard let window = window(ofLot: lot.number) else { return .max - (lot.remaining ?? .zero) }
        guard let limit = window.limit else { return .zero }
        return limit.less(window.used).less(lot.held).less(lot.remaining ?? .zero)
    }
}
