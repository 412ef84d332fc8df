import EventCodec
import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@Suite("Crashes and faults")
struct FailureTests {
    /// A ledger whose last batch, of several sectors, was answered by nobody: one of its sectors never reached the medium.
    private func tear(_ directory: borrowing DataDirectory) throws -> SequenceNumber {
        let desk = try Desk(directory.path)
        if try desk.balance("a") == nil { _ = try desk.ask("g", grant(1000)) }
        let before = desk.engine.status.head
        var random = SeededGenerator(seed: 1)
        let details = "\"\(FailureTests.noise(3000, &random))\""
        _ = try desk.ask(Name("torn-\(before.lastSequence)")!, debit(1, details: details))
        let after = desk.engine.status.head
        desk.engine.stop()
        try #require(after.segment == before.segment && after.offset > before.offset + 1536)
        let file = try #require(FileHandle(forUpdatingAtPath: directory.path + "/log/00000000000000000001.lz4"))
        try file.seek(toOffset: (before.offset / 512 + 1) * 512)
        try file.write(contentsOf: Data(count: 512))
        try file.close()
        return before.lastSequence
    }

    /// Text that does not compress well.
    private static func noise(_ count: Int, _ random: inout SeededGenerator) -> String {
        String((0..<count).map { _ in Character(Unicode.Scalar(UInt8.random(in: 0x5d...0x7d, using: &random))) })
    }

    private func recoveries(_ directory: borrowing DataDirectory) throws -> [Recovered] {
        try directory.events().compactMap { if case .recovered(let fact) = $0.fact { fact } else { nil } }
    }

    @Test("an unfinished write is cut off, and that is recorded once for ever")
    func recovered() throws {
        let directory = DataDirectory()
        let last = try tear(directory)
        for start in 0..<3 {
            let desk = try Desk(directory.path)
            #expect(desk.engine.status.head.lastSequence == last.next)
            #expect(desk.notices.filter { $0.hasPrefix("cut") }.count == (start == 0 ? 1 : 0))
            #expect(try desk.balance("a") == 1000)
            desk.engine.stop()
        }
        let facts = try recoveries(directory)
        let fact = try #require(facts.first)
        #expect(facts.count == 1 && fact.segment == .first)
        let torn = directory.path + "/torn/\(fact.torn)"
        #expect(try FileManager.default.attributesOfItem(atPath: torn)[.size] as? UInt64 == fact.byteCount)
        #expect(try directory.events().last?.id.text == "$recovered/\(fact.torn)")

        _ = try tear(directory)
        try Desk(directory.path).engine.stop()
        #expect(try recoveries(directory).count == 2)
    }

    @Test("a crash between the cut and its record does not hide it")
    func crashBeforeRecord() throws {
        let directory = DataDirectory()
        _ = try tear(directory)
        let (log, recovery) = try SegmentLog.open(
            directory.path, watermarks: [], creatingWith: { LedgerID.random() }, now: ManualClock.start)
        try log.close()
        #expect(recovery.cuts.count == 1)
        #expect(try recoveries(directory).isEmpty)
        for _ in 0..<2 { try Desk(directory.path).engine.stop() }
        #expect(try recoveries(directory).map(\.torn.text) == recovery.cuts.map(\.tornFile))
    }

    @Test("after the first error of the log nothing is answered, nothing taken, and all that was answered is there")
    func logFails() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) { options in
            options.bounds.batchRawByteCountMax = 8 << 10
            options.bounds.segmentByteCountMax = 16 << 10
            options.bounds.tailChunkByteCount = 4 << 10
        }
        _ = try desk.ask("g", grant(1000))
        // The next segment cannot be made in a directory that is not there.
        try FileManager.default.moveItem(atPath: directory.path + "/log", toPath: directory.path + "/elsewhere")
        var (random, answered, lastTag) = (SeededGenerator(seed: 2), [Event](), UInt64(0))
        while true {
            let details = "\"\(FailureTests.noise(900, &random))\""
            lastTag = try desk.put([(1, command(Name("d-\(lastTag)")!, debit(1, details: details)))])[0]
            guard let outcome = desk.waitOrFail(for: lastTag) else { break }
            answered += outcome.events
        }
        #expect(desk.waitForFailure().code == .volumeFailed)
        desk.engine.stop()
        #expect(!desk.isAnswered(lastTag))
        #expect(desk.submit([(1, command("late", debit(1)))]) == nil)
        #expect(desk.engine.committed.isClosed)

        try FileManager.default.moveItem(atPath: directory.path + "/elsewhere", toPath: directory.path + "/log")
        let reopened = try Desk(directory.path)
        let logged = Set(try directory.events())
        #expect(!answered.isEmpty && answered.allSatisfy { logged.contains($0) })
        reopened.engine.stop()
    }

    @Test("a line that is no event stops the opening, with its number")
    func undecodable() throws {
        let directory = DataDirectory()
        try Desk(directory.path).engine.stop()
        let (log, _) = try SegmentLog.open(
            directory.path, watermarks: [], creatingWith: { LedgerID.random() }, now: ManualClock.start)
        try Array("{\"seq\":2}\n".utf8).withUnsafeBytes { try log.append($0, count: 1, at: ManualClock.start) }
        try log.close()
        let error = #expect(throws: EngineError.self) { try Desk(directory.path) }
        #expect(error?.description == "event 2 cannot be read: at is missing")
    }

    @Test("a damaged segment is told once, and the ledger goes on")
    func rotten() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(1000))
        let before = desk.engine.status.head
        _ = try desk.ask("d", debit(10))
        let file = try #require(FileHandle(forUpdatingAtPath: directory.path + "/log/00000000000000000001.lz4"))
        try file.seek(toOffset: desk.engine.status.head.offset - 8)
        try file.write(contentsOf: Data(count: 8))
        try file.close()
        for number in 1...3 {
            #expect(try desk.ask(Name("r-\(number)")!, .refund(Refund(of: "d"))).told == "failed")
            #expect(try desk.ask("d", debit(10)).told == "failed")
            #expect(try desk.ask(.explain(.command(tenant: "t", id: "d"))).told == "failed")
            #expect(try desk.ask(Name("e-\(number)")!, debit(10)).told == "accepted debited")
        }
        desk.engine.stop()
        let end = desk.engine.status.head
        let reader = LogReader(directory.path)
        var told: [Event] = []
        for number in before.lastSequence.rawValue + 2...end.lastSequence.rawValue {
            let batch = try reader.batch(holding: SequenceNumber(number), upTo: end)
            try batch.records.withUnsafeBytes {
                told.append(
                    try EventCodec.decode(
                        UnsafeRawBufferPointer(rebasing: $0.split(separator: 10)[Int(number - batch.firstSequence.rawValue)])))
            }
        }
        let alerts = told.filter { $0.tenant == .system }
        #expect(alerts.map(\.id.text) == ["$segmentRotten/1"])
        guard case .alertRaised(let alert)? = alerts.first?.fact, case .segmentRotten(let segment, _) = alert.condition else {
            Issue.record("no alert of a segment: \(alerts)")
            return
        }
        #expect(alert.rule == "$segmentRotten" && alert.severity == .error && alert.account == nil && segment == .first)
    }
}
