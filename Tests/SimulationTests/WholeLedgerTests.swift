import LedgerSimulation
import Testing

@Suite("The whole ledger on a machine that fails")
struct WholeLedgerTests {
    @Test("what was answered stays, what was not is whole or absent, and the read models are what a rebuild gives")
    func laws() {
        var tally = SimulationTally()
        for seed in 1...10 as ClosedRange<UInt64> {
            let run = WholeRun(seed: seed)
            switch run.run() {
            case .survived(let survived, _): tally += survived
            case .broken(let words): Issue.record("\(words)")
            }
        }
        print(tally)
        // Every kind of fault was met.
        #expect(tally.crashes > 0 && tally.powerCuts > 0 && tally.writeErrors > 0 && tally.rottenBits > 0)
        #expect(tally.damagedCopies > 0 && tally.restarts > 0)
    }

    @Test("the same seed has the same history, byte for byte; another has another")
    func determinism() throws {
        let chains = ([31, 31, 32] as [UInt64]).map { seed in
            if case .survived(_, let chain) = WholeRun(seed: seed, commandCount: 400).run() { chain } else { "broken" }
        }
        #expect(chains[0] == chains[1] && chains[0] != chains[2] && !chains.contains("broken"))
    }
}
