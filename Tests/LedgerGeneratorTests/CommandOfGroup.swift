import LedgerModel

/// The command that a group of the busy tenant's events tells of: what would have to be sent for the book to answer with it.
extension Command {
    init?(_ group: [Event]) {
        let facts = group.map(\.fact)
        for fact in facts {
            guard let command = Command(fact, group) else { continue }
            self = command
            return
        }
        return nil
    }

    private init?(_ fact: Fact, _ group: [Event]) {
        switch fact {
        case .configured: self = .configure(Configure(changes: group.compactMap(\.change), reason: group[0].reason))
        case .subscribed(let fact): self = .subscribe(Subscribe(account: fact.account, plan: fact.plan))
        case .keyIssued(let fact): self = .issueKeys(IssueKeys(keys: [fact]))
        case .granted(let fact):
            self = .grant(
                Grant(account: fact.account, unit: fact.part.unit, amount: fact.part.amount, terms: fact.terms, memo: fact.memo))
        case .batchOpened(let fact): self = .debitBatch(DebitBatch(fact, group))
        case .batchClosed(let fact): self = .closeBatch(CloseBatch(account: fact.account, batch: fact.batch))
        case .debited(let fact): self = .debit(Debit(account: fact.account, ask: Ask(fact.priced), use: fact.use))
        case .refunded(let fact): self = .refund(Refund(of: fact.of, reason: fact.reason))
        case .usageRecorded(let fact): self = .recordUsage(RecordUsage(account: fact.account, ask: fact.ask, use: fact.use))
        case .held(let fact): self = .hold(Hold(fact, at: group[0].at))
        case .settled(let fact): self = .settle(Settle(hold: fact.hold, extent: .quantities(fact.priced!.quantities)))
        case .released(let fact): self = .release(Release(hold: fact.hold, reason: fact.reason))
        default: return nil
        }
    }
}

extension Ask {
    fileprivate init(_ priced: Priced?) { self = .priced(feature: priced!.feature, quantities: priced!.quantities) }
}

extension Hold {
    fileprivate init(_ fact: Held, at now: Timestamp) {
        let microseconds = fact.terms.expiresAt.rawValue - now.rawValue
        self.init(
            account: fact.account, ask: Ask(fact.priced), use: fact.use, expiresInSeconds: Int(microseconds / 1_000_000),
            onExpiry: fact.terms.onExpiry)
    }
}

extension DebitBatch {
    fileprivate init(_ opened: BatchOpened, _ group: [Event]) {
        let debits = group.compactMap { event in if case .debited(let fact) = event.fact { fact } else { nil } }
        let items = debits.map { Item(id: $0.item!, ask: Ask($0.priced), labels: $0.use.labels) }
        self.init(account: opened.account, batch: opened.batch, items: items, key: debits[0].use.key)
    }
}

extension Event {
    fileprivate var change: Configure.Change? {
        if case .configured(let fact) = fact { Configure.Change(key: fact.key, document: fact.document) } else { nil }
    }

    fileprivate var reason: String { if case .configured(let fact) = fact { fact.reason } else { "" } }
}
