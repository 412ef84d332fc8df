import Foundation
public import LedgerModel
public import ReadModels
import SegmentLog

/// Answers questions one after the other, on a thread of the lowest priority that is there as long as there are any: neither the writer nor
/// the threads of queries wait for it.
public final class WhatIfDesk: Sendable {
    /// How many questions may be there, the one that is being answered included. Each may take minutes; who comes behind three others had
    /// better be told.
    public static let questionCountMax = 4

    private struct Job: Sendable {
        let run: @Sendable () -> Void
    }

    private struct Queue: Sendable {
        var jobs: [Job] = []
        var count = 0
    }

    private let readModels: ReadModels
    private let zones: ZoneTable
    private let queue = Monitor(Queue())

    public init(_ readModels: ReadModels, zones: ZoneTable) { (self.readModels, self.zones) = (readModels, zones) }

    /// Waits for its turn and answers. When the task is cancelled it ends soon, with `cancelled`. Throws `overloaded` when too many wait.
    ///
    /// - Parameter now: The ledger's time.
    public func answer(_ question: WhatIfQuestion, now: Timestamp) async throws(WhatIfError) -> WhatIfReport {
        let interruption = Interruption()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = put { [readModels, zones] in
                    continuation.resume(
                        returning: Result { () throws(WhatIfError) in
                            try question.answer(readModels, zones: zones, now: now, interruption: interruption)
                        })
                }
                if !isTaken { continuation.resume(returning: .failure(.overloaded)) }
            }
        } onCancel: {
            interruption.set()
        }
        return try result.get()
    }

    // MARK: The thread

    /// False when there are as many as may be.
    private func put(_ run: @escaping @Sendable () -> Void) -> Bool {
        let place: Int? = queue.withLock { queue in
            if queue.count == WhatIfDesk.questionCountMax { return nil }
            queue.count += 1
            queue.jobs.append(Job(run: run))
            return queue.count
        }
        if place == 1 { startThread() }
        return place != nil
    }

    private func startThread() {
        let thread = Thread { [self] in
            // On Linux the number 0 means the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            while let job = next() {
                job.run()
                if isLast() { return }
            }
        }
        thread.name = "what if"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func next() -> Job? { queue.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() } }

    /// The thread ends with the last question; the next one starts another.
    private func isLast() -> Bool {
        queue.withLock { queue in
            queue.count -= 1
            return queue.count == 0
        }
    }
}
