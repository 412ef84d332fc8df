import LedgerModel

/// What an account has of one unit, as it was and as it would have been: the open windows of allowances, and everything else, of which only
/// the difference is kept.
struct ShadowPurse {
    typealias Side = WritableKeyPath<ShadowWindow, ShadowWindow.Side>

    /// What a draw took from where.
    struct Drawn {
        /// By the index of the window.
        var windows: [(index: Int, amount: Int64)] = []
        /// What a window without limit gave of it.
        var unlimited: Int64 = 0
        /// What allowances did not cover.
        var beyond: Int64 = 0
    }

    private(set) var windows: [ShadowWindow] = []
    /// How much more there would have been outside of allowances; within `shiftMax`, which nobody comes near, so that sums of it fit.
    private var shift: Int64 = 0
    private static let shiftMax: Int64 = 1 << 60
    /// What there was outside of allowances after the last use that told; nil before.
    private var rest: Int64?

    // MARK: Windows

    mutating func open(_ window: ShadowWindow) { windows.append(window) }

    /// Takes out the windows that have ended.
    mutating func close(at instant: Timestamp) -> [ShadowWindow] {
        if !windows.contains(where: { $0.hasEnded(at: instant) }) { return [] }
        defer { windows.removeAll { $0.hasEnded(at: instant) } }
        return windows.filter { $0.hasEnded(at: instant) }
    }

    /// A window of a plan's allowance that would have been open.
    func hasProposedWindow(_ plan: Name, _ period: Period) -> Bool {
        windows.contains { $0.plan == plan && $0.period == period && $0.proposed.isGiven }
    }

    // MARK: Balances

    /// Learns what there was from a use that is about to be drawn.
    mutating func learn(_ part: PastUse.Part) {
        let available = part.available.rawValue + part.amount.rawValue - unlimited(part.amount)
        learn(rest: available - remaining(\.actual))
    }

    /// Learns what there was before an event, without what is had without limit.
    mutating func learn(available: Amount, before sequence: SequenceNumber) {
        let opened = windows.filter { $0.number.map { $0 < sequence } ?? false }
        learn(rest: available.rawValue - opened.reduce(0) { $0 + ($1.actual.remaining ?? 0) })
    }

    /// Nobody has less than nothing. What is held of a window makes the rest negative by itself: that says nothing.
    private mutating func learn(rest: Int64) {
        self.rest = rest
        if rest >= 0, rest + shift < 0 { shift = -rest }
    }

    /// What of an amount comes from a window without limit, and so moves no balance.
    private func unlimited(_ amount: Amount) -> Int64 {
        if !windows.contains(where: { $0.actual.limit == .unlimited }) { return 0 }
        var copy = self
        return copy.draw(amount.rawValue, \.actual).unlimited
    }

    /// What would have been available; nil when the past does not tell.
    var proposedAvailable: Amount? {
        if windows.contains(where: { $0.proposed.limit == .unlimited }) { return .max }
        return rest.map { Amount(rawValue: min(max(0, $0 + shift + remaining(\.proposed)), Amount.max.rawValue))! }
    }

    /// Nothing of it would be other than it is.
    var isSame: Bool { shift == 0 && windows.allSatisfy(\.isSame) }

    /// Whether a refusal would have named a plan.
    var hasProposedAllowance: Bool { windows.contains { $0.proposed.limit.units ?? .zero > .zero } }

    private func remaining(_ side: Side) -> Int64 { windows.reduce(0) { $0 + ($1[keyPath: side].remaining ?? 0) } }

    // MARK: Draws

    /// Draws from the windows, the rest from elsewhere.
    mutating func draw(_ amount: Int64, _ side: Side) -> Drawn {
        var drawn = Drawn(beyond: amount)
        for index in order(side) where drawn.beyond > 0 {
            let taken = windows[index][keyPath: side].draw(drawn.beyond)
            if taken == 0 { continue }
            drawn.windows.append((index, taken))
            drawn.beyond -= taken
            if windows[index][keyPath: side].remaining == nil { drawn.unlimited = taken }
        }
        return drawn
    }

    private func order(_ side: Side) -> [Int] {
        if windows.count < 2 { return Array(windows.indices) }
        return windows.indices.sorted { ShadowWindow.isDrawnBefore(side, windows[$0], windows[$1]) }
    }

    /// Gives back in the reverse order of drawing; answers what was drawn of it in the end.
    mutating func giveBack(_ amount: Int64, of drawn: Drawn, _ side: Side) -> Drawn {
        var left = drawn
        var amount = amount
        let first = min(amount, left.beyond)
        left.beyond -= first
        amount -= first
        for (place, taken) in drawn.windows.enumerated().reversed() {
            let back = min(amount, taken.amount)
            windows[taken.index][keyPath: side].giveBack(back)
            left.windows[place].amount -= back
            amount -= back
        }
        return left
    }

    mutating func noteThresholds(_ thresholds: [Int], _ side: Side, isCounted: Bool) {
        for index in windows.indices { windows[index][keyPath: side].noteThresholds(thresholds, isCounted: isCounted) }
    }

    /// What was taken outside of allowances, and what would have been.
    mutating func shift(by beyond: Compared) {
        shift = min(max(shift - beyond.difference, -ShadowPurse.shiftMax), ShadowPurse.shiftMax)
        rest = rest.map { $0 - beyond.actual }
    }

    /// Outside of allowances the two differ by what happens from here on.
    mutating func beginPeriod() { shift = 0 }
}
