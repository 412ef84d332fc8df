import EventCodec
import LedgerModel

/// Commands about API keys.
extension Shape {
    static let issueKeys = command([keys(of: .object(issuedKey), "The keys, each key and each hash once")])
    static let issuedKey = Shape(
        [
            keyName, .required("hash", .hash, "SHA-256 of the secret, as 64 lower-case hexadecimal digits"),
            .required("account", .name, "The account that pays"),
        ] + terms { $0 })

    static let updateKeys = command([keys(of: .object(changedKey), "What changes, each key once")])
    /// What is absent stays, null clears.
    static let changedKey = Shape(
        [keyName] + terms(ValueType.nullable) + [.optional("status", .choice(KeyStatus.settable), "What becomes of it")])

    static let revokeKeys = command([keys(of: .name, "The keys, each once"), .reasonIfAny])
    static let keyLimit = Shape([
        .unit, .required("amount", .amount, "The most, in minor units"),
        .required("period", .choice(of: Period.self), "In which windows of the calendar"),
    ])

    private static let keyName = Field.required("key", .name, "The key's name, never its secret")

    private static func keys(of type: ValueType, _ sentence: String) -> Field {
        .required("keys", .array(type, count: 1...IssueKeys.keyCountMax), sentence)
    }

    /// What can be said of a key and changed, each of its type or of a type made from it.
    private static func terms(_ type: (ValueType) -> ValueType) -> [Field] {
        [
            .optional("platform", type(.name), "The provider it is for"), .optional("owner", type(.name), "Whose it is"),
            .optional("name", type(.name), "A name for people"),
            .optional("tags", type(.array(.name, count: 0...KeyTerms.tagCountMax)), "Tags, each once"),
            .optional("expiresAt", type(.timestamp), "The first instant at which it is refused"),
            .optional("limit", type(.object(keyLimit)), "What it may spend in a window of the calendar"),
            .optional(
                "features", type(.array(.name, count: 0...KeyTerms.featureCountMax)),
                "The features that it may be used for, each once; all when none is named"),
            .optional("maxOpenHolds", type(.integer(KeyTerms.maxOpenHoldsRange)), "How many holds it may have open at once"),
        ]
    }
}

extension KeyStatus {
    /// A key is revoked by `revokeKeys` only.
    static let settable = KeyStatus.allCases.filter { $0 != .revoked }.map(\.rawValue)
}
