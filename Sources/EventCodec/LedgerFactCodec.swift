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

    mutating func restored(_ fact: Restored) {
        named("ledger", fact.ledger)
        named("origin", fact.origin)
        named("key", fact.key)
        named("parent", fact.parent)
        field("sequence", fact.sequence)
        named("root", fact.root)
    }

    mutating func signingKeyReplaced(_ fact: SigningKeyReplaced) {
        named("key", fact.key)
        field("reason", text: fact.reason)
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

    mutating func restored() throws(FieldError) -> Restored {
        Restored(
            ledger: try name("ledger"), origin: try name("origin"), key: try name("key"), parent: try name("parent"),
            sequence: try sequence("sequence"), root: try name("root"))
    }

    mutating func signingKeyReplaced() throws(FieldError) -> SigningKeyReplaced {
        SigningKeyReplaced(key: try name("key"), reason: try text("reason"))
    }
}
