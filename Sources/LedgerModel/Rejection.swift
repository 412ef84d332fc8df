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

/// A rejection as it is told and kept: its name, its number, a sentence for people and the facts for programs.
public struct RejectionRecord: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
    }

    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// The case's name, such as `insufficientBalance`.
    public var name: String
    public var number: Int
    public var message: String
    public var fields: [Field]

    public init(name: String, number: Int, message: String, fields: [Field]) {
        self.name = name
        self.number = number
        self.message = message
        self.fields = fields
    }
}

extension RejectionRecord.Value: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    init(_ name: Name) { self = .text(name.text) }
    init(_ text: some CustomStringConvertible) { self = .text(text.description) }
    init(_ amount: Amount) { self = .number(amount.rawValue) }
    init(_ count: Int) { self = .number(Int64(count)) }
    init(_ sequence: SequenceNumber) { self = .number(Int64(sequence.rawValue)) }
}

extension RejectionRecord {
    private typealias Told = (name: String, message: String, fields: [(String, Value)])

    public init(_ rejection: Rejection) {
        if case .inItem(let item, let rejection) = rejection {
            self.init(rejection)
            message = "item \(item): \(message)"
            fields.insert(Field(name: "item", value: Value(item)), at: 0)
            return
        }
        let told = RejectionRecord.tell(rejection)
        self.init(
            name: told.name, number: rejection.number, message: told.message,
            fields: told.fields.map { Field(name: $0.0, value: $0.1) })
    }

    private static func tell(_ rejection: Rejection) -> Told {
        switch rejection {
        case .invalidField, .reservedName, .duplicateId, .unknownTimeZone, .occurredInFuture, .occurredTooLate:
            tellInput(rejection)
        case .documentNotFound, .versionMismatch, .versionNotFound, .scaleInUse, .rateOutOfRange: tellConfiguration(rejection)
        default: tellState(rejection)
        }
    }

    private static func tellInput(_ rejection: Rejection) -> Told {
        switch rejection {
        case .invalidField(let field, let reason):
            ("invalidField", "\(field): \(reason)", [("field", .text(field)), ("reason", .text(reason))])
        case .reservedName(let field, let name):
            (
                "reservedName", "\(field): names beginning with $ are the ledger's own",
                [("field", .text(field)), ("name", Value(name))]
            )
        case .duplicateId(let id):
            ("duplicateId", "the id \(id) is used already", [("duplicate", Value(id))])
        case .unknownTimeZone(let zone):
            ("unknownTimeZone", "there is no time zone \(zone)", [("timeZone", Value(zone))])
        case .occurredInFuture(let at, let now):
            (
                "occurredInFuture", "occurredAt \(at) lies after the ledger's time \(now)",
                [("occurredAt", Value(at)), ("now", Value(now))]
            )
        case .occurredTooLate(let at, let lateDays):
            (
                "occurredTooLate", "occurredAt \(at) lies more than \(lateDays) days back (tenant/settings.lateDays)",
                [("occurredAt", Value(at)), ("lateDays", Value(lateDays))]
            )
        default: preconditionFailure("not a rejection of input")
        }
    }

    private static func tellConfiguration(_ rejection: Rejection) -> Told {
        switch rejection {
        case .documentNotFound(let key):
            ("documentNotFound", "there is no document \(key)", [("key", Value(key))])
        case .versionMismatch(let key, let expected, let actual):
            (
                "versionMismatch", "\(key) is at version \(actual), not \(expected)",
                [("key", Value(key)), ("expected", Value(expected)), ("actual", Value(actual))]
            )
        case .versionNotFound(let key, let version, let newest):
            (
                "versionNotFound", "\(key) has no version \(version); the newest is \(newest)",
                [("key", Value(key)), ("version", Value(version)), ("newest", Value(newest))]
            )
        case .scaleInUse(let unit, let scale):
            (
                "scaleInUse", "the unit \(unit) is in use with scale \(scale), which cannot change",
                [("unit", Value(unit)), ("scale", Value(scale))]
            )
        case .rateOutOfRange(let key):
            ("rateOutOfRange", "the rates of \(key) cannot be computed exactly together", [("key", Value(key))])
        default: preconditionFailure("not a rejection of configuration")
        }
    }

    private static func tellState(_ rejection: Rejection) -> Told {
        switch rejection {
        case .accountExists(let account):
            ("accountExists", "the account \(account) is open already", [("account", Value(account))])
        case .accountNotFound(let account): ("accountNotFound", "there is no account \(account)", [("account", Value(account))])
        case .batchExists(let batch): ("batchExists", "the batch \(batch) is there already", [("batch", Value(batch))])
        case .batchNotFound(let batch): ("batchNotFound", "there is no batch \(batch)", [("batch", Value(batch))])
        case .batchClosed(let batch): ("batchClosed", "the batch \(batch) is closed", [("batch", Value(batch))])
        case .alertNotFound(let alert): ("alertNotFound", "there is no unread alert \(alert)", [("alert", Value(alert))])
        case .debitNotFound(let id): ("debitNotFound", "there is no debit \(id)", [("of", Value(id))])
        case .notRefundable(let id, let reason):
            ("notRefundable", "\(id) cannot be refunded so: \(reason)", [("of", Value(id)), ("reason", .text(reason))])
        case .refundExceedsDebit(let id, let asked, let left):
            (
                "refundExceedsDebit", "\(asked) asked back of \(id), \(left) left to refund",
                [("of", Value(id)), ("asked", Value(asked)), ("left", Value(left))]
            )
        default: tellPriceAndBalance(rejection)
        }
    }

    private static func tellPriceAndBalance(_ rejection: Rejection) -> Told {
        switch rejection {
        case .priceNotFound(let feature): ("priceNotFound", "the feature \(feature) has no price", [("feature", Value(feature))])
        case .priceDisabled(let feature, let version):
            (
                "priceDisabled", "the price of \(feature) is disabled since version \(version)",
                [("feature", Value(feature)), ("version", Value(version))]
            )
        case .unknownDimension(let feature, let dimension):
            (
                "unknownDimension", "the price of \(feature) has no rate for \(dimension)",
                [("feature", Value(feature)), ("dimension", Value(dimension))]
            )
        case .amountOverflow(let unit):
            ("amountOverflow", "an amount of \(unit) would pass \(Amount.max)", [("unit", Value(unit))])
        case .tooManyLots(let account, let unit, let limit):
            (
                "tooManyLots", "\(account) has \(limit) open lots of \(unit), which is the most",
                [("account", Value(account)), ("unit", Value(unit)), ("limit", Value(limit))]
            )
        case .insufficientBalance(let unit, let asked, let available, let held):
            (
                "insufficientBalance", "insufficient balance: \(asked) \(unit) asked, \(available) available",
                [("unit", Value(unit)), ("asked", Value(asked)), ("available", Value(available)), ("held", Value(held))]
            )
        default: preconditionFailure("a rejection that is told elsewhere")
        }
    }
}
