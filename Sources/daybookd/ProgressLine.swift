import Glibc

/// A line on standard error that tells how far a long work has come: redrawn in place on a terminal, silent elsewhere.
struct ProgressLine {
    private let label: String
    private let isShown = isatty(2) == 1
    private var lastDrawn: ContinuousClock.Instant?
    private let start = ContinuousClock.now

    init(_ label: String) { self.label = label }

    /// Draws at most ten times a second.
    mutating func show(_ done: UInt64, of total: UInt64, _ detail: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard isShown, lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastDrawn = now
        let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        write("\r\(label) \(bar) \(Int(share * 100)) %  \(detail())\u{1B}[K")
    }

    /// Takes the line away.
    func finish() {
        if lastDrawn != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        _ = text.utf8CString.withUnsafeBytes { Glibc.write(2, $0.baseAddress!, $0.count - 1) }
    }
}

/// Text on standard error.
func complain(_ text: String) {
    let line = text + "\n"
    _ = line.utf8CString.withUnsafeBytes { write(2, $0.baseAddress!, $0.count - 1) }
}

/// A count as people read it: 18,059,974.
func grouped(_ value: some BinaryInteger) -> String {
    let digits = String(value)
    var result = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
        result.append(digit)
    }
    return result
}
