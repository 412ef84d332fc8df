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
    // The ledger itself
    case ledgerOpened(LedgerOpened)
    case recovered(Recovered)
    case restored(Restored)
    case signingKeyReplaced(SigningKeyReplaced)
    case submitted(Submitted)
    // Accounts and lots
    case accountOpened(AccountOpened)
    case accountFrozen(AccountStateChanged)
    case accountUnfrozen(AccountStateChanged)
    case accountClosed(AccountStateChanged)
    case granted(Granted)
    case adjusted(Adjusted)
    case lotExpired(LotExpired)
    // Uses
    case debited(Debited)
    case itemsRejected(ItemsRejected)
    case refunded(Refunded)
    case usageRecorded(UsageRecorded)
    // Holds
    case held(Held)
    case holdExtended(HoldExtended)
    case settled(HoldEnded)
    case released(HoldEnded)
    case holdExpired(HoldEnded)
    // Batches
    case batchOpened(BatchOpened)
    case batchClosed(BatchClosed)
    // Plans
    case subscribed(Subscribed)
    case planChanged(PlanChanged)
    case unsubscribed(Unsubscribed)
    case allowanceOpened(AllowanceOpened)
    case allowanceOverridden(AllowanceOverridden)
    case allowanceReset(AllowanceReset)
    // Configuration
    case configured(Configured)
    case configurationScheduled(ConfigurationScheduled)
    case configurationCancelled(ConfigurationCancelled)
    // Keys
    case keyIssued(KeyIssued)
    case keyUpdated(KeyUpdated)
    case keyRevoked(KeyRevoked)
    // Alerts
    case alertRaised(AlertRaised)
    case alertDelivered(AlertAcknowledged)
    case alertRead(AlertAcknowledged)
    // A provider's own figures
    case usageReported(UsageReported)
    case syncReported(SyncReported)
}
