import Glibc
import SegmentLog

/// Runs an actor on a thread of its own, so that what the actor does may block (SQLite, the disk) without taking a thread from
/// the cooperative pool, and at a lower priority than the writer of the log.
final class OwnThread: SerialExecutor {
    private struct Job {
        let job: UnownedJob
        let executor: UnownedSerialExecutor
    }

    private struct Mailbox {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let mailbox = Monitor(Mailbox())

    /// `niceness`: 0 is the process's own priority, 19 the lowest (setpriority(2)).
    init(niceness: Int32) {
        OwnThread.run(niceness: niceness) { [mailbox] in
            while let jobs = OwnThread.take(from: mailbox) {
                for job in jobs { job.job.runSynchronously(on: job.executor) }
            }
        }
    }

    deinit { mailbox.signal { $0.isClosed = true } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = Job(job: UnownedJob(job), executor: asUnownedSerialExecutor())
        mailbox.signal { $0.jobs.append(job) }
    }

    /// What there is to run, as soon as there is something; nil at the end.
    private static func take(from mailbox: Monitor<Mailbox>) -> [Job]? {
        mailbox.wait { mailbox in
            if mailbox.jobs.isEmpty { return mailbox.isClosed ? .some(nil) : nil }
            defer { mailbox.jobs = [] }
            return mailbox.jobs
        }
    }

    /// Runs something that blocks on a thread of its own, and ends the thread.
    static func run(niceness: Int32, _ body: @escaping @Sendable () -> Void) {
        final class Body {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread = pthread_t()
        let work = Body {
            // On Linux the number 0 means the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
            body()
        }
        let argument = Unmanaged.passRetained(work).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, argument)
        precondition(status == 0, "no thread could be started")
        pthread_detach(thread)
    }
}
