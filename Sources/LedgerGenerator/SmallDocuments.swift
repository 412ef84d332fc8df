import LedgerModel

/// The configuration of the small tenants: prices in two units, plans of all periods, rules of all kinds.
enum SmallDocuments {
    static let plans: [Name] = ["free", "basic", "pro"]

    /// What a small tenant begins with. The first has its days in another zone, and a plan for whoever has none.
    static func all(_ number: Int) -> [Configure.Change] {
        [
            change(.price, "chat", chat("0.05")), change(.price, "siterank", siterank("2")),
            change(.plan, "free", .plan(PlanDocument(allowances: [allowance("ap", 20, .day)]))),
            change(.plan, "basic", basic(900)), change(.plan, "pro", pro), change(.tag, "team", tag("ours")),
        ] + rules + (number == 0 ? [settings] : [])
    }

    private static var settings: Configure.Change {
        change(
            .tenant, "settings",
            .settings(SettingsDocument(timeZone: "Europe/Berlin", defaultPlan: "free", holdSeconds: 7200)))
    }

    /// One document, another than it was.
    static func change(_ chance: inout Chance) -> Configure.Change {
        switch chance.below(4) {
        case 0: change(.price, "chat", chat(chance.pick(["0.05", "0.06", "1/30"])))
        case 1: change(.price, "siterank", siterank(chance.pick(["1", "2", "2.5"])))
        case 2: change(.plan, "basic", basic(chance.within(500...1500)))
        default: change(.tag, "team", chance.oneIn(3) ? nil : tag("number \(chance.below(100))"))
        }
    }

    private static func change(_ kind: DocumentKey.Kind, _ name: Name, _ document: Document?) -> Configure.Change {
        Configure.Change(key: DocumentKey(kind, name), document: document)
    }

    private static func tag(_ note: String) -> Document { .tag(TagDocument(colour: "green", note: note)) }

    // MARK: Prices

    /// What the allowance does not pay, credits do.
    private static func chat(_ input: String) -> Document {
        .price(
            PriceDocument(charges: [
                Charge(unit: "ap", rates: [rate("inputTokens", input), rate("outputTokens", "0.25")]),
                Charge(unit: "credits", rates: [rate("inputTokens", "0.25"), rate("outputTokens", "3/2")]),
            ]))
    }

    private static func siterank(_ requests: String) -> Document {
        .price(PriceDocument(charges: [Charge(unit: "credits", rates: [rate("requests", requests)])], minimum: 3))
    }

    private static func rate(_ dimension: Name, _ text: String) -> Charge.DimensionRate {
        Charge.DimensionRate(dimension: dimension, rate: Rate(text)!)
    }

    // MARK: Plans

    private static func basic(_ credits: Int64) -> Document {
        .plan(
            PlanDocument(
                name: "Basic", price: PlanPrice(unit: "credits", amount: 100), cycle: "month",
                allowances: [allowance("ap", 60, .day, rollover: 30), allowance("credits", Amount(credits), .month)]))
    }

    private static var pro: Document {
        let unlimited = AllowanceDocument(unit: "ap", amount: .unlimited, period: .day)
        return .plan(PlanDocument(name: "Pro", allowances: [unlimited, allowance("credits", 2000, .never)]))
    }

    private static func allowance(_ unit: Name, _ amount: Amount, _ period: Period, rollover: Amount? = nil)
        -> AllowanceDocument
    {
        AllowanceDocument(unit: unit, amount: .units(amount), period: period, rollover: rollover, anchor: .subscription)
    }

    // MARK: Rules

    private static var rules: [Configure.Change] {
        [
            change(.alert, "low", .alert(AlertDocument(rule: .lowBalance(unit: "credits", below: 100)))),
            change(
                .alert, "spending",
                .alert(AlertDocument(rule: .spend(subject: .account, unit: "credits", period: .day, above: 500)))),
            change(.alert, "old", .alert(AlertDocument(rule: .holdAgeing(seconds: 3600), severity: .info))),
            change(.alert, "keys", .alert(AlertDocument(rule: .keyExpiring(days: [5, 1])))),
        ]
    }
}
