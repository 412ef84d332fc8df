import Foundation
import LedgerTestKit

/// Random commands without end through the ledger's rules and an oracle beside them: `daybook-simulate --seed 7 --commands 100000`.
///
/// Ends with 1 where they part, with the shortest sequence of commands that was found to show it, and how to run it again.
@main
struct Simulate {
    private let seed: UInt64
    /// Nil for no end.
    private let commandCount: Int?

    static func main() {
        guard let simulate = Simulate(CommandLine.arguments.dropFirst()) else {
            print("usage: tools/simulate [--seed N] [--commands N]   (without --commands it runs until it is stopped)")
            exit(64)
        }
        exit(simulate.run() ? 0 : 1)
    }

    private init?(_ arguments: ArraySlice<String>) {
        var (rest, values) = (arguments, [String: UInt64]())
        while let name = rest.popFirst() {
            guard ["--seed", "--commands"].contains(name), let text = rest.popFirst(), let value = UInt64(text) else {
                return nil
            }
            values[name] = value
        }
        seed = values["--seed"] ?? 1
        commandCount = values["--commands"].map { Int(min($0, 1 << 53)) }
    }

    private func run() -> Bool {
        var (seed, doneCount, acceptedCount) = (seed, 0, 0)
        while doneCount < commandCount ?? .max {
            // What is written before a batch tells where a trap was.
            if (seed - self.seed) % 50 == 0 {
                tell("from seed \(seed): \(doneCount) commands, \(acceptedCount) of them accepted")
            }
            let count = min(SimulationRun.commandCount, (commandCount ?? .max) - doneCount)
            var run = SimulationRun(seed: seed)
            if let failure = run.firstFailure(in: count) {
                tell(failure)
                return false
            }
            doneCount += count
            acceptedCount += run.simulation.acceptedCount
            seed += 1
        }
        tell("\(doneCount) commands, \(acceptedCount) of them accepted: the ledger and the oracle agree")
        return true
    }

    private func tell(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
