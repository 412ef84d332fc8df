import LedgerTestKit

/// Seed after seed through the ledger's rules and the oracle beside them.
struct RuleSimulations {
    private let firstSeed: UInt64
    private let commandCount: Int?

    init(_ seed: UInt64, _ commandCount: Int?) { (firstSeed, self.commandCount) = (seed, commandCount) }

    func run() -> Bool {
        var (seed, doneCount, acceptedCount) = (firstSeed, 0, 0)
        while doneCount < commandCount ?? .max {
            // What is written before a batch tells where a trap was.
            if (seed - firstSeed) % 50 == 0 {
                Simulate.tell("from seed \(seed): \(doneCount) commands, \(acceptedCount) of them accepted")
            }
            let count = min(SimulationRun.commandCount, (commandCount ?? .max) - doneCount)
            var run = SimulationRun(seed: seed)
            if let failure = run.firstFailure(in: count) {
                Simulate.tell(failure)
                return false
            }
            doneCount += count
            acceptedCount += run.simulation.acceptedCount
            seed += 1
        }
        Simulate.tell("\(doneCount) commands, \(acceptedCount) of them accepted: the ledger and the oracle agree")
        return true
    }
}
