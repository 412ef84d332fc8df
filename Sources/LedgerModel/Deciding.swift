extension Book {
    /// What a command leads to at an instant. Nothing is changed: the caller applies what it makes durable.
    ///
    /// - Parameters:
    ///   - now: The ledger's time, not before `lastAt`.
    ///   - recalled: What `.recall` asked for, at the next try.
    public func decide(_ request: Request, at now: Timestamp, recalled: Recalled = .none) throws(Rejection) -> Decision {
        precondition(now >= lastAt, "the ledger's time never goes back")
        if request.tenant.isReserved { throw .reservedName(field: "tenant", name: request.tenant) }
        if request.id.isReserved { throw .reservedName(field: "id", name: request.id) }
        if let sequence = sequence(of: request.id, in: request.tenant) { return .known(sequence) }
        if case .submit(let submit) = request.command { return try decide(submit, request, at: now, recalled) }
        let missing = try missing(request, at: now, recalled)
        if !missing.isEmpty { return .recall(missing) }
        let tenant = tenant(request.tenant)
        let events = try decide(request, tenant, recalled, groupDraft(request, at: now, tenant))
        if case .configure(let command) = request.command, command.isDryRun { return .dryRun(tenant.difference(command)) }
        return .accepted(events)
    }

    private func groupDraft(_ request: Request, at now: Timestamp, _ tenant: Tenant) -> GroupDraft {
        GroupDraft(request, at: now, after: lastSequence, zone: tenant.configuration.zone(at: now))
    }

    private func decide(_ request: Request, _ tenant: Tenant, _ recalled: Recalled, _ group: consuming GroupDraft)
        throws(Rejection) -> [Event]
    {
        switch request.command {
        case .openAccount(let command): return try tenant.decide(command, group)
        case .freezeAccount(let command): return try tenant.freeze(command, group)
        case .unfreezeAccount(let command): return try tenant.unfreeze(command, group)
        case .closeAccount(let command): return try tenant.close(command, group)
        case .grant(let command): return try tenant.decide(command, group)
        case .adjust(let command): return try tenant.decide(command, group)
        case .debit(let command): return try tenant.decide(command, group)
        case .debitBatch(let command):
            let isTaken = { (id: Name) in id == request.id || sequence(of: id, in: tenant.name) != nil }
            return try tenant.decide(command, isTaken: isTaken, group)
        case .refund(let command):
            return try tenant.decide(command, recalled, at: sequence(of: command.of, in: tenant.name)!, group)
        case .recordUsage(let command): return try tenant.decide(command, group)
        case .hold(let command): return try tenant.decide(command, group)
        case .extend(let command):
            return try tenant.decide(command, at: sequence(of: command.hold, in: tenant.name), recalled, group)
        case .settle(let command):
            return try tenant.decide(command, at: sequence(of: command.hold, in: tenant.name), recalled, group)
        case .release(let command):
            return try tenant.decide(command, at: sequence(of: command.hold, in: tenant.name), recalled, group)
        case .openBatch(let command): return try tenant.decide(command, group)
        case .closeBatch(let command): return try tenant.decide(command, group)
        case .subscribe(let command): return try tenant.decide(command, group)
        case .changePlan(let command): return try tenant.decide(command, group)
        case .unsubscribe(let command): return try tenant.decide(command, group)
        case .overrideAllowance(let command): return try tenant.decide(command, group)
        case .resetAllowance(let command): return try tenant.decide(command, group)
        case .configure(let command): return try tenant.decide(command, zones: zones, group)
        case .rollback(let command): return try tenant.decide(command, zones: zones, group)
        case .issueKeys(let command): return try tenant.decide(command, isTaken: { keyHashes[$0] != nil }, group)
        case .updateKeys(let command): return try tenant.decide(command, group)
        case .revokeKeys(let command): return try tenant.decide(command, group)
        case .acknowledgeAlerts(let command): return try tenant.decide(command, group)
        case .reportUsage(let report): return try tenant.decide(report, group)
        case .reportSync(let report): return try tenant.decide(report, group)
        case .submit: preconditionFailure("a submit is taken apart before")
        }
    }

    /// The event that an id led to.
    public func sequence(of id: Name, in tenant: Name) -> SequenceNumber? {
        identifiers.sequence(of: identifiers.hash(id, of: tenant))
    }

    /// What must be read back before a command can be decided.
    private func missing(_ request: Request, at now: Timestamp, _ recalled: Recalled) throws(Rejection) -> [SequenceNumber] {
        switch request.command {
        case .refund(let command):
            try command.check(at: now)
            guard let sequence = sequence(of: command.of, in: request.tenant) else { throw .debitNotFound(command.of) }
            if recalled.groups[sequence] == nil { return [sequence] }
            return recalled.captureBehind(command.of, at: sequence).map { recalled.groups[$0] == nil ? [$0] : [] } ?? []
        case .settle(let command):
            return tenant(request.tenant).missing(command, at: sequence(of: command.hold, in: request.tenant), recalled)
        case .extend(let command):
            return tenant(request.tenant).missing(
                hold: command.hold, at: sequence(of: command.hold, in: request.tenant), recalled)
        case .release(let command):
            return tenant(request.tenant).missing(
                hold: command.hold, at: sequence(of: command.hold, in: request.tenant), recalled)
        default: return []
        }
    }
}

// MARK: Several commands at once

extension Book {
    /// Each command is decided on the book that those before it leave: a copy, which shares with this one all that they do not touch.
    private func decide(_ submit: Submit, _ request: Request, at now: Timestamp, _ recalled: Recalled) throws(Rejection)
        -> Decision
    {
        try check(submit, request)
        let missing = missing(submit, request, at: now, recalled)
        if !missing.isEmpty { return .recall(missing) }
        var scratch = self
        var group = groupDraft(request, at: now, tenant(request.tenant))
        var events = [group.add(.submitted(Submitted(commands: submit.commands.count)))]
        // The count is not known yet, but the id is taken: no item may bear it.
        events[0].group = GroupHead(count: 1, body: request.body)
        scratch.apply(events[0])
        for inner in submit.commands {
            let command = Request(
                tenant: request.tenant, id: inner.id, body: inner.body, peer: request.peer, actor: request.actor,
                command: inner.command)
            switch try scratch.decide(inner: command, at: now, recalled, events, accounts: tenant(request.tenant).accounts) {
            case .accepted(let decided):
                for event in decided { scratch.apply(event) }
                events += decided
            case .recall(let numbers): return .recall(numbers)
            case .known: throw .inCommand(inner.id, .duplicateId(inner.id))
            case .dryRun:
                throw .inCommand(inner.id, .invalidField(field: "dryRun", reason: "is not for a command inside submit"))
            }
        }
        events[0].group = GroupHead(count: events.count, body: request.body)
        return .accepted(events)
    }

    /// What the commands need of what is in the log, all at once. What they need of each other is found on the way.
    private func missing(_ submit: Submit, _ request: Request, at now: Timestamp, _ recalled: Recalled) -> [SequenceNumber] {
        submit.commands.flatMap { inner in
            var request = request
            request.command = inner.command
            return (try? missing(request, at: now, recalled)) ?? []
        }
    }

    private func check(_ submit: Submit, _ request: Request) throws(Rejection) {
        guard (1...Submit.commandCountMax).contains(submit.commands.count) else {
            throw .invalidField(field: "commands", reason: "must be 1 to \(Submit.commandCountMax) commands")
        }
        var seen: Set<Name> = [request.id]
        for inner in submit.commands {
            if inner.id.isReserved { throw .inCommand(inner.id, .reservedName(field: "id", name: inner.id)) }
            if case .submit = inner.command {
                throw .invalidField(field: "commands.method", reason: "must not be submit")
            }
            if !seen.insert(inner.id).inserted || sequence(of: inner.id, in: request.tenant) != nil {
                throw .inCommand(inner.id, .duplicateId(inner.id))
            }
        }
    }

    /// Decides one command of several; what it would have read back from the log may be among the events that lie before it.
    private func decide(
        inner request: Request, at now: Timestamp, _ recalled: Recalled, _ before: [Event], accounts: Sharded<Name, Account>
    ) throws(Rejection) -> Decision {
        var recalled = recalled
        while true {
            let decision: Decision
            do throws(Rejection) {
                decision = try decide(request, at: now, recalled: recalled)
            } catch { throw .inCommand(request.id, error) }
            guard case .recall(let numbers) = decision else { return decision }
            let own = numbers.filter { $0 >= before[0].sequence }
            if own.isEmpty { return decision }
            recalled.merge(Recalled(own, among: before, accounts: accounts))
        }
    }
}

extension Recalled {
    /// What is asked for of events that are decided and not yet written. The lots that they drew from, and perhaps used up, were opened
    /// among them, or stand in the book as it was before.
    fileprivate init(_ numbers: [SequenceNumber], among events: [Event], accounts: Sharded<Name, Account>) {
        self = .none
        let begin = events[0].sequence
        for number in numbers {
            let first = Int(number.rawValue - begin.rawValue)
            let group = Array(events[first..<(first + (events[first].group?.count ?? 1))])
            groups[number] = group
            for event in group {
                for part in event.partsTaken {
                    let purse = event.accountTakenFrom.flatMap { accounts[$0] }?.purse(part.unit)
                    for lot in part.lots.map(\.lot) {
                        lots[lot] =
                            lot < begin
                            ? purse?.lot(lot)?.terms : events[Int(lot.rawValue - begin.rawValue)].openedLots[part.unit]
                    }
                }
            }
        }
    }
}

extension Event {
    fileprivate var accountTakenFrom: Name? {
        switch fact {
        case .debited(let fact): fact.account
        case .settled(let fact), .holdExpired(let fact): fact.account
        default: nil
        }
    }
}
