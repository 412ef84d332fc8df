import LedgerModel

/// The kinds of event as numbers, so that a row's type is compared as a bit. The names are those of the log.
enum EventType: UInt8, CaseIterable {
    case ledgerOpened, recovered, accountOpened, granted, adjusted, debited, itemsRejected, refunded, lotExpired, batchOpened,
        batchClosed,
        configured, alertRaised, alertDelivered, alertRead

    init(_ fact: Fact) {
        self =
            switch fact {
            case .ledgerOpened: .ledgerOpened
            case .recovered: .recovered
            case .accountOpened: .accountOpened
            case .granted: .granted
            case .adjusted: .adjusted
            case .debited: .debited
            case .itemsRejected: .itemsRejected
            case .refunded: .refunded
            case .lotExpired: .lotExpired
            case .batchOpened: .batchOpened
            case .batchClosed: .batchClosed
            case .configured: .configured
            case .alertRaised: .alertRaised
            case .alertDelivered: .alertDelivered
            case .alertRead: .alertRead
            }
    }

    /// The type's bit in a filter.
    var bit: UInt64 { 1 << UInt64(rawValue) }

    /// The bit of the type with a name; no bit when there is none.
    static func bit(named name: String) -> UInt64 { bits[name] ?? 0 }

    private static let bits = [String: UInt64](uniqueKeysWithValues: allCases.map { ("\($0)", $0.bit) })
}
