/// The decided truth in memory: balances, holds, plans, keys, configuration, alerts, and every id ever used.
///
/// `decide` looks and changes nothing; `apply` changes and decides nothing. A book replayed from the log equals the one that wrote it.
public struct Book: Sendable {
    /// The number of the last event applied.
    public internal(set) var lastSequence = SequenceNumber.zero
    /// The ledger's time of the last event applied.
    public internal(set) var lastAt = Timestamp(microseconds: 0)
    /// Who the ledger is; nil before its first event.
    public internal(set) var identity: Identity?
    var tenants = Sharded<Name, Tenant>()
    var identifiers: IdentifierTable
    /// Whose a key's hash is: unique across the ledger, for ever.
    var keyHashes = Sharded<KeyHash, KeyPlace>()
    var agendas = Agendas()
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

    func tenant(_ name: Name) -> Tenant { tenants[name] ?? Tenant(name: name) }
}

struct KeyPlace: Hashable, Sendable {
    let tenant: Name
    let key: Name
}

extension Book: Equatable {
    /// Field by field, but for the zones, which are not the book's own.
    public static func == (left: Self, right: Self) -> Bool {
        left.lastSequence == right.lastSequence && left.lastAt == right.lastAt && left.identity == right.identity
            && left.tenants == right.tenants
            && left.identifiers == right.identifiers && left.keyHashes == right.keyHashes && left.agendas == right.agendas
    }
}

/// What `decide` answers when it does not reject.
public enum Decision: Sendable {
    /// The command's group of events, to be applied and written.
    case accepted([Event])
    /// The id was used before; this event was the first of its group, or the item that used it, or what ended the hold that it names.
    case known(SequenceNumber)
    /// These events must be read back from the log first, and given as `Recalled`.
    case recall([SequenceNumber])
    /// A dry run: what would change.
    case dryRun(DryRun)
}

/// What was read back from the log for a command on something that the book has forgotten.
public struct Recalled: Sendable {
    /// By the number asked for: the group that it begins, or the one event if it begins none.
    public var groups: [SequenceNumber: [Event]]
    /// The terms of the lots that these events drew from.
    public var lots: [SequenceNumber: LotTerms]

    public static let none = Recalled(groups: [:], lots: [:])

    public init(groups: [SequenceNumber: [Event]], lots: [SequenceNumber: LotTerms]) {
        self.groups = groups
        self.lots = lots
    }

    public mutating func merge(_ other: Recalled) {
        groups.merge(other.groups) { $1 }
        lots.merge(other.lots) { $1 }
    }
}

extension Event {
    /// What it took for good, and what a refund gives back.
    public var partsTaken: [Part] {
        switch fact {
        case .debited(let fact): fact.parts
        case .settled(let fact), .holdExpired(let fact): fact.parts
        default: []
        }
    }

    /// The terms of the lots that this event opened, by unit.
    public var openedLots: [Name: LotTerms] {
        switch fact {
        case .granted(let fact): [fact.part.unit: fact.terms]
        case .adjusted(let fact) where fact.isIncrease: [fact.part.unit: LotTerms(source: .adjustment)]
        case .allowanceOpened(let fact):
            [fact.part.unit: LotTerms(priority: fact.priority, expiresAt: fact.expiresAt, source: .plan)]
        case .refunded(let fact):
            Dictionary(
                uniqueKeysWithValues: fact.returns.compactMap { returned in returned.reissued.map { (returned.part.unit, $0) } })
        default: [:]
        }
    }
}
