package import LedgerModel
package import SegmentLog

/// Something that is to be read back from the log for a question.
package struct Errand: Sendable {
    package enum Purpose: Sendable {
        /// The id was used before, and led to this event: answer with all that it led to.
        case replay(Request, SequenceNumber)
        /// The command needs these events to be decided, beside those that it has.
        case decide(Request, [SequenceNumber], having: Recalled)
        /// What an id led to, if there is one to explain, and how the lots came about.
        case explain(Explanation, of: Identified?)
    }

    /// An id, and the event to which it leads.
    package struct Identified: Sendable {
        let id: Name
        let sequence: SequenceNumber
    }

    package let asked: Asked
    package let purpose: Purpose
}

/// What came of an errand.
package enum Finding: Sendable {
    case answer(Outcome)
    /// The command can be decided with this, or asks for more.
    case recalled(Request, Recalled)
    /// It lacks its documents.
    case explained(Explanation)
}

extension Archive {
    package func run(_ errand: Errand, upTo head: LogHead) throws(ArchiveError) -> Finding {
        switch errand.purpose {
        case .replay(let request, let sequence): .answer(try replay(request, at: sequence, upTo: head))
        case .decide(let request, let sequences, let known):
            .recalled(request, try recall(sequences, having: known, upTo: head))
        case .explain(let explanation, let identified):
            .explained(try complete(explanation, identified, upTo: head))
        }
    }

    // MARK: Repeated commands

    /// The same id with the same body is the same command; all else is a mismatch, and so is an id that an item has used. A
    /// hold's id leads to what ended it, which names where it began.
    private func replay(_ request: Request, at sequence: SequenceNumber, upTo head: LogHead) throws(ArchiveError) -> Outcome {
        var events = try group(at: sequence, upTo: head)
        if let hold = events[0].fact.endedHold, hold.id == request.id {
            events = try group(containing: hold.held, upTo: head)
        }
        let first = events[0]
        guard first.id == request.id, first.tenant == request.tenant, first.group?.body == request.body else {
            return .idMismatch(first.sequence)
        }
        return .accepted(events, replayed: true)
    }

    // MARK: Decisions

    private func recall(_ sequences: [SequenceNumber], having known: Recalled, upTo head: LogHead) throws(ArchiveError)
        -> Recalled
    {
        var recalled = known
        for sequence in sequences {
            let events = try group(at: sequence, upTo: head)
            recalled.groups[sequence] = events
            try recallLots(of: events, into: &recalled, upTo: head)
        }
        return recalled
    }

    /// The terms of the lots that were drawn from, as the events say that opened them.
    private func recallLots(of events: [Event], into recalled: inout Recalled, upTo head: LogHead) throws(ArchiveError) {
        for part in events.flatMap(\.partsTaken) {
            for draw in part.lots where recalled.lots[draw.lot] == nil {
                recalled.lots[draw.lot] = try event(at: draw.lot, upTo: head).openedLots[part.unit]
            }
        }
    }

    // MARK: Explanations

    private func complete(_ explanation: Explanation, _ identified: Errand.Identified?, upTo head: LogHead)
        throws(ArchiveError) -> Explanation
    {
        var explanation = explanation
        if let identified { explanation.events = try story(of: identified, upTo: head) }
        for lot in explanation.lots {
            if let told = explanation.events.first(where: { $0.sequence == lot }) {
                explanation.opened.append((lot, told))
            } else if lot <= head.lastSequence {
                explanation.opened.append((lot, try event(at: lot, upTo: head)))
            }
        }
        return explanation
    }

    /// What an id led to, with the events to which that leads back, in order.
    private func story(of identified: Errand.Identified, upTo head: LogHead) throws(ArchiveError) -> [Event] {
        var events = try group(at: identified.sequence, upTo: head)
        if events[0].id != identified.id { events = [events[0]] }
        var known = Set(events.map(\.sequence))
        var next = 0
        while next < events.count {
            if let cause = events[next].fact.cause, known.insert(cause).inserted {
                events.append(try event(at: cause, upTo: head))
            }
            next += 1
        }
        return events.sorted { $0.sequence < $1.sequence }
    }
}
