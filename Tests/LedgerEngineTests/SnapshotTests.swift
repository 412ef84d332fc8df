import EventCodec
import Foundation
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerEngine
@testable import LedgerModel

/// A start from a snapshot is a start like any other; and a snapshot that is not what it should be is no snapshot.
@Suite("Snapshots")
struct SnapshotTests {
    /// Texts that were noted.
    private final class Notes: @unchecked Sendable {
        private let lock = NSLock()
        private var texts: [String] = []

        func add(_ text: String) { lock.withLock { texts.append(text) } }
        func take() -> [String] {
            lock.withLock {
                defer { texts = [] }
                return texts
            }
        }
    }

    private let notes = Notes()

    private func desk(_ path: String, atStop: UInt64? = nil, running: UInt64? = nil) throws -> Desk {
        try Desk(path) { options in
            options.snapshots.eventCountAtStop = atStop
            options.snapshots.eventCountRunning = running
            options.snapshots.note = { [notes] in notes.add($0) }
        }
    }

    /// A ledger with a bit of everything, stopped with a snapshot at its last event.
    private func prepare(_ path: String) throws {
        let desk = try desk(path, atStop: 1)
        let limit = KeyLimit(unit: "u", amount: 50, period: .day)
        let key = KeyIssued(
            key: "k", hash: KeyHash(String(repeating: "a", count: 64))!, account: "a", terms: KeyTerms(limit: limit))
        _ = try desk.ask("g-a", grant(1000))
        _ = try desk.ask("g-b", grant(10, to: "b"))
        _ = try desk.ask("h-1", hold(30, for: 3600))
        _ = try desk.ask("k-1", .issueKeys(IssueKeys(keys: [key])))
        for number in 1...20 { _ = try desk.ask(Name("d-\(number)")!, debit(Amount(rawValue: Int64(number))!)) }
        desk.engine.stop()
    }

    private static func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/snapshots")) ?? []).sorted()
    }

    private static func name(_ sequence: UInt64) -> String { String(format: "%020d.snapshot", Int(sequence)) }

    private static func replayed(_ path: String) throws -> Book {
        let reader = LogReader(path)
        var book = Book(hashKey: HashKey(1, 2), zones: .foundation)
        try book.replay(reader, upTo: try reader.head()) { _ in }
        return book
    }

    /// The newest book among the snapshots.
    private func loaded(_ path: String) throws -> Book? {
        let reader = LogReader(path)
        let snapshots = Snapshots(path, PosixVolume(), reader, .foundation)
        return try snapshots.newest(upTo: reader.head()) { notes.add($0) }
    }

    @Test("a stop leaves a snapshot, and the next start goes on from it as from the log")
    func startsFromSnapshot() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let head = try LogReader(directory.path).head()
        #expect(Self.names(directory.path) == [Self.name(head.lastSequence.rawValue)])
        let book = try #require(try loaded(directory.path))
        #expect(book.lastSequence == head.lastSequence)
        #expect(book.isSame(as: try Self.replayed(directory.path)))

        let desk = try desk(directory.path)
        #expect(desk.notices.isEmpty, "nothing is left to replay")
        #expect(try desk.ask("d-3", debit(3)).told == "replayed debited")
        #expect(try desk.ask("d-21", debit(10)).told == "accepted debited")
        #expect(try desk.ask("s-1", settle("h-1", 5)).told == "accepted settled")
        #expect(try desk.ask(.balance(tenant: "t", account: "a", unit: nil)).balance == 1000 - 210 - 15)
        desk.engine.stop()
        #expect(try Self.replayed(directory.path).lastSequence.rawValue == head.lastSequence.rawValue + 2)
        #expect(notes.take() == [])
    }

    @Test("what was written behind a snapshot is replayed")
    func replaysRest() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let first = try desk(directory.path)
        for number in 100...140 { _ = try first.ask(Name("d-\(number)")!, debit(1)) }
        first.engine.stop()
        let second = try desk(directory.path)
        #expect(second.notices.count == 1)
        #expect(try second.ask("d-120", debit(1)).told == "replayed debited")
        #expect(try second.ask(.balance(tenant: "t", account: "a", unit: nil)).balance == 1000 - 210 - 30 - 41)
        second.engine.stop()
    }

    @Test("every changed byte of a snapshot is noticed, and the log is enough")
    func everyByte() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let file = directory.path + "/snapshots/" + Self.names(directory.path)[0]
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index & 7)
            try Data(changed).write(to: URL(filePath: file))
            let isIgnored = try loaded(directory.path) == nil
            try #require(isIgnored && notes.take().count == 1, "byte \(index)")
        }
        for count in stride(from: 0, to: bytes.count, by: 101) {
            try Data(bytes[..<count]).write(to: URL(filePath: file))
            let isIgnored = try loaded(directory.path) == nil
            try #require(isIgnored && notes.take().count == 1, "\(count) bytes")
        }
        try Data(bytes + [0]).write(to: URL(filePath: file))
        let desk = try desk(directory.path)
        #expect(notes.take().count == 1 && desk.notices.count == 1)
        #expect(try desk.ask("d-3", debit(3)).told == "replayed debited")
        desk.engine.stop()
        #expect(Self.names(directory.path).count == 1, "what is passed over is left where it is")
        try Data(bytes).write(to: URL(filePath: file))
        #expect(try loaded(directory.path) != nil)
    }

    @Test("of another ledger, newer than the log, of another history, or under another's name: passed over for the older one")
    func foreign() throws {
        let directory = DataDirectory()
        let other = DataDirectory()
        try prepare(directory.path)
        try prepare(other.path)
        let (newest, name) = (try LogReader(directory.path).head(), Self.names(directory.path)[0])
        func put(_ watermark: Watermark, as name: String) throws {
            let path = directory.path + "/snapshots/" + name
            try? FileManager.default.removeItem(atPath: path)
            try SnapshotWriting(try PosixVolume().createFile(path), watermark, isCancelled: { false }).write(
                Self.replayed(directory.path))
        }
        func expectIgnored(_ words: String) throws {
            let book = try loaded(directory.path)
            #expect(book?.lastSequence == newest.lastSequence)
            let notes = notes.take()
            #expect(notes.count == 1 && notes[0].contains(words), "\(notes)")
        }
        let later = Self.name(newest.lastSequence.rawValue + 5)
        try FileManager.default.copyItem(
            atPath: other.path + "/snapshots/" + name, toPath: directory.path + "/snapshots/" + later)
        try expectIgnored("it is the snapshot of event")
        let beyond = SequenceNumber(newest.lastSequence.rawValue + 5)
        try put(Watermark(ledger: try LogReader(other.path).head().ledger, sequence: beyond, chain: newest.chain), as: later)
        try expectIgnored("it is of ledger")
        try put(Watermark(ledger: newest.ledger, sequence: beyond, chain: newest.chain), as: later)
        try expectIgnored("newer than the log")
        // The log grows: now the number is there, with another chain.
        let desk = try desk(directory.path)
        for number in 30...40 { _ = try desk.ask(Name("d-\(number)")!, debit(1)) }
        desk.engine.stop()
        _ = notes.take()
        try expectIgnored("another history")
        #expect(Self.names(directory.path).contains(later))
    }

    @Test("a book that is not the one its header names is passed over")
    func otherBook() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let head = try LogReader(directory.path).head()
        var book = try Self.replayed(directory.path)
        let path = directory.path + "/snapshots/" + Self.names(directory.path)[0]
        try FileManager.default.removeItem(atPath: path)
        book.apply(
            Event(
                sequence: book.lastSequence.next, at: book.lastAt, day: Day(utc: book.lastAt), tenant: "t", id: "f",
                group: GroupHead(count: 1, body: 0), peer: nil, actor: nil,
                fact: .accountFrozen(AccountStateChanged(account: "a", reason: "x"))))
        try SnapshotWriting(try PosixVolume().createFile(path), head.watermark, isCancelled: { false }).write(book)
        #expect(try loaded(directory.path) == nil)
        #expect(notes.take().count == 1)
    }

    @Test("while the ledger is at work snapshots are written behind it, and the newest two are kept")
    func running() throws {
        let directory = DataDirectory()
        let desk = try desk(directory.path, running: 50)
        _ = try desk.ask("g", grant(100_000))
        var seen = Set<String>()
        for round in 1...4 {
            for number in 1...60 { _ = try desk.ask(Name("d-\(round)-\(number)")!, debit(1)) }
            // Looked for until it is there: it comes when its thread has its turn.
            while seen.count < round {
                sched_yield()
                let names = Self.names(directory.path).filter { $0.hasSuffix(".snapshot") }
                #expect(names.count <= 3, "two, and for a moment the new one")
                seen.formUnion(names)
            }
        }
        desk.engine.stop()
        #expect(Self.names(directory.path).allSatisfy { $0.hasSuffix(".snapshot") })
        let book = try #require(try loaded(directory.path))
        let head = try LogReader(directory.path).head()
        #expect(book.lastSequence > .first && book.lastSequence <= head.lastSequence)
        #expect(notes.take() == [])
    }

    @Test("what a crash left half written is removed by the next that is written, and never read")
    func halfWritten() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let half = directory.path + "/snapshots/00000000000000000099.snapshot.new"
        try Data([1, 2, 3]).write(to: URL(filePath: half))
        let first = try desk(directory.path, atStop: 1)
        #expect(notes.take() == [])
        _ = try first.ask("x", debit(1))
        first.engine.stop()
        #expect(Self.names(directory.path).count == 2 && !FileManager.default.fileExists(atPath: half))
        for id in ["y", "z"] as [Name] {
            let next = try desk(directory.path, atStop: 1)
            _ = try next.ask(id, debit(1))
            next.engine.stop()
        }
        let last = try LogReader(directory.path).head().lastSequence.rawValue
        #expect(Self.names(directory.path) == [Self.name(last - 1), Self.name(last)])
    }

    @Test("a stop with few events since the last snapshot writes none; nor does one that never is to")
    func fewEvents() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        for atStop in [1000, nil] as [UInt64?] {
            let desk = try desk(directory.path, atStop: atStop)
            _ = try desk.ask(Name("x-\(atStop ?? 0)")!, debit(1))
            desk.engine.stop()
        }
        #expect(Self.names(directory.path).count == 1)
    }

    @Test("where no snapshot can be written, the ledger works and says so")
    func cannotWrite() throws {
        let directory = DataDirectory()
        let first = try desk(directory.path)
        _ = try first.ask("g", grant(5))
        first.engine.stop()
        try Data([1]).write(to: URL(filePath: directory.path + "/snapshots"))
        let second = try desk(directory.path, atStop: 1)
        #expect(try second.ask("d", debit(1)).told == "accepted debited")
        second.engine.stop()
        #expect(notes.take().contains { $0.hasPrefix("no snapshot was written") })
    }

    @Test("a snapshot is made on demand, but not beside a daemon")
    func onDemand() throws {
        let directory = DataDirectory()
        let desk = try desk(directory.path)
        _ = try desk.ask("g", grant(5))
        let options = LedgerEngine.Options()
        let error = #expect(throws: LogError.self) { try LedgerEngine.makeSnapshot(directory.path, options) { _ in } }
        #expect(error?.code == .locked)
        desk.engine.stop()
        let sequence = try LedgerEngine.makeSnapshot(directory.path, options) { _ in }
        #expect(Self.names(directory.path) == [Self.name(sequence.rawValue)])
        #expect(try loaded(directory.path)?.isSame(as: Self.replayed(directory.path)) == true)
        #expect(try LogReader(directory.path).head().lastSequence == sequence, "nothing was added to the log")
    }

    @Test("a cut that was recorded before the snapshot is not recorded again")
    func recordedCut() throws {
        let directory = DataDirectory()
        try prepare(directory.path)
        let torn = directory.path + "/torn"
        try tearTail(directory.path)
        let first = try Desk(directory.path) { options in
            options.operatorCuts = true
            options.snapshots.eventCountAtStop = 1
        }
        #expect(first.notices.contains { $0.hasPrefix("cut") })
        first.engine.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: torn).count == 1)
        let recorded = try LogReader(directory.path).head().lastSequence
        let second = try desk(directory.path)
        #expect(second.notices.isEmpty && second.engine.status.head.lastSequence == recorded)
        second.engine.stop()
    }

    /// Bytes behind the end that the operator lets be cut off.
    private func tearTail(_ path: String) throws {
        let head = try LogReader(path).head()
        let segment = path + "/log/" + String(format: "%020d.lz4", Int(head.segment.rawValue))
        let file = try FileHandle(forUpdating: URL(filePath: segment))
        try file.seek(toOffset: head.offset)
        try file.write(contentsOf: Data([0x51, 0x2a, 0x4d, 0x18]))
        try file.close()
    }
}

extension Book {
    /// The same but for the secret by which ids are hashed.
    fileprivate func isSame(as other: Book) -> Bool {
        lastSequence == other.lastSequence && lastAt == other.lastAt && identity == other.identity && tenants == other.tenants
            && keyHashes == other.keyHashes && agendas == other.agendas && identifierCount == other.identifierCount
            && accountCount == other.accountCount
    }
}
