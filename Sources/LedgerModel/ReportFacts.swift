/// A provider's own figures for a stretch of time, kept for reconciliation. They move nothing.
public struct UsageReported: Hashable, Sendable {
    public var platform: Name
    public var key: Name?
    /// What they are about: from the first instant to the first one after.
    public var from: Timestamp
    public var to: Timestamp
    public var quantities: [Quantity]
    public var unit: Name
    public var cost: Amount

    public init(
        platform: Name, key: Name?, from: Timestamp, to: Timestamp, quantities: [Quantity], unit: Name, cost: Amount
    ) {
        self.platform = platform
        self.key = key
        self.from = from
        self.to = to
        self.quantities = quantities
        self.unit = unit
        self.cost = cost
    }
}

/// A run of somebody's synchronisation with a provider ended, well or not.
public struct SyncReported: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case succeeded, partial, failed
    }

    public var platform: Name
    public var status: Status
    /// When it ran.
    public var from: Timestamp
    public var to: Timestamp
    /// What it counted, such as `keys` or `records`.
    public var counts: [Quantity]
    public var error: String?

    public init(platform: Name, status: Status, from: Timestamp, to: Timestamp, counts: [Quantity], error: String?) {
        self.platform = platform
        self.status = status
        self.from = from
        self.to = to
        self.counts = counts
        self.error = error
    }
}
