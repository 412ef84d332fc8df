/// Opening accounts, and moving balances by hand.
extension Tenant {
    func decide(_ command: OpenAccount, _ group: inout GroupDraft) throws(Rejection) {
        if accountIndex(command.account) != nil { throw .accountExists(command.account) }
        group.add(.accountOpened(AccountOpened(account: command.account, name: command.name, labels: command.labels)))
    }

    /// The account, which must be there.
    func account(_ name: Name) throws(Rejection) -> Account {
        guard let index = accountIndex(name) else { throw .accountNotFound(name) }
        return accounts[index]
    }

    /// The first grant opens the account.
    func decide(_ command: Grant, _ group: inout GroupDraft) throws(Rejection) {
        if command.amount == .zero { throw .invalidField(field: "amount", reason: "must be at least 1") }
        try command.terms.check(at: group.now)
        var purse = Purse(unit: command.unit)
        if let index = accountIndex(command.account) {
            purse = accounts[index].purse(command.unit)
        } else {
            group.add(.accountOpened(AccountOpened(account: command.account)))
        }
        group.lapse(&purse, of: command.account)
        let part = try group.open(command.amount, command.terms, in: &purse, of: command.account)
        group.add(.granted(Granted(account: command.account, terms: command.terms, memo: command.memo, part: part)))
    }

    func decide(_ command: Adjust, _ group: inout GroupDraft) throws(Rejection) {
        if command.amount == .zero { throw .invalidField(field: "amount", reason: "must not be 0") }
        var purse = try account(command.account).purse(command.unit)
        group.lapse(&purse, of: command.account)
        let before = purse.balance(at: group.now)
        let part =
            command.isIncrease
            ? try group.open(command.amount, LotTerms(source: .adjustment), in: &purse, of: command.account)
            : try group.take(command.amount, from: &purse)
        group.add(
            .adjusted(
                Adjusted(
                    account: command.account, reason: command.reason, isIncrease: command.isIncrease, before: before, part: part))
        )
        if !command.isIncrease { group.raiseAlerts(purse, of: command.account, configuration) }
    }
}

extension LotTerms {
    /// A lot must have a time in which it can be drawn.
    func check(at now: Timestamp) throws(Rejection) {
        guard let expiresAt else { return }
        if expiresAt <= now { throw .invalidField(field: "expiresAt", reason: "must lie after the ledger's time \(now)") }
        if let effectiveAt, expiresAt <= effectiveAt {
            throw .invalidField(field: "expiresAt", reason: "must lie after effectiveAt")
        }
    }
}
