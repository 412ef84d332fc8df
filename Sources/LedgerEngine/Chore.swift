import Foundation

/// A thread that does a little, rests, and does a little more, until it is stopped. Whatever it does, the writer does not wait.
final class Chore: @unchecked Sendable {
    /// How long to rest after a step; waking ends any rest.
    enum Rest: Equatable {
        case seconds(Double)
        case untilWoken
    }

    private let name: String
    private let niceness: Int32
    private let step: @Sendable () -> Rest
    private let condition = NSCondition()
    private var isWoken = false
    private var isStopping = false
    private var isRunning = false

    /// - Parameter niceness: 0 is the process's own priority, 19 the lowest (setpriority(2)).
    init(name: String, niceness: Int32 = 0, step: @escaping @Sendable () -> Rest) {
        self.name = name
        self.niceness = niceness
        self.step = step
    }

    func start() {
        condition.withLock { isRunning = true }
        let thread = Thread { [self] in
            // On Linux the number 0 means the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
            while rest(step()) {}
            condition.withLock {
                isRunning = false
                condition.broadcast()
            }
        }
        thread.name = name
        thread.start()
    }

    /// Ends the rest, or the next one if it is at work.
    func wake() {
        condition.withLock {
            isWoken = true
            condition.broadcast()
        }
    }

    /// Takes no further step; returns when the one under way is done, or when the patience is over: then false.
    @discardableResult
    func stop(patienceSeconds: Double = .infinity) -> Bool {
        let deadline = Date(timeIntervalSinceNow: min(patienceSeconds, 1e9))
        return condition.withLock {
            isStopping = true
            condition.broadcast()
            while isRunning, condition.wait(until: deadline) {}
            return !isRunning
        }
    }

    /// False when it is to stop.
    private func rest(_ rest: Rest) -> Bool {
        condition.withLock {
            switch rest {
            case .seconds(let seconds):
                let end = Date(timeIntervalSinceNow: seconds)
                while !isStopping, !isWoken, condition.wait(until: end) {}
            case .untilWoken:
                while !isStopping, !isWoken { condition.wait() }
            }
            isWoken = false
            return !isStopping
        }
    }
}
