import LedgerModel

/// A window of an allowance as it was beside what it would have been.
struct ShadowWindow {
    /// One of the two: a limit, and how much of it is used.
    struct Side {
        let limit: Allotment
        /// False where there was no such allowance; the limit is 0 then.
        let isGiven: Bool
        let priority: Int
        private(set) var used: Int64 = 0
        /// Thresholds reached, and those among them that a counted use reached. In per cent.
        private(set) var reached: [Int] = []
        private(set) var reachedInPeriod: [Int] = []

        init(limit: Allotment, priority: Int, isGiven: Bool = true) {
            self.limit = limit
            self.priority = priority
            self.isGiven = isGiven
        }

        static let none = Side(limit: .units(.zero), priority: LotTerms.priorityOfAllowance, isGiven: false)

        /// Nil without limit.
        var remaining: Int64? { limit.units.map { max(0, $0.rawValue - used) } }

        /// Takes as much of an amount as there is, and answers how much that is.
        mutating func draw(_ amount: Int64) -> Int64 {
            let drawn = min(amount, remaining ?? .max)
            // Without limit the count has none either; it stays at 2^63-1.
            used += min(drawn, .max - used)
            return drawn
        }

        mutating func giveBack(_ amount: Int64) { used = max(0, used - amount) }

        /// Notes the thresholds that are reached now, as the alert rule `allowanceUsed` has it.
        mutating func noteThresholds(_ thresholds: [Int], isCounted: Bool) {
            guard let limit = limit.units, limit > .zero else { return }
            for threshold in thresholds where !reached.contains(threshold) {
                // 2^53 times a hundred fits.
                guard used * 100 >= limit.rawValue * Int64(threshold) else { continue }
                reached.append(threshold)
                if isCounted { reachedInPeriod.append(threshold) }
            }
        }
    }

    /// The number of the event that opened it; nil when it never was there.
    let number: SequenceNumber?
    let plan: Name
    let period: Period
    let interval: Interval
    /// The first instant at which nothing of it can be drawn; nil for never.
    let end: Timestamp?
    var actual: Side
    var proposed: Side

    /// It would be as it is.
    var isSame: Bool {
        actual.limit == proposed.limit && actual.used == proposed.used && actual.priority == proposed.priority
    }

    func hasEnded(at instant: Timestamp) -> Bool { end.map { $0 <= instant } ?? false }

    /// What else is drawn before: lower priority, soonest end, first beginning.
    static func isDrawnBefore(_ side: KeyPath<ShadowWindow, Side>, _ left: ShadowWindow, _ right: ShadowWindow) -> Bool {
        let (leftEnd, rightEnd) = (left.end?.rawValue ?? .max, right.end?.rawValue ?? .max)
        return (left[keyPath: side].priority, leftEnd, left.interval.start)
            < (right[keyPath: side].priority, rightEnd, right.interval.start)
    }
}
