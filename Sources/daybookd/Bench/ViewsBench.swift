import Foundation
import LedgerEngine
import LedgerGenerator
import LedgerModel
import Projections
import ReadModels
import SegmentLog

/// The read models of a ledger with a long past: how fast they are built, how fast they answer, and whether they keep up with new
/// events.
struct ViewsBench {
    let options: LedgerGenerator.Options
    let parent: String
    /// A data directory to copy instead of making a ledger.
    let data: String?
    let seconds: Double

    func run() async throws {
        let directory = "\(parent)/daybook-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try make(directory)
        let reader = LogReader(directory)
        let head = try reader.head()
        print(
            """
            daybookd bench views: \(ProcessInfo.processInfo.activeProcessorCount) cores, \(grouped(head.lastSequence.rawValue)) events, \
            \(grouped(options.accountCount)) accounts by Zipf's law (exponent \(LedgerGenerator.zipfExponent)), \
            \(grouped(ProcessUsage.byteCount(in: "\(directory)/log"))) bytes of log

            """)
        if !FileManager.default.fileExists(atPath: "\(directory)/views") { try rebuildAll(directory, reader, head) }
        try await serve(directory, from: reader.batch(holding: head.lastSequence, upTo: head).committedAt)
    }

    /// Makes the ledger, or copies what a new one is made of: the log, the key, and read models if there are any, which then are not built.
    private func make(_ directory: String) throws {
        guard let data else { return _ = try GeneratedLedger(options).write(in: directory) }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in ["log", "signing.key", "views"] where FileManager.default.fileExists(atPath: "\(data)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(data)/\(name)", toPath: "\(directory)/\(name)")
        }
    }

    // MARK: Building

    private func rebuildAll(_ directory: String, _ reader: LogReader, _ head: LogHead) throws {
        print(BenchTable.line("read model", "events/s", "µs CPU/event", "bytes"))
        for projection in Projection.builtIn {
            let (start, processorStart) = (ContinuousClock.now, ProcessUsage.processorTime)
            try OfflineRebuild(projection, in: "\(directory)/views", reader: reader).rebuild(upTo: head, progress: { _ in })
            let (wall, processor) = (ContinuousClock.now - start, ProcessUsage.processorTime - processorStart)
            let count = Double(head.lastSequence.rawValue)
            print(
                BenchTable.line(
                    projection.name, grouped(Int(count / wall.inSeconds)), BenchTable.decimal(processor.inSeconds / count * 1e6),
                    grouped(ProcessUsage.byteCount(in: "\(directory)/views", prefix: projection.name + "."))))
        }
    }

    // MARK: Serving

    private func serve(_ directory: String, from now: Timestamp) async throws {
        var engineOptions = LedgerEngine.Options()
        engineOptions.mustExist = true
        engineOptions.clock = .running(from: now)
        let ledger = try BenchLedger(at: directory, engineOptions, readModels: true)
        let path = try await ledger.serve()
        do {
            try await ledger.untilFollowed()
            let questions = ViewsQuestions(path: path, views: "\(directory)/views", accountCount: options.accountCount, now: now)
            try await OwnThread.value { try questions.run() }
            try await SteadyLoad(ledger: ledger, path: path, accountCount: options.accountCount).run(for: .seconds(seconds))
        } catch {
            await ledger.stop()
            throw error
        }
        await ledger.stop()
    }
}

/// The tables that `bench views` prints.
enum BenchTable {
    static func line(_ first: String, _ others: String...) -> String {
        others.reduce(padded(first, 44, isRight: false)) { $0 + padded($1, 15, isRight: true) }
    }

    private static func padded(_ text: String, _ width: Int, isRight: Bool) -> String {
        let padding = String(repeating: " ", count: max(1, width - text.count))
        return isRight ? padding + text : text + padding
    }

    /// To two places.
    static func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    }
}
