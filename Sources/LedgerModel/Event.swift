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

// MARK: What moves

/// What an event moved in one unit.
public struct Part: Hashable, Sendable {
    public var unit: Name
    /// How much was taken or put back; the event's type says which.
    public var amount: Amount
    /// From or to which lots, in the order drawn.
    public var lots: [Draw]
    /// The account's balance in this unit afterwards.
    public var balance: Balance

    public init(unit: Name, amount: Amount, lots: [Draw], balance: Balance) {
        self.unit = unit
        self.amount = amount
        self.lots = lots
        self.balance = balance
    }
}

/// What one lot gave or got back.
public struct Draw: Hashable, Sendable {
    /// The lot, by the number of the event that opened it.
    public var lot: SequenceNumber
    public var amount: Amount
    /// What the lot has left afterwards.
    public var remaining: Amount

    public init(lot: SequenceNumber, amount: Amount, remaining: Amount) {
        self.lot = lot
        self.amount = amount
        self.remaining = remaining
    }
}

/// The terms on which a lot is drawn: everything about it but how much it holds.
public struct LotTerms: Hashable, Sendable {
    /// Lower is drawn first. -1,000...1,000.
    public var priority: Int
    /// The lot cannot be drawn before this instant.
    public var effectiveAt: Timestamp?
    /// The lot lapses at this instant.
    public var expiresAt: Timestamp?
    public var source: LotSource

    public init(
        priority: Int = LotTerms.priorityOfGrant, effectiveAt: Timestamp? = nil, expiresAt: Timestamp? = nil, source: LotSource
    ) {
        self.priority = priority
        self.effectiveAt = effectiveAt
        self.expiresAt = expiresAt
        self.source = source
    }

    /// The default of a grant, behind an allowance's 10: what a plan gives is drawn before what was bought.
    public static let priorityOfGrant = 20
    public static let priorityRange = -1000...1000
}

/// Where a lot's units came from.
public enum LotSource: String, Hashable, Sendable, CaseIterable {
    case purchase, plan, bonus, refund, adjustment, opening
}

/// Labels of a debit: at most 8 names with short texts, such as `model` or `platform`. In order of the names.
public typealias Labels = [Name: Name]

/// A count per dimension, such as `inputTokens`. In order of the names.
public struct Quantity: Hashable, Sendable {
    public var dimension: Name
    public var count: Amount

    public init(dimension: Name, count: Amount) {
        self.dimension = dimension
        self.count = count
    }
}

// MARK: Facts of the ledger itself

public struct LedgerOpened: Hashable, Sendable {
    /// The ledger's UUID as text.
    public var ledger: Name
    /// The origin line of its checkpoints (C2SP tlog-checkpoint).
    public var origin: Name
    /// The verifier key of its checkpoints (C2SP signed-note: name, hash, type and key).
    public var key: Name

    public init(ledger: Name, origin: Name, key: Name) {
        self.ledger = ledger
        self.origin = origin
        self.key = key
    }
}

/// An unfinished write was cut off the end of the log after a crash. Nothing of it had been answered.
public struct Recovered: Hashable, Sendable {
    /// The first sequence number of the segment.
    public var segment: SequenceNumber
    /// Where in the segment the cut was made, in bytes.
    public var offset: UInt64
    public var byteCount: UInt64
    /// The file below `torn/` that keeps the bytes.
    public var torn: Name

    public init(segment: SequenceNumber, offset: UInt64, byteCount: UInt64, torn: Name) {
        self.segment = segment
        self.offset = offset
        self.byteCount = byteCount
        self.torn = torn
    }
}

// MARK: Facts of accounts

public struct AccountOpened: Hashable, Sendable {
    public var account: Name
    public var name: Name?
    public var labels: Labels

    public init(account: Name, name: Name? = nil, labels: Labels = [:]) {
        self.account = account
        self.name = name
        self.labels = labels
    }
}

/// Units were given: a lot was opened that bears this event's number.
public struct Granted: Hashable, Sendable {
    public var account: Name
    public var terms: LotTerms
    public var memo: String?
    public var part: Part

    public init(account: Name, terms: LotTerms, memo: String?, part: Part) {
        self.account = account
        self.terms = terms
        self.memo = memo
        self.part = part
    }
}

/// A balance was corrected by hand. Upwards opens a lot that bears this event's number; downwards draws from lots.
public struct Adjusted: Hashable, Sendable {
    public var account: Name
    public var reason: String
    public var isIncrease: Bool
    public var before: Balance
    public var part: Part

    public init(account: Name, reason: String, isIncrease: Bool, before: Balance, part: Part) {
        self.account = account
        self.reason = reason
        self.isIncrease = isIncrease
        self.before = before
        self.part = part
    }
}

/// What a lot still held when it lapsed. Written with the first command that touches the account afterwards.
public struct LotExpired: Hashable, Sendable {
    public var account: Name
    public var lot: SequenceNumber
    /// When it lapsed.
    public var expiresAt: Timestamp
    public var part: Part

    public init(account: Name, lot: SequenceNumber, expiresAt: Timestamp, part: Part) {
        self.account = account
        self.lot = lot
        self.expiresAt = expiresAt
        self.part = part
    }
}

// MARK: Facts of use

/// Units were taken for a use.
public struct Debited: Hashable, Sendable {
    public var account: Name
    /// Nil when the debit named unit and amount itself.
    public var priced: Priced?
    public var use: Use
    /// The item's own id, when the debit is an item of a `debitBatch`.
    public var item: Name?
    /// One per unit, in the order of the price's charges.
    public var parts: [Part]

    public init(account: Name, priced: Priced?, use: Use, item: Name? = nil, parts: [Part]) {
        self.account = account
        self.priced = priced
        self.use = use
        self.item = item
        self.parts = parts
    }
}

/// How a debit came to its amount.
public struct Priced: Hashable, Sendable {
    public var feature: Name
    public var quantities: [Quantity]
    /// The version of `price/<feature>` that was in force.
    public var version: Int

    public init(feature: Name, quantities: [Quantity], version: Int) {
        self.feature = feature
        self.quantities = quantities
        self.version = version
    }
}

/// What is said about a use, apart from what it costs.
public struct Use: Hashable, Sendable {
    public var key: Name?
    public var batch: Name?
    public var labels: Labels
    /// When the use happened, if not now; it dates the event in reports.
    public var occurredAt: Timestamp?
    /// Any JSON of at most 4 KiB, as it was sent.
    public var details: String?

    public init(key: Name? = nil, batch: Name? = nil, labels: Labels = [:], occurredAt: Timestamp? = nil, details: String? = nil)
    {
        self.key = key
        self.batch = batch
        self.labels = labels
        self.occurredAt = occurredAt
        self.details = details
    }
}

/// The items of a `debitBatch` in mode `each` that were refused. Their ids stay free.
public struct ItemsRejected: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        public var item: Name
        public var rejection: RejectionRecord

        public init(item: Name, rejection: RejectionRecord) {
            self.item = item
            self.rejection = rejection
        }
    }

    public var account: Name
    public var batch: Name
    public var items: [Item]

    public init(account: Name, batch: Name, items: [Item]) {
        self.account = account
        self.batch = batch
        self.items = items
    }
}

/// Units of a debit were given back to the lots they came from.
public struct Refunded: Hashable, Sendable {
    /// What was given back in one unit.
    public struct Return: Hashable, Sendable {
        public var part: Part
        /// Lots among `part.lots` that had been used up, and with what terms they are open again.
        public var reopened: [SequenceNumber: LotTerms]
        /// What belonged to lots that have lapsed: not available again.
        public var expired: Amount
        /// The part of `expired` that was given anew as a lot that bears this event's number, with its terms.
        public var reissued: LotTerms?

        public init(part: Part, reopened: [SequenceNumber: LotTerms] = [:], expired: Amount = .zero, reissued: LotTerms? = nil) {
            self.part = part
            self.reopened = reopened
            self.expired = expired
            self.reissued = reissued
        }
    }

    public var account: Name
    /// The id of the debit's command, or of its item.
    public var of: Name
    /// The debit's own number.
    public var debit: SequenceNumber
    public var feature: Name?
    public var batch: Name?
    public var labels: Labels
    /// The quantities given back; empty for a refund by amount.
    public var quantities: [Quantity]
    public var reason: String?
    /// One per unit of the debit that something is given back of, in the debit's order.
    public var returns: [Return]

    public init(
        account: Name, of: Name, debit: SequenceNumber, feature: Name?, batch: Name?, labels: Labels, quantities: [Quantity],
        reason: String?,
        returns: [Return]
    ) {
        self.account = account
        self.of = of
        self.debit = debit
        self.feature = feature
        self.batch = batch
        self.labels = labels
        self.quantities = quantities
        self.reason = reason
        self.returns = returns
    }
}

// MARK: Facts of batches

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

public struct BatchClosed: Hashable, Sendable {
    public var account: Name
    public var batch: Name

    public init(account: Name, batch: Name) {
        self.account = account
        self.batch = batch
    }
}

// MARK: Facts of configuration and alerts

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
