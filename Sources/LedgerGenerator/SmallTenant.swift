import LedgerModel

/// A small tenant: what it begins with, and what it does next.
struct SmallTenant {
    let name: Name
    private let number: Int
    private var accounts: [Name]
    /// The last uses, holds and alerts, of which some are refunded, ended and read.
    private var uses: [Name] = []
    private var holds: [Name] = []
    private var alerts: [SequenceNumber] = []
    private var keys: [(key: Name, account: Name)] = []
    private var scheduled: [DocumentKey] = []
    private var batches: [(account: Name, batch: Name)] = []
    private var frozen: [Name] = []
    private var count = 0

    private static let memory = 200
    private static let names: [Name] = ["acme", "zenith", "north", "delta"]

    init(number: Int) {
        self.number = number
        name = number < Self.names.count ? Self.names[number] : Name("tenant-\(number)")!
        accounts = (1...12).map { Name("a-\($0)")! }
    }

    /// Notes what later commands may be about.
    mutating func note(_ group: [Event]) {
        for event in group {
            switch event.fact {
            case .debited(let fact): uses.keep(fact.item ?? event.id, SmallTenant.memory)
            case .settled: uses.keep(event.id, SmallTenant.memory)
            case .held: holds.keep(event.id, 20)
            case .alertRaised: alerts.keep(event.sequence, SmallTenant.memory)
            case .keyIssued(let fact): keys.keep((fact.key, fact.account), 50)
            case .batchOpened(let fact): batches.keep((fact.account, fact.batch), 20)
            case .configurationScheduled(let fact): scheduled.keep(fact.key, 5)
            case .accountFrozen(let fact): frozen.append(fact.account)
            case .accountUnfrozen(let fact): frozen.removeAll { $0 == fact.account }
            case .accountClosed(let fact):
                accounts.removeAll { $0 == fact.account }
                frozen.removeAll { $0 == fact.account }
            default: break
            }
        }
    }

    // MARK: The beginning

    func beginning(at now: Timestamp, _ chance: inout Chance) -> [Command] {
        [.configure(Configure(changes: SmallDocuments.all(number), reason: "the first documents"))]
            + accounts.map { .grant(Grant(account: $0, unit: "credits", amount: Amount(chance.within(500...5000)))) }
    }

    // MARK: What comes next

    mutating func next(_ book: borrowing Book, at now: Timestamp, _ chance: inout Chance) -> Command {
        count += 1
        if chance.oneIn(40) {
            let commands = (0..<chance.within(2...5)).map { _ in
                Submit.Inner(id: chance.identifier(), body: chance.bits(), command: simple(book, at: now, &chance))
            }
            return .submit(Submit(commands: commands))
        }
        return simple(book, at: now, &chance)
    }

    private func simple(_ book: borrowing Book, at now: Timestamp, _ chance: inout Chance) -> Command {
        let account = chance.pick(accounts)
        switch chance.below(200) {
        case ..<18: return grant(account, at: now, &chance)
        case ..<60: return .debit(Debit(account: account, ask: ask(&chance), use: use(account, at: now, &chance)))
        case ..<72: return debitBatch(account, &chance)
        case ..<84: return refund(account, at: now, &chance)
        case ..<88: return adjust(account, &chance)
        case ..<92: return batchCommand(account, &chance)
        case ..<112: return hold(account, at: now, &chance)
        case ..<134: return holdCommand(account, &chance)
        case ..<156: return planCommand(account, book, at: now, &chance)
        case ..<160: return .recordUsage(RecordUsage(account: account, ask: ask(&chance), use: Use(labels: labels(&chance))))
        case ..<168: return configuration(at: now, &chance)
        case ..<178: return keyCommand(account, at: now, &chance)
        case ..<186: return acknowledgement(account, at: now, &chance)
        case ..<190: return accountCommand(account, &chance)
        default: return report(at: now, &chance)
        }
    }

    private func later(_ seconds: ClosedRange<Int64>, _ now: Timestamp, _ chance: inout Chance) -> Timestamp {
        Timestamp(microseconds: now.rawValue + chance.within(seconds) * Timestamp.microsecondsPerSecond)
    }

    private func unit(_ chance: inout Chance) -> Name { chance.oneIn(3) ? "ap" : "credits" }

    // MARK: Lots

    private func grant(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        var terms = LotTerms(source: chance.pick([.purchase, .purchase, .bonus, .opening, .refund]))
        if chance.oneIn(3) { terms.expiresAt = later(200_000...2_000_000, now, &chance) }
        if chance.oneIn(6) { terms.effectiveAt = later(0...100_000, now, &chance) }
        if chance.oneIn(4) { terms.priority = 5 }
        return .grant(
            Grant(
                account: account, unit: unit(&chance), amount: Amount(chance.within(50...2000)), terms: terms,
                memo: chance.oneIn(2) ? "order \(count)" : nil))
    }

    private func adjust(_ account: Name, _ chance: inout Chance) -> Command {
        .adjust(
            Adjust(
                account: account, unit: unit(&chance), amount: Amount(chance.within(1...30)), isIncrease: chance.oneIn(2),
                reason: "counted again"))
    }

    // MARK: Uses

    /// Of what is asked outright, now and then too much.
    private func ask(_ chance: inout Chance) -> Ask {
        switch chance.below(8) {
        case 0: return .amount(unit: unit(&chance), Amount(chance.within(1...(chance.oneIn(4) ? 5000 : 20))))
        case 1, 2:
            return .priced(
                feature: "siterank", quantities: [Quantity(dimension: "requests", count: Amount(chance.within(1...9)))])
        default:
            return .priced(
                feature: "chat",
                quantities: [
                    Quantity(dimension: "inputTokens", count: Amount(chance.within(1...300))),
                    Quantity(dimension: "outputTokens", count: Amount(chance.within(1...60))),
                ])
        }
    }

    private func labels(_ chance: inout Chance) -> Labels {
        chance.oneIn(2)
            ? [:] : ["model": chance.pick(["large", "small"]), "platform": chance.pick(["openai", "web"]), "status": "ok"]
    }

    private func use(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Use {
        var use = Use(labels: labels(&chance))
        if chance.oneIn(3) { use.key = keys.last { $0.account == account }?.key }
        if chance.oneIn(6) { use.batch = batches.last { $0.account == account }?.batch ?? Name("b-\(count)")! }
        if chance.oneIn(5) { use.occurredAt = later(-200_000...0, now, &chance) }
        if chance.oneIn(9) { use.details = #"{"note":"a [detail]","n":[1,2.50]}"# }
        return use
    }

    private func debitBatch(_ account: Name, _ chance: inout Chance) -> Command {
        let items = (0..<chance.within(2...12)).map { _ in
            DebitBatch.Item(id: chance.identifier(), ask: ask(&chance), labels: labels(&chance))
        }
        return .debitBatch(
            DebitBatch(account: account, batch: Name("b-\(count)")!, mode: chance.oneIn(3) ? .atomic : .each, items: items))
    }

    private func refund(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        guard let use = chance.any(uses) else { return adjust(account, &chance) }
        let extent: Refund.Extent =
            switch chance.below(4) {
            case 0: .amount(Amount(chance.within(1...5)))
            case 1: .quantities([Quantity(dimension: "inputTokens", count: Amount(chance.within(1...20)))])
            default: .everything
            }
        let reissue = chance.oneIn(3) ? Refund.Reissue(expiresAt: later(10_000...900_000, now, &chance)) : nil
        return .refund(Refund(of: use, extent: extent, reissue: reissue, reason: chance.oneIn(2) ? "it failed" : nil))
    }

    private func batchCommand(_ account: Name, _ chance: inout Chance) -> Command {
        if chance.oneIn(2), let (account, batch) = chance.any(batches) {
            return .closeBatch(CloseBatch(account: account, batch: batch))
        }
        return .openBatch(OpenBatch(account: account, batch: Name("b-\(count)")!, feature: "chat", size: chance.below(50)))
    }

    // MARK: Holds

    private func hold(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        var use = use(account, at: now, &chance)
        use.occurredAt = nil
        return .hold(
            Hold(
                account: account, ask: ask(&chance), use: use, expiresInSeconds: Int(chance.within(60...900_000)),
                onExpiry: chance.pick([.release, .capture]), overage: chance.pick([.reject, .cap, .allow(20)])))
    }

    /// Of a hold that may have ended meanwhile: then it is late, or refused.
    private func holdCommand(_ account: Name, _ chance: inout Chance) -> Command {
        guard let hold = chance.any(holds.suffix(12)) else { return adjust(account, &chance) }
        switch chance.below(8) {
        case 0: return .release(Release(hold: hold, reason: "not needed"))
        case 1: return .extend(Extend(hold: hold, expiresInSeconds: Int(chance.within(600...90_000))))
        case 2: return .settle(Settle(hold: hold, extent: .amount(Amount(chance.within(0...40))), method: .estimated))
        case 3: return .settle(Settle(hold: hold, extent: .everything, method: .observed, labels: ["status": "cut"]))
        default:
            let quantities = [Quantity(dimension: "inputTokens", count: Amount(chance.within(1...300)))]
            return .settle(Settle(hold: hold, extent: .quantities(quantities)))
        }
    }

    // MARK: Plans

    private func planCommand(_ account: Name, _ book: borrowing Book, at now: Timestamp, _ chance: inout Chance) -> Command {
        let own = (book.quota(of: account, in: name, at: now) ?? []).filter { !$0.isDefault }
        guard let quota = chance.any(own), !chance.oneIn(4) else {
            let until = chance.oneIn(2) ? later(100_000...2_000_000, now, &chance) : nil
            return .subscribe(Subscribe(account: account, plan: chance.pick(SmallDocuments.plans), until: until))
        }
        switch chance.below(8) {
        case ..<2: return .unsubscribe(Unsubscribe(account: account, plan: quota.plan))
        case ..<4:
            return .changePlan(
                ChangePlan(
                    account: account, from: quota.plan, to: chance.pick(SmallDocuments.plans),
                    when: chance.pick(ChangePlan.When.allCases)))
        case ..<6:
            return .overrideAllowance(
                OverrideAllowance(
                    account: account, plan: quota.plan, unit: quota.unit, period: quota.period,
                    amount: chance.pick([.units(Amount(chance.within(0...400))), .unlimited, nil]), reason: "a good customer"))
        default:
            return .resetAllowance(
                ResetAllowance(
                    account: account, plan: quota.plan, unit: quota.unit, period: quota.period, reason: "an outage"))
        }
    }

    // MARK: Documents, keys, alerts

    private func configuration(at now: Timestamp, _ chance: inout Chance) -> Command {
        if chance.oneIn(4), let key = scheduled.last {
            return .configure(Configure(changes: [Configure.Change(key: key, action: .cancel)], reason: "not this year"))
        }
        if chance.oneIn(5) { return .rollback(Rollback(key: DocumentKey(.price, "siterank"), version: 1, reason: "as it was")) }
        let change = SmallDocuments.change(&chance)
        return .configure(
            Configure(
                changes: [change], reason: "a new season",
                effectiveAt: chance.oneIn(2) ? later(1000...500_000, now, &chance) : nil))
    }

    private func keyCommand(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        guard let (key, _) = chance.any(keys), !chance.oneIn(3) else { return issue(account, at: now, &chance) }
        if chance.oneIn(6) { return .revokeKeys(RevokeKeys(keys: [key], reason: chance.oneIn(2) ? "leaked" : nil)) }
        var change = UpdateKeys.Change(key: key)
        change.status = chance.pick([.active, .active, .faulty, .disabled])
        if chance.oneIn(2) { change.expiresAt = .set(later(100_000...1_000_000, now, &chance)) }
        if chance.oneIn(3) { change.tags = .set(["team"]) }
        return .updateKeys(UpdateKeys(keys: [change]))
    }

    private func issue(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        let terms = KeyTerms(
            platform: chance.pick(["openai", nil]), owner: "ops", name: account, tags: ["team", "web"],
            expiresAt: chance.oneIn(2) ? later(100_000...2_000_000, now, &chance) : nil,
            limit: chance.oneIn(2) ? KeyLimit(unit: "credits", amount: 5000, period: chance.pick(Period.allCases)) : nil)
        return .issueKeys(
            IssueKeys(keys: [KeyIssued(key: Name("key-\(count)")!, hash: chance.keyHash(), account: account, terms: terms)]))
    }

    private func acknowledgement(_ account: Name, at now: Timestamp, _ chance: inout Chance) -> Command {
        guard let alert = chance.any(alerts) else { return grant(account, at: now, &chance) }
        return .acknowledgeAlerts(AcknowledgeAlerts(alerts: [alert], state: chance.oneIn(2) ? .delivered : .read))
    }

    private func accountCommand(_ account: Name, _ chance: inout Chance) -> Command {
        switch chance.below(10) {
        case 0: .openAccount(OpenAccount(account: Name("a-\(1000 + count)")!, name: "Somebody", labels: ["country": "DE"]))
        case 1 where accounts.count > 6: .closeAccount(ChangeAccountState(account: account, reason: "asked for"))
        case _ where frozen.isEmpty: .freezeAccount(ChangeAccountState(account: account, reason: "not paid"))
        default: .unfreezeAccount(ChangeAccountState(account: chance.pick(frozen), reason: "paid"))
        }
    }

    private func report(at now: Timestamp, _ chance: inout Chance) -> Command {
        let from = later(-90_000 ... -80_000, now, &chance)
        if chance.oneIn(2) {
            return .reportSync(
                SyncReported(
                    platform: "openai", status: chance.pick(SyncReported.Status.allCases), from: from, to: now,
                    counts: [Quantity(dimension: "keys", count: 3)], error: chance.oneIn(3) ? "429 too many requests" : nil))
        }
        return .reportUsage(
            UsageReported(
                platform: "openai", key: chance.any(keys)?.key, from: from, to: now,
                quantities: [Quantity(dimension: "requests", count: Amount(chance.within(1...900)))], unit: "credits",
                cost: Amount(chance.within(1...5000))))
    }
}

extension Array {
    /// Appends, and forgets the first half when there are twice as many as are kept.
    fileprivate mutating func keep(_ element: Element, _ count: Int) {
        append(element)
        if self.count > 2 * count { removeFirst(self.count - count) }
    }
}

extension Chance {
    fileprivate mutating func any<Choice>(_ choices: some Collection<Choice>) -> Choice? {
        choices.isEmpty ? nil : pick(Array(choices))
    }
}
