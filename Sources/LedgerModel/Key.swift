/// What the book knows of an API key.
struct Key: Hashable, Sendable {
    /// What it has spent in a window of its limit.
    struct Counter: Hashable, Sendable {
        let unit: Name
        let period: Period
        let window: Interval
        let used: Amount
    }

    /// An alert that was raised for its expiry.
    struct Mark: Hashable, Sendable {
        let rule: Name
        let days: Int
    }

    let hash: KeyHash
    let account: Name
    /// When it was issued: where a limit without windows begins.
    let issuedAt: Timestamp
    var terms: KeyTerms
    var status = KeyStatus.active
    /// The number of the event that said its terms last.
    var number: SequenceNumber
    var openHoldCount = 0
    var counter: Counter?
    /// The number of the event that set its limit, or gave it another unit or period.
    var limitSince: SequenceNumber
    var marks: Set<Mark> = []
    /// When it stands in the agenda.
    var due: Timestamp?

    init(_ fact: KeyIssued, _ event: Event) {
        hash = fact.hash
        account = fact.account
        issuedAt = event.at
        terms = fact.terms
        number = event.sequence
        limitSince = event.sequence
    }

    func hasExpired(at now: Timestamp) -> Bool { terms.expiresAt.map { $0 <= now } ?? false }

    /// What counts against the limit at an instant, and in which window; nil without a limit.
    func counter(at now: Timestamp, _ zone: ZoneRules) -> Counter? {
        guard let limit = terms.limit else { return nil }
        // A window that is open when the tenant's zone changes lasts to its end.
        if let counter, counter.unit == limit.unit, counter.period == limit.period, counter.window.contains(now) {
            return counter
        }
        let window = Calendar(zone: zone, period: limit.period, anchor: 1).window(containing: now)
        return Counter(
            unit: limit.unit, period: limit.period, window: window ?? Interval(start: issuedAt, end: nil), used: .zero)
    }

    /// The expiry alerts that are still to be raised, soonest first.
    func expiring(_ rules: [AlertRule]) -> [(due: Timestamp, rule: AlertRule, days: Int)] {
        guard let expiresAt = terms.expiresAt, status != .revoked else { return [] }
        var result: [(due: Timestamp, rule: AlertRule, days: Int)] = []
        for rule in rules {
            guard case .keyExpiring(let days) = rule.document.rule, rule.document.enabled else { continue }
            for days in days where !marks.contains(Mark(rule: rule.name, days: days)) {
                result.append((expiresAt.adding(days: -Int64(days)), rule, days))
            }
        }
        return result.sorted { ($0.due, $0.rule.name) < ($1.due, $1.rule.name) }
    }
}
