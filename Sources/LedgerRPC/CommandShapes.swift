import EventCodec
import LedgerModel

/// The methods that are commands.
public enum CommandMethod: String, Sendable, CaseIterable {
    // Uses
    case debit, debitBatch, refund, recordUsage
    // Holds
    case hold, settle, release, extend
    // Accounts
    case grant, adjust, openAccount, freezeAccount, unfreezeAccount, closeAccount
    // Batches
    case openBatch, closeBatch
    // Plans
    case subscribe, changePlan, unsubscribe, overrideAllowance, resetAllowance
    // Configuration
    case configure, rollback
    // Keys
    case issueKeys, updateKeys, revokeKeys
    // Alerts
    case acknowledgeAlerts
    // A provider's own figures
    case reportUsage, reportSync
    // Several at once
    case submit
}

/// The fields of each command, in the order in which clients are advised to send them.
extension Shape {
    static func of(_ method: CommandMethod) -> Shape {
        switch method {
        case .debit: debit
        case .debitBatch: debitBatch
        case .refund: refund
        case .recordUsage: recordUsage
        case .hold: hold
        case .settle: settle
        case .release: release
        case .extend: extend
        case .grant: grant
        case .adjust: adjust
        case .openAccount: openAccount
        case .freezeAccount, .unfreezeAccount, .closeAccount: accountState
        case .openBatch: openBatch
        case .closeBatch: closeBatch
        case .subscribe: subscribe
        case .changePlan: changePlan
        case .unsubscribe: unsubscribe
        case .overrideAllowance: overrideAllowance
        case .resetAllowance: resetAllowance
        case .configure: configure
        case .rollback: rollback
        case .issueKeys: issueKeys
        case .updateKeys: updateKeys
        case .revokeKeys: revokeKeys
        case .acknowledgeAlerts: acknowledgeAlerts
        case .reportUsage: reportUsage
        case .reportSync: reportSync
        case .submit: submit
        }
    }

    /// The shape of a command: its own fields between those that all commands have. `tenant` is the first.
    static func command(_ fields: [Field]) -> Shape { Shape(head + fields + [actor]) }

    private static let head: [Field] = [
        .required("tenant", .name, "The tenant, which isolates everything"),
        .required("id", .name, "The command's id: sent again with the same fields it changes nothing and answers the same"),
    ]
    private static let actor = Field.optional("actor", .name, "On whose behalf the sender acts")
}

/// Fields that several methods have.
extension Field {
    static let account = Field.required("account", .name, "The account")
    static let batch = Field.required("batch", .name, "The batch, unique within tenant and account")
    static let reason = Field.required(
        "reason", .text(byteCountMax: FieldBounds.reasonByteCountMax), "Why, for the history")
    static let reasonIfAny = Field.optional(
        "reason", .text(byteCountMax: FieldBounds.reasonByteCountMax), "Why, for the history")
    static let plan = Field.required("plan", .name, "The plan")
    static let unit = Field.required("unit", .name, "The unit")
    static let period = Field.required("period", .choice(of: Period.self), "How often its windows begin anew")
    static let key = Field.optional("key", .name, "The API key that was used")
    static let labels = Field.optional(
        "labels", .named(.name, countMax: FieldBounds.labelCountMax), "Names to filter by, such as model or platform")
    static let details = Field.optional(
        "details", .json(byteCountMax: FieldBounds.detailsByteCountMax), "Anything more, kept as sent")

    static let ask: [Field] = [
        .optional("unit", .name, "The unit to take, with amount; or else feature and quantities"),
        .optional("amount", .amount, "How much to take, in minor units"),
        .optional("feature", .name, "The feature whose price says what to take, with quantities"),
        .optional("quantities", .quantities, "How much was used of each dimension of the price"),
    ]
    static let use: [Field] = [
        labels, .optional("occurredAt", .timestamp, "When it happened, if not now"), details,
    ]
}

extension ValueType {
    static let quantities = ValueType.named(.amount, countMax: Charge.rateCountMax)

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) -> ValueType {
        .choice(type.allCases.map(\.rawValue))
    }

    static func integer(_ range: ClosedRange<Int>) -> ValueType { .integer(Int64(range.lowerBound)...Int64(range.upperBound)) }
}
