/// What was tried and survived.
package struct SimulationTally: Sendable, CustomStringConvertible {
    package var commands = 0
    package var crashes = 0
    package var powerCuts = 0
    package var writeErrors = 0
    package var rottenBits = 0
    package var damagedCopies = 0
    package var restarts = 0

    package init() {}

    package static func += (left: inout SimulationTally, right: SimulationTally) {
        for field in [
            \SimulationTally.commands, \.crashes, \.powerCuts, \.writeErrors, \.rottenBits, \.damagedCopies, \.restarts,
        ] { left[keyPath: field] += right[keyPath: field] }
    }

    package var description: String {
        "simulated: \(commands) commands, \(crashes) crashes, \(powerCuts) power cuts, \(writeErrors) write errors, "
            + "\(rottenBits) rotten bits, \(damagedCopies) damaged copies, \(restarts) restarts; all survived"
    }
}
