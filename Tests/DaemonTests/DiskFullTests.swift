import EventCodec
import Foundation
import LedgerClient
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

/// The real daemon on a disk of 40 MiB that another file fills.
@Suite struct DiskFullTests {
    @Test func aFullDiskRefusesWhatConsumesAndLosesNothing() throws {
        guard let disk = try SmallFileSystem(mebibytes: 40) else {
            return print("no file system can be mounted here: the writer's own tests stand in, on a simulated disk")
        }
        let data = disk.path + "/ledger"
        let daemon = try RunningDaemon(data: data)
        var teller = Teller(try daemon.connect())
        try teller.prepare()
        try waitUntil { FileManager.default.fileExists(atPath: data + "/log/reserve") }
        try disk.fill()
        try teller.debitUntilRefused()
        #expect(!FileManager.default.fileExists(atPath: data + "/log/reserve"))
        try checkWhatIsTaken(&teller, 0)

        // Killed on a full disk, and started on it.
        daemon.killAtOnce()
        let again = try RunningDaemon(data: data)
        teller.connection = try again.connect()
        try teller.debitUntilRefused()
        try checkWhatIsTaken(&teller, 1)

        // The same daemon goes on as soon as there is space.
        try disk.makeRoom()
        try waitUntil { try teller.send("debit", "later", ["account": "a", "unit": "credits", "amount": 1]) }
        for number in 0..<20 { #expect(try teller.debit("after-\(number)")) }
        #expect(again.stop() == 0)
        #expect(try Programs.run(Programs.path("daybookd"), ["verify", "--data", data]).status == 0)
        #expect(try teller.missing(in: data) == [])
    }

    private func checkWhatIsTaken(_ teller: inout Teller, _ round: Int) throws {
        #expect(try !teller.debit("refused-\(round)"))
        #expect(try !teller.send("grant", "no-\(round)", ["account": "a", "unit": "credits", "amount": 1]))
        #expect(try teller.send("settle", "settle-\(round)", ["hold": .string("hold-\(round)"), "amount": 1]))
        #expect(try teller.send("release", "release-\(round)", ["hold": .string("hold-\(round + 2)")]))
        #expect(try teller.send("refund", "refund-\(round)", ["of": "used", "amount": 1]))
        #expect(
            try teller.send("extend", "extend-\(round)", ["hold": "hold-9", "expiresInSeconds": .integer(Int64(5000 + round))]))
        // What was done is told again, whatever it was.
        let known = try teller.connection.call(
            "debit", ["tenant": "t", "id": "used", "account": "a", "unit": "credits", "amount": 5])
        #expect(known["replayed"] == .boolean(true))
        let balance = try teller.connection.call("balance", ["tenant": "t", "account": "a"])
        #expect(balance["balances"]?.elements?.count == 1)
    }

    private func waitUntil(_ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !condition() { try #require(ContinuousClock.now < deadline) }
    }
}

/// Somebody who sends commands and remembers which were answered.
private struct Teller {
    var connection: LedgerConnection
    private var answered: [String: Int64] = [:]
    private var number = 0
    private let noise: JSONValue = {
        var random = SeededGenerator(seed: 3)
        return .string(String(decoding: (0..<4000).map { _ in UInt8.random(in: 0x5d...0x7d, using: &random) }, as: UTF8.self))
    }()

    init(_ connection: LedgerConnection) { self.connection = connection }

    mutating func prepare() throws {
        #expect(try send("grant", "grant", ["account": "a", "unit": "credits", "amount": 100_000]))
        for hold in 0..<10 {
            #expect(
                try send(
                    "hold", "hold-\(hold)", ["account": "a", "unit": "credits", "amount": 3, "expiresInSeconds": 3600]))
        }
        #expect(try send("debit", "used", ["account": "a", "unit": "credits", "amount": 5]))
    }

    /// False when the disk is full.
    mutating func send(_ method: String, _ id: String, _ fields: KeyValuePairs<String, JSONValue>) throws -> Bool {
        let common: KeyValuePairs<String, JSONValue> = ["tenant": "t", "id": .string(id)]
        let members = (Array(common) + Array(fields)).map { JSONValue.Member($0.key, $0.value) }
        do {
            answered[id] = try #require(try connection.call(method, .object(members))["seq"]?.integer)
            return true
        } catch ClientError.rpc(let error) where error.code == RPCError.diskFull {
            #expect(error.message.contains("settle, release, extend, refund, revokeKeys and configure"))
            return false
        }
    }

    /// A debit with almost 4 KiB that do not compress well.
    mutating func debit(_ id: String) throws -> Bool {
        try send(
            "debit", id, ["account": "a", "unit": "credits", "amount": 1, "details": .object([JSONValue.Member("noise", noise)])])
    }

    mutating func debitUntilRefused() throws {
        while try debit("fill-\(number)") {
            number += 1
            try #require(number < 8000, "the disk is full, and no debit is refused")
        }
    }

    /// What was answered and is not in the log where the answer says.
    func missing(in directory: String) throws -> [String] {
        var found: [String: Int64] = [:]
        let reader = LogReader(directory)
        let head = try reader.head()
        let cursor = reader.cursor(from: .first)
        while let batch = try cursor.next(upTo: head) {
            for line in batch.records.split(separator: UInt8(ascii: "\n")) {
                let event = try line.withUnsafeBytes { bytes throws in try EventCodec.decode(bytes) }
                if let group = event.group { found[event.id.text] = Int64(event.sequence.rawValue) + Int64(group.count) - 1 }
            }
        }
        return answered.filter { found[$0.key] != $0.value }.keys.sorted()
    }
}

/// A file system in memory, of a few mebibytes; it goes with the test.
private final class SmallFileSystem {
    private let directory: TemporaryDirectory
    var path: String { directory.path }

    /// Nil where nothing may be mounted.
    init?(mebibytes: Int) throws {
        directory = try TemporaryDirectory()
        let mount = try Programs.run(
            URL(filePath: "/usr/bin/env"), ["mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", directory.path])
        if mount.status != 0 { return nil }
    }

    deinit { _ = try? Programs.run(URL(filePath: "/usr/bin/env"), ["umount", "-l", directory.path]) }

    /// Writes a file until there is no space left.
    func fill() throws {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        for byteCount in [1 << 20, 4096] {
            let zeros = [UInt8](repeating: 1, count: byteCount)
            while write(descriptor, zeros, byteCount) > 0 {}
        }
        #expect(errno == ENOSPC)
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}
