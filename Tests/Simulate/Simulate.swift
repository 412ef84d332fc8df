import Foundation
import LedgerSimulation

/// Random commands without end: through the ledger's rules, or with `--whole` through a whole ledger on a disk that fails. With
/// `--log` it writes a log of every type of event instead, and with `--views` it has the read models follow one.
///
/// Ends with 1 where a law is broken, with what shows it in short, and how to run it again.
@main
struct Simulate {
    static func main() {
        do throws(SimulateOptions.Misuse) {
            let options = try SimulateOptions(CommandLine.arguments.dropFirst())
            exit(run(options) ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("\(error.reason)\n\n\(SimulateOptions.usage)\n".utf8))
            exit(64)
        }
    }

    private static func run(_ options: SimulateOptions) -> Bool {
        if let directory = options.views { return ViewsSimulation(directory, options.seed).run() }
        if let directory = options.log { return EventLogWriting(directory, options.seed, options.eventCount).run() }
        if options.isWhole { return WholeSimulations(options).run() }
        return RuleSimulations(options.seed, options.commandCount).run()
    }

    static func tell(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
