/// What a use costs an account: parts in one unit or several.
struct Charged {
    var parts: [Part]
    let priced: Priced?
    /// Why the last part cannot be paid, if it cannot: a check that comes before is judged first.
    let shortage: Rejection?
}

extension AccountDraft {
    /// Finds what an ask draws. The units that it moves are brought up to date.
    mutating func charge(_ ask: Ask) throws(Rejection) -> Charged {
        switch ask {
        case .amount(let unit, let amount):
            touch(unit)
            let (part, shortage) = draw(amount, of: unit)
            return Charged(parts: [part], priced: nil, shortage: shortage)
        case .priced(let feature, let quantities):
            let price = try configuration.price(for: feature, quantities)
            let priced = Priced(feature: feature, quantities: quantities, version: price.version)
            return try charge(price, priced)
        }
    }

    private mutating func charge(_ price: Price, _ priced: Priced) throws(Rejection) -> Charged {
        let shares = try price.shares(of: priced.quantities) { unit, asked, isLast in
            touch(unit)
            return isLast ? asked : min(asked, payable(unit))
        }
        var shortage: Rejection?
        var parts: [Part] = []
        for share in shares.asking {
            let (part, missing) = draw(share.paid, of: share.unit)
            parts.append(part)
            shortage = shortage ?? missing
        }
        // What one use draws from stands in one line of the log, and again in the line that ends a hold.
        if parts.reduce(0, { $0 + $1.lots.count }) > Purse.lotCountMax {
            throw .tooManyLots(account: account.name, unit: parts[parts.count - 1].unit, limit: Purse.lotCountMax)
        }
        return Charged(parts: parts, priced: priced, shortage: shortage)
    }

    /// How much a unit can pay.
    func payable(_ unit: Name) -> Amount { account.purse(unit).payable(lotCountMax: .max, at: now).amount }

    /// The part that draws an amount; with too little there, what it would be, and why it is refused.
    private func draw(_ amount: Amount, of unit: Name) -> (Part, Rejection?) {
        let purse = account.purse(unit)
        let before = purse.balance(at: now)
        guard let draws = purse.draws(amount, at: now) else {
            return (Part(unit: unit, amount: amount, lots: [], balance: before), shortage(amount, purse))
        }
        return (Part(unit: unit, amount: amount, lots: draws, balance: before.taking(draws)), nil)
    }

    /// Takes an amount that a part names, or refuses.
    mutating func drawing(_ amount: Amount, of unit: Name) throws(Rejection) -> Part {
        touch(unit)
        let (part, shortage) = draw(amount, of: unit)
        if let shortage { throw shortage }
        return part
    }

    /// A plan that gives of the unit is named before the balance.
    private func shortage(_ asked: Amount, _ purse: Purse) -> Rejection {
        let balance = purse.balance(at: now)
        let windows = purse.windows.filter { $0.limit != nil && purse.isOpen($0, at: now) }
        let soonest = windows.min { ($0.interval.end ?? .distantFuture) < ($1.interval.end ?? .distantFuture) }
        guard let soonest, let limit = soonest.limit else {
            return .insufficientBalance(unit: purse.unit, asked: asked, available: balance.available, held: balance.held)
        }
        return .allowanceExhausted(
            AllowanceShortage(
                unit: purse.unit, asked: asked, available: balance.available, held: balance.held, plan: soonest.plan,
                period: soonest.period, used: soonest.used, limit: limit, resetsAt: soonest.interval.end))
    }
}

extension Timestamp {
    static let distantPast = Timestamp(microseconds: -1 << 60)
    static let distantFuture = Timestamp(microseconds: 1 << 60)
}

extension Balance {
    /// The balance after draws; those without limit leave it as it is.
    func taking(_ draws: [Draw]) -> Balance {
        var balance = self
        for draw in draws where draw.remaining != nil { balance.available = balance.available - draw.amount }
        return balance
    }

    /// The balance after draws that are held.
    func holding(_ draws: [Draw]) -> Balance {
        var balance = self
        for draw in draws where draw.remaining != nil { balance.held += draw.amount }
        return balance
    }
}

extension Configuration {
    /// The price in force of a use.
    func price(for feature: Name, _ quantities: [Quantity]) throws(Rejection) -> Price {
        guard let price = price(feature) else { throw .priceNotFound(feature: feature) }
        if !price.document.enabled { throw .priceDisabled(feature: feature, version: price.version) }
        for quantity in quantities where !price.knows(quantity.dimension) {
            throw .unknownDimension(feature: feature, dimension: quantity.dimension)
        }
        return price
    }
}
