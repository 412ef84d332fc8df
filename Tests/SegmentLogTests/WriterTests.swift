import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Writer")
struct WriterTests {
    @Test("a new log has a header, a lock and no events", arguments: Medium.allCases)
    func new(medium: Medium) throws {
        try medium.withPlace { place in
            let (log, recovery) = try SegmentLog.open(place.volume, place.directory)
            #expect(log.head.lastSequence == .zero)
            #expect(log.head.chain == .zero)
            #expect(log.head.ledger == Sample.ledger)
            #expect(log.head.offset == 88)
            #expect(recovery.cuts.isEmpty)
            #expect(try place.volume.list(place.directory).sorted() == ["daybook.lock", "log"])
            #expect(try place.volume.list(place.directory + "/log") == ["00000000000000000001.lz4"])
        }
    }

    @Test("what is appended is read, over several segments and openings", arguments: Medium.allCases)
    func roundTrip(medium: Medium) throws {
        try medium.withPlace { place in
            let counts = [1, 3, 20, 2, 1, 25, 25, 7, 1, 20, 9, 8, 9, 8]
            var next = 1
            for part in [counts[..<4], counts[4..<5], counts[5...]] {
                let (log, _) = try SegmentLog.open(place.volume, place.directory)
                for count in part {
                    try log.append(count)
                    next += count
                    #expect(log.head.lastSequence == SequenceNumber(UInt64(next - 1)))
                }
                try log.close()
            }
            let reader = LogReader(place.directory, volume: place.volume)
            let head = try reader.head()
            let batches = try reader.batches(upTo: head)
            #expect(batches.map(\.count) == counts)
            #expect(batches.flatMap(\.records) == Sample.lines(1..<next))
            #expect(batches.last?.chain == head.chain)
            #expect(batches.last?.committedAt == Sample.time(132))
            #expect(try place.volume.list(place.directory + "/log").count > 2)
        }
    }

    @Test("a roll seals, cuts and links")
    func roll() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        while log.head.segment == .first { try log.append(5) }
        let sealed = try #require(volume.contents(Sample.firstSegment))
        #expect(sealed.count <= 2400)
        #expect(volume.isSynced(Sample.firstSegment))
        let seal = try sealed.suffix(Seal.byteCount).withUnsafeBytes { try Seal(decoding: $0) }
        #expect(seal.lastSequence.next == log.head.segment)
        let next = try #require(volume.contents("/data/log/" + LogDirectory.segmentName(log.head.segment)))
        let header = try next.withUnsafeBytes { try SegmentHeader(decoding: $0) }
        #expect(header.previousChain == seal.chain)
        #expect(header.ledger == Sample.ledger)
        #expect(code { _ = try volume.openFile(Sample.firstSegment, forWriting: true) } == .volumeFailed)
    }

    @Test("a batch is one write and one sync, into zeros that are synced")
    func oneWriteOneSync() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        let before = volume.counts
        try log.append(1)
        #expect(volume.counts[.write] == before[.write]! + 1)
        #expect(volume.counts[.sync] == before[.sync]! + 1)
    }

    @Test("zeros are written ahead in chunks, and never beyond the segment")
    func zerosAhead() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        #expect(volume.syncedContents(Sample.firstSegment)?.count == 1024)
        while log.head.segment == .first {
            let bytes = try #require(volume.syncedContents(Sample.firstSegment))
            #expect([1024, 2048, 2400].contains(bytes.count))
            #expect(bytes[Int(log.head.offset)...].allSatisfy { $0 == 0 })
            try log.append(2)
        }
    }

    @Test("everything answered survives a power cut")
    func powerCut() throws {
        let volume = MemoryVolume()
        for round in 1...30 {
            let (log, recovery) = try SegmentLog.open(volume)
            #expect(log.head.lastSequence == SequenceNumber(UInt64((round - 1) * 4)))
            #expect(recovery.cuts.isEmpty)
            try log.append(4)
            volume.powerCut()
        }
    }

    @Test("a second writer is kept out, until the first closes", arguments: Medium.allCases)
    func lock(medium: Medium) throws {
        try medium.withPlace { place in
            let (log, _) = try SegmentLog.open(place.volume, place.directory)
            #expect(code { _ = try SegmentLog.open(place.volume, place.directory) } == .locked)
            try log.close()
            #expect(code { try log.append(1) } == .stopped)
            #expect(code { _ = try SegmentLog.open(place.volume, place.directory) } == nil)
        }
    }

    @Test("a batch that is too large is refused, and nothing of it is written")
    func tooLarge() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        #expect(code { try log.append(Array(repeating: 10, count: 2049), count: 2049, at: Sample.time()) } == .tooLarge)
        #expect(code { try log.append(1) } == .stopped)
        try log.close()
        #expect(try SegmentLog.open(volume).log.head.lastSequence == .zero)
    }

    @Test("the largest batch fits, stored as it is when it cannot be compressed")
    func largest() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        let noise = (0..<2047).map { _ in UInt8.random(in: 32...255) } + [10]
        try log.append(noise, count: 1, at: Sample.time())
        #expect(log.head.offset == 88 + 96 + 15 + 2048)
        #expect(try LogReader(Sample.directory, volume: volume).batches(upTo: log.head).first?.records == noise)
    }

    @Test("batches of 1 KiB and more are compressed")
    func compressed() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.append(20)
        #expect(Sample.lines(1...20).count > 1024)
        #expect(log.head.offset < 88 + 96 + 15 + 800)
    }

    @Test("lz4 reads sealed segments, and gives exactly the lines")
    func lz4() throws {
        try Medium.disk.withPlace { place in
            let (log, _) = try SegmentLog.open(place.volume, place.directory)
            while log.head.segment.rawValue < 200 { try log.append(log.head.lastSequence.rawValue % 3 == 0 ? 20 : 5) }
            let sealedEnd = Int(log.head.segment.rawValue) - 1
            try log.close()
            let names = try place.volume.list(place.directory + "/log").sorted().dropLast()
            #expect(names.count > 1)
            let (status, output) = try run("lz4", ["-dcm"] + names.map { place.directory + "/log/" + $0 })
            #expect(status == 0)
            #expect(output == Data(Sample.lines(1...sealedEnd)))
        }
    }

    @Test("lz4 reads a stored block of the largest size")
    func lz4Largest() throws {
        try Medium.disk.withPlace { place in
            let (log, _) = try SegmentLog.open(place.volume, place.directory, bounds: .standard)
            // Noise that repeats only beyond the 64 KiB in which LZ4 looks for repetitions.
            let part = (0..<70_000).map { _ in UInt8.random(in: 32...255) }
            let noise = [UInt8](Array(repeating: part, count: 60).joined().prefix(LogBounds.batchRawByteCountLimit - 1)) + [10]
            try log.append(noise, count: 1, at: Sample.time())
            let path = place.directory + "/log/00000000000000000001.lz4"
            let bytes = try Data(contentsOf: URL(filePath: path)).prefix(Int(log.head.offset))
            try bytes.write(to: URL(filePath: place.directory + "/copy.lz4"))
            let (status, output) = try run("lz4", ["-dc", place.directory + "/copy.lz4"])
            #expect(status == 0)
            #expect(output == Data(noise))
        }
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}

@Suite("A failed operation stops the log for good")
struct StopTests {
    @Test("a failed write or sync of a batch", arguments: [VolumeOperation.write, .sync])
    func batch(operation: VolumeOperation) throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.append(2)
        let head = log.head
        volume.plan(.fail(.inputOutput), at: .next(operation))
        #expect(code { try log.append(1) } == .volumeFailed)
        let syncs = volume.counts[.sync]
        #expect(code { try log.append(1) } == .stopped)
        #expect(volume.counts[.sync] == syncs)
        #expect(log.head == head)
        try log.close()
        let reopened = try SegmentLog.open(volume).log.head.lastSequence
        // A write that failed left nothing here; one that was not synced may have arrived.
        #expect(reopened == (operation == .write ? SequenceNumber(2) : SequenceNumber(3)))
    }

    @Test("any failure while rolling, and opening again goes on from it", arguments: [VolumeFault.fail(.inputOutput), .crash])
    func roll(fault: VolumeFault) throws {
        let operations = try rolling(MemoryVolume(), failing: nil)
        #expect(operations.count > 8)
        for index in operations {
            let failing = MemoryVolume()
            #expect(throws: LogError.self) { try rolling(failing, failing: (fault, index)) }
            for cut in [PowerCut.syncedOnly, .everything, .sectors(seed: 1), .sectors(seed: 2)] {
                let volume = failing.copy()
                volume.powerCut(cut)
                let (log, _) = try SegmentLog.open(volume)
                let first = log.head.lastSequence
                try log.append(1)
                guard case .sound(let summary) = LogVerifier.verify(Sample.directory, volume: volume) else {
                    Issue.record("a log that was opened must verify")
                    return
                }
                #expect(summary.eventCount == Int(first.rawValue) + 1)
                #expect(first.rawValue >= 20)
            }
        }
    }

    /// Appends until the log has rolled, with one failure after 20 events; returns the operations that came after them.
    @discardableResult
    private func rolling(_ volume: MemoryVolume, failing: (fault: VolumeFault, index: Int)?) throws -> Range<Int> {
        let (log, _) = try SegmentLog.open(volume)
        for _ in 1...5 { try log.append(4) }
        #expect(log.head.segment == .first)
        let before = volume.operationCount
        if let failing { volume.plan(failing.fault, at: .operation(failing.index)) }
        while log.head.segment == .first { try log.append(4) }
        return before..<volume.operationCount
    }
}
