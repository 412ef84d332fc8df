import EventCodec
import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerGenerator

/// What a generated log promises: it is what the real book would have written, of every kind, and the same for a seed.
struct LedgerGeneratorTests {
    private static let opened = LedgerOpened(ledger: "test", origin: "daybook/test", key: "daybook/test+00000000+AA==")

    private static func options(_ eventCount: Int, accounts: Int = 60, seed: UInt64 = 1) -> LedgerGenerator.Options {
        LedgerGenerator.Options(eventCount: eventCount, accountCount: accounts, seed: seed)
    }

    private static func events(_ options: LedgerGenerator.Options) -> [Event] {
        var generator = LedgerGenerator(options, zones: MemoryLedger.zones)
        var sheet = EventSheet()
        generator.begin(opened, &sheet)
        while generator.next(&sheet) {}
        return sheet.events
    }

    /// Whole groups, a submit with all that it holds as one.
    private static func groups(_ events: [Event]) -> [[Event]] {
        var groups: [[Event]] = []
        var start = 0
        while start < events.count {
            let count = events[start].group?.count ?? 1
            groups.append(Array(events[start..<start + count]))
            start += count
        }
        return groups
    }

    /// With few accounts every lot is drawn empty, every window passes its thresholds, and every hold meets others; with many,
    /// accounts sleep until all they had has lapsed.
    @Test(arguments: [(12_000, 6, 1), (12_000, 60, 2), (12_000, 1000, 3), (6000, 1, 4)] as [(Int, Int, UInt64)])
    func theBookDecidesTheBusyTenantsCommandsSo(_ eventCount: Int, _ accounts: Int, _ seed: UInt64) throws {
        var ledger = MemoryLedger()
        for group in Self.groups(Self.events(Self.options(eventCount, accounts: accounts, seed: seed))) {
            guard group[0].tenant == LedgerGenerator.busyTenant else {
                for event in group { ledger.note(event) }
                continue
            }
            let decided = try #require(try Self.decide(group, &ledger), "event \(group[0].sequence)")
            try #require(decided == group, "event \(group[0].sequence)")
        }
    }

    /// What the book decides where these events stand; nil when it says no.
    private static func decide(_ group: [Event], _ ledger: inout MemoryLedger) throws -> [Event]? {
        let head = group[0]
        if head.id.isReserved {
            let due = try #require(ledger.book.decideDue(at: head.at))
            for event in due { ledger.note(event) }
            return due
        }
        #expect(ledger.book.decideDue(at: head.at) == nil, "something is due before event \(head.sequence)")
        let command = try #require(Command(group), "event \(head.sequence) tells of no command")
        let request = Request(
            tenant: head.tenant, id: head.id, body: head.group!.body, peer: head.peer, actor: head.actor, command: command)
        guard case .accepted(let events) = try ledger.send(request, at: head.at) else { return nil }
        return events
    }

    @Test func everyTypeOccurs() {
        let types = Set(Self.events(Self.options(60_000)).map { "\($0.fact.type)" })
        #expect(Set(Fact.types).subtracting(types) == ["recovered", "restored", "signingKeyReplaced"])
    }

    @Test func theSameSeedGivesTheSameEvents() {
        #expect(Self.events(Self.options(3000, seed: 7)) == Self.events(Self.options(3000, seed: 7)))
        #expect(Self.events(Self.options(3000, seed: 7)) != Self.events(Self.options(3000, seed: 8)))
    }

    /// As many as the beginning needs, at least; and beyond those asked for no more than one command and what comes before it.
    @Test(arguments: [1, 1000, 5000]) func thereAreAsManyEventsAsAsked(_ count: Int) {
        let events = Self.events(Self.options(count))
        #expect((count..<max(count, 100) + 100).contains(events.count))
        #expect(events.map(\.sequence.rawValue) == Array(1...UInt64(events.count)))
    }

    @Test func timePassesFromBeginningToEnd() {
        let options = Self.options(20_000)
        let events = Self.events(options)
        #expect(events[0].at == options.end.adding(days: -60))
        #expect(events.last!.at <= options.end)
        #expect(events.last!.at > options.end.adding(days: -1))
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.at <= $1.at })
    }

    @Test func allAccountsAreOpenInTheEnd() {
        let opened = Self.events(Self.options(20_000, accounts: 500)).count { event in
            if case .accountOpened = event.fact { event.tenant == LedgerGenerator.busyTenant } else { false }
        }
        #expect(opened == 500)
    }

    @Test func noSmallTenantMeansTheBusyOneAlone() {
        var options = Self.options(2000)
        options.smallTenantCount = 0
        #expect(Set(Self.events(options).map(\.tenant)) == [.system, LedgerGenerator.busyTenant])
    }

    @Test func everyLineIsTheOneFormOfItsEvent() throws {
        var writer = JSONWriter()
        for event in Self.events(Self.options(8000)) {
            writer.removeAll()
            EventCodec.encode(event, into: &writer)
            let line = UnsafeRawBufferPointer(rebasing: writer.bytes.dropLast())
            try #require(try EventCodec.decode(line) == event)
        }
    }

    /// The log holds what was made; and its chain, which covers every byte, is the same for the same seed.
    @Test func aFilledLogHoldsTheEvents() throws {
        let events = Self.events(Self.options(5000))
        let (first, second) = (MemoryVolume(), MemoryVolume())
        #expect(try Self.fill(first) == Self.fill(second))
        let reader = LogReader("/l", volume: first)
        let head = try reader.head()
        #expect(head.lastSequence == events.last!.sequence)
        var writer = JSONWriter()
        for event in events { EventCodec.encode(event, into: &writer) }
        var (lines, next): ([UInt8], SequenceNumber) = ([], .first)
        while next <= head.lastSequence {
            let batch = try reader.batch(holding: next, upTo: head)
            lines += batch.records
            next = next.advanced(by: batch.count)
        }
        #expect(lines == Array(writer.bytes))
    }

    private static func fill(_ volume: MemoryVolume) throws -> ChainHash {
        let generator = LedgerGenerator(options(5000), zones: MemoryLedger.zones)
        let (log, _) = try SegmentLog.open(
            "/l", volume: volume, watermarks: [], creatingWith: { LedgerID(bytes: 0..<16)! }, now: generator.now)
        _ = try LogFilling(generator, into: log).run(opened)
        defer { try? log.close() }
        return log.head.chain
    }

    /// A log that cannot be written ends the work with what was wrong, and not before or never.
    @Test func aFaultOfTheVolumeIsThrown() throws {
        let volume = MemoryVolume()
        let generator = LedgerGenerator(Self.options(100_000), zones: MemoryLedger.zones)
        let (log, _) = try SegmentLog.open(
            "/l", volume: volume, watermarks: [], creatingWith: { LedgerID(bytes: 0..<16)! }, now: generator.now)
        try log.close()
        #expect(throws: LogError.self) { try LogFilling(generator, into: log).run(Self.opened) }
    }

    /// So often as the law says, within five standard deviations.
    @Test(arguments: [1, 2, 1000]) func ranksFollowZipfsLaw(_ count: Int) {
        let (zipf, draws) = (Zipf(count: count, exponent: 1.1), 200_000)
        var chance = Chance(seed: 5)
        var counts = [Int](repeating: 0, count: count)
        for _ in 0..<draws { counts[zipf.rank(&chance)] += 1 }
        let weights = (1...count).map { pow(Double($0), -1.1) }
        let sum = weights.reduce(0, +)
        for (found, weight) in zip(counts, weights) {
            let expected = Double(draws) * weight / sum
            #expect(abs(Double(found) - expected) <= 5 * expected.squareRoot())
        }
    }
}
