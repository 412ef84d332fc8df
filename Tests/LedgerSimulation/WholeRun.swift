import LedgerModel
import LedgerTestKit
import SegmentLog

/// One seed's life of a whole ledger.
package struct WholeRun: Sendable {
    /// How many commands of a seed belong together: enough for a year of the ledger's time, some rolls of the log and some ten
    /// deaths.
    package static let commandCount = 1500

    package let seed: UInt64
    package let commandCount: Int
    package var excluded: Set<SimulatedFault> = []
    package var hasReadModels = true

    package init(seed: UInt64, commandCount: Int = WholeRun.commandCount) {
        self.seed = seed
        self.commandCount = commandCount
    }

    /// What was survived, or where a law was broken.
    package enum Ending: Sendable {
        /// With the chain of the log: the same seed has the same.
        case survived(SimulationTally, chain: String)
        case broken(String)
    }

    package func run() -> Ending {
        var commands = 0
        do {
            var simulation = try WholeSimulation(seed: seed, without: excluded, hasReadModels: hasReadModels)
            while simulation.tally.commands < commandCount {
                commands = simulation.tally.commands
                try simulation.step()
            }
            let chain = try simulation.finish()
            return .survived(simulation.tally, chain: chain.description)
        } catch {
            return .broken("seed \(seed), after command \(commands): \(error)\nRun it again: \(again(commands))")
        }
    }

    private func again(_ commands: Int) -> String {
        let without = excluded.map(\.rawValue).sorted().joined(separator: ",")
        return "tools/simulate --whole --seed \(seed) --commands \(min(commands + 40, commandCount))"
            + (without.isEmpty ? "" : " --without \(without)") + (hasReadModels ? "" : " --without-read-models")
    }

    /// The same failure with fewer faults, as far as leaving them out one by one leaves a failure.
    package func shrunk() -> WholeRun {
        var best = self
        for fault in SimulatedFault.allCases {
            var fewer = best
            fewer.excluded.insert(fault)
            if case .broken = fewer.run() { best = fewer }
        }
        var fewer = best
        fewer.hasReadModels = false
        if case .broken = fewer.run() { best = fewer }
        return best
    }
}
