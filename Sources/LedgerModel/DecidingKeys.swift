/// Making API keys known, changing and revoking them.
extension Tenant {
    /// - Parameter isTaken: Whether a hash is another key's, of this tenant or another.
    func decide(_ command: IssueKeys, isTaken: (KeyHash) -> Bool, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try checkEach(command.keys.map(\.key))
        for (index, key) in command.keys.enumerated() { try key.terms.check(at: group.now, "keys[\(index)]") }
        for key in command.keys { try checkAccount(key.account) }
        for key in command.keys where keys[key.key] != nil { throw .keyExists(key.key) }
        var hashes: Set<KeyHash> = []
        for key in command.keys where !hashes.insert(key.hash).inserted || isTaken(key.hash) {
            throw .keyHashExists(key: key.key)
        }
        for key in command.keys { group.add(.keyIssued(key)) }
        return group.finish()
    }

    private func checkAccount(_ name: Name) throws(Rejection) {
        guard let account = accounts[name] else { throw .accountNotFound(name) }
        if account.state == .closed { throw .accountClosed(name) }
    }

    private func checkEach(_ names: [Name]) throws(Rejection) {
        guard (1...IssueKeys.keyCountMax).contains(names.count) else {
            throw .invalidField(field: "keys", reason: "must name 1 to \(IssueKeys.keyCountMax) keys")
        }
        if Set(names).count < names.count { throw .invalidField(field: "keys", reason: "must name each key once") }
    }

    /// Keys that are there and not revoked.
    private func usableKeys(_ names: [Name]) throws(Rejection) -> [Key] {
        var found: [Key] = []
        for name in names {
            guard let key = keys[name] else { throw .keyNotFound(name) }
            found.append(key)
        }
        for (name, key) in zip(names, found) where key.status == .revoked { throw .keyRevoked(name) }
        return found
    }

    func decide(_ command: UpdateKeys, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try checkEach(command.keys.map(\.key))
        var faulty: [(Name, Name)] = []
        for (index, change) in command.keys.enumerated() {
            let place = "keys[\(index)]"
            if change.status == .revoked { throw .invalidField(field: "\(place).status", reason: "is for revokeKeys to set") }
            if case .set(let expiresAt?) = change.expiresAt, expiresAt <= group.now {
                throw .invalidField(field: "\(place).expiresAt", reason: "must lie after the ledger's time \(group.now)")
            }
        }
        for (index, change) in command.keys.enumerated() {
            try KeyTerms().changed(by: change).check(at: nil, "keys[\(index)]")
        }
        for (change, key) in zip(command.keys, try usableKeys(command.keys.map(\.key))) {
            let terms = key.terms.changed(by: change)
            let status = change.status ?? key.status
            if status == .faulty, key.status != .faulty { faulty.append((change.key, key.account)) }
            group.add(.keyUpdated(KeyUpdated(key: change.key, account: key.account, status: status, terms: terms)))
        }
        for rule in configuration.rules where rule.document.rule == .keyFaulty && rule.document.enabled {
            for (key, account) in faulty {
                group.add(.alertRaised(rule.alert(account, .keyFaulty(key: key), nearness: .warning)))
            }
        }
        return group.finish()
    }

    func decide(_ command: RevokeKeys, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        try checkEach(command.keys)
        for (name, key) in zip(command.keys, try usableKeys(command.keys)) {
            group.add(.keyRevoked(KeyRevoked(key: name, account: key.account, reason: command.reason)))
        }
        return group.finish()
    }

    /// What time does to a key before it expires.
    func warn(_ name: Name, _ group: consuming GroupDraft) -> [Event] {
        let key = keys[name]!
        let expiring = key.expiring(configuration.rules)
        for (_, rule, days) in expiring.prefix(while: { $0.due == expiring[0].due }) {
            let condition = AlertRaised.Condition.keyExpiring(key: name, expiresAt: key.terms.expiresAt!, days: days)
            group.add(
                .alertRaised(
                    rule.alert(key.account, condition, nearness: days <= 1 ? .error : days <= 3 ? .warning : .info)))
        }
        return group.finish()
    }

    func decide(_ report: UsageReported, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if report.to <= report.from { throw .invalidField(field: "to", reason: "must lie after from") }
        if let key = report.key, keys[key] == nil { throw .keyNotFound(key) }
        group.add(.usageReported(report))
        return group.finish()
    }

    func decide(_ report: SyncReported, _ group: consuming GroupDraft) throws(Rejection) -> [Event] {
        if report.to < report.from { throw .invalidField(field: "to", reason: "must not lie before from") }
        group.add(.syncReported(report))
        return group.finish()
    }
}

extension KeyTerms {
    /// - Parameter now: When a new key's expiry must lie after it; nil for one that may have expired.
    fileprivate func check(at now: Timestamp?, _ place: String) throws(Rejection) {
        if let now, let expiresAt, expiresAt <= now {
            throw .invalidField(field: "\(place).expiresAt", reason: "must lie after the ledger's time \(now)")
        }
        try KeyTerms.checkList(tags, KeyTerms.tagCountMax, "\(place).tags")
        try KeyTerms.checkList(features, KeyTerms.featureCountMax, "\(place).features")
        if let maxOpenHolds, !KeyTerms.maxOpenHoldsRange.contains(maxOpenHolds) {
            throw .invalidField(field: "\(place).maxOpenHolds", reason: "must be 1 to 1000000")
        }
    }

    private static func checkList(_ names: [Name], _ countMax: Int, _ field: String) throws(Rejection) {
        if names.count > countMax { throw .invalidField(field: field, reason: "must have at most \(countMax) names") }
        if Set(names).count < names.count { throw .invalidField(field: field, reason: "must have each name once") }
    }

    fileprivate func changed(by change: UpdateKeys.Change) -> KeyTerms {
        KeyTerms(
            platform: change.platform.value(else: platform), owner: change.owner.value(else: owner),
            name: change.name.value(else: name), tags: change.tags.value(else: tags) ?? [],
            expiresAt: change.expiresAt.value(else: expiresAt), limit: change.limit.value(else: limit),
            features: change.features.value(else: features) ?? [], maxOpenHolds: change.maxOpenHolds.value(else: maxOpenHolds))
    }
}

extension UpdateKeys.Field {
    fileprivate func value(else standing: Value?) -> Value? {
        switch self {
        case .keep: standing
        case .set(let value): value
        }
    }
}
