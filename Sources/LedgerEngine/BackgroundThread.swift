import Foundation

/// Runs a task on a thread of its own, of the lowest priority: what the task does may block without taking a thread from the cooperative
/// pool, and it needs none of the pool's to go on.
final class BackgroundThread: TaskExecutor {
    private struct Jobs {
        var waiting: [UnownedJob] = []
        var isClosed = false
    }

    /// Guarded by its own lock.
    private final class Mailbox: @unchecked Sendable {
        private let condition = NSCondition()
        private var jobs = Jobs()

        func change(_ body: (inout Jobs) -> Void) {
            condition.withLock {
                body(&jobs)
                condition.signal()
            }
        }

        /// What there is to run, as soon as there is something; nil at the end.
        func take() -> [UnownedJob]? {
            condition.withLock {
                while jobs.waiting.isEmpty, !jobs.isClosed { condition.wait() }
                defer { jobs.waiting = [] }
                return jobs.waiting.isEmpty ? nil : jobs.waiting
            }
        }
    }

    private let mailbox = Mailbox()

    init() {
        let thread = Thread { [self] in
            // On Linux the number 0 means the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            while let jobs = mailbox.take() {
                for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
        thread.name = "snapshots"
        thread.stackSize = 8 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        mailbox.change { $0.waiting.append(job) }
    }

    func close() { mailbox.change { $0.isClosed = true } }
}
