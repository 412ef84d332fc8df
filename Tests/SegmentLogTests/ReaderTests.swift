import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Reader")
struct ReaderTests {
    /// A log of several segments with batches of different counts, and the batches.
    private func filled(_ bounds: LogBounds = .small(), counts: [Int] = [1, 20, 3, 7, 20, 1, 1, 25, 9, 9, 9, 9, 2]) throws -> (
        volume: MemoryVolume, log: SegmentLog, batches: [LogBatch]
    ) {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume, bounds: bounds)
        for count in counts { try log.append(count) }
        return (volume, log, try LogReader(Sample.directory, volume: volume).batches(upTo: log.head))
    }

    @Test("every sequence number is found in its batch, in any order")
    func batchHolding() throws {
        let (volume, log, batches) = try filled()
        let reader = LogReader(Sample.directory, volume: volume)
        let wanted = (1...Int(log.head.lastSequence.rawValue)).map { SequenceNumber(UInt64($0)) }
        for sequence in wanted.shuffled() {
            let batch = try reader.batch(holding: sequence, upTo: log.head)
            #expect(batch.firstSequence <= sequence && sequence <= batch.lastSequence)
            let same = try #require(batches.first { $0.firstSequence == batch.firstSequence })
            #expect(batch.records == same.records && batch.chain == same.chain && batch.endOffset == same.endOffset)
        }
        #expect(Set(batches.map(\.segment)).count > 2)
    }

    @Test("the index has marks in a long segment, and finds everything by them")
    func longSegment() throws {
        let (volume, log, batches) = try filled(.standard, counts: Array(repeating: 30, count: 600))
        #expect(log.head.offset > 4 * LogBounds.indexStrideByteCount)
        let reader = LogReader(Sample.directory, volume: volume)
        for batch in batches.shuffled() {
            #expect(try reader.batch(holding: batch.lastSequence, upTo: log.head).offset == batch.offset)
        }
    }

    @Test("zero and numbers beyond the head are not found")
    func notFound() throws {
        let (volume, log, _) = try filled()
        let reader = LogReader(Sample.directory, volume: volume)
        #expect(code { _ = try reader.batch(holding: .zero, upTo: log.head) } == .notFound)
        #expect(code { _ = try reader.batch(holding: log.head.lastSequence.next, upTo: log.head) } == .notFound)
        #expect(code { _ = try LogReader("/nowhere", volume: volume).head() } == .notFound)
    }

    @Test("a cursor begins at the batch that holds a number")
    func cursorFrom() throws {
        let (volume, log, batches) = try filled()
        let reader = LogReader(Sample.directory, volume: volume)
        for (index, batch) in batches.enumerated() {
            let found = try reader.batches(from: batch.lastSequence, upTo: log.head)
            #expect(found.map(\.firstSequence) == batches[index...].map(\.firstSequence))
        }
        #expect(try reader.batches(from: .zero, upTo: log.head).count == batches.count)
        #expect(try reader.batches(from: log.head.lastSequence.next, upTo: log.head).isEmpty)
    }

    @Test("a cursor follows the writer over rolls, and never passes the head it is given")
    func follow() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        let reader = LogReader(Sample.directory, volume: volume)
        let cursor = reader.cursor(from: .first)
        var earlier = log.head
        for round in 0..<60 {
            #expect(try cursor.next(upTo: earlier) == nil)
            try log.append(1 + round % 9)
            #expect(try cursor.next(upTo: earlier) == nil)
            let batch = try #require(try cursor.next(upTo: log.head))
            #expect(batch.chain == log.head.chain)
            #expect(batch.endOffset == log.head.offset && batch.segment == log.head.segment)
            #expect(try reader.batch(holding: batch.firstSequence, upTo: log.head).chain == batch.chain)
            earlier = log.head
        }
        #expect(log.head.segment > SequenceNumber(100))
    }

    @Test("the head by reading is the writer's, over zeros, rolls and an unfinished batch")
    func head() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        let reader = LogReader(Sample.directory, volume: volume)
        for _ in 0..<20 {
            #expect(try reader.head() == log.head)
            try log.append(6)
        }
        let path = "/data/log/" + LogDirectory.segmentName(log.head.segment)
        var bytes = try #require(volume.contents(path))
        bytes[Int(log.head.offset)...].prefix(4).indices.forEach { bytes[$0] = 0x51 }
        volume.put(path, bytes)
        #expect(try reader.head() == log.head)
    }

    @Test("a cursor gives nothing beyond damage, and says where it is")
    func damage() throws {
        let (volume, log, batches) = try filled()
        let victim = batches[3]
        let path = "/data/log/" + LogDirectory.segmentName(victim.segment)
        var bytes = try #require(volume.contents(path))
        bytes[Int(victim.offset) + 120] ^= 4
        volume.put(path, bytes)
        let reader = LogReader(Sample.directory, volume: volume)
        let cursor = reader.cursor(from: .first)
        for batch in batches[..<3] { #expect(try cursor.next(upTo: log.head)?.chain == batch.chain) }
        let error = #expect(throws: LogError.self) { try cursor.next(upTo: log.head) }
        #expect(error?.code == .badBatch)
        #expect(error?.sentence.contains("offset \(victim.offset), sequence \(victim.firstSequence)") == true)
        #expect(code { _ = try reader.batch(holding: victim.firstSequence, upTo: log.head) } == .badBatch)
        #expect(try reader.batch(holding: batches[4].firstSequence, upTo: log.head).chain == batches[4].chain)
    }

    @Test("a head of another ledger is not read")
    func foreign() throws {
        let (volume, log, _) = try filled()
        let head = LogHead(
            ledger: Sample.otherLedger, lastSequence: log.head.lastSequence, chain: log.head.chain, segment: log.head.segment,
            offset: log.head.offset)
        #expect(
            code { _ = try LogReader(Sample.directory, volume: volume).cursor(from: .first).next(upTo: head) } == .foreignSegment)
    }
}
