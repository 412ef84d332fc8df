import LedgerTestKit
import Testing

@testable import LedgerModel

/// The book as bytes: read, it is the book that was written; and no bytes whatever are a trap.
@Suite("The book as bytes")
struct SnapshotTests {
    @Test("what is read equals what was written, and goes on to decide the same", arguments: 5001...5008)
    func law(seed: Int) throws {
        var (walk, copy) = (SteppedWalk(seed: seed), try MemoryLedger.emptyBook(zones: .ofSimulation).writtenAndRead())
        for step in 1...300 {
            let isSame = try walk.step(beside: &copy)
            try #require(isSame, "seed \(seed), step \(step): another decision")
            if step % 40 == 0 {
                copy = try copy.writtenAndRead()
                let isSame = copy == walk.ledger.book && copy.accountCount == walk.ledger.book.accountCount
                try #require(isSame, "seed \(seed), step \(step)")
            }
        }
    }

    @Test("large tables too, and those that were large once")
    func large() throws {
        var ledger = MemoryLedger()
        func send(_ id: String, _ command: Command) throws {
            let request = Request(tenant: "t", id: Name(id)!, body: 1, command: command)
            guard case .accepted = try ledger.send(request, at: ManualClock.start) else { throw Refused() }
        }
        for number in 0..<4200 {
            let account = Name("account-\(number)")!
            try send("g-\(number)", .grant(Grant(account: account, unit: "u", amount: 9)))
            try send("h-\(number)", .hold(Hold(account: account, ask: .amount(unit: "u", 4))))
        }
        try #require(try ledger.book.writtenAndRead() == ledger.book)
        for number in 0..<4199 { try send("r-\(number)", .release(Release(hold: Name("h-\(number)")!))) }
        let read = try ledger.book.writtenAndRead()
        #expect(read == ledger.book && ledger.book == read && read.hashValue(of: "t") == ledger.book.hashValue(of: "t"))
        #expect(read.accountCount == 4200 && read.identifierCount == ledger.book.identifierCount)
        var other = read
        other.apply(try ledger.firstEvent(of: "r-4199", .release(Release(hold: "h-4199"))))
        #expect(other != read)
    }

    @Test("what random commands never make is kept too")
    func rare() throws {
        let book = try Self.rarities()
        #expect(try book.writtenAndRead() == book && book.identity?.keys.count == 2)
    }

    /// A book with a name of its own, a plan with a price, and documents that were deleted.
    static func rarities() throws -> Book {
        var book = MemoryLedger.emptyBook(zones: .ofSimulation)
        func take(_ tenant: Name, _ id: Name, _ fact: Fact) {
            book.apply(
                Event(
                    sequence: book.lastSequence.next, at: ManualClock.start, day: Day(utc: ManualClock.start), tenant: tenant,
                    id: id,
                    group: GroupHead(count: 1, body: 0), peer: nil, actor: nil, fact: fact))
        }
        take(.system, "$ledger", .ledgerOpened(LedgerOpened(ledger: "l", origin: "o", key: "k-1")))
        take(.system, "$key", .signingKeyReplaced(SigningKeyReplaced(key: "k-2", reason: "r")))
        let plan = PlanDocument(name: "Pro", price: PlanPrice(unit: "eur", amount: 900), cycle: "monthly")
        let tag = TagDocument(colour: "red", note: "")
        take("t", "c-1", .configured(Configured(key: DocumentKey(.plan, "pro"), version: 1, document: .plan(plan), reason: "")))
        take("t", "c-2", .configured(Configured(key: DocumentKey(.tag, "x"), version: 1, document: .tag(tag), reason: "")))
        take("t", "c-3", .configured(Configured(key: DocumentKey(.tag, "x"), version: 2, document: nil, reason: "")))
        let settings = SettingsDocument(
            timeZone: "Europe/Berlin", lateDays: 3, defaultPlan: "pro", holdSeconds: 9, maxOpenHolds: 2)
        take("t", "c-4", .configured(Configured(key: .settings, version: 1, document: .settings(settings), reason: "")))
        take("t", "c-5", .configured(Configured(key: .settings, version: 2, document: nil, reason: "")))
        return book
    }

    @Test("bytes that end too early, or go on behind the end, are refused")
    func truncated() throws {
        let parts = try SteppedWalk.grown(seed: 5021, steps: 40).ledger.book.parts()
        let identifiers = try parts.readIdentifiers()
        for count in stride(from: 0, to: parts.state.count, by: 3) {
            #expect(throws: SnapshotError.self) { try Book(Array(parts.state[..<count]), identifiers) }
        }
        for count in stride(from: 0, to: parts.identifiers.count, by: 97) {
            #expect(throws: SnapshotError.self) {
                try parts.with(identifiers: Array(parts.identifiers[..<count])).readIdentifiers()
            }
        }
        #expect(throws: SnapshotError.self) { try Book(parts.state + [0], identifiers) }
        #expect(throws: SnapshotError.self) { try parts.with(identifiers: parts.identifiers + [0]).readIdentifiers() }
    }

    @Test("a changed byte gives another book or an error, and never a trap", arguments: [UInt8(0x01), 0x80, 0xff])
    func changed(mask: UInt8) throws {
        let parts = try SteppedWalk.grown(seed: 5022, steps: 50).ledger.book.parts()
        let identifiers = try parts.readIdentifiers()
        var refusedCount = 0
        for index in parts.state.indices {
            var state = parts.state
            state[index] ^= mask
            if (try? Book(state, identifiers)) == nil { refusedCount += 1 }
        }
        for index in stride(from: 0, to: parts.identifiers.count, by: 13) {
            var changed = parts.identifiers
            changed[index] ^= mask
            if (try? parts.with(identifiers: changed).readIdentifiers()) == nil { refusedCount += 1 }
        }
        #expect(refusedCount > 100)
    }

    @Test("bytes at random are no trap", arguments: 1...4)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let parts = try SteppedWalk.grown(seed: 5023, steps: 40).ledger.book.parts()
        let identifiers = try parts.readIdentifiers()
        for _ in 0..<100 {
            var state = parts.state
            let start = Int.random(in: 0..<state.count, using: &random)
            for index in start..<min(state.count, start + 16) { state[index] = .random(in: 0...255, using: &random) }
            _ = try? Book(state, identifiers)
            _ = try? Book(state.map { _ in .random(in: 0...255, using: &random) }, identifiers)
        }
    }

    @Test("ids of a later book do not fit an earlier one")
    func otherParts() throws {
        let early = try SteppedWalk.grown(seed: 5024, steps: 40).ledger.book.parts()
        let late = try SteppedWalk.grown(seed: 5024, steps: 80).ledger.book.parts()
        let identifiers = try late.readIdentifiers()
        #expect(throws: SnapshotError.self) { try Book(early.state, identifiers) }
    }

    @Test("an id that comes twice, or leads nowhere, is refused")
    func badIdentifiers() throws {
        func read(_ words: [UInt64]) throws {
            let empty = Array(repeating: UInt64(0), count: 255 * 2)
            let bytes = ([1, 2, 16] + [UInt64(words.count / 2)] + words + empty).flatMap { word in
                withUnsafeBytes(of: word.littleEndian) { Array($0) }
            }
            _ = try bytes.withUnsafeBytes { try BookIdentifiers($0) }
        }
        try read([7, 1 << 44 | 1, 7, 2 << 44 | 2])
        #expect(throws: SnapshotError.self) { try read([7, 1 << 44 | 1, 7, 1 << 44 | 2]) }
        #expect(throws: SnapshotError.self) { try read([7, 1 << 44]) }
        #expect(throws: SnapshotError.self) { try read((0..<15).flatMap { [$0, 1] }) }
    }

    @Test("the order of the cases is part of the form: a change of it needs another snapshot version")
    func choices() {
        #expect(AccountState.allCases == [.open, .frozen, .closed])
        #expect(AlertSeverity.allCases == [.info, .warning, .error])
        #expect(AllowanceDocument.Anchor.allCases == [.calendar, .subscription])
        #expect(DocumentKey.Kind.allCases == [.unit, .price, .plan, .alert, .tag, .tenant])
        #expect(HoldTerms.Expiry.allCases == [.release, .capture])
        #expect(KeyStatus.allCases == [.active, .disabled, .faulty, .revoked])
        #expect(LotSource.allCases == [.purchase, .plan, .bonus, .refund, .adjustment, .opening])
        #expect(Period.allCases == [.day, .month, .never])
        #expect(SpendSubject.allCases == [.account, .key, .tag, .platform])
    }
}

struct Refused: Error {}

extension MemoryLedger {
    fileprivate func firstEvent(of id: Name, _ command: Command) throws -> Event {
        var copy = self
        let request = Request(tenant: "t", id: id, body: 1, command: command)
        guard case .accepted(let events) = try copy.send(request, at: ManualClock.start) else { throw Refused() }
        return events[0]
    }
}

extension Book {
    fileprivate func hashValue(of tenant: Name) -> Int { self.tenant(tenant).hashValue }
}

/// A ledger that grows by random commands, with a book beside it that must decide the same.
struct SteppedWalk {
    private(set) var ledger = MemoryLedger(zones: .ofSimulation)
    private var commands: RandomCommands

    init(seed: Int) {
        commands = RandomCommands(seed: UInt64(seed), at: Timestamp(rfc3339: "2027-10-01T00:00:00Z")!)
    }

    static func grown(seed: Int, steps: Int) throws -> SteppedWalk {
        var (walk, book) = (SteppedWalk(seed: seed), MemoryLedger.emptyBook(zones: .ofSimulation))
        for _ in 0..<steps { _ = try walk.step(beside: &book) }
        return walk
    }

    /// Does what is due, then a command. False when the other book decides otherwise, or looks another way afterwards.
    mutating func step(beside book: inout Book) throws -> Bool {
        let before = ledger.events.count
        let request = commands.next()
        for group in ledger.passDue(at: commands.now) {
            if book.decideDue(at: commands.now) != group { return false }
            for event in group { book.apply(event) }
        }
        let isSame = ledger.book.answer(request, at: commands.now) == book.answer(request, at: commands.now)
        if case .accepted(let group)? = try? ledger.send(request, at: commands.now) { for event in group { book.apply(event) } }
        commands.note(ledger.events[before...])
        return isSame
    }
}

extension Book {
    /// What a request leads to, to be compared.
    fileprivate func answer(_ request: Request, at now: Timestamp) -> [String: [Event]] {
        do throws(Rejection) {
            switch try decide(request, at: now) {
            case .accepted(let events): return ["accepted": events]
            case .known(let sequence): return ["known \(sequence)": []]
            case .recall(let numbers): return ["recall \(numbers)": []]
            case .dryRun: return ["dryRun": []]
            }
        } catch { return ["\(error)": []] }
    }
}

/// A book's two parts.
struct BookParts {
    var state: [UInt8]
    var identifiers: [UInt8]

    func readIdentifiers() throws -> BookIdentifiers { try identifiers.withUnsafeBytes { try BookIdentifiers($0) } }
    func with(identifiers: [UInt8]) -> BookParts { BookParts(state: state, identifiers: identifiers) }
}

extension Book {
    func parts() throws -> BookParts { BookParts(state: try bytes(of: .state), identifiers: try bytes(of: .identifiers)) }

    private func bytes(of part: BookPart) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try write(part) { bytes.append(contentsOf: $0) }
        return bytes
    }

    init(_ state: [UInt8], _ identifiers: BookIdentifiers) throws {
        self = try state.withUnsafeBytes { try Book(state: $0, identifiers, zones: .ofSimulation) }
    }

    func writtenAndRead() throws -> Book {
        let parts = try parts()
        return try Book(parts.state, parts.readIdentifiers())
    }
}
