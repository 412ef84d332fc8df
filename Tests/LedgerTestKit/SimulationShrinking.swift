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
        var best = (steps: Array(steps.prefix(failure.step + 1)), failure: failure)
        var chunk = max(best.steps.count / 2, 1)
        while true {
            let before = best.steps.count
            leaveOut(chunk, from: &best)
            if chunk == 1, best.steps.count == before { return best }
            chunk = max(chunk / 2, 1)
        }
    }

    /// Leaves out each chunk without which it still fails, from the last to the first.
    private static func leaveOut(_ chunk: Int, from best: inout (steps: [Step], failure: Failure)) {
        var end = best.steps.count
        while end > 0 {
            let begin = max(0, end - chunk)
            let fewer = Array(best.steps[..<begin] + best.steps[end...])
            if let failure = failure(of: fewer) { best = (Array(fewer.prefix(failure.step + 1)), failure) }
            end = min(begin, best.steps.count)
        }
    }
}
