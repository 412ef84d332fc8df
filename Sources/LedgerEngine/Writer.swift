import EventCodec
import Foundation
import JSONText
package import LedgerModel
package import SegmentLog

/// The one writer: takes what is in the mailbox, decides, writes, syncs, and only then answers. It lives on the engine's thread.
package final class Writer {
    /// What reaches the writer.
    package enum Letter: Sendable {
        case asked(Asked)
        /// What an errand came to, for a question that waits for it.
        case found(Errand, Result<Finding, ArchiveError>)
        /// A segment could not be read.
        case rotten(segment: SequenceNumber, reason: String)
        /// A read model has come upon a balance that does not add up.
        case drifted(AlertRaised.Drift)
    }

    private let log: SegmentLog
    package private(set) var book: Book
    private let clock: Clock
    private let lanes: Lanes
    private let recall: (Errand, LogHead) -> Void
    private let rolled: () -> Void
    private let commits: Commits
    /// How many bytes a log batch may have, and so a group.
    private let limit: Int
    /// The lines of the log batch that gathers.
    private var lines = JSONWriter(capacity: 1 << 20)
    private var lineCount = 0
    private var dueGroupCount = 0
    /// The lines of the group that is being decided.
    private var group = JSONWriter(capacity: 64 << 10)
    /// Answers, by lane, and errands that wait for the sync of what they saw.
    private var answers: [[Answer]] = []
    private var errands: [Errand] = []
    /// Questions of connections that wait for an errand, in the order sent.
    private var parked: [UInt64: [Asked]] = [:]
    /// How many explanations are being read together.
    private var explanationCount = 0
    /// There was no space for another reserve when the turn began.
    private var isDiskFull = false

    /// Groups that time makes due in one log batch: so many are decided and written in some ten milliseconds.
    private static let dueGroupCountMax = 1000

    /// - Parameters:
    ///   - rolled: Told when a log batch went into a new segment.
    ///   - recall: Takes errands, each with a head that holds what it is for; what they come to returns as letters.
    package init(
        _ log: SegmentLog, _ book: consuming Book, clock: Clock, lanes: Lanes, commits: Commits, limit: Int,
        rolled: @escaping () -> Void = {}, recall: @escaping (Errand, LogHead) -> Void
    ) {
        self.log = log
        self.book = book
        self.clock = clock
        self.lanes = lanes
        self.recall = recall
        self.rolled = rolled
        self.commits = commits
        self.limit = limit
    }

    /// Works until the mailbox is closed and empty and nothing is expected any more. Throws the log's first error, after which
    /// nothing is answered any more.
    func run(_ mailbox: Mailbox<Letter>) throws(LogError) {
        try take([])
        while let letters = mailbox.takeAll(until: alarm, expectingMore: !parked.isEmpty || explanationCount > 0) {
            try take(letters)
        }
    }

    /// Gives up the lock of the directory: the last thing of all.
    func close() throws(LogError) { try log.close() }

    /// One turn: letters in their order, what time has made due before each, and one log batch for all (more when it is full).
    package func take(_ letters: [Letter]) throws(LogError) {
        isDiskFull = log.reserve.isDiskFull
        for letter in letters { try handle(letter) }
        try endDue()
        try commit()
    }

    private func handle(_ letter: Letter) throws(LogError) {
        switch letter {
        case .asked(let asked) where !parked.isEmpty && parked[asked.connection] != nil: parked[asked.connection]!.append(asked)
        case .asked(let asked): try handle(asked)
        case .found(let errand, let result): try handle(errand, result)
        case .rotten(let segment, let reason): try raise(LedgerAlert(segmentRotten: segment, reason))
        case .drifted(let drift): try raise(LedgerAlert(drift))
        }
    }

    private func handle(_ asked: Asked) throws(LogError) {
        let now = try endDue()
        if case .command(let request) = asked.question {
            try decide(request, asked, .none, at: now)
        } else {
            look(asked, at: now)
        }
    }

    private func handle(_ errand: Errand, _ result: Result<Finding, ArchiveError>) throws(LogError) {
        let now = try endDue()
        let waiting = errand.isDecision ? parked.removeValue(forKey: errand.asked.connection) ?? [] : []
        if !errand.isDecision { explanationCount -= 1 }
        switch result {
        case .success(.answer(let outcome)): answer(errand.asked, outcome)
        case .success(.recalled(let request, let recalled)): try decide(request, errand.asked, recalled, at: now)
        case .success(.explained(let explanation)): answer(errand.asked, explaining: explanation)
        case .failure(let error): answer(errand.asked, .failed(error.reason))
        }
        for asked in waiting { try handle(.asked(asked)) }
    }

    private func decide(_ request: Request, _ asked: Asked, _ recalled: Recalled, at now: Timestamp) throws(LogError) {
        // Before anything is decided: what the book has taken must be written.
        if isDiskFull, book.refusesOnFullDisk(request) { return answer(asked, .diskFull) }
        let decision: Decision
        do throws(Rejection) {
            decision = try book.decide(request, at: now, recalled: recalled)
        } catch {
            return answer(asked, .rejected(error))
        }
        switch decision {
        case .accepted(let events): try accept(events, asked)
        case .dryRun(let dryRun): answer(asked, .dryRun(dryRun))
        case .known(let sequence): errands.append(Errand(asked: asked, purpose: .replay(request, sequence)))
        case .recall(let sequences):
            parked[asked.connection] = []
            errands.append(Errand(asked: asked, purpose: .decide(request, sequences, having: recalled)))
        }
    }

    /// The ledger's own time: it never goes back.
    private func now() -> Timestamp { max(clock.now(), book.lastAt) }

    private func accept(_ events: [Event], _ asked: Asked) throws(LogError) {
        let longest = encode(events)
        if group.count > limit { return answer(asked, .tooLarge(byteCount: group.count, limit: limit)) }
        if longest > LogBounds.recordByteCountMax {
            return answer(asked, .tooLarge(byteCount: longest, limit: LogBounds.recordByteCountMax))
        }
        try gather(events)
        answer(asked, .accepted(events, replayed: false))
    }

    /// Answers how many bytes the longest of the lines has.
    @discardableResult
    private func encode(_ events: [Event]) -> Int {
        group.removeAll()
        var longest = 0
        for event in events {
            let start = group.count
            EventCodec.encode(event, into: &group)
            longest = max(longest, group.count - start)
        }
        return longest
    }

    /// Takes the group that was encoded into the log batch and into the book.
    private func gather(_ events: [Event]) throws(LogError) {
        if lines.count + group.count > limit { try commit() }
        lines.append(group.bytes)
        lineCount += events.count
        for event in events { book.apply(event) }
    }

    func answer(_ asked: Asked, _ outcome: Outcome) {
        while answers.count <= asked.lane { answers.append([]) }
        answers[asked.lane].append(Answer(connection: asked.connection, tag: asked.tag, outcome: outcome))
    }

    func explain(_ explanation: Explanation, of identified: Errand.Identified?, for asked: Asked) {
        explanationCount += 1
        errands.append(Errand(asked: asked, purpose: .explain(explanation, of: identified)))
    }

    // MARK: What is due

    /// When to look again although nobody asks.
    private var alarm: Date? { book.nextDue.flatMap(clock.alarm) }

    /// Ends everything that is due, before anything else is decided or answered; gives the time up to which nothing is due.
    @discardableResult
    private func endDue() throws(LogError) -> Timestamp {
        let now = now()
        while let due = book.nextDue, due <= now, let events = book.decideDue(at: now) {
            encode(events)
            try gather(events)
            dueGroupCount += 1
            if dueGroupCount == Writer.dueGroupCountMax { try commit() }
        }
        return now
    }

    /// Tells of what is wrong with the ledger itself, once.
    private func raise(_ alert: LedgerAlert) throws(LogError) {
        let now = try endDue()
        if book.sequence(of: alert.id, in: .system) != nil { return }
        let event = Event.ofLedger(alert.id, .alertRaised(alert.fact), after: book, at: now)
        encode([event])
        try gather([event])
    }

    // MARK: The log batch

    /// Writes and syncs what has gathered; then tells, answers and sends what waited for it.
    private func commit() throws(LogError) {
        if lineCount > 0 {
            let segment = log.head.segment
            try log.append(lines.bytes, count: lineCount, at: book.lastAt)
            lines.removeAll()
            (lineCount, dueGroupCount) = (0, 0)
            commits.publish(log.head, book)
            if log.head.segment != segment { rolled() }
        }
        for lane in answers.indices where !answers[lane].isEmpty {
            lanes.deliver(answers[lane], to: lane)
            answers[lane].removeAll(keepingCapacity: true)
        }
        for errand in errands { recall(errand, log.head) }
        errands.removeAll()
    }
}

extension Errand {
    /// A command waits for it, and so do all later ones of its connection.
    fileprivate var isDecision: Bool { if case .decide = purpose { true } else { false } }
}
