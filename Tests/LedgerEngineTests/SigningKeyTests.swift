import EventCodec
import Foundation
import JSONText
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing
import Transparency

@testable import LedgerEngine

@Suite("The signing key")
struct SigningKeyTests {
    private static let directory = "/data"
    private static let origin: Name = "ledger.example/test"

    /// A ledger of one event, which names its key.
    private func ledger() throws -> MemoryVolume {
        let volume = MemoryVolume()
        let (log, _) = try SegmentLog.open(
            Self.directory, volume: volume, bounds: Self.bounds, watermarks: [], creatingWith: { LedgerID.random() },
            now: Self.now)
        var opening = Opening(log, Book(hashKey: HashKey(1, 2), zones: .foundation), now: Self.now)
        let key = try SigningKey(in: Self.directory, volume: volume).verifierKey(of: Self.origin)
        try opening.openLedger(origin: Self.origin, key: key)
        try log.close()
        return volume
    }

    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let clock = Clock(now: { now })
    private static var bounds: LogBounds {
        var bounds = LogBounds()
        bounds.batchRawByteCountMax = 64 << 10
        bounds.segmentByteCountMax = 256 << 10
        bounds.tailChunkByteCount = 16 << 10
        return bounds
    }

    private func keys(_ volume: MemoryVolume) throws -> [Name] {
        let reader = LogReader(Self.directory, volume: volume)
        return try IdentityScan(reader, upTo: reader.head()).keys.map(\.key)
    }

    private func signer(_ volume: MemoryVolume) throws -> Name {
        let signer = try SigningKey.signer(of: Self.origin, keys: keys(volume), in: Self.directory, volume: volume)
        return Name(signer.verifierKey.description)!
    }

    private func replace(_ volume: MemoryVolume) throws -> KeyReplacement {
        try LedgerEngine.replaceKey(in: Self.directory, volume: volume, reason: "lost", bounds: Self.bounds, clock: Self.clock)
    }

    @Test("is made once, durably, and read again")
    func made() throws {
        let volume = try ledger()
        volume.powerCut()
        #expect(SigningKey.exists(in: Self.directory, volume: volume))
        #expect(try signer(volume) == keys(volume).last)
    }

    @Test("is replaced with an event; the log names both, and the new one signs")
    func replaced() throws {
        let volume = try ledger()
        let replacement = try replace(volume)
        #expect(try keys(volume) == [replacement.old, replacement.new])
        #expect(try signer(volume) == replacement.new)
        let reader = LogReader(Self.directory, volume: volume)
        let event = try reader.batch(holding: replacement.sequence, upTo: reader.head())
        #expect(String(decoding: event.records, as: UTF8.self).contains(#""type":"signingKeyReplaced""#))
        volume.powerCut()
        #expect(try signer(volume) == replacement.new)
    }

    @Test("a lost or foreign key is refused, and can be replaced")
    func lost() throws {
        for foreign in [true, false] {
            let volume = try ledger()
            try volume.remove("\(Self.directory)/signing.key")
            if foreign { volume.put("\(Self.directory)/signing.key", Array(Data(repeating: 1, count: 32).base64EncodedData())) }
            #expect { try signer(volume) } throws: { "\($0)".contains("replace-key") }
            let replacement = try replace(volume)
            #expect(try signer(volume) == replacement.new)
        }
    }

    @Test("what is no key is refused", arguments: ["", "not base64!", "AAAA", "\u{FFFD}"])
    func malformed(_ text: String) throws {
        let volume = try ledger()
        volume.put("\(Self.directory)/signing.key", Array(text.utf8))
        #expect(throws: EngineError.self) { try signer(volume) }
        #expect(throws: EngineError.self) { try SigningKey(in: Self.directory, volume: volume) }
    }

    @Test("a key that others may read is refused", arguments: [0o644, 0o640, 0o604, 0o666])
    func readable(_ mode: Int) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "daybook-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        _ = try SigningKey(in: directory.path)
        _ = try SigningKey(in: directory.path)
        let path = directory.appending(path: "signing.key").path
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect { try SigningKey(in: directory.path) } throws: { "\($0)".contains("chmod 600") }
    }

    @Test("a crash at every operation of a replacement leaves a ledger that signs, with the key that its log names")
    func crashes() throws {
        let whole = try ledger()
        let count = try operations(of: whole.copy())
        #expect(count > 8)
        for operation in 0..<count {
            for cut in 0..<4 as Range<UInt64> {
                let volume = whole.copy()
                volume.plan(.crash, at: .operation(operation))
                #expect(throws: (any Error).self) { try replace(volume) }
                switch cut {
                case 0: volume.powerCut()
                case 1: volume.powerCut(.everything)
                default: volume.powerCut(seed: cut)
                }
                try check(volume, "operation \(operation), cut \(cut)")
            }
        }
    }

    private func operations(of volume: MemoryVolume) throws -> Int {
        _ = try replace(volume)
        return volume.operationCount
    }

    private func check(_ volume: MemoryVolume, _ place: Comment) throws {
        // As the daemon starts: the log is opened first, and what was never answered is cut off.
        try SegmentLog.open(
            Self.directory, volume: volume, bounds: Self.bounds, watermarks: [], creatingWith: nil, now: Self.now
        ).log.close()
        let signer = try signer(volume)
        #expect(try signer == keys(volume).last, place)
        let next = try replace(volume)
        #expect(try next.old == signer && self.signer(volume) == next.new, place)
    }

    @Test(
        "who a ledger is stands in its lines, wherever in the log they stand",
        arguments: [1, 9, 10, 99_999, 1_000_000_007] as [UInt64])
    func scanned(_ number: UInt64) throws {
        var scan = IdentityScan()
        let first = SequenceNumber(number)
        let restored = Restored(
            ledger: "l-2", origin: "o-2", key: "k-2", parent: "l-1", sequence: first, root: "r")
        let facts: [Fact] = [
            .ledgerOpened(LedgerOpened(ledger: "l-1", origin: "o-1", key: "k-1")),
            .recovered(Recovered(segment: .first, offset: 1, byteCount: 2, torn: "restored")),
            .signingKeyReplaced(SigningKeyReplaced(key: "k-1b", reason: "lost")), .restored(restored),
            .signingKeyReplaced(SigningKeyReplaced(key: "k-2b", reason: "lost")),
        ]
        var found: [[Name]] = []
        for (index, fact) in facts.enumerated() {
            let event = Event(
                sequence: first.advanced(by: index), at: Self.now, day: Day(utc: Self.now), tenant: .system, id: "i",
                group: GroupHead(count: 1, body: 0), peer: nil, actor: nil, fact: fact)
            var line = JSONWriter()
            EventCodec.encode(event, into: &line)
            try Array(line.bytes).withUnsafeBytes { try scan.take($0, from: event.sequence) }
            found.append(scan.keys.map(\.key))
        }
        #expect(found == [["k-1"], ["k-1"], ["k-1", "k-1b"], ["k-2"], ["k-2", "k-2b"]])
        #expect(scan.ledger == "l-2" && scan.origin == "o-2")
        #expect(scan.keys.map(\.since) == [first.advanced(by: 3), first.advanced(by: 4)])
    }
}
