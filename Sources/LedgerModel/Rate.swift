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
