/// A number of minor units of some unit: 0...2^53-1, so that every JSON reader keeps it exact (RFC 8259 section 6).
public struct Amount: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral {
    public let rawValue: Int64

    /// Nil when the value is negative or above 2^53-1.
    public init?(rawValue: Int64) {
        guard (0...Amount.max.rawValue).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// For literals; a literal out of range is a programming error.
    public init(integerLiteral value: Int64) {
        precondition((0...9_007_199_254_740_991).contains(value))
        rawValue = value
    }

    private init(unchecked value: Int64) { rawValue = value }

    public static let zero = Amount(unchecked: 0)
    public static let max = Amount(unchecked: 9_007_199_254_740_991)

    public var description: String { String(rawValue) }

    /// The sum, or nil when it passes `max`.
    public func adding(_ other: Amount) -> Amount? { Amount(rawValue: rawValue + other.rawValue) }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The sum of amounts known to fit: parts of one balance. Passing `max` is a programming error.
    public static func + (left: Self, right: Self) -> Amount {
        precondition(left.rawValue <= max.rawValue - right.rawValue, "an amount above 2^53-1")
        return Amount(unchecked: left.rawValue + right.rawValue)
    }

    public static func += (left: inout Self, right: Self) { left = left + right }

    /// The difference of amounts known to be in order. A negative result is a programming error.
    public static func - (left: Self, right: Self) -> Amount {
        precondition(left.rawValue >= right.rawValue, "a negative amount")
        return Amount(unchecked: left.rawValue - right.rawValue)
    }
}

/// What an account has of one unit, judged at an instant.
public struct Balance: Hashable, Sendable {
    /// The sum of its lots that are in force, without what is held.
    public var available: Amount
    /// What open holds have set aside of it.
    public var held: Amount
    /// A lot without an end is in force beside these: nothing is refused for want of units.
    public var isUnlimited: Bool

    public init(available: Amount, held: Amount = .zero, isUnlimited: Bool = false) {
        self.available = available
        self.held = held
        self.isUnlimited = isUnlimited
    }
}
