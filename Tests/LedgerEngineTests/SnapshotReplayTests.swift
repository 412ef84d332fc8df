import EventCodec
import JSONText
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerEngine
@testable import LedgerModel

/// Reading ahead on several threads gives what reading one event after the other gives, and stops where it would.
@Suite("Replaying")
struct SnapshotReplayTests {
    private let volume = MemoryVolume()

    /// A log of these events, in log batches of so many.
    private func write(_ events: [Event], inBatchesOf count: Int, ledger: LedgerID) throws -> (LogReader, LogHead) {
        let (log, _) = try SegmentLog.open(
            "/data", volume: volume, watermarks: [], creatingWith: { ledger }, now: ManualClock.start)
        for start in stride(from: 0, to: events.count, by: count) {
            let batch = events[start..<min(start + count, events.count)]
            var lines = JSONWriter()
            for event in batch { EventCodec.encode(event, into: &lines) }
            try log.append(lines.bytes, count: batch.count, at: batch.last!.at)
        }
        return (LogReader("/data", volume: volume), log.head)
    }

    private static func opened(_ ledger: LedgerID) -> Event {
        let fact = LedgerOpened(ledger: Name(ledger.description)!, origin: "o", key: "k")
        return Event(
            sequence: .first, at: ManualClock.start, day: Day(utc: ManualClock.start), tenant: .system, id: "$ledger",
            group: GroupHead(count: 1, body: 0), peer: nil, actor: nil, fact: .ledgerOpened(fact))
    }

    /// The opening, and then grants of 1 each.
    private static func events(_ count: Int, ledger: LedgerID) -> [Event] {
        var book = MemoryLedger.emptyBook()
        var events = [opened(ledger)]
        book.apply(events[0])
        while events.count < count {
            let grant = Grant(account: Name("a-\(events.count % 7)")!, unit: "u", amount: 1, terms: LotTerms(source: .bonus))
            let request = Request(tenant: "t", id: Name("g-\(events.count)")!, body: 1, command: .grant(grant))
            guard case .accepted(let group)? = try? book.decide(request, at: ManualClock.start) else { break }
            for event in group { book.apply(event) }
            events += group
        }
        return events
    }

    private static func book(of events: [Event]) -> Book {
        var book = MemoryLedger.emptyBook()
        for event in events { book.apply(event) }
        return book
    }

    @Test("the same book, however many threads read ahead", arguments: [0, 1, 2, 5])
    func threads(count: Int) throws {
        let ledger = LedgerID.random()
        let events = Self.events(1500, ledger: ledger)
        let (reader, head) = try write(events, inBatchesOf: 7, ledger: ledger)
        var book = MemoryLedger.emptyBook()
        var told: [UInt64] = []
        try book.replay(reader, upTo: head, threads: count) { told.append($0.events) }
        #expect(book == Self.book(of: events) && told == told.sorted() && told.last == head.lastSequence.rawValue)
        try book.replay(reader, upTo: head, threads: count) { _ in Issue.record("there is nothing left") }
    }

    @Test("it stops at the first event that cannot be read, with those before it applied", arguments: [0, 3])
    func unreadable(threads: Int) throws {
        let ledger = LedgerID.random()
        let events = Self.events(1500, ledger: ledger)
        let (log, _) = try SegmentLog.open(
            "/data", volume: volume, watermarks: [], creatingWith: { ledger }, now: ManualClock.start)
        for event in events.prefix(900) {
            var line = JSONWriter()
            EventCodec.encode(event, into: &line)
            try log.append(line.bytes, count: 1, at: event.at)
        }
        let bad = Array("{\"seq\":901,\"at\":\"2026\"}\n".utf8)
        try bad.withUnsafeBytes { try log.append($0, count: 1, at: ManualClock.start) }
        var book = MemoryLedger.emptyBook()
        let error = #expect(throws: EngineError.self) {
            try book.replay(LogReader("/data", volume: volume), upTo: log.head, threads: threads) { _ in }
        }
        guard case .undecodable(901, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a damaged log batch ends the replay with its fault")
    func damaged() throws {
        let ledger = LedgerID.random()
        let (reader, head) = try write(Self.events(400, ledger: ledger), inBatchesOf: 10, ledger: ledger)
        let path = "/data/log/00000000000000000001.lz4"
        var bytes = try #require(volume.contents(path))
        bytes[Int(head.offset) / 2] ^= 1
        volume.put(path, bytes)
        var book = MemoryLedger.emptyBook()
        #expect(throws: LogError.self) { try book.replay(LogReader("/data", volume: volume), upTo: head) { _ in } }
        _ = reader
    }

    @Test("a segment of a ledger that no event names is refused")
    func foreignSegment() throws {
        let (ledger, other) = (LedgerID.random(), LedgerID.random())
        let (reader, head) = try write(Self.events(20, ledger: other), inBatchesOf: 5, ledger: ledger)
        var book = MemoryLedger.emptyBook()
        let error = #expect(throws: EngineError.self) { try book.replay(reader, upTo: head) { _ in } }
        guard case .inconsistent(1, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a log whose first event names no ledger is refused")
    func namelessLog() throws {
        let ledger = LedgerID.random()
        var events = Self.events(3, ledger: ledger)
        events.removeFirst()
        events = events.enumerated().map { index, event in
            var event = event
            event.sequence = SequenceNumber(UInt64(index) + 1)
            return event
        }
        let (reader, head) = try write(events, inBatchesOf: 5, ledger: ledger)
        var book = MemoryLedger.emptyBook()
        #expect(throws: EngineError.self) { try book.replay(reader, upTo: head) { _ in } }
    }

    @Test("what the progress throws ends the replay")
    func cancelled() throws {
        let ledger = LedgerID.random()
        let (reader, head) = try write(Self.events(1500, ledger: ledger), inBatchesOf: 3, ledger: ledger)
        var book = MemoryLedger.emptyBook()
        #expect(throws: CancellationError.self) { try book.replay(reader, upTo: head) { _ in throw CancellationError() } }
        #expect(book.lastSequence < head.lastSequence)
    }
}
