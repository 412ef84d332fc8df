import Foundation
import LedgerModel
import SegmentLog

/// Reads events back from the log for the writer, on a thread of its own: the writer never waits for a read.
final class Recaller: @unchecked Sendable {
    /// What is to be read back, and what for.
    struct Errand: Sendable {
        enum Purpose: Sendable {
            /// The id was used before: answer with what it led to.
            case replay
            /// The command needs the events to be decided.
            case decide
        }

        let asked: Asked
        let request: Request
        let sequence: SequenceNumber
        let purpose: Purpose
        /// The head that holds the event: it was committed before the errand was given.
        let head: LogHead
    }

    private let reader: LogReader
    private let errands = Mailbox<Errand>(capacity: .max)
    private let ended = DispatchSemaphore(value: 0)
    /// The log batch read last: repeated commands come in the order of the log. Used by the recaller's thread only.
    private var lastRead: LogBatch?
    private let finish: @Sendable (Errand, Result<Recalled, RecallError>) -> Void

    struct RecallError: Error {
        let reason: String
    }

    /// - Parameter finish: Called on the recaller's thread with what was read.
    init(_ reader: LogReader, finish: @escaping @Sendable (Errand, Result<Recalled, RecallError>) -> Void) {
        self.reader = reader
        self.finish = finish
    }

    func start() {
        let thread = Thread { [self] in
            while let batch = errands.takeAll() {
                for errand in batch { finish(errand, recall(errand)) }
            }
            ended.signal()
        }
        thread.name = "recaller"
        thread.start()
    }

    func send(_ errand: Errand) { errands.putRegardless(errand) }

    /// Takes no more errands, and returns when those that wait are done.
    func stop() {
        errands.close()
        ended.wait()
    }

    private func recall(_ errand: Errand) -> Result<Recalled, RecallError> {
        do {
            let events = try group(at: errand.sequence, upTo: errand.head)
            return .success(Recalled(events: events, lots: errand.purpose == .decide ? try lots(of: events, errand.head) : [:]))
        } catch {
            return .failure(RecallError(reason: "\(error)"))
        }
    }

    /// The group that an event begins, or the one event.
    private func group(at sequence: SequenceNumber, upTo head: LogHead) throws -> [Event] {
        var events: [Event] = []
        try batch(holding: sequence, upTo: head).forEachEvent(from: sequence) { event throws(EngineError) in
            events.append(event)
            return events.count < events[0].group?.count ?? 1
        }
        return events
    }

    private func batch(holding sequence: SequenceNumber, upTo head: LogHead) throws(LogError) -> LogBatch {
        if let batch = lastRead, (batch.firstSequence...batch.lastSequence).contains(sequence) { return batch }
        let batch = try reader.batch(holding: sequence, upTo: head)
        lastRead = batch
        return batch
    }

    /// The terms of the lots that were drawn from, as the events say that opened them.
    private func lots(of events: [Event], _ head: LogHead) throws -> [SequenceNumber: LotTerms] {
        var lots: [SequenceNumber: LotTerms] = [:]
        for case .debited(let debit) in events.map(\.fact) {
            for part in debit.parts {
                for draw in part.lots where lots[draw.lot] == nil {
                    lots[draw.lot] = try group(at: draw.lot, upTo: head).first?.openedLots[part.unit]
                }
            }
        }
        return lots
    }
}
