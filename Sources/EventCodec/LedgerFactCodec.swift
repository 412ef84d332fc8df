import JSONText
import LedgerModel

/// Facts about the ledger itself.
extension JSONWriter {
    mutating func ledgerOpened(_ fact: LedgerOpened) {
        named("ledger", fact.ledger)
        named("origin", fact.origin)
        named("key", fact.key)
    }

    mutating func recovered(_ fact: Recovered) {
        field("segment", fact.segment)
        field("offset", Int(fact.offset))
        field("byteCount", Int(fact.byteCount))
        named("torn", fact.torn)
    }
}

extension OrderedFields {
    mutating func ledgerOpened() throws(FieldError) -> LedgerOpened {
        LedgerOpened(ledger: try name("ledger"), origin: try name("origin"), key: try name("key"))
    }

    mutating func recovered() throws(FieldError) -> Recovered {
        Recovered(
            segment: try sequence("segment"), offset: UInt64(try integer("offset")), byteCount: UInt64(try integer("byteCount")),
            torn: try name("torn"))
    }
}
