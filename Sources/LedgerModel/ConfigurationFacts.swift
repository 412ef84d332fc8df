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

    public init(key: DocumentKey, version: Int, document: Document?, reason: String, rollbackOf: Int? = nil) {
        self.key = key
        self.version = version
        self.document = document
        self.reason = reason
        self.rollbackOf = rollbackOf
    }
}

/// A rule's condition came true. Raised once until it has been false again.
public struct AlertRaised: Hashable, Sendable {
    /// The rule: the name of the document `alert/<rule>`.
    public var rule: Name
    public var severity: AlertSeverity
    public var account: Name
    public var condition: Condition

    public enum Condition: Hashable, Sendable {
        /// What is available fell below the limit.
        case lowBalance(unit: Name, below: Amount, available: Amount)
    }

    public init(rule: Name, severity: AlertSeverity, account: Name, condition: Condition) {
        self.rule = rule
        self.severity = severity
        self.account = account
        self.condition = condition
    }
}

public enum AlertSeverity: String, Hashable, Sendable, CaseIterable {
    case info, warning, error
}

/// Somebody has been told of alerts, or has read them.
public struct AlertAcknowledged: Hashable, Sendable {
    /// The numbers of the `alertRaised` events.
    public var alerts: [SequenceNumber]

    public init(alerts: [SequenceNumber]) { self.alerts = alerts }
}
