import LedgerEngine
import LedgerModel
import LedgerTestKit

/// The clients of a simulation: what they send, on which of several connections, what they still wait for, and what they send
/// again.
struct SimulatedClients {
    /// What is sent together, and when.
    struct Bundle {
        fileprivate(set) var at: Timestamp
        /// What became due since is done at `at` only.
        let isAfterDowntime: Bool
        fileprivate(set) var requests: [Request]

        fileprivate mutating func add(_ request: Request, at instant: Timestamp) {
            at = max(at, instant)
            requests.append(request)
        }
    }

    private struct Candidate {
        let request: Request
        let at: Timestamp
        let isAfterDowntime: Bool
    }

    private var random: SeededGenerator
    private var commands: RandomCommands
    /// Commands that were sent, for sending them again.
    private var sent: [Request] = []
    /// Commands whose answer never came.
    private var retries: [Request] = []
    /// Drawn already, and left for the next bundle.
    private var candidate: Candidate?
    private var nextTag: UInt64 = 0
    /// What waits for an answer, by tag.
    private(set) var waiting: [UInt64: Question] = [:]
    private(set) var sentCount = 0

    private static let connectionCount: UInt64 = 6

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let day = Int64.random(in: 0...1500, using: &random)
        commands = RandomCommands(seed: random.next(), at: SimulationRun.firstDay.adding(days: day))
    }

    /// When they would send the next command.
    var now: Timestamp { commands.now }

    mutating func note(_ events: [Event]) { commands.note(events) }

    // MARK: Sending

    /// Commands on documents come first in their bundle: what is in force at an instant is what was configured last, so
    /// nothing may have happened at that instant before.
    mutating func nextBundle() -> Bundle {
        let first = nextCandidate()
        var bundle = Bundle(at: first.at, isAfterDowntime: first.isAfterDowntime, requests: [first.request])
        for _ in 1..<Int.random(in: 1...12, using: &random) {
            let next = nextCandidate()
            if next.request.command.isOfDocuments || next.isAfterDowntime || next.at > bundle.at.adding(days: 1) {
                candidate = next
                break
            }
            bundle.add(next.request, at: next.at)
        }
        return bundle
    }

    private mutating func nextCandidate() -> Candidate {
        defer { candidate = nil }
        if let candidate { return candidate }
        if random.oneIn(3), let retry = retries.popLast() {
            return Candidate(request: retry, at: commands.now, isAfterDowntime: false)
        }
        if random.oneIn(10), let again = again() { return Candidate(request: again, at: commands.now, isAfterDowntime: false) }
        let request = commands.next()
        sent.append(request)
        return Candidate(request: request, at: commands.now, isAfterDowntime: commands.isAfterDowntime)
    }

    /// A command that was sent before, or another under its id.
    private mutating func again() -> Request? {
        let known = random.oneIn(2) ? sent.suffix(20) : sent[...]
        guard var request = known.randomElement(using: &random) else { return nil }
        if random.oneIn(4) { request.body = random.next() }
        return request
    }

    /// Gives a command its connection and tag.
    ///
    /// - Parameter busy: Connections on which something waits for an errand, and so would a command on documents.
    mutating func ask(_ request: Request, busy: Set<UInt64>) -> Asked {
        var connection = UInt64.random(in: 0..<Self.connectionCount, using: &random)
        while request.command.isOfDocuments, busy.contains(connection) { connection += 1 }
        sentCount += 1
        return ask(.command(request), on: connection)
    }

    /// Now and then somebody only looks.
    mutating func nextLook() -> Asked? {
        guard random.oneIn(4) else { return nil }
        let tenant = RandomCommands.tenants.randomElement(using: &random)!
        let account = RandomCommands.accounts.randomElement(using: &random)!
        let connection = UInt64.random(in: 0..<Self.connectionCount, using: &random)
        return ask(.balance(tenant: tenant, account: account, unit: nil), on: connection)
    }

    private mutating func ask(_ question: Question, on connection: UInt64) -> Asked {
        nextTag += 1
        waiting[nextTag] = question
        return Asked(lane: 0, connection: connection, tag: nextTag, question: question)
    }

    // MARK: Answers

    /// What an answer is for. Nothing is answered twice, nor what nobody asked.
    mutating func take(_ tag: UInt64) throws(LawBroken) -> Question {
        guard let question = waiting.removeValue(forKey: tag) else { throw LawBroken("nobody waits for answer \(tag)") }
        return question
    }

    /// Commands without an answer, in the order sent.
    var unanswered: [Request] {
        waiting.sorted { $0.key < $1.key }.compactMap { if case .command(let request) = $0.value { request } else { nil } }
    }

    /// The daemon is dead. Some of those who wait will ask again, with the same ids.
    mutating func giveUp() {
        retries += unanswered.filter { _ in !random.oneIn(4) }
        waiting = [:]
    }
}
