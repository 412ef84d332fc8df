import CSQLite
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// The tables of a stretch hold what the events say, whatever their kind.
@Suite struct StretchTests {
    private let ledger: Ledger
    private let connection: Connection
    private let events = BuiltInLedger.generator.events

    init() throws {
        ledger = try Ledger()
        try ledger.append(events)
        connection = try Connection("", .scratch)
        let window = StretchWindow()
        try StretchModule.register(window, on: connection)
        let feed = EventFeed(ledger.reader, bounds: .standard)
        window.stretch = try feed.stretch(after: .zero, through: ledger.log.head.lastSequence, upTo: ledger.log.head)
    }

    /// All rows of a query over the stretch, each with its columns as texts.
    private func rows(_ sql: String) throws -> [[String?]] {
        let statement = try connection.statement(sql)
        let columns = Int(sqlite3_column_count(statement.handle))
        var rows: [[String?]] = []
        while try statement.step() {
            rows.append((0..<columns).map { statement.isNull($0) ? nil : statement.text($0) })
        }
        return rows
    }

    @Test func whatIsCountedOncePerEventStandsOnPartZero() throws {
        let counted = try rows(
            "SELECT seq, sum(count), count(*), max(part), count(DISTINCT part) FROM events GROUP BY seq ORDER BY seq")
        #expect(counted.map { $0[0] } == events.map { "\($0.sequence)" })
        #expect(counted.allSatisfy { $0[1] == "1" && Int($0[2]!) == Int($0[3]!)! + 1 && $0[2] == $0[4] })
        #expect(try rows("SELECT seq FROM events WHERE part > 0 AND (quantities IS NOT NULL OR shortfall IS NOT NULL)").isEmpty)
        #expect(try rows("SELECT seq FROM events WHERE part > 0 AND count = 0").count > 20)
    }

    @Test func theEndOfAHoldTellsWhatWasTakenAndWhatCameBack() throws {
        var endCount = 0
        for event in events {
            guard let ended = event.fact.ended else { continue }
            let found = try rows(
                "SELECT unit, amount, returned, expired, hold, holdSeq FROM events WHERE seq = \(event.sequence) ORDER BY part")
            let names = [ended.hold.text, "\(ended.held)"]
            let taken = ended.parts.map { [$0.unit.text, "\($0.amount)", "0", nil] + names }
            let back = ended.returns.map { [$0.part.unit.text, "\($0.part.amount)", "1", "\($0.expired)"] + names }
            let nothing: [[String?]] = [[nil, nil, nil, nil] + names]
            #expect(found == (ended.parts.isEmpty && ended.returns.isEmpty ? nothing : taken + back))
            endCount += 1
        }
        #expect(endCount > 100)
    }

    @Test func drawsAreThoseOfTheParts() throws {
        var expected: [[String?]] = []
        for event in events {
            for (part, isReturned) in event.fact.partsAndReturns {
                for draw in part.lots {
                    let remaining = draw.remaining.map { "\($0)" }
                    let names = ["\(event.sequence)", part.unit.text, "\(draw.lot)", "\(draw.amount)"]
                    expected.append(names + [remaining, isReturned ? "1" : "0"])
                }
            }
        }
        // A lot given anew bears the event's number, and is not among those that units came back to.
        let found = try rows(
            "SELECT seq, unit, lot, amount, remaining, returned FROM draws WHERE type != 'refunded' OR lot != seq")
        #expect(found == expected && found.contains { $0[4] == nil })
        let openings = events.flatMap { event in
            event.openedLots.map { ["\(event.sequence)", $0.key.text, "\($0.value.priority)"] }
        }
        let opened = try rows("SELECT seq, unit, priority FROM draws WHERE opened = 1 AND lot = seq")
        #expect(
            opened.map { $0.map { $0 ?? "" } }.sorted { $0.lexicographicallyPrecedes($1) }
                == openings.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func quantitiesAreThoseOfUsesRefundsAndRecords() throws {
        let expected = Movement.all(in: events).flatMap { movement in
            movement.quantities.map { ["\(movement.event.sequence)", $0.dimension.text, "\($0.count)"] }
        }
        #expect(try rows("SELECT seq, dimension, quantity FROM quantities") == expected)
    }
}

extension Fact {
    fileprivate var ended: HoldEnded? {
        switch self {
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact
        default: nil
        }
    }

    /// What the fact took, held, gave or gave back, in order.
    fileprivate var partsAndReturns: [(part: Part, isReturned: Bool)] {
        switch self {
        case .granted(let fact): [(fact.part, false)]
        case .adjusted(let fact): [(fact.part, false)]
        case .lotExpired(let fact): [(fact.part, false)]
        case .allowanceOpened(let fact): [(fact.part, false)]
        case .debited(let fact): fact.parts.map { ($0, false) }
        case .held(let fact): fact.parts.map { ($0, false) }
        case .refunded(let fact): fact.returns.map { ($0.part, true) }
        case .settled(let fact), .released(let fact), .holdExpired(let fact):
            fact.parts.map { ($0, false) } + fact.returns.map { ($0.part, true) }
        default: []
        }
    }
}
