import EventCodec
import JSONText
import LedgerModel
public import SegmentLog

/// The state that a log leads to, as JSON Lines in one canonical form: an auditor who computes it from the events alone
/// compares byte by byte. `docs/events.md` has the form.
public enum BookListing {
    /// Replays a log up to a head and hands over what its book says, a piece at a time. Takes no lock and looks at no snapshot.
    ///
    /// - Parameter write: Takes whole lines; the bytes are valid during the call only.
    /// - Throws: `LogError` where the log is damaged, `EngineError` where a line is no event or does not follow, and what
    ///   `write` throws.
    public static func list(
        _ reader: LogReader, upTo head: LogHead, progress: (ReplayProgress) -> Void,
        write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        // No name stays, and no zone decides anything here: what was decided stands in the events.
        var book = Book(hashKey: HashKey(0, 0), zones: .utcOnly)
        _ = try book.replay(reader, upTo: head, progress: progress)
        try list(book, write: write)
    }

    /// How many bytes gather before they are handed over.
    private static let pieceByteCount = 1 << 16

    static func list(_ book: borrowing Book, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        var writer = JSONWriter(capacity: 2 * pieceByteCount)
        try book.list { listed in
            writer.listed(listed)
            if writer.count < pieceByteCount { return }
            try write(writer.bytes)
            writer.removeAll()
        }
        try write(writer.bytes)
    }
}

extension JSONWriter {
    /// One line, its line feed included.
    mutating func listed(_ listed: Listed) {
        beginObject()
        switch listed {
        case .account(let tenant, let account, let state): self.account(tenant, account, state)
        case .lots(let lots): self.lots(lots)
        case .window(let window): self.window(window)
        case .hold(let hold): self.hold(hold)
        case .batch(let tenant, let account, let batch, let isOpen): self.batch(tenant, account, batch, isOpen)
        case .key(let tenant, let key, let account, let status): self.key(tenant, key, account, status)
        case .end(let last, let at): end(last, at)
        }
        endObject()
        endLine()
    }

    private mutating func account(_ tenant: Name, _ account: Name, _ state: AccountState) {
        kind("account", tenant)
        named("account", account)
        key("state")
        string(state.rawValue)
    }

    private mutating func lots(_ lots: ListedLots) {
        kind("lots", lots.tenant)
        named("account", lots.account)
        named("unit", lots.unit)
        counted("available", lots.balance.available)
        counted("held", lots.balance.held)
        key("unlimited")
        boolean(lots.balance.isUnlimited)
        key("lots")
        beginArray()
        for lot in lots.lots { self.lot(lot) }
        endArray()
    }

    private mutating func lot(_ lot: ListedLots.Lot) {
        beginObject()
        numbered("lot", lot.number)
        counted("remaining", lot.remaining)
        counted("held", lot.held)
        endObject()
    }

    private mutating func window(_ window: ListedWindow) {
        kind("window", window.tenant)
        named("account", window.account)
        named("unit", window.unit)
        named("plan", window.plan)
        key("period")
        string(window.period.rawValue)
        timed("start", window.interval.start)
        timed("end", window.interval.end)
        counted("limit", window.limit)
        counted("used", window.used)
        numbered("lot", window.lot)
    }

    private mutating func hold(_ hold: ListedHold) {
        kind("hold", hold.tenant)
        named("id", hold.id)
        named("account", hold.account)
        numbered("seq", hold.number)
        timed("expiresAt", hold.expiresAt)
        key("parts")
        beginArray()
        for part in hold.parts {
            beginObject()
            named("unit", part.unit)
            counted("amount", part.amount)
            endObject()
        }
        endArray()
    }

    private mutating func batch(_ tenant: Name, _ account: Name, _ batch: Name, _ isOpen: Bool) {
        kind("batch", tenant)
        named("account", account)
        named("batch", batch)
        key("open")
        boolean(isOpen)
    }

    private mutating func key(_ tenant: Name, _ name: Name, _ account: Name, _ status: KeyStatus) {
        kind("key", tenant)
        named("key", name)
        named("account", account)
        key("status")
        string(status.rawValue)
    }

    private mutating func end(_ last: SequenceNumber, _ at: Timestamp) {
        key("kind")
        string("end")
        numbered("seq", last)
        timed("at", at)
    }

    // MARK: Fields

    private mutating func kind(_ kind: String, _ tenant: Name) {
        key("kind")
        string(kind)
        named("tenant", tenant)
    }

    private mutating func named(_ field: StaticString, _ value: Name) {
        key(field)
        name(value)
    }

    private mutating func counted(_ field: StaticString, _ value: Amount?) {
        key(field)
        if let value { amount(value) } else { null() }
    }

    private mutating func numbered(_ field: StaticString, _ value: SequenceNumber) {
        key(field)
        sequence(value)
    }

    private mutating func timed(_ field: StaticString, _ value: Timestamp?) {
        key(field)
        if let value { timestamp(value) } else { null() }
    }
}
