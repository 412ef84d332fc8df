import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import SegmentLog

@Suite("Backup")
struct BackupTests {
    @Test("a backup verifies, opens, and ends where the log ends", arguments: Medium.allCases)
    func whole(medium: Medium) throws {
        try medium.withPlace { place in
            let pair = try BackupPair(place)
            try pair.append(batches: 20)
            let summary = try pair.run()
            #expect(summary.copiedCount > 2 && summary.keptCount == 0 && summary.linkedCount == 0)
            #expect(summary.head == pair.log.head)
            #expect(try pair.headOfSoundBackup() == pair.log.head)
            let (copy, _) = try SegmentLog.open(pair.volume, pair.target)
            try copy.append(1)
        }
    }

    @Test("what is there already is not copied again")
    func incremental() throws {
        let pair = try BackupPair(.memory())
        var (earlierCount, keptCount) = (0, 0)
        for round in 1...30 {
            try pair.append(batches: round % 4)
            let summary = try pair.run()
            #expect(try pair.headOfSoundBackup() == pair.log.head)
            let segmentCount = summary.keptCount + summary.copiedCount
            #expect(segmentCount == (try pair.segments(of: pair.source)).count)
            // The segment that was open then, and those that have come since.
            #expect(summary.copiedCount <= segmentCount - earlierCount + 1)
            (earlierCount, keptCount) = (segmentCount, summary.keptCount)
            let again = try pair.run()
            #expect(again.copiedCount == 0 && again.copiedByteCount == 0 && again.keptCount == segmentCount)
        }
        #expect(keptCount > 3)
    }

    @Test("a writer may append and roll while it is copied: what was there at the beginning is in the backup")
    func besideAWriter() throws {
        let pair = try BackupPair(.memory())
        try pair.append(batches: 12)
        for round in 0..<20 {
            let before = pair.log.head
            let segments = try pair.segments(of: pair.source).count
            var calls = 0
            let summary = try pair.run { _ in
                if calls == round % 3 { #expect(throws: Never.self) { try pair.append(batches: 12) } }
                calls += 1
            }
            #expect(summary.head == before)
            #expect(try pair.headOfSoundBackup() == before)
            #expect(try pair.segments(of: pair.source).count > segments, "the log has rolled")
        }
    }

    @Test("a writer on another thread never makes a backup fail or hold half a batch")
    func besideAThread() throws {
        try Medium.disk.withPlace { place in
            let pair = try BackupPair(place)
            try pair.append(batches: 3)
            let writing = pair.appendingOnAThread(batches: 600)
            var last = SequenceNumber.zero
            repeat {
                let head = try pair.run().head
                #expect(try pair.headOfSoundBackup() == head)
                #expect(head.lastSequence >= last)
                last = head.lastSequence
            } while !writing.isFinished
            #expect(try pair.run().head == pair.log.head)
            #expect(writing.error == nil)
        }
    }

    @Test("a write that never ended is left out; damage is refused")
    func unfinished() throws {
        let pair = try BackupPair(.memory())
        // Where the header of the next batch lies in two sectors, and zeros are written ahead.
        var (head, path) = (pair.log.head, "")
        repeat {
            try pair.append(batches: 1)
            head = pair.log.head
            path = pair.source + "/log/" + LogDirectory.segmentName(head.segment)
        } while !(420...500).contains(head.offset % 512) || pair.memory.contents(path)!.count < Int(head.offset) + 200
        let file = try pair.volume.openFile(path, forWriting: true)
        try file.write([0x51, 0x2b, 0x4d, 0x18], at: head.offset)
        #expect(code { try pair.run() } == .badBatch)  // no batch begins like that: damage
        try file.write([0x51, 0x2a, 0x4d, 0x18], at: head.offset)
        #expect(try pair.run().head == head)
        #expect(try pair.headOfSoundBackup() == head)
    }

    @Test("files beside the log come with it, the witness last")
    func besideTheLog() throws {
        let pair = try BackupPair(.memory())
        try pair.append(batches: 10)
        pair.put("checkpoint", pair.witness())
        pair.put("key", Array("secret\n".utf8))
        pair.put("torn/\(TornName(at: pair.position, number: 1).text)", [1, 2, 3])
        pair.put("views/balances.db", [9])
        try pair.append(batches: 1)
        let summary = try pair.run(files: ["key", "absent"])
        #expect(summary.absentFiles == ["absent"])
        #expect(summary.seen?.sequence == SequenceNumber(10))
        for name in ["checkpoint", "key", "torn/\(TornName(at: pair.position, number: 1).text)"] {
            #expect(pair.memory.syncedContents("\(pair.target)/\(name)") == pair.memory.contents("\(pair.source)/\(name)"))
        }
        #expect(pair.memory.contents("\(pair.target)/views/balances.db") == nil)
        let names = try pair.volume.list(pair.target).sorted()
        #expect(names == ["backup.lock", "checkpoint", "key", "log", "torn"])
    }

    @Test("a witness that has seen more than the log, or another one, is refused, and nothing is made")
    func witnessBeyond() throws {
        let pair = try BackupPair(.memory())
        try pair.append(batches: 10)
        for (witness, expected) in [
            (pair.witness(sequence: 11), LogError.Code.lostEvents), (pair.witness(ledger: Sample.otherLedger), .otherHistory),
            (pair.witness(chain: .zero), .otherHistory), (Array("nonsense".utf8), .badHeader),
        ] {
            pair.put("checkpoint", witness)
            #expect(code { try pair.run() } == expected)
            #expect(try !pair.volume.exists(pair.target))
        }
    }
}

@Suite("Backup: what is refused is left as it was")
struct BackupRefusalTests {
    /// A log with a backup of its present state, and then more in the log.
    private func backedUp() throws -> BackupPair {
        let pair = try BackupPair(.memory())
        try pair.append(batches: 20)
        pair.put("checkpoint", pair.witness())
        try pair.run()
        try pair.append(batches: 20)
        return pair
    }

    private func expectRefusal(
        _ expected: LogError.Code, of pair: BackupPair, to target: String? = nil, location: SourceLocation = #_sourceLocation
    ) throws {
        let before = pair.files(below: target ?? pair.target)
        #expect(code { try pair.run(to: target) } == expected, sourceLocation: location)
        #expect(pair.files(below: target ?? pair.target) == before, sourceLocation: location)
    }

    @Test("a backup of another ledger")
    func otherLedger() throws {
        let pair = try backedUp()
        let other = try BackupPair(
            Place(volume: pair.volume, directory: "/other", description: "memory"), ledger: Sample.otherLedger)
        try other.append(batches: 40)
        try expectRefusal(.otherHistory, of: other, to: pair.target)
    }

    @Test("the same ledger with another history from some event on")
    func otherHistory() throws {
        for common in 0..<20 {
            let pair = try BackupPair(.memory())
            try pair.append(batches: common)
            let fork = pair.fork()
            try pair.append(batches: 20 - common)
            try pair.run()
            try fork.append(batches: 40 - common, seconds: 1)
            try expectRefusal(.otherHistory, of: fork, to: pair.target)
        }
    }

    @Test("a backup that is newer than the log: the log is an old copy")
    func longer() throws {
        let pair = try BackupPair(.memory())
        for batches in 1...12 {
            let old = pair.fork()
            try pair.append(batches: batches)
            try pair.run()
            let refused = code { try old.run(to: pair.target) }
            #expect(refused == .lostEvents || refused == .otherHistory)
            #expect(try pair.headOfSoundBackup() == pair.log.head)
        }
    }

    @Test("a directory in which a daemon has served, the ledger's own, and one that holds something else")
    func notABackup() throws {
        let pair = try backedUp()
        try expectRefusal(.otherHistory, of: pair, to: pair.source)
        try pair.volume.makeDirectory("/home")
        _ = try pair.volume.createFile("/home/letter")
        try expectRefusal(.otherHistory, of: pair, to: "/home")
        _ = try SegmentLog.open(pair.volume, pair.target)
        try expectRefusal(.otherHistory, of: pair)
    }

    @Test("two backups into one directory at once")
    func locked() throws {
        let pair = try backedUp()
        let other = try pair.volume.lock("\(pair.target)/backup.lock")
        try expectRefusal(.locked, of: pair)
        withExtendedLifetime(other) {}
    }

    @Test("a damaged segment is never copied over a good one, and its place is told")
    func damagedSource() throws {
        let pair = try backedUp()
        let backedUp = pair.files(below: pair.target)
        let whole = pair.log.head
        for segment in try pair.segments(of: pair.source) {
            let path = "\(pair.source)/log/\(LogDirectory.segmentName(segment))"
            let bytes = try #require(pair.memory.contents(path))
            let end = segment == whole.segment ? Int(whole.offset) : bytes.count
            for place in stride(from: Int(segment.rawValue) % 7, to: end, by: 71) {
                let copy = pair.copy()
                copy.memory.flipBit(path, bit: place * 8 + 3)
                do {
                    let head = try copy.run().head
                    // In a segment that is there already damage is for `verify` to find; at the end it may look like a crash.
                    #expect(backedUp[path.replacing(pair.source, with: pair.target)] == bytes || head.segment == segment)
                } catch {
                    #expect("\(error)".contains("log/") || "\(error)".contains("checkpoint"), "\(error)")
                }
                let head = try copy.headOfSoundBackup()
                #expect(head.lastSequence >= SequenceNumber(20))
            }
        }
    }
}

@Suite("Backup: faults")
struct BackupFaultTests {
    /// A log with an older backup of it, or none.
    private func scenario(withOlder: Bool) throws -> BackupPair {
        let pair = try BackupPair(.memory())
        try pair.append(batches: 9)
        pair.put("checkpoint", pair.witness())
        pair.put("key", Array("first\n".utf8))
        if withOlder { try pair.run(files: ["key"]) }
        try pair.append(batches: 14)
        pair.put("checkpoint", pair.witness())
        pair.put("key", Array("second\n".utf8))
        pair.put("torn/\(TornName(at: pair.position, number: 1).text)", [1, 2, 3])
        return pair
    }

    /// What a backup must be after any fault, and what another run makes of it.
    private func expectWhole(_ pair: BackupPair, atLeast old: SequenceNumber?, _ label: String) throws {
        let there = (try? pair.segments(of: pair.target)) ?? []
        if let old { #expect(try pair.headOfSoundBackup().lastSequence >= old, "\(label)") }
        if !there.isEmpty {
            let head = try pair.headOfSoundBackup()
            let seen = try pair.seenByBackup()
            #expect(seen.map { $0.sequence <= head.lastSequence } ?? true, "\(label)")
            let restored = pair.copy()
            #expect(throws: Never.self, "\(label)") {
                _ = try SegmentLog.open(restored.volume, restored.target, watermarks: [seen].compactMap(\.self))
            }
        }
        let summary = try pair.run(files: ["key"])
        #expect(try pair.headOfSoundBackup() == summary.head, "\(label)")
        #expect(try pair.seenByBackup()?.sequence == SequenceNumber(23), "\(label)")
        #expect(pair.memory.contents("\(pair.target)/key") == Array("second\n".utf8), "\(label)")
    }

    @Test(
        "a power cut at every operation leaves the older backup or a newer one, and the next run goes on",
        arguments: [false, true])
    func powerCuts(withOlder: Bool) throws {
        let scenario = try scenario(withOlder: withOlder)
        let old = withOlder ? try scenario.headOfSoundBackup().lastSequence : nil
        let whole = scenario.copy()
        try whole.run(files: ["key"])
        let operations = whole.memory.operationCount
        #expect(operations > 30)
        for operation in 0..<operations {
            for cut in [PowerCut.syncedOnly, .everything, .sectors(seed: UInt64(operation))] {
                let pair = scenario.copy()
                pair.memory.plan(.crash, at: .operation(operation))
                #expect(throws: LogError.self) { try pair.run(files: ["key"]) }
                pair.memory.powerCut(cut)
                try expectWhole(pair, atLeast: old, "operation \(operation), \(cut)")
            }
        }
    }

    @Test("an operation that fails ends the backup with its error, and the next run goes on", arguments: VolumeTrouble.allCases)
    func failures(trouble: VolumeTrouble) throws {
        let scenario = try scenario(withOlder: true)
        let old = try scenario.headOfSoundBackup().lastSequence
        let whole = scenario.copy()
        try whole.run(files: ["key"])
        for operation in 0..<whole.memory.operationCount {
            let pair = scenario.copy()
            pair.memory.plan(.fail(trouble), at: .operation(operation))
            #expect(code { try pair.run(files: ["key"]) } == (trouble == .noSpace ? .diskFull : .volumeFailed))
            try expectWhole(pair, atLeast: old, "operation \(operation), \(trouble)")
        }
    }

    @Test("a full disk ends the backup, which goes on when there is room")
    func fullDisk() throws {
        let scenario = try scenario(withOlder: true)
        let old = try scenario.headOfSoundBackup().lastSequence
        let used = scenario.memory.paths.reduce(0) { $0 + (scenario.memory.contents($1)?.count ?? 0) }
        var room = 0
        while true {
            let pair = scenario.copy()
            pair.memory.capacity = used + room
            guard let fault = code({ try pair.run(files: ["key"]) }) else { break }
            #expect(fault == .diskFull)
            pair.memory.capacity = nil
            try expectWhole(pair, atLeast: old, "\(room) bytes of room")
            room += 190
        }
        #expect(room > 2000)
    }

    @Test("a copy that reads back otherwise than it was written never gets its name, and is made anew by the next run")
    func badCopy() throws {
        let pair = try scenario(withOlder: true)
        let old = pair.files(below: pair.target + "/log")
        let error = #expect(throws: LogError.self) {
            try pair.run(files: ["key"]) { _ in
                let newPath = pair.memory.paths.first { $0.hasPrefix(pair.target) && $0.hasSuffix(".new") }
                guard let newPath, let file = try? pair.volume.openFile(newPath, forWriting: true) else { return }
                try? file.write([0xff, 0xfe], at: 500)
            }
        }
        #expect(error?.sentence.contains("\(pair.target): the copy does not read back") == true, "\(String(describing: error))")
        #expect(pair.files(below: pair.target + "/log").filter { !$0.key.hasSuffix(".new") } == old)
        try expectWhole(pair, atLeast: nil, "after a bad copy")
    }
}

@Suite("Backup: links")
struct BackupLinkTests {
    @Test("sealed segments are shared, the open one is not")
    func links() throws {
        try Medium.disk.withPlace { place in
            let pair = try BackupPair(place)
            try pair.append(batches: 20)
            let summary = try pair.run(links: true)
            let segments = try pair.segments(of: pair.source)
            #expect(summary.linkedCount == segments.count - 1 && summary.copiedCount == 1)
            for segment in segments {
                let name = "/log/" + LogDirectory.segmentName(segment)
                #expect((try number(pair.source + name) == number(pair.target + name)) == (segment != segments.last))
            }
            try pair.append(batches: 20)
            #expect(try pair.run(links: true).keptCount == segments.count - 1)
            #expect(try pair.headOfSoundBackup() == pair.log.head)
        }
    }

    private func number(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    }

    @Test("a link is a second name, and never takes the place of another file")
    func contract() throws {
        try Medium.disk.withPlace { place in
            try place.volume.makeDirectory(place.directory)
            let (one, two) = ("\(place.directory)/one", "\(place.directory)/two")
            try place.volume.createFile(one).write([7], at: 0)
            try place.volume.link(one, to: two)
            try place.volume.remove(one)
            #expect(try place.volume.openFile(two, forWriting: false).byteCount() == 1)
            _ = try place.volume.createFile(one)
            #expect(code { try place.volume.link(one, to: two) } == .volumeFailed)
            #expect(code { try place.volume.link("\(place.directory)/none", to: one) } == .volumeFailed)
        }
    }

    @Test("a damaged segment is not linked")
    func damaged() throws {
        try Medium.disk.withPlace { place in
            let pair = try BackupPair(place)
            try pair.append(batches: 20)
            chmod(pair.source + "/log/00000000000000000001.lz4", 0o600)
            try pair.volume.openFile(pair.source + "/log/00000000000000000001.lz4", forWriting: true).write([0xff], at: 300)
            let error = #expect(throws: LogError.self) { try pair.run(links: true) }
            #expect(error?.sentence.contains("\(pair.source) is damaged") == true)
            #expect(try pair.segments(of: pair.target) == [])
        }
    }
}

@Suite("A log that begins as a copy")
struct LogBranchTests {
    private static let record = Array(#"{"first":"of another"}"#.utf8) + [UInt8(ascii: "\n")]

    /// Batches of one to five records, over several segments.
    private func parent() throws -> BackupPair {
        let pair = try BackupPair(.memory())
        for batch in 0..<45 { try pair.log.append(1 + batch % 5) }
        return pair
    }

    @discardableResult
    private func branch(_ pair: BackupPair, through last: UInt64) throws -> LogHead {
        try LogBranch(of: pair.source, in: "/branch", volume: pair.volume).write(
            through: SequenceNumber(last), thenAs: Sample.otherLedger, beginningWith: Self.record, at: Sample.time(1000))
    }

    private func lines(of directory: String, on volume: any Volume) throws -> [UInt8] {
        let reader = LogReader(directory, volume: volume)
        return try reader.batches(upTo: reader.head()).flatMap(\.records)
    }

    @Test("cut behind every record: the records are there byte for byte, every byte checks out, and the log goes on")
    func everyCut() throws {
        let parent = try parent()
        #expect(try parent.segments(of: parent.source).count > 3)
        for last in 1...parent.log.head.lastSequence.rawValue {
            let pair = parent.copy()
            let head = try branch(pair, through: last)
            #expect(head.lastSequence == SequenceNumber(last + 1) && head.segment == head.lastSequence)
            #expect(head.ledger == Sample.otherLedger)
            guard case .sound(let summary) = LogVerifier.verify("/branch", volume: pair.volume) else {
                Issue.record("the branch behind \(last) does not verify")
                continue
            }
            #expect(summary.head == head)
            #expect(try lines(of: "/branch", on: pair.volume) == Sample.lines(1...Int(last)) + Self.record)
            let (log, _) = try SegmentLog.open(pair.volume, "/branch", watermarks: [head.watermark])
            try log.append(3)
            #expect(LogVerifier.verify("/branch", volume: pair.volume).isSound)
        }
    }

    @Test("segments before the cut are the same files, and batches keep their times")
    func sameBytes() throws {
        let pair = try parent()
        let segments = try pair.segments(of: pair.source)
        let batches = try LogReader(pair.source, volume: pair.volume).batches(upTo: pair.log.head)
        try branch(pair, through: segments[2].rawValue)
        for segment in segments[..<2] {
            let name = "/log/" + LogDirectory.segmentName(segment)
            #expect(pair.memory.contents("/branch" + name) == pair.memory.contents(pair.source + name))
        }
        let copied = LogReader("/branch", volume: pair.volume)
        let times = try copied.batches(upTo: copied.head()).dropLast().map(\.committedAt)
        #expect(times.count > 5 && times[...] == batches.map(\.committedAt).prefix(times.count))
    }

    @Test("a log that has changed its ledger once can do so again, before that place and behind it")
    func twice() throws {
        let pair = try parent()
        let head = try branch(pair, through: 20)
        for last in 18...head.lastSequence.rawValue {
            let copy = pair.copy()
            let second = try LogBranch(of: "/branch", in: "/second", volume: copy.volume).write(
                through: SequenceNumber(last), thenAs: Sample.ledger, beginningWith: Self.record, at: Sample.time(2000))
            #expect(second.lastSequence == SequenceNumber(last + 1))
            #expect(LogVerifier.verify("/second", volume: copy.volume).isSound)
        }
    }

    @Test("what is not in the log, a damaged log, and a directory that is there are refused")
    func refused() throws {
        let pair = try parent()
        let last = pair.log.head.lastSequence.rawValue
        #expect(code { try branch(pair, through: 0) } == .notFound)
        #expect(code { try branch(pair, through: last + 1) } == .notFound)
        #expect(try !pair.volume.exists("/branch"))
        let damaged = pair.copy()
        damaged.memory.flipBit(Sample.firstSegment, bit: 8 * 150)
        #expect(code { try branch(damaged, through: last) } == .badBatch)
        try pair.volume.makeDirectory("/branch")
        #expect(code { try branch(pair, through: 1) } == .volumeFailed)
    }

    @Test("a directory gets its name only when it is whole, and never takes the place of something")
    func site() throws {
        try Medium.disk.withPlace { place in
            let pair = try BackupPair(place)
            try pair.append(batches: 12)
            try pair.run()
            let site = RestoreSite(place.directory + "-restored/")
            for isThere in [false, true] {
                if isThere { try place.volume.makeDirectory(site.directory) }
                try site.check()
                let summary = try site.copy(pair.target, files: [], witness: nil)
                #expect(summary.head == pair.log.head)
                #expect(try !place.volume.exists(site.directory + "/log"))
                #expect(code { try site.check() } == .volumeFailed)
                try site.finish()
                #expect(code { try site.check() } == .volumeFailed)
                #expect(try place.volume.list(site.directory) == ["log"])
                #expect(try SegmentLog.open(place.volume, site.directory).log.head.lastSequence == pair.log.head.lastSequence)
                try FileManager.default.removeItem(atPath: site.directory)
            }
        }
    }
}

extension LogVerification {
    fileprivate var isSound: Bool {
        if case .sound = self { true } else { false }
    }
}

/// A log that is written, and where its backup goes.
private final class BackupPair: @unchecked Sendable {
    let volume: any Volume
    let source: String
    let target: String
    private var writer: SegmentLog?
    var log: SegmentLog { writer! }
    var memory: MemoryVolume { volume as! MemoryVolume }

    init(_ place: Place, ledger: LedgerID = Sample.ledger) throws {
        volume = place.volume
        source = place.directory
        target = place.directory + "-backup"
        (writer, _) = try SegmentLog.open(
            source, volume: volume, bounds: .small(), watermarks: [], creatingWith: { ledger }, now: Sample.time())
    }

    private init(_ volume: MemoryVolume, _ source: String, _ target: String) {
        self.volume = volume
        self.source = source
        self.target = target
    }

    /// The same in a volume of its own; nobody writes there.
    func copy() -> BackupPair { BackupPair(memory.copy(), source, target) }

    /// A copy of the log on the same volume, which goes its own way.
    func fork() -> BackupPair {
        let fork = BackupPair(memory, source + "-fork", target)
        for path in memory.paths where path.hasPrefix(source + "/log/") {
            memory.put(path.replacing(source, with: fork.source), memory.contents(path)!)
        }
        return fork
    }

    /// Batches of one record; others at a later second.
    func append(batches: Int, seconds: Int64 = 0) throws {
        if writer == nil { (writer, _) = try SegmentLog.open(volume, source) }
        for _ in 0..<batches {
            let next = Int(log.head.lastSequence.next.rawValue)
            try log.append(Array(Self.line(next).utf8), count: 1, at: Sample.time(Int64(next) + seconds))
        }
    }

    /// Of some length, so that a few fill a segment.
    private static func line(_ sequence: Int) -> String {
        #"{"seq":\#(sequence),"text":"\#(String(repeating: "x", count: 120 + sequence % 60))"}"# + "\n"
    }

    var position: LogPosition { LogPosition(Seal.sample(log.head)) }

    @discardableResult
    func run(
        to target: String? = nil, files: [String] = [], links: Bool = false, progress: (BackupProgress) -> Void = { _ in }
    ) throws -> BackupSummary {
        var backup = LogBackup(of: source, to: target ?? self.target, volume: volume)
        backup.files = files
        backup.links = links
        backup.witness = LogBackup.Witness("checkpoint", watermark: Self.watermark)
        return try backup.run(progress: progress)
    }

    func segments(of directory: String) throws -> [SequenceNumber] {
        try LogDirectory(path: directory, volume: volume).segments()
    }

    /// The end of the backup, every byte of which must check out.
    @discardableResult
    func headOfSoundBackup() throws -> LogHead {
        switch LogVerifier.verify(target, volume: volume) {
        case .sound(let summary): return summary.head
        case .fault(let fault): throw fault
        }
    }

    // MARK: The witness

    func witness(ledger: LedgerID? = nil, sequence: UInt64? = nil, chain: ChainHash? = nil) -> [UInt8] {
        let seen = log.head.watermark
        return Array("\(ledger ?? seen.ledger) \(sequence ?? seen.sequence.rawValue) \(chain ?? seen.chain)".utf8)
    }

    private static func watermark(_ bytes: [UInt8]) throws(LogError) -> Watermark {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 3, let ledger = LedgerID(words[0]), let sequence = UInt64(words[1]),
            let chain = ChainHash(hex: words[2])
        else { throw LogError(.badHeader, "checkpoint: not a witness") }
        return Watermark(ledger: ledger, sequence: SequenceNumber(sequence), chain: chain)
    }

    func seenByBackup() throws -> Watermark? {
        try memory.contents("\(target)/checkpoint").map(Self.watermark)
    }

    func put(_ name: String, _ bytes: [UInt8]) { memory.put("\(source)/\(name)", bytes) }

    func files(below directory: String) -> [String: [UInt8]] {
        let paths = memory.paths.filter { $0.hasPrefix(directory + "/") }
        return Dictionary(uniqueKeysWithValues: paths.map { ($0, memory.contents($0)!) })
    }

    // MARK: A writer on another thread

    final class Writing: @unchecked Sendable {
        private let lock = NSLock()
        private var state: (isFinished: Bool, error: (any Error)?) = (false, nil)
        var isFinished: Bool { lock.withLock { state.isFinished } }
        var error: (any Error)? { lock.withLock { state.error } }
        func finish(_ error: (any Error)?) { lock.withLock { state = (true, error) } }
    }

    func appendingOnAThread(batches: Int) -> Writing {
        let writing = Writing()
        Thread.detachNewThread { [self] in
            do {
                try append(batches: batches)
                writing.finish(nil)
            } catch { writing.finish(error) }
        }
        return writing
    }
}

extension Seal {
    /// A seal at the end of a log, for a position there.
    fileprivate static func sample(_ head: LogHead) -> Seal {
        let header = SegmentHeader(
            ledger: head.ledger, firstSequence: head.segment, createdAt: Sample.time(), previousChain: .zero)
        var seal = Seal(at: LogPosition(header, hash: .zero))
        (seal.count, seal.lastSequence, seal.offset, seal.chain) = (1, head.lastSequence, head.offset, head.chain)
        return seal
    }
}
