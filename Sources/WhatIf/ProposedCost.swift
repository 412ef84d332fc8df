import LedgerModel

/// What a use would have cost.
enum ProposedCost {
    case amounts([(unit: Name, amount: Amount)])
    /// The name of the rejection.
    case refused(String)
}

extension ShadowAccount {
    /// Prices a use by what would have been in force, and judges whether it would have been paid.
    ///
    /// - Parameters:
    ///   - own: The price by which it was made, when it had one that is still known.
    ///   - isJudged: False when there would have been nothing to judge a unit by.
    func cost(of use: PastUse, own: ProposedPrice?, _ proposal: Proposal, isJudged: inout Bool) -> ProposedCost {
        let amounts: [(unit: Name, amount: Amount)]
        do throws(Rejection) { amounts = try self.amounts(of: use, own, proposal) } catch {
            return .refused(RejectionRecord(error).name)
        }
        for (unit, amount) in amounts where !isCertain(amount, unit, use) {
            guard let available = available(unit) else {
                isJudged = false
                continue
            }
            if amount > available { return .refused(hasAllowance(unit) ? "allowanceExhausted" : "insufficientBalance") }
        }
        return .amounts(amounts)
    }

    /// What was paid could have been paid, as long as nothing is other than it was.
    private func isCertain(_ amount: Amount, _ unit: Name, _ use: PastUse) -> Bool {
        isSame(unit) && use.parts.contains { $0.unit == unit && $0.amount >= amount }
    }

    private func amounts(of use: PastUse, _ own: ProposedPrice?, _ proposal: Proposal) throws(Rejection) -> [(Name, Amount)] {
        if let (price, quantities) = proposal.price(of: use), price.document != own?.document {
            let paid = try paid(by: price, quantities)
            guard let share = use.share(of: own), paid.count == 1 else { return paid }
            return [(paid[0].0, share.of(paid[0].1, roundedUp: true))]
        }
        // What the first units cannot pay falls to the next: with other balances, other parts.
        if let own, let quantities = use.quantities, !use.parts.allSatisfy({ isSame($0.unit) }), use.isDivided(by: own) {
            return try paid(by: own, quantities)
        }
        return use.parts.map { ($0.unit, $0.amount) }
    }

    private func paid(by price: ProposedPrice, _ quantities: [Quantity]) throws(Rejection) -> [(Name, Amount)] {
        // Of a unit of which nothing is known, there is enough.
        try price.shares(of: quantities) { available($0) ?? .max }.map { ($0.unit, $0.paid) }
    }
}

/// A part of something, as a fraction.
struct Portion {
    let count: Amount
    /// Not zero.
    let whole: Amount

    func of(_ amount: Amount, roundedUp: Bool = false) -> Amount {
        if count == whole { return amount }
        let product = UInt128(amount.rawValue) * UInt128(count.rawValue)
        let extra = roundedUp ? UInt128(whole.rawValue) - 1 : 0
        return Amount(rawValue: Int64(min((product + extra) / UInt128(whole.rawValue), UInt128(Amount.max.rawValue))))!
    }
}

extension PastUse {
    /// What was taken of what the price asked, when that was less: a settlement that was capped, or a late one. Nil when it was all, or cannot
    /// be told.
    fileprivate func share(of own: ProposedPrice?) -> Portion? {
        guard let own, own.document.charges.count == 1, parts.count == 1, let quantities, let asked = own.whole(quantities),
            parts[0].amount < asked
        else { return nil }
        return Portion(count: parts[0].amount, whole: asked)
    }

    /// Its units shared the cost as the price divides it.
    fileprivate func isDivided(by own: ProposedPrice) -> Bool {
        guard own.document.charges.count > 1, let quantities else { return false }
        let shares = try? own.shares(of: quantities) { unit in parts.first { $0.unit == unit }?.amount ?? .zero }
        return shares?.allSatisfy { share in parts.contains { $0.unit == share.unit && $0.amount == share.paid } } ?? false
    }

    /// What came back of it, as a portion of what it took of a unit; of its first that took something when it took nothing of that.
    func refundedPortion(of unit: Name) -> Portion? {
        let part = parts.first { $0.unit == unit && $0.amount > .zero } ?? parts.first { $0.amount > .zero }
        guard let part, part.refunded > .zero else { return nil }
        return Portion(count: min(part.refunded, part.amount), whole: part.amount)
    }
}

extension ProposedPrice {
    /// What the first charge asks when it pays all.
    fileprivate func whole(_ quantities: [Quantity]) -> Amount? { try? shares(of: quantities) { _ in .max }[0].paid }
}
