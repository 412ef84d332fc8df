public import JSONText
public import LedgerModel

/// Facts about API keys.
extension JSONWriter {
    mutating func keyIssued(_ fact: KeyIssued) {
        named("key", fact.key)
        key("hash")
        keyHash(fact.hash)
        named("account", fact.account)
        keyTermsFields(fact.terms)
    }

    mutating func keyUpdated(_ fact: KeyUpdated) {
        named("key", fact.key)
        named("account", fact.account)
        choice("status", fact.status)
        keyTermsFields(fact.terms)
    }

    mutating func keyRevoked(_ fact: KeyRevoked) {
        named("key", fact.key)
        named("account", fact.account)
        optional("reason", text: fact.reason)
    }

    /// What is said of a key, into an object that is open.
    public mutating func keyTermsFields(_ terms: KeyTerms) {
        optional("platform", terms.platform)
        optional("owner", terms.owner)
        optional("name", terms.name)
        nonempty("tags", terms.tags)
        optional("expiresAt", terms.expiresAt)
        if let limit = terms.limit {
            key("limit")
            keyLimit(limit)
        }
        nonempty("features", terms.features)
        optional("maxOpenHolds", terms.maxOpenHolds)
    }

    private mutating func keyLimit(_ limit: KeyLimit) {
        beginObject()
        named("unit", limit.unit)
        field("amount", limit.amount)
        choice("period", limit.period)
        endObject()
    }
}

extension OrderedFields {
    mutating func keyIssued() throws(FieldError) -> KeyIssued {
        KeyIssued(
            key: try name("key"), hash: try required("hash") { (reader, field) throws(FieldError) in try reader.keyHash(field) },
            account: try name("account"), terms: try keyTerms())
    }

    mutating func keyUpdated() throws(FieldError) -> KeyUpdated {
        KeyUpdated(
            key: try name("key"), account: try name("account"), status: try choice("status", of: KeyStatus.self),
            terms: try keyTerms())
    }

    mutating func keyRevoked() throws(FieldError) -> KeyRevoked {
        KeyRevoked(key: try name("key"), account: try name("account"), reason: try optionalText("reason"))
    }

    private mutating func keyTerms() throws(FieldError) -> KeyTerms {
        KeyTerms(
            platform: try optionalName("platform"), owner: try optionalName("owner"), name: try optionalName("name"),
            tags: try names("tags", countMax: KeyTerms.tagCountMax), expiresAt: try optionalTimestamp("expiresAt"),
            limit: try optionalObject("limit") { (fields) throws(FieldError) in try fields.keyLimit() },
            features: try names("features", countMax: KeyTerms.featureCountMax), maxOpenHolds: try optionalInteger("maxOpenHolds")
        )
    }

    private mutating func keyLimit() throws(FieldError) -> KeyLimit {
        KeyLimit(unit: try name("unit"), amount: try amount("amount"), period: try period())
    }
}
