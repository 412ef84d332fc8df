import LedgerModel

/// An amount as it was, and as it would have been. A sum that would pass 2^63-1 stays there.
public struct Compared: Hashable, Sendable {
    public let actual: Int64
    public let proposed: Int64

    public init(actual: Int64 = 0, proposed: Int64 = 0) {
        self.actual = actual
        self.proposed = proposed
    }

    /// How much more it would have been; negative for less.
    public var difference: Int64 { proposed - actual }

    static func - (left: Compared, right: Compared) -> Compared {
        Compared(actual: left.actual - right.actual, proposed: left.proposed - right.proposed)
    }

    static func + (left: Compared, right: Compared) -> Compared {
        Compared(
            actual: left.actual.addingSaturated(right.actual), proposed: left.proposed.addingSaturated(right.proposed))
    }

    static func += (left: inout Compared, right: Compared) { left = left + right }

    func times(_ count: Int64) -> Compared {
        Compared(actual: actual.multipliedSaturated(by: count), proposed: proposed.multipliedSaturated(by: count))
    }
}

extension Int64 {
    fileprivate func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedSaturated(by count: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: count)
        return overflow ? .max : product
    }
}
