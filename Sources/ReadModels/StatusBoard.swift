public import LedgerModel
import SegmentLog

/// How one read model stands.
public struct ReadModelStatus: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// Its file is being opened.
        case starting
        /// It follows the log.
        case following
        /// A new file is being built; an older one may answer until then.
        case rebuilding(reached: SequenceNumber)
        /// It stopped, for this reason. What it has goes on answering.
        case failed(String)
    }

    public let name: String
    public let sentence: String
    public let phase: Phase
    /// What answers now has followed the log up to here; zero when nothing answers.
    public let sequence: SequenceNumber
    /// How many events that is behind the log.
    public let lag: UInt64
    /// How far a check has come that compares the file with one built anew; nil while there is none.
    public let checked: SequenceNumber?
}

/// Where a projector tells how far it is, and where queries wait for it.
final class StatusBoard: Sendable {
    /// What answers queries now.
    struct Serving: Sendable {
        /// What the file was built from: the program's own SQL, or an older one until a new file is there.
        let projection: Projection
        /// As long as somebody holds it, the file is there.
        let generation: Generation
        var reached: SequenceNumber

        var path: String { generation.path }
    }

    private struct State {
        var phase = ReadModelStatus.Phase.starting
        var serving: Serving?
        var checked: SequenceNumber?
        var waiters: [UInt64: Waiter] = [:]
        var waiterCount: UInt64 = 0
        /// The projector, which rests until it is awaited.
        var resting: CheckedContinuation<Void, Never>?
        var isRestOver = false
    }

    private struct Waiter {
        let asked: SequenceNumber
        /// Nil until there is one to resume.
        var continuation: CheckedContinuation<Serving?, Never>?
    }

    private let state = Monitor(State())

    var phase: ReadModelStatus.Phase { state.withLock { $0.phase } }
    var serving: Serving? { state.withLock { $0.serving } }
    var checked: SequenceNumber? { state.withLock { $0.checked } }

    func set(_ phase: ReadModelStatus.Phase) { state.withLock { $0.phase = phase } }

    /// From now on this answers; nil when nothing does.
    func serve(_ serving: Serving?) { update { $0.serving = serving } }

    /// The same, and it follows the log.
    func follow(_ serving: Serving) { update { ($0.phase, $0.serving) = (.following, serving) } }

    /// False when a check is under way already.
    func beginCheck() -> Bool {
        state.withLock { state in
            defer { state.checked = state.checked ?? .zero }
            return state.checked == nil
        }
    }

    /// How far the check has come; nil at its end.
    func check(_ reached: SequenceNumber?) { state.withLock { $0.checked = reached } }

    /// What answers has followed the log further.
    func reach(_ sequence: SequenceNumber) { update { $0.serving?.reached = sequence } }

    private func update(_ change: (inout State) -> Void) {
        let (serving, waiters) = state.withLock { state in
            change(&state)
            return (state.serving, StatusBoard.takeServed(from: &state))
        }
        for waiter in waiters { waiter.continuation?.resume(returning: serving) }
    }

    private static func takeServed(from state: inout State) -> [Waiter] {
        guard let reached = state.serving?.reached, !state.waiters.isEmpty else { return [] }
        let served = state.waiters.filter { $0.value.continuation != nil && $0.value.asked <= reached }
        for number in served.keys { state.waiters[number] = nil }
        return Array(served.values)
    }

    /// What answers, once it has reached `sequence`. Nil when that does not come about within the limit, or the task is cancelled.
    func serving(atLeast sequence: SequenceNumber, within limit: Duration) async -> Serving? {
        if let serving, serving.reached >= sequence { return serving }
        let number = register(Waiter(asked: sequence))
        let timer = Task {
            try await Task.sleep(for: limit)
            giveUp(number)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, as: number) }
        } onCancel: {
            giveUp(number)
        }
    }

    // MARK: Rest

    /// Returns when a query waits for more than is there, and at the latest after a while. For the projector alone.
    func rest(for duration: Duration) async {
        state.withLock { $0.isRestOver = !$0.waiters.isEmpty }
        let timer = Task {
            try await Task.sleep(for: duration)
            endRest()
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { beginRest($0) }
        } onCancel: {
            endRest()
        }
    }

    private func beginRest(_ continuation: CheckedContinuation<Void, Never>) {
        let isOver = state.withLock { state in
            if !state.isRestOver { state.resting = continuation }
            return state.isRestOver
        }
        if isOver { continuation.resume() }
    }

    private func endRest() {
        let resting = state.withLock { state in
            defer { (state.resting, state.isRestOver) = (nil, true) }
            return state.resting
        }
        resting?.resume()
    }

    // MARK: Waiters

    private func register(_ waiter: Waiter) -> UInt64 {
        defer { endRest() }
        return enter(waiter)
    }

    private func enter(_ waiter: Waiter) -> UInt64 {
        state.withLock { state in
            state.waiterCount += 1
            state.waiters[state.waiterCount] = waiter
            return state.waiterCount
        }
    }

    /// Puts the continuation down to be resumed, unless it can be at once: what was asked for is there, or the waiter has given up.
    private func wait(_ continuation: CheckedContinuation<Serving?, Never>, as number: UInt64) {
        let answer: Serving?? = state.withLock { state in
            guard let waiter = state.waiters[number] else { return .some(nil) }
            if let serving = state.serving, serving.reached >= waiter.asked {
                state.waiters[number] = nil
                return .some(serving)
            }
            state.waiters[number]?.continuation = continuation
            return .none
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func giveUp(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation?.resume(returning: nil)
    }
}
