import LedgerSimulation

/// Seed after seed through a whole ledger whose machine fails.
struct WholeSimulations {
    private let options: SimulateOptions

    init(_ options: SimulateOptions) { self.options = options }

    func run() -> Bool {
        var (seed, tally) = (options.seed, SimulationTally())
        while tally.commands < options.commandCount ?? .max {
            // What is written before a batch tells where a trap was.
            if (seed - options.seed) % 10 == 0 { Simulate.tell("from seed \(seed): \(tally.commands) commands") }
            let left = (options.commandCount ?? .max) - tally.commands
            guard let survived = survive(seed, min(WholeRun.commandCount, left)) else { return false }
            tally += survived
            seed += 1
        }
        Simulate.tell(tally.description)
        return true
    }

    private func survive(_ seed: UInt64, _ commandCount: Int) -> SimulationTally? {
        var run = WholeRun(seed: seed, commandCount: commandCount)
        (run.excluded, run.hasReadModels) = (options.excluded, options.hasReadModels)
        switch run.run() {
        case .survived(let tally, let chain):
            // One seed alone is run to see the same history again.
            if options.commandCount.map({ $0 <= WholeRun.commandCount }) == true { Simulate.tell("chain \(chain)") }
            return tally
        case .broken(let words):
            Simulate.tell(words)
            if case .broken(let words) = run.shrunk().run() { Simulate.tell("With as few faults as show it: \(words)") }
            return nil
        }
    }
}
