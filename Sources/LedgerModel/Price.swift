/// A price made ready to compute with: of each charge all rates over one denominator, in minor units.
struct Price: Hashable, Sendable {
    let document: PriceDocument
    let version: Int
    private let costs: [ChargeCost]

    /// Nil when a charge's rates have no common denominator below 2^64, or one of them passes 2^64 over it.
    init?(_ document: PriceDocument, version: Int, scale: (Name) -> Int) {
        var costs: [ChargeCost] = []
        for charge in document.charges {
            guard let cost = ChargeCost(charge, scale: scale(charge.unit)) else { return nil }
            costs.append(cost)
        }
        self.document = document
        self.version = version
        self.costs = costs
    }

    func knows(_ dimension: Name) -> Bool {
        document.charges.contains { charge in charge.rates.contains { $0.dimension == dimension } }
    }

    /// What each charge asks and its unit pays, as far as something is asked; at least the first.
    struct Share: Hashable, Sendable {
        let unit: Name
        let asked: Amount
        let paid: Amount
    }

    /// Asks one charge after the other for what those before it left unpaid. Throws `amountOverflow` when an ask passes 2^53-1.
    ///
    /// - Parameter paying: How much of an ask a unit pays. What the last leaves unpaid is the caller's to judge.
    func shares(
        of quantities: [Quantity], paying: (_ unit: Name, _ asked: Amount, _ isLast: Bool) -> Amount
    ) throws(Rejection) -> [Share] {
        var unpaid = Fraction.one
        var shares: [Share] = []
        for (index, cost) in costs.enumerated() {
            let unit = document.charges[index].unit
            guard var asked = cost.ask(quantities, unpaid) else { throw .amountOverflow(unit: unit) }
            if index == 0 { asked = max(asked, document.minimum ?? .zero) }
            let paid = paying(unit, asked, index == costs.count - 1)
            shares.append(Share(unit: unit, asked: asked, paid: paid))
            if paid == asked { break }
            unpaid.multiply(by: asked - paid, over: asked)
        }
        return shares
    }
}

extension [Price.Share] {
    /// Those up to the last that asked for something, and at least the first.
    var asking: [Price.Share] {
        let last = lastIndex { $0.asked > .zero } ?? 0
        return Array(self[...last])
    }
}

/// Σ quantity · rate of one charge, as an exact fraction of minor units.
private struct ChargeCost: Hashable, Sendable {
    private let dimensions: [Name]
    private let numerators: [UInt64]
    private let denominator: UInt64

    init?(_ charge: Charge, scale: Int) {
        let minorUnits = (0..<scale).reduce(UInt64(1)) { power, _ in power * 10 }
        var common: UInt64 = 1
        for entry in charge.rates {
            let factor = entry.rate.denominator / greatestCommonDivisor(common, entry.rate.denominator)
            let (product, overflow) = common.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            common = product
        }
        var numerators: [UInt64] = []
        for entry in charge.rates {
            let (scaled, overflow) = entry.rate.numerator.multipliedReportingOverflow(by: minorUnits)
            let (numerator, overflowAgain) = scaled.multipliedReportingOverflow(by: common / entry.rate.denominator)
            if overflow || overflowAgain { return nil }
            numerators.append(numerator)
        }
        dimensions = charge.rates.map(\.dimension)
        self.numerators = numerators
        denominator = common
    }

    /// ⌈share · cost⌉: rounded up once. Nil when it passes 2^53-1.
    ///
    /// A quantity is below 2^53 and a numerator below 2^64, so that sixteen products stay below 2^121.
    func ask(_ quantities: [Quantity], _ share: Fraction) -> Amount? {
        var sum: UInt128 = 0
        for quantity in quantities {
            guard let index = dimensions.firstIndex(of: quantity.dimension) else { continue }
            sum += UInt128(quantity.count.rawValue) * UInt128(numerators[index])
        }
        if share == .one {
            let rounded = (sum + UInt128(denominator) - 1) / UInt128(denominator)
            return rounded <= UInt128(Amount.max.rawValue) ? Amount(rawValue: Int64(rounded)) : nil
        }
        return share.leastMultiple(of: sum, over: denominator)
    }
}

/// What is left unpaid, as a product of fractions that is never rounded.
private struct Fraction: Hashable {
    private var numerators: [UInt64] = []
    private var denominators: [UInt64] = []

    static let one = Fraction()

    mutating func multiply(by numerator: Amount, over denominator: Amount) {
        if numerator == denominator { return }
        numerators.append(UInt64(numerator.rawValue))
        denominators.append(UInt64(denominator.rawValue))
    }

    /// The least integer that is not below this fraction of `sum / denominator`: found bit by bit, by multiplying only. Nil above 2^53-1.
    func leastMultiple(of sum: UInt128, over denominator: UInt64) -> Amount? {
        let whole = numerators.reduce(WideInteger(sum)) { $0.multiplied(by: $1) }
        let step = denominators.reduce(WideInteger(UInt128(denominator))) { $0.multiplied(by: $1) }
        func reaches(_ value: UInt64) -> Bool { !(step.multiplied(by: value) < whole) }
        guard reaches(UInt64(Amount.max.rawValue)) else { return nil }
        var (low, high) = (UInt64(0), UInt64(Amount.max.rawValue))
        while low < high {
            let middle = (low + high) / 2
            if reaches(middle) { high = middle } else { low = middle + 1 }
        }
        return Amount(rawValue: Int64(low))
    }
}

/// A non-negative integer of any size: enough of one to compare products exactly.
private struct WideInteger: Comparable {
    /// Least significant first, without leading zeros.
    private var words: [UInt64]

    init(_ value: UInt128) {
        words = [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)]
        trim()
    }

    private mutating func trim() {
        while words.last == 0 { words.removeLast() }
    }

    func multiplied(by factor: UInt64) -> WideInteger {
        var result = self
        var carry: UInt64 = 0
        for index in words.indices {
            let (high, low) = words[index].multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            result.words[index] = sum
            carry = high + (overflow ? 1 : 0)
        }
        result.words.append(carry)
        result.trim()
        return result
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.words.count != right.words.count { return left.words.count < right.words.count }
        return left.words.reversed().lexicographicallyPrecedes(right.words.reversed())
    }
}
