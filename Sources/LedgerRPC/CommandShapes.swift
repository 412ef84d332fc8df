import EventCodec
import LedgerModel

/// The methods that are commands.
public enum CommandMethod: String, Sendable, CaseIterable {
    case debit, debitBatch, grant, refund, openAccount, adjust, openBatch, closeBatch, configure, rollback, acknowledgeAlerts
}

/// The fields of each command, in the order in which clients are advised to send them.
extension Shape {
    static func of(_ method: CommandMethod) -> Shape {
        switch method {
        case .debit: debit
        case .debitBatch: debitBatch
        case .grant: grant
        case .refund: refund
        case .openAccount: openAccount
        case .adjust: adjust
        case .openBatch: openBatch
        case .closeBatch: closeBatch
        case .configure: configure
        case .rollback: rollback
        case .acknowledgeAlerts: acknowledgeAlerts
        }
    }

    // MARK: Fields that several commands have

    private static let head: [Field] = [
        .required("tenant", .name, "The tenant, which isolates everything"),
        .required("id", .name, "The command's id: sent again with the same fields it changes nothing and answers the same"),
    ]
    private static let account = Field.required("account", .name, "The account")
    private static let batch = Field.required("batch", .name, "The batch, unique within tenant and account")
    private static let actor = Field.optional("actor", .name, "On whose behalf the sender acts")
    private static let reason = Field.required(
        "reason", .text(byteCountMax: FieldBounds.reasonByteCountMax), "Why, for the history")
    private static let ask: [Field] = [
        .optional("unit", .name, "The unit to take, with amount; or else feature and quantities"),
        .optional("amount", .amount, "How much to take, in minor units"),
        .optional("feature", .name, "The feature whose price says what to take, with quantities"),
        .optional("quantities", quantities, "How much was used of each dimension of the price"),
    ]
    private static let key = Field.optional("key", .name, "The API key that was used")
    private static let labels = Field.optional(
        "labels", .named(.name, countMax: FieldBounds.labelCountMax), "Names to filter by, such as model or platform")
    private static let use: [Field] = [
        labels, .optional("occurredAt", .timestamp, "When it happened, if not now"),
        .optional("details", .json(byteCountMax: FieldBounds.detailsByteCountMax), "Anything more, kept as sent"),
    ]
    private static let quantities = ValueType.named(.amount, countMax: Charge.rateCountMax)

    // MARK: Commands

    static let openAccount = Shape(head + [account, .optional("name", .name, "A name for people"), labels, actor])
    static let grant = Shape(
        head + [
            account, .required("unit", .name, "The unit"), .required("amount", .positive, "How much, in minor units"),
            .optional("priority", .integer(-1000...1000), "Lower is drawn first; 20 when absent"),
            .optional("effectiveAt", .timestamp, "Not to be drawn before"), .optional("expiresAt", .timestamp, "When it lapses"),
            .optional("source", .choice(LotSource.allCases.map(\.rawValue)), "Where it comes from; purchase when absent"),
            .optional("memo", .text(byteCountMax: FieldBounds.reasonByteCountMax), "A note for people"), actor,
        ])
    static let adjust = Shape(
        head + [
            account, .required("unit", .name, "The unit"),
            .required("amount", .signedAmount, "How far to move the balance, up or down"),
            reason, actor,
        ])
    static let debit = Shape(
        head + [account] + ask + [key, .optional("batch", .name, "The batch to count it in, opened if absent")] + use + [actor])
    static let debitBatch = Shape(
        head + [
            account, batch,
            .optional(
                "mode", .choice(DebitBatch.Mode.allCases.map(\.rawValue)),
                "atomic, when absent: all items or none; each: every item for itself"),
            key, .required("items", .array(.object(item), count: 1...RPCBounds.itemCountMax), "The debits"), actor,
        ])
    static let item = Shape([.required("id", .name, "The item's own id, of the same kind as a command's")] + ask + use)
    static let openBatch = Shape(
        head + [
            account, batch, .optional("feature", .name, "What the batch is for"),
            .optional("size", .positive, "How many items are announced"), actor,
        ])
    static let closeBatch = Shape(head + [account, batch, actor])
    static let refund = Shape(
        head + [
            .required("of", .name, "The id of the debit's command, or of its item"),
            .optional(
                "amount", .amount, "How much to give back; everything that is left when neither this nor quantities is there"),
            .optional("quantities", quantities, "What to give back of each dimension of a priced debit"),
            .optional("reissue", .object(reissue), "Gives what belonged to lapsed lots anew"),
            .optional("reason", .text(byteCountMax: FieldBounds.reasonByteCountMax), "Why, for the history"), actor,
        ])
    static let reissue = Shape([.optional("expiresAt", .nullable(.timestamp), "When it lapses; never when absent or null")])
    static let configure = Shape(
        head + [
            .required(
                "changes", .array(.object(change), count: 1...RPCBounds.changeCountMax), "The documents to change, each once"),
            reason, actor,
        ])
    static let change = Shape([
        documentKey,
        .required("value", .nullable(.json(byteCountMax: RPCBounds.documentByteCountMax)), "The document; null deletes it"),
        .optional("expectVersion", .amount, "The version that must be current; 0 for none yet"),
    ])
    static let rollback = Shape(
        head + [
            documentKey, .required("version", .positive, "The version whose content becomes the newest again"), reason, actor,
        ])
    static let acknowledgeAlerts = Shape(
        head + [
            .required(
                "alerts", .array(.positive, count: 1...AcknowledgeAlerts.alertCountMax), "The sequence numbers of the alerts"),
            .required("as", .choice(AcknowledgeAlerts.State.allCases.map(\.rawValue)), "What has become of them"), actor,
        ])
    private static let documentKey = Field.required(
        "key", .text(byteCountMax: nil), "The document: unit/NAME, price/FEATURE, alert/NAME or tenant/settings")

    // MARK: Other methods

    static let balance = Shape([
        .required("tenant", .name, "The tenant"), account, .optional("unit", .name, "Only this unit"),
    ])
    static let subscribe = Shape([
        .optional("from", .positive, "The first sequence number to send; what comes next when absent"),
        .optional("tenant", .name, "Only this tenant's events"),
        .optional("types", .array(.name, count: 1...RPCBounds.typeCountMax), "Only events of these types"),
    ])
    static let nothing = Shape([])
}
