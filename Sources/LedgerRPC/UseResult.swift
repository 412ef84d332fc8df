import EventCodec
import JSONText
import LedgerModel

/// The results of commands that take units, hold them, or give them back.
extension JSONWriter {
    mutating func debited(_ debited: Debited, _ events: [Event]) {
        if let late = debited.late { return settledLate(debited, late) }
        if debited.item != nil { return itemsOf(debited.use.batch, events) }
        price(debited.priced)
        parts("parts", debited.parts)
        moved(debited.meters)
    }

    mutating func refunded(_ refunded: Refunded, _ sequence: SequenceNumber) {
        if let late = refunded.late { return settledLate(refunded, late, sequence) }
        named("of", refunded.of)
        returns("parts", refunded.returns, sequence)
        moved(refunded.meters)
    }

    /// The version of the price, when there was one.
    mutating func price(_ priced: Priced?) {
        guard let priced else { return }
        key("price")
        integer(priced.version)
    }

    mutating func parts(_ field: StaticString, _ parts: [Part]) {
        key(field)
        beginArray()
        for part in parts { self.part(part.unit, part.amount, part.balance) { _ in } }
        endArray()
    }

    /// What came back; `sequence` names the lots that were opened for what had expired.
    fileprivate mutating func returns(_ field: StaticString, _ returns: [Return], _ sequence: SequenceNumber) {
        key(field)
        beginArray()
        for back in returns {
            part(back.part.unit, back.part.amount, back.part.balance) { writer in
                writer.count("expired", back.expired)
                if back.reissued != nil { writer.sequence("lot", sequence) }
            }
        }
        endArray()
    }

    private mutating func part(_ unit: Name, _ amount: Amount, _ balance: Balance, _ more: (inout JSONWriter) -> Void) {
        beginObject()
        named("unit", unit)
        count("amount", amount)
        more(&self)
        key("balance")
        self.balance(balance)
        endObject()
    }
}

// MARK: Holds

extension JSONWriter {
    mutating func held(_ held: Held, id: Name) {
        named("hold", id)
        time("expiresAt", held.terms.expiresAt)
        price(held.priced)
        parts("parts", held.parts)
        moved(held.meters)
    }

    mutating func extended(_ extended: HoldExtended) {
        named("hold", extended.hold)
        time("expiresAt", extended.expiresAt)
    }

    mutating func settled(_ ended: HoldEnded) {
        named("hold", ended.hold)
        price(ended.priced)
        parts("parts", ended.parts)
        returns("returned", ended.returns, .zero)
        shortfall(ended.shortfall)
        moved(ended.meters)
    }

    mutating func released(_ ended: HoldEnded) {
        named("hold", ended.hold)
        returns("returned", ended.returns, .zero)
        moved(ended.meters)
    }

    /// A settlement of a hold that had expired and was released takes what is there.
    fileprivate mutating func settledLate(_ debited: Debited, _ late: LateSettlement) {
        beginLate(late)
        price(debited.priced)
        parts("parts", debited.parts)
        returns("returned", [], .zero)
        shortfall(late.shortfall)
        moved(debited.meters)
    }

    /// A settlement of a hold that had expired and was captured gives back what was not used.
    fileprivate mutating func settledLate(_ refunded: Refunded, _ late: LateSettlement, _ sequence: SequenceNumber) {
        beginLate(late)
        parts("parts", [])
        returns("returned", refunded.returns, sequence)
        shortfall(late.shortfall)
        moved(refunded.meters)
    }

    private mutating func beginLate(_ late: LateSettlement) {
        named("hold", late.hold)
        key("late")
        boolean(true)
    }

    private mutating func shortfall(_ amount: Amount) {
        if amount > .zero { count("shortfall", amount) }
    }
}

// MARK: Batches

extension JSONWriter {
    /// The result of a `debitBatch`.
    mutating func itemsOf(_ batch: Name?, _ events: [Event]) {
        named("batch", ifAny: batch)
        let items = events.lazy.compactMap { if case .debited(let debited) = $0.fact { debited } else { nil } }
        key("accepted")
        integer(items.count)
        rejectedItems(events)
        key("parts")
        beginArray()
        for total in BatchTotals.of(items) { part(total.unit, total.amount, total.balance) { _ in } }
        endArray()
        moved(BatchTotals.meters(items))
    }

    private mutating func rejectedItems(_ events: [Event]) {
        key("rejected")
        beginArray()
        for case .itemsRejected(let rejected) in events.lazy.map(\.fact) {
            for item in rejected.items { rejectedItem(item) }
        }
        endArray()
    }
}

/// What items took together.
private enum BatchTotals {
    struct Total {
        let unit: Name
        var amount: Amount
        var balance: Balance
    }

    /// Per unit in the order met, and the balance after the last. A sum passes 2^53-1 at most where units have no end; it stops there.
    static func of(_ items: some Sequence<Debited>) -> [Total] {
        var totals: [Total] = []
        for part in items.lazy.flatMap(\.parts) {
            if let index = totals.firstIndex(where: { $0.unit == part.unit }) {
                totals[index].amount = totals[index].amount.adding(part.amount) ?? .max
                totals[index].balance = part.balance
            } else {
                totals.append(Total(unit: part.unit, amount: part.amount, balance: part.balance))
            }
        }
        return totals
    }

    /// Each counter as the last item left it, in the order met.
    static func meters(_ items: some Sequence<Debited>) -> [Meter] {
        var meters: [Meter] = []
        for meter in items.lazy.flatMap(\.meters) {
            let index = meters.firstIndex { $0.counter == meter.counter && $0.unit == meter.unit && $0.window == meter.window }
            if let index { meters[index] = meter } else { meters.append(meter) }
        }
        return meters
    }
}
