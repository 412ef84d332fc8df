import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

/// What a fault left behind: a volume, and what its writer remembers.
struct Wreck {
    var volume: MemoryVolume
    var scribe: Scribe
    var story: String

    /// The scenario with a fault somewhere.
    init(_ fault: VolumeFault, at place: FaultPlace, refusals: Set<LogError.Code> = []) {
        self.init("\(fault) at \(place)", refusals: refusals) { $0.plan(fault, at: place) }
    }

    init(_ story: String, refusals: Set<LogError.Code> = [], prepare: (MemoryVolume) -> Void) {
        (volume, scribe, self.story) = (MemoryVolume(), Scribe(), story)
        prepare(volume)
        do throws(ScribeError) {
            try FaultScenario.play(volume, &scribe)
        } catch {
            let isRight = error.code.map(refusals.union([.volumeFailed, .diskFull]).contains) ?? false
            if !isRight { Issue.record("\(story): \(error)") }
        }
        volume.unplan()
    }

    /// The same after the machine was switched off and on.
    func cut(_ cut: PowerCut) -> Wreck {
        var wreck = self
        wreck.volume = volume.copy()
        wreck.volume.powerCut(cut)
        wreck.story += ", \(cut)"
        return wreck
    }

    /// The same after the process was started again.
    func restarted() -> Wreck {
        var wreck = self
        wreck.volume = volume.copy()
        wreck.story += ", restarted"
        return wreck
    }

    /// Opens the log, which must have everything that was answered, goes on over a roll, loses power and opens it again.
    func survives(isWatched: Bool, refusals: Set<LogError.Code> = []) {
        var wreck = restarted()
        do throws(ScribeError) {
            try wreck.recover(isWatched: isWatched)
            FaultTally.shared.count(survived: true)
        } catch {
            let isRight = error.code.map(refusals.contains) ?? false
            FaultTally.shared.count(survived: isRight)
            if !isRight { Issue.record("\(story), \(isWatched ? "watched" : "unwatched"): \(error)") }
        }
    }

    /// The same, where the operator decides to cut what is refused.
    mutating func survivesWhenCut() {
        do throws(ScribeError) { try recover(isWatched: true, operatorCuts: true) } catch {
            Issue.record("\(story), cut by the operator: \(error)")
        }
    }

    private mutating func recover(isWatched: Bool, operatorCuts: Bool = false) throws(ScribeError) {
        let log = try scribe.open(volume, isWatched: isWatched, operatorCuts: operatorCuts).log
        try isDurable()
        try scribe.append(3, to: log)
        try isDurable()
        if isWatched { try? log.reserve.write() }
        for size in [-800, 5, -900, 1] { try scribe.append(size, to: log) }
        volume.powerCut()
        _ = try scribe.open(volume)
        try verify()
    }

    /// What was accepted or answered is there after a power cut that leaves nothing else.
    private func isDurable() throws(ScribeError) {
        var wreck = cut(.syncedOnly)
        _ = try wreck.scribe.open(wreck.volume)
    }

    private func verify() throws(ScribeError) {
        if case .fault(let error) = LogVerifier.verify(Sample.directory, volume: volume) { throw .unsound(error) }
    }

    /// Opened again, and after so many operations a crash.
    func wentOn(crashingAt index: Int) -> Wreck {
        var wreck = restarted()
        wreck.volume.plan(.crash, at: .operation(index))
        do throws(ScribeError) {
            let log = try wreck.scribe.open(wreck.volume, isWatched: false).log
            for size in [-850, 40, 1, -600] { try wreck.scribe.append(size, to: log) }
        } catch {
            if error.code != .volumeFailed { Issue.record("\(story): \(error)") }
        }
        wreck.story += ", went on, crash at \(index)"
        return wreck
    }

    /// What the medium did behind everybody's back is named by verifying or by opening, or has harmed nothing.
    func isNoticed() {
        var wreck = cut(.everything)
        do throws(ScribeError) {
            try wreck.verify()
            _ = try wreck.scribe.open(wreck.volume)
            FaultTally.shared.count(survived: true)
        } catch {
            let isNamed = if case .otherLines = error { false } else { error.code != .volumeFailed }
            FaultTally.shared.count(survived: isNamed)
            if !isNamed { Issue.record("\(story): \(error)") }
        }
    }

    /// The operations that recovering takes, as far as opening goes.
    func operationsOfOpening() -> Range<Int> {
        var wreck = restarted()
        _ = try? wreck.scribe.open(wreck.volume)
        return 0..<wreck.volume.operationCount
    }

    /// A crash while recovering, and power cuts after it.
    func crashed(at index: Int) -> Wreck {
        var wreck = restarted()
        wreck.volume.plan(.crash, at: .operation(index))
        _ = try? wreck.scribe.open(wreck.volume)
        wreck.story += ", crash of recovery at \(index)"
        return wreck
    }
}

extension FaultTests {
    @Suite("Crashes")
    struct CrashTests {
        /// A part of the scenario's operations, so that parts run beside each other.
        private func indices(_ part: Int, of parts: Int = 4) throws -> [Int] {
            Array(try 0..<FaultScenario.counts().indexed).filter { $0 % parts == part }
        }

        @Test("the scenario rolls, reopens, is torn and cut")
        func scenario() throws {
            let volume = MemoryVolume()
            var scribe = Scribe()
            try FaultScenario.play(volume, &scribe)
            #expect(try volume.list("/data/log").count >= 5)
            let recovery = try scribe.open(volume).recovery
            #expect(recovery.cuts.count == 1)
            #expect(volume.operationCount > 120)
            for operation in VolumeOperation.allCases where operation != .link {
                #expect(volume.counts[operation, default: 0] > 0, "\(operation)")
            }
        }

        @Test("at every operation, whatever a power cut leaves of what was not synced", arguments: 0..<4)
        func everyOperation(part: Int) throws {
            for index in try indices(part) {
                let crashed = Wreck(.crash, at: .operation(index))
                #expect(crashed.volume.isCrashed)
                let seeds = (1...3).map { PowerCut.sectors(seed: UInt64(index * 10 + $0)) }
                for cut in [.syncedOnly, .everything] + seeds {
                    let wreck = crashed.cut(cut)
                    wreck.survives(isWatched: index % 2 == 0)
                    if cut == .everything { wreck.survives(isWatched: index % 2 == 1) }
                }
            }
        }

        @Test("at every operation, and at every operation of the recovery", arguments: 0..<4)
        func recovery(part: Int) throws {
            for index in try indices(part) {
                let wreck = Wreck(.crash, at: .operation(index)).cut(.sectors(seed: UInt64(index)))
                for again in wreck.operationsOfOpening() {
                    let crashed = wreck.crashed(at: again)
                    let isCut = (index + again) % 2 == 0
                    let next = isCut ? crashed.cut(.sectors(seed: UInt64(index * 100 + again))) : crashed.restarted()
                    next.survives(isWatched: index % 3 > 0)
                }
            }
        }

        @Test("on a medium that writes half sectors: refused at worst, and opened when the operator cuts", arguments: 0..<2)
        func tornSectors(part: Int) throws {
            for index in try indices(part, of: 2) {
                let crashed = Wreck(.crash, at: .operation(index))
                for seed in 1...2 {
                    var wreck = crashed.cut(.tornSectors(seed: UInt64(index * 10 + seed)))
                    wreck.survives(isWatched: true, refusals: [.damagedTail])
                    wreck.survivesWhenCut()
                }
            }
        }
    }

    @Suite("Errors")
    struct ErrorTests {
        private static let faults: [VolumeFault] = [
            .fail(.inputOutput), .fail(.noSpace), .shortWrite(.firstSectors(1), .noSpace),
            .shortWrite(.firstSectors(9), .inputOutput), .shortWrite(.sectors(seed: 7), .inputOutput),
        ]

        @Test("at every operation: nothing is answered that is lost, however it goes on", arguments: faults)
        func everyOperation(fault: VolumeFault) throws {
            for index in 0..<(try FaultScenario.counts().indexed) {
                let stopped = Wreck(fault, at: .operation(index))
                stopped.restarted().survives(isWatched: index % 2 == 0)
                stopped.cut(.sectors(seed: UInt64(index))).survives(isWatched: true)
                stopped.cut(.syncedOnly).survives(isWatched: false)
            }
        }

        @Test("a write that ends within a sector: refused at worst, and opened when the operator cuts", arguments: [100, 700])
        func halfSectors(byteCount: Int) throws {
            for index in 0..<(try FaultScenario.counts().indexed) {
                var stopped = Wreck(
                    .shortWrite(.prefix(byteCount), .noSpace), at: .operation(index), refusals: [.damagedTail])
                stopped.survives(isWatched: true, refusals: [.damagedTail])
                stopped.survivesWhenCut()
            }
        }

        @Test("at every operation, and after the restart a crash", arguments: [VolumeFault.fail(.inputOutput), .fail(.noSpace)])
        func thenCrash(fault: VolumeFault) throws {
            for index in 0..<(try FaultScenario.counts().indexed) {
                let stopped = Wreck(fault, at: .operation(index))
                for crash in [index % 11, 11 + index % 12] {
                    let crashed = stopped.wentOn(crashingAt: crash)
                    crashed.cut(.sectors(seed: UInt64(index * 100 + crash))).survives(isWatched: true)
                    crashed.cut(.syncedOnly).survives(isWatched: false)
                }
            }
        }

        /// The segment may end exactly at its seal before it was cut there: then the seal is not yet synced.
        @Test("a seal whose sync failed at the very end of the file")
        func seal() throws {
            let volume = MemoryVolume()
            var scribe = Scribe()
            let log = try scribe.open(volume).log
            // The batch is longer than the zeros written ahead at a time: they end with the room for the seal.
            for size in [-850, -850] { try scribe.append(size, to: log) }
            volume.plan(.fail(.inputOutput), at: .next(.sync))
            #expect(throws: ScribeError.self) { try scribe.append(-850, to: log) }
            volume.restart()
            try scribe.append(1, to: try scribe.open(volume).log)
            volume.powerCut()
            let opened = code { _ = try SegmentLog.open(volume, bounds: Scribe.bounds) }
            #expect(opened == nil)
        }

        /// The medium has a shorter file: if the zeros were believed after the restart, an unfinished batch would read as one
        /// that was cut off.
        @Test("zeros whose sync failed, and a crash within the batch that is written into them after the restart")
        func zeros() throws {
            let volume = MemoryVolume()
            var scribe = Scribe()
            let log = try scribe.open(volume).log
            volume.plan(.fail(.inputOutput), at: .next(.sync))
            #expect(throws: ScribeError.self) { try scribe.append(-850, to: log) }
            volume.restart()
            let again = try scribe.open(volume).log
            volume.plan(.crash, at: .next(.sync))
            #expect(throws: ScribeError.self) { try scribe.append(-850, to: again) }
            for seed: UInt64 in 0..<100 {
                let cut = volume.copy()
                cut.powerCut(seed: seed)
                #expect(code { _ = try SegmentLog.open(cut, bounds: Scribe.bounds) } == nil)
            }
        }

        @Test("in every operation that only looks", arguments: VolumeOperation.allCases.filter { !$0.isIndexed })
        func looking(operation: VolumeOperation) throws {
            for after in 0..<(try FaultScenario.counts().ofKind[operation] ?? 0) {
                let stopped = Wreck(.fail(.inputOutput), at: .next(operation, after: after))
                stopped.restarted().survives(isWatched: true)
                stopped.cut(.sectors(seed: UInt64(after))).survives(isWatched: false)
            }
        }

        @Test("a disk that is full at any byte count")
        func capacity() throws {
            for capacity in stride(from: 0, to: 12_000, by: 131) {
                let full = Wreck("capacity \(capacity)") { $0.capacity = capacity }
                for wreck in [full.restarted(), full.cut(.sectors(seed: UInt64(capacity)))] {
                    wreck.volume.capacity = nil
                    wreck.survives(isWatched: true)
                }
            }
        }
    }

    @Suite("A medium that lies")
    struct LyingMediumTests {
        /// Every reason for which a log may be refused.
        private static let refusals: Set<LogError.Code> = [
            .badHeader, .badBatch, .badSeal, .brokenChain, .missingSegment, .foreignSegment, .unknownVersion, .lostEvents,
            .otherHistory, .damagedBeforeGood, .damagedBelowWatermark, .damagedTail,
        ]

        private func lies(about index: Int) -> [VolumeFault] {
            [
                .misplacedWrite(to: 1024, of: nil), .misplacedWrite(to: 88, of: Sample.firstSegment),
                .misplacedWrite(to: index * 31, of: nil), .flipBit(Sample.firstSegment, bit: index * 97),
            ]
        }

        @Test("a misplaced write or a flipped bit at every operation is named, or has harmed nothing", arguments: 0..<4)
        func everyOperation(lie: Int) throws {
            for index in 0..<(try FaultScenario.counts().indexed) {
                Wreck(lies(about: index)[lie], at: .operation(index), refusals: Self.refusals).isNoticed()
            }
        }
    }
}
