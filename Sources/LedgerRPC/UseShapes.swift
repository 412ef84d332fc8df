import EventCodec
import LedgerModel

/// Commands that take units, hold them, or give them back.
extension Shape {
    static let debit = command(
        [.account] + Field.ask + [.key, .optional("batch", .name, "The batch to count it in, opened if absent")] + Field.use)
    static let recordUsage = command(
        [.account] + Field.ask + [.key, .optional("batch", .name, "The batch that it belonged to")] + Field.use)
    static let debitBatch = command([
        .account, .batch,
        .optional(
            "mode", .choice(of: DebitBatch.Mode.self), "atomic, when absent: all items or none; each: every item for itself"),
        .key, .required("items", .array(.object(item), count: 1...RPCBounds.itemCountMax), "The debits"),
    ])
    static let item = Shape(
        [.required("id", .name, "The item's own id, of the same kind as a command's")] + Field.ask + Field.use)
    static let refund = command([
        .required("of", .name, "The id of the debit's or settlement's command, of the item, or of a hold that was captured"),
        .optional(
            "amount", .amount, "How much to give back; everything that is left when neither this nor quantities is there"),
        .optional("quantities", .quantities, "What to give back of each dimension of a priced debit"),
        .optional("reissue", .object(reissue), "Gives what belonged to lapsed lots anew"), .reasonIfAny,
    ])
    static let reissue = Shape([.optional("expiresAt", .nullable(.timestamp), "When it lapses; never when absent or null")])

    // MARK: Holds

    static let hold = command(
        [.account] + Field.ask + [.key, .optional("batch", .name, "The batch to count its settlement in, opened if absent")]
            + Field.use + [
                .optional(
                    "expiresInSeconds", .integer(Hold.secondsRange), "How long it lasts; tenant/settings.holdSeconds when absent"),
                .optional(
                    "onExpiry", .choice(of: HoldTerms.Expiry.self), "What becomes of it when nobody ends it; release when absent"),
                .optional(
                    "overage", .either(.choice(["reject", "cap"]), .object(overage)),
                    "What a settlement above the hold takes: nothing, for it is refused (when absent), the hold, or so much more"),
            ])
    static let overage = Shape([.required("allow", .amount, "How much more, in the last charge's unit")])
    static let settle = command([
        heldBy, .optional("amount", .amount, "How much was used; all that is held when neither this nor quantities is there"),
        .optional("quantities", .quantities, "What was used of each dimension of a priced hold"),
        .optional("method", .choice(of: SettlementMethod.self), "How that is known; reported when absent"), .labels, .details,
    ])
    static let release = command([heldBy, .reasonIfAny])
    static let extend = command([
        heldBy, .required("expiresInSeconds", .integer(Hold.secondsRange), "How long it lasts from now on"),
    ])
    private static let heldBy = Field.required("hold", .name, "The hold, by the id of its command")
}

extension Hold {
    /// How long a hold may be asked to last.
    static let secondsRange = 1...SettingsDocument.holdSecondsRange.upperBound
}
