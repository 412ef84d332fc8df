/// A hold that has not ended.
struct OpenHold: Hashable, Sendable {
    /// The number of its `held`.
    let number: SequenceNumber
    let heldAt: Timestamp
    let account: Name
    let priced: Priced?
    let use: Use
    var terms: HoldTerms
    /// As they were taken.
    let parts: [Part]
    /// The window of its key's limit in which it counts.
    let keyWindow: Interval?
    /// An alert that was raised for its age.
    struct Mark: Hashable, Sendable {
        let rule: Name
        let seconds: Int
    }

    var marks: Set<Mark> = []
    /// When it stands in the agenda.
    var due: Timestamp

    init(_ fact: Held, _ event: Event) {
        number = event.sequence
        heldAt = event.at
        account = fact.account
        priced = fact.priced
        use = fact.use
        terms = fact.terms
        parts = fact.parts
        keyWindow = fact.meters.first { if case .key = $0.counter { true } else { false } }?.window
        due = fact.terms.expiresAt
    }

    /// When a rule that watches for age speaks, if it is still to.
    func ageing(_ rule: AlertRule) -> Timestamp? {
        guard case .holdAgeing(let seconds) = rule.document.rule, rule.document.enabled,
            !marks.contains(Mark(rule: rule.name, seconds: seconds))
        else {
            return nil
        }
        return heldAt.adding(seconds: seconds)
    }

    /// The first alert of its age that is still to be raised.
    func nextAgeing(_ rules: [AlertRule]) -> (due: Timestamp, seconds: Int)? {
        guard let due = rules.compactMap(ageing).min() else { return nil }
        return (due, Int((due.rawValue - heldAt.rawValue) / Timestamp.microsecondsPerSecond))
    }

    func nextDue(_ rules: [AlertRule]) -> Timestamp { min(terms.expiresAt, nextAgeing(rules)?.due ?? terms.expiresAt) }
}

extension Timestamp {
    func adding(seconds: Int) -> Timestamp {
        Timestamp(microseconds: rawValue + Int64(seconds) * Timestamp.microsecondsPerSecond)
    }
}
