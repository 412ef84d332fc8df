/// An exact, non-negative rate in whole units per count: `"1"`, `"0.35"`, `"2.50/1000000"`.
public struct Rate: Hashable, Sendable {
    /// As it was written, so that a document reads back as it was sent.
    public let text: String
    /// In lowest terms.
    let numerator: UInt64
    let denominator: UInt64

    /// Nil unless the text is `decimal` or `decimal/decimal` with at most 18 digits each, the second not zero, and
    /// both halves brought to integers fit 64 bits.
    public init?(_ text: String) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let above = Rate.decimal(halves[0]), let below = halves.count == 1 ? (1, 1) : Rate.decimal(halves[1]),
            below.digits != 0,
            case let (top, topOverflow) = above.digits.multipliedReportingOverflow(by: below.power),
            case let (bottom, bottomOverflow) = below.digits.multipliedReportingOverflow(by: above.power),
            !topOverflow, !bottomOverflow
        else { return nil }
        let divisor = greatestCommonDivisor(top, bottom)
        self.text = text
        numerator = top / divisor
        denominator = bottom / divisor
    }

    /// `12.50` as 1250 and 100.
    private static func decimal(_ text: Substring) -> (digits: UInt64, power: UInt64)? {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = halves.joined()
        guard halves.allSatisfy({ !$0.isEmpty }), digits.utf8.count <= 18, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = UInt64(digits)
        else { return nil }
        return (value, (0..<(halves.count == 2 ? halves[1].utf8.count : 0)).reduce(1) { power, _ in power * 10 })
    }
}

func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return max(left, 1)
}

/// A price made ready to compute with: all rates over one denominator, in minor units.
struct Price: Hashable, Sendable {
    let document: PriceDocument
    let version: Int
    private let numerators: [UInt64]
    private let denominator: UInt64

    /// Nil when the rates have no common denominator below 2^64, or one of them passes 2^64 over it.
    init?(_ document: PriceDocument, version: Int, scale: Int) {
        let minorUnits = (0..<scale).reduce(UInt64(1)) { power, _ in power * 10 }
        var common: UInt64 = 1
        for entry in document.charge.rates {
            let factor = entry.rate.denominator / greatestCommonDivisor(common, entry.rate.denominator)
            let (product, overflow) = common.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            common = product
        }
        var numerators: [UInt64] = []
        for entry in document.charge.rates {
            let (scaled, overflow) = entry.rate.numerator.multipliedReportingOverflow(by: minorUnits)
            let (numerator, overflowAgain) = scaled.multipliedReportingOverflow(by: common / entry.rate.denominator)
            if overflow || overflowAgain { return nil }
            numerators.append(numerator)
        }
        self.document = document
        self.version = version
        self.numerators = numerators
        denominator = common
    }

    /// max(Σ quantity · rate, minimum), rounded up once. Nil when it passes 2^53-1.
    ///
    /// A quantity is below 2^53 and a numerator below 2^64, so that sixteen products stay below 2^121.
    func cost(of quantities: [Quantity]) -> Amount? {
        var sum: UInt128 = 0
        for quantity in quantities {
            guard let index = index(of: quantity.dimension) else { continue }
            sum += UInt128(quantity.count.rawValue) * UInt128(numerators[index])
        }
        let rounded = (sum + UInt128(denominator) - 1) / UInt128(denominator)
        guard rounded <= UInt128(Amount.max.rawValue), let cost = Amount(rawValue: Int64(rounded)) else { return nil }
        return max(cost, document.minimum ?? .zero)
    }

    func index(of dimension: Name) -> Int? { document.charge.rates.firstIndex { $0.dimension == dimension } }
}
