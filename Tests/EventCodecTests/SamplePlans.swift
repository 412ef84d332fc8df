import LedgerModel

/// Subscriptions and windows, and the documents that decide them.
extension SampleEvents {
    static let plans: [Sample] = [
        ("p-1", .subscribed(Subscribed(account: "u-7", plan: "pro", from: time(-60), anchor: 31))),
        (
            "p-2",
            .subscribed(
                Subscribed(account: "u-7", plan: "free", from: time(0), until: time(86_400), anchor: 1, isDefault: true))
        ),
        (
            "p-3",
            .planChanged(
                PlanChanged(account: "u-7", from: "free", to: "pro", effectiveAt: time(0), until: nil, anchor: 21))
        ),
        (
            "p-4",
            .planChanged(
                PlanChanged(account: "u-7", from: "pro", to: "free", effectiveAt: time(60), until: time(120), anchor: 21))
        ),
        ("p-5", .unsubscribed(Unsubscribed(account: "u-7", plan: "pro", endedAt: time(0)))),
        (
            "d-7",
            .allowanceOpened(
                AllowanceOpened(
                    account: "u-7", plan: "pro", version: 2, period: .month, window: window, amount: 100, priority: 10,
                    expiresAt: time(82_800), part: part("credits", 100, [(55, 100, 100)], 100)))
        ),
        (
            "d-8",
            .allowanceOpened(
                AllowanceOpened(
                    account: "u-7", plan: "pro", version: 3, period: .day, window: window, amount: 80, carried: 20, used: 90,
                    replaces: SequenceNumber(55), priority: -5, expiresAt: time(60),
                    part: part("credits", 10, [(56, 10, 10)], 110)))
        ),
        (
            "d-9",
            .allowanceOpened(
                AllowanceOpened(
                    account: "u-7", plan: "staff", version: 1, period: .never, window: Interval(start: time(0), end: nil),
                    amount: nil, priority: 10, expiresAt: nil, part: part("credits", 0, [(57, 0, nil)], 0, isUnlimited: true)))
        ),
        (
            "w-1",
            .allowanceOverridden(
                AllowanceOverridden(
                    account: "u-7", plan: "pro", unit: "credits", period: .day, amount: .units(0), reason: "asked for"))
        ),
        (
            "w-2",
            .allowanceOverridden(
                AllowanceOverridden(
                    account: "u-7", plan: "pro", unit: "credits", period: .month, amount: .unlimited, reason: "friend"))
        ),
        (
            "w-3",
            .allowanceOverridden(
                AllowanceOverridden(account: "u-7", plan: "pro", unit: "credits", period: .never, amount: nil, reason: ""))
        ),
        (
            "w-4",
            .allowanceReset(
                AllowanceReset(account: "u-7", plan: "pro", unit: "credits", period: .day, reason: "an outage"))
        ),
    ]

    private static let pro = PlanDocument(
        name: "Pro – für alle", price: PlanPrice(unit: "eur", amount: 2900), cycle: "monthly", enabled: false,
        allowances: [
            AllowanceDocument(unit: "credits", amount: .units(100), period: .day),
            AllowanceDocument(
                unit: "credits", amount: .unlimited, period: .month, priority: -3, rollover: 50, anchor: .subscription),
        ])

    static let documents: [Sample] = [
        ("c-8", configured("plan/pro", .plan(pro))),
        ("c-9", configured("plan/none", .plan(PlanDocument()))),
        (
            "c-10",
            configured(
                "price/mixed",
                .price(
                    PriceDocument(charges: [
                        Charge(unit: "free", rates: [.init(dimension: "requests", rate: Rate("1")!)]),
                        Charge(unit: "usd", rates: [.init(dimension: "requests", rate: Rate("0.02")!)]),
                    ])))
        ),
        ("c-11", rule("used", .allowanceUsed(unit: nil, thresholds: [80, 95, 100]))),
        ("c-12", rule("used", .allowanceUsed(unit: "credits", thresholds: [1, 50]), severity: .info)),
        ("c-13", rule("low", .lowBalance(unit: "credits", below: 30))),
        ("c-14", rule("much", .spend(subject: .account, unit: "usd", period: .month, above: 1000))),
        ("c-15", rule("much", .spend(subject: .platform, unit: "usd", period: .day, above: 0), enabled: false)),
        ("c-16", rule("keys", .keyExpiring(days: [7, 3, 1]))),
        ("c-17", rule("keys", .keyExpiring(days: [30, 14]), severity: .error)),
        ("c-18", rule("faulty", .keyFaulty)),
        ("c-19", rule("old", .holdAgeing(seconds: 600))),
        ("c-20", configured("tag/beta", .tag(TagDocument(colour: "#ff8800", note: "until\nJune")))),
        ("c-21", configured("tag/plain", .tag(TagDocument()))),
        (
            "c-22",
            configured(
                "tenant/settings",
                .settings(SettingsDocument(defaultPlan: "free", holdSeconds: 60, maxOpenHolds: 5)))
        ),
        (
            "$configured/71",
            .configured(
                Configured(
                    key: DocumentKey("plan/pro")!, version: 2, document: nil, reason: "sold out", effectiveAt: time(-5)))
        ),
        (
            "c-23",
            .configurationScheduled(
                ConfigurationScheduled(
                    key: DocumentKey("unit/eur")!, document: .unit(UnitDocument(scale: 2)), reason: "soon",
                    effectiveAt: time(60)))
        ),
        (
            "c-24",
            .configurationScheduled(
                ConfigurationScheduled(key: DocumentKey("unit/eur")!, document: nil, reason: "", effectiveAt: time(60)))
        ),
        (
            "c-25",
            .configurationCancelled(
                ConfigurationCancelled(key: DocumentKey("unit/eur")!, scheduled: SequenceNumber(72), reason: "not yet"))
        ),
    ]

    private static func rule(
        _ name: String, _ rule: AlertDocument.Rule, severity: AlertSeverity? = nil, enabled: Bool = true
    ) -> Fact {
        configured("alert/\(name)", .alert(AlertDocument(rule: rule, severity: severity, enabled: enabled)))
    }
}
