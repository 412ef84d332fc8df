/// The decided truth in memory: balances, batches, configuration, alerts, and every id ever used.
///
/// `decide` looks and changes nothing; `apply` changes and decides nothing. A book replayed from the log equals the one that wrote it.
public struct Book: Sendable {
    /// The number of the last event applied.
    public internal(set) var lastSequence = SequenceNumber.zero
    /// The ledger's time of the last event applied.
    public internal(set) var lastAt = Timestamp(microseconds: 0)
    var tenants: [Tenant] = []
    var tenantIndices: [Name: Int] = [:]
    var identifiers: IdentifierTable
    let zones: ZoneTable

    /// - Parameters:
    ///   - hashKey: A secret, random for every process.
    ///   - zones: The time zones that `tenant/settings` may name.
    public init(hashKey: HashKey, zones: ZoneTable) {
        identifiers = IdentifierTable(key: hashKey)
        self.zones = zones
    }

    public internal(set) var accountCount = 0
    public var identifierCount: Int { identifiers.count }

    /// What the book has of one unit on an account.
    public struct Holding: Hashable, Sendable {
        public let unit: Name
        public let balance: Balance
        /// In burn-down order; those not yet in force included, those that have lapsed not.
        public let lots: [Lot]
    }

    /// What an account has, by unit, as of an instant; nil when there is no such account.
    public func holdings(of account: Name, in tenant: Name, at now: Timestamp) -> [Holding]? {
        guard let tenant = self.tenant(tenant), let index = tenant.accountIndex(account) else { return nil }
        return tenant.accounts[index].purses.map { purse in
            Holding(unit: purse.unit, balance: purse.balance(at: now), lots: purse.lots.filter { !$0.hasLapsed(at: now) })
        }
    }

    func tenant(_ name: Name) -> Tenant? { tenantIndices[name].map { tenants[$0] } }
}

extension Book: Equatable {
    /// Field by field, but for the zones, which are not the book's own.
    public static func == (left: Self, right: Self) -> Bool {
        left.lastSequence == right.lastSequence && left.lastAt == right.lastAt && left.tenants == right.tenants
            && left.identifiers == right.identifiers
    }
}

/// What `decide` answers when it does not reject.
public enum Decision: Sendable {
    /// The command's group of events, to be applied and written.
    case accepted([Event])
    /// The id was used before; this event was the first of its group, or the item that used it.
    case known(SequenceNumber)
    /// The event must be read back from the log first, and given as `Recalled`.
    case recall(SequenceNumber)
}

/// What was read back from the log for a command on something that the book has forgotten.
public struct Recalled: Sendable {
    /// The group that the number begins, or the one event if it begins none.
    public let events: [Event]
    /// The terms of the lots that these events drew from.
    public let lots: [SequenceNumber: LotTerms]

    public init(events: [Event], lots: [SequenceNumber: LotTerms]) {
        self.events = events
        self.lots = lots
    }
}

extension Event {
    /// The terms of the lots that this event opened, by unit.
    public var openedLots: [Name: LotTerms] {
        switch fact {
        case .granted(let fact): [fact.part.unit: fact.terms]
        case .adjusted(let fact) where fact.isIncrease: [fact.part.unit: LotTerms(source: .adjustment)]
        case .refunded(let fact):
            Dictionary(
                uniqueKeysWithValues: fact.returns.compactMap { returned in returned.reissued.map { (returned.part.unit, $0) } })
        default: [:]
        }
    }
}
