/// What a rejection says: its name, a sentence for people, and the facts for programs.
extension Rejection {
    /// The case's name, which is part of the contract.
    public var name: String {
        switch self {
        case .invalidField: "invalidField"
        case .reservedName: "reservedName"
        case .duplicateId: "duplicateId"
        case .unknownTimeZone: "unknownTimeZone"
        case .occurredInFuture: "occurredInFuture"
        case .occurredTooLate: "occurredTooLate"
        case .documentNotFound: "documentNotFound"
        case .versionMismatch: "versionMismatch"
        case .versionNotFound: "versionNotFound"
        case .scaleInUse: "scaleInUse"
        case .rateOutOfRange: "rateOutOfRange"
        case .accountExists: "accountExists"
        case .accountNotFound: "accountNotFound"
        case .batchExists: "batchExists"
        case .batchNotFound: "batchNotFound"
        case .batchClosed: "batchClosed"
        case .alertNotFound: "alertNotFound"
        case .debitNotFound: "debitNotFound"
        case .notRefundable: "notRefundable"
        case .refundExceedsDebit: "refundExceedsDebit"
        case .priceNotFound: "priceNotFound"
        case .priceDisabled: "priceDisabled"
        case .unknownDimension: "unknownDimension"
        case .amountOverflow: "amountOverflow"
        case .tooManyLots: "tooManyLots"
        case .insufficientBalance: "insufficientBalance"
        case .inItem(_, let rejection): rejection.name
        }
    }

    /// What was refused, by which rule, and by how much.
    public var message: String {
        switch self {
        case .invalidField(let field, let reason): "\(field): \(reason)"
        case .reservedName(let field, _): "\(field): names beginning with $ are the ledger's own"
        case .duplicateId(let id): "the id \(id) is used already"
        case .unknownTimeZone(let zone): "there is no time zone \(zone)"
        case .occurredInFuture(let at, let now): "occurredAt \(at) lies after the ledger's time \(now)"
        case .occurredTooLate(let at, let lateDays):
            "occurredAt \(at) lies more than \(lateDays) days back (tenant/settings.lateDays)"
        case .documentNotFound(let key): "there is no document \(key)"
        case .versionMismatch(let key, let expected, let actual): "\(key) is at version \(actual), not \(expected)"
        case .versionNotFound(let key, let version, let newest): "\(key) has no version \(version); the newest is \(newest)"
        case .scaleInUse(let unit, let scale): "the unit \(unit) is in use with scale \(scale), which cannot change"
        case .rateOutOfRange(let key): "the rates of \(key) cannot be computed exactly together"
        case .accountExists(let account): "the account \(account) is open already"
        case .accountNotFound(let account): "there is no account \(account)"
        case .batchExists(let batch): "the batch \(batch) is there already"
        case .batchNotFound(let batch): "there is no batch \(batch)"
        case .batchClosed(let batch): "the batch \(batch) is closed"
        case .alertNotFound(let alert): "there is no unread alert \(alert)"
        case .debitNotFound(let id): "there is no debit \(id)"
        case .notRefundable(let id, let reason): "\(id) cannot be refunded so: \(reason)"
        case .refundExceedsDebit(let id, let asked, let left): "\(asked) asked back of \(id), \(left) left to refund"
        case .priceNotFound(let feature): "the feature \(feature) has no price"
        case .priceDisabled(let feature, let version): "the price of \(feature) is disabled since version \(version)"
        case .unknownDimension(let feature, let dimension): "the price of \(feature) has no rate for \(dimension)"
        case .amountOverflow(let unit): "an amount of \(unit) would pass \(Amount.max)"
        case .tooManyLots(let account, let unit, let limit): "\(account) has \(limit) open lots of \(unit), which is the most"
        case .insufficientBalance(let unit, let asked, let available, _):
            "insufficient balance: \(asked) \(unit) asked, \(available) available"
        case .inItem(let item, let rejection): "item \(item): \(rejection.message)"
        }
    }

    var fields: [(key: String, value: RejectionRecord.Value)] {
        switch self {
        case .invalidField(let field, let reason): [("field", .text(field)), ("reason", .text(reason))]
        case .reservedName(let field, let name): [("field", .text(field)), ("name", .init(name))]
        case .duplicateId(let id): [("duplicate", .init(id))]
        case .unknownTimeZone(let zone): [("timeZone", .init(zone))]
        case .occurredInFuture(let at, let now): [("occurredAt", .init(at)), ("now", .init(now))]
        case .occurredTooLate(let at, let lateDays): [("occurredAt", .init(at)), ("lateDays", .init(lateDays))]
        case .documentNotFound(let key): [("key", .init(key))]
        case .versionMismatch(let key, let expected, let actual):
            [("key", .init(key)), ("expected", .init(expected)), ("actual", .init(actual))]
        case .versionNotFound(let key, let version, let newest):
            [("key", .init(key)), ("version", .init(version)), ("newest", .init(newest))]
        case .scaleInUse(let unit, let scale): [("unit", .init(unit)), ("scale", .init(scale))]
        case .rateOutOfRange(let key): [("key", .init(key))]
        case .accountExists(let account): [("account", .init(account))]
        case .accountNotFound(let account): [("account", .init(account))]
        case .batchExists(let batch): [("batch", .init(batch))]
        case .batchNotFound(let batch): [("batch", .init(batch))]
        case .batchClosed(let batch): [("batch", .init(batch))]
        case .alertNotFound(let alert): [("alert", .init(alert))]
        case .debitNotFound(let id): [("of", .init(id))]
        case .notRefundable(let id, let reason): [("of", .init(id)), ("reason", .text(reason))]
        case .refundExceedsDebit(let id, let asked, let left):
            [("of", .init(id)), ("asked", .init(asked)), ("left", .init(left))]
        case .priceNotFound(let feature): [("feature", .init(feature))]
        case .priceDisabled(let feature, let version): [("feature", .init(feature)), ("version", .init(version))]
        case .unknownDimension(let feature, let dimension): [("feature", .init(feature)), ("dimension", .init(dimension))]
        case .amountOverflow(let unit): [("unit", .init(unit))]
        case .tooManyLots(let account, let unit, let limit):
            [("account", .init(account)), ("unit", .init(unit)), ("limit", .init(limit))]
        case .insufficientBalance(let unit, let asked, let available, let held):
            [("unit", .init(unit)), ("asked", .init(asked)), ("available", .init(available)), ("held", .init(held))]
        case .inItem(let item, let rejection): [("item", .init(item))] + rejection.fields
        }
    }
}
