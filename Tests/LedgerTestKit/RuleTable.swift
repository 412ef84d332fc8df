import LedgerModel

/// A rule test as a domain expert reads it: on each line a command or a question, and behind `=>` what comes of it.
///
/// ```
/// plan pro articles 5 day, reports 1 month     => ok
/// subscribe u-7 pro                            => ok accountOpened subscribed
/// hold h-1 u-7 articles 4 for 15m              => ok allowanceOpened held
/// debit u-7 articles 2                         => allowanceExhausted asked 2 available 1
/// at +15m                                      => due holdExpired
/// quota u-7 pro articles day                   => used 0 limit 5 end 2026-03-02T00:00:00Z
/// ```
///
/// `ok` alone stands for any acceptance, `ok` and types for exactly these events. A rejection may be followed by the facts it tells, each a
/// name and a value; so may a quota and a key. Times are counted from the table's start, 2026-03-01T00:00:00Z, or written out. `at` does
/// what is due by then, as the ledger does before anything else, and a line may not come upon what is due unforeseen: `due` says what
/// became due by the line before. `id NAME` behind a command names it. `#` begins a comment.
///
/// Every line proves two things beside its own: what was accepted is known when it is sent again, and `check` says of every plain
/// debit just what becomes of it.
public struct RuleTable {
    /// What did not come out as the table says, line by line; empty when all did.
    public private(set) var complaints: [String] = []
    /// The names of the rejections that came, expected or not.
    public private(set) var rejections: Set<String> = []
    public internal(set) var ledger = MemoryLedger(zones: .ofRuleTables)
    var now = ManualClock.start
    var tenant: Name = "acme"
    private var commandCount = 0
    /// What was decided last: a command's group, what became due, or what a check foretold.
    var last: [Event] = []

    public init(_ text: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
            if content.allSatisfy(\.isWhitespace) { continue }
            do throws(Unreadable) {
                try run(content)
            } catch {
                complaints.append("line \(index + 1): \(line.prefix(200)): \(error.reason)")
            }
        }
    }

    private mutating func run(_ line: Substring) throws(Unreadable) {
        let halves = line.split(separator: "=>", maxSplits: 1)
        var words = Words(halves[0])
        let expected = halves.count == 2 ? Words(halves[1]).all : nil
        let found = try perform(&words)
        if !words.isAtEnd { throw Unreadable("\(words.rest) is not understood") }
        guard let expected else {
            if let found { throw Unreadable("nothing is expected, but \(found) came") }
            return
        }
        guard let found else { throw Unreadable("got nothing") }
        if !found.matches(expected) { throw Unreadable("got \(found)") }
    }

    /// Does what a line says and answers what came of it; nil for what only sets the scene.
    private mutating func perform(_ words: inout Words) throws(Unreadable) -> Finding? {
        if words.take("at") { now = try words.time() } else if !words.take("due") { return try performNow(&words) }
        let groups = ledger.passDue(at: now)
        last = groups.flatMap(\.self)
        if groups.isEmpty { return nil }
        return Finding("due " + groups.map { $0.map(\.fact.caseName).joined(separator: " ") }.joined(separator: " / "))
    }

    private mutating func performNow(_ words: inout Words) throws(Unreadable) -> Finding? {
        if let unforeseen = ledger.book.decideDue(at: now) {
            throw Unreadable("first is due: \(unforeseen.map(\.fact.caseName).joined(separator: " "))")
        }
        if words.take("tenant") {
            tenant = try words.name()
            return nil
        }
        if let found = try answer(&words) { return found }
        return try send(&words)
    }

    private mutating func send(_ words: inout Words) throws(Unreadable) -> Finding {
        commandCount += 1
        let named = try words.command(unnamed: Name("command-\(commandCount)")!)
        let request = Request(tenant: tenant, id: named.id, body: 1, command: named.command)
        let foretold = forecast(of: request)
        let outcome = outcome(of: request)
        if case .rejected(let rejection) = outcome { rejections.insert(rejection.name) }
        try compare(foretold, outcome)
        try sendAgain(request, after: outcome)
        return Finding(outcome)
    }

    private func compare(_ foretold: Outcome?, _ outcome: Outcome) throws(Unreadable) {
        guard let foretold, foretold != outcome else { return }
        if case .known = outcome { return }
        throw Unreadable("check says \(Finding(foretold)), but it is \(Finding(outcome))")
    }

    /// What was accepted is known from then on.
    private func sendAgain(_ request: Request, after outcome: Outcome) throws(Unreadable) {
        guard case .accepted = outcome else { return }
        do throws(Rejection) {
            if case .known = try ledger.book.decide(request, at: now) { return }
        } catch {}
        throw Unreadable("it is not known when it is sent again")
    }
}

/// What became of a command.
enum Outcome: Equatable {
    case accepted([Fact])
    case known(SequenceNumber)
    case differences(DryRun)
    case rejected(Rejection)
}

extension RuleTable {
    private mutating func outcome(of request: Request) -> Outcome {
        do throws(Rejection) {
            switch try ledger.send(request, at: now) {
            case .known(let sequence): return .known(sequence)
            case .dryRun(let dryRun): return .differences(dryRun)
            case .accepted(let events):
                last = events
                return .accepted(events.map(\.fact))
            }
        } catch {
            return .rejected(error)
        }
    }

    /// What `check` says of a debit that is nothing but its ask and its key.
    private func forecast(of request: Request) -> Outcome? {
        guard case .debit(let debit) = request.command, debit.use == Use(key: debit.use.key), !request.id.isReserved,
            !request.tenant.isReserved
        else { return nil }
        do throws(Rejection) {
            return .accepted(try foretold(debit).map(\.fact))
        } catch {
            return .rejected(error)
        }
    }

    func foretold(_ debit: Debit) throws(Rejection) -> [Event] {
        try ledger.book.check(Check(tenant: tenant, account: debit.account, ask: debit.ask, key: debit.use.key), at: now)
    }
}

/// Why a line does not hold, or cannot be read.
struct Unreadable: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
