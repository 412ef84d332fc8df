import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Verifier")
struct VerifierTests {
    private func filled() throws -> (volume: MemoryVolume, head: LogHead, batches: [LogBatch]) {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        for count in [1, 20, 3, 7, 20, 1, 1, 25, 9, 9, 9, 9, 2] { try log.append(count) }
        return (volume, log.head, try LogReader(Sample.directory, volume: volume).batches(upTo: log.head))
    }

    private func path(_ segment: SequenceNumber) -> String { "/data/log/" + LogDirectory.segmentName(segment) }

    private func fault(_ volume: MemoryVolume) -> LogError? {
        guard case .fault(let error) = LogVerifier.verify(Sample.directory, volume: volume) else { return nil }
        return error
    }

    @Test("a sound log is summed up", arguments: Medium.allCases)
    func sound(medium: Medium) throws {
        try medium.withPlace { place in
            let (log, _) = try SegmentLog.open(place.volume, place.directory)
            for count in [1, 20, 3, 7, 20, 1, 1, 25] { try log.append(count) }
            var reports: [VerifyProgress] = []
            let verification = LogVerifier.verify(place.directory, volume: place.volume) { reports.append($0) }
            guard case .sound(let summary) = verification else {
                Issue.record("\(verification)")
                return
            }
            #expect(summary.head == log.head)
            #expect(summary.eventCount == 78)
            #expect(summary.batchCount == 8)
            #expect(summary.rawByteCount == Sample.lines(1...78).count)
            #expect(summary.segmentCount == (try place.volume.list(place.directory + "/log").count))
            #expect(reports.last?.byteCount == reports.last?.byteCountTotal)
            #expect(reports.last?.eventCount == 78)
        }
    }

    @Test("every flipped bit of a log is found, and nothing is changed by looking")
    func everyBit() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume, bounds: .small(segment: 700, chunk: 64, batch: 400))
        while log.head.segment == .first { try log.append(3) }
        let paths = [Sample.firstSegment, path(log.head.segment)]
        #expect(fault(volume) == nil)
        for path in paths {
            let sound = try #require(volume.contents(path))
            for bit in 0..<sound.count * 8 {
                var bytes = sound
                bytes[bit / 8] ^= 1 << (bit % 8)
                volume.put(path, bytes)
                #expect(fault(volume) != nil, "\(path), bit \(bit)")
                #expect(volume.contents(path) == bytes)
            }
            volume.put(path, sound)
        }
    }

    @Test("the first fault is named with its file, offset and sequence")
    func firstFault() throws {
        let (volume, _, batches) = try filled()
        for victim in [batches[9], batches[4]] {
            var bytes = try #require(volume.contents(path(victim.segment)))
            bytes[Int(victim.endOffset) - 20] ^= 1
            volume.put(path(victim.segment), bytes)
            let found = try #require(fault(volume))
            let place =
                "log/\(LogDirectory.segmentName(victim.segment)), offset \(victim.offset), sequence \(victim.firstSequence): "
            #expect(found.code == .badBatch)
            #expect(found.sentence.hasPrefix(place))
        }
    }

    @Test("a missing, foreign or misnamed segment is found")
    func segments() throws {
        let (volume, head, batches) = try filled()
        let firsts = Set(batches.map(\.segment)).sorted()
        #expect(firsts.count >= 3)

        let missing = volume.copy()
        try missing.remove(path(firsts[1]))
        #expect(fault(missing)?.code == .missingSegment)

        let beheaded = volume.copy()
        try beheaded.remove(path(firsts[0]))
        #expect(fault(beheaded)?.code == .missingSegment)

        let misnamed = volume.copy()
        try misnamed.rename(path(head.segment), to: path(head.segment.next))
        #expect(fault(misnamed)?.code == .missingSegment)

        let swapped = volume.copy()
        swapped.put(path(firsts[1]), try #require(volume.contents(path(firsts[0]))))
        #expect(fault(swapped)?.code == .foreignSegment)

        let other = MemoryVolume()
        let (log, _) = try SegmentLog.open(
            Sample.directory, volume: other, bounds: .small(), watermarks: [], creatingWith: { Sample.otherLedger },
            now: Sample.time())
        for batch in batches { try log.append(batch.records, count: batch.count, at: batch.committedAt) }
        let foreign = volume.copy()
        foreign.put(path(firsts[1]), try #require(other.contents(path(firsts[1]))))
        #expect(fault(foreign)?.code == .foreignSegment)
    }

    @Test("a segment of the same ledger with another history breaks the chain")
    func otherHistory() throws {
        let (volume, _, batches) = try filled()
        let second = try #require(batches.first { $0.segment != .first }).segment
        let other = MemoryVolume()
        let (log, _) = try SegmentLog.open(other)
        for batch in batches { try log.append(batch.records, count: batch.count, at: Sample.time(9)) }
        let mixed = volume.copy()
        mixed.put(path(second), try #require(other.contents(path(second))))
        #expect(fault(other) == nil)
        #expect(fault(mixed)?.code == .brokenChain)
    }

    @Test("a segment without its seal is found when another follows")
    func seal() throws {
        let (volume, _, _) = try filled()
        let bytes = try #require(volume.contents(Sample.firstSegment))
        let unsealed = volume.copy()
        unsealed.put(Sample.firstSegment, bytes.dropLast(Seal.byteCount))
        #expect(fault(unsealed)?.code == .badSeal)
        let uncut = volume.copy()
        uncut.put(Sample.firstSegment, bytes + [0])
        #expect(fault(uncut)?.code == .badSeal)
    }

    @Test("an event count that is not the number of lines is found, and so is a zero byte")
    func lines() throws {
        for (records, count) in [(Sample.lines(1...3), 2), (Sample.lines(1...3), 4)] {
            let volume = MemoryVolume()
            let (log, _) = try SegmentLog.open(volume)
            try log.append(records, count: count, at: Sample.time())
            #expect(fault(volume)?.code == .badBatch)
        }
    }

    @Test("verifying beside a writer finds no fault")
    func beside() async throws {
        let place = try Place.disk()
        defer { place.remove() }
        let (log, _) = try SegmentLog.open(place.volume, place.directory)
        try log.append(1)
        let verified = Task.detached {
            (0..<15).map { _ in LogVerifier.verify(place.directory, volume: place.volume) }
        }
        for _ in 0..<100 { try log.append(12) }
        for verification in await verified.value {
            guard case .sound = verification else {
                Issue.record("\(verification)")
                return
            }
        }
    }
}
