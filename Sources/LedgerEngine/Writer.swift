import EventCodec
import Foundation
import JSONText
import LedgerModel
import SegmentLog

/// The one writer: takes what is in the mailbox, decides, writes, syncs, and only then answers. It lives on the engine's thread.
final class Writer {
    /// What reaches the writer.
    enum Letter: Sendable {
        case asked(Asked)
        /// What an errand brought back, for a connection that waits for it.
        case recalled(Recaller.Errand, Result<Recalled, Recaller.RecallError>)
    }

    private let log: SegmentLog
    private var book: Book
    private let clock: Clock
    private let lanes: Lanes
    private let recaller: Recaller
    private let commits: Commits
    /// How many bytes a log batch may have, and so a group.
    private let limit: Int
    /// The lines of the log batch that gathers.
    private var lines = JSONWriter(capacity: 1 << 20)
    private var lineCount = 0
    /// The lines of the group that is being decided.
    private var group = JSONWriter(capacity: 64 << 10)
    /// Answers, by lane, and errands that wait for the sync of what they saw.
    private var answers: [[Answer]] = []
    private var errands: [(asked: Asked, request: Request, sequence: SequenceNumber, purpose: Recaller.Errand.Purpose)] = []
    /// Questions of connections that wait for an errand, in the order sent.
    private var parked: [UInt64: [Asked]] = [:]

    init(_ log: SegmentLog, _ book: consuming Book, clock: Clock, lanes: Lanes, recaller: Recaller, commits: Commits, limit: Int)
    {
        self.log = log
        self.book = book
        self.clock = clock
        self.lanes = lanes
        self.recaller = recaller
        self.commits = commits
        self.limit = limit
    }

    /// Works until the mailbox is closed and empty and no errand is out. Throws the log's first error, after which nothing is answered any more.
    func run(_ mailbox: Mailbox<Letter>) throws(LogError) {
        while let letters = mailbox.takeAll(expectingMore: !parked.isEmpty) {
            for letter in letters { try handle(letter) }
            try commit()
        }
        try log.close()
    }

    private func handle(_ letter: Letter) throws(LogError) {
        switch letter {
        case .asked(let asked) where !parked.isEmpty && parked[asked.connection] != nil: parked[asked.connection]!.append(asked)
        case .asked(let asked): try handle(asked)
        case .recalled(let errand, let result):
            let waiting = parked.removeValue(forKey: errand.asked.connection) ?? []
            switch result {
            case .success(let recalled): try handle(errand.request, errand.asked, recalled)
            case .failure(let error): answer(errand.asked, .failed(error.reason))
            }
            for asked in waiting { try handle(.asked(asked)) }
        }
    }

    private func handle(_ asked: Asked) throws(LogError) {
        switch asked.question {
        case .command(let request): try handle(request, asked, nil)
        case .balance(let tenant, let account, let unit):
            guard let holdings = book.holdings(of: account, in: tenant, at: now()) else {
                return answer(asked, .rejected(.accountNotFound(account)))
            }
            answer(asked, .balances(unit.map { unit in holdings.filter { $0.unit == unit } } ?? holdings))
        }
    }

    private func handle(_ request: Request, _ asked: Asked, _ recalled: Recalled?) throws(LogError) {
        let decision: Decision
        do throws(Rejection) {
            decision = try book.decide(request, at: now(), recalled: recalled)
        } catch {
            return answer(asked, .rejected(error))
        }
        switch decision {
        case .accepted(let events): try accept(events, asked)
        case .known(let sequence): errands.append((asked, request, sequence, .replay))
        case .recall(let sequence):
            parked[asked.connection] = []
            errands.append((asked, request, sequence, .decide))
        }
    }

    /// The ledger's own time: it never goes back.
    private func now() -> Timestamp { max(clock.now(), book.lastAt) }

    private func accept(_ events: [Event], _ asked: Asked) throws(LogError) {
        group.removeAll()
        for event in events { EventCodec.encode(event, into: &group) }
        if group.count > limit { return answer(asked, .tooLarge(byteCount: group.count, limit: limit)) }
        if lines.count + group.count > limit { try commit() }
        lines.append(group.bytes)
        lineCount += events.count
        for event in events { book.apply(event) }
        answer(asked, .accepted(events, replayed: false))
    }

    private func answer(_ asked: Asked, _ outcome: Outcome) {
        while answers.count <= asked.lane { answers.append([]) }
        answers[asked.lane].append(Answer(connection: asked.connection, tag: asked.tag, outcome: outcome))
    }

    /// Writes and syncs what has gathered; then tells, answers and sends what waited for it.
    private func commit() throws(LogError) {
        if lineCount > 0 {
            try log.append(lines.bytes, count: lineCount, at: book.lastAt)
            lines.removeAll()
            lineCount = 0
            commits.publish(log.head, book)
        }
        for lane in answers.indices where !answers[lane].isEmpty {
            lanes.deliver(answers[lane], to: lane)
            answers[lane].removeAll(keepingCapacity: true)
        }
        for errand in errands {
            recaller.send(
                Recaller.Errand(
                    asked: errand.asked, request: errand.request, sequence: errand.sequence, purpose: errand.purpose,
                    head: log.head))
        }
        errands.removeAll()
    }
}
