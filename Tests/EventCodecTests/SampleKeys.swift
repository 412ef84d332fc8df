import LedgerModel

/// Keys, alerts of every kind, and a provider's own figures.
extension SampleEvents {
    private static let terms = KeyTerms(
        platform: "openai", owner: "ann@acme", name: "Ann's first", tags: ["beta", "web"], expiresAt: time(86_400),
        limit: KeyLimit(unit: "usd", amount: 5, period: .month), features: ["chat", "rank"], maxOpenHolds: 3)

    /// SHA-256 of the empty text, and another.
    private static let hash = KeyHash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")!
    private static let paddedHash = KeyHash("000000000000000f0123456789abcdef0000000000000000ffffffffffffffff")!

    static let keys: [Sample] = [
        ("k-3", .keyIssued(KeyIssued(key: "k-1", hash: hash, account: "u-7", terms: terms))),
        ("k-4", .keyIssued(KeyIssued(key: "k-2", hash: paddedHash, account: "u-7", terms: KeyTerms()))),
        ("k-5", .keyUpdated(KeyUpdated(key: "k-1", account: "u-7", status: .faulty, terms: terms))),
        ("k-6", .keyUpdated(KeyUpdated(key: "k-2", account: "u-7", status: .active, terms: KeyTerms(tags: ["web"])))),
        ("k-7", .keyRevoked(KeyRevoked(key: "k-1", account: "u-7", reason: "leaked"))),
        ("k-8", .keyRevoked(KeyRevoked(key: "k-2", account: "u-7", reason: nil))),
    ]

    static let alerts: [Sample] = [
        (
            "d-10",
            raised(
                .allowanceUsed(
                    AlertRaised.AllowanceUse(
                        plan: "pro", unit: "credits", period: .day, windowStart: time(-3600), limit: 100, used: 96,
                        threshold: 95)))
        ),
        (
            "d-11",
            raised(
                .spend(
                    AlertRaised.Spend(subject: .key, name: "k-1", unit: "usd", window: window, above: 1000, spent: 1001)))
        ),
        (
            "d-12",
            raised(
                .spend(
                    AlertRaised.Spend(
                        subject: .tag, name: "beta", unit: "usd", window: Interval(start: time(0), end: nil), above: 0,
                        spent: 1)), of: nil)
        ),
        ("$keyExpiring/80/7", raised(.keyExpiring(key: "k-1", expiresAt: time(604_800), days: 7), severity: .info)),
        ("k-9", raised(.keyFaulty(key: "k-1"))),
        ("$holdAgeing/30/600", raised(.holdAgeing(hold: "h-1", seconds: 600))),
        (
            "$segmentRotten/1",
            raised(.segmentRotten(segment: .first, reason: "batch at 88: broken chain"), severity: .error, of: nil)
        ),
    ]

    private static func raised(
        _ condition: AlertRaised.Condition, severity: AlertSeverity = .warning, of account: Name? = "u-7"
    ) -> Fact {
        .alertRaised(AlertRaised(rule: "$rule", severity: severity, account: account, condition: condition))
    }

    static let reports: [Sample] = [
        (
            "v-1",
            .usageReported(
                UsageReported(
                    platform: "openai", key: "k-1", from: time(-7200), to: time(-3600),
                    quantities: [Quantity(dimension: "requests", count: 12)], unit: "usd", cost: 345))
        ),
        (
            "v-2",
            .usageReported(
                UsageReported(platform: "openai", key: nil, from: time(-1), to: time(0), quantities: [], unit: "usd", cost: 0))
        ),
        (
            "v-3",
            .syncReported(
                SyncReported(
                    platform: "openai", status: .partial, from: time(-60), to: time(0),
                    counts: [Quantity(dimension: "keys", count: 3), Quantity(dimension: "records", count: 0)],
                    error: "429\ntoo many requests"))
        ),
        (
            "v-4",
            .syncReported(
                SyncReported(platform: "openai", status: .succeeded, from: time(-60), to: time(0), counts: [], error: nil))
        ),
    ]
}
