import LedgerModel

/// Random plans, keys and documents: what orders the uses.
extension RandomCommands {
    mutating func subscribe() -> Subscribe {
        var subscribe = Subscribe(account: account(), plan: oneIn(30) ? "unheard" : pick(Self.plans))
        if oneIn(3) { subscribe.from = later(by: oneIn(20) ? -32_000_000...(-31_000_000) : -5_000_000...400_000) }
        if oneIn(3) { subscribe.until = later(by: -1000...6_000_000) }
        if oneIn(2) { subscribe.anchor = Int(pick([1, 15, 28, 29, 30, 31, 31, 32])) }
        return subscribe
    }

    mutating func changePlan() -> ChangePlan {
        ChangePlan(account: account(), from: pick(Self.plans), to: pick(Self.plans), when: pick(ChangePlan.When.allCases))
    }

    private mutating func allotment() -> Allotment { oneIn(8) ? .unlimited : .units(Amount(rawValue: number(0...60))!) }

    mutating func override(_ tenant: Name) -> OverrideAllowance {
        let account = account()
        let window = window(of: account, tenant)
        return OverrideAllowance(
            account: account, plan: window?.plan ?? pick(Self.plans), unit: window?.part.unit ?? pick(Self.planUnits),
            period: window?.period ?? pick(Period.allCases),
            amount: oneIn(4) ? nil : allotment(), reason: "a gift")
    }

    mutating func reset(_ tenant: Name) -> ResetAllowance {
        let account = account()
        let window = window(of: account, tenant)
        return ResetAllowance(
            account: account, plan: window?.plan ?? pick(Self.plans), unit: window?.part.unit ?? pick(Self.planUnits),
            period: window?.period ?? pick(Period.allCases), reason: "anew")
    }

    // MARK: Documents

    mutating func documentKey() -> DocumentKey {
        switch number(0...19) {
        case ..<5: DocumentKey(.price, pick(Self.features))
        case ..<10: DocumentKey(.plan, pick(Self.plans))
        case ..<15: DocumentKey(.alert, pick(["one", "two", "three", "four"]))
        case ..<17: DocumentKey(.unit, pick(Self.units + ["idle"]))
        case 17: DocumentKey(.tag, "team")
        default: .settings
        }
    }

    mutating func configure(_ tenant: Name) -> Configure {
        var changes: [Configure.Change] = []
        for _ in 0..<number(oneIn(30) ? 0...0 : 1...3) {
            let isCancelled = oneIn(10)
            let key = isCancelled ? scheduledKey(tenant) ?? documentKey() : documentKey()
            if changes.contains(where: { $0.key == key }), !oneIn(20) { continue }
            changes.append(
                .init(key: key, action: isCancelled ? .cancel : action(key), expectVersion: oneIn(8) ? Int(number(0...3)) : nil))
        }
        return Configure(
            changes: changes, reason: "so it is", effectiveAt: oneIn(3) ? later(by: -10...(oneIn(2) ? 3000 : 900_000)) : nil,
            isDryRun: oneIn(15))
    }

    private mutating func action(_ key: DocumentKey) -> Configure.Change.Action {
        if oneIn(10) { return .delete }
        return .put(document(oneIn(50) ? pick(DocumentKey.Kind.allCases) : key.kind))
    }

    private mutating func document(_ kind: DocumentKey.Kind) -> Document {
        switch kind {
        case .unit: .unit(UnitDocument(scale: Int(number(0...3))))
        case .price: .price(price())
        case .plan: .plan(plan())
        case .alert: .alert(alert())
        case .tag: .tag(TagDocument(note: "ours"))
        case .tenant: .settings(settings())
        }
    }

    mutating func settings() -> SettingsDocument {
        SettingsDocument(
            timeZone: oneIn(30) ? "No/Where" : oneIn(4) ? nil : pick(WalkedZone.all).name, lateDays: pick([nil, 0, 20, 365]),
            defaultPlan: oneIn(30) ? "unheard" : pick([nil] + Self.plans), holdSeconds: pick([nil, 30]),
            maxOpenHolds: pick([nil, nil, 2]))
    }

    mutating func price() -> PriceDocument {
        var units = Self.units.shuffled(using: &random).prefix(Int(pick([1, 1, 2, 3])))
        if oneIn(3) { units = ["credits"] }
        let charges = units.map { unit in
            let rates = Self.dimensions.filter { _ in !oneIn(4) }
                .map { Charge.DimensionRate(dimension: $0, rate: Rate(pick(["1", "0.35", "2/3", "7/10", "0", "12.5/5"]))!) }
            return Charge(unit: unit, rates: rates.isEmpty ? [.init(dimension: "pages", rate: Rate("1")!)] : rates)
        }
        return PriceDocument(
            charges: charges, minimum: oneIn(3) ? Amount(rawValue: number(0...9)) : nil, enabled: !oneIn(8))
    }

    mutating func plan() -> PlanDocument {
        var allowances: [AllowanceDocument] = []
        for _ in 0..<number(0...3) {
            let (unit, period) = (pick(Self.planUnits), pick(Period.allCases))
            if allowances.contains(where: { $0.unit == unit && $0.period == period }) { continue }
            allowances.append(
                AllowanceDocument(
                    unit: unit, amount: allotment(), period: period, priority: Int(pick([10, 10, 12, 20])),
                    rollover: oneIn(2) ? Amount(rawValue: number(0...80)) : nil, anchor: pick(AllowanceDocument.Anchor.allCases)))
        }
        return PlanDocument(enabled: !oneIn(10), allowances: allowances)
    }

    mutating func alert() -> AlertDocument {
        let rule: AlertDocument.Rule =
            switch number(0...9) {
            case ..<2:
                .allowanceUsed(unit: oneIn(2) ? nil : pick(Self.planUnits), thresholds: pick([[50, 100], [80, 95, 100], [1]]))
            case ..<5: .lowBalance(unit: pick(Self.watchedUnits), below: Amount(rawValue: number(1...100))!)
            case ..<8:
                .spend(
                    subject: pick(SpendSubject.allCases), unit: pick(Self.planUnits), period: pick(Period.allCases),
                    above: Amount(rawValue: number(0...100))!)
            case 8: oneIn(2) ? .keyExpiring(days: pick([[7, 3, 1], [30], [2, 1]])) : .keyFaulty
            default: .holdAgeing(seconds: Int(pick([10, 60, 600])))
            }
        return AlertDocument(rule: rule, severity: oneIn(3) ? pick(AlertSeverity.allCases) : nil, enabled: !oneIn(8))
    }

    // MARK: Keys

    mutating func issue() -> IssueKeys {
        let names = Self.keys.shuffled(using: &random).prefix(Int(number(oneIn(20) ? 0...0 : 1...3)))
        return IssueKeys(keys: names.map { KeyIssued(key: $0, hash: hash(), account: account(), terms: terms()) })
    }

    /// One of few, so that it is taken now and then.
    private mutating func hash() -> KeyHash {
        let digits = String(UInt64(number(1...40)), radix: 16)
        return KeyHash(String(repeating: "0", count: 64 - digits.count) + digits)!
    }

    private mutating func terms() -> KeyTerms {
        KeyTerms(
            platform: pick([nil, "openai"]), tags: pick([[], ["team"], ["team", "vip"]]), expiresAt: oneIn(2) ? expiry() : nil,
            limit: oneIn(2) ? limit() : nil, features: oneIn(3) ? [pick(Self.features)] : [], maxOpenHolds: oneIn(4) ? 1 : nil)
    }

    private mutating func expiry() -> Timestamp { later(by: -5...(oneIn(2) ? 100_000 : 1_500_000)) }

    private mutating func limit() -> KeyLimit {
        KeyLimit(unit: pick(Self.planUnits), amount: Amount(rawValue: number(0...120))!, period: pick(Period.allCases))
    }

    mutating func update() -> UpdateKeys {
        UpdateKeys(
            keys: (0..<number(1...2)).map { _ in
                var change = UpdateKeys.Change(key: pick(Self.keys))
                if oneIn(3) { change.expiresAt = .set(oneIn(4) ? nil : expiry()) }
                if oneIn(3) { change.limit = .set(oneIn(4) ? nil : limit()) }
                if oneIn(4) { change.tags = .set(pick([nil, [], ["vip"], ["vip", "vip"]])) }
                if oneIn(4) { change.features = .set(pick([nil, Self.features])) }
                if oneIn(4) { change.maxOpenHolds = .set(pick([nil, 2, 0])) }
                if oneIn(4) { change.platform = .set(pick([nil, "mistral"])) }
                change.status = oneIn(3) ? nil : pick([.active, .active, .disabled, .faulty, .revoked])
                return change
            })
    }
}
