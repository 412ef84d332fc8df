import EventCodec
import JSONText
package import LedgerModel
package import SegmentLog

/// What the ledger itself writes before it takes questions.
package struct Opening {
    private let log: SegmentLog
    package private(set) var book: Book
    private let now: Timestamp

    package init(_ log: SegmentLog, _ book: Book, now: Timestamp) {
        self.log = log
        self.book = book
        self.now = now
    }

    /// - Parameter key: The verifier key of its checkpoints.
    package mutating func openLedger(origin: Name, key: Name) throws(LogError) {
        let ledger = Name(log.head.ledger.description)!
        try append("$ledger", .ledgerOpened(LedgerOpened(ledger: ledger, origin: origin, key: key)))
    }

    package mutating func record(_ cut: Cut) throws(LogError) {
        let fact = Recovered(
            segment: cut.segment, offset: cut.offset, byteCount: UInt64(cut.byteCount), torn: Name(cut.tornFile)!)
        try append(Name("$recovered/\(cut.tornFile)")!, .recovered(fact))
    }

    private mutating func append(_ id: Name, _ fact: Fact) throws(LogError) {
        let event = Event.ofLedger(id, fact, after: book, at: now)
        var line = JSONWriter()
        EventCodec.encode(event, into: &line)
        try log.append(line.bytes, count: 1, at: now)
        book.apply(event)
    }
}

extension Event {
    /// What the ledger itself writes, in a group of its own.
    static func ofLedger(_ id: Name, _ fact: Fact, after book: borrowing Book, at now: Timestamp) -> Event {
        Event(
            sequence: book.lastSequence.next, at: now, day: Day(utc: now), tenant: .system, id: id,
            group: GroupHead(count: 1, body: 0), peer: nil, actor: nil, fact: fact)
    }
}
