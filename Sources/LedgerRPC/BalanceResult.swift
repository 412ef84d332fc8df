import EventCodec
public import JSONText
public import LedgerModel

extension JSONWriter {
    /// The result of `balance`: `{balances: [{unit, available, held, lots}]}`, lots in burn-down order.
    public mutating func balances(_ holdings: [Book.Holding]) {
        beginObject()
        key("balances")
        beginArray()
        for holding in holdings { self.holding(holding) }
        endArray()
        endObject()
    }

    private mutating func holding(_ holding: Book.Holding) {
        beginObject()
        key("unit")
        name(holding.unit)
        key("available")
        amount(holding.balance.available)
        key("held")
        amount(holding.balance.held)
        key("lots")
        beginArray()
        for lot in holding.lots { self.lot(lot) }
        endArray()
        endObject()
    }

    private mutating func lot(_ lot: Lot) {
        beginObject()
        sequence("lot", lot.number)
        key("remaining")
        amount(lot.remaining)
        key("priority")
        integer(lot.terms.priority)
        time("effectiveAt", lot.terms.effectiveAt)
        time("expiresAt", lot.terms.expiresAt)
        key("source")
        string(lot.terms.source.rawValue)
        endObject()
    }

    private mutating func time(_ field: StaticString, _ instant: Timestamp?) {
        guard let instant else { return }
        key(field)
        timestamp(instant)
    }
}
