import LedgerModel

/// The busy tenant, which has nearly all of the events: a relay to AI providers. It keeps of its accounts only what the next
/// event needs to be right, and does nothing for which that is not enough: no hold outlasts a lot, no refund comes after one has
/// lapsed, no rule watches what is spent. A test decides the same commands with the real book and compares.
struct Relay {
    private var accounts: [RelayAccount]
    private let zipf: Zipf
    private var chance: Chance
    private(set) var openCount = 0
    /// All accounts before this one are open.
    private var signedUp = 0
    /// The version of `price/chat`.
    private var chatVersion = 1
    private var holds = HoldEnds()
    private var uses: [RelayUse] = []
    private var openBatches: [(account: Int, batch: Name)] = []
    private var batchCount = 0

    /// Of the last uses some are refunded.
    private static let useCountMax = 512
    /// One use in so many is remembered.
    private static let useTurn = 24

    init(accountCount: Int, seed: UInt64) {
        chance = Chance(seed: seed)
        accounts = (0..<accountCount).map { RelayAccount(number: $0, of: accountCount) }
        zipf = Zipf(count: accountCount, exponent: LedgerGenerator.zipfExponent)
    }

    /// When the next hold ends, by itself or by a command.
    var nextEnd: Timestamp? { holds.next }

    // MARK: Steps

    /// The documents, before anything else.
    mutating func configure(_ sheet: inout EventSheet, at now: Timestamp) {
        sheet.begin(head(now))
        for (key, document) in RelayCatalogue.documents {
            sheet.add(.configured(Configured(key: key, version: 1, document: document, reason: "launch")))
        }
        sheet.end()
    }

    /// Chat becomes cheaper.
    mutating func changePrice(_ sheet: inout EventSheet, at now: Timestamp) {
        chatVersion = 2
        sheet.begin(head(now))
        let (key, document) = (DocumentKey(.price, RelayCatalogue.chat.name), RelayCatalogue.chat.price(version: 2))
        sheet.add(.configured(Configured(key: key, version: 2, document: document, reason: "the provider became cheaper")))
        sheet.end()
    }

    /// Opens the next account that nobody has used yet.
    mutating func signUpNext(_ sheet: inout EventSheet, at now: Timestamp) {
        guard let number = accounts.indices[signedUp...].first(where: { !accounts[$0].isOpen }) else { return }
        signedUp = number + 1
        signUp(number, &sheet, at: now)
    }

    /// One command of somebody, with what has to come before it.
    mutating func step(_ sheet: inout EventSheet, at now: Timestamp) {
        let number = zipf.rank(&chance)
        if !accounts[number].isOpen { return signUp(number, &sheet, at: now) }
        switch chance.below(1000) {
        case ..<12: debitBatch(number, &sheet, at: now)
        case ..<18: closeBatch(&sheet, at: now)
        case ..<30: refund(&sheet, at: now)
        case ..<35: recordUsage(number, &sheet, at: now)
        case ..<92: hold(number, &sheet, at: now)
        default: debit(number, &sheet, at: now)
        }
    }

    private mutating func head(_ now: Timestamp) -> EventSheet.Head {
        EventSheet.Head(tenant: RelayCatalogue.tenant, id: chance.identifier(), at: now, body: chance.bits(), peer: 1000)
    }

    // MARK: Accounts

    private mutating func signUp(_ number: Int, _ sheet: inout EventSheet, at now: Timestamp) {
        openCount += 1
        accounts[number].isOpen = true
        let account = accounts[number]
        let anchor = Day(utc: now).components.day
        sheet.begin(head(now))
        sheet.add(.accountOpened(AccountOpened(account: account.name)))
        sheet.add(.subscribed(Subscribed(account: account.name, plan: account.plan.name, from: now, anchor: anchor)))
        sheet.end()
        sheet.begin(head(now))
        let terms = KeyTerms(platform: chance.pick(["openai", "anthropic", "mistral"]), owner: "shop", tags: account.tags)
        sheet.add(.keyIssued(KeyIssued(key: account.key, hash: chance.keyHash(), account: account.name, terms: terms)))
        sheet.end()
    }

    /// Buys more when there is not enough of a unit.
    private mutating func afford(
        _ amount: Int64, of unit: RelayCatalogue.Unit, _ number: Int, _ sheet: inout EventSheet, at now: Timestamp
    ) {
        if accounts[number].payable(unit, at: now) >= amount { return }
        sheet.begin(head(now))
        accounts[number].touch(unit, &sheet)
        let isBonus = chance.oneIn(20)
        let expiresAt = chance.oneIn(3) ? now.adding(days: isBonus ? 7 : 30) : nil
        let terms = LotTerms(expiresAt: expiresAt, source: isBonus ? .bonus : .purchase)
        accounts[number].grant(amount * chance.within(40...400), of: unit, terms, &sheet)
        sheet.end()
    }

    // MARK: Uses

    private mutating func use(of number: Int, _ feature: RelayCatalogue.Feature, at now: Timestamp) -> Use {
        var use = Use(labels: chance.pick(feature.labels))
        if !chance.oneIn(4) { use.key = accounts[number].key }
        if chance.oneIn(20) { use.occurredAt = Timestamp(microseconds: now.rawValue - chance.within(1...7_200_000_000)) }
        if chance.oneIn(50) { use.details = #"{"trace":"\#(chance.bits())","ms":\#(chance.within(80...9000))}"# }
        return use
    }

    private func version(_ feature: RelayCatalogue.Feature) -> Int { feature.rates.count == 2 ? chatVersion : 1 }

    private mutating func ask(_ feature: RelayCatalogue.Feature) -> (priced: Priced, cost: Int64) {
        let quantities = feature.dimensions.map { Quantity(dimension: $0.name, count: Amount(chance.within($0.range))) }
        let version = version(feature)
        return (
            Priced(feature: feature.name, quantities: quantities, version: version), feature.cost(quantities, version: version)
        )
    }

    private mutating func debit(_ number: Int, _ sheet: inout EventSheet, at now: Timestamp) {
        let feature = chance.feature()
        let (priced, cost) = ask(feature)
        let use = use(of: number, feature, at: now)
        afford(cost, of: feature.unit, number, &sheet, at: now)
        let head = head(now)
        sheet.begin(head)
        accounts[number].touch(feature.unit, &sheet)
        let draws = accounts[number].debit(cost, of: feature.unit, priced, use, &sheet)
        if chance.oneIn(Relay.useTurn) { remember(RelayUse(head.id, number, sheet.last, feature.unit, priced, use, draws)) }
        accounts[number].alert(feature.unit, &sheet)
        sheet.end()
    }

    private mutating func debitBatch(_ number: Int, _ sheet: inout EventSheet, at now: Timestamp) {
        let feature = chance.feature()
        let asks = (0..<chance.within(20...50)).map { _ in ask(feature) }
        var use = use(of: number, feature, at: now)
        (use.occurredAt, use.details) = (nil, nil)
        batchCount += 1
        use.batch = Name("batch-\(batchCount)")!
        afford(asks.reduce(0) { $0 + $1.cost }, of: feature.unit, number, &sheet, at: now)
        sheet.begin(head(now))
        let opened = BatchOpened(account: accounts[number].name, batch: use.batch!, feature: feature.name, size: asks.count)
        sheet.add(.batchOpened(opened))
        accounts[number].touch(feature.unit, &sheet)
        for (priced, cost) in asks {
            let item = chance.identifier()
            let draws = accounts[number].debit(cost, of: feature.unit, priced, use, item: item, &sheet)
            if chance.oneIn(Relay.useTurn) { remember(RelayUse(item, number, sheet.last, feature.unit, priced, use, draws)) }
        }
        accounts[number].alert(feature.unit, &sheet)
        sheet.end()
        if chance.oneIn(2) { openBatches.append((number, use.batch!)) }
    }

    private mutating func closeBatch(_ sheet: inout EventSheet, at now: Timestamp) {
        guard let (number, batch) = openBatches.take(&chance) else { return }
        sheet.begin(head(now))
        sheet.add(.batchClosed(BatchClosed(account: accounts[number].name, batch: batch)))
        sheet.end()
    }

    private mutating func recordUsage(_ number: Int, _ sheet: inout EventSheet, at now: Timestamp) {
        let feature = chance.feature()
        let quantities = ask(feature).priced.quantities
        var use = Use(labels: chance.pick(feature.labels))
        use.occurredAt = now.adding(days: -chance.within(70...300))
        sheet.begin(head(now))
        sheet.add(
            .usageRecorded(
                UsageRecorded(
                    account: accounts[number].name, ask: .priced(feature: feature.name, quantities: quantities), use: use)),
            occurredAt: use.occurredAt)
        sheet.end()
    }

    // MARK: Refunds

    private mutating func remember(_ use: RelayUse) {
        if uses.count < Relay.useCountMax { return uses.append(use) }
        uses[Int(use.sequence.rawValue) % uses.count] = use
    }

    private mutating func refund(_ sheet: inout EventSheet, at now: Timestamp) {
        guard let use = uses.take(&chance), accounts[use.account].canTakeBack(use, at: now) else { return }
        sheet.begin(head(now))
        accounts[use.account].touch(use.unit, &sheet)
        accounts[use.account].refund(use, reason: chance.oneIn(2) ? "the provider failed" : nil, &sheet)
        sheet.end()
    }

    // MARK: Holds

    private mutating func hold(_ number: Int, _ sheet: inout EventSheet, at now: Timestamp) {
        let feature = RelayCatalogue.chat
        let (priced, cost) = ask(feature)
        var use = use(of: number, feature, at: now)
        use.occurredAt = nil
        afford(cost, of: feature.unit, number, &sheet, at: now)
        let terms = HoldTerms(
            expiresAt: Timestamp(microseconds: now.rawValue + HoldEnds.lifeMicroseconds),
            onExpiry: chance.oneIn(4) ? .capture : .release)
        // What comes back of a hold finds its lots as they were.
        if !accounts[number].keeps(feature.unit, until: terms.expiresAt, at: now) { return }
        let head = head(now)
        sheet.begin(head)
        accounts[number].touch(feature.unit, &sheet)
        let draws = accounts[number].hold(cost, of: feature.unit, priced, use, terms, &sheet)
        sheet.end()
        holds.add(
            OpenRelayHold(
                id: head.id, account: number, sequence: sheet.last, priced: priced, use: use, terms: terms, cost: cost,
                draws: draws), at: now, &chance)
    }

    /// Ends the hold that is next: settled, released, or expired.
    mutating func endHold(_ sheet: inout EventSheet) {
        let (hold, now, isExpired) = holds.take()
        if isExpired {
            sheet.begin(
                EventSheet.Head(tenant: RelayCatalogue.tenant, id: Name("$holdExpired/\(hold.sequence)")!, at: now))
        } else {
            sheet.begin(head(now))
        }
        let ending: RelayAccount.Ending =
            if isExpired { .expired } else if chance.oneIn(12) { .released } else { .settled(used(of: hold)) }
        accounts[hold.account].touch(.money, &sheet)
        accounts[hold.account].end(hold, ending, &sheet)
        accounts[hold.account].alert(.money, &sheet)
        sheet.end()
    }

    /// All of the input and some of the output that was expected, at the hold's own price.
    private mutating func used(of hold: OpenRelayHold) -> (Priced, Int64) {
        var priced = hold.priced
        priced.quantities[1].count = Amount(chance.within(1...priced.quantities[1].count.rawValue))
        return (priced, RelayCatalogue.chat.cost(priced.quantities, version: priced.version))
    }
}

/// A use that may yet be refunded.
struct RelayUse {
    let id: Name
    let account: Int
    let sequence: SequenceNumber
    let unit: RelayCatalogue.Unit
    let priced: Priced
    let use: Use
    let draws: [Draw]

    init(
        _ id: Name, _ account: Int, _ sequence: SequenceNumber, _ unit: RelayCatalogue.Unit, _ priced: Priced, _ use: Use,
        _ draws: [Draw]
    ) {
        self.id = id
        self.account = account
        self.sequence = sequence
        self.unit = unit
        self.priced = priced
        self.use = use
        self.draws = draws
    }
}

extension Array {
    /// Takes any element away.
    fileprivate mutating func take(_ chance: inout Chance) -> Element? {
        if isEmpty { return nil }
        swapAt(chance.below(count), count - 1)
        return removeLast()
    }
}

extension Chance {
    fileprivate mutating func feature() -> RelayCatalogue.Feature {
        switch below(20) {
        case ..<13: RelayCatalogue.chat
        case ..<16: RelayCatalogue.embed
        case ..<17: RelayCatalogue.image
        default: RelayCatalogue.search
        }
    }
}
