import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog

/// An id of a tenant.
struct CommandKey: Hashable {
    let tenant: Name
    let id: Name

    init(_ request: Request) { (tenant, id) = (request.tenant, request.id) }
    init(_ event: Event) { (tenant, id) = (event.tenant, event.id) }
}

/// What a turn of the writer left.
struct TurnReport {
    /// In the order in which they were decided.
    var answers: [(question: Question, outcome: Outcome)] = []
    /// What is new in the log.
    var events: [Event]
    /// The ledger's time in the turn.
    let now: Timestamp
    /// Commands without an answer, of a turn that was cut off: what became of them, the log says.
    var unanswered: [Request]?
    /// The medium has been damaged: what must be read back from it may fail.
    var isDamaged = false
}

/// All that is known to be in the log for ever, held against the laws, a second book that is told nothing else, and the oracle.
struct Chronicle {
    private(set) var events: [Event] = []
    /// A book that follows the log.
    private(set) var shadow: Book
    private var oracle = Oracle()
    private var telling = EventTelling()
    /// Where the groups of commands stand, as indices of events.
    private var groups: [CommandKey: Range<Int>] = [:]
    /// The first event that the oracle has not been told of.
    private var next = 0
    private(set) var acceptedCount = 0

    init(_ book: Book) { shadow = book }

    func group(of request: Request) -> ArraySlice<Event>? { groups[CommandKey(request)].map { events[$0] } }

    // MARK: The log

    /// What a start found in the log: all that was there before, and what came to it.
    func news(in found: [Event]) throws(LawBroken) -> [Event] {
        for (before, after) in zip(events, found) {
            try require(before == after, "event \(before.sequence) was \(before) and is now \(after)")
        }
        try require(found.count >= events.count, "the log had \(events.count) events, and has \(found.count)")
        return Array(found[events.count...])
    }

    /// Takes what is new in the log: dense, in whole groups, each command once.
    private mutating func append(_ new: [Event]) throws(LawBroken) {
        var rest = new[...]
        while let head = rest.first {
            let count = head.group?.count ?? 0
            try require(count > 0 && count <= rest.count, "\(head) begins no whole group")
            try append(group: rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    private mutating func append(group: ArraySlice<Event>) throws(LawBroken) {
        let end = events.count + group.count
        for event in group {
            try require(event.sequence == shadow.lastSequence.next, "\(event) follows event \(shadow.lastSequence)")
            try require(event.at >= shadow.lastAt, "time goes back with \(event)")
            try note(event, upTo: end)
            shadow.apply(event)
            events.append(event)
        }
    }

    /// Notes a group that an event begins; those of a `submit` have others inside.
    private mutating func note(_ head: Event, upTo end: Int) throws(LawBroken) {
        guard let count = head.group?.count, !head.id.isReserved else { return }
        try require(events.count + count <= end, "\(head) begins no whole group")
        let known = groups.updateValue(events.count..<events.count + count, forKey: CommandKey(head))
        try require(known == nil, "\(head.id) of \(head.tenant) is in the log twice: \(head)")
    }

    // MARK: Turns

    /// Holds what a turn left against the oracle, in the order in which it was decided.
    mutating func follow(_ turn: TurnReport) throws(LawBroken) {
        try append(turn.events)
        for (question, outcome) in turn.answers { try explain(outcome, to: question, turn) }
        guard let unanswered = turn.unanswered else {
            try passDue(at: turn.now)
            if let group = nextGroup() { throw LawBroken("nobody asked for \(group)") }
            return
        }
        while let group = nextGroup() { try explain(group, unanswered) }
    }

    /// The next group that the oracle has not been told of; what the ledger writes of itself is passed over.
    private mutating func nextGroup() -> [Event]? {
        while next < events.count {
            let group = events[next..<next + events[next].group!.count]
            next = group.endIndex
            if group.first!.tenant != .system { return Array(group) }
        }
        return nil
    }

    private mutating func passDue(at now: Timestamp) throws(LawBroken) {
        while let due = oracle.nextDue, due <= now {
            guard let group = nextGroup() else { throw LawBroken("what is due at \(due) was not done at \(now)") }
            try passDue(group)
        }
    }

    private mutating func passDue(_ group: [Event]) throws(LawBroken) {
        let told = telling.told(group)
        let foretold = oracle.passDue(at: group[0].at)
        try require(foretold == told, "due at \(group[0].at)\n  ledger: \(told)\n  oracle: \(foretold ?? ["nothing"])")
        oracle.note(group)
    }

    /// A group of a turn that was cut off: due, or of a command without an answer.
    private mutating func explain(_ group: [Event], _ unanswered: [Request]) throws(LawBroken) {
        if group[0].id.isReserved { return try passDue(group) }
        let asked = unanswered.first { CommandKey($0) == CommandKey(group[0]) && $0.body == group[0].group?.body }
        guard let asked else { throw LawBroken("nobody waits for an answer about \(group)") }
        try accept(group, of: asked)
    }

    private mutating func accept(_ group: [Event], of request: Request) throws(LawBroken) {
        let told = telling.told(group)
        try compare(.accepted(told), request, at: group[0].at)
        oracle.note(group)
        acceptedCount += 1
    }

    private mutating func compare(_ outcome: Oracle.Prediction, _ request: Request, at now: Timestamp) throws(LawBroken) {
        let foretold = oracle.predict(request, at: now)
        try require(
            outcome.inAnyOrder == foretold.inAnyOrder,
            "\(request.id) of \(request.tenant), \(request.command)\n  ledger: \(outcome)\n  oracle: \(foretold)")
    }

    // MARK: Answers

    private mutating func explain(_ outcome: Outcome, to question: Question, _ turn: TurnReport) throws(LawBroken) {
        try passDue(at: turn.now)
        switch (question, outcome) {
        case (.command(let request), .accepted(let answered, replayed: false)):
            let group = nextGroup()
            try require(group == answered, "answered with \(answered), but the log has \(group.map { "\($0)" } ?? "nothing")")
            try accept(answered, of: request)
        case (.command(let request), .rejected(let no)): try compare(.rejected(no.name), request, at: turn.now)
        case (.command(let request), .dryRun): try compare(.dryRun, request, at: turn.now)
        // Nothing of it is in the log, for what is there must be explained by others.
        case (.command, .tooLarge), (.command, .diskFull): break
        case (.command, .failed) where turn.isDamaged: break
        case (.balance(let tenant, let account, _), .balances(let holdings)):
            try check(balancesOf: account, in: tenant, holdings, at: turn.now)
        case (.balance(let tenant, let account, _), .rejected(let no)):
            try require(oracle.state(of: account, in: tenant, at: turn.now) == nil, "\(account) of \(tenant): \(no)")
        default: throw LawBroken("\(question) is answered with \(outcome)")
        }
    }

    /// A command that was sent before gets its first answer again, and another one under its id none.
    mutating func check(repeated request: Request, _ outcome: Outcome) throws(LawBroken) {
        try require(oracle.predict(request, at: shadow.lastAt) == .known, "\(request.id) was not known before: \(outcome)")
        let first = group(of: request)
        switch outcome {
        case .accepted(let again, replayed: true):
            try require(first?.first?.group?.body == request.body, "\(request.id) is another command: \(again)")
            try require(first.map(Array.init) == again, "\(request.id) was answered \(first ?? []), and now \(again)")
        case .idMismatch(let sequence):
            try require(first?.first?.group?.body != request.body, "\(request.id) is the same command, and was refused")
            try require(
                first == nil || first?.first?.sequence == sequence, "\(request.id) was used at another event: \(sequence)")
        default: throw LawBroken("\(request.id) was sent again, and answered with \(outcome)")
        }
    }

    /// What is seen of an account is what the oracle sees.
    private func check(
        balancesOf account: Name, in tenant: Name, _ holdings: [Book.Holding], at now: Timestamp
    ) throws(LawBroken) {
        guard let foretold = oracle.state(of: account, in: tenant, at: now) else { return }
        let found = OracleState(holdings)
        try require(found.units == foretold.units, "\(account) at \(now)\n  ledger: \(found.text)\n  oracle: \(foretold.text)")
    }

    // MARK: Books

    /// The book that decides is the one that the log makes, and the oracle's.
    func compare(_ book: Book, at now: Timestamp) throws(LawBroken) {
        try require(book == shadow, "the book is not the one that the log makes")
        try compareDue(book)
        if let difference = oracle.firstDifference(from: book, at: now) { throw LawBroken(difference.description) }
    }

    func compareDue(_ book: Book) throws(LawBroken) {
        if let difference = oracle.dueDifference(from: book) { throw LawBroken(difference.description) }
    }
}
