import LedgerModel

/// The events whose lines stand in `Golden/events/version-1.jsonl`, in its order: every type, with all that is optional and without.
enum SampleEvents {
    static let version1: [Event] =
        ledger.enumerated().map { event(at: $0, "$system", "$\($1.id)", $1.fact, peer: nil) }
        + commands.enumerated().map { event(at: ledger.count + $0, "acme", $1.id, $1.fact, peer: 1000) }
        + insideGroups.enumerated().map {
            event(at: ledger.count + commands.count + $0, "acme", $1.id, $1.fact, peer: 0, count: nil)
        }
        + later.enumerated().map {
            event(at: ledger.count + commands.count + insideGroups.count + $0, "acme", $1.id, $1.fact, peer: 1000)
        }
        + copies.enumerated().map { event(at: 97 + $0, "$system", "$\($1.id)", $1.fact, peer: nil) }

    /// What came behind those above: new lines are written at the end.
    private static let later = holds + uses + plans + documents + keys + alerts + reports

    private static func event(at index: Int, _ tenant: Name, _ id: String, _ fact: Fact, peer: UInt32?, count: Int? = 1) -> Event
    {
        Event(
            sequence: SequenceNumber(UInt64(index + 1)), at: time(Int64(index)), day: Day(year: 2026, month: 11, day: 21)!,
            tenant: tenant,
            id: Name(id)!, group: count.map { GroupHead(count: $0, body: 0x00f1_e2d3_c4b5_a697 &+ UInt64(index)) }, peer: peer,
            actor: index % 2 == 0 ? nil : "admin@acme", fact: fact)
    }

    /// 2026-11-21T01:23:45.678901Z and that many seconds.
    static func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: 1_795_224_225_678_901 + seconds * 1_000_000) }

    typealias Sample = (id: String, fact: Fact)

    private static let ledger: [Sample] = [
        (
            "ledger",
            .ledgerOpened(
                LedgerOpened(
                    ledger: "6f1c2a34-9d0e-4b7a-8c55-0123456789ab", origin: "daybook/6f1c2a34-9d0e-4b7a-8c55-0123456789ab",
                    key: "daybook/6f1c2a34-9d0e-4b7a-8c55-0123456789ab+0a1b2c3d+AQIDBA=="))
        ),
        (
            "recovered/00000000000000000001-4096-7-1.torn",
            .recovered(
                Recovered(segment: SequenceNumber(1), offset: 4096, byteCount: 512, torn: "00000000000000000001-4096-7-1.torn"))
        ),
    ]

    private static let copies: [Sample] = [
        (
            "restored/6f1c2a34-9d0e-4b7a-8c55-0123456789ac",
            .restored(
                Restored(
                    ledger: "6f1c2a34-9d0e-4b7a-8c55-0123456789ac", origin: "daybook/6f1c2a34-9d0e-4b7a-8c55-0123456789ac",
                    key: "daybook/6f1c2a34-9d0e-4b7a-8c55-0123456789ac+0a1b2c3d+AQIDBA==",
                    parent: "6f1c2a34-9d0e-4b7a-8c55-0123456789ab", sequence: SequenceNumber(7),
                    root: "3/IPwHbG9PPFHFkCVpW+UUZJ9RoUfFnRqaMlrSe0U/A="))
        ),
        (
            "signingKeyReplaced/9",
            .signingKeyReplaced(
                SigningKeyReplaced(
                    key: "daybook/6f1c2a34-9d0e-4b7a-8c55-0123456789ab+1b2c3d4e+AQIDBA==",
                    reason: "the old one was on a lost disk"))
        ),
        (
            "drift/98/d24a3e8d28b5abf4f506df2239a44446",
            .alertRaised(
                AlertRaised(
                    rule: "$drift", severity: .error, account: nil,
                    condition: .drift(
                        AlertRaised.Drift(
                            tenant: "acme", account: "u-7", unit: "credits", sequence: SequenceNumber(98), expected: 100,
                            found: -25))))
        ),
    ]

    private static let commands: [Sample] = [
        ("o-1", .accountOpened(AccountOpened(account: "u-7"))),
        (
            "o-2",
            .accountOpened(
                AccountOpened(
                    account: "ü \"8\" \\ 😀", name: "Ünïcode & Söhne", labels: ["tier": "gold", "country": "DE", "Ärger": "nein"]))
        ),
        (
            "g-1",
            .granted(
                Granted(
                    account: "u-7", terms: LotTerms(source: .purchase), memo: nil,
                    part: part("credits", 100, [(5, 100, 100)], 100)))
        ),
        (
            "g-2",
            .granted(
                Granted(
                    account: "u-7",
                    terms: LotTerms(priority: -1000, effectiveAt: time(60), expiresAt: time(3600), source: .bonus),
                    memo: "first line\nsecond \"line\"\u{1f}",
                    part: part("credits", 9_007_199_254_740_991, [(6, 9_007_199_254_740_991, 9_007_199_254_740_991)], 0)))
        ),
        (
            "a-1",
            .adjusted(
                Adjusted(
                    account: "u-7", reason: "counted again", isIncrease: true, before: Balance(available: 100, held: 7),
                    part: part("credits", 5, [(7, 5, 5)], 105, held: 7)))
        ),
        (
            "a-2",
            .adjusted(
                Adjusted(
                    account: "u-7", reason: "", isIncrease: false, before: Balance(available: 105),
                    part: part("credits", 101, [(5, 100, 0), (7, 1, 4)], 4)))
        ),
        ("d-1", .debited(Debited(account: "u-7", priced: nil, use: Use(), parts: [part("credits", 0, [], 0)]))),
        (
            "d-2",
            .debited(
                Debited(
                    account: "u-7",
                    priced: Priced(
                        feature: "chat",
                        quantities: [
                            Quantity(dimension: "inputTokens", count: 1200), Quantity(dimension: "outputTokens", count: 0),
                        ], version: 3),
                    use: Use(
                        key: "k-1", batch: "b-1", labels: ["model": "large", "platform": "web"], occurredAt: time(-86_400),
                        details: #"{"a": [1, null, "é\n"]}"#),
                    parts: [part("usd", 18, [(5, 10, 0), (6, 8, 2)], 2), part("credits", 1, [(7, 1, 3)], 3)]))
        ),
        (
            "d-3",
            .debited(
                Debited(
                    account: "u-7", priced: Priced(feature: "free", quantities: [], version: 1), use: Use(details: "null"),
                    parts: [part("usd", 0, [], 2)]))
        ),
        (
            "r-1",
            .refunded(
                Refunded(
                    account: "u-7", of: "d-1", debit: SequenceNumber(9), feature: nil, batch: nil, labels: [:], quantities: [],
                    reason: nil,
                    returns: [Return(part: part("credits", 3, [(7, 3, 6)], 6))]))
        ),
        (
            "r-2",
            .refunded(
                Refunded(
                    account: "u-7", of: "i-1", debit: SequenceNumber(10), feature: "chat", batch: "b-1",
                    labels: ["model": "large"],
                    quantities: [Quantity(dimension: "inputTokens", count: 1200)], reason: "it failed",
                    returns: [
                        Return(
                            part: part("usd", 12, [(6, 8, 0), (5, 4, 4)], 18),
                            reopened: [SequenceNumber(5): LotTerms(priority: 5, expiresAt: time(7200), source: .plan)],
                            expired: 8,
                            reissued: LotTerms(priority: 10, expiresAt: time(9000), source: .refund)),
                        Return(part: part("credits", 0, [], 3)),
                    ]))
        ),
        ("b-1", .batchOpened(BatchOpened(account: "u-7", batch: "b-1"))),
        ("b-2", .batchOpened(BatchOpened(account: "u-7", batch: "b-2", feature: "chat", size: 1000))),
        ("b-3", .batchClosed(BatchClosed(account: "u-7", batch: "b-2"))),
        ("c-1", configured("unit/usd", .unit(UnitDocument(scale: 6)))),
        (
            "c-2",
            configured(
                "price/chat",
                .price(
                    PriceDocument(
                        charges: [
                            Charge(
                                unit: "usd",
                                rates: [
                                    .init(dimension: "inputTokens", rate: Rate("2.50/1000000")!),
                                    .init(dimension: "requests", rate: Rate("007")!),
                                ])
                        ], minimum: 1, enabled: false)))
        ),
        (
            "c-3",
            configured(
                "price/rank",
                .price(PriceDocument(charges: [Charge(unit: "credits", rates: [.init(dimension: "requests", rate: Rate("1")!)])]))
            )
        ),
        ("c-4", configured("alert/low", .alert(AlertDocument(rule: .lowBalance(unit: "credits", below: 30), severity: .error)))),
        (
            "c-5",
            configured(
                "tenant/settings", .settings(SettingsDocument(timeZone: "Europe/Berlin", lateDays: 365)), version: 2,
                rollbackOf: 1)
        ),
        ("c-6", configured("tenant/settings", .settings(SettingsDocument()), version: 3)),
        ("c-7", configured("price/chat", nil, version: 2)),
        ("k-1", .alertDelivered(AlertAcknowledged(alerts: [SequenceNumber(26)]))),
        ("k-2", .alertRead(AlertAcknowledged(alerts: [SequenceNumber(26), SequenceNumber(17_592_186_044_415)]))),
    ]

    /// Events that are not the first of their group.
    private static let insideGroups: [Sample] = [
        (
            "d-2",
            .alertRaised(
                AlertRaised(
                    rule: "low", severity: .warning, account: "u-7",
                    condition: .lowBalance(unit: "credits", below: 30, available: 3)))
        ),
        (
            "d-4",
            .lotExpired(
                LotExpired(
                    account: "u-7", lot: SequenceNumber(6), expiresAt: time(3600), part: part("credits", 2, [(6, 2, 0)], 3)))
        ),
        (
            "d-5",
            .itemsRejected(
                ItemsRejected(
                    account: "u-7", batch: "b-1",
                    items: [
                        .init(
                            item: "i-2",
                            rejection: RejectionRecord(.insufficientBalance(unit: "credits", asked: 50, available: 3, held: 0))),
                        .init(item: "i-3", rejection: RejectionRecord(.priceNotFound(feature: "näh"))),
                    ]))
        ),
        (
            "d-5",
            .debited(
                Debited(
                    account: "u-7", priced: nil, use: Use(batch: "b-1"), item: "i-4", parts: [part("credits", 1, [(7, 1, 2)], 2)])
            )
        ),
    ]

    static func configured(_ key: String, _ document: Document?, version: Int = 1, rollbackOf: Int? = nil) -> Fact {
        .configured(
            Configured(
                key: DocumentKey(key)!, version: version, document: document, reason: "prices of 2026", rollbackOf: rollbackOf))
    }

    static func part(
        _ unit: Name, _ amount: Amount, _ draws: [(UInt64, Amount, Amount?)], _ available: Amount, held: Amount = 0,
        isUnlimited: Bool = false
    ) -> Part {
        Part(
            unit: unit, amount: amount, lots: draws.map { Draw(lot: SequenceNumber($0.0), amount: $0.1, remaining: $0.2) },
            balance: Balance(available: available, held: held, isUnlimited: isUnlimited))
    }
}
