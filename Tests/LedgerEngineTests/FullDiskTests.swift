import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

/// A writer without threads, on a simulated disk that can be full.
private final class SmallDisk {
    private final class Outbox: @unchecked Sendable {
        var answers: [Answer] = []
        var errandCount = 0
        var rollCount = 0
    }

    let volume = MemoryVolume()
    let clock = ManualClock()
    let log: SegmentLog
    private let writer: Writer
    private let outbox = Outbox()

    init() throws {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = 16 << 10
        bounds.tailChunkByteCount = 1 << 10
        bounds.reserveByteCountMax = 20 << 10
        let (lanes, outbox, clock) = (Lanes(), outbox, clock)
        _ = lanes.add { outbox.answers += $0 }
        (log, _) = try SegmentLog.open(
            "/data", volume: volume, bounds: bounds, watermarks: [], creatingWith: { LedgerID.random() }, now: clock.now)
        var opening = Opening(log, MemoryLedger.emptyBook(), now: clock.now)
        try opening.openLedger(origin: "o", key: "k")
        writer = Writer(
            log, opening.book, clock: Clock(now: { clock.now }), lanes: lanes, commits: Commits(log.head, opening.book),
            limit: bounds.batchRawByteCountMax, rolled: { outbox.rollCount += 1 }
        ) { _, _ in outbox.errandCount += 1 }
    }

    var rollCount: Int { outbox.rollCount }
    /// What is to be read back from the log before it can be answered.
    var errandCount: Int { outbox.errandCount }
    var lastSequence: SequenceNumber { log.head.lastSequence }

    /// One turn with one command; nil when something must be read back first.
    func ask(_ id: Name, _ asked: Command) throws -> String? {
        outbox.answers = []
        try writer.take([.asked(Asked(lane: 0, connection: 1, tag: 1, question: command(id, asked)))])
        return outbox.answers.first?.outcome.told
    }

    func passDue() throws { try writer.take([]) }

    /// Leaves no byte to anybody.
    func fill() throws {
        volume.capacity = volume.paths.reduce(0) { $0 + (volume.contents($1)?.count ?? 0) }
    }
}

@Suite("A full disk")
struct FullDiskTests {
    /// A disk that is full, on which the log has gone into its reserve and found no space for another.
    private func fullDisk() throws -> SmallDisk {
        let disk = try SmallDisk()
        _ = try disk.ask("g", grant(1000))
        for hold in ["h-1", "h-2", "h-3", "h-4"] as [Name] { _ = try disk.ask(hold, FullDiskTests.holding) }
        _ = try disk.ask("h-due", hold(1, of: "a", for: 60))
        try disk.log.reserve.write()
        try disk.fill()
        var number = 0
        while disk.rollCount == 0 {
            #expect(try disk.ask(Name("d-\(number)")!, debit(1)) == "accepted debited")
            number += 1
        }
        #expect(throws: LogError.self) { try disk.log.reserve.write() }
        return disk
    }

    private static let holding = hold(10, of: "a", for: 86_400)

    @Test("as long as there is a reserve all commands are taken; without one, those that end something or give it back")
    func taken() throws {
        let disk = try fullDisk()
        let before = disk.lastSequence
        let refused: [Command] = [
            grant(1), debit(1), FullDiskTests.holding, .openAccount(OpenAccount(account: "b")),
            .freezeAccount(ChangeAccountState(account: "a", reason: "r")),
            .submit(Submit(commands: [inner("i-1", settle("h-1")), inner("i-2", debit(1))])),
        ]
        for (number, command) in refused.enumerated() { #expect(try disk.ask(Name("r-\(number)")!, command) == "diskFull") }
        #expect(disk.lastSequence == before)

        #expect(try disk.ask("s-1", settle("h-1", 3)) == "accepted settled")
        #expect(try disk.ask("s-2", .release(Release(hold: "h-2"))) == "accepted released")
        #expect(try disk.ask("s-3", .extend(Extend(hold: "h-3", expiresInSeconds: 100))) == "accepted holdExtended")
        #expect(
            try disk.ask("s-4", .submit(Submit(commands: [inner("i-3", settle("h-4"))])))?.hasPrefix("accepted submitted") == true
        )
        // A refund reads the debit back first, and is not refused before.
        #expect(try disk.ask("s-5", .refund(Refund(of: "d-0"))) == nil)
        #expect(disk.errandCount == 1)
    }

    @Test("an id that is known is answered, for nothing is written")
    func known() throws {
        let disk = try fullDisk()
        #expect(try disk.ask("d-0", debit(1)) == nil)
        #expect(disk.errandCount == 1)
    }

    @Test("what is due goes on, and uses what is written ahead")
    func due() throws {
        let disk = try fullDisk()
        let before = disk.lastSequence
        disk.clock.advance(seconds: 61)
        try disk.passDue()
        #expect(disk.lastSequence == before.next)
    }

    @Test("all commands are taken again when there is space, without a new start")
    func again() throws {
        let disk = try fullDisk()
        #expect(try disk.ask("r", debit(1)) == "diskFull")
        disk.volume.capacity = nil
        try disk.log.reserve.write()
        #expect(try disk.ask("r", debit(1)) == "accepted debited")
        guard case .sound(let summary) = LogVerifier.verify("/data", volume: disk.volume) else {
            Issue.record("a log on a full disk is sound")
            return
        }
        #expect(summary.head.watermark == disk.log.head.watermark)
    }

    @Test("when the last zeros are used up the log stops, and nothing that was answered is lost")
    func usedUp() throws {
        let disk = try fullDisk()
        var answered = disk.lastSequence
        var number = 0
        let error = #expect(throws: LogError.self) { () throws in
            while true {
                _ = try disk.ask(Name("x-\(number)")!, .extend(Extend(hold: "h-3", expiresInSeconds: 100 + number)))
                answered = disk.lastSequence
                number += 1
            }
        }
        #expect(error?.code == .diskFull && number > 20)
        disk.volume.restart()
        guard case .sound(let summary) = LogVerifier.verify("/data", volume: disk.volume) else {
            Issue.record("a log that stopped on a full disk is sound")
            return
        }
        #expect(summary.head.lastSequence == answered)
    }

    private func inner(_ id: Name, _ command: Command) -> Submit.Inner { Submit.Inner(id: id, body: 1, command: command) }
}
