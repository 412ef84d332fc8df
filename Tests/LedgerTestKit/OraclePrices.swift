import LedgerModel

/// Exact fractions, in lowest terms.
struct OracleFraction {
    private(set) var above: Int128
    private(set) var below: Int128

    init(_ above: Int128, _ below: Int128 = 1) {
        let divisor = OracleFraction.divisor(above, below)
        (self.above, self.below) = (above / divisor, below / divisor)
    }

    private static func divisor(_ left: Int128, _ right: Int128) -> Int128 {
        right == 0 ? max(left, 1) : divisor(right, left % right)
    }

    /// `12.5/5` as it is written.
    init(_ text: String) {
        let halves = text.split(separator: "/").map { OracleFraction(decimal: $0) }
        self = halves.count == 2 ? halves[0] * OracleFraction(halves[1].below, halves[1].above) : halves[0]
    }

    private init(decimal text: Substring) {
        let places = text.contains(".") ? text.split(separator: ".")[1].count : 0
        self.init(Int128(text.filter { $0 != "." })!, (0..<places).reduce(1) { power, _ in power * 10 })
    }

    static func + (left: Self, right: Self) -> Self {
        OracleFraction(left.above * right.below + right.above * left.below, left.below * right.below)
    }

    static func * (left: Self, right: Self) -> Self { OracleFraction(left.above * right.above, left.below * right.below) }

    /// The least integer that is not below it.
    var roundedUp: Int128 { (above + below - 1) / below }
}

/// What a charge asks of its unit, and what that pays.
struct OracleShare {
    let unit: Name
    let asked: Int64
    let paid: Int64
}

extension [OracleShare] {
    /// Those that an event tells of: up to the last that asks for something.
    var asking: [OracleShare] {
        var shares = self
        while shares.count > 1, shares.last!.asked == 0 { shares.removeLast() }
        return shares
    }
}

extension OraclePapers {
    /// What the charges of a price ask, one after the other.
    ///
    /// - Parameter limit: How much a unit can pay; the last charge is asked whole when `isLastWhole`.
    func shares(
        _ price: PriceDocument, _ quantities: [Name: Int64], isLastWhole: Bool, limit: (Name) -> Int64
    ) throws(OracleRefusal) -> [OracleShare] {
        var shares: [OracleShare] = []
        var share = OracleFraction(1)
        for (index, charge) in price.charges.enumerated() {
            let exact = share * cost(charge, quantities)
            var asked = exact.roundedUp
            if index == 0 { asked = max(asked, Int128(price.minimum?.rawValue ?? 0)) }
            if asked > Amount.max.rawValue { throw OracleRefusal("amountOverflow") }
            let isWhole = isLastWhole && index == price.charges.count - 1
            let paid = isWhole ? Int64(asked) : min(Int64(asked), limit(charge.unit))
            shares.append(OracleShare(unit: charge.unit, asked: Int64(asked), paid: paid))
            if Int128(paid) == asked { break }
            share = share * OracleFraction(asked - Int128(paid), asked)
        }
        return shares
    }

    private func cost(_ charge: Charge, _ quantities: [Name: Int64]) -> OracleFraction {
        let minor = OracleFraction((0..<scale(charge.unit)).reduce(1) { power, _ in power * 10 })
        return charge.rates.reduce(OracleFraction(0)) { sum, entry in
            sum + OracleFraction(Int128(quantities[entry.dimension] ?? 0)) * OracleFraction(entry.rate.text) * minor
        }
    }
}
