import JSONText
import LedgerModel

/// Facts about a provider's own figures.
extension JSONWriter {
    mutating func usageReported(_ fact: UsageReported) {
        named("platform", fact.platform)
        optional("key", fact.key)
        field("from", fact.from)
        field("to", fact.to)
        key("quantities")
        quantities(fact.quantities)
        named("unit", fact.unit)
        field("cost", fact.cost)
    }

    mutating func syncReported(_ fact: SyncReported) {
        named("platform", fact.platform)
        choice("status", fact.status)
        field("from", fact.from)
        field("to", fact.to)
        key("counts")
        quantities(fact.counts)
        optional("error", text: fact.error)
    }
}

extension OrderedFields {
    mutating func usageReported() throws(FieldError) -> UsageReported {
        UsageReported(
            platform: try name("platform"), key: try optionalName("key"), from: try timestamp("from"), to: try timestamp("to"),
            quantities: try quantities(), unit: try name("unit"), cost: try amount("cost"))
    }

    mutating func syncReported() throws(FieldError) -> SyncReported {
        SyncReported(
            platform: try name("platform"), status: try choice("status", of: SyncReported.Status.self),
            from: try timestamp("from"), to: try timestamp("to"), counts: try quantities("counts"),
            error: try optionalText("error"))
    }
}
