extension Book {
    /// What a command leads to at an instant. Nothing is changed: the caller applies what it makes durable.
    ///
    /// - Parameters:
    ///   - now: The ledger's time, not before `lastAt`.
    ///   - recalled: What `.recall` asked for, at the second try.
    public func decide(_ request: Request, at now: Timestamp, recalled: Recalled? = nil) throws(Rejection) -> Decision {
        precondition(now >= lastAt, "the ledger's time never goes back")
        if request.tenant.isReserved { throw .reservedName(field: "tenant", name: request.tenant) }
        if request.id.isReserved { throw .reservedName(field: "id", name: request.id) }
        if let sequence = sequence(of: request.id, in: request.tenant) { return .known(sequence) }
        let tenant = tenant(request.tenant) ?? Tenant(name: request.tenant)
        if case .refund(let refund) = request.command, recalled == nil {
            try refund.check(at: now)
            guard let sequence = sequence(of: refund.of, in: request.tenant) else { throw .debitNotFound(refund.of) }
            return .recall(sequence)
        }
        var group = GroupDraft(request, at: now, after: lastSequence, zone: tenant.configuration.zone)
        try decide(request, tenant, recalled, &group)
        return .accepted(group.finish())
    }

    private func decide(_ request: Request, _ tenant: Tenant, _ recalled: Recalled?, _ group: inout GroupDraft) throws(Rejection)
    {
        switch request.command {
        case .openAccount(let command): try tenant.decide(command, &group)
        case .grant(let command): try tenant.decide(command, &group)
        case .adjust(let command): try tenant.decide(command, &group)
        case .debit(let command): try tenant.decide(command, &group)
        case .debitBatch(let command):
            try tenant.decide(command, isTaken: { $0 == request.id || sequence(of: $0, in: tenant.name) != nil }, &group)
        case .openBatch(let command): try tenant.decide(command, &group)
        case .closeBatch(let command): try tenant.decide(command, &group)
        case .refund(let command): try tenant.decide(command, recalled!, &group)
        case .configure(let command): try tenant.decide(command, zones: zones, &group)
        case .rollback(let command): try tenant.decide(command, zones: zones, &group)
        case .acknowledgeAlerts(let command): try tenant.decide(command, &group)
        }
    }

    func sequence(of id: Name, in tenant: Name) -> SequenceNumber? {
        identifiers.sequence(of: identifiers.hash(id, of: tenant))
    }
}

/// The events of one command as they are found: what lapsed and opened first, then the command's own, then alerts.
struct GroupDraft {
    let now: Timestamp
    private let request: Request
    private let zone: ZoneRules
    private var next: SequenceNumber
    private var events: [Event] = []

    init(_ request: Request, at now: Timestamp, after last: SequenceNumber, zone: ZoneRules) {
        self.request = request
        self.now = now
        self.zone = zone
        next = last.next
    }

    /// The number of the event that is added next: a lot that it opens is named by it.
    var nextSequence: SequenceNumber { next }

    mutating func reserve(_ count: Int) { events.reserveCapacity(count) }

    /// - Parameter occurredAt: When what the event tells of happened, if not now.
    mutating func add(_ fact: Fact, occurredAt: Timestamp? = nil) {
        events.append(
            Event(
                sequence: next, at: now, day: zone.day(of: occurredAt ?? now), tenant: request.tenant, id: request.id, group: nil,
                peer: request.peer, actor: request.actor, fact: fact))
        next = next.next
    }

    consuming func finish() -> [Event] {
        events[0].group = GroupHead(count: events.count, body: request.body)
        return events
    }
}

extension GroupDraft {
    /// Writes what has lapsed on a purse and takes it out.
    mutating func lapse(_ purse: inout Purse, of account: Name) {
        for lot in purse.lapse(at: now) {
            let draw = Draw(lot: lot.number, amount: lot.remaining, remaining: .zero)
            let part = Part(unit: purse.unit, amount: lot.remaining, lots: [draw], balance: purse.balance(at: now))
            add(.lotExpired(LotExpired(account: account, lot: lot.number, expiresAt: lot.terms.expiresAt!, part: part)))
        }
    }

    /// Takes units from a purse. Throws `insufficientBalance` when it has not enough.
    mutating func take(_ amount: Amount, from purse: inout Purse) throws(Rejection) -> Part {
        let available = purse.available(at: now)
        if amount > available { throw .insufficientBalance(unit: purse.unit, asked: amount, available: available, held: .zero) }
        purse.arm(at: available)  // it may have recovered by time alone
        let draws = purse.take(amount, at: now)
        return Part(unit: purse.unit, amount: amount, lots: draws, balance: Balance(available: available - amount))
    }

    /// Opens a lot that bears the number of the next event.
    func open(_ amount: Amount, _ terms: LotTerms, in purse: inout Purse, of account: Name) throws(Rejection) -> Part {
        if purse.total.adding(amount) == nil { throw .amountOverflow(unit: purse.unit) }
        if purse.lots.count == Purse.lotCountMax {
            throw .tooManyLots(account: account, unit: purse.unit, limit: Purse.lotCountMax)
        }
        purse.open(Lot(number: next, remaining: amount, terms: terms))
        return Part(
            unit: purse.unit, amount: amount, lots: [Draw(lot: next, amount: amount, remaining: amount)],
            balance: purse.balance(at: now))
    }

    /// Raises the alerts whose condition has come true on a purse that was drawn from.
    mutating func raiseAlerts(_ purse: Purse, of account: Name, _ configuration: Configuration) {
        if configuration.alerts.isEmpty { return }
        let available = purse.available(at: now)
        for (rule, document) in configuration.alerts where document.unit == purse.unit && available < document.below {
            if purse.marks.contains(Purse.Mark(rule: rule, below: document.below)) { continue }
            add(
                .alertRaised(
                    AlertRaised(
                        rule: rule, severity: document.severity, account: account,
                        condition: .lowBalance(unit: purse.unit, below: document.below, available: available))))
        }
    }
}
