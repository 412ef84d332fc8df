/// Says on standard error how far a long work is: a bar on a terminal, a plain line every few seconds elsewhere.
struct Progress {
    private let label: String
    private let total: Int
    private let unit: String
    private let terminal = Terminal.errors
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var done = 0
    private var hasBar = false

    init(_ label: String, total: Int, unit: String) {
        (self.label, self.total, self.unit) = (label, total, unit)
    }

    private var interval: Duration { terminal.isInteractive ? .milliseconds(100) : .seconds(5) }

    /// Notes how much is done; shown only now and then.
    mutating func show(_ done: Int) {
        self.done = done
        let now = ContinuousClock.now
        if now - lastShown < interval { return }
        lastShown = now
        let text = Progress.text(
            label, done: done, total: total, unit: unit, elapsed: now - start, hasBar: terminal.isInteractive)
        if terminal.isInteractive { terminal.write("\r\u{1b}[K" + text) } else { terminal.line(text) }
        hasBar = terminal.isInteractive
    }

    /// Takes the bar off the terminal.
    mutating func end() {
        if hasBar { terminal.write("\r\u{1b}[K") }
        hasBar = false
    }

    /// `importing  [######........]  43%  3,801 of 8,819 rows  21,034 rows/s  1 s left`
    static func text(_ label: String, done: Int, total: Int, unit: String, elapsed: Duration, hasBar: Bool) -> String {
        let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
        let rate = Double(done) / max(elapsed / .seconds(1), 0.001)
        let left = rate > 0 ? Int((Double(total - done) / rate).rounded(.up)) : 0
        let parts = [
            label, hasBar ? bar(share) : nil, "\(Int(share * 100))%", "\(grouped(done)) of \(grouped(total)) \(unit)",
            "\(grouped(Int(rate))) \(unit)/s", "\(time(left)) left",
        ]
        return parts.compactMap(\.self).joined(separator: "  ")
    }

    private static func bar(_ share: Double) -> String {
        let filled = Int(share * 24)
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled) + "]"
    }

    private static func time(_ seconds: Int) -> String {
        seconds < 60
            ? "\(seconds) s"
            : seconds < 3600 ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
