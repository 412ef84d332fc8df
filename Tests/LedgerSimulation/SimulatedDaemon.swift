import EventCodec
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog

/// What stays when the daemon of a simulation dies.
struct SimulatedHost {
    static let directory = "/simulated"

    var volume: MemoryVolume
    let clock: ManualClock
    let bounds: LogBounds
    let hashKey: HashKey
    let ledger: LedgerID

    /// Small bounds, so that the log rolls often.
    init(random: inout SeededGenerator) {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = Int.random(in: 32...64, using: &random) << 10
        bounds.segmentByteCountMax = bounds.batchRawByteCountMax + Int.random(in: 1...64, using: &random) << 10
        bounds.tailChunkByteCount = Int.random(in: 1...16, using: &random) << 10
        (volume, clock, self.bounds) = (MemoryVolume(), ManualClock(), bounds)
        hashKey = HashKey(random.next(), random.next())
        ledger = LedgerID(bytes: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })!
    }

    var emptyBook: Book { Book(hashKey: hashKey, zones: .ofSimulation) }
}

/// The heart of the ledger daemon without its threads: the log, the writer, and what reads back for it. Whoever holds it takes
/// each turn by hand, so that a seed decides what comes before what.
final class SimulatedDaemon {
    /// An errand with the head that holds what it is for.
    typealias Given = (errand: Errand, head: LogHead)

    /// What the writer gave away. One thread uses it.
    private final class Outbox: @unchecked Sendable {
        var answers: [Answer] = []
        var errands: [Given] = []
    }

    let log: SegmentLog
    private let writer: Writer
    private let cursor: LogCursor
    private let archive: Archive
    private let outbox: Outbox

    /// Opens the ledger, or makes it, as the engine does: recovers, replays, and notes what is the ledger's own to note.
    ///
    /// - Parameter mayCreate: There need not be a ledger yet.
    /// - Returns: The daemon, with every event of the log.
    static func open(_ host: SimulatedHost, watermarks: [Watermark], mayCreate: Bool) throws -> (SimulatedDaemon, [Event]) {
        let (log, recovery) = try SegmentLog.open(
            SimulatedHost.directory, volume: host.volume, bounds: host.bounds, watermarks: watermarks,
            creatingWith: mayCreate ? { host.ledger } : nil, now: host.clock.now)
        let reader = LogReader(SimulatedHost.directory, volume: host.volume)
        let cursor = reader.cursor(from: .first)
        var (book, events) = (host.emptyBook, try cursor.events(upTo: log.head))
        for event in events { book.apply(event) }
        book = try open(log, book, recovery.cuts, recorded: events, now: host.clock.now)
        events += try cursor.events(upTo: log.head)
        return (SimulatedDaemon(log, book, reader, cursor, host), events)
    }

    private static func open(
        _ log: SegmentLog, _ book: Book, _ cuts: [Cut], recorded events: [Event], now: Timestamp
    ) throws -> Book {
        let now = max(now, book.lastAt)
        var opening = Opening(log, book, now: now)
        if log.head.lastSequence == .zero { try opening.openLedger(origin: "simulated.example", key: "simulated.example+0+0") }
        let recorded = Set(events.compactMap { if case .recovered(let fact) = $0.fact { fact.torn } else { nil } })
        for cut in cuts where !recorded.contains(Name(cut.tornFile)!) { try opening.record(cut) }
        return opening.book
    }

    private init(_ log: SegmentLog, _ book: Book, _ reader: LogReader, _ cursor: LogCursor, _ host: SimulatedHost) {
        let (lanes, outbox) = (Lanes(), Outbox())
        (self.log, self.cursor, self.outbox) = (log, cursor, outbox)
        archive = Archive(reader)
        _ = lanes.add { outbox.answers += $0 }
        let commits = Commits(log.head, book)
        writer = Writer(
            log, book, clock: Clock(now: { [clock = host.clock] in clock.now }), lanes: lanes, commits: commits,
            limit: host.bounds.batchRawByteCountMax
        ) { outbox.errands.append(($0, $1)) }
    }

    /// What the writer holds for true; between turns it is what the log says.
    var book: Book { writer.book }

    /// One turn of the writer.
    func take(_ letters: [Writer.Letter]) throws(LogError) { try writer.take(letters) }

    /// The answers since the last call, in the order in which they were decided.
    func takeAnswers() -> [Answer] {
        defer { outbox.answers = [] }
        return outbox.answers
    }

    /// The events that were committed since the last call.
    func takeEvents() throws -> [Event] { try cursor.events(upTo: log.head) }

    var errandCount: Int { outbox.errands.count }

    /// Connections with a command that waits for an errand.
    var busyConnections: Set<UInt64> {
        Set(outbox.errands.filter { $0.errand.isDecision }.map(\.errand.asked.connection))
    }

    /// Takes an errand out of those that wait, and runs it.
    func runErrand(_ index: Int) -> (errand: Errand, result: Result<Finding, ArchiveError>) {
        let given = outbox.errands.remove(at: index)
        return (given.errand, Result { () throws(ArchiveError) in try archive.run(given.errand, upTo: given.head) })
    }
}

extension Errand {
    /// It answers a command that was sent before, and does not go back to the writer.
    var isRepeat: Bool { if case .replay = purpose { true } else { false } }
    var isDecision: Bool { if case .decide = purpose { true } else { false } }
}

extension LogCursor {
    /// All events from here on up to the head.
    func events(upTo head: LogHead) throws -> [Event] {
        var events: [Event] = []
        while let batch = try next(upTo: head) {
            try batch.records.withUnsafeBytes { bytes in
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    events.append(try EventCodec.decode(UnsafeRawBufferPointer(rebasing: line)))
                }
            }
        }
        return events
    }
}
