import LedgerModel

/// What is hashed of the commands on API keys.
extension BodyHash {
    mutating func issuedKey(_ key: KeyIssued) {
        name(key.key)
        text(key.hash.text)
        name(key.account)
        optional(key.terms.platform) { $0.name($1) }
        optional(key.terms.owner) { $0.name($1) }
        optional(key.terms.name) { $0.name($1) }
        names(key.terms.tags)
        optional(key.terms.expiresAt) { $0.time($1) }
        optional(key.terms.limit) { $0.limit($1) }
        names(key.terms.features)
        optional(key.terms.maxOpenHolds) { $0.number($1) }
    }

    mutating func changedKey(_ change: UpdateKeys.Change) {
        name(change.key)
        field(change.platform) { $0.name($1) }
        field(change.owner) { $0.name($1) }
        field(change.name) { $0.name($1) }
        field(change.tags) { $0.names($1) }
        field(change.expiresAt) { $0.time($1) }
        field(change.limit) { $0.limit($1) }
        field(change.features) { $0.names($1) }
        field(change.maxOpenHolds) { $0.number($1) }
        optional(change.status) { $0.text($1.rawValue) }
    }

    mutating func revokeKeys(_ command: RevokeKeys) {
        names(command.keys)
        optional(command.reason) { $0.text($1) }
    }

    private mutating func limit(_ limit: KeyLimit) {
        name(limit.unit)
        amount(limit.amount)
        text(limit.period.rawValue)
    }

    /// One byte 0 for what stays, 1 for what is cleared, 2 and the new value.
    private mutating func field<Value>(_ field: UpdateKeys.Field<Value>, _ write: (inout BodyHash, Value) -> Void) {
        switch field {
        case .keep: choice(0)
        case .set(nil): choice(1)
        case .set(let value?):
            choice(2)
            write(&self, value)
        }
    }
}
