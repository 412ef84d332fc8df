/// A document has a new version.
public struct Configured: Hashable, Sendable {
    public var key: DocumentKey
    /// Dense from 1 per key.
    public var version: Int
    /// Nil when the document was deleted.
    public var document: Document?
    public var reason: String
    /// The version whose content this is again, when it was rolled back.
    public var rollbackOf: Int?
    /// When it came into force, if it was scheduled: the event may have been written later, after a downtime.
    public var effectiveAt: Timestamp?

    public init(
        key: DocumentKey, version: Int, document: Document?, reason: String, rollbackOf: Int? = nil, effectiveAt: Timestamp? = nil
    ) {
        self.key = key
        self.version = version
        self.document = document
        self.reason = reason
        self.rollbackOf = rollbackOf
        self.effectiveAt = effectiveAt
    }
}

/// A document will have a new version at an instant. It replaces what was scheduled for the same key before.
public struct ConfigurationScheduled: Hashable, Sendable {
    public var key: DocumentKey
    /// Nil when the document will be deleted.
    public var document: Document?
    public var reason: String
    public var effectiveAt: Timestamp

    public init(key: DocumentKey, document: Document?, reason: String, effectiveAt: Timestamp) {
        self.key = key
        self.document = document
        self.reason = reason
        self.effectiveAt = effectiveAt
    }
}

/// What was scheduled for a key will not come: it was cancelled, or no longer fits what is there at its time.
public struct ConfigurationCancelled: Hashable, Sendable {
    public var key: DocumentKey
    /// The number of the `configurationScheduled`.
    public var scheduled: SequenceNumber
    public var reason: String

    public init(key: DocumentKey, scheduled: SequenceNumber, reason: String) {
        self.key = key
        self.scheduled = scheduled
        self.reason = reason
    }
}
