import EventCodec
import Foundation
import JSONText
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog

/// Writes a log of every type of event, as daemons would have written it that were killed once and given another signing key:
/// random commands of a few tenants, decided by the ledger's rules. The same seed has the same commands at the same times.
struct EventLogWriting {
    private let directory: String
    private let seed: UInt64
    private let eventCount: Int

    init(_ directory: String, _ seed: UInt64, _ eventCount: Int) {
        (self.directory, self.seed, self.eventCount) = (directory, seed, eventCount)
    }

    func run() -> Bool {
        do {
            try write()
            return true
        } catch {
            Simulate.tell("\(directory): \(error)")
            return false
        }
    }

    private func write() throws {
        if FileManager.default.fileExists(atPath: directory) {
            throw Failure("it is there already: name a directory that is not")
        }
        var generator = EventLogGenerator(seed: seed, zones: .foundation)
        try openLedger(&generator)
        try grow(&generator, to: eventCount / 3)
        Simulate.tell("\(generator.events.count) events")
        try replaceKey(&generator)
        try grow(&generator, to: eventCount * 2 / 3)
        Simulate.tell("\(generator.events.count) events")
        try tear(&generator)
        try grow(&generator, to: eventCount)
        try tell(generator)
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    // MARK: The ledger's own events

    private func openLedger(_ generator: inout EventLogGenerator) throws {
        let (log, _) = try open(at: generator.now)
        var opening = Opening(log, generator.book, now: generator.now)
        try opening.openLedger(origin: "simulated.example", key: SigningKey(in: directory).verifierKey(of: "simulated.example"))
        try log.close()
        try noteNews(&generator)
    }

    private func replaceKey(_ generator: inout EventLogGenerator) throws {
        let clock = Clock(now: { [now = generator.now] in now })
        _ = try LedgerEngine.replaceKey(in: directory, reason: "the first one was for trying", clock: clock)
        try noteNews(&generator)
    }

    /// A batch of which the medium wrote a few bytes only, and the start after it. That the write never ended can be seen where
    /// the batch reaches into another sector.
    private func tear(_ generator: inout EventLogGenerator) throws {
        var head = try LogReader(directory).head()
        // The magic within one sector, what follows it in the next.
        while !(420...508).contains(head.offset % 512) {
            try grow(&generator, to: generator.events.count + 1)
            head = try LogReader(directory).head()
        }
        let path = "\(directory)/log/\(String(format: "%020llu", head.segment.rawValue)).lz4"
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: head.offset)
        // What a batch begins with: its magic.
        try file.write(contentsOf: Data([0x51, 0x2a, 0x4d, 0x18]))
        try file.close()
        let (log, recovery) = try open(at: generator.now)
        var opening = Opening(log, generator.book, now: generator.now)
        for cut in recovery.cuts { try opening.record(cut) }
        try log.close()
        try noteNews(&generator)
    }

    /// Tells the generator what the ledger wrote of itself.
    private func noteNews(_ generator: inout EventLogGenerator) throws {
        let (reader, next) = (LogReader(directory), generator.book.lastSequence.next)
        let batch = try reader.batch(holding: next, upTo: reader.head())
        try batch.records.withUnsafeBytes { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let event = try EventCodec.decode(UnsafeRawBufferPointer(rebasing: line))
                if event.sequence >= next { generator.note(ofLedger: event) }
            }
        }
    }

    // MARK: Commands

    private func open(at now: Timestamp) throws -> (log: SegmentLog, recovery: Recovery) {
        var random = SeededGenerator(seed: seed)
        let id = LedgerID(bytes: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })!
        return try SegmentLog.open(directory, watermarks: [], creatingWith: { id }, now: now)
    }

    /// Log batches of a few to some hundred events, each group whole.
    private func grow(_ generator: inout EventLogGenerator, to count: Int) throws {
        let (log, _) = try open(at: generator.now)
        var writer = JSONWriter(capacity: 1 << 20)
        var (pending, limit, random) = (0, 1, SeededGenerator(seed: seed &+ 1))
        while generator.events.count < count {
            for event in generator.nextEvents() {
                EventCodec.encode(event, into: &writer)
                pending += 1
            }
            if pending < limit { continue }
            try log.append(writer.bytes, count: pending, at: generator.now)
            writer.removeAll()
            (pending, limit) = (0, Int.random(in: 1...1500, using: &random))
        }
        if pending > 0 { try log.append(writer.bytes, count: pending, at: generator.now) }
        try log.close()
    }

    private func tell(_ generator: EventLogGenerator) throws {
        let types = Set(generator.events.map { "\($0.fact.type)" })
        let missing = Set(Fact.types.map { "\($0)" }).subtracting(types).sorted().joined(separator: ", ")
        Simulate.tell(
            "\(directory): \(generator.events.count) events of \(types.count) types; without \(missing)")
    }
}
