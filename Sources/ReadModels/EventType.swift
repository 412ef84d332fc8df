import LedgerModel

/// The kinds of event as numbers, so that a row's type is compared as a bit. The names are those of the log.
enum EventType: UInt8, CaseIterable {
    case ledgerOpened, recovered, restored, signingKeyReplaced, submitted
    case accountOpened, accountFrozen, accountUnfrozen, accountClosed, granted, adjusted, lotExpired
    case debited, itemsRejected, refunded, usageRecorded
    case held, holdExtended, settled, released, holdExpired
    case batchOpened, batchClosed
    case subscribed, planChanged, unsubscribed, allowanceOpened, allowanceOverridden, allowanceReset
    case configured, configurationScheduled, configurationCancelled
    case keyIssued, keyUpdated, keyRevoked
    case alertRaised, alertDelivered, alertRead
    case usageReported, syncReported

    init(_ fact: Fact) {
        self =
            switch fact {
            case .ledgerOpened: .ledgerOpened
            case .recovered: .recovered
            case .restored: .restored
            case .signingKeyReplaced: .signingKeyReplaced
            case .submitted: .submitted
            case .accountOpened: .accountOpened
            case .accountFrozen: .accountFrozen
            case .accountUnfrozen: .accountUnfrozen
            case .accountClosed: .accountClosed
            case .granted: .granted
            case .adjusted: .adjusted
            case .lotExpired: .lotExpired
            case .debited: .debited
            case .itemsRejected: .itemsRejected
            case .refunded: .refunded
            case .usageRecorded: .usageRecorded
            case .held: .held
            case .holdExtended: .holdExtended
            case .settled: .settled
            case .released: .released
            case .holdExpired: .holdExpired
            case .batchOpened: .batchOpened
            case .batchClosed: .batchClosed
            case .subscribed: .subscribed
            case .planChanged: .planChanged
            case .unsubscribed: .unsubscribed
            case .allowanceOpened: .allowanceOpened
            case .allowanceOverridden: .allowanceOverridden
            case .allowanceReset: .allowanceReset
            case .configured: .configured
            case .configurationScheduled: .configurationScheduled
            case .configurationCancelled: .configurationCancelled
            case .keyIssued: .keyIssued
            case .keyUpdated: .keyUpdated
            case .keyRevoked: .keyRevoked
            case .alertRaised: .alertRaised
            case .alertDelivered: .alertDelivered
            case .alertRead: .alertRead
            case .usageReported: .usageReported
            case .syncReported: .syncReported
            }
    }

    /// The type's bit in a filter: there are fewer than 64.
    var bit: UInt64 { 1 << UInt64(rawValue) }

    /// The bit of the type with a name; no bit when there is none.
    static func bit(named name: String) -> UInt64 { bits[name] ?? 0 }

    private static let bits = [String: UInt64](uniqueKeysWithValues: allCases.map { ("\($0)", $0.bit) })
}
