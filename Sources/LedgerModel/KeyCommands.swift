/// Makes API keys known, all or none.
public struct IssueKeys: Hashable, Sendable {
    /// 1...`keyCountMax`; each key and each hash once.
    public var keys: [KeyIssued]

    public init(keys: [KeyIssued]) { self.keys = keys }

    /// An event of about 10 KiB at most each, in a group of 4 MiB.
    public static let keyCountMax = 256
}

/// Changes keys, all or none. What is not said stays.
public struct UpdateKeys: Hashable, Sendable {
    /// What is to become of one field.
    public enum Field<Value: Hashable & Sendable>: Hashable, Sendable {
        case keep
        /// Nil clears it.
        case set(Value?)
    }

    public struct Change: Hashable, Sendable {
        public var key: Name
        public var platform: Field<Name> = .keep
        public var owner: Field<Name> = .keep
        public var name: Field<Name> = .keep
        /// Nil and none are the same.
        public var tags: Field<[Name]> = .keep
        public var expiresAt: Field<Timestamp> = .keep
        public var limit: Field<KeyLimit> = .keep
        /// Nil and none are the same: all features.
        public var features: Field<[Name]> = .keep
        public var maxOpenHolds: Field<Int> = .keep
        /// `active`, `disabled` or `faulty`; a revoked key stays revoked.
        public var status: KeyStatus?

        public init(key: Name) { self.key = key }
    }

    /// 1...`IssueKeys.keyCountMax`; each key once.
    public var keys: [Change]

    public init(keys: [Change]) { self.keys = keys }
}

/// Refuses keys from now on, for ever; all or none.
public struct RevokeKeys: Hashable, Sendable {
    /// 1...`IssueKeys.keyCountMax`; each once.
    public var keys: [Name]
    public var reason: String?

    public init(keys: [Name], reason: String? = nil) {
        self.keys = keys
        self.reason = reason
    }
}
