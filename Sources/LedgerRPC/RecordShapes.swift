import EventCodec
import LedgerModel

/// Commands about accounts, batches, configuration, alerts, and a provider's own figures.
extension Shape {
    // MARK: Accounts

    static let openAccount = command([.account, .optional("name", .name, "A name for people"), .labels])
    static let accountState = command([.account, .reason])
    static let grant = command([
        .account, .unit, .required("amount", .positive, "How much, in minor units"),
        .optional("priority", .integer(LotTerms.priorityRange), "Lower is drawn first; 20 when absent"),
        .optional("effectiveAt", .timestamp, "Not to be drawn before"), .optional("expiresAt", .timestamp, "When it lapses"),
        .optional("source", .choice(of: LotSource.self), "Where it comes from; purchase when absent"),
        .optional("memo", .text(byteCountMax: FieldBounds.reasonByteCountMax), "A note for people"),
    ])
    static let adjust = command([
        .account, .unit, .required("amount", .signedAmount, "How far to move the balance, up or down"), .reason,
    ])

    // MARK: Batches

    static let openBatch = command([
        .account, .batch, .optional("feature", .name, "What the batch is for"),
        .optional("size", .positive, "How many items are announced"),
    ])
    static let closeBatch = command([.account, .batch])

    // MARK: Configuration

    static let configure = command([
        .required("changes", .array(.object(change), count: 1...RPCBounds.changeCountMax), "The documents to change, each once"),
        .reason, .optional("effectiveAt", .timestamp, "When the changes come into force, if not now"),
        .optional("dryRun", .boolean, "When true: answer what would change, and change nothing"),
    ])
    static let change = Shape([
        documentKey,
        .optional(
            "value", .nullable(.json(byteCountMax: RPCBounds.documentByteCountMax)),
            "The document; null deletes it. There unless cancel is"),
        .optional("cancel", .boolean, "When true: take back what is scheduled for the key"),
        .optional("expectVersion", .amount, "The version that must be current; 0 for none yet"),
    ])
    static let rollback = command([
        documentKey, .required("version", .positive, "The version whose content becomes the newest again"), .reason,
    ])
    private static let documentKey = Field.required("key", .text(byteCountMax: nil), "The document: \(DocumentKey.forms)")

    // MARK: Alerts

    static let acknowledgeAlerts = command([
        .required("alerts", .array(.positive, count: 1...AcknowledgeAlerts.alertCountMax), "The sequence numbers of the alerts"),
        .required("as", .choice(of: AcknowledgeAlerts.State.self), "What has become of them"),
    ])

    // MARK: A provider's own figures

    static let reportUsage = command(
        [
            platform, .optional("key", .name, "The API key that the figures are about"),
        ] + stretch + [
            .required("quantities", .quantities, "What was used of each dimension"),
            .required("cost", .object(cost), "What the provider charges for it"),
        ])
    static let cost = Shape([.unit, .required("amount", .amount, "How much, in minor units")])
    static let reportSync = command(
        [
            platform, .required("status", .choice(of: SyncReported.Status.self), "How it ended"),
        ] + stretch + [
            .required("counts", .quantities, "What it counted, such as keys or records"),
            .optional("error", .text(byteCountMax: FieldBounds.reasonByteCountMax), "What went wrong"),
        ])
    private static let platform = Field.required("platform", .name, "The provider")
    private static let stretch: [Field] = [
        .required("from", .timestamp, "Where it begins"), .required("to", .timestamp, "The first instant behind it"),
    ]

    // MARK: Several at once

    static let submit = command([
        .required(
            "commands", .array(.object(inner), count: 1...Submit.commandCountMax),
            "The commands, done in this order, all or none")
    ])
    static let inner = Shape([
        .required("method", .choice(CommandMethod.allCases.filter { $0 != .submit }.map(\.rawValue)), "The command"),
        .required("params", .fields, "Its fields; tenant and actor may be left out, and are those of the whole"),
    ])
}

extension DocumentKey {
    /// What a key may look like.
    static let forms = "unit/NAME, price/FEATURE, plan/NAME, alert/NAME, tag/NAME or tenant/settings"
}
