/// A batch began, by a command or with its first debit.
public struct BatchOpened: Hashable, Sendable {
    public var account: Name
    public var batch: Name
    public var feature: Name?
    /// How many items were announced.
    public var size: Int?

    public init(account: Name, batch: Name, feature: Name? = nil, size: Int? = nil) {
        self.account = account
        self.batch = batch
        self.feature = feature
        self.size = size
    }
}

/// A batch takes no more debits.
public struct BatchClosed: Hashable, Sendable {
    public var account: Name
    public var batch: Name

    public init(account: Name, batch: Name) {
        self.account = account
        self.batch = batch
    }
}
