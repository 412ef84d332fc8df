import LedgerModel

/// The commands of an `EventLogGenerator`: of every kind, on few names, so that they meet.
extension EventLogGenerator {
    private static let batches: [Name] = ["b-1", "b-2", "b-3", "b-4", "b-5", "b-6"]
    private static let models: [Name] = ["large", "small"]

    /// What each tenant begins with: prices, plans and rules, keys, and something to spend.
    var firstCommands: [(Name) -> Command] {
        [
            { .configure(Configure(changes: EventLogGenerator.documents($0), reason: "the first documents")) },
            { .issueKeys(IssueKeys(keys: EventLogGenerator.keys($0))) },
            { _ in .grant(Grant(account: "u-1", unit: "credits", amount: 1000)) },
        ]
    }

    mutating func nextCommand(of tenant: Name) -> Command {
        let account = pick(EventLogGenerator.accounts)
        switch roll(100) {
        case 0..<11: return grant(account)
        case 11..<24: return .debit(Debit(account: account, ask: ask(), use: use(tenant, account)))
        case 24..<30: return debitBatch(account)
        case 30..<38: return refund(of: tenant)
        case 38..<41: return adjust(account)
        case 41..<44: return batchCommand(account)
        case 44..<54: return hold(account, tenant)
        case 54..<68: return settle(tenant)
        case 68..<71: return holdCommand(tenant)
        case 71..<82: return planCommand(account, tenant)
        case 82..<84: return .recordUsage(RecordUsage(account: account, ask: ask(), use: use(tenant, account)))
        case 84..<88: return configuration()
        case 88..<92: return keyCommand(tenant, account)
        case 92..<94: return acknowledgement(of: tenant)
        case 94..<96: return accountCommand(account)
        case 96..<98: return report()
        default: return submit(tenant)
        }
    }

    // MARK: What there is at first

    private static func documents(_ tenant: Name) -> [Configure.Change] {
        let chat = PriceDocument(charges: [
            Charge(unit: "ap", rates: [rate("inputTokens", "0.05"), rate("outputTokens", "0.25")]),
            Charge(unit: "credits", rates: [rate("inputTokens", "0.25"), rate("outputTokens", "3/2")]),
        ])
        let siterank = PriceDocument(charges: [Charge(unit: "ap", rates: [rate("requests", "2")])], minimum: 3)
        let settings = SettingsDocument(timeZone: "Europe/Berlin", defaultPlan: "free", holdSeconds: 7200)
        return [
            change(.price, "chat", .price(chat)), change(.price, "siterank", .price(siterank)),
            change(.plan, "free", .plan(PlanDocument(allowances: [allowance("ap", 20, .day)]))),
            change(
                .plan, "basic",
                .plan(PlanDocument(allowances: [allowance("ap", 60, .day, rollover: 30), allowance("credits", 900, .month)]))),
            change(
                .plan, "pro",
                .plan(
                    PlanDocument(allowances: [
                        AllowanceDocument(unit: "ap", amount: .unlimited, period: .day), allowance("credits", 200, .never),
                    ]))),
            change(.alert, "low", .alert(AlertDocument(rule: .lowBalance(unit: "ap", below: 40)))),
            change(
                .alert, "spending",
                .alert(AlertDocument(rule: .spend(subject: .account, unit: "credits", period: .day, above: 20)))),
            change(.alert, "old", .alert(AlertDocument(rule: .holdAgeing(seconds: 3600), severity: .info))),
        ] + (tenant == tenants[0] ? [change(.tenant, "settings", .settings(settings))] : [])
    }

    private static func rate(_ dimension: Name, _ text: String) -> Charge.DimensionRate {
        Charge.DimensionRate(dimension: dimension, rate: Rate(text)!)
    }

    private static func change(_ kind: DocumentKey.Kind, _ name: Name, _ document: Document?) -> Configure.Change {
        Configure.Change(key: DocumentKey(kind, name), document: document)
    }

    private static func allowance(_ unit: Name, _ amount: Amount, _ period: Period, rollover: Amount? = nil) -> AllowanceDocument
    {
        AllowanceDocument(unit: unit, amount: .units(amount), period: period, rollover: rollover, anchor: .subscription)
    }

    private static func keys(_ tenant: Name) -> [KeyIssued] {
        accounts.prefix(3).enumerated().map { index, account in
            key(
                "key-\(index)", of: tenant, account,
                KeyTerms(owner: "ops", limit: KeyLimit(unit: "ap", amount: 500, period: .day)))
        }
    }

    private static func key(_ name: String, of tenant: Name, _ account: Name, _ terms: KeyTerms) -> KeyIssued {
        let digits = "\(tenant)/\(name)".utf8.map { byte in [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined() }
            .joined()
        return KeyIssued(
            key: Name(name)!, hash: KeyHash(String((digits + String(repeating: "0", count: 64)).prefix(64)))!, account: account,
            terms: terms)
    }

    // MARK: Lots

    private mutating func grant(_ account: Name) -> Command {
        let effectiveAt = maybe(5) { $0.later(hours: 1...10) }
        let expiresAt = maybe(2) { $0.later(hours: 12...60) }
        let terms = LotTerms(
            priority: [10, 20][roll(2)], effectiveAt: effectiveAt, expiresAt: expiresAt, source: pick(LotSource.allCases))
        return .grant(
            Grant(
                account: account, unit: pick(EventLogGenerator.units), amount: amount(roll(4) == 0 ? 200 : 20), terms: terms,
                memo: roll(3) == 0 ? "a \"memo\"" : nil))
    }

    private mutating func adjust(_ account: Name) -> Command {
        .adjust(
            Adjust(
                account: account, unit: pick(EventLogGenerator.units), amount: amount(20), isIncrease: roll(2) == 0,
                reason: "counted again"))
    }

    // MARK: Uses

    private mutating func ask() -> Ask {
        switch roll(3) {
        case 0: .amount(unit: pick(EventLogGenerator.units), Amount(rawValue: Int64(roll(30)))!)
        case 1: .priced(feature: "chat", quantities: tokens())
        default: .priced(feature: "siterank", quantities: [Quantity(dimension: "requests", count: amount(5))])
        }
    }

    private mutating func tokens() -> [Quantity] {
        [Quantity(dimension: "inputTokens", count: amount(60)), Quantity(dimension: "outputTokens", count: amount(9))]
    }

    /// The key is one of the account's own, as far as the generator knows.
    private mutating func use(_ tenant: Name, _ account: Name) -> Use {
        let index = EventLogGenerator.accounts.firstIndex(of: account)!
        return Use(
            key: index < 3 ? maybe(3) { _ in Name("key-\(index)")! } : nil,
            batch: maybe(3) { $0.pick(EventLogGenerator.batches) },
            labels: labels(),
            occurredAt: maybe(4) { Timestamp(microseconds: $0.now.rawValue - Int64($0.roll(72)) * 3_600_000_000) },
            details: maybe(8) { _ in #"{"note":"a [detail]","n":[1,2]}"# })
    }

    private mutating func labels() -> Labels {
        roll(2) == 0 ? [:] : ["model": pick(EventLogGenerator.models), "platform": "web", "status": "ok"]
    }

    private mutating func debitBatch(_ account: Name) -> Command {
        let number = commandCount
        let items = (0...roll(6)).map { index in
            DebitBatch.Item(id: Name("i-\(number)-\(index)")!, ask: ask(), labels: labels())
        }
        return .debitBatch(
            DebitBatch(
                account: account, batch: pick(EventLogGenerator.batches), mode: roll(3) == 0 ? .atomic : .each, items: items))
    }

    /// Of a debit or settlement by its own id, or of a hold by the hold's.
    private mutating func refund(of tenant: Name) -> Command {
        let known = uses.suffix(60).filter { $0.tenant == tenant } + holds.suffix(20).filter { $0.tenant == tenant }
        guard let use = known.randomElement(using: &random) else { return grant("u-1") }
        let extent: Refund.Extent =
            switch roll(3) {
            case 0: .everything
            case 1: .amount(amount(4))
            default: .quantities([Quantity(dimension: pick(["inputTokens", "requests"]), count: amount(4))])
            }
        let reissue = maybe(3) { Refund.Reissue(expiresAt: $0.later(hours: 5...50)) }
        return .refund(Refund(of: use.id, extent: extent, reissue: reissue, reason: roll(2) == 0 ? "it failed" : nil))
    }

    private mutating func batchCommand(_ account: Name) -> Command {
        let batch = Name("b-\(7 + roll(30))")!
        if roll(2) == 0 { return .openBatch(OpenBatch(account: account, batch: batch, feature: "chat", size: roll(50))) }
        return .closeBatch(CloseBatch(account: account, batch: roll(12) == 0 ? pick(EventLogGenerator.batches) : batch))
    }

    // MARK: Holds

    private mutating func hold(_ account: Name, _ tenant: Name) -> Command {
        .hold(
            Hold(
                account: account, ask: ask(), use: use(tenant, account), expiresInSeconds: maybe(2) { 60 * (1 + $0.roll(600)) },
                onExpiry: pick(HoldTerms.Expiry.allCases), overage: pick([.reject, .cap, .allow(amount(20))])))
    }

    /// Of a hold that may have ended: then it is late, or refused.
    private mutating func settle(_ tenant: Name) -> Command {
        guard let hold = holds.suffix(8).filter({ $0.tenant == tenant }).randomElement(using: &random) else {
            return grant("u-2")
        }
        let extent: Settle.Extent =
            switch roll(5) {
            case 0, 1: .everything
            case 2: .amount(Amount(rawValue: Int64(roll(12)))!)
            case 3: .quantities([Quantity(dimension: "requests", count: amount(6))])
            default: .quantities(tokens())
            }
        return .settle(
            Settle(
                hold: hold.id, extent: extent, method: pick(SettlementMethod.allCases),
                labels: roll(2) == 0 ? ["status": "cut"] : [:]))
    }

    private mutating func holdCommand(_ tenant: Name) -> Command {
        guard let hold = holds.suffix(8).filter({ $0.tenant == tenant }).randomElement(using: &random) else {
            return grant("u-3")
        }
        if roll(2) == 0 { return .extend(Extend(hold: hold.id, expiresInSeconds: 600 * (1 + roll(40)))) }
        return .release(Release(hold: hold.id, reason: roll(2) == 0 ? "not needed" : nil))
    }

    // MARK: Plans

    /// Mostly of a plan that the account has.
    private mutating func planCommand(_ account: Name, _ tenant: Name) -> Command {
        let own = (book.quota(of: account, in: tenant, at: now) ?? []).filter { !$0.isDefault || roll(3) == 0 }
        guard roll(4) > 0, let quota = own.randomElement(using: &random) else {
            return .subscribe(
                Subscribe(
                    account: account, plan: pick(EventLogGenerator.plans), until: maybe(3) { $0.later(hours: 10...200) },
                    anchor: maybe(3) { 1 + $0.roll(31) }))
        }
        switch roll(8) {
        case 0: return .unsubscribe(Unsubscribe(account: account, plan: quota.plan))
        case 1, 2, 3:
            return .changePlan(
                ChangePlan(
                    account: account, from: quota.plan, to: pick(EventLogGenerator.plans), when: pick(ChangePlan.When.allCases)))
        case 4, 5, 6:
            let amounts: [Allotment?] = [.units(amount(100)), .units(.zero), .unlimited, nil]
            return .overrideAllowance(
                OverrideAllowance(
                    account: account, plan: quota.plan, unit: quota.unit, period: quota.period, amount: pick(amounts),
                    reason: "as promised"))
        default:
            return .resetAllowance(
                ResetAllowance(account: account, plan: quota.plan, unit: quota.unit, period: quota.period, reason: "a gift"))
        }
    }

    // MARK: Configuration

    private mutating func configuration() -> Command {
        let price = PriceDocument(charges: [Charge(unit: "ap", rates: [EventLogGenerator.rate("requests", "\(1 + roll(4))")])])
        let rule = AlertDocument(rule: .lowBalance(unit: "credits", below: amount(99)))
        var change = EventLogGenerator.change(.price, "siterank", .price(price))
        var effectiveAt: Timestamp?
        switch roll(8) {
        case 0: return .rollback(Rollback(key: change.key, version: 1 + roll(2), reason: "back to what it was"))
        case 1: change = EventLogGenerator.change(.alert, "other", roll(2) == 0 ? nil : .alert(rule))
        case 2: change = EventLogGenerator.change(.tag, "blue", roll(3) == 0 ? nil : .tag(TagDocument(colour: "#00f")))
        case 3, 4, 5: effectiveAt = later(hours: 1...30)
        case 6: change.action = .cancel
        default: break
        }
        return .configure(Configure(changes: [change], reason: "more or less", effectiveAt: effectiveAt))
    }

    // MARK: Keys and alerts

    private mutating func keyCommand(_ tenant: Name, _ account: Name) -> Command {
        let known = keys.filter { $0.tenant == tenant }.map(\.key).dropFirst(3)
        if known.isEmpty || roll(3) == 0 {
            let terms = KeyTerms(
                platform: maybe(2) { _ in "web" }, owner: maybe(2) { _ in "ops" }, tags: roll(2) == 0 ? [] : ["blue", "green"],
                expiresAt: maybe(2) { $0.later(hours: 10...400) }, features: roll(3) == 0 ? ["chat"] : [])
            return .issueKeys(IssueKeys(keys: [EventLogGenerator.key("key-\(commandCount)", of: tenant, account, terms)]))
        }
        let key = pick(Array(known))
        if roll(4) == 0 { return .revokeKeys(RevokeKeys(keys: [key], reason: roll(2) == 0 ? "leaked" : nil)) }
        var change = UpdateKeys.Change(key: key)
        change.tags = .set(roll(2) == 0 ? ["blue"] : nil)
        change.expiresAt = roll(2) == 0 ? .keep : .set(later(hours: 10...400))
        change.status = pick([.active, .disabled, .faulty, nil])
        return .updateKeys(UpdateKeys(keys: [change]))
    }

    private mutating func acknowledgement(of tenant: Name) -> Command {
        let known = alerts.filter { $0.tenant == tenant }.suffix(6).map(\.sequence)
        if known.isEmpty { return grant("u-2") }
        return .acknowledgeAlerts(
            AcknowledgeAlerts(alerts: Array(known.prefix(1 + roll(known.count))), state: roll(2) == 0 ? .read : .delivered))
    }

    // MARK: Accounts, reports, several at once

    /// Accounts are frozen for a while, and others come and go.
    private mutating func accountCommand(_ account: Name) -> Command {
        let other = Name("guest-\(roll(8))")!
        switch roll(12) {
        case 0: return .freezeAccount(ChangeAccountState(account: account, reason: "a question"))
        case 1..<9: return .unfreezeAccount(ChangeAccountState(account: account, reason: "answered"))
        case 9: return .closeAccount(ChangeAccountState(account: other, reason: "left"))
        default: return .openAccount(OpenAccount(account: other, name: "a guest", labels: labels()))
        }
    }

    private mutating func report() -> Command {
        let (from, to) = (Timestamp(microseconds: now.rawValue - 3_600_000_000), now)
        if roll(2) == 0 {
            return .reportUsage(
                UsageReported(
                    platform: "web", key: maybe(2) { _ in "key-1" }, from: from, to: to, quantities: tokens(), unit: "usd",
                    cost: amount(5000)))
        }
        return .reportSync(
            SyncReported(
                platform: "web", status: pick(SyncReported.Status.allCases), from: from, to: to,
                counts: [Quantity(dimension: "records", count: amount(99))], error: maybe(3) { _ in "a timeout" }))
    }

    private mutating func submit(_ tenant: Name) -> Command {
        let number = commandCount
        let account = pick(EventLogGenerator.accounts)
        let commands: [Command] = [
            grant(account), .debit(Debit(account: account, ask: .amount(unit: "credits", amount(3)), use: use(tenant, account))),
            .hold(Hold(account: account, ask: .amount(unit: "credits", amount(3)))),
        ]
        return .submit(
            Submit(
                commands: commands.enumerated().map { index, command in
                    Submit.Inner(id: Name("s-\(number)-\(index)")!, body: random.next(), command: command)
                }))
    }
}
