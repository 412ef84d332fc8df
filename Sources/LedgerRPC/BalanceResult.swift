import EventCodec
public import JSONText
public import LedgerModel

/// The results of `balance` and `quota`.
extension JSONWriter {
    /// `{balances: [{unit, available, held, unlimited?, lots}]}`, lots in burn-down order.
    public mutating func balances(_ holdings: [Book.Holding]) {
        beginObject()
        balanceList(holdings)
        endObject()
    }

    mutating func balanceList(_ holdings: [Book.Holding]) {
        key("balances")
        beginArray()
        for holding in holdings { self.holding(holding) }
        endArray()
    }

    private mutating func holding(_ holding: Book.Holding) {
        beginObject()
        named("unit", holding.unit)
        count("available", holding.balance.available)
        count("held", holding.balance.held)
        if holding.balance.isUnlimited {
            key("unlimited")
            boolean(true)
        }
        key("lots")
        beginArray()
        for lot in holding.lots { self.lot(lot) }
        endArray()
        endObject()
    }

    /// A lot without limit has no `remaining`.
    private mutating func lot(_ lot: Lot) {
        beginObject()
        sequence("lot", lot.number)
        if let remaining = lot.remaining { count("remaining", remaining) }
        if lot.held > .zero { count("held", lot.held) }
        key("priority")
        integer(lot.terms.priority)
        time("effectiveAt", lot.terms.effectiveAt)
        time("expiresAt", lot.terms.expiresAt)
        key("source")
        string(lot.terms.source.rawValue)
        endObject()
    }

    /// `{allowances: [{plan, version, isDefault?, unit, period, used, held, limit?, carried, start, resetsAt?}]}`: the open windows, and
    /// those that the next command would open.
    public mutating func quotas(_ quotas: [Quota]) {
        beginObject()
        key("allowances")
        beginArray()
        for quota in quotas { self.quota(quota) }
        endArray()
        endObject()
    }

    private mutating func quota(_ quota: Quota) {
        beginObject()
        named("plan", quota.plan)
        key("version")
        integer(quota.version)
        if quota.isDefault {
            key("isDefault")
            boolean(true)
        }
        named("unit", quota.unit)
        period(quota.period)
        count("used", quota.used)
        count("held", quota.held)
        if let limit = quota.limit { count("limit", limit) }
        count("carried", quota.carried)
        time("start", quota.window.start)
        time("resetsAt", quota.window.end)
        endObject()
    }
}
