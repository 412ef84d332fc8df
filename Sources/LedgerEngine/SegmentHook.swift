import Foundation
import LedgerModel
import SegmentLog

/// Runs a command for every sealed segment, in order and one at a time: to carry it elsewhere.
///
/// Each is run at least once: the file `shipped` in the data directory holds the last segment for which the command has succeeded.
/// One that fails is run again after a growing pause, and those behind it wait.
final class SegmentHook: @unchecked Sendable {
    private let command: String
    private let reader: LogReader
    private let committed: CommittedHead
    private let mark: ShippedMark
    private let note: @Sendable (String) -> Void
    private var done: SequenceNumber?
    private var failureCount = 0
    private let lock = NSLock()
    // Only under the lock.
    private var running: Process?

    private static let pauseSecondsMax = 300.0

    init(_ command: String, in directory: String, _ committed: CommittedHead, note: @escaping @Sendable (String) -> Void) {
        self.command = command
        self.committed = committed
        self.note = note
        reader = LogReader(directory)
        mark = ShippedMark(directory: directory)
    }

    /// Hands over the next segment, if there is one. Belongs to one thread.
    func step() -> Chore.Rest {
        do {
            guard let segment = try next() else { return .untilWoken }
            try run(segment)
            done = segment.firstSequence
            try mark.write(segment.firstSequence)
            failureCount = 0
            return .seconds(0)
        } catch {
            failureCount += 1
            let pause = min(SegmentHook.pauseSecondsMax, pow(2, Double(failureCount - 1)))
            note("handing over a sealed segment failed, and is tried again in \(Int(pause)) s: \(error)")
            return .seconds(pause)
        }
    }

    /// Asks the command that runs to end.
    func terminate() { lock.withLock { running?.terminate() } }

    /// The first segment behind the last that was handed over.
    private func next() throws -> SealedSegment? {
        if done == nil { done = try mark.read() }
        return try reader.sealedSegments(from: done?.next ?? .first, upTo: committed.current).first
    }

    private func run(_ segment: SealedSegment) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ProcessInfo.processInfo.environment.merging(
            [
                "DAYBOOK_SEGMENT": URL(filePath: segment.path).path,
                "DAYBOOK_LEDGER": committed.current.ledger.description,
            ]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        lock.withLock { running = process }
        defer { lock.withLock { running = nil } }
        try process.run()
        ended.wait()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw SegmentHookError(segment: segment.firstSequence, process)
        }
    }
}

private struct SegmentHookError: Error, CustomStringConvertible {
    let description: String

    init(segment: SequenceNumber, _ process: Process) {
        let end = process.terminationReason == .exit ? "exit status" : "signal"
        description = "the command ended with \(end) \(process.terminationStatus) for segment \(segment)"
    }
}

/// The file `shipped`: the first sequence number of the last segment that was handed over, in digits, and a newline.
private struct ShippedMark {
    let directory: String
    private let volume = PosixVolume()

    init(directory: String) { self.directory = directory }

    private var path: String { directory + "/shipped" }

    /// Nil when nothing was handed over yet.
    func read() throws -> SequenceNumber? {
        guard try volume.exists(path) else { return nil }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard text.hasSuffix("\n"), let number = UInt64(text.dropLast()), number > 0 else {
            throw ShippedMarkError(
                description: "\(path) does not hold a segment's number: remove it, and all are handed over again")
        }
        return SequenceNumber(number)
    }

    /// Durable when this returns.
    func write(_ segment: SequenceNumber) throws {
        try volume.replace(path, in: directory, with: Array("\(segment)\n".utf8))
    }
}

private struct ShippedMarkError: Error, CustomStringConvertible {
    let description: String
}
