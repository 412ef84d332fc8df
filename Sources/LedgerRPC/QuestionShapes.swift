import EventCodec
import LedgerModel

/// The fields of the methods that are neither commands nor queries of a read model.
extension Shape {
    static func of(_ method: LedgerMethod) -> Shape {
        switch method {
        case .balance: balance
        case .quota: quota
        case .check: check
        case .verifyKey: verifyKey
        case .explain: explain
        case .proof: proof
        case .checkpoint: checkpoint
        case .subscribe: subscribeEvents
        case .subscribeAlerts: subscribeAlerts
        case .status, .discover, .unsubscribe: nothing
        }
    }

    private static let tenant = Field.required("tenant", .name, "The tenant")

    static let balance = Shape([tenant, .account, .optional("unit", .name, "Only this unit")])
    static let quota = Shape([tenant, .account])
    static let check = Shape([tenant, .account] + Field.ask + [.key])
    static let verifyKey = Shape([.required("hash", .hash, "SHA-256 of the secret, as 64 lower-case hexadecimal digits")])
    static let explain = Shape(
        [
            tenant,
            .optional("of", .name, "The id of the command or item to explain; or else account"),
            .optional("account", .name, "The account whose balance, or whose use, to explain"),
        ] + Field.ask + [.key])
    static let proof = Shape([.required("seq", .positive, "The event's sequence number")])
    static let checkpoint = Shape([
        .optional("from", .positive, "The size of an older checkpoint, to prove that this one continues it")
    ])
    static let subscribeEvents = Shape([
        from, .optional("tenant", .name, "Only this tenant's events"),
        .optional("types", .array(.choice(Fact.types), count: 1...RPCBounds.typeCountMax), "Only events of these types"),
    ])
    static let subscribeAlerts = Shape([from, .optional("tenant", .name, "Only this tenant's alerts")])
    private static let from = Field.optional(
        "from", .positive, "The first sequence number to send; what comes next when absent")
    static let nothing = Shape([])
}
