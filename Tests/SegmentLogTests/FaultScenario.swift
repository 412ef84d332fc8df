import LedgerTestKit

@testable import SegmentLog

/// The life of a log with everything in it: made, rolled several times, closed and opened, torn and cut, opened and
/// rolled into the reserve.
enum FaultScenario {
    /// Sizes as in `Scribe.append`: some lie in one sector, some in three, some are compressed.
    private static let first = [2, -600, 40, 1, -850, 3, -700, 12, 1]
    private static let second = [4, 40]
    private static let third = [-850, 2, -650, -850, 1, 5, -800]

    /// Plays it until the end, or until the volume fails.
    static func play(_ volume: MemoryVolume, _ scribe: inout Scribe) throws(ScribeError) {
        try write(first, volume, &scribe)
        try write(second, volume, &scribe)
        try tear(volume, &scribe)
        try write(third, volume, &scribe, withReserve: true)
        try stumble(volume, &scribe)
        try write([1], volume, &scribe)
    }

    private static func write(
        _ sizes: [Int], _ volume: MemoryVolume, _ scribe: inout Scribe, withReserve: Bool = false
    ) throws(ScribeError) {
        let log = try scribe.open(volume).log
        for size in sizes {
            // The log goes on without a reserve.
            if withReserve { try? log.reserve.write() }
            try append(size, to: log, volume, &scribe)
        }
        do { try log.close() } catch { throw .log(error) }
    }

    /// A log that has failed answers nothing more, and does not touch the volume again.
    private static func append(
        _ size: Int, to log: SegmentLog, _ volume: MemoryVolume, _ scribe: inout Scribe
    ) throws(ScribeError) {
        do throws(ScribeError) { try scribe.append(size, to: log) } catch {
            let before = volume.operationCount
            guard code({ try log.append(1) }) == .stopped, volume.operationCount == before else { throw .goesOn }
            throw error
        }
    }

    /// The process dies while it writes a batch: the first of its sectors is written.
    private static func tear(_ volume: MemoryVolume, _ scribe: inout Scribe) throws(ScribeError) {
        // The first write is that of the zeros: the batch is longer than those written ahead at a time.
        try append(-800, volume, &scribe, failing: .shortWrite(.firstSectors(1), .inputOutput), at: .next(.write, after: 1))
    }

    /// The process dies before the next segment has its name.
    private static func stumble(_ volume: MemoryVolume, _ scribe: inout Scribe) throws(ScribeError) {
        try append(-800, volume, &scribe, failing: .fail(.inputOutput), at: .next(.rename))
    }

    private static func append(
        _ size: Int, _ volume: MemoryVolume, _ scribe: inout Scribe, failing fault: VolumeFault, at place: FaultPlace
    ) throws(ScribeError) {
        let log = try scribe.open(volume).log
        volume.plan(fault, at: place)
        do throws(ScribeError) {
            for _ in 1...4 { try append(size, to: log, volume, &scribe) }
        } catch {
            if volume.isCrashed { throw error }
            volume.restart()
        }
    }

    /// How many operations there are that a fault can strike, and how many of each kind.
    static func counts() throws -> (indexed: Int, ofKind: [VolumeOperation: Int]) {
        let volume = MemoryVolume()
        var scribe = Scribe()
        try play(volume, &scribe)
        return (volume.operationCount, volume.counts)
    }
}
