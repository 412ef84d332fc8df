import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Reserve")
struct ReserveTests {
    private static let reserve = "/data/log/reserve"

    private func names(_ volume: some Volume) throws -> [String] { try volume.list("/data/log").sorted() }

    private func isSound(_ volume: some Volume, holding count: UInt64) -> Bool {
        guard case .sound(let summary) = LogVerifier.verify(Sample.directory, volume: volume) else { return false }
        return summary.eventCount == Int(count)
    }

    /// Appends until the log has rolled.
    private func roll(_ log: SegmentLog) throws {
        let segment = log.head.segment
        while log.head.segment == segment { try log.append(4) }
    }

    @Test("the reserve is synced zeros, and nobody reads it as a segment")
    func written() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        #expect(!log.reserve.isReady)
        try log.reserve.write()
        #expect(log.reserve.isReady && !log.reserve.isDiskFull)
        #expect(volume.syncedContents(Self.reserve) == [UInt8](repeating: 0, count: 2400))
        #expect(try names(volume) == ["00000000000000000001.lz4", "reserve"])
        try log.append(3)
        #expect(isSound(volume, holding: 3))
    }

    @Test("the log rolls into the reserve, which takes no new space")
    func roll() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.reserve.write()
        try roll(log)
        #expect(!log.reserve.isReady && !log.reserve.isDiskFull)
        let path = "/data/log/" + LogDirectory.segmentName(log.head.segment)
        #expect(try names(volume) == ["00000000000000000001.lz4", LogDirectory.segmentName(log.head.segment)])
        #expect(volume.syncedContents(path)?.count == 2400)
        #expect(isSound(volume, holding: log.head.lastSequence.rawValue))
        // Another is written, and a third roll finds it.
        try log.reserve.write()
        try roll(log)
        #expect(isSound(volume, holding: log.head.lastSequence.rawValue))
    }

    @Test("a reserve that is written is not written again")
    func once() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.reserve.write()
        let counts = volume.counts
        try log.reserve.write()
        #expect(volume.counts == counts)
        try log.close()
        #expect(!log.reserve.isReady)
        try log.reserve.write()
        #expect(volume.counts == counts)
    }

    @Test("the next opening takes over a sound reserve, and rolls into it")
    func takenOver() throws {
        let volume = MemoryVolume()
        var (log, _) = try SegmentLog.open(volume)
        try log.reserve.write()
        try log.close()
        (log, _) = try SegmentLog.open(volume)
        #expect(log.reserve.isReady)
        try roll(log)
        #expect(volume.contents(Self.reserve) == nil)
    }

    @Test("what is no reserve is removed at the next opening", arguments: [0, 88, 2399, 2401])
    func wrongSize(byteCount: Int) throws {
        let volume = MemoryVolume()
        try SegmentLog.open(volume).log.close()
        volume.put(Self.reserve, [UInt8](repeating: 0, count: byteCount))
        let (log, _) = try SegmentLog.open(volume)
        #expect(!log.reserve.isReady)
        #expect(try names(volume) == ["00000000000000000001.lz4"])
    }

    @Test("a reserve with a single bit set is none", arguments: [0, 87, 1200, 2399])
    func notZero(offset: Int) throws {
        let volume = MemoryVolume()
        try SegmentLog.open(volume).log.close()
        var bytes = [UInt8](repeating: 0, count: 2400)
        bytes[offset] = 1
        volume.put(Self.reserve, bytes)
        let (log, _) = try SegmentLog.open(volume)
        #expect(!log.reserve.isReady && volume.contents(Self.reserve) == nil)
    }

    @Test("a power cut at every operation of writing a reserve and rolling into it leaves a log that goes on")
    func everyCrash() throws {
        var crashes = 0
        while true {
            let volume = MemoryVolume()
            let (log, _) = try SegmentLog.open(volume)
            for _ in 1...5 { try log.append(4) }
            volume.plan(.crash, at: .operation(volume.operationCount + crashes))
            var committed = log.head.lastSequence
            let end = code {
                try log.reserve.write()
                while log.head.segment == .first {
                    try log.append(4)
                    committed = log.head.lastSequence
                }
                try log.reserve.write()
            }
            if end == nil { break }
            for seed in 0..<4 as Range<UInt64> {
                let after = volume.copy()
                seed == 0 ? after.powerCut() : after.powerCut(.tornSectors(seed: seed))
                let (again, _) = try SegmentLog.open(after)
                #expect(again.head.lastSequence >= committed)
                try again.reserve.write()
                try roll(again)
                #expect(isSound(after, holding: again.head.lastSequence.rawValue), "crash at operation \(crashes), seed \(seed)")
            }
            crashes += 1
        }
        #expect(crashes > 15)
    }

    @Test(
        "an error of writing the reserve leaves the log as it is, and the next try works",
        arguments: [
            VolumeOperation.createFile, .write, .sync, .rename, .syncDirectory,
        ])
    func error(operation: VolumeOperation) throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        volume.plan(.fail(.inputOutput), at: .next(operation))
        #expect(code { try log.reserve.write() } == .volumeFailed)
        #expect(!log.reserve.isReady && !log.reserve.isDiskFull)
        #expect(volume.contents(Self.reserve + ".new") == nil)
        try log.append(4)
        try log.reserve.write()
        #expect(log.reserve.isReady)
        try roll(log)
        #expect(isSound(volume, holding: log.head.lastSequence.rawValue))
    }
}

@Suite("A full disk")
struct FullDiskTests {
    private func used(_ volume: MemoryVolume) throws -> Int {
        try volume.list("/data/log").reduce(0) { $0 + (volume.contents("/data/log/\($1)")?.count ?? 0) }
    }

    /// Segments with room for more than the reserve: as in use.
    private static let bounds = {
        var bounds = LogBounds.small(segment: 16 << 10)
        bounds.reserveByteCountMax = 2400
        return bounds
    }()

    @Test("without space for more zeros the log seals early and goes on in the reserve; then it stops with nothing lost")
    func sealsEarly() throws {
        let volume = MemoryVolume()
        var (log, _) = try SegmentLog.open(volume, bounds: Self.bounds)
        try log.reserve.write()
        volume.capacity = try used(volume)
        let end = code { while true { try log.append(1) } }
        #expect(end == .diskFull)
        #expect(log.head.segment != .first && log.head.segment.rawValue < 15, "the first segment ends within its first zeros")
        let head = log.head
        #expect(code { try log.append(1) } == .stopped)
        try log.close()
        guard case .sound(let summary) = LogVerifier.verify(Sample.directory, volume: volume) else {
            Issue.record("what was written on a full disk is sound")
            return
        }
        #expect(summary.head.watermark == head.watermark)

        // It opens on a full disk, and goes on when there is space.
        (log, _) = try SegmentLog.open(volume, bounds: Self.bounds)
        #expect(log.head == head)
        #expect(code { try log.reserve.write() } == .diskFull)
        #expect(log.reserve.isDiskFull)
        volume.capacity = nil
        try log.reserve.write()
        #expect(log.reserve.isReady && !log.reserve.isDiskFull)
        for _ in 0..<20 { try log.append(3) }
    }

    @Test("a reserve for which there is no space gives back what it has taken")
    func givesBack() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        let before = try used(volume)
        volume.capacity = before + 1100
        #expect(code { try log.reserve.write() } == .diskFull)
        #expect(log.reserve.isDiskFull)
        #expect(try used(volume) == before)
        // The space that is left is used by the tail.
        for _ in 0..<3 { try log.append(4) }
    }

    @Test("every start on a full disk finds the log, and uses no space")
    func restarts() throws {
        let volume = MemoryVolume()
        var (log, _) = try SegmentLog.open(volume)
        try log.reserve.write()
        volume.capacity = try used(volume)
        var count: UInt64 = 0
        for start in 0..<12 {
            try log.append(1)
            count += 1
            if start % 2 == 0 { try log.close() }
            volume.powerCut()
            (log, _) = try SegmentLog.open(volume)
            #expect(log.head.lastSequence.rawValue == count)
        }
    }

    @Test("a torn batch is kept and cut off although the disk is full", arguments: [true, false])
    func torn(withReserve: Bool) throws {
        let volume = MemoryVolume()
        // Zeros enough that the batch is told to be unfinished by those behind it.
        let bounds = LogBounds.small(segment: 8 << 10, chunk: 6 << 10)
        var (log, _) = try SegmentLog.open(volume, bounds: bounds)
        if withReserve { try log.reserve.write() }
        try log.append(2)
        let head = log.head
        // The process dies in the middle of a batch of two sectors and a bit.
        volume.plan(.shortWrite(.prefix(700), .inputOutput), at: .next(.write))
        #expect(code { try log.append(noise(2000), count: 1, at: Sample.time()) } == .volumeFailed)
        volume.restart()
        volume.capacity = try used(volume)
        let recovery: Recovery
        (log, recovery) = try SegmentLog.open(volume, bounds: bounds)
        #expect(log.head == head && recovery.cuts.count == 1)
        try log.append(1)
        guard case .sound = LogVerifier.verify(Sample.directory, volume: volume) else {
            Issue.record("a log that was cut on a full disk is sound")
            return
        }
    }

    @Test("space that is wanting at a sync stops the log: after a failed sync nothing is known")
    func atSync() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.reserve.write()
        volume.plan(.fail(.noSpace), at: .next(.sync))
        #expect(code { try log.append(noise(2000), count: 1, at: Sample.time()) } == .volumeFailed)
        #expect(code { try log.append(1) } == .stopped)
    }

    /// A line that does not compress well.
    private func noise(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 5)
        return (1..<count).map { _ in UInt8.random(in: 33...122, using: &random) } + [10]
    }
}
