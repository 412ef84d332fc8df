import LedgerModel

/// A rule test as a domain expert reads it: on each line a command or a question, and behind `=>` what comes of it.
///
/// ```
/// grant u-7 credits 100 expires +2d     => ok accountOpened granted
/// debit u-7 credits 150                 => insufficientBalance
/// at +3d
/// balance u-7 credits                   => 0
/// ```
///
/// `ok` alone stands for any acceptance, `ok` and types for exactly these events. Times are counted from the table's start,
/// 2026-03-01T00:00:00Z. `id NAME` behind a command names it. `#` begins a comment.
public struct RuleTable {
    /// What did not come out as the table says, line by line; empty when all did.
    public private(set) var complaints: [String] = []
    public private(set) var ledger = MemoryLedger()
    private var now = ManualClock.start
    private var tenant: Name = "acme"
    private var commandCount = 0
    /// The group that was accepted last.
    private var last: [Event] = []

    public init(_ text: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
            if content.allSatisfy(\.isWhitespace) { continue }
            do throws(Unreadable) {
                try run(content)
            } catch {
                complaints.append("line \(index + 1): \(line): \(error.reason)")
            }
        }
    }

    private mutating func run(_ line: Substring) throws(Unreadable) {
        let halves = line.split(separator: "=>", maxSplits: 1)
        var words = Words(halves[0])
        let expected = halves.count == 2 ? Words(halves[1]).all.joined(separator: " ") : nil
        let found = try perform(&words)
        if !words.isAtEnd { throw Unreadable("\(words.rest) is not understood") }
        guard let expected else {
            if let found { throw Unreadable("nothing is expected, but \(found) came") }
            return
        }
        if expected == "ok", found?.hasPrefix("ok") == true { return }
        if expected != found { throw Unreadable("got \(found ?? "nothing")") }
    }

    /// Does what a line says and answers what came of it; nil for what only sets the scene.
    private mutating func perform(_ words: inout Words) throws(Unreadable) -> String? {
        switch words.peek {
        case "at":
            words.skip()
            now = try words.time()
            return nil
        case "tenant":
            words.skip()
            tenant = try words.name()
            return nil
        case "balance":
            words.skip()
            return try holding(&words).map { "\($0.balance.available)" } ?? "none"
        case "lots":
            words.skip()
            let lots = try holding(&words)?.lots ?? []
            return lots.isEmpty ? "none" : lots.map { "\($0.remaining)" }.joined(separator: " ")
        case "last":
            words.skip()
            return try RuleTable.tell(last, try words.next())
        default: return try send(&words)
        }
    }

    private func holding(_ words: inout Words) throws(Unreadable) -> Book.Holding? {
        let (account, unit) = (try words.name(), try words.name())
        return ledger.book.holdings(of: account, in: tenant, at: now)?.first { $0.unit == unit }
    }

    private mutating func send(_ words: inout Words) throws(Unreadable) -> String {
        let command = try words.command()
        commandCount += 1
        let id = words.take("id") ? try words.name() : Name("command-\(commandCount)")!
        do throws(Rejection) {
            switch try ledger.send(Request(tenant: tenant, id: id, body: 1, command: command), at: now) {
            case .known(let sequence): return "known \(sequence)"
            case .accepted(let events):
                last = events
                return "ok " + events.map(\.fact.caseName).joined(separator: " ")
            }
        } catch {
            let record = RejectionRecord(error)
            if case .inItem(let item, _) = error { return "\(record.name) in \(item)" }
            return record.name
        }
    }
}

/// What `last FIELD` tells of the group that was accepted last.
extension RuleTable {
    private static func tell(_ events: [Event], _ field: String) throws(Unreadable) -> String {
        switch field {
        case "amount": return parts(of: events).map { "\($0.amount)" }.joined(separator: " ")
        case "drawn":
            return parts(of: events).map { $0.lots.map { "\($0.amount)" }.joined(separator: " ") }.joined(separator: " / ")
        case "available": return parts(of: events).map { "\($0.balance.available)" }.joined(separator: " ")
        case "day": return events.map { "\($0.day)" }.joined(separator: " ")
        case "versions": return configured(events).map { "\($0.key)=\($0.version)" }.joined(separator: " ")
        case "rollbackOf": return configured(events).map { $0.rollbackOf.map(String.init) ?? "none" }.joined(separator: " ")
        case "expired": return returns(events).map { "\($0.expired)" }.joined(separator: " ")
        case "reissued": return returns(events).map { $0.reissued == nil ? "no" : "yes" }.joined(separator: " ")
        case "reopened": return returns(events).map { "\($0.reopened.count)" }.joined(separator: " ")
        case "rejected": return rejected(events)
        case "alerts": return alerts(events)
        default: throw Unreadable("there is no field \(field)")
        }
    }

    /// The command's own movements, without what lapsed.
    private static func parts(of events: [Event]) -> [Part] {
        events.flatMap { event -> [Part] in
            switch event.fact {
            case .granted(let fact): [fact.part]
            case .adjusted(let fact): [fact.part]
            case .debited(let fact): fact.parts
            case .refunded(let fact): fact.returns.map(\.part)
            default: []
            }
        }
    }

    private static func returns(_ events: [Event]) -> [Refunded.Return] {
        events.flatMap { event -> [Refunded.Return] in if case .refunded(let fact) = event.fact { fact.returns } else { [] } }
    }

    private static func configured(_ events: [Event]) -> [Configured] {
        events.compactMap { if case .configured(let fact) = $0.fact { fact } else { nil } }
    }

    private static func rejected(_ events: [Event]) -> String {
        events.flatMap { event -> [ItemsRejected.Item] in if case .itemsRejected(let fact) = event.fact { fact.items } else { [] }
        }
        .map { "\($0.item):\($0.rejection.name)" }.joined(separator: " ")
    }

    private static func alerts(_ events: [Event]) -> String {
        events.compactMap { event -> String? in
            guard case .alertRaised(let fact) = event.fact, case .lowBalance(let unit, let below, let available) = fact.condition
            else {
                return nil
            }
            return "\(fact.rule): \(available) \(unit) below \(below)"
        }.joined(separator: ", ")
    }
}

/// Why a line does not hold, or cannot be read.
struct Unreadable: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
