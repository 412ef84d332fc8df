import LedgerModel

/// What a table asks, beside commands.
extension RuleTable {
    /// Nil when the words are no question.
    mutating func answer(_ words: inout Words) throws(Unreadable) -> Finding? {
        if words.take("balance") { return Finding(try holding(&words).map { $0.balance.words } ?? "none") }
        if words.take("lots") { return Finding(try lots(&words)) }
        if words.take("quota") { return try quota(&words) }
        if words.take("key") { return try key(&words) }
        if words.take("check") { return try check(&words) }
        if words.take("nextDue") { return Finding(ledger.book.nextDue?.description ?? "never") }
        if words.take("document") { return Finding(try document(&words)) }
        if words.take("last") { return Finding(try told(words.next())) }
        return nil
    }

    private func holding(_ words: inout Words) throws(Unreadable) -> Book.Holding? {
        let (account, unit) = (try words.name(), try words.name())
        return ledger.book.holdings(of: account, in: tenant, at: now)?.first { $0.unit == unit }
    }

    /// `10 5+2 unlimited`: what each lot has left, in burn-down order, and behind the `+` what is held of it.
    private func lots(_ words: inout Words) throws(Unreadable) -> String {
        let lots = try holding(&words)?.lots ?? []
        return lots.isEmpty ? "none" : lots.map(\.words).joined(separator: " ")
    }

    /// `quota u-7 pro articles day`: the facts of one allowance. `quota u-7`: what the account has, as `pro/articles/day`, by name.
    private func quota(_ words: inout Words) throws(Unreadable) -> Finding {
        let account = try words.name()
        guard let quotas = ledger.book.quota(of: account, in: tenant, at: now), !quotas.isEmpty else {
            while !words.isAtEnd { _ = try words.next() }
            return Finding("none")
        }
        if words.isAtEnd { return Finding(quotas.map { "\($0.plan)/\($0.unit)/\($0.period)" }.sorted().joined(separator: " ")) }
        let (plan, unit, period) = (try words.name(), try words.name(), try words.period())
        let found = quotas.first { $0.plan == plan && $0.unit == unit && $0.period == period }
        return Finding(found == nil ? "none" : "", facts: found?.facts ?? [])
    }

    private func key(_ words: inout Words) throws(Unreadable) -> Finding {
        guard let view = ledger.book.key(with: .ofRuleTables(try words.name()), at: now) else { return Finding("none") }
        return Finding(view.status.rawValue, facts: view.facts)
    }

    /// `check u-7 credits 5 key k-1`: as a debit, without doing it. `last` then tells of what it would do.
    private mutating func check(_ words: inout Words) throws(Unreadable) -> Finding {
        let debit = try words.debit()
        do throws(Rejection) {
            last = try foretold(debit)
            return Finding(.accepted(last.map(\.fact)))
        } catch {
            return Finding(error)
        }
    }

    private func document(_ words: inout Words) throws(Unreadable) -> String {
        let (key, version) = (try words.key(), try words.integer())
        return ledger.book.document(key, version: version, in: tenant).map { "\($0.kind)" } ?? "none"
    }
}

extension Balance {
    /// `100 held 20`, or `5 unlimited`.
    fileprivate var words: String {
        "\(available)" + (held > .zero ? " held \(held)" : "") + (isUnlimited ? " unlimited" : "")
    }
}

extension Lot {
    fileprivate var words: String {
        (remaining.map { "\($0)" } ?? "unlimited") + (held > .zero ? "+\(held)" : "")
    }
}

extension Quota {
    fileprivate var facts: [(name: String, value: String)] {
        [
            ("used", "\(used)"), ("held", "\(held)"), ("limit", limit.map { "\($0)" } ?? "unlimited"), ("carried", "\(carried)"),
            ("start", "\(window.start)"), ("end", window.end.map { "\($0)" } ?? "never"), ("version", "\(version)"),
            ("default", isDefault ? "yes" : "no"),
        ]
    }
}

extension KeyView {
    fileprivate var facts: [(name: String, value: String)] {
        [
            ("account", "\(account)"), ("expired", isExpired ? "yes" : "no"), ("state", "\(accountState)"),
            ("holds", "\(openHolds)"), ("used", "\(used)"), ("start", window.map { "\($0.start)" } ?? "none"),
            ("end", window.map { $0.end.map { "\($0)" } ?? "never" } ?? "none"),
            ("tags", terms.tags.map(\.text).joined(separator: "+")), ("owner", terms.owner?.text ?? "none"),
            ("limit", terms.limit.map { "\($0.amount)" } ?? "none"),
        ]
    }
}
