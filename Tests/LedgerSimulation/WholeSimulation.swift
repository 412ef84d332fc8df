import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog

/// The daemon's heart, its clients, its followers, its clock and its disk, all from one seed and on one thread: the same seed,
/// the same history, byte for byte.
///
/// Laws: what was answered is in the log after every start, once, and is answered so again; what was not answered is in it whole
/// or not at all; what was refused is not. The book is what the log makes, and what the oracle says. A start is refused only
/// after damage.
struct WholeSimulation {
    let host: SimulatedHost
    /// Nil while it is dead.
    var running: SimulatedDaemon?
    var clients: SimulatedClients
    var chronicle: Chronicle
    var chances: FaultChances
    let readModels: SimulatedReadModels?
    /// What somebody has seen who keeps no more than that, such as the last signed checkpoint.
    var checkpoint: Watermark?
    /// Letters for the next turn.
    var letters: [Writer.Letter] = []
    /// The fault that was planned last.
    var planned: SimulatedFault?
    /// A rotten bit, until it is mended.
    var rotten: (path: String, bit: Int)?
    /// The volume as it was some time ago, and how far the log went.
    var older: (volume: MemoryVolume, head: LogHead)?
    var tally = SimulationTally()
    private var random: SeededGenerator
    private var turnCount = 0

    /// - Parameter hasReadModels: Read models take most of the time.
    init(seed: UInt64, without excluded: Set<SimulatedFault>, hasReadModels: Bool) throws {
        var random = SeededGenerator(seed: seed)
        host = SimulatedHost(random: &random)
        clients = SimulatedClients(seed: random.next())
        chances = FaultChances(seed: random.next(), without: excluded)
        let viewSeed = random.next()
        readModels = hasReadModels ? try SimulatedReadModels(host.volume, seed: viewSeed) : nil
        chronicle = Chronicle(host.emptyBook)
        self.random = random
        host.clock.set(clients.now)
        try start(TurnReport(events: [], now: clients.now))
    }

    var daemon: SimulatedDaemon { running! }

    // MARK: Steps

    /// One bundle of commands, with all that happens around it.
    mutating func step() throws {
        try perhapsFail()
        let bundle = clients.nextBundle()
        if !bundle.isAfterDowntime { try waitForAlarms(until: bundle.at) }
        try send(bundle)
        try runErrands(all: false)
        try follow()
    }

    /// Everything is answered, and everybody has followed. Answers the chain of the log: a digest of all that happened.
    mutating func finish() throws -> ChainHash {
        try stop()
        try start(TurnReport(events: [], now: ledgerTime))
        try readModels?.check(daemon.log.head)
        return daemon.log.head.chain
    }

    private mutating func send(_ bundle: SimulatedClients.Bundle) throws {
        // A turn that brings new documents begins with them.
        if bundle.isOfDocuments, !letters.isEmpty { try turn(at: max(bundle.at, host.clock.now)) }
        let busy = daemon.busyConnections
        letters += bundle.requests.map { .asked(clients.ask($0, busy: busy)) }
        if let look = clients.nextLook() { letters.append(.asked(look)) }
        tally.commands += bundle.requests.count
        try turn(at: bundle.isOfDocuments ? newInstant(bundle.at) : chances.skewed(max(bundle.at, host.clock.now)))
    }

    /// An instant at which nothing has happened.
    private func newInstant(_ at: Timestamp) -> Timestamp { max(at, Timestamp(microseconds: ledgerTime.rawValue + 1)) }

    var ledgerTime: Timestamp { max(host.clock.now, chronicle.shadow.lastAt) }

    /// The daemon wakes when something is due.
    private mutating func waitForAlarms(until end: Timestamp) throws {
        while let due = daemon.book.nextDue, due <= end { try turn(at: max(due, host.clock.now)) }
    }

    /// One turn of the writer with the letters that wait. The daemon may die of it; then another goes on.
    private mutating func turn(at instant: Timestamp) throws {
        host.clock.set(instant)
        let (now, taken) = (ledgerTime, letters)
        letters = []
        turnCount += 1
        do throws(LogError) { try daemon.take(taken) } catch { return try die(of: error) }
        let events = try daemon.takeEvents()
        clients.note(events)
        try chronicle.follow(try report(events, now))
        try chronicle.compareDue(daemon.book)
        if turnCount % 16 == 0 { try chronicle.compare(daemon.book, at: now) }
    }

    /// What the turn left so far.
    mutating func report(_ events: [Event], _ now: Timestamp) throws -> TurnReport {
        var report = TurnReport(events: events, now: now, isDamaged: rotten != nil)
        for answer in daemon.takeAnswers() { report.answers.append((try clients.take(answer.tag), answer.outcome)) }
        return report
    }

    // MARK: Errands

    /// Errands are run in any order, soon or later; commands on documents are decided at an instant of their own.
    private mutating func runErrands(all: Bool) throws {
        while daemon.errandCount > 0, all || !random.oneIn(3) {
            let (errand, result) = daemon.runErrand(Int.random(in: 0..<daemon.errandCount, using: &random))
            if case .failure(let error) = result {
                try require(rotten != nil, "an errand failed on a sound log: \(error.reason)")
                if let segment = error.damagedSegment { letters.append(.rotten(segment: segment, reason: error.reason)) }
            }
            if errand.isRepeat {
                try answer(errand, result)
            } else {
                try find(errand, result)
            }
        }
    }

    private mutating func find(_ errand: Errand, _ result: Result<Finding, ArchiveError>) throws {
        guard case .command(let request) = errand.asked.question, request.command.isOfDocuments else {
            return letters.append(.found(errand, result))
        }
        letters.insert(.found(errand, result), at: 0)
        try turn(at: newInstant(host.clock.now))
    }

    private mutating func answer(_ errand: Errand, _ result: Result<Finding, ArchiveError>) throws {
        guard case .command(let request) = try clients.take(errand.asked.tag) else { throw LawBroken("a look is no repeat") }
        guard case .success(.answer(let outcome)) = result else { return }
        try chronicle.check(repeated: request, outcome)
    }

    /// Answers everything that waits, as a daemon does that is told to end.
    mutating func settle() throws {
        while daemon.errandCount > 0 || !letters.isEmpty {
            try runErrands(all: true)
            try turn(at: host.clock.now)
        }
    }

    // MARK: Followers

    /// Those who follow see what is committed, now and then.
    private mutating func follow() throws {
        if random.oneIn(5) { try writeReserve() }
        let head = daemon.log.head
        if random.oneIn(6) { checkpoint = head.watermark }
        if rotten != nil { return }
        try readModels?.follow(head)
        if random.oneIn(60) { older = (host.volume.copy(), head) }
    }

    /// The next segment is written ahead. That it fails is nothing to the log; that the daemon dies of it is.
    private mutating func writeReserve() throws {
        do throws(LogError) { try daemon.log.reserve.write() } catch {
            if planned == .crash { return try die(of: error) }
            try require(hasFailed || isFull(error), "the reserve failed by itself: \(error)")
            tally.writeErrors += 1
        }
    }

    var watermarks: [Watermark] { (readModels?.watermarks ?? []) + (checkpoint.map { [$0] } ?? []) }
}

extension SimulatedClients.Bundle {
    fileprivate var isOfDocuments: Bool { requests[0].command.isOfDocuments }
}
