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
    case versionMismatch(DocumentKey, expected: Int, actual: Int)
    case versionNotFound(DocumentKey, version: Int, newest: Int)
    case scaleInUse(unit: Name, scale: Int)
    case rateOutOfRange(DocumentKey)
    // Accounts
    case accountExists(Name)
    case accountNotFound(Name)
    // Batches
    case batchExists(Name)
    case batchNotFound(Name)
    case batchClosed(Name)
    // Alerts
    case alertNotFound(SequenceNumber)
    // Refunds
    case debitNotFound(Name)
    case notRefundable(of: Name, reason: String)
    case refundExceedsDebit(of: Name, asked: Amount, left: Amount)
    // Prices
    case priceNotFound(feature: Name)
    case priceDisabled(feature: Name, version: Int)
    case unknownDimension(feature: Name, dimension: Name)
    // Amounts and balances
    case amountOverflow(unit: Name)
    case tooManyLots(account: Name, unit: Name, limit: Int)
    case insufficientBalance(unit: Name, asked: Amount, available: Amount, held: Amount)
    /// One of these, met in an item of an atomic `debitBatch`; it keeps its name and number.
    indirect case inItem(Name, Rejection)
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
        case .versionMismatch: 80
        case .versionNotFound: 90
        case .scaleInUse: 100
        case .rateOutOfRange: 110
        case .accountExists: 120
        case .accountNotFound: 130
        case .batchExists: 140
        case .batchNotFound: 150
        case .batchClosed: 160
        case .alertNotFound: 170
        case .debitNotFound: 180
        case .notRefundable: 190
        case .refundExceedsDebit: 200
        case .priceNotFound: 210
        case .priceDisabled: 220
        case .unknownDimension: 230
        case .amountOverflow: 240
        case .tooManyLots: 250
        case .insufficientBalance: 260
        case .inItem(_, let rejection): rejection.number
        }
    }
}
