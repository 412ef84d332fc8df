import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@Suite("What time makes due")
struct DueTests {
    @Test("a hold ends at its time with nobody asking")
    func byItself() async throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("h-1", hold(30, for: 60))
        _ = try desk.ask("h-2", hold(20, for: 90, onExpiry: .capture))
        desk.pass(seconds: 59)
        desk.pass(seconds: 1)
        #expect(await desk.waitForEvents(6) == SequenceNumber(6))
        desk.pass(seconds: 3600)
        #expect(await desk.waitForEvents(7) == SequenceNumber(7))
        desk.engine.stop()
        let ended = try directory.events().suffix(2)
        #expect(ended.map(\.fact.caseName) == ["holdExpired", "holdExpired"])
        #expect(ended.map(\.id.text) == ["$holdExpired/4", "$holdExpired/5"])
        #expect(ended.map { $0.at.rawValue - ManualClock.start.rawValue } == [60_000_000, 3_660_000_000])
    }

    @Test("the system's clock wakes the engine")
    func bySystemClock() async throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { $0.clock = .system }
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("h", hold(30, for: 1))
        #expect(await desk.waitForEvents(5) == SequenceNumber(5))
        #expect(try desk.funds() == [100, 0])
        desk.engine.stop()
    }

    @Test("what came due while nobody served ends at once, before the first answer, and in order")
    func afterRestart() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        for number in 1...5 { _ = try desk.ask(Name("h-\(number)")!, hold(10, for: 100 - number)) }
        #expect(try desk.funds() == [50, 50])
        desk.engine.stop()
        desk.clock.advance(seconds: 98)
        desk = try Desk(directory.path, clock: desk.clock)
        #expect(try desk.funds() == [90, 10])
        #expect(try desk.ask("d", debit(91)).told == "insufficientBalance")
        desk.engine.stop()
        #expect(try directory.events().suffix(4).map(\.id.text) == (5...8).reversed().map { "$holdExpired/\($0)" })
    }

    @Test("no command is decided while anything is due")
    func beforeCommands() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("h", hold(100, for: 60))
        #expect(try desk.ask("d-1", debit(1)).told == "insufficientBalance")
        desk.clock.advance(seconds: 60)
        #expect(try desk.ask("d-1", debit(1)).told == "accepted debited")
        #expect(try desk.ask("r", .release(Release(hold: "h"))).told == "holdClosed")
        desk.engine.stop()
    }

    @Test("more than one log batch of things is due at once")
    func many() throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(10_000))
        let tags = try desk.put((0..<2500).map { (1, command(Name("h-\($0)")!, hold(1, for: 60))) })
        #expect(tags.allSatisfy { desk.wait(for: $0).told == "accepted held" })
        desk.engine.stop()
        desk.clock.advance(seconds: 60)
        desk = try Desk(directory.path, clock: desk.clock)
        #expect(try desk.funds() == [10_000, 0])
        desk.engine.stop()
        let batches = try directory.batches().filter { $0.firstSequence > SequenceNumber(2503) }
        #expect(batches.map(\.count) == [1000, 1000, 500])
    }

    @Test("a settlement that comes late is honoured once, after a restart too", arguments: [HoldTerms.Expiry.release, .capture])
    func late(onExpiry: HoldTerms.Expiry) throws {
        let directory = DataDirectory()
        var desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("h", hold(30, for: 60, onExpiry: onExpiry))
        desk.engine.stop()
        desk.clock.advance(seconds: 61)
        desk = try Desk(directory.path, clock: desk.clock)
        #expect(try desk.funds() == (onExpiry == .release ? [100, 0] : [70, 0]))
        let settled = try desk.ask("s", settle("h", 20))
        #expect(settled.told == (onExpiry == .release ? "accepted debited" : "accepted refunded"))
        desk.engine.stop()
        desk = try Desk(directory.path, clock: desk.clock)
        #expect(try desk.ask("s", settle("h", 20)).events == settled.events)
        #expect(try desk.ask("s-2", settle("h", 20)).told == "holdClosed")
        #expect(try desk.funds() == [80, 0])
        #expect(try desk.ask("r", .refund(Refund(of: "h"))).told == "accepted refunded")
        #expect(try desk.funds() == [100, 0])
        desk.engine.stop()
    }

    @Test("a stopped engine does not wait for what is due later")
    func stop() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { $0.clock = .system }
        _ = try desk.ask("g", grant(100))
        _ = try desk.ask("h", hold(30, for: 86_400))
        desk.engine.stop()
        #expect(try directory.events().last?.fact.caseName == "held")
    }

    @Test("what is due in a thousand years neither fails nor wakes anybody")
    func farAhead() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { $0.clock = .system }
        let change = Configure.Change(key: DocumentKey(.tag, "t"), document: .tag(TagDocument(note: "later")))
        let at = Timestamp(rfc3339: "3026-03-01T00:00:00Z")
        let configure = Command.configure(Configure(changes: [change], reason: "later", effectiveAt: at))
        #expect(try desk.ask("c", configure).told == "accepted configurationScheduled")
        #expect(try desk.ask("g", grant(1)).told == "accepted accountOpened granted")
        desk.engine.stop()
    }
}
