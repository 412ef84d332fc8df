import LedgerModel

/// One seed's commands through the simulation.
public struct SimulationRun: Sendable {
    public private(set) var simulation = Simulation()
    /// All that was sent.
    public private(set) var steps: [Simulation.Step] = []
    private var commands: RandomCommands

    public init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let day = Int64.random(in: 0...1500, using: &random)
        commands = RandomCommands(seed: random.next(), at: SimulationRun.firstDay.adding(days: day))
    }

    /// Simulations begin between 2024 and 2028.
    private static let firstDay = Timestamp(rfc3339: "2024-01-01T00:00:00Z")!

    /// Runs so many commands; throws where the ledger and the oracle part.
    public mutating func run(_ count: Int) throws(Simulation.Failure) {
        for _ in 0..<count {
            let request = commands.next()
            let step = Simulation.Step(at: commands.now, isAfterDowntime: commands.isAfterDowntime, request: request)
            steps.append(step)
            let before = simulation.ledger.events.count
            try simulation.take(step)
            commands.note(simulation.ledger.events[before...])
        }
    }
}

extension Simulation {
    /// Where these steps part ledger and oracle; nil when they do not.
    public static func failure(of steps: [Step]) -> Failure? {
        var simulation = Simulation(isThorough: true)
        do throws(Failure) {
            for step in steps { try simulation.take(step) }
            return nil
        } catch {
            return error
        }
    }

    /// As few of the steps as still fail: chunks are left out, large ones first, as long as it helps (A. Zeller and R. Hildebrandt,
    /// "Simplifying and Isolating Failure-Inducing Input", 2002).
    public static func shrink(_ steps: [Step], _ failure: Failure) -> (steps: [Step], failure: Failure) {
        var steps = Array(steps.prefix(failure.step + 1))
        var failure = failure
        var chunk = max(steps.count / 2, 1)
        while true {
            let before = steps.count
            var end = steps.count
            while end > 0 {
                let begin = max(0, end - chunk)
                let fewer = Array(steps[..<begin] + steps[end...])
                if let still = self.failure(of: fewer) { (steps, failure) = (Array(fewer.prefix(still.step + 1)), still) }
                end = min(begin, steps.count)
            }
            if chunk == 1, steps.count == before { return (steps, failure) }
            chunk = max(chunk / 2, 1)
        }
    }
}
