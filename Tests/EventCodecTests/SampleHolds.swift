import LedgerModel

/// Holds, and uses with all that came with them.
extension SampleEvents {
    static let window = Interval(start: time(-3600), end: time(82_800))

    /// Of each kind of counter, with and without a limit and an end.
    static let meters = [
        Meter(
            counter: .allowance(plan: "pro", .day, lot: SequenceNumber(31)), unit: "credits", used: 40, limit: 100, window: window
        ),
        Meter(
            counter: .allowance(plan: "staff", .never, lot: SequenceNumber(32)), unit: "credits", used: 0, limit: nil,
            window: Interval(start: time(0), end: nil)),
        Meter(counter: .key("k-1"), unit: "usd", used: 7, limit: 5, window: window),
        Meter(counter: .spend(rule: "much", subject: "openai"), unit: "usd", used: 8, limit: 9, window: window),
    ]

    static let fullUse = Use(
        key: "k-1", batch: "b-1", labels: ["model": "large"], occurredAt: time(-86_400), details: #"{"try":2}"#)
    static let chat = Priced(feature: "chat", quantities: [Quantity(dimension: "outputTokens", count: 800)], version: 4)

    static let holds: [Sample] = [
        (
            "h-1",
            .held(
                Held(
                    account: "u-7", priced: nil, use: Use(), terms: HoldTerms(expiresAt: time(900)),
                    parts: [part("credits", 60, [(5, 60, 40)], 40, held: 60)]))
        ),
        (
            "h-2",
            .held(
                Held(
                    account: "u-7", priced: chat, use: fullUse,
                    terms: HoldTerms(expiresAt: time(60), onExpiry: .capture, overage: .allow(25)),
                    parts: [
                        part("free", 9, [(8, 9, nil)], 0, held: 9, isUnlimited: true),
                        part("usd", 12, [(6, 12, 0)], 0, held: 12),
                    ], meters: [meters[2]]))
        ),
        (
            "h-3",
            .held(
                Held(
                    account: "u-7", priced: nil, use: Use(key: "k-1"), terms: HoldTerms(expiresAt: time(1), overage: .cap),
                    parts: [part("credits", 0, [], 40, held: 60)]))
        ),
        ("e-1", .holdExtended(HoldExtended(account: "u-7", hold: "h-2", expiresAt: time(1800)))),
        (
            "s-1",
            .settled(
                HoldEnded(
                    account: "u-7", hold: "h-1", held: SequenceNumber(30), method: .reported,
                    parts: [part("credits", 60, [(5, 60, 40)], 40)]))
        ),
        (
            "s-2",
            .settled(
                HoldEnded(
                    account: "u-7", hold: "h-2", held: SequenceNumber(31), priced: chat, use: fullUse, method: .estimated,
                    reason: "the stream broke", parts: [part("free", 9, [(8, 9, nil)], 0, isUnlimited: true)],
                    returns: [
                        Return(
                            part: part("usd", 12, [(6, 12, 12)], 12),
                            reopened: [SequenceNumber(6): LotTerms(source: .purchase)], expired: 2,
                            reissued: LotTerms(priority: 10, expiresAt: time(9000), source: .refund))
                    ], shortfall: 3, meters: meters))
        ),
        (
            "x-1",
            .released(
                HoldEnded(
                    account: "u-7", hold: "h-3", held: SequenceNumber(32), use: Use(key: "k-1"),
                    returns: [Return(part: part("credits", 0, [], 100))]))
        ),
        ("x-2", .released(HoldEnded(account: "u-7", hold: "h-4", held: SequenceNumber(33), reason: "changed my mind"))),
        (
            "$holdExpired/31",
            .holdExpired(
                HoldEnded(
                    account: "u-7", hold: "h-2", held: SequenceNumber(31), priced: chat,
                    parts: [part("usd", 12, [(6, 12, 0)], 0)]))
        ),
    ]

    static let uses: [Sample] = [
        ("n-1", .submitted(Submitted(commands: 1000))),
        ("f-1", .accountFrozen(AccountStateChanged(account: "u-7", reason: "not paid"))),
        ("f-2", .accountUnfrozen(AccountStateChanged(account: "u-7", reason: "paid"))),
        ("f-3", .accountClosed(AccountStateChanged(account: "u-7", reason: ""))),
        (
            "a-3",
            .adjusted(
                Adjusted(
                    account: "u-7", reason: "too many", isIncrease: false,
                    before: Balance(available: 5, isUnlimited: true),
                    part: part("credits", 5, [(8, 5, nil)], 5, isUnlimited: true), meters: [meters[0]]))
        ),
        (
            "d-6",
            .debited(
                Debited(
                    account: "u-7", priced: nil, use: Use(key: "k-1"), parts: [part("credits", 2, [(8, 2, nil)], 5)],
                    meters: meters))
        ),
        (
            "s-3",
            .debited(
                Debited(
                    account: "u-7", priced: chat, use: Use(), parts: [part("usd", 1, [(6, 1, 0)], 0)], meters: [],
                    late: LateSettlement(hold: "h-2", held: SequenceNumber(31), method: .observed, shortfall: 11)))
        ),
        (
            "s-4",
            .refunded(
                Refunded(
                    account: "u-7", of: "h-2", debit: SequenceNumber(36), feature: "chat", key: "k-1", batch: nil, labels: [:],
                    quantities: [], reason: nil, returns: [Return(part: part("usd", 0, [], 2))], meters: [meters[2]],
                    late: LateSettlement(hold: "h-2", held: SequenceNumber(31), method: .none, shortfall: 0)))
        ),
        ("u-1", .usageRecorded(UsageRecorded(account: "u-7", ask: .amount(unit: "credits", 5), use: fullUse))),
        (
            "u-2",
            .usageRecorded(
                UsageRecorded(account: "u-7", ask: .priced(feature: "chat", quantities: chat.quantities), use: Use()))
        ),
        ("u-3", .usageRecorded(UsageRecorded(account: "u-7", ask: .priced(feature: "chat", quantities: []), use: Use()))),
    ]
}
