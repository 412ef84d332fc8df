public import LedgerModel

extension Fact {
    /// The event's type as it stands in the log.
    public var type: StaticString {
        switch self {
        case .ledgerOpened: "ledgerOpened"
        case .recovered: "recovered"
        case .restored: "restored"
        case .signingKeyReplaced: "signingKeyReplaced"
        case .submitted: "submitted"
        case .accountOpened: "accountOpened"
        case .accountFrozen: "accountFrozen"
        case .accountUnfrozen: "accountUnfrozen"
        case .accountClosed: "accountClosed"
        case .granted: "granted"
        case .adjusted: "adjusted"
        case .lotExpired: "lotExpired"
        case .debited: "debited"
        case .itemsRejected: "itemsRejected"
        case .refunded: "refunded"
        case .usageRecorded: "usageRecorded"
        case .held: "held"
        case .holdExtended: "holdExtended"
        case .settled: "settled"
        case .released: "released"
        case .holdExpired: "holdExpired"
        case .batchOpened: "batchOpened"
        case .batchClosed: "batchClosed"
        case .subscribed: "subscribed"
        case .planChanged: "planChanged"
        case .unsubscribed: "unsubscribed"
        case .allowanceOpened: "allowanceOpened"
        case .allowanceOverridden: "allowanceOverridden"
        case .allowanceReset: "allowanceReset"
        case .configured: "configured"
        case .configurationScheduled: "configurationScheduled"
        case .configurationCancelled: "configurationCancelled"
        case .keyIssued: "keyIssued"
        case .keyUpdated: "keyUpdated"
        case .keyRevoked: "keyRevoked"
        case .alertRaised: "alertRaised"
        case .alertDelivered: "alertDelivered"
        case .alertRead: "alertRead"
        case .usageReported: "usageReported"
        case .syncReported: "syncReported"
        }
    }

    /// Every type there is, in the order of the cases.
    public static let types = [
        "ledgerOpened", "recovered", "restored", "signingKeyReplaced", "submitted",
        "accountOpened", "accountFrozen", "accountUnfrozen", "accountClosed", "granted", "adjusted", "lotExpired",
        "debited", "itemsRejected", "refunded", "usageRecorded",
        "held", "holdExtended", "settled", "released", "holdExpired",
        "batchOpened", "batchClosed",
        "subscribed", "planChanged", "unsubscribed", "allowanceOpened", "allowanceOverridden", "allowanceReset",
        "configured", "configurationScheduled", "configurationCancelled",
        "keyIssued", "keyUpdated", "keyRevoked",
        "alertRaised", "alertDelivered", "alertRead",
        "usageReported", "syncReported",
    ]
}
