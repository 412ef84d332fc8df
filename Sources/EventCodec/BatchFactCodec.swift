import JSONText
import LedgerModel

/// Facts about batches.
extension JSONWriter {
    mutating func batchOpened(_ fact: BatchOpened) {
        accountAndBatch(fact.account, fact.batch)
        optional("feature", fact.feature)
        optional("size", fact.size)
    }

    mutating func accountAndBatch(_ account: Name, _ batch: Name) {
        named("account", account)
        named("batch", batch)
    }
}

extension OrderedFields {
    mutating func batchOpened() throws(FieldError) -> BatchOpened {
        BatchOpened(
            account: try name("account"), batch: try name("batch"), feature: try optionalName("feature"),
            size: try optionalInteger("size"))
    }
}
