import Foundation
public import LedgerEngine
import LedgerModel
public import ReadModels
import SegmentLog

/// Asks the read model `health` every minute whether all balances add up, and has the ledger tell of those that do not.
///
/// A read model never writes to the log: this does in its place. It need not know what it has told of before, for the ledger raises the
/// alert of a drift once.
public final class DriftWatch: Sendable {
    private struct State {
        var count: Int?
        var task: Task<Void, Never>?
    }

    /// How many drifts are told of: when there are more, one cause is likely, and the first will do.
    static let countMax = 100

    private let pause: Duration
    private let look: @Sendable () async throws -> [AlertRaised.Drift]
    private let raise: @Sendable (AlertRaised.Drift) -> Void
    private let state = Monitor(State())

    /// - Parameter pause: How long to rest between two looks.
    public convenience init(_ engine: LedgerEngine, _ readModels: ReadModels, pause: Duration = .seconds(60)) {
        self.init(pause: pause, look: { try await readModels.drifts(now: engine.now) }, raise: { engine.raise($0) })
    }

    init(
        pause: Duration, look: @escaping @Sendable () async throws -> [AlertRaised.Drift],
        raise: @escaping @Sendable (AlertRaised.Drift) -> Void
    ) {
        (self.pause, self.look, self.raise) = (pause, look, raise)
    }

    /// How many drifts there were at the last look, 100 for as many or more; nil when it could not be told, such as while `health` is
    /// being built.
    public var count: Int? { state.withLock { $0.count } }

    /// Looks at once, and then again and again. To be called once.
    public func start() {
        state.withLock { state in
            state.task = Task { [self] in
                while !Task.isCancelled {
                    await step()
                    try? await Task.sleep(for: pause)
                }
            }
        }
    }

    /// Returns when no look is under way any more. The ledger must still be there.
    public func stop() async {
        let task = state.withLock { $0.task }
        task?.cancel()
        await task?.value
    }

    func step() async {
        let drifts = try? await look()
        state.withLock { $0.count = drifts?.count }
        for drift in drifts ?? [] { raise(drift) }
    }
}

extension ReadModels {
    fileprivate func drifts(now: Timestamp) async throws -> [AlertRaised.Drift] {
        let answer = try await query("health.drift", ["limit": .integer(Int64(DriftWatch.countMax))], now: now)
        return try JSONDecoder().decode(DriftAnswer.self, from: Data(answer.json)).rows.compactMap(\.drift)
    }
}

/// What `health.drift` answers.
private struct DriftAnswer: Decodable {
    struct Row: Decodable {
        let tenant: String
        let account: String
        let unit: String
        let seq: UInt64
        let expected: Int64
        let found: Int64

        var drift: AlertRaised.Drift? {
            guard let tenant = Name(tenant), let account = Name(account), let unit = Name(unit) else { return nil }
            return AlertRaised.Drift(
                tenant: tenant, account: account, unit: unit, sequence: SequenceNumber(seq), expected: expected, found: found)
        }
    }

    let rows: [Row]
}
