/// A business no: an answer, not a failure. The order of the cases is the order in which the rules are checked, and the order of the
/// numbers; the numbers are part of the contract, are never reused, and leave room between them for rules to come.
public enum Rejection: Error, Hashable, Sendable {
    // What was sent
    case invalidField(field: String, reason: String)
    case reservedName(field: String, name: Name)
    case duplicateId(Name)
    case unknownTimeZone(Name)
    // When it happened
    case occurredInFuture(at: Timestamp, now: Timestamp)
    case occurredTooLate(at: Timestamp, lateDays: Int)
    // Configuration
    case documentNotFound(DocumentKey)
    case nothingScheduled(DocumentKey)
    case versionMismatch(DocumentKey, expected: Int, actual: Int)
    case versionNotFound(DocumentKey, version: Int, newest: Int)
    case scaleInUse(unit: Name, scale: Int)
    case rateOutOfRange(DocumentKey)
    case planNotFound(Name)
    case planDisabled(Name, version: Int)
    // Accounts
    case accountExists(Name)
    case accountNotFound(Name)
    case accountClosed(Name)
    case accountFrozen(Name)
    case accountNotFrozen(Name)
    case holdsOpen(account: Name, count: Int)
    // Batches
    case batchExists(Name)
    case batchNotFound(Name)
    case batchClosed(Name)
    // Plans of an account
    case alreadySubscribed(account: Name, plan: Name)
    case notSubscribed(account: Name, plan: Name)
    case tooManyPlans(account: Name, limit: Int)
    case allowanceNotFound(plan: Name, unit: Name, period: Period)
    // Alerts
    case alertNotFound(SequenceNumber)
    // Keys
    case keyExists(Name)
    /// The hash is another key's, of this tenant or of another.
    case keyHashExists(key: Name)
    case keyNotFound(Name)
    /// The key belongs to another account than the one that is to pay.
    case keyOfOtherAccount(Name, account: Name)
    case keyRevoked(Name)
    case keyExpired(Name, at: Timestamp)
    case keyDisabled(Name)
    /// The key may be used for other features only; nil is a use without one.
    case featureNotAllowed(key: Name, feature: Name?)
    // Refunds
    case debitNotFound(Name)
    case notRefundable(of: Name, reason: String)
    case refundExceedsDebit(of: Name, asked: Amount, left: Amount)
    // Holds
    case holdNotFound(Name)
    case holdClosed(Name)
    /// The settlement does not fit the hold.
    case notSettleable(hold: Name, reason: String)
    // Prices
    case priceNotFound(feature: Name)
    case priceDisabled(feature: Name, version: Int)
    case unknownDimension(feature: Name, dimension: Name)
    // Amounts and balances
    case amountOverflow(unit: Name)
    case tooManyLots(account: Name, unit: Name, limit: Int)
    /// By the account, or by its key: `of` names which.
    case tooManyHolds(of: Name, limit: Int)
    case amountExceedsHold(hold: Name, unit: Name, asked: Amount, held: Amount)
    case keyLimitExceeded(key: Name, unit: Name, asked: Amount, used: Amount, limit: Amount, resetsAt: Timestamp?)
    /// What a plan gives for the window, and all else that the account has of the unit, does not suffice.
    indirect case allowanceExhausted(AllowanceShortage)
    case insufficientBalance(unit: Name, asked: Amount, available: Amount, held: Amount)
    /// One of these, met in an item of an atomic `debitBatch`; it keeps its name and number.
    indirect case inItem(Name, Rejection)
    /// One of these, met in a command of a `submit`; it keeps its name and number.
    indirect case inCommand(Name, Rejection)
}

/// What was asked of a unit that a plan gives, and why it is refused.
public struct AllowanceShortage: Hashable, Sendable {
    public var unit: Name
    public var asked: Amount
    /// What is available of the unit altogether.
    public var available: Amount
    public var held: Amount
    /// The allowance whose window ends soonest.
    public var plan: Name
    public var period: Period
    public var used: Amount
    public var limit: Amount
    public var resetsAt: Timestamp?

    public init(
        unit: Name, asked: Amount, available: Amount, held: Amount, plan: Name, period: Period, used: Amount, limit: Amount,
        resetsAt: Timestamp?
    ) {
        self.unit = unit
        self.asked = asked
        self.available = available
        self.held = held
        self.plan = plan
        self.period = period
        self.used = used
        self.limit = limit
        self.resetsAt = resetsAt
    }
}

extension Rejection {
    /// The number on the wire.
    public var number: Int {
        switch self {
        case .invalidField: 10
        case .reservedName: 20
        case .duplicateId: 30
        case .unknownTimeZone: 40
        case .occurredInFuture: 50
        case .occurredTooLate: 60
        case .documentNotFound: 70
        case .nothingScheduled: 75
        case .versionMismatch: 80
        case .versionNotFound: 90
        case .scaleInUse: 100
        case .rateOutOfRange: 110
        case .planNotFound: 112
        case .planDisabled: 114
        case .accountExists: 120
        case .accountNotFound: 130
        case .accountClosed: 132
        case .accountFrozen: 134
        case .accountNotFrozen: 135
        case .holdsOpen: 136
        case .batchExists: 140
        case .batchNotFound: 150
        case .batchClosed: 160
        case .alreadySubscribed: 162
        case .notSubscribed: 163
        case .tooManyPlans: 164
        case .allowanceNotFound: 165
        case .alertNotFound: 170
        case .keyExists: 171
        case .keyHashExists: 172
        case .keyNotFound: 173
        case .keyOfOtherAccount: 174
        case .keyRevoked: 175
        case .keyExpired: 176
        case .keyDisabled: 177
        case .featureNotAllowed: 178
        case .debitNotFound: 180
        case .notRefundable: 190
        case .refundExceedsDebit: 200
        case .holdNotFound: 202
        case .holdClosed: 204
        case .notSettleable: 206
        case .priceNotFound: 210
        case .priceDisabled: 220
        case .unknownDimension: 230
        case .amountOverflow: 240
        case .tooManyLots: 250
        case .tooManyHolds: 252
        case .amountExceedsHold: 254
        case .keyLimitExceeded: 256
        case .allowanceExhausted: 258
        case .insufficientBalance: 260
        case .inItem(_, let rejection), .inCommand(_, let rejection): rejection.number
        }
    }
}
