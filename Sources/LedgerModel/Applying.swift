extension Book {
    /// Takes an event into the book. It cannot fail: an event is a fact, and disagreement with it is a programming error.
    public mutating func apply(_ event: Event) {
        precondition(event.sequence == lastSequence.next, "events are dense")
        precondition(event.at >= lastAt, "the ledger's time never goes back")
        lastSequence = event.sequence
        lastAt = event.at
        remember(event)
        if event.tenant == .system { return }
        if case .accountOpened = event.fact { accountCount += 1 }
        tenants[tenantIndex(event.tenant)].apply(event, zones: zones)
    }

    /// The id of a group leads to its first event, the id of an item to its own.
    private mutating func remember(_ event: Event) {
        if event.group != nil { identifiers.set(identifiers.hash(event.id, of: event.tenant), to: event.sequence) }
        if case .debited(let debit) = event.fact, let item = debit.item {
            identifiers.set(identifiers.hash(item, of: event.tenant), to: event.sequence)
        }
    }

    private mutating func tenantIndex(_ name: Name) -> Int {
        if let index = tenantIndices[name] { return index }
        tenantIndices[name] = tenants.count
        tenants.append(Tenant(name: name))
        return tenants.count - 1
    }
}

extension Tenant {
    fileprivate mutating func apply(_ event: Event, zones: ZoneTable) {
        switch event.fact {
        case .ledgerOpened, .recovered: preconditionFailure("an event of the ledger itself under a tenant")
        case .accountOpened(let fact): openAccount(fact.account)
        case .granted(let fact): open(event.sequence, fact.part, fact.terms, of: fact.account)
        case .adjusted(let fact):
            if fact.isIncrease {
                open(event.sequence, fact.part, LotTerms(source: .adjustment), of: fact.account)
            } else {
                move(fact.part, of: fact.account)
            }
        case .debited(let fact): for part in fact.parts { move(part, of: fact.account) }
        case .itemsRejected: break
        case .refunded(let fact): apply(fact, event.sequence)
        case .lotExpired(let fact): move(fact.part, of: fact.account)
        case .batchOpened(let fact): batches[BatchKey(account: fact.account, batch: fact.batch)] = Batch(isOpen: true)
        case .batchClosed(let fact): batches[BatchKey(account: fact.account, batch: fact.batch)] = Batch(isOpen: false)
        case .configured(let fact): configuration.apply(fact, zones: zones)
        case .alertRaised(let fact): apply(fact, event.sequence)
        case .alertDelivered: break
        case .alertRead(let fact): unreadAlerts.subtract(fact.alerts)
        }
    }

    private mutating func open(_ number: SequenceNumber, _ part: Part, _ terms: LotTerms, of account: Name) {
        configuration.use(part.unit)
        withPurse(part, of: account) { $0.open(Lot(number: number, remaining: part.amount, terms: terms)) }
    }

    /// Sets each lot drawn from to what it had left.
    private mutating func move(_ part: Part, of account: Name) {
        configuration.use(part.unit)
        withPurse(part, of: account) { purse in
            for draw in part.lots { purse.set(draw.lot, remaining: draw.remaining) }
        }
    }

    private mutating func withPurse(_ part: Part, of account: Name, _ body: (inout Purse) -> Void) {
        accounts[accountIndex(account)!].withPurse(part.unit) { purse in
            body(&purse)
            purse.arm(at: part.balance.available)
        }
    }

    private mutating func apply(_ fact: Refunded, _ number: SequenceNumber) {
        for returned in fact.returns {
            withPurse(returned.part, of: fact.account) { $0.take(back: returned, number) }
            refunds[fact.debit, default: RefundProgress()].amounts[returned.part.unit, default: .zero] += returned.part.amount
        }
        for quantity in fact.quantities {
            refunds[fact.debit, default: RefundProgress()].quantities[quantity.dimension, default: .zero] += quantity.count
        }
    }

    private mutating func apply(_ fact: AlertRaised, _ number: SequenceNumber) {
        unreadAlerts.insert(number)
        switch fact.condition {
        case .lowBalance(let unit, let below, _):
            accounts[accountIndex(fact.account)!].withPurse(unit) { $0.mark(Purse.Mark(rule: fact.rule, below: below)) }
        }
    }
}

extension Purse {
    /// Takes back what a refund gives: into open lots, into lots opened again, and into one opened anew for what had lapsed.
    fileprivate mutating func take(back returned: Refunded.Return, _ number: SequenceNumber) {
        for draw in returned.part.lots where draw.remaining > .zero {
            if let terms = returned.reopened[draw.lot] {
                open(Lot(number: draw.lot, remaining: draw.remaining, terms: terms))
            } else {
                set(draw.lot, remaining: draw.remaining)
            }
        }
        if let terms = returned.reissued { open(Lot(number: number, remaining: returned.expired, terms: terms)) }
    }
}
