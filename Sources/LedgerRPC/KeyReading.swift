import EventCodec
import JSONText
import LedgerModel

/// The commands on API keys.
extension JSONReader {
    mutating func issueKeys(_ head: inout CommandHead) throws(FieldError) -> IssueKeys {
        var keys: [KeyIssued] = []
        var names = Distinct<Name>("key")
        var hashes = Distinct<KeyHash>("hash")
        try fields(of: .issueKeys, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "keys":
                keys = try reader.elements("keys", countMax: IssueKeys.keyCountMax) { (reader) throws(FieldError) in
                    let key = try reader.issuedKey()
                    try names.insert(key.key)
                    try hashes.insert(key.hash)
                    return key
                }
            default: try head.read(field, &reader)
            }
        }
        return IssueKeys(keys: keys)
    }

    private mutating func issuedKey() throws(FieldError) -> KeyIssued {
        var key: Name?
        var hash: KeyHash?
        var account: Name?
        var terms = KeyTerms()
        try fields(of: .issuedKey, in: "") { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.name("key")
            case "hash": hash = try reader.keyHash("hash")
            case "account": account = try reader.name("account")
            default: try terms.read(field, &reader)
            }
        }
        return KeyIssued(key: key!, hash: hash!, account: account!, terms: terms)
    }

    mutating func updateKeys(_ head: inout CommandHead) throws(FieldError) -> UpdateKeys {
        var keys: [UpdateKeys.Change] = []
        var names = Distinct<Name>("key")
        try fields(of: .updateKeys, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "keys":
                keys = try reader.elements("keys", countMax: IssueKeys.keyCountMax) { (reader) throws(FieldError) in
                    let change = try reader.keyChange()
                    try names.insert(change.key)
                    return change
                }
            default: try head.read(field, &reader)
            }
        }
        return UpdateKeys(keys: keys)
    }

    private mutating func keyChange() throws(FieldError) -> UpdateKeys.Change {
        var key: Name?
        var change = UpdateKeys.Change(key: "key")
        try fields(of: .changedKey, in: "") { (field, reader) throws(FieldError) in
            switch field {
            case "key": key = try reader.name("key")
            case "status": change.status = try reader.settableStatus()
            default: try change.read(field, &reader)
            }
        }
        change.key = key!
        return change
    }

    private mutating func settableStatus() throws(FieldError) -> KeyStatus {
        guard let status = KeyStatus(rawValue: try text("status")), status != .revoked else {
            throw .value(field: "status", reason: "must be one of \(KeyStatus.settable.joined(separator: ", "))")
        }
        return status
    }

    mutating func revokeKeys(_ head: inout CommandHead) throws(FieldError) -> RevokeKeys {
        var keys: [Name] = []
        var names = Distinct<Name>("")
        var reason: String?
        try fields(of: .revokeKeys, in: "params", excused: head.excused) { (field, reader) throws(FieldError) in
            switch field {
            case "keys":
                keys = try reader.elements("keys", countMax: IssueKeys.keyCountMax) { (reader) throws(FieldError) in
                    let key = try reader.name("")
                    try names.insert(key)
                    return key
                }
            case "reason": reason = try reader.reason()
            default: try head.read(field, &reader)
            }
        }
        return RevokeKeys(keys: keys, reason: reason)
    }
}

/// Values of which each may stand once in a request.
private struct Distinct<Value: Hashable> {
    private let field: String
    private var seen: Set<Value> = []

    init(_ field: String) { self.field = field }

    mutating func insert(_ value: Value) throws(FieldError) {
        if !seen.insert(value).inserted { throw .value(field: field, reason: "stands in an earlier element already") }
    }
}

extension KeyTerms {
    fileprivate mutating func read(_ field: JSONKey, _ reader: inout JSONReader) throws(FieldError) {
        switch field {
        case "platform": platform = try reader.name("platform")
        case "owner": owner = try reader.name("owner")
        case "name": name = try reader.name("name")
        case "tags": tags = try reader.names("tags", countMax: KeyTerms.tagCountMax)
        case "expiresAt": expiresAt = try reader.timestamp("expiresAt")
        case "limit": limit = try reader.keyLimit()
        case "features": features = try reader.names("features", countMax: KeyTerms.featureCountMax)
        case "maxOpenHolds": maxOpenHolds = try reader.integer("maxOpenHolds", in: KeyTerms.maxOpenHoldsRange)
        default: preconditionFailure("\(field.text) is in a shape and nobody reads it")
        }
    }
}

extension UpdateKeys.Change {
    /// Reads one field of the terms; null clears it, and so does an empty list.
    fileprivate mutating func read(_ field: JSONKey, _ reader: inout JSONReader) throws(FieldError) {
        var terms = KeyTerms()
        _ = try reader.orNull { (reader) throws(FieldError) in try terms.read(field, &reader) }
        switch field {
        case "platform": platform = .set(terms.platform)
        case "owner": owner = .set(terms.owner)
        case "name": name = .set(terms.name)
        case "tags": tags = .set(terms.tags.isEmpty ? nil : terms.tags)
        case "expiresAt": expiresAt = .set(terms.expiresAt)
        case "limit": limit = .set(terms.limit)
        case "features": features = .set(terms.features.isEmpty ? nil : terms.features)
        case "maxOpenHolds": maxOpenHolds = .set(terms.maxOpenHolds)
        default: preconditionFailure("\(field.text) is in a shape and nobody reads it")
        }
    }
}

extension JSONReader {
    fileprivate mutating func keyLimit() throws(FieldError) -> KeyLimit {
        var unit: Name?
        var amount = Amount.zero
        var period: Period?
        do throws(FieldError) {
            try fields(of: .keyLimit, in: "") { (key, reader) throws(FieldError) in
                switch key {
                case "unit": unit = try reader.name("unit")
                case "amount": amount = try reader.amount("amount")
                default: period = try reader.choice("period", of: Period.self)
                }
            }
        } catch { throw error.inside("limit") }
        return KeyLimit(unit: unit!, amount: amount, period: period!)
    }
}
