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
        case .nothingScheduled: "nothingScheduled"
        case .versionMismatch: "versionMismatch"
        case .versionNotFound: "versionNotFound"
        case .scaleInUse: "scaleInUse"
        case .rateOutOfRange: "rateOutOfRange"
        case .planNotFound: "planNotFound"
        case .planDisabled: "planDisabled"
        case .accountExists: "accountExists"
        case .accountNotFound: "accountNotFound"
        case .accountClosed: "accountClosed"
        case .accountFrozen: "accountFrozen"
        case .accountNotFrozen: "accountNotFrozen"
        case .holdsOpen: "holdsOpen"
        case .batchExists: "batchExists"
        case .batchNotFound: "batchNotFound"
        case .batchClosed: "batchClosed"
        case .alreadySubscribed: "alreadySubscribed"
        case .notSubscribed: "notSubscribed"
        case .tooManyPlans: "tooManyPlans"
        case .allowanceNotFound: "allowanceNotFound"
        case .alertNotFound: "alertNotFound"
        case .keyExists: "keyExists"
        case .keyHashExists: "keyHashExists"
        case .keyNotFound: "keyNotFound"
        case .keyOfOtherAccount: "keyOfOtherAccount"
        case .keyRevoked: "keyRevoked"
        case .keyExpired: "keyExpired"
        case .keyDisabled: "keyDisabled"
        case .featureNotAllowed: "featureNotAllowed"
        case .debitNotFound: "debitNotFound"
        case .notRefundable: "notRefundable"
        case .refundExceedsDebit: "refundExceedsDebit"
        case .holdNotFound: "holdNotFound"
        case .holdClosed: "holdClosed"
        case .notSettleable: "notSettleable"
        case .priceNotFound: "priceNotFound"
        case .priceDisabled: "priceDisabled"
        case .unknownDimension: "unknownDimension"
        case .amountOverflow: "amountOverflow"
        case .tooManyLots: "tooManyLots"
        case .tooManyHolds: "tooManyHolds"
        case .amountExceedsHold: "amountExceedsHold"
        case .keyLimitExceeded: "keyLimitExceeded"
        case .allowanceExhausted: "allowanceExhausted"
        case .insufficientBalance: "insufficientBalance"
        case .inItem(_, let rejection), .inCommand(_, let rejection): rejection.name
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
        case .nothingScheduled(let key): "nothing is scheduled for \(key)"
        case .versionMismatch(let key, let expected, let actual): "\(key) is at version \(actual), not \(expected)"
        case .versionNotFound(let key, let version, let newest): "\(key) has no version \(version); the newest is \(newest)"
        case .scaleInUse(let unit, let scale): "the unit \(unit) is in use with scale \(scale), which cannot change"
        case .rateOutOfRange(let key): "the rates of \(key) cannot be computed exactly together"
        case .planNotFound(let plan): "there is no plan \(plan)"
        case .planDisabled(let plan, let version): "the plan \(plan) takes no new subscriptions since version \(version)"
        case .accountExists(let account): "the account \(account) is open already"
        case .accountNotFound(let account): "there is no account \(account)"
        case .accountClosed(let account): "the account \(account) is closed"
        case .accountFrozen(let account): "the account \(account) is frozen"
        case .accountNotFrozen(let account): "the account \(account) is not frozen"
        case .holdsOpen(let account, let count): "\(account) has \(count) open holds: settle or release them first"
        case .batchExists(let batch): "the batch \(batch) is there already"
        case .batchNotFound(let batch): "there is no batch \(batch)"
        case .batchClosed(let batch): "the batch \(batch) is closed"
        case .alreadySubscribed(let account, let plan): "\(account) has the plan \(plan) already"
        case .notSubscribed(let account, let plan): "\(account) has no plan \(plan)"
        case .tooManyPlans(let account, let limit): "\(account) has \(limit) plans, which is the most"
        case .allowanceNotFound(let plan, let unit, let period):
            "the plan \(plan) gives no \(unit) by \(period.rawValue) in the window that is open"
        case .alertNotFound(let alert): "there is no unread alert \(alert)"
        case .keyExists(let key): "the key \(key) is there already"
        case .keyHashExists(let key): "the hash of \(key) belongs to another key"
        case .keyNotFound(let key): "there is no key \(key)"
        case .keyOfOtherAccount(let key, let account): "the key \(key) does not belong to \(account)"
        case .keyRevoked(let key): "the key \(key) is revoked"
        case .keyExpired(let key, let at): "the key \(key) expired at \(at)"
        case .keyDisabled(let key): "the key \(key) is disabled"
        case .featureNotAllowed(let key, let feature):
            "the key \(key) may not be used for \(feature?.text ?? "a use without a feature")"
        case .debitNotFound(let id): "there is no debit \(id)"
        case .notRefundable(let id, let reason): "\(id) cannot be refunded so: \(reason)"
        case .refundExceedsDebit(let id, let asked, let left): "\(asked) asked back of \(id), \(left) left to refund"
        case .holdNotFound(let hold): "there is no hold \(hold)"
        case .holdClosed(let hold): "the hold \(hold) has ended"
        case .notSettleable(let hold, let reason): "\(hold) cannot be settled so: \(reason)"
        case .priceNotFound(let feature): "the feature \(feature) has no price"
        case .priceDisabled(let feature, let version): "the price of \(feature) is disabled since version \(version)"
        case .unknownDimension(let feature, let dimension): "the price of \(feature) has no rate for \(dimension)"
        case .amountOverflow(let unit): "an amount of \(unit) would pass \(Amount.max)"
        case .tooManyLots(let account, let unit, let limit): "\(account) has \(limit) open lots of \(unit), which is the most"
        case .tooManyHolds(let owner, let limit): "\(owner) may have at most \(limit) holds open, and has them"
        case .amountExceedsHold(let hold, let unit, let asked, let held):
            "\(asked) \(unit) asked of the hold \(hold), \(held) held"
        case .keyLimitExceeded(let key, let unit, let asked, let used, let limit, let resetsAt):
            "the key \(key) may spend \(limit) \(unit)\(Rejection.until(resetsAt)): \(used) used, \(asked) asked"
        case .allowanceExhausted(let shortage):
            "the plan \(shortage.plan) gives \(shortage.limit) \(shortage.unit)\(Rejection.until(shortage.resetsAt)): \(shortage.used) used, \(shortage.asked) asked, \(shortage.available) available"
        case .insufficientBalance(let unit, let asked, let available, _):
            "insufficient balance: \(asked) \(unit) asked, \(available) available"
        case .inItem(let item, let rejection): "item \(item): \(rejection.message)"
        case .inCommand(let id, let rejection): "command \(id): \(rejection.message)"
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
        case .nothingScheduled(let key): [("key", .init(key))]
        case .versionMismatch(let key, let expected, let actual):
            [("key", .init(key)), ("expected", .init(expected)), ("actual", .init(actual))]
        case .versionNotFound(let key, let version, let newest):
            [("key", .init(key)), ("version", .init(version)), ("newest", .init(newest))]
        case .scaleInUse(let unit, let scale): [("unit", .init(unit)), ("scale", .init(scale))]
        case .rateOutOfRange(let key): [("key", .init(key))]
        case .planNotFound(let plan): [("plan", .init(plan))]
        case .planDisabled(let plan, let version): [("plan", .init(plan)), ("version", .init(version))]
        case .accountExists(let account): [("account", .init(account))]
        case .accountNotFound(let account): [("account", .init(account))]
        case .accountClosed(let account): [("account", .init(account))]
        case .accountFrozen(let account): [("account", .init(account))]
        case .accountNotFrozen(let account): [("account", .init(account))]
        case .holdsOpen(let account, let count): [("account", .init(account)), ("count", .init(count))]
        case .batchExists(let batch): [("batch", .init(batch))]
        case .batchNotFound(let batch): [("batch", .init(batch))]
        case .batchClosed(let batch): [("batch", .init(batch))]
        case .alreadySubscribed(let account, let plan): [("account", .init(account)), ("plan", .init(plan))]
        case .notSubscribed(let account, let plan): [("account", .init(account)), ("plan", .init(plan))]
        case .tooManyPlans(let account, let limit): [("account", .init(account)), ("limit", .init(limit))]
        case .allowanceNotFound(let plan, let unit, let period):
            [("plan", .init(plan)), ("unit", .init(unit)), ("period", .text(period.rawValue))]
        case .alertNotFound(let alert): [("alert", .init(alert))]
        case .keyExists(let key): [("key", .init(key))]
        case .keyHashExists(let key): [("key", .init(key))]
        case .keyNotFound(let key): [("key", .init(key))]
        case .keyOfOtherAccount(let key, let account): [("key", .init(key)), ("account", .init(account))]
        case .keyRevoked(let key): [("key", .init(key))]
        case .keyExpired(let key, let at): [("key", .init(key)), ("expiresAt", .init(at))]
        case .keyDisabled(let key): [("key", .init(key))]
        case .featureNotAllowed(let key, let feature):
            [("key", .init(key))] + (feature.map { [("feature", .init($0))] } ?? [])
        case .debitNotFound(let id): [("of", .init(id))]
        case .notRefundable(let id, let reason): [("of", .init(id)), ("reason", .text(reason))]
        case .refundExceedsDebit(let id, let asked, let left):
            [("of", .init(id)), ("asked", .init(asked)), ("left", .init(left))]
        case .holdNotFound(let hold): [("hold", .init(hold))]
        case .holdClosed(let hold): [("hold", .init(hold))]
        case .notSettleable(let hold, let reason): [("hold", .init(hold)), ("reason", .text(reason))]
        case .priceNotFound(let feature): [("feature", .init(feature))]
        case .priceDisabled(let feature, let version): [("feature", .init(feature)), ("version", .init(version))]
        case .unknownDimension(let feature, let dimension): [("feature", .init(feature)), ("dimension", .init(dimension))]
        case .amountOverflow(let unit): [("unit", .init(unit))]
        case .tooManyLots(let account, let unit, let limit):
            [("account", .init(account)), ("unit", .init(unit)), ("limit", .init(limit))]
        case .tooManyHolds(let owner, let limit): [("of", .init(owner)), ("limit", .init(limit))]
        case .amountExceedsHold(let hold, let unit, let asked, let held):
            [("hold", .init(hold)), ("unit", .init(unit)), ("asked", .init(asked)), ("held", .init(held))]
        case .keyLimitExceeded(let key, let unit, let asked, let used, let limit, let resetsAt):
            [("key", .init(key)), ("unit", .init(unit)), ("asked", .init(asked)), ("used", .init(used)), ("limit", .init(limit))]
                + Rejection.resets(resetsAt)
        case .allowanceExhausted(let shortage): shortage.fields
        case .insufficientBalance(let unit, let asked, let available, let held):
            [("unit", .init(unit)), ("asked", .init(asked)), ("available", .init(available)), ("held", .init(held))]
        case .inItem(let item, let rejection): [("item", .init(item))] + rejection.fields
        case .inCommand(let id, let rejection): [("command", .init(id))] + rejection.fields
        }
    }
    private static func until(_ resetsAt: Timestamp?) -> String { resetsAt.map { " until \($0)" } ?? "" }

    fileprivate static func resets(_ resetsAt: Timestamp?) -> [(key: String, value: RejectionRecord.Value)] {
        resetsAt.map { [("resetsAt", .init($0))] } ?? []
    }
}

extension AllowanceShortage {
    fileprivate var fields: [(key: String, value: RejectionRecord.Value)] {
        [
            ("unit", .init(unit)), ("asked", .init(asked)), ("available", .init(available)), ("held", .init(held)),
            ("plan", .init(plan)), ("period", .text(period.rawValue)), ("used", .init(used)), ("limit", .init(limit)),
        ] + Rejection.resets(resetsAt)
    }
}
