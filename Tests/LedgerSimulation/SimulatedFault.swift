import LedgerModel
import LedgerTestKit
import SegmentLog

/// What goes wrong in a simulation. Each kind has its own chances from the seed, so that one left out leaves the others as they
/// were.
package enum SimulatedFault: String, CaseIterable, Sendable {
    /// The daemon is ended and started again.
    case restart
    /// The daemon is killed in the middle of an operation.
    case crash
    /// The machine loses power where the daemon dies: unsynced sectors and names are kept or lost.
    case powerCut = "power-cut"
    /// A write, sync, rename or the like fails.
    case writeError = "write-error"
    /// Bits of the log change while the daemon runs.
    case rot
    /// Copies of the log are damaged, and opened.
    case damage
    /// The clock goes back.
    case clock
    /// Read models are put back to an older state.
    case oldReadModel = "old-read-model"
    /// There is no more space for a while.
    case fullDisk = "full-disk"
}

/// The chances of faults, by kind.
struct FaultChances {
    private var randoms: [SimulatedFault: SeededGenerator] = [:]

    init(seed: UInt64, without excluded: Set<SimulatedFault>) {
        for (number, fault) in SimulatedFault.allCases.enumerated() where !excluded.contains(fault) {
            randoms[fault] = SeededGenerator(seed: seed &+ UInt64(number + 1) &* 0x2545_f491_4f6c_dd1d)
        }
    }

    /// True once in so many times, never for a kind that is left out.
    mutating func oneIn(_ count: Int, _ fault: SimulatedFault) -> Bool { randoms[fault]?.oneIn(count) ?? false }

    mutating func number(_ range: Range<Int>, _ fault: SimulatedFault) -> Int { Int.random(in: range, using: &randoms[fault]!) }

    /// A generator for choices that belong to a fault that happens.
    mutating func random(_ fault: SimulatedFault) -> SeededGenerator { SeededGenerator(seed: randoms[fault]!.next()) }

    /// The clock as it may be set: now and then some seconds back.
    mutating func skewed(_ instant: Timestamp) -> Timestamp {
        guard oneIn(40, .clock) else { return instant }
        return Timestamp(microseconds: instant.rawValue - Int64(number(0..<10_000_000, .clock)))
    }

    // MARK: Plans

    /// Plans at most one fault on a volume, for within the next operations; answers which.
    ///
    /// - Parameter rarity: One crash and one write error in so many times.
    mutating func plan(on volume: MemoryVolume, rarity: Int, within operations: Int) -> SimulatedFault? {
        if oneIn(rarity, .crash) {
            volume.plan(.crash, at: .operation(volume.operationCount + number(0..<operations, .crash)))
            return .crash
        }
        if oneIn(rarity, .writeError) {
            var random = random(.writeError)
            let index = volume.operationCount + Int.random(in: 0..<operations, using: &random)
            volume.plan(.random(&random), at: .operation(index))
            return .writeError
        }
        return nil
    }

    /// What becomes of the volume when the daemon is dead: the machine goes on, or loses power.
    mutating func bury(_ volume: MemoryVolume) -> Bool {
        volume.unplan()
        guard oneIn(2, .powerCut) else {
            volume.restart()
            return false
        }
        var random = random(.powerCut)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: volume.powerCut(.syncedOnly)
        case 1: volume.powerCut(.everything)
        default: volume.powerCut(.sectors(seed: random.next()))
        }
        return true
    }
}

extension VolumeFault {
    fileprivate static func random(_ random: inout SeededGenerator) -> VolumeFault {
        let trouble = VolumeTrouble.allCases.randomElement(using: &random)!
        return random.oneIn(2) ? .shortWrite(.sectors(seed: random.next()), trouble) : .fail(trouble)
    }
}
