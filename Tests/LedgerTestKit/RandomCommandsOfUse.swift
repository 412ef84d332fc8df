import LedgerModel

/// Random uses: debits, holds and what becomes of them.
extension RandomCommands {
    mutating func grant() -> Grant {
        var terms = LotTerms(source: pick(LotSource.allCases))
        if oneIn(3) { terms.priority = Int(pick([5, 10, 19, 21])) }
        let unit = pick(Self.units)
        if !Self.watchedUnits.contains(unit), oneIn(4) { terms.effectiveAt = later(by: -100...200_000) }
        if oneIn(2) { terms.expiresAt = later(by: -10...600_000) }
        let isHuge = unit == "gold" && oneIn(3)
        return Grant(
            account: account(), unit: unit, amount: isHuge ? Amount(rawValue: Amount.max.rawValue - number(0...500))! : amount(),
            terms: terms)
    }

    mutating func adjust() -> Adjust {
        Adjust(account: account(), unit: pick(Self.units), amount: amount(), isIncrease: oneIn(3), reason: "count")
    }

    mutating func ask() -> Ask {
        if oneIn(2) { return .amount(unit: pick(Self.units), amount()) }
        if oneIn(100) { return .priced(feature: "vast", quantities: vastQuantities()) }
        return .priced(feature: oneIn(30) ? "unheard" : pick(Self.features), quantities: quantities())
    }

    mutating func quantities() -> [Quantity] {
        Self.dimensions.compactMap { dimension in
            oneIn(3) ? nil : Quantity(dimension: dimension, count: Amount(rawValue: number(0...15))!)
        }
    }

    private mutating func vastQuantities() -> [Quantity] {
        [Quantity(dimension: "pages", count: Amount(rawValue: Amount.max.rawValue / number(1...2) - number(0...9))!)]
    }

    private mutating func occurredAt() -> Timestamp? { oneIn(8) ? later(by: oneIn(6) ? 1...100 : -3_400_000...0) : nil }

    private mutating func labels() -> Labels {
        var labels: Labels = [:]
        if oneIn(4) { labels["platform"] = pick(["openai", "mistral"]) }
        if oneIn(6) { labels["model"] = "large" }
        return labels
    }

    mutating func use(_ account: Name, _ tenant: Name) -> Use {
        Use(
            key: oneIn(3) ? key(of: account, tenant) : nil, batch: oneIn(8) ? pick(Self.batches) : nil, labels: labels(),
            occurredAt: occurredAt())
    }

    mutating func debit(_ tenant: Name) -> Debit {
        let account = account()
        return Debit(account: account, ask: ask(), use: use(account, tenant))
    }

    mutating func debitBatch(_ tenant: Name) -> DebitBatch {
        let items = (0..<number(oneIn(20) ? 0...1 : 1...6)).map { _ in
            let id = oneIn(60) ? oldIdentifier(tenant) : newIdentifier()
            return DebitBatch.Item(id: id, ask: ask(), labels: labels(), occurredAt: occurredAt())
        }
        let account = account()
        return DebitBatch(
            account: account, batch: pick(Self.batches), mode: pick(DebitBatch.Mode.allCases), items: items,
            key: oneIn(3) ? key(of: account, tenant) : nil)
    }

    mutating func refund(_ tenant: Name) -> Refund {
        var refund = Refund(of: oldUse(tenant))
        switch number(0...3) {
        case 0: refund.extent = .amount(amount())
        case 1, 2: refund.extent = .quantities(quantities())
        default: break
        }
        if oneIn(3) { refund.reissue = Refund.Reissue(expiresAt: oneIn(3) ? nil : later(by: -5...300_000)) }
        return refund
    }

    // MARK: Holds

    mutating func hold(_ tenant: Name) -> Hold {
        let account = account()
        var hold = Hold(account: account, ask: ask(), use: use(account, tenant))
        switch number(0...9) {
        case 0: break
        case 1...3: hold.expiresInSeconds = Int(number(0...2_678_401))
        case 4...7: hold.expiresInSeconds = Int(number(1...260_000))
        default: hold.expiresInSeconds = Int(number(1...600))
        }
        hold.onExpiry = pick(HoldTerms.Expiry.allCases)
        hold.overage = pick([.reject, .cap, .cap, .allow(0), .allow(amount())])
        return hold
    }

    mutating func settle(_ tenant: Name) -> Settle {
        let extent: Settle.Extent =
            switch number(0...3) {
            case 0: .everything
            case 1: .amount(amount())
            default: .quantities(quantities())
            }
        return Settle(
            hold: oldHold(tenant), extent: extent, method: pick([.reported, .observed, .estimated, .none]), labels: labels())
    }

    // MARK: Reports

    mutating func usageReport() -> UsageReported {
        UsageReported(
            platform: "openai", key: oneIn(2) ? pick(Self.keys) : nil, from: now, to: later(by: -3...300), quantities: [],
            unit: pick(Self.units), cost: amount())
    }

    mutating func syncReport() -> SyncReported {
        SyncReported(
            platform: "openai", status: pick(SyncReported.Status.allCases), from: now, to: later(by: -3...300), counts: [],
            error: nil)
    }
}
