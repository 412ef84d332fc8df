import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

/// Every truncation length and every single flipped bit of small logs, each with every watermark: noticed as the recovery
/// table says, and never a shorter log that passes for whole below a watermark.
@Suite("Damage")
struct DamageTests {
    /// A log of one segment with batches of 1, 3 and 2 events, and its states after each of them.
    private struct Scene {
        let bytes: [UInt8]
        /// The heads after no, one, two and three batches.
        var heads: [LogHead]

        init(counts: [Int] = [1, 3, 2]) throws {
            let volume = MemoryVolume()
            let (log, _) = try SegmentLog.open(volume, bounds: Self.bounds)
            heads = [log.head]
            for count in counts {
                try log.append(count)
                heads.append(log.head)
            }
            bytes = try #require(volume.contents(Sample.firstSegment))
        }

        static let bounds = LogBounds.small(segment: 2400, chunk: 128, batch: 2048)

        /// The head after opening damaged bytes, or why they were refused. A refusal changes nothing; an opened log has the
        /// events that its head says, and is sound.
        func open(_ damaged: [UInt8], _ watermark: Watermark?) throws -> (head: LogHead?, cuts: Int, code: LogError.Code?) {
            let volume = MemoryVolume()
            volume.put(Sample.firstSegment, damaged)
            do throws(LogError) {
                let (log, recovery) = try SegmentLog.open(volume, bounds: Self.bounds, watermarks: watermark.map { [$0] } ?? [])
                guard case .sound(let summary) = LogVerifier.verify(Sample.directory, volume: volume), summary.head == log.head
                else {
                    Issue.record("an opened log must verify")
                    return (nil, 0, nil)
                }
                return (log.head, recovery.cuts.count, nil)
            } catch {
                #expect(volume.contents(Sample.firstSegment) == damaged)
                return (nil, 0, error.code)
            }
        }
    }

    @Test("every truncation length")
    func truncations() throws {
        let scene = try Scene()
        for byteCount in 0...scene.bytes.count {
            // How many batches are left whole, and whether the cut is between two.
            let whole = scene.heads.lastIndex { $0.offset <= UInt64(byteCount) }
            let isBetween = whole.map { $0 == 3 || scene.heads[$0].offset == UInt64(byteCount) } ?? false
            for seen in 0...3 {
                let found = try scene.open(Array(scene.bytes[..<byteCount]), scene.heads[seen].watermark)
                #expect(found.cuts == 0)
                switch (whole, isBetween) {
                case (nil, _): #expect(found.code == .badHeader)
                case (let whole?, true) where seen <= whole: #expect(found.head == scene.heads[whole])
                case (_?, true): #expect(found.code == .lostEvents)
                case (let whole?, false) where seen <= whole: #expect(found.code == .damagedTail)
                case (_?, false): #expect(found.code == .damagedBelowWatermark)
                }
            }
        }
    }

    @Test("every flipped bit of finished batches and of the room for the seal behind them: refused")
    func flips() throws {
        let scene = try Scene()
        let last = Int(scene.heads[2].offset)
        let end = Int(scene.heads[3].offset)
        for bit in 0..<scene.bytes.count * 8 {
            var damaged = scene.bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            for seen in 0...3 {
                let found = try scene.open(damaged, scene.heads[seen].watermark)
                switch bit / 8 {
                case 0..<SegmentHeader.byteCount:
                    #expect([.badHeader, .unknownVersion].contains(found.code), "bit \(bit)")
                case ..<last: #expect(found.code == .damagedBeforeGood, "bit \(bit)")
                case ..<end: #expect(found.code == (seen == 3 ? .damagedBelowWatermark : .damagedTail), "bit \(bit)")
                // Less than a sector of zeros is no proof of a write that never ended.
                default: #expect(found.code == .damagedTail, "bit \(bit)")
                }
            }
        }
    }

    @Test("every flipped bit of a batch that was never finished: cut or refused, and refused when it was seen")
    func flipsOfUnfinished() throws {
        let scene = try Scene(counts: [1, 2, 8])
        var torn = scene.bytes
        let parts = sectorParts(of: scene.heads[2].offset..<scene.heads[3].offset)
        #expect(parts.count >= 2)
        for offset in parts[parts.count - 1] { torn[Int(offset)] = 0 }
        #expect(try scene.open(torn, nil).head == scene.heads[2])
        var cutCount = 0
        for bit in Int(scene.heads[2].offset) * 8..<torn.count * 8 {
            var damaged = torn
            damaged[bit / 8] ^= 1 << (bit % 8)
            let unseen = try scene.open(damaged, scene.heads[2].watermark)
            #expect(unseen.head == scene.heads[2] || unseen.code == .damagedTail, "bit \(bit)")
            cutCount += unseen.cuts
            #expect(try scene.open(damaged, scene.heads[3].watermark).code == .damagedBelowWatermark, "bit \(bit)")
        }
        #expect(cutCount > 0)
    }

    @Test("every truncation length and flipped bit of a last segment that is sealed")
    func sealed() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume, bounds: .small(segment: 700, chunk: 64, batch: 400))
        while log.head.segment == .first { try log.append(2) }
        let last = log.head.segment
        let bytes = try #require(volume.contents(Sample.firstSegment))
        let seal = bytes.count - Seal.byteCount
        let reader = LogReader(Sample.directory, volume: volume)
        let chain = try reader.chain(holding: SequenceNumber(last.rawValue - 1), upTo: log.head)
        let mark = Watermark(ledger: Sample.ledger, sequence: SequenceNumber(last.rawValue - 1), chain: chain)
        let scene = try Scene()
        for bit in SegmentHeader.byteCount * 8..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            let expected: LogError.Code = bit / 8 < seal ? .damagedBeforeGood : .damagedTail
            #expect(try scene.open(damaged, mark).code == (bit / 8 < seal ? .damagedBeforeGood : expected), "bit \(bit)")
        }
        for byteCount in seal...bytes.count {
            let found = try scene.open(Array(bytes[..<byteCount]), mark)
            #expect(found.head?.lastSequence == mark.sequence && found.head?.chain == chain)
            #expect(found.head?.segment == (byteCount == seal ? .first : last))
        }
    }
}

/// Bytes that are well formed in themselves, in the wrong place or of another time.
@Suite("Well-formed damage")
struct WellFormedDamageTests {
    private func filled(_ counts: [Int]) throws -> (volume: MemoryVolume, head: LogHead, batches: [LogBatch], bytes: [UInt8]) {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        for count in counts { try log.append(count) }
        let batches = try LogReader(Sample.directory, volume: volume).batches(upTo: log.head)
        return (volume, log.head, batches, try #require(volume.contents(Sample.firstSegment)))
    }

    private func replace(_ bytes: inout [UInt8], at offset: UInt64, with part: [UInt8]) {
        bytes.replaceSubrange(Int(offset)..<Int(offset) + part.count, with: part)
    }

    private func opened(_ bytes: [UInt8], _ path: String = Sample.firstSegment, on volume: MemoryVolume = MemoryVolume())
        -> LogError.Code?
    {
        volume.put(path, bytes)
        return code { _ = try SegmentLog.open(volume) }
    }

    @Test("a batch at another offset of its segment does not check out")
    func otherOffset() throws {
        let (_, head, batches, bytes) = try filled([2, 2, 2])
        let second = Array(bytes[Int(batches[1].offset)..<Int(batches[1].endOffset)])
        var again = bytes
        replace(&again, at: head.offset, with: second)
        #expect(opened(again) == .damagedTail)
        var instead = bytes
        replace(&instead, at: batches[2].offset, with: second)
        #expect(opened(instead) == .damagedTail)
    }

    @Test("a batch of another segment does not check out at the same offset")
    func otherSegment() throws {
        let (volume, head, batches, _) = try filled(Array(repeating: 5, count: 12))
        let second = try #require(batches.first { $0.segment == head.segment })
        let first = try #require(batches.first { $0.offset == second.offset && $0.segment != second.segment })
        let path = "/data/log/" + LogDirectory.segmentName(head.segment)
        let source = try #require(volume.contents("/data/log/" + LogDirectory.segmentName(first.segment)))
        var bytes = [UInt8](repeating: 0, count: 1024)
        replace(&bytes, at: 0, with: Array(try #require(volume.contents(path))[..<SegmentHeader.byteCount]))
        replace(&bytes, at: first.offset, with: Array(source[Int(first.offset)..<Int(first.endOffset)]))
        #expect(opened(bytes, path, on: volume.copy()) == .damagedTail)
    }

    @Test("a batch of another history at its own place breaks the chain")
    func otherHistory() throws {
        let (_, _, batches, bytes) = try filled([2, 2])
        let other = MemoryVolume()
        let (log, _) = try SegmentLog.open(other)
        for batch in batches { try log.append(batch.records, count: batch.count, at: Sample.time(99)) }
        #expect(log.head.offset == batches[1].endOffset)
        var mixed = bytes
        replace(
            &mixed, at: batches[1].offset,
            with: Array(try #require(other.contents(Sample.firstSegment))[Int(batches[1].offset)...]))
        let volume = MemoryVolume()
        #expect(opened(mixed, on: volume) == .damagedTail)
        guard case .fault(let fault) = LogVerifier.verify(Sample.directory, volume: volume) else {
            Issue.record("another history must not verify")
            return
        }
        #expect(fault.code == .brokenChain)
    }

    @Test("an unknown version of a segment, a batch or a seal is refused, never skipped or cut")
    func unknownVersions() throws {
        let (_, head, batches, bytes) = try filled([2, 2])
        var segment = bytes
        segment[16] = 2
        correct(&segment, at: 0, checksumAt: 84)
        #expect(opened(segment) == .unknownVersion)

        for (field, value) in [(8, UInt8(2)), (10, 1)] {  // version, flags
            var batch = bytes
            batch[Int(batches[1].offset) + field] = value
            correct(&batch, at: batches[1].offset, checksumAt: 92)
            #expect(opened(batch) == .unknownVersion)
            var seal = bytes
            replace(&seal, at: head.offset, with: try sealBytes(bytes))
            seal[Int(head.offset) + field] = value
            correct(&seal, at: head.offset, checksumAt: 72)
            let volume = MemoryVolume()
            #expect(opened(seal, on: volume) == .unknownVersion)
            guard case .fault(let fault) = LogVerifier.verify(Sample.directory, volume: volume) else {
                Issue.record("an unknown version must not verify")
                return
            }
            #expect(fault.code == .unknownVersion)
        }
    }

    private func sealBytes(_ bytes: [UInt8]) throws -> [UInt8] {
        let volume = MemoryVolume()
        volume.put(Sample.firstSegment, bytes)
        return try Seal(at: TailScan(SegmentFile(.first, in: LogDirectory(path: Sample.directory, volume: volume))).position)
            .encoded()
    }

    @Test(
        "absurd lengths with a right checksum are bad bytes, and nothing is allocated by them",
        arguments: [
            (12, UInt32.max), (12, 0), (48, .max), (48, 0), (48, 4 << 20 + 1), (52, .max), (52, 0), (52, 15), (52, 4 << 20),
        ])
    func lengths(field: Int, value: UInt32) throws {
        let (_, _, batches, bytes) = try filled([2, 2])
        var damaged = bytes
        replace(&damaged, at: batches[1].offset + UInt64(field), with: withUnsafeBytes(of: value.littleEndian) { Array($0) })
        correct(&damaged, at: batches[1].offset, checksumAt: 92)
        let volume = MemoryVolume()
        volume.put(Sample.firstSegment, damaged)
        #expect(code { _ = try SegmentLog.open(volume) } == .damagedTail)
        guard case .fault = LogVerifier.verify(Sample.directory, volume: volume) else {
            Issue.record("an absurd length must not verify")
            return
        }
        #expect(volume.largestReadByteCount <= LogBounds.standard.batchByteCountMax)
    }

    @Test("a length beyond the end of the file is bad bytes")
    func beyondEnd() throws {
        let (_, _, batches, bytes) = try filled([2, 2])
        var damaged = bytes
        // Consistent lengths, the largest that the format allows.
        replace(&damaged, at: batches[1].offset + 48, with: [0, 0, 0x40, 0, 0x0f, 0, 0x40, 0])
        correct(&damaged, at: batches[1].offset, checksumAt: 92)
        let volume = MemoryVolume()
        volume.put(Sample.firstSegment, damaged)
        #expect(code { _ = try SegmentLog.open(volume) } == .damagedTail)
        #expect(volume.largestReadByteCount <= LogBounds.standard.batchByteCountMax)
    }

    /// Writes the checksum that a header's changed bytes have.
    private func correct(_ bytes: inout [UInt8], at offset: UInt64, checksumAt field: Int) {
        let checksum = bytes.withUnsafeBytes { $0.part(Int(offset), field).crc32c }
        replace(&bytes, at: offset + UInt64(field), with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
    }
}
