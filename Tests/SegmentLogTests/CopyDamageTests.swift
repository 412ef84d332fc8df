import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

/// Whole files in the wrong place, of the wrong time or of somebody else, and any part of any file cut off: opening with the
/// watermark of the end names it, and so does verifying wherever it can.
@Suite("Damage to a log of several segments")
struct CopyDamageTests {
    /// A log of at least four segments, its segments by number, and what had been seen of it at its end and half way.
    private struct Scene {
        let volume = MemoryVolume()
        let halfway: MemoryVolume
        let end: Watermark
        let firsts: [SequenceNumber]

        static let bounds = LogBounds.small(segment: 700, chunk: 64, batch: 400)

        init(_ ledger: LedgerID = Sample.ledger, at start: Int64 = 0, segments: Int = 4) throws {
            var halfway = volume
            let (log, _) = try SegmentLog.open(
                Sample.directory, volume: volume, bounds: Self.bounds, watermarks: [], creatingWith: { ledger },
                now: Sample.time(start))
            var firsts = [log.head.segment]
            while firsts.count < segments {
                let first = Int(log.head.lastSequence.rawValue) + 1
                try log.append(Sample.lines(first...first + 1), count: 2, at: Sample.time(start + Int64(first)))
                if log.head.segment != firsts.last { firsts.append(log.head.segment) }
                if firsts.count == 3, halfway === volume { halfway = volume.copy() }
            }
            (self.halfway, end, self.firsts) = (halfway, log.head.watermark, firsts)
        }

        func path(_ index: Int) -> String { "/data/log/" + LogDirectory.segmentName(firsts[index]) }
        func bytes(_ index: Int) throws -> [UInt8] { try #require(volume.contents(path(index))) }

        /// What opening says to a changed copy, with the watermark of the end.
        func opened(_ change: (MemoryVolume) throws -> Void) throws -> LogError.Code? {
            let copy = volume.copy()
            try change(copy)
            return code { _ = try SegmentLog.open(copy, bounds: Self.bounds, watermarks: [end]) }
        }

        func verified(_ change: (MemoryVolume) throws -> Void) throws -> LogError.Code? {
            let copy = volume.copy()
            try change(copy)
            guard case .fault(let error) = LogVerifier.verify(Sample.directory, volume: copy) else { return nil }
            return error.code
        }
    }

    /// A way to damage a log, and what opening and verifying say to it.
    private struct Row {
        let what: String
        let opening: LogError.Code?
        let verifying: LogError.Code?
        let change: (MemoryVolume) throws -> Void

        init(
            _ what: String, _ opening: LogError.Code?, _ verifying: LogError.Code?,
            _ change: @escaping (MemoryVolume) throws -> Void
        ) {
            (self.what, self.opening, self.verifying, self.change) = (what, opening, verifying, change)
        }
    }

    @Test("swapped, missing, duplicated, foreign and older segments")
    func segments() throws {
        let scene = try Scene()
        let (foreign, other) = (try Scene(Sample.otherLedger), try Scene(at: 1000))
        let sealed = try (0..<3).map(scene.bytes)
        let last = try scene.bytes(3)
        let emptied = Array(last[..<SegmentHeader.byteCount])
        let rows: [Row] = [
            Row("nothing", nil, nil) { _ in },
            Row("two segments swapped", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(1), sealed[2])
                $0.put(scene.path(2), sealed[1])
            },
            Row("the first segment swapped with the last", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(0), last)
                $0.put(scene.path(3), sealed[0])
            },
            Row("the first segment missing", .missingSegment, .missingSegment) { try $0.remove(scene.path(0)) },
            Row("one in the middle missing", .missingSegment, .missingSegment) { try $0.remove(scene.path(1)) },
            Row("the last sealed one missing", .missingSegment, .missingSegment) { try $0.remove(scene.path(2)) },
            Row("the last one missing", .lostEvents, nil) { try $0.remove(scene.path(3)) },
            Row("the last two missing", .lostEvents, nil) { for index in 2...3 { try $0.remove(scene.path(index)) } },
            Row("all missing", .lostEvents, .missingSegment) { for index in 0...3 { try $0.remove(scene.path(index)) } },
            Row("a copy of a segment under a later name", .foreignSegment, .badSeal) {
                $0.put("/data/log/" + LogDirectory.segmentName(SequenceNumber(999)), sealed[1])
            },
            Row("a copy of a segment in place of the next", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(2), sealed[1])
            },
            Row("a copy of a sealed segment in place of the last", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(3), sealed[2])
            },
            Row("the first segment of another ledger", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(0), try foreign.bytes(0))
            },
            Row("one of another ledger in the middle", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(1), try foreign.bytes(1))
            },
            Row("the last one of another ledger", .foreignSegment, .foreignSegment) {
                $0.put(scene.path(3), try foreign.bytes(3))
            },
            Row("all of another ledger", .otherHistory, nil) {
                for index in 0...3 { $0.put(scene.path(index), try foreign.bytes(index)) }
            },
            Row("the first segment of another history", .brokenChain, .brokenChain) {
                $0.put(scene.path(0), try other.bytes(0))
            },
            Row("one of another history in the middle", .brokenChain, .brokenChain) {
                $0.put(scene.path(1), try other.bytes(1))
            },
            Row("the last one of another history", .brokenChain, .brokenChain) {
                $0.put(scene.path(3), try other.bytes(3))
            },
            Row("all of another history", .otherHistory, nil) {
                for index in 0...3 { $0.put(scene.path(index), try other.bytes(index)) }
            },
            Row("the last segment without its batches", .lostEvents, nil) { $0.put(scene.path(3), emptied) },
            Row("the last segment empty", .badHeader, .badHeader) { $0.put(scene.path(3), []) },
            Row("a sealed segment empty", .badHeader, .badHeader) { $0.put(scene.path(1), []) },
            Row("a sealed segment twice in its file", .badSeal, .badSeal) { $0.put(scene.path(1), sealed[1] + sealed[1]) },
            Row("zeros behind a seal", .badSeal, .badSeal) { $0.put(scene.path(1), sealed[1] + [0, 0]) },
            Row("a seal behind a seal", .badSeal, .badSeal) {
                $0.put(scene.path(1), sealed[1] + sealed[1].suffix(Seal.byteCount))
            },
        ]
        for row in rows {
            let (opening, verifying) = (try scene.opened(row.change), try scene.verified(row.change))
            #expect(opening == row.opening, "\(row.what)")
            #expect(verifying == row.verifying, "\(row.what)")
        }
    }

    @Test("a copy of a segment under a name between two others")
    func between() throws {
        let scene = try Scene()
        let copy = try scene.bytes(1)
        let change = { (volume: MemoryVolume) in
            volume.put("/data/log/" + LogDirectory.segmentName(scene.firsts[1].next), copy)
        }
        #expect(try scene.opened(change) == .foreignSegment)
        let verified = try scene.verified(change)
        #expect(verified == .foreignSegment)
    }

    @Test("an older copy of the log, or of its last segments, with the newer watermark kept")
    func older() throws {
        let scene = try Scene()
        let older = scene.halfway
        #expect(code { _ = try SegmentLog.open(older.copy(), bounds: Scene.bounds, watermarks: [scene.end]) } == .lostEvents)
        #expect(code { _ = try SegmentLog.open(older.copy(), bounds: Scene.bounds) } == nil)
        // The older, open file in place of the one that was sealed since, with and without what followed it.
        let open = try #require(older.contents(scene.path(2)))
        #expect(try open != scene.bytes(2))
        #expect(try scene.opened { $0.put(scene.path(2), open) } == .badSeal)
        #expect(try scene.verified { $0.put(scene.path(2), open) } == .badSeal)
        #expect(
            try scene.opened {
                $0.put(scene.path(2), open)
                try $0.remove(scene.path(3))
            } == .lostEvents)
    }

    @Test("every truncation length of every segment: named by verifying or by opening, unless it cut off zeros only")
    func truncations() throws {
        let scene = try Scene()
        for index in 0...3 {
            let bytes = try scene.bytes(index)
            let content = try #require(bytes.lastIndex { $0 != 0 }) + 1
            for byteCount in 0..<bytes.count {
                let cut = { (volume: MemoryVolume) in volume.put(scene.path(index), Array(bytes[..<byteCount])) }
                let opening = try scene.opened(cut)
                // The end mark of the last frame is zeros too: without it the frame is shorter than its header says.
                let isWhole = index == 3 && byteCount >= content + Frame.endMarkByteCount
                #expect((opening == nil) == isWhole, "segment \(index), \(byteCount) bytes: \(opening?.rawValue ?? "opened")")
                if index < 3 { #expect(try scene.verified(cut) != nil, "segment \(index), \(byteCount) bytes") }
            }
        }
    }

    @Test("a flipped bit in every byte of every segment: named by verifying, and by opening wherever it looks")
    func flips() throws {
        let scene = try Scene(segments: 3)
        for index in 0...2 {
            let bytes = try scene.bytes(index)
            let content = try #require(bytes.lastIndex { $0 != 0 }) + 1
            let end = index == 2 ? content + Frame.endMarkByteCount : content
            for offset in bytes.indices {
                let flip = { (volume: MemoryVolume) in volume.flipBit(scene.path(index), bit: offset * 8 + offset % 8) }
                #expect(try scene.verified(flip) != nil, "segment \(index), byte \(offset)")
                let looks = index == 2 || offset < SegmentHeader.byteCount || offset >= content - Seal.byteCount
                let opening = try scene.opened(flip)
                if index == 2 && offset >= end {
                    // Bytes behind the last batch: cut, which leaves a copy in torn/, or refused.
                    #expect(opening == nil || opening == .damagedTail, "segment \(index), byte \(offset)")
                } else {
                    #expect((opening != nil) == looks, "segment \(index), byte \(offset)")
                }
            }
        }
    }
}
