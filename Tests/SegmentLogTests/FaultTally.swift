import Foundation
import Testing

/// Counts the faults of a suite and says in one line how many were tried and how many survived.
final class FaultTally: @unchecked Sendable {
    static let shared = FaultTally()

    private let lock = NSLock()
    private var tried = 0
    private var survived = 0

    func count(survived: Bool) {
        lock.withLock {
            tried += 1
            if survived { self.survived += 1 }
        }
    }

    /// `faults: N tried, N survived`
    var line: String { lock.withLock { "faults: \(tried) tried, \(survived) survived" } }
}

/// Prints the tally when a suite has ended.
struct TallyTrait: SuiteTrait, TestScoping {
    func provideScope(for test: Test, testCase: Test.Case?, performing function: () async throws -> Void) async throws {
        try await function()
        print(FaultTally.shared.line)
    }
}

extension Trait where Self == TallyTrait {
    static var tally: TallyTrait { TallyTrait() }
}

/// Everything that can go wrong below a log, at every operation of a scenario.
@Suite("Faults", .tally)
enum FaultTests {}
