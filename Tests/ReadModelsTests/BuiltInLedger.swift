import LedgerModel
import LedgerTestKit

@testable import ReadModels

/// A ledger in use that all built-in read models follow.
struct BuiltInLedger {
    typealias Ask = (_ method: String, _ arguments: [String: QueryValue], _ now: Timestamp) async throws -> [Row]

    /// Made once: the tests only read it.
    static let generator: EventLogGenerator = {
        var generator = EventLogGenerator(seed: 77)
        while generator.events.count < 2500 { generator.nextEvents() }
        return generator
    }()

    private let ledger: Ledger
    let events: [Event]
    /// The book after these events.
    let book: Book

    /// - Parameter count: How many of the events are there at least: a group is there whole.
    init(count: Int = .max) throws {
        let all = BuiltInLedger.generator.events
        events = Array(all[..<(all.indices.first { $0 >= count && all[$0].group != nil } ?? all.count)])
        var book = MemoryLedger.emptyBook()
        for event in events { book.apply(event) }
        self.book = book
        ledger = try Ledger()
        var random = SeededGenerator(seed: 5)
        try ledger.append(events, cutting: &random)
    }

    /// The time of the last event.
    var now: Timestamp { book.lastAt }

    func events(of tenant: Name) -> [Event] { events.filter { $0.tenant == tenant } }
    func movements(of tenant: Name) -> [Movement] { Movement.all(in: events(of: tenant)) }

    /// Starts read models, all or some by name, and asks when they have read everything.
    func following(_ names: String..., body: (_ ask: Ask) async throws -> Void) async throws {
        let projections = Projection.builtIn.filter { names.isEmpty || names.contains($0.name) }
        let readModels = try ledger.readModels(projections)
        readModels.start()
        let last = book.lastSequence
        try await body { try await readModels.rows($0, $1, at: last, now: $2) }
        await readModels.stop()
    }
}
