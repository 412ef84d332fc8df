import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import LedgerEngine
@testable import SegmentLog

/// What was noted, from any thread.
private final class Notes: @unchecked Sendable {
    private let lock = NSLock()
    private var notes: [String] = []

    func add(_ note: String) { lock.withLock { notes.append(note) } }
    var all: [String] { lock.withLock { notes } }
}

extension LogBounds {
    /// A few batches fill a segment; a reserve holds fewer.
    fileprivate static let small: LogBounds = {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = 16 << 10
        bounds.segmentByteCountMax = 64 << 10
        bounds.tailChunkByteCount = 1 << 10
        bounds.reserveByteCountMax = 20 << 10
        return bounds
    }()
}

/// A log of lines that nobody reads, of several segments.
private func writeSegments(_ count: Int, _ directory: String, on volume: any Volume) throws -> CommittedHead {
    let (log, _) = try SegmentLog.open(
        directory, volume: volume, bounds: .small, watermarks: [], creatingWith: { LedgerID.random() }, now: ManualClock.start)
    var random = SeededGenerator(seed: 1)
    let head = CommittedHead(log.head)
    while try LogReader(directory, volume: volume).sealedSegments(upTo: log.head).count < count {
        let line = (0..<8000).map { _ in UInt8.random(in: 40...120, using: &random) } + [10]
        try line.withUnsafeBytes { try log.append($0, count: 1, at: ManualClock.start) }
    }
    head.publish(log.head)
    try log.close()
    return head
}

@Suite("Chores")
struct ChoreTests {
    @Test("a chore takes a step at the start and after each wake, and none when it is stopped")
    func wakes() {
        let (taken, allowed) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let steps = Notes()
        let chore = Chore(name: "test") {
            steps.add("step")
            taken.signal()
            allowed.wait()
            return .untilWoken
        }
        chore.start()
        taken.wait()
        // Woken while it is at work: it takes another step.
        chore.wake()
        allowed.signal()
        taken.wait()
        #expect(!chore.stop(patienceSeconds: 0))
        chore.wake()
        allowed.signal()
        #expect(chore.stop())
        #expect(steps.all.count == 2)
    }

    @Test("a rest of some seconds ends by itself")
    func rests() {
        let taken = DispatchSemaphore(value: 0)
        let chore = Chore(name: "test") {
            taken.signal()
            return .seconds(0.001)
        }
        chore.start()
        for _ in 0..<3 { taken.wait() }
        #expect(chore.stop())
    }
}

@Suite("The keeper of the reserve")
struct ReserveKeeperTests {
    @Test("a full disk is told when it begins and when it ends, each once; another error once, and it does not stop anything")
    func notes() throws {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(
            "/data", volume: volume, bounds: .small, watermarks: [], creatingWith: { LedgerID.random() }, now: ManualClock.start)
        let notes = Notes()
        let keeper = ReserveKeeper(log.reserve, retrySeconds: 7) { notes.add($0) }
        volume.plan(.fail(.inputOutput), at: .next(.sync))
        #expect(keeper.step() == .seconds(7))
        #expect(notes.all.count == 1 && notes.all[0].contains("goes on without"))
        #expect(!log.reserve.isDiskFull)
        volume.capacity = 10_000
        for _ in 1...3 { #expect(keeper.step() == .seconds(7)) }
        #expect(log.reserve.isDiskFull)
        #expect(notes.all.count == 2 && notes.all[1].contains("settle, release, extend, refund, revokeKeys and configure"))
        volume.capacity = nil
        for _ in 1...3 { #expect(keeper.step() == .untilWoken) }
        #expect(log.reserve.isReady && !log.reserve.isDiskFull)
        #expect(notes.all.count == 3 && notes.all[2].contains("space for the log again"))
    }
}

@Suite("The scrubber")
struct ScrubberTests {
    private func scrubber(
        _ volume: MemoryVolume, _ head: CommittedHead, _ notes: Notes, _ raised: Notes, bytesPerSecond: Int = 1000
    ) -> Scrubber {
        Scrubber(
            LogScrub("/data", volume: volume), head, bytesPerSecond: bytesPerSecond, restSeconds: 60,
            now: { ManualClock.start }, note: { notes.add($0) }, raise: { segment, _ in raised.add("\(segment)") })
    }

    @Test("the rest after a piece keeps the rate, and there is a longer one after a round")
    func pace() throws {
        let volume = MemoryVolume()
        let head = try writeSegments(2, "/data", on: volume)
        let scrubber = scrubber(volume, head, Notes(), Notes())
        var seconds = 0.0
        while scrubber.progress.finishedRoundCount == 0 {
            #expect(scrubber.progress.lastFinishedAt == nil)
            guard case .seconds(let rest) = scrubber.step() else { continue }
            seconds += rest
        }
        let byteCount = try LogReader("/data", volume: volume).sealedSegments(upTo: head.current)
            .reduce(0) { $0 + volume.contents($1.path)!.count - SegmentHeader.byteCount - Seal.byteCount }
        #expect(abs(seconds - 60 - Double(byteCount) / 1000) < 0.001)
        #expect(scrubber.progress.lastFinishedAt == ManualClock.start && scrubber.progress.segment == .first)
        #expect(scrubber.progress.damaged == [])
    }

    @Test("a rotten segment is raised and noted once, however many rounds find it, and the others are read")
    func once() throws {
        let volume = MemoryVolume()
        let head = try writeSegments(3, "/data", on: volume)
        let second = try LogReader("/data", volume: volume).sealedSegments(upTo: head.current)[1]
        volume.flipBit(second.path, bit: 30_000)
        let (notes, raised) = (Notes(), Notes())
        let scrubber = scrubber(volume, head, notes, raised)
        while scrubber.progress.finishedRoundCount < 3 { _ = scrubber.step() }
        #expect(raised.all == ["\(second.firstSequence)"])
        #expect(notes.all.count == 1 && notes.all[0].contains("is damaged"))
        #expect(scrubber.progress.damaged == [second.firstSequence])
    }

    @Test("the engine raises the alert of a segment that has rotted")
    func alert() async throws {
        let directory = DataDirectory()
        let head = try sealSegments(in: directory)
        let segment = try LogReader(directory.path).sealedSegments(upTo: head)[0]
        #expect(chmod(segment.path, 0o600) == 0)
        let file = try #require(FileHandle(forUpdatingAtPath: segment.path))
        func flip() throws {
            try file.seek(toOffset: 5000)
            let byte = try #require(try file.read(upToCount: 1)?.first)
            try file.seek(toOffset: 5000)
            try file.write(contentsOf: Data([byte ^ 4]))
        }
        let desk = try Desk(directory.path) {
            $0.bounds = .small
            $0.housekeeping.scrubBytesPerSecond = 1 << 40
            $0.housekeeping.scrubRestSeconds = 0.01
        }
        // Only now: the start would find it, for it reads every event.
        try flip()
        _ = await desk.waitForEvents(head.lastSequence.rawValue + 1)
        #expect(desk.engine.status.scrub.damaged == [segment.firstSequence])
        try flip()
        desk.engine.stop()
        #expect(try directory.events().last?.id.text == "$segmentRotten/\(segment.firstSequence)")
    }

    private func sealSegments(in directory: borrowing DataDirectory) throws -> LogHead {
        let desk = try Desk(directory.path) {
            $0.bounds = .small
            $0.housekeeping.scrubBytesPerSecond = 0
        }
        _ = try desk.ask("g", grant(1_000_000))
        var number = 0
        while desk.engine.status.head.segment == .first {
            _ = try desk.ask(Name("d-\(number)")!, debit(1, details: "\"\(UUID().uuidString)\""))
            number += 1
        }
        desk.engine.stop()
        return desk.engine.status.head
    }
}

@Suite("The hook for sealed segments")
struct SegmentHookTests {
    /// Copies each segment, and notes its order and the ledger.
    private let copy = #"cp "$DAYBOOK_SEGMENT" copies/ && echo "$DAYBOOK_LEDGER $(basename "$DAYBOOK_SEGMENT")" >> copies/order"#

    private func hook(_ command: String, _ directory: borrowing DataDirectory, _ head: CommittedHead, _ notes: Notes = Notes())
        -> SegmentHook
    {
        SegmentHook("cd '\(directory.path)' && \(command)", in: directory.path, head) { notes.add($0) }
    }

    private func shipped(_ directory: borrowing DataDirectory) throws -> String {
        try String(contentsOfFile: directory.path + "/shipped", encoding: .utf8)
    }

    @Test("each sealed segment is handed over once and in order, also by the next start")
    func inOrder() throws {
        let directory = DataDirectory()
        let head = try writeSegments(3, directory.path, on: PosixVolume())
        try FileManager.default.createDirectory(atPath: directory.path + "/copies", withIntermediateDirectories: true)
        let segments = try LogReader(directory.path).sealedSegments(upTo: head.current)
        #expect(hook(copy, directory, head).step() == .seconds(0))
        #expect(try shipped(directory) == "1\n")
        let second = hook(copy, directory, head)
        for _ in 1...2 { #expect(second.step() == .seconds(0)) }
        for _ in 1...2 { #expect(second.step() == .untilWoken) }
        let order = try String(contentsOfFile: directory.path + "/copies/order", encoding: .utf8)
        #expect(order == segments.map { "\(head.current.ledger) \(URL(filePath: $0.path).lastPathComponent)\n" }.joined())
        for segment in segments {
            let copy = directory.path + "/copies/" + URL(filePath: segment.path).lastPathComponent
            #expect(FileManager.default.contentsEqual(atPath: segment.path, andPath: copy))
        }
        #expect(try shipped(directory) == "\(segments[2].firstSequence)\n")
    }

    @Test("a command that fails is noted and tried again after growing pauses; nothing is passed over")
    func fails() throws {
        let directory = DataDirectory()
        let head = try writeSegments(2, directory.path, on: PosixVolume())
        let notes = Notes()
        let hook = hook("test -e ready || exit 3; echo >> runs", directory, head, notes)
        let rests = (1...11).map { _ in hook.step() }
        #expect(rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { .seconds($0) })
        #expect(notes.all.count == 11 && notes.all[0].contains("exit status 3 for segment 1"))
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/shipped"))
        try "".write(toFile: directory.path + "/ready", atomically: false, encoding: .utf8)
        for _ in 1...2 { #expect(hook.step() == .seconds(0)) }
        #expect(hook.step() == .untilWoken)
        #expect(try String(contentsOfFile: directory.path + "/runs", encoding: .utf8) == "\n\n")
    }

    @Test("a mark that is no number is told, and nothing is handed over", arguments: ["", "1", "x\n", "0\n", "-1\n"])
    func badMark(text: String) throws {
        let directory = DataDirectory()
        let head = try writeSegments(1, directory.path, on: PosixVolume())
        try text.write(toFile: directory.path + "/shipped", atomically: false, encoding: .utf8)
        let notes = Notes()
        #expect(hook("touch ran", directory, head, notes).step() == .seconds(1))
        #expect(notes.all[0].contains("remove it"))
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/ran"))
    }

    @Test("the engine hands over what it seals while it works, and the ledger does not wait for it")
    func atWork() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path) {
            $0.bounds = .small
            $0.housekeeping.onSegment = "basename $DAYBOOK_SEGMENT >> '\(directory.path)/order'"
        }
        _ = try desk.ask("g", grant(1_000_000))
        var (number, sealed) = (0, [SealedSegment]())
        while sealed.count < 3 {
            _ = try desk.ask(Name("d-\(number)")!, debit(1, details: "\"\(UUID().uuidString)\""))
            number += 1
            sealed = try LogReader(directory.path).sealedSegments(upTo: desk.engine.status.head)
        }
        while (try? shipped(directory)) != "\(sealed[2].firstSequence)\n" { usleep(1000) }
        desk.engine.stop()
        let order = try String(contentsOfFile: directory.path + "/order", encoding: .utf8)
        #expect(order == sealed.map { URL(filePath: $0.path).lastPathComponent + "\n" }.joined())
    }

    @Test("a stop waits for the command that runs, but not for ever")
    func stop() throws {
        let directory = DataDirectory()
        let head = try writeSegments(1, directory.path, on: PosixVolume())
        let notes = Notes()
        let work = hook("touch ran && exec sleep 1000", directory, head, notes)
        let chore = Chore(name: "test") { work.step() }
        chore.start()
        while !FileManager.default.fileExists(atPath: directory.path + "/ran") { usleep(1000) }
        #expect(!chore.stop(patienceSeconds: 0.01))
        work.terminate()
        #expect(chore.stop())
        #expect(notes.all.count == 1 && notes.all[0].contains("signal 15"))
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/shipped"))
    }
}
