import Foundation
import LedgerEngine
import LedgerModel
import SegmentLog

/// How long a ledger with a long past takes to its first answer: from its log alone, and with a snapshot.
struct StartBench {
    let eventCount: Int
    let accountCount: Int
    let parent: String

    private static let question = Question.balance(
        tenant: StartBenchLedger.tenant, account: StartBenchLedger.account(0), unit: nil)

    /// Prints what was measured. The files are in the page cache, for they have just been written.
    func run() throws {
        let directory = "\(parent)/daybook-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let made = try StartBenchLedger(in: directory, accountCount: accountCount).write(eventCount: eventCount)
        print(
            """
            daybookd bench start: \(ProcessInfo.processInfo.activeProcessorCount) cores, files in the page cache
            a ledger of \(grouped(made.eventCount)) events and \(grouped(accountCount)) accounts, made in \(made.duration.told): \
            \(grouped(ProcessUsage.byteCount(in: "\(directory)/log"))) bytes of log
            """)
        let cold = try start(directory)
        let eventsPerSecond = Double(made.eventCount) / cold.first.inSeconds
        let nanoseconds = Int(cold.processor.inSeconds * 1e9 / Double(made.eventCount))
        print(
            """
            start from the log to the first answer     \(cold.first.told): \(grouped(Int(eventsPerSecond))) events/s, \
            \(grouped(nanoseconds)) ns of processor time per event
            """)
        let byteCount = ProcessUsage.byteCount(in: "\(directory)/snapshots")
        print("stop with a snapshot                       \(cold.stop.told): \(grouped(byteCount)) bytes")
        let warm = try start(directory)
        print("start with the snapshot to the first answer  \(warm.first.told)")
        print("memory at most                             \(grouped(ProcessUsage.memoryByteCountMax)) bytes")
    }

    /// Opens the ledger, asks it something, and stops it; there is a snapshot afterwards.
    private func start(_ directory: String) throws -> (first: Duration, processor: Duration, stop: Duration) {
        var options = LedgerEngine.Options()
        options.mustExist = true
        options.snapshots.eventCountRunning = nil
        options.snapshots.eventCountAtStop = 1
        options.snapshots.note = { complain($0) }
        let (begin, processorBegin) = (ContinuousClock.now, ProcessUsage.processorTime)
        let engine = try LedgerEngine(directory, options, onFailure: { complain("\($0)") })
        let answered = DispatchSemaphore(value: 0)
        let lane = engine.addLane { _ in answered.signal() }
        _ = engine.submit([Asked(lane: lane, connection: 1, tag: 1, question: StartBench.question)])
        answered.wait()
        let (first, processor) = (ContinuousClock.now - begin, ProcessUsage.processorTime - processorBegin)
        let stopping = ContinuousClock.now
        engine.stop()
        return (first, processor, ContinuousClock.now - stopping)
    }
}
