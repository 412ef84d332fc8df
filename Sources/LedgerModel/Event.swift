/// A fact in the log: what was decided, with its results, so that no reader computes anything again.
public struct Event: Hashable, Sendable {
    public var sequence: SequenceNumber
    /// The ledger's own time: it never goes back. All events of a group have the same.
    public var at: Timestamp
    /// The date on which reports count it: of `occurredAt`, else of `at`, in the tenant's zone.
    public var day: Day
    public var tenant: Name
    /// The id of the command that caused it.
    public var id: Name
    /// On the first event of a group only.
    public var group: GroupHead?
    /// The user id of the process that sent the command; nil for the ledger's own events.
    public var peer: UInt32?
    /// On whose behalf the peer acted, when it said so.
    public var actor: Name?
    public var fact: Fact

    public init(
        sequence: SequenceNumber, at: Timestamp, day: Day, tenant: Name, id: Name, group: GroupHead?, peer: UInt32?, actor: Name?,
        fact: Fact
    ) {
        self.sequence = sequence
        self.at = at
        self.day = day
        self.tenant = tenant
        self.id = id
        self.group = group
        self.peer = peer
        self.actor = actor
        self.fact = fact
    }
}

/// What the first event of a group says of the whole: all events of one command are one group, never split over two log batches.
public struct GroupHead: Hashable, Sendable {
    /// How many events the group has, this one included.
    public var count: Int
    /// The first 8 bytes, big-endian, of SHA-256 over the command's typed fields; 0 for the ledger's own groups.
    public var body: UInt64

    public init(count: Int, body: UInt64) {
        self.count = count
        self.body = body
    }
}

/// The kinds of event, each with what it carries.
public indirect enum Fact: Hashable, Sendable {
    case ledgerOpened(LedgerOpened)
    case recovered(Recovered)
    case accountOpened(AccountOpened)
    case granted(Granted)
    case adjusted(Adjusted)
    case debited(Debited)
    case itemsRejected(ItemsRejected)
    case refunded(Refunded)
    case lotExpired(LotExpired)
    case batchOpened(BatchOpened)
    case batchClosed(BatchClosed)
    case configured(Configured)
    case alertRaised(AlertRaised)
    case alertDelivered(AlertAcknowledged)
    case alertRead(AlertAcknowledged)
}
