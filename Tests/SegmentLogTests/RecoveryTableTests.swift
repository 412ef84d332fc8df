import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

/// The recovery table of `docs/log-format.md`, row by row.
@Suite("Recovery table")
struct RecoveryTableTests {
    /// A log of one segment with three batches: sequence numbers 1 to 2, 3 to 22 and 23 to 30, the last in two sectors.
    private struct Scene {
        let volume = MemoryVolume()
        let batches: [LogBatch]
        let head: LogHead

        init() throws {
            let (log, _) = try SegmentLog.open(volume)
            for count in [2, 20, 8] { try log.append(count) }
            head = log.head
            batches = try LogReader(Sample.directory, volume: volume).batches(upTo: head)
        }

        func mark(_ index: Int) -> Watermark {
            Watermark(ledger: head.ledger, sequence: batches[index].lastSequence, chain: batches[index].chain)
        }

        func edit(_ path: String = Sample.firstSegment, _ change: (inout [UInt8]) -> Void) throws {
            var bytes = try #require(volume.contents(path))
            change(&bytes)
            volume.put(path, bytes)
        }

        /// Zeros the part of a batch that lies in its last or only sector.
        func tear(_ batch: LogBatch) throws {
            try edit { bytes in
                let start = Int(sectorParts(of: batch.offset..<batch.endOffset).last!.lowerBound)
                for index in start..<Int(batch.endOffset) { bytes[index] = 0 }
            }
        }

        func rot(_ batch: LogBatch) throws { try edit { $0[Int(batch.offset) + 130] ^= 1 } }

        func open(_ watermarks: [Watermark] = [], operatorCuts: Bool = false) throws -> (log: SegmentLog, recovery: Recovery) {
            try SegmentLog.open(volume, watermarks: watermarks, operatorCuts: operatorCuts)
        }

        func refusal(_ watermarks: [Watermark] = [], operatorCuts: Bool = false) throws -> LogError.Code? {
            let before = volume.contents(Sample.firstSegment)
            let code = code { _ = try open(watermarks, operatorCuts: operatorCuts) }
            #expect(volume.contents(Sample.firstSegment) == before)
            #expect(try !volume.exists("/data/torn"))
            return code
        }
    }

    @Test("the verdict refuses whatever a watermark contradicts, and cuts only what nobody can have seen")
    func laws() {
        for end in TailFacts.End.allCases {
            for witness in TailFacts.Witness.allCases {
                for bits in 0..<8 {
                    let (good, unfinished, operatorCuts) = (bits & 1 == 1, bits & 2 == 2, bits & 4 == 4)
                    let verdict = TailFacts(
                        end: end, witness: witness, goodFollows: good, unfinished: unfinished, operatorCuts: operatorCuts
                    ).verdict
                    if case .refuse = verdict {
                        #expect(witness != .agrees || end == .bad)
                    } else {
                        #expect(witness == .agrees)
                    }
                    #expect((verdict == .cut) == (end == .bad && witness == .agrees && !good && (unfinished || operatorCuts)))
                }
            }
        }
    }

    @Test("any but the last segment: a bad seal, a missing or foreign segment, a broken chain -> refuse")
    func sealed() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        while log.head.segment.rawValue < 60 { try log.append(6) }
        try log.close()
        let firsts = try LogDirectory(path: Sample.directory, volume: volume).segments()
        #expect(firsts.count >= 3)
        func path(_ index: Int) -> String { "/data/log/" + LogDirectory.segmentName(firsts[index]) }
        func refusal(_ change: (MemoryVolume) throws -> Void) throws -> LogError.Code? {
            let copy = volume.copy()
            try change(copy)
            return code { _ = try SegmentLog.open(copy) }
        }
        #expect(try refusal { _ in } == nil)
        #expect(try refusal { $0.put(path(0), $0.contents(path(0))!.dropLast()) } == .badSeal)
        #expect(try refusal { $0.put(path(0), $0.contents(path(0))! + [0]) } == .badSeal)
        #expect(try refusal { try $0.remove(path(1)) } == .missingSegment)
        #expect(try refusal { try $0.remove(path(0)) } == .missingSegment)
        #expect(try refusal { $0.put(path(1), $0.contents(path(0))!) } == .foreignSegment)
        #expect(try refusal { $0.put(path(1), [UInt8](repeating: 0, count: 1024)) } == .badHeader)

        let other = MemoryVolume()
        let (otherLog, _) = try SegmentLog.open(other)
        while otherLog.head.segment.rawValue < 60 {
            try otherLog.append(
                Sample.lines(Int(otherLog.head.lastSequence.rawValue) + 1...Int(otherLog.head.lastSequence.rawValue) + 6),
                count: 6, at: Sample.time())
        }
        #expect(try refusal { $0.put(path(1), other.contents(path(1))!) } == .brokenChain)
    }

    @Test("good to the end, zeros after, no watermark beyond -> clean")
    func clean() throws {
        let scene = try Scene()
        let (log, recovery) = try scene.open([
            scene.mark(0), scene.mark(2), Watermark(ledger: Sample.ledger, sequence: .zero, chain: .zero),
        ])
        #expect(log.head == scene.head)
        #expect(recovery.cuts.isEmpty)
        try log.append(1)
        #expect(log.head.lastSequence == SequenceNumber(31))
    }

    @Test("good to the end, a watermark beyond -> refuse; another chain or ledger -> refuse")
    func watermarks() throws {
        let scene = try Scene()
        let last = scene.mark(2)
        #expect(
            try scene.refusal([Watermark(ledger: last.ledger, sequence: last.sequence.next, chain: last.chain)]) == .lostEvents)
        #expect(
            try scene.refusal([Watermark(ledger: last.ledger, sequence: last.sequence, chain: scene.batches[0].chain)])
                == .otherHistory)
        #expect(try scene.refusal([Watermark(ledger: Sample.otherLedger, sequence: .zero, chain: .zero)]) == .otherHistory)
        #expect(try scene.refusal([last, Watermark(ledger: last.ledger, sequence: .first, chain: last.chain)]) == .otherHistory)
    }

    @Test("a watermark in a sealed segment is held against it")
    func watermarkInSealed() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.append(5)
        let mark = log.head.watermark
        while log.head.segment == .first { try log.append(5) }
        let rolled = log.head.watermark
        try log.close()
        #expect(code { _ = try SegmentLog.open(volume, watermarks: [mark, rolled]) } == nil)
        let wrong = Watermark(ledger: mark.ledger, sequence: mark.sequence, chain: rolled.chain)
        #expect(code { _ = try SegmentLog.open(volume, watermarks: [wrong]) } == .otherHistory)
    }

    @Test("bad batch, and a good later one -> refuse, whatever the operator says")
    func goodFollows() throws {
        let scene = try Scene()
        try scene.rot(scene.batches[1])
        #expect(try scene.refusal() == .damagedBeforeGood)
        #expect(try scene.refusal(operatorCuts: true) == .damagedBeforeGood)
        try scene.tear(scene.batches[1])
        #expect(try scene.refusal() == .damagedBeforeGood)
    }

    @Test("bad batch, nothing good after, a watermark at its first sequence -> refuse, whatever the operator says")
    func belowWatermark() throws {
        for damage in [Scene.tear, Scene.rot] {
            let scene = try Scene()
            try damage(scene)(scene.batches[2])
            let first = Watermark(ledger: Sample.ledger, sequence: scene.batches[2].firstSequence, chain: scene.batches[2].chain)
            #expect(try scene.refusal([first]) == .damagedBelowWatermark)
            #expect(try scene.refusal([scene.mark(2)], operatorCuts: true) == .damagedBelowWatermark)
        }
    }

    @Test("bad batch, nothing good after, beyond every watermark, unfinished -> cut, and go on")
    func cut() throws {
        let scene = try Scene()
        let victim = scene.batches[2]
        try scene.tear(victim)
        let torn = try #require(scene.volume.contents(Sample.firstSegment))[Int(victim.offset)...]
        let (log, recovery) = try scene.open([scene.mark(1)])
        #expect(log.head.lastSequence == scene.batches[1].lastSequence)
        #expect(log.head.chain == scene.batches[1].chain)
        let cut = try #require(recovery.cuts.first)
        #expect(recovery.cuts.count == 1)
        #expect(cut.segment == .first && cut.offset == victim.offset && cut.firstSequence == victim.firstSequence)
        #expect(cut.tornFile == "00000000000000000001-\(victim.offset)-23-1.torn")
        let copy = try #require(scene.volume.syncedContents("/data/torn/" + cut.tornFile))
        #expect(copy.count == cut.byteCount && copy == Array(torn.prefix(cut.byteCount)) && copy.last != 0)
        #expect(torn.dropFirst(cut.byteCount).allSatisfy { $0 == 0 })

        try log.append(4)
        try log.close()
        scene.volume.powerCut()
        let (again, sameRecovery) = try scene.open()
        #expect(again.head == log.head)
        #expect(sameRecovery == recovery)
        guard case .sound(let summary) = LogVerifier.verify(Sample.directory, volume: scene.volume) else {
            Issue.record("a log that was cut must verify")
            return
        }
        #expect(summary.eventCount == 26)
    }

    @Test("a crash at any step of a cut leaves one copy, whole")
    func cutInterrupted() throws {
        let scene = try Scene()
        try scene.tear(scene.batches[2])
        let counting = scene.volume.copy()
        _ = try SegmentLog.open(counting)
        #expect(counting.operationCount > 10)
        for fault in [VolumeFault.fail(.inputOutput), .crash] {
            for index in 0..<counting.operationCount {
                let failing = scene.volume.copy()
                failing.plan(fault, at: .operation(index))
                #expect(code { _ = try SegmentLog.open(failing) } == .volumeFailed)
                for cut in [PowerCut.syncedOnly, .everything, .sectors(seed: 1), .sectors(seed: 2)] {
                    let volume = failing.copy()
                    volume.powerCut(cut)
                    let (log, recovery) = try SegmentLog.open(volume)
                    #expect(log.head.lastSequence == SequenceNumber(22))
                    #expect(recovery.cuts.map(\.offset) == [scene.batches[2].offset])
                    #expect(try volume.list("/data/torn").filter { $0.hasSuffix(".torn") }.count == 1)
                }
            }
        }
    }

    @Test("two cuts at one place leave two copies")
    func cutTwice() throws {
        let scene = try Scene()
        try scene.tear(scene.batches[2])
        let (log, _) = try scene.open()
        try log.append(9)
        try log.close()
        let batch = try LogReader(Sample.directory, volume: scene.volume).batch(holding: SequenceNumber(23), upTo: log.head)
        try scene.tear(batch)
        let (_, recovery) = try scene.open()
        #expect(recovery.cuts.map(\.tornFile.last) == ["n", "n"])
        #expect(recovery.cuts.map(\.offset) == [batch.offset, batch.offset])
        #expect(recovery.cuts[0].tornFile != recovery.cuts[1].tornFile)
    }

    @Test("the same, but not unfinished -> refuse; the operator may cut")
    func notUnfinished() throws {
        let scene = try Scene()
        try scene.rot(scene.batches[2])
        #expect(try scene.refusal([scene.mark(1)]) == .damagedTail)
        let (log, recovery) = try scene.open([scene.mark(1)], operatorCuts: true)
        #expect(log.head.lastSequence == SequenceNumber(22))
        #expect(recovery.cuts.count == 1)
    }

    @Test("every sector part that was not written makes a batch unfinished, the end mark alone does not")
    func everySectorPart() throws {
        let scene = try Scene()
        // A large batch that spans several sectors.
        let (log, _) = try SegmentLog.open(scene.volume, bounds: .small(segment: 4096))
        let noise = (0..<1300).map { _ in UInt8.random(in: 32...255) } + [10]
        try log.append(noise, count: 1, at: Sample.time())
        try log.close()
        let start = scene.head.offset
        let parts = sectorParts(of: start..<log.head.offset)
        try #require(parts.count >= 3)
        let whole = try #require(scene.volume.contents(Sample.firstSegment))
        for missing in 1..<(1 << parts.count) {
            let volume = scene.volume.copy()
            var bytes = whole
            for (index, part) in parts.enumerated() where missing >> index & 1 == 1 {
                for offset in part { bytes[Int(offset)] = 0 }
            }
            volume.put(Sample.firstSegment, bytes)
            let (reopened, recovery) = try SegmentLog.open(volume)
            #expect(reopened.head == scene.head)
            #expect(recovery.cuts.count == (missing == 1 << parts.count - 1 ? 0 : 1))
        }
    }

    @Test("last segment sealed -> create the next one, cut or not yet cut")
    func sealedLast() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        while log.head.segment == .first { try log.append(5) }
        let second = "/data/log/" + LogDirectory.segmentName(log.head.segment)
        let first = log.head.segment
        try log.close()
        try volume.remove(second)
        for zeros in [0, 100] {
            let copy = volume.copy()
            if zeros > 0 {
                copy.put(
                    Sample.firstSegment, try #require(copy.contents(Sample.firstSegment)) + [UInt8](repeating: 0, count: zeros))
            }
            let (reopened, recovery) = try SegmentLog.open(copy)
            #expect(reopened.head.segment == first && reopened.head.lastSequence.next == first)
            #expect(recovery.cuts.isEmpty)
            #expect(copy.syncedContents(Sample.firstSegment) == volume.contents(Sample.firstSegment))
            #expect(code { _ = try copy.openFile(Sample.firstSegment, forWriting: true) } == .volumeFailed)
            try reopened.append(1)
            #expect(LogVerifier.isSound(copy))
        }
        let behind = volume.copy()
        behind.put(Sample.firstSegment, try #require(behind.contents(Sample.firstSegment)) + [0, 1])
        #expect(code { _ = try SegmentLog.open(behind) } == .damagedTail)
    }

    @Test("seal unfinished, all batches good -> write the seal again")
    func unfinishedSeal() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.append(5)
        let parts = sectorParts(of: log.head.offset..<log.head.offset + UInt64(Seal.byteCount))
        try #require(parts.count == 2)
        let head = log.head
        try log.close()
        let scan = try TailScan(SegmentFile(.first, in: LogDirectory(path: Sample.directory, volume: volume)))
        let seal = try Seal(at: scan.position).encoded()
        for missing in [0, 1] {
            let copy = volume.copy()
            var bytes = try #require(copy.contents(Sample.firstSegment))
            bytes.replaceSubrange(Int(head.offset)..<Int(head.offset) + seal.count, with: seal)
            for offset in parts[missing] { bytes[Int(offset)] = 0 }
            copy.put(Sample.firstSegment, bytes)
            #expect(
                code {
                    _ = try SegmentLog.open(
                        copy, watermarks: [Watermark(ledger: head.ledger, sequence: head.lastSequence.next, chain: head.chain)])
                } == .lostEvents)
            let (reopened, recovery) = try SegmentLog.open(copy, watermarks: [head.watermark])
            #expect(recovery.cuts.isEmpty)
            #expect(reopened.head.segment == head.lastSequence.next)
            #expect(reopened.head.chain == head.chain)
            #expect(copy.syncedContents(Sample.firstSegment)?.suffix(seal.count).elementsEqual(seal) == true)
            #expect(LogVerifier.isSound(copy))
        }
    }

    @Test("header only, or a temporary file beside it -> continue")
    func headerOnly() throws {
        let volume = MemoryVolume()
        try SegmentLog.open(volume).log.close()
        volume.put("/data/log/00000000000000000001.lz4.new", [1, 2, 3])
        volume.put("/data/log/00000000000000000077.lz4.new", [])
        let (log, _) = try SegmentLog.open(volume)
        #expect(log.head.lastSequence == .zero && log.head.ledger == Sample.ledger)
        #expect(try volume.list("/data/log") == ["00000000000000000001.lz4"])
        try log.append(1)
    }

    @Test("no log although watermarks have seen one -> refuse")
    func lostLog() {
        let mark = Watermark(ledger: Sample.ledger, sequence: .first, chain: .zero)
        #expect(code { _ = try SegmentLog.open(MemoryVolume(), watermarks: [mark]) } == .lostEvents)
    }

    @Test("what is accepted is written and synced again")
    func syncedAgain() throws {
        let scene = try Scene()
        let volume = scene.volume.copy()
        let before = volume.contents(Sample.firstSegment)
        _ = try SegmentLog.open(volume)
        let changes = volume.counts.filter(\.key.isIndexed)
        #expect(changes == [.lock: 1, .makeDirectory: 1, .write: 1, .sync: 1, .syncDirectory: 2])
        #expect(volume.syncedContents(Sample.firstSegment) == before)
    }
}

extension LogVerifier {
    static func isSound(_ volume: MemoryVolume) -> Bool {
        if case .sound = verify(Sample.directory, volume: volume) { true } else { false }
    }
}
