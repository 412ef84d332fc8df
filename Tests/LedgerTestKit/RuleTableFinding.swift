import LedgerModel

/// What came of a line: words, and facts behind them of which a table tells as many as it likes.
struct Finding: CustomStringConvertible {
    var words: [String]
    /// Each with the value as text.
    var facts: [(name: String, value: String)] = []

    init(_ text: String, facts: [(name: String, value: String)] = []) {
        words = Words(Substring(text)).all
        self.facts = facts
    }

    var description: String { (words + facts.map { "\($0.name) \($0.value)" }).joined(separator: " ") }

    /// The same words, then facts with these values. `ok` and `due` alone stand for whatever was accepted or came due.
    func matches(_ expected: [String]) -> Bool {
        if let only = expected.first, expected.count == 1, ["ok", "due"].contains(only) { return words.first == only }
        guard expected.count >= words.count, zip(words, expected).allSatisfy(Finding.isSame) else { return false }
        let rest = Array(expected.dropFirst(words.count))
        guard rest.count.isMultiple(of: 2) else { return false }
        return stride(from: 0, to: rest.count, by: 2).allSatisfy { states(rest[$0], rest[$0 + 1]) }
    }

    private func states(_ name: String, _ value: String) -> Bool {
        facts.contains { $0.name == name && Finding.isSame($0.value, value) }
    }

    /// The same text, or the same instant.
    private static func isSame(_ found: String, _ expected: String) -> Bool {
        if found == expected { return true }
        guard let instant = Timestamp(rfc3339: found) else { return false }
        return Words.time(expected) == instant
    }
}

extension Finding {
    init(_ outcome: Outcome) {
        switch outcome {
        case .accepted(let facts): self.init("ok " + facts.map(\.caseName).joined(separator: " "))
        case .known(let sequence): self.init("known \(sequence)")
        case .differences(let dryRun): self.init(dryRun)
        case .rejected(let rejection): self.init(rejection)
        }
    }

    /// `insufficientBalance`, or `insufficientBalance in i-2` for an item of a batch or a command of several.
    init(_ rejection: Rejection) {
        let record = RejectionRecord(rejection)
        let facts = record.fields.map { (name: $0.name, value: $0.value.text) }
        switch rejection {
        case .inItem(let place, _), .inCommand(let place, _): self.init("\(record.name) in \(place)", facts: facts)
        default: self.init(record.name, facts: facts)
        }
    }

    /// `dryRun price/s 1 accounts 2`: each key with the version there is now and how many accounts the change would touch.
    init(_ dryRun: DryRun) {
        let differences = dryRun.differences.map { "\($0.key) \($0.version) accounts \($0.accounts)" }
        self.init("dryRun " + differences.joined(separator: " , "))
    }
}

extension RejectionRecord.Value {
    fileprivate var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        }
    }
}
