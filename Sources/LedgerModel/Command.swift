/// A command with what surrounds it: for whom, under which id, from whom.
public struct Request: Sendable {
    public var tenant: Name
    /// The idempotency key, unique per tenant for ever.
    public var id: Name
    /// The first 8 bytes, big-endian, of SHA-256 over the command's typed fields: what makes the same id the same command.
    public var body: UInt64
    /// The user id of the sending process.
    public var peer: UInt32?
    public var actor: Name?
    public var command: Command

    public init(tenant: Name, id: Name, body: UInt64, peer: UInt32? = nil, actor: Name? = nil, command: Command) {
        self.tenant = tenant
        self.id = id
        self.body = body
        self.peer = peer
        self.actor = actor
        self.command = command
    }
}

/// What can be asked of the ledger. Each is all or nothing.
public enum Command: Hashable, Sendable {
    // Accounts
    case openAccount(OpenAccount)
    case freezeAccount(ChangeAccountState)
    case unfreezeAccount(ChangeAccountState)
    case closeAccount(ChangeAccountState)
    case grant(Grant)
    case adjust(Adjust)
    // Uses
    case debit(Debit)
    case debitBatch(DebitBatch)
    case refund(Refund)
    case recordUsage(RecordUsage)
    // Holds
    case hold(Hold)
    case extend(Extend)
    case settle(Settle)
    case release(Release)
    // Batches
    case openBatch(OpenBatch)
    case closeBatch(CloseBatch)
    // Plans
    case subscribe(Subscribe)
    case changePlan(ChangePlan)
    case unsubscribe(Unsubscribe)
    case overrideAllowance(OverrideAllowance)
    case resetAllowance(ResetAllowance)
    // Configuration
    case configure(Configure)
    case rollback(Rollback)
    // Keys
    case issueKeys(IssueKeys)
    case updateKeys(UpdateKeys)
    case revokeKeys(RevokeKeys)
    // Alerts
    case acknowledgeAlerts(AcknowledgeAlerts)
    // A provider's own figures
    case reportUsage(UsageReported)
    case reportSync(SyncReported)
    // Several at once
    indirect case submit(Submit)
}

/// Several commands of one tenant, accepted together or not at all.
public struct Submit: Hashable, Sendable {
    public struct Inner: Hashable, Sendable {
        public var id: Name
        /// As in `Request`.
        public var body: UInt64
        public var command: Command

        public init(id: Name, body: UInt64, command: Command) {
            self.id = id
            self.body = body
            self.command = command
        }
    }

    /// 1...`commandCountMax`; none is itself a `submit`, none a dry run.
    public var commands: [Inner]

    public init(commands: [Inner]) { self.commands = commands }

    /// So many are decided in a few milliseconds, and nobody else waits longer.
    public static let commandCountMax = 1000
}

public struct OpenAccount: Hashable, Sendable {
    public var account: Name
    public var name: Name?
    public var labels: Labels

    public init(account: Name, name: Name? = nil, labels: Labels = [:]) {
        self.account = account
        self.name = name
        self.labels = labels
    }
}

/// Freezes, unfreezes or closes an account.
public struct ChangeAccountState: Hashable, Sendable {
    public var account: Name
    public var reason: String

    public init(account: Name, reason: String) {
        self.account = account
        self.reason = reason
    }
}

public struct Grant: Hashable, Sendable {
    public var account: Name
    public var unit: Name
    /// At least 1.
    public var amount: Amount
    public var terms: LotTerms
    public var memo: String?

    public init(account: Name, unit: Name, amount: Amount, terms: LotTerms = LotTerms(source: .purchase), memo: String? = nil) {
        self.account = account
        self.unit = unit
        self.amount = amount
        self.terms = terms
        self.memo = memo
    }
}

public struct Adjust: Hashable, Sendable {
    public var account: Name
    public var unit: Name
    /// How far the balance moves; at least 1.
    public var amount: Amount
    public var isIncrease: Bool
    public var reason: String

    public init(account: Name, unit: Name, amount: Amount, isIncrease: Bool, reason: String) {
        self.account = account
        self.unit = unit
        self.amount = amount
        self.isIncrease = isIncrease
        self.reason = reason
    }
}

/// How much a debit takes: said outright, or found from a price.
public enum Ask: Hashable, Sendable {
    case amount(unit: Name, Amount)
    /// Quantities in order of their dimensions.
    case priced(feature: Name, quantities: [Quantity])

    /// The feature of a priced ask.
    public var feature: Name? {
        if case .priced(let feature, _) = self { feature } else { nil }
    }
}

public struct Debit: Hashable, Sendable {
    public var account: Name
    public var ask: Ask
    public var use: Use

    public init(account: Name, ask: Ask, use: Use = Use()) {
        self.account = account
        self.ask = ask
        self.use = use
    }
}

/// A history line that moves nothing. It may lie as far back as it likes.
public struct RecordUsage: Hashable, Sendable {
    public var account: Name
    public var ask: Ask
    public var use: Use

    public init(account: Name, ask: Ask, use: Use = Use()) {
        self.account = account
        self.ask = ask
        self.use = use
    }
}

public struct DebitBatch: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// All items or none.
        case atomic
        /// Every item for itself.
        case each
    }

    public struct Item: Hashable, Sendable {
        public var id: Name
        public var ask: Ask
        public var labels: Labels
        public var occurredAt: Timestamp?
        public var details: String?

        public init(id: Name, ask: Ask, labels: Labels = [:], occurredAt: Timestamp? = nil, details: String? = nil) {
            self.id = id
            self.ask = ask
            self.labels = labels
            self.occurredAt = occurredAt
            self.details = details
        }
    }

    public var account: Name
    public var batch: Name
    public var mode: Mode
    /// At least one.
    public var items: [Item]
    public var key: Name?

    public init(account: Name, batch: Name, mode: Mode = .atomic, items: [Item], key: Name? = nil) {
        self.account = account
        self.batch = batch
        self.mode = mode
        self.items = items
        self.key = key
    }
}

public struct OpenBatch: Hashable, Sendable {
    public var account: Name
    public var batch: Name
    public var feature: Name?
    public var size: Int?

    public init(account: Name, batch: Name, feature: Name? = nil, size: Int? = nil) {
        self.account = account
        self.batch = batch
        self.feature = feature
        self.size = size
    }
}

public struct CloseBatch: Hashable, Sendable {
    public var account: Name
    public var batch: Name

    public init(account: Name, batch: Name) {
        self.account = account
        self.batch = batch
    }
}

public struct Refund: Hashable, Sendable {
    /// How much of the debit to give back.
    public enum Extent: Hashable, Sendable {
        case everything
        case amount(Amount)
        /// Quantities in order of their dimensions.
        case quantities([Quantity])
    }

    /// The id of the debit's or settlement's command, of the item, or of a hold that ended in a settlement or was captured.
    public var of: Name
    public var extent: Extent
    /// When what belonged to a lapsed lot is to be given anew, until when: nil inside means for ever.
    public var reissue: Reissue?
    public var reason: String?

    public struct Reissue: Hashable, Sendable {
        public var expiresAt: Timestamp?

        public init(expiresAt: Timestamp?) { self.expiresAt = expiresAt }
    }

    public init(of: Name, extent: Extent = .everything, reissue: Reissue? = nil, reason: String? = nil) {
        self.of = of
        self.extent = extent
        self.reissue = reissue
        self.reason = reason
    }
}

public struct Configure: Hashable, Sendable {
    public struct Change: Hashable, Sendable {
        public enum Action: Hashable, Sendable {
            case put(Document)
            case delete
            /// Takes back what is scheduled for the key.
            case cancel
        }

        public var key: DocumentKey
        public var action: Action
        /// The version that must be the current one; 0 for "there is none yet".
        public var expectVersion: Int?

        public init(key: DocumentKey, action: Action, expectVersion: Int? = nil) {
            self.key = key
            self.action = action
            self.expectVersion = expectVersion
        }

        public init(key: DocumentKey, document: Document?, expectVersion: Int? = nil) {
            self.init(key: key, action: document.map { .put($0) } ?? .delete, expectVersion: expectVersion)
        }
    }

    /// At least one; each key at most once.
    public var changes: [Change]
    public var reason: String
    /// When the changes come into force, if not now.
    public var effectiveAt: Timestamp?
    /// Answer what would change, and change nothing.
    public var isDryRun: Bool

    public init(changes: [Change], reason: String, effectiveAt: Timestamp? = nil, isDryRun: Bool = false) {
        self.changes = changes
        self.reason = reason
        self.effectiveAt = effectiveAt
        self.isDryRun = isDryRun
    }
}

public struct Rollback: Hashable, Sendable {
    public var key: DocumentKey
    /// The version whose content becomes the newest again.
    public var version: Int
    public var reason: String

    public init(key: DocumentKey, version: Int, reason: String) {
        self.key = key
        self.version = version
        self.reason = reason
    }
}

public struct AcknowledgeAlerts: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case delivered, read
    }

    /// The numbers of the `alertRaised` events; 1...`alertCountMax` of them.
    public var alerts: [SequenceNumber]
    public var state: State

    /// A screen full, and a line well below 60 KiB.
    public static let alertCountMax = 1000

    public init(alerts: [SequenceNumber], state: State) {
        self.alerts = alerts
        self.state = state
    }
}
