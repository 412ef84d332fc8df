import LedgerModel

/// Keys: `issue k-1 u-7 limit credits 100 day , k-2 u-7`, `update k-1 status disabled`, `revoke k-1 k-2`.
extension Words {
    mutating func keyCommand(_ word: String) throws(Unreadable) -> Command? {
        switch word {
        case "issue": .issueKeys(IssueKeys(keys: try list { words throws(Unreadable) in try words.issue() }))
        case "update": .updateKeys(UpdateKeys(keys: try list { words throws(Unreadable) in try words.keyChange() }))
        case "revoke": .revokeKeys(try revoke())
        default: nil
        }
    }

    private mutating func list<Member>(_ member: (inout Words) throws(Unreadable) -> Member) throws(Unreadable) -> [Member] {
        if take("nothing") { return [] }
        var members: [Member] = []
        repeat { members.append(try member(&self)) } while comma()
        return members
    }

    /// A key's hash is made of its name; `hash of k-2` gives it that of another.
    private mutating func issue() throws(Unreadable) -> KeyIssued {
        let (key, account) = (try name(), try name())
        var secret = key
        if take("hash") {
            try expect("of")
            secret = try name()
        }
        return KeyIssued(key: key, hash: .ofRuleTables(secret), account: account, terms: try terms())
    }

    private mutating func terms() throws(Unreadable) -> KeyTerms {
        var terms = KeyTerms()
        try inAnyOrder { words throws(Unreadable) in
            if words.take("platform") { terms.platform = try words.name() }
            if words.take("owner") { terms.owner = try words.name() }
            if words.take("tags") { terms.tags = try words.names().sorted() }
            if words.take("expires") { terms.expiresAt = try words.time() }
            if words.take("limit") { terms.limit = try words.limit() }
            if words.take("features") { terms.features = try words.names() }
            if words.take("maxOpenHolds") { terms.maxOpenHolds = try words.integer() }
        }
        return terms
    }

    private mutating func limit() throws(Unreadable) -> KeyLimit {
        KeyLimit(unit: try name(), amount: try amount(), period: try period())
    }

    private mutating func keyChange() throws(Unreadable) -> UpdateKeys.Change {
        var change = UpdateKeys.Change(key: try name())
        try inAnyOrder { words throws(Unreadable) in
            if words.take("platform") { change.platform = .set(words.take("none") ? nil : try words.name()) }
            if words.take("owner") { change.owner = .set(words.take("none") ? nil : try words.name()) }
            if words.take("tags") { change.tags = .set(words.take("none") ? nil : try words.names().sorted()) }
            if words.take("expires") { change.expiresAt = .set(words.take("never") ? nil : try words.time()) }
            if words.take("limit") { change.limit = .set(words.take("none") ? nil : try words.limit()) }
            if words.take("features") { change.features = .set(words.take("all") ? nil : try words.names()) }
            if words.take("maxOpenHolds") { change.maxOpenHolds = .set(words.take("none") ? nil : try words.integer()) }
            if words.take("status") { change.status = try words.oneOf(KeyStatus.self) }
        }
        return change
    }

    private mutating func revoke() throws(Unreadable) -> RevokeKeys {
        var keys: [Name] = []
        if take("nothing") { return RevokeKeys(keys: keys) }
        while !isAtEnd { keys.append(try name()) }
        return RevokeKeys(keys: keys)
    }
}

extension KeyHash {
    /// The hash that a table's key has: made of the name alone (FNV-1a), so that a table need not write 64 digits.
    static func ofRuleTables(_ key: Name) -> KeyHash {
        let sum = key.text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(sum, radix: 16)
        return KeyHash(String(repeating: String(repeating: "0", count: 16 - digits.count) + digits, count: 4))!
    }
}
