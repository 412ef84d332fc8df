/// Takes units out of lots for a while. The hold is named by the command's id.
public struct Hold: Hashable, Sendable {
    public var account: Name
    public var ask: Ask
    public var use: Use
    /// 1...`SettingsDocument.holdSecondsRange.upperBound`; the tenant's setting when nil.
    public var expiresInSeconds: Int?
    public var onExpiry: HoldTerms.Expiry
    public var overage: HoldTerms.Overage

    public init(
        account: Name, ask: Ask, use: Use = Use(), expiresInSeconds: Int? = nil, onExpiry: HoldTerms.Expiry = .release,
        overage: HoldTerms.Overage = .reject
    ) {
        self.account = account
        self.ask = ask
        self.use = use
        self.expiresInSeconds = expiresInSeconds
        self.onExpiry = onExpiry
        self.overage = overage
    }
}

/// Takes what was used of a hold for good, and gives the rest back.
public struct Settle: Hashable, Sendable {
    public enum Extent: Hashable, Sendable {
        /// All that is held.
        case everything
        /// Of a hold in one unit.
        case amount(Amount)
        /// Of a priced hold, at its price version. In order of the dimensions.
        case quantities([Quantity])
    }

    /// The hold's id.
    public var hold: Name
    public var extent: Extent
    public var method: SettlementMethod
    /// Added to the hold's own; one that both have is this one.
    public var labels: Labels
    /// In place of the hold's own.
    public var details: String?

    public init(
        hold: Name, extent: Extent = .everything, method: SettlementMethod = .reported, labels: Labels = [:],
        details: String? = nil
    ) {
        self.hold = hold
        self.extent = extent
        self.method = method
        self.labels = labels
        self.details = details
    }
}

/// Gives all that is held back.
public struct Release: Hashable, Sendable {
    public var hold: Name
    public var reason: String?

    public init(hold: Name, reason: String? = nil) {
        self.hold = hold
        self.reason = reason
    }
}

/// Lets a hold last until so many seconds from now.
public struct Extend: Hashable, Sendable {
    public var hold: Name
    public var expiresInSeconds: Int

    public init(hold: Name, expiresInSeconds: Int) {
        self.hold = hold
        self.expiresInSeconds = expiresInSeconds
    }
}
