package import LedgerModel

/// One seed's commands through the simulation.
public struct SimulationRun: Sendable {
    /// How many commands of a seed belong together: enough for a year and more of the ledger's time.
    public static let commandCount = 500

    public private(set) var simulation = Simulation()
    private let seed: UInt64
    /// All that was sent.
    public private(set) var steps: [Simulation.Step] = []
    private var commands: RandomCommands

    public init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        let day = Int64.random(in: 0...1500, using: &random)
        commands = RandomCommands(seed: random.next(), at: SimulationRun.firstDay.adding(days: day))
    }

    /// Simulations begin between 2024 and 2028.
    package static let firstDay = Timestamp(rfc3339: "2024-01-01T00:00:00Z")!

    /// Sends so many commands more; throws where the ledger and the oracle part.
    public mutating func run(_ count: Int = SimulationRun.commandCount) throws(Simulation.Failure) {
        for _ in 0..<count {
            let request = commands.next()
            let step = Simulation.Step(at: commands.now, isAfterDowntime: commands.isAfterDowntime, request: request)
            steps.append(step)
            let before = simulation.ledger.events.count
            try simulation.take(step)
            commands.note(simulation.ledger.events[before...])
        }
    }

    /// Sends so many commands; where the ledger and the oracle part, answers the few commands that show it, and how to run them again.
    public mutating func firstFailure(in count: Int = SimulationRun.commandCount) -> String? {
        do throws(Simulation.Failure) {
            try run(count)
            return nil
        } catch {
            let (few, failure) = Simulation.shrink(steps, error)
            let lines = few.map { "  \($0)" }.joined(separator: "\n")
            return """
                seed \(seed), command \(error.step + 1): the ledger and the oracle part. \(few.count) commands show it:
                \(lines)
                \(failure)
                Run it again: tools/simulate --seed \(seed) --commands \(count)
                """
        }
    }
}
