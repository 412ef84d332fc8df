import LedgerTestKit
import Testing

@testable import LedgerModel

@Suite("Rates and prices")
struct PriceTests {
    @Test(
        "a rate is a decimal, or a quotient of two",
        arguments: [
            ("1", 1, 1), ("0", 0, 1), ("0.35", 7, 20), ("2.50/1000000", 1, 400_000), ("1/3", 1, 3), ("0.1/0.2", 1, 2),
            ("007", 7, 1),
            ("999999999999999999", 999_999_999_999_999_999, 1), ("0.00000000000000001", 1, 100_000_000_000_000_000),
            ("0/7", 0, 1),
        ] as [(String, UInt64, UInt64)])
    func rates(_ text: String, _ numerator: UInt64, _ denominator: UInt64) throws {
        let rate = try #require(Rate(text))
        #expect((rate.numerator, rate.denominator) == (numerator, denominator))
        #expect(rate.text == text)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "-1", "+1", "1e3", "1.", ".5", "1/0", "1/0.0", "1/", "/1", "1/2/3", "1,5", " 1", "1 ", "٣", "NaN", "1.2.3",
            "1000000000000000000",
            "0.000000000000000001", "999999999999999999/0.01",
        ])
    func notRates(_ text: String) { #expect(Rate(text) == nil) }

    @Test("each ask is the exact share of the exact sum, rounded up once, and the first at least the minimum")
    func exactness() throws {
        var random = SeededGenerator(seed: 20_260_301)
        var (computed, fallenThrough, overflowed) = (0, 0, 0)
        for _ in 0..<4000 {
            guard let trial = Trial(using: &random) else { continue }
            var payments: [Payment] = []
            let shares = try? trial.price.shares(of: trial.quantities) { _, asked, _ in
                let paid = Amount(rawValue: Int64.random(in: 0...asked.rawValue, using: &random))!
                payments.append(Payment(asked: asked, paid: paid))
                return paid
            }
            for (index, payment) in payments.enumerated() {
                let expected = trial.exactAsk(of: index, after: payments[..<index])
                let isMinimum = index == 0 && payment.asked == trial.minimum
                #expect(isMinimum ? expected.isAtMost(payment.asked) : expected.isRoundedUp(to: payment.asked))
                #expect(index > 0 || payment.asked >= trial.minimum ?? .zero)
            }
            computed += payments.count
            fallenThrough += max(0, payments.count - 1)
            if shares == nil {
                overflowed += 1
                #expect(!trial.exactAsk(of: payments.count, after: payments[...]).isAtMost(.max))
            }
        }
        #expect(computed > 2000 && fallenThrough > 500 && overflowed > 100)
    }
}

/// What a charge asked and its unit paid.
private struct Payment {
    let asked: Amount
    let paid: Amount
}

/// A random price in one to three units, and random quantities of all its dimensions.
private struct Trial {
    let price: Price
    let minimum: Amount?
    let quantities: [Quantity]
    private let charges: [[TextRate]]
    private let scale: Int

    /// Nil when the price has no common denominator.
    init?(using random: inout SeededGenerator) {
        let dimensions = (0..<Int.random(in: 1...4, using: &random)).map { Name("d\($0)")! }
        var charges: [[TextRate]] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) { charges.append(dimensions.map { _ in TextRate(using: &random) }) }
        minimum = Bool.random(using: &random) ? Amount(rawValue: .random(in: 0...1_000_000, using: &random)) : nil
        quantities = dimensions.map { dimension in
            let count = Int64.random(in: 0...Amount.max.rawValue, using: &random) >> Int64.random(in: 0...53, using: &random)
            return Quantity(dimension: dimension, count: Amount(rawValue: count)!)
        }
        let scale = Int.random(in: 0...12, using: &random)
        let documents = charges.indices.map { index in
            Charge(
                unit: Name("u\(index)")!,
                rates: zip(dimensions, charges[index]).map { .init(dimension: $0, rate: Rate($1.text)!) })
        }
        guard let price = Price(PriceDocument(charges: documents, minimum: minimum), version: 1, scale: { _ in scale }) else {
            return nil
        }
        (self.price, self.charges, self.scale) = (price, charges, scale)
    }

    /// What a charge asks when those before it were paid so: its cost times the unpaid part of each ask.
    func exactAsk(of index: Int, after payments: ArraySlice<Payment>) -> ExactCost {
        payments.reduce(ExactCost(zip(charges[index], quantities.map(\.count)).map { ($0, $1) }, scale: scale)) { cost, payment in
            cost.times(payment.asked - payment.paid, over: payment.asked)
        }
    }
}

/// A rate as its text and as its numerator and denominator, made by the test.
private struct TextRate {
    let text: String
    let numerator: BigNumber
    let denominator: BigNumber

    init(using random: inout SeededGenerator) {
        let (above, places) = (UInt64.random(in: 0...99_999, using: &random), Int.random(in: 0...4, using: &random))
        let below = [1, 3, 7, 10, 1000, 1_000_000].randomElement(using: &random)!
        let digits = String(repeating: "0", count: max(0, places + 1 - String(above).count)) + String(above)
        text = (places == 0 ? digits : "\(digits.dropLast(places)).\(digits.suffix(places))") + (below == 1 ? "" : "/\(below)")
        numerator = BigNumber(above)
        denominator = BigNumber(UInt64(below)) * BigNumber.power(of: 10, places)
    }
}

/// Σ count · rate · 10^scale as one fraction of big numbers.
private struct ExactCost {
    private var numerator = BigNumber(0)
    private var denominator = BigNumber(1)

    init(_ asked: [(TextRate, Amount)], scale: Int) {
        for (rate, count) in asked {
            let term = BigNumber(UInt64(count.rawValue)) * rate.numerator * BigNumber.power(of: 10, scale)
            numerator = numerator * rate.denominator + term * denominator
            denominator = denominator * rate.denominator
        }
    }

    func times(_ part: Amount, over whole: Amount) -> ExactCost {
        var cost = self
        cost.numerator = numerator * BigNumber(UInt64(part.rawValue))
        cost.denominator = denominator * BigNumber(UInt64(whole.rawValue))
        return cost
    }

    func isAtMost(_ value: Amount) -> Bool { !(BigNumber(UInt64(value.rawValue)) * denominator < numerator) }
    func isRoundedUp(to value: Amount) -> Bool { isAtMost(value) && (value == .zero || !isAtMost(value - 1)) }
}

/// A natural number of any size, in digits of 32 bits, the lowest first.
private struct BigNumber {
    private var digits: [UInt32]

    init(_ value: UInt64) { digits = [UInt32(truncatingIfNeeded: value), UInt32(value >> 32)] }

    static func power(of base: UInt64, _ exponent: Int) -> BigNumber {
        (0..<exponent).reduce(BigNumber(1)) { power, _ in power * BigNumber(base) }
    }

    static func + (left: BigNumber, right: BigNumber) -> BigNumber {
        var (sum, carry) = (BigNumber(0), UInt64(0))
        sum.digits = (0...max(left.digits.count, right.digits.count)).map { index in
            carry += UInt64(left.digit(index)) + UInt64(right.digit(index))
            defer { carry >>= 32 }
            return UInt32(truncatingIfNeeded: carry)
        }
        return sum
    }

    static func * (left: BigNumber, right: BigNumber) -> BigNumber {
        var product = BigNumber(0)
        product.digits = Array(repeating: 0, count: left.digits.count + right.digits.count)
        for (i, a) in left.digits.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.digits.enumerated() {
                carry += UInt64(a) * UInt64(b) + UInt64(product.digits[i + j])
                product.digits[i + j] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            product.digits[i + right.digits.count] = UInt32(carry)
        }
        return product
    }

    static func < (left: BigNumber, right: BigNumber) -> Bool {
        for index in (0..<max(left.digits.count, right.digits.count)).reversed() where left.digit(index) != right.digit(index) {
            return left.digit(index) < right.digit(index)
        }
        return false
    }

    private func digit(_ index: Int) -> UInt32 { index < digits.count ? digits[index] : 0 }
}
