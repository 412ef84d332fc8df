import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Scrub")
struct ScrubTests {
    /// A log of several segments, closed.
    private func log(_ volume: MemoryVolume) throws -> LogHead {
        let (log, _) = try SegmentLog.open(volume)
        while try volume.list("/data/log").count < 4 { try log.append(5) }
        try log.append(2)
        try log.close()
        return log.head
    }

    /// The steps of one round.
    private func round(_ scrub: LogScrub, _ head: LogHead) -> [LogScrub.Step] {
        var steps: [LogScrub.Step] = []
        while steps.last != .finishedRound { steps.append(scrub.step(upTo: head)) }
        return steps
    }

    private func found(_ steps: [LogScrub.Step]) -> [SequenceNumber: LogError.Code] {
        var found: [SequenceNumber: LogError.Code] = [:]
        for step in steps { if case .found(let error, let segment) = step { found[segment] = error.code } }
        return found
    }

    @Test("a round reads every byte of the sealed segments but headers and seals, and begins again")
    func sound() throws {
        let volume = MemoryVolume()
        let head = try log(volume)
        let scrub = LogScrub(Sample.directory, volume: volume)
        let names = try volume.list("/data/log").sorted().dropLast()
        let byteCount = names.reduce(0) {
            $0 + volume.contents("/data/log/\($1)")!.count - SegmentHeader.byteCount - Seal.byteCount
        }
        for _ in 1...2 {
            let steps = round(scrub, head)
            #expect(found(steps).isEmpty)
            #expect(steps.reduce(0) { if case .read(let count) = $1 { $0 + count } else { $0 } } == byteCount)
            #expect(scrub.segment == .first)
        }
    }

    @Test("the open segment is left alone, and a log that has no other has nothing to read")
    func openSegment() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(volume)
        try log.append(1)
        volume.flipBit(Sample.firstSegment, bit: 800)
        #expect(round(LogScrub(Sample.directory, volume: volume), log.head) == [.finishedRound])
    }

    @Test("every flipped bit of a sealed segment is found, and named by its segment")
    func everyBit() throws {
        let volume = MemoryVolume()
        let head = try log(volume)
        let names = try volume.list("/data/log").sorted()
        let second = SequenceNumber(UInt64(names[1].dropLast(4))!)
        let bitCount = volume.contents("/data/log/" + names[1])!.count * 8
        // One bit of each byte, another from byte to byte.
        for byte in 0..<bitCount / 8 {
            let rotten = volume.copy()
            rotten.flipBit("/data/log/" + names[1], bit: byte * 8 + byte % 8)
            let found = found(round(LogScrub(Sample.directory, volume: rotten), head))
            #expect(found.keys.contains(second), "byte \(byte)")
            // A header that does not check out is found by the segment before, too.
            #expect(Set(found.keys).isSubset(of: [second, .first]), "byte \(byte)")
        }
    }

    @Test("the rest of the log is read although a segment is rotten, missing, cut or lengthened")
    func goesOn() throws {
        let sound = MemoryVolume()
        let head = try log(sound)
        let names = try sound.list("/data/log").sorted()
        let path = "/data/log/" + names[1]
        let second = SequenceNumber(UInt64(names[1].dropLast(4))!)
        let bytes = try #require(sound.contents(path))
        let changes: [(LogError.Code, (MemoryVolume) throws -> Void)] = [
            (.badHeader, { $0.put(path, Array(bytes.prefix(40))) }),
            (.badSeal, { $0.put(path, Array(bytes.dropLast(76))) }),
            (.badSeal, { $0.put(path, bytes + [0]) }),
            (.badHeader, { $0.put(path, []) }),
            (.foreignSegment, { $0.put(path, try #require(sound.contents(Sample.firstSegment))) }),
        ]
        for (code, change) in changes {
            let volume = sound.copy()
            try change(volume)
            #expect(found(round(LogScrub(Sample.directory, volume: volume), head))[second] == code)
        }
        let volume = sound.copy()
        try volume.remove(path)
        #expect(found(round(LogScrub(Sample.directory, volume: volume), head)) == [.first: .missingSegment])
    }

    @Test("a medium that cannot read a segment is found out")
    func unreadable() throws {
        let volume = MemoryVolume()
        let head = try log(volume)
        volume.plan(.fail(.inputOutput), at: .next(.read))
        #expect(found(round(LogScrub(Sample.directory, volume: volume), head)) == [.first: .volumeFailed])
    }

    @Test("a segment that cannot be opened is no rot")
    func notOpened() throws {
        let volume = MemoryVolume()
        let head = try log(volume)
        volume.plan(.fail(.inputOutput), at: .next(.openFile))
        let steps = round(LogScrub(Sample.directory, volume: volume), head)
        #expect(found(steps).isEmpty)
        guard case .couldNotOpen(_, .first) = steps[0] else {
            Issue.record("\(steps[0])")
            return
        }
    }
}
