import EventCodec
import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerEngine

/// The state as text: `daybookd book`.
@Suite("Listing the book")
struct BookListingTests {
    private static let plan = PlanDocument(allowances: [
        AllowanceDocument(unit: "ap", amount: .units(100), period: .month),
        AllowanceDocument(unit: "words", amount: .unlimited, period: .never),
    ])

    /// What every kind of line needs, and things that are used up or ended and so have none.
    private func story(_ desk: Desk) throws {
        let document = Configure.Change(key: DocumentKey(.plan, "pro"), document: .plan(BookListingTests.plan))
        _ = try desk.ask("c", .configure(Configure(changes: [document], reason: "start")))
        _ = try desk.ask("g-1", grant(50))
        _ = try desk.ask("g-2", grant(7, to: "b \"2\" ü"))
        _ = try desk.ask("d-1", debit(7, from: "b \"2\" ü"))
        _ = try desk.ask("p", .subscribe(Subscribe(account: "a", plan: "pro", from: nil)))
        _ = try desk.ask("d-2", .debit(Debit(account: "a", ask: .amount(unit: "ap", 30), use: Use(batch: "night"))))
        _ = try desk.ask("h-2", .hold(Hold(account: "a", ask: .amount(unit: "u", 20), expiresInSeconds: 600)))
        _ = try desk.ask("h-1", .hold(Hold(account: "a", ask: .amount(unit: "words", 5), expiresInSeconds: 600)))
        _ = try desk.ask("h-0", .hold(Hold(account: "a", ask: .amount(unit: "u", 1), expiresInSeconds: 600)))
        _ = try desk.ask("h-0/not", .release(Release(hold: "h-0", reason: nil)))
        _ = try desk.ask("b", .closeBatch(CloseBatch(account: "a", batch: "night")))
        _ = try desk.ask("k", .issueKeys(IssueKeys(keys: [key("k-1"), key("k-2")])))
        _ = try desk.ask("k/not", .revokeKeys(RevokeKeys(keys: ["k-1"], reason: nil)))
        _ = try desk.ask("f", .freezeAccount(ChangeAccountState(account: "a", reason: "not paid")))
    }

    private func key(_ name: Name) -> KeyIssued {
        let digit = name.text.last!
        return KeyIssued(key: name, hash: KeyHash(String(repeating: digit, count: 64))!, account: "a", terms: KeyTerms())
    }

    private func listing(_ directory: borrowing DataDirectory) throws -> String {
        let reader = LogReader(directory.path)
        var bytes: [UInt8] = []
        try BookListing.list(reader, upTo: reader.head()) { _ in
        } write: {
            bytes.append(contentsOf: $0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("each kind of line, in the canonical order and form")
    func everyKind() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        try story(desk)
        let events = try directory.events()
        let (held, last) = (events.filter { $0.fact.caseName == "held" }, try #require(events.last))
        let openings = events.filter { $0.fact.caseName == "allowanceOpened" }
        let grant = try #require(events.first { $0.fact.caseName == "granted" }).sequence
        let (ap, words) = (openings[0].sequence, openings[1].sequence)
        let never = try #require(openings[1].window)
        let month = try #require(openings[0].window)
        #expect(
            try listing(directory) == """
                {"kind":"account","tenant":"t","account":"a","state":"frozen"}
                {"kind":"account","tenant":"t","account":"b \\"2\\" ü","state":"open"}
                {"kind":"lots","tenant":"t","account":"a","unit":"ap","available":70,"held":0,"unlimited":false,"lots":[{"lot":\(ap),"remaining":70,"held":0}]}
                {"kind":"lots","tenant":"t","account":"a","unit":"u","available":30,"held":20,"unlimited":false,"lots":[{"lot":\(grant),"remaining":30,"held":20}]}
                {"kind":"lots","tenant":"t","account":"a","unit":"words","available":0,"held":0,"unlimited":true,"lots":[{"lot":\(words),"remaining":null,"held":5}]}
                {"kind":"window","tenant":"t","account":"a","unit":"ap","plan":"pro","period":"month","start":\(text(month.start)),"end":\(text(month.end!)),"limit":100,"used":30,"lot":\(ap)}
                {"kind":"window","tenant":"t","account":"a","unit":"words","plan":"pro","period":"never","start":\(text(never.start)),"end":null,"limit":null,"used":0,"lot":\(words)}
                {"kind":"hold","tenant":"t","id":"h-1","account":"a","seq":\(held[1].sequence),"expiresAt":\(text(held[1].at.adding(600))),"parts":[{"unit":"words","amount":5}]}
                {"kind":"hold","tenant":"t","id":"h-2","account":"a","seq":\(held[0].sequence),"expiresAt":\(text(held[0].at.adding(600))),"parts":[{"unit":"u","amount":20}]}
                {"kind":"batch","tenant":"t","account":"a","batch":"night","open":false}
                {"kind":"key","tenant":"t","key":"k-1","account":"a","status":"revoked"}
                {"kind":"key","tenant":"t","key":"k-2","account":"a","status":"active"}
                {"kind":"end","seq":\(last.sequence),"at":\(text(last.at))}

                """)
    }

    @Test("time alone changes what is said: a lot that has lapsed is not available, and its window is no more")
    func lapse() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        try story(desk)
        desk.clock.advance(seconds: 40 * 86_400)
        _ = try desk.ask("o", .openAccount(OpenAccount(account: "c", name: nil, labels: [:])))
        let text = try listing(directory)
        #expect(text.contains(#""unit":"ap","available":0,"held":0,"unlimited":false,"lots":[{"lot":"#))
        #expect(!text.contains(#""kind":"window","tenant":"t","account":"a","unit":"ap""#))
        #expect(text.contains(#""kind":"window","tenant":"t","account":"a","unit":"words""#))
        #expect(!text.contains(#""kind":"hold""#))
    }

    @Test("a book that has seen nothing has an end only")
    func nothing() throws {
        let lines = try lines(of: MemoryLedger.emptyBook())
        #expect(lines == [#"{"kind":"end","seq":0,"at":"1970-01-01T00:00:00.000000Z"}"#])
    }

    @Test("the lines of random books come in order, none twice, in pieces of whole lines", arguments: 1...20)
    func order(seed: UInt64) throws {
        let lines = try lines(of: randomBook(seed: seed))
        let places = try lines.map(Place.init)
        for (left, right) in zip(places, places.dropFirst()) {
            #expect(left.isBefore(right), "seed \(seed): \(left.fields) and \(right.fields)")
        }
        #expect(places.last?.kind == "end" && Set(places.map(\.kind)).isSuperset(of: ["account", "lots", "batch"]))
    }

    @Test(
        "what is held of a unit is what the open holds say, and what is available what its lots have, at most", arguments: 1...20)
    func sums(seed: UInt64) throws {
        var held: [[Name]: Int64] = [:]
        var (unitCount, limitless) = (0, Set<[Name]>())
        let book = randomBook(seed: seed)
        book.list { listed in
            guard case .hold(let hold) = listed else { return }
            for part in hold.parts {
                let place = [hold.tenant, hold.account, part.unit]
                held[place, default: 0] += part.lots.reduce(0) { $0 + ($1.remaining == nil ? 0 : $1.amount.rawValue) }
                if part.lots.contains(where: { $0.remaining == nil }) { limitless.insert(place) }
            }
        }
        book.list { listed in
            guard case .lots(let lots) = listed else { return }
            unitCount += 1
            let place = [lots.tenant, lots.account, lots.unit]
            #expect(lots.balance.held.rawValue == held[place] ?? 0, "seed \(seed), \(place)")
            let heldOfLots = lots.lots.reduce(0) { $0 + $1.held.rawValue }
            #expect(
                limitless.contains(place) ? heldOfLots >= lots.balance.held.rawValue : heldOfLots == lots.balance.held.rawValue)
            #expect(lots.balance.available.rawValue <= lots.lots.reduce(0) { $0 + ($1.remaining?.rawValue ?? 0) })
        }
        #expect(unitCount > 0)
    }

    private func randomBook(seed: UInt64) -> Book {
        var ledger = MemoryLedger(zones: .ofSimulation)
        var commands = RandomCommands(seed: seed)
        for _ in 0..<400 {
            let before = ledger.events.count
            let request = commands.next()
            _ = ledger.passDue(at: commands.now)
            _ = try? ledger.send(request, at: commands.now)
            commands.note(ledger.events[before...])
        }
        return ledger.book
    }

    private func lines(of book: Book) throws -> [String] {
        var lines: [String] = []
        try BookListing.list(book) { piece in
            #expect(piece.last == UInt8(ascii: "\n"))
            lines += piece.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        }
        return lines
    }

    private func text(_ instant: Timestamp) -> String {
        var writer = JSONWriter()
        writer.timestamp(instant)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Where a line belongs.
private struct Place {
    private static let kinds: [(kind: String, sortedBy: [String])] = [
        ("account", ["tenant", "account"]),
        ("lots", ["tenant", "account", "unit"]),
        ("window", ["tenant", "account", "unit", "plan", "period", "start", "lot"]),
        ("hold", ["tenant", "id"]),
        ("batch", ["tenant", "account", "batch"]),
        ("key", ["tenant", "key"]),
        ("end", []),
    ]

    let kind: String
    private let rank: Int
    /// What the lines of the kind are sorted by. A lot's number is padded, so that all are compared as text.
    let fields: [String]

    init(_ line: String) throws {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let kind = try #require(object["kind"] as? String)
        let index = Place.kinds.firstIndex { $0.kind == kind }
        (self.kind, rank) = (kind, try #require(index))
        fields = try Place.kinds[rank].sortedBy.map { field in
            if let number = object[field] as? Int { return String(format: "%020d", number) }
            return try #require(object[field] as? String)
        }
    }

    func isBefore(_ other: Place) -> Bool {
        if rank != other.rank { return rank < other.rank }
        for (left, right) in zip(fields, other.fields) where left != right {
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return false
    }
}

extension Timestamp {
    fileprivate func adding(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: rawValue + seconds * Timestamp.microsecondsPerSecond)
    }
}

extension Event {
    /// The window that it opened.
    fileprivate var window: Interval? {
        if case .allowanceOpened(let fact) = fact { fact.window } else { nil }
    }
}
