/// Opening and closing accounts, and moving balances by hand.
extension Tenant {
    func decide(_ command: OpenAccount, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if accounts[command.account] != nil { throw .accountExists(command.account) }
        group.add(.accountOpened(AccountOpened(account: command.account, name: command.name, labels: command.labels)))
        return group.finish()
    }

    func freeze(_ command: ChangeAccountState, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group)
        try draft.checkNotFrozen()
        draft.add(.accountFrozen(AccountStateChanged(account: command.account, reason: command.reason)))
        return draft.finish()
    }

    func unfreeze(_ command: ChangeAccountState, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group)
        if draft.account.state != .frozen { throw .accountNotFrozen(command.account) }
        draft.add(.accountUnfrozen(AccountStateChanged(account: command.account, reason: command.reason)))
        return draft.finish()
    }

    func close(_ command: ChangeAccountState, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        var draft = try AccountDraft(command.account, of: self, group)
        if draft.account.openHoldCount > 0 {
            throw .holdsOpen(account: command.account, count: draft.account.openHoldCount)
        }
        draft.add(.accountClosed(AccountStateChanged(account: command.account, reason: command.reason)))
        return draft.finish()
    }

    /// The first grant opens the account.
    func decide(_ command: Grant, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if command.amount == .zero { throw .invalidField(field: "amount", reason: "must be at least 1") }
        try command.terms.check(at: group.now)
        var draft = try AccountDraft(command.account, of: self, group, opening: .always)
        draft.touch(command.unit)
        let part = try draft.opening(command.amount, of: command.unit, command.terms)
        draft.add(.granted(Granted(account: command.account, terms: command.terms, memo: command.memo, part: part)))
        return draft.finish()
    }

    func decide(_ command: Adjust, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if command.amount == .zero { throw .invalidField(field: "amount", reason: "must not be 0") }
        var draft = try AccountDraft(command.account, of: self, group)
        draft.touch(command.unit)
        let before = draft.balanceBefore(command.unit)
        let part =
            command.isIncrease
            ? try draft.opening(command.amount, of: command.unit, LotTerms(source: .adjustment))
            : try draft.drawing(command.amount, of: command.unit)
        let meters = command.isIncrease ? [] : try draft.allowances(drawing: part.lots, of: part.unit)
        draft.add(
            .adjusted(
                Adjusted(
                    account: command.account, reason: command.reason, isIncrease: command.isIncrease, before: before, part: part,
                    meters: meters)))
        if !command.isIncrease { draft.raiseAlerts(meters, drawnFrom: [command.unit]) }
        return draft.finish()
    }
}

extension LotTerms {
    /// A lot must have a time in which it can be drawn.
    func check(at now: Timestamp) throws(Rejection) {
        if source == .plan { throw .invalidField(field: "source", reason: "plan is for what plans give: subscribe the account") }
        guard let expiresAt else { return }
        if expiresAt <= now { throw .invalidField(field: "expiresAt", reason: "must lie after the ledger's time \(now)") }
        if let effectiveAt, expiresAt <= effectiveAt {
            throw .invalidField(field: "expiresAt", reason: "must lie after effectiveAt")
        }
    }
}
