import Crypto
import Foundation
import LedgerEngine
import LedgerTestKit
import SegmentLog
import Testing

@testable import LedgerModel

@Suite("Opening a ledger")
struct OpeningTests {
    @Test("a new ledger says once who it is, with the verifier key of its signing key")
    func newLedger() throws {
        let directory = DataDirectory()
        for _ in 0..<2 {
            let desk = try Desk(directory.path)
            #expect(desk.engine.status.head.lastSequence == .first)
            desk.engine.stop()
        }
        let event = try #require(try directory.events().first)
        guard case .ledgerOpened(let fact) = event.fact else {
            Issue.record("the first event is \(event)")
            return
        }
        #expect(
            event.tenant == .system && event.id == "$ledger" && event.group == GroupHead(count: 1, body: 0) && event.peer == nil)
        #expect(event.at == ManualClock.start)
        #expect(fact.origin.text == "daybook/\(fact.ledger)")
        try checkVerifierKey(fact, directory.path + "/signing.key")
        #expect(
            try FileManager.default.attributesOfItem(atPath: directory.path + "/signing.key")[.posixPermissions] as? Int == 0o600)
    }

    /// C2SP signed-note: `<name>+<first 4 bytes of SHA-256 over name, newline, type and key, in hex>+<base64 of type and key>`.
    private func checkVerifierKey(_ fact: LedgerOpened, _ path: String) throws {
        let halves = fact.key.text.split(separator: "+", maxSplits: 2)
        #expect(halves[0] == fact.origin.text)
        let typed = try #require(Data(base64Encoded: String(halves[2])))
        #expect(typed.first == 1 && typed.count == 33)
        let hash = SHA256.hash(data: Data("\(fact.origin)\n".utf8) + typed).prefix(4)
        #expect(halves[1] == hash.map { String(format: "%02x", $0) }.joined())
        let secret = try #require(
            Data(base64Encoded: try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)))
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
        #expect(key.publicKey.rawRepresentation == typed.dropFirst())
    }

    @Test("an origin may be chosen, as long as its key has room; a refused start can be made good")
    func origin() throws {
        let directory = DataDirectory()
        #expect(throws: EngineError.self) { try Desk(directory.path) { $0.origin = Name(String(repeating: "o", count: 120))! } }
        let desk = try Desk(directory.path) { $0.origin = "ledger.example/acme" }
        desk.engine.stop()
        guard case .ledgerOpened(let fact)? = try directory.events().first?.fact else {
            Issue.record("no ledgerOpened")
            return
        }
        #expect(fact.origin == "ledger.example/acme" && fact.key.text.hasPrefix("ledger.example/acme+"))
    }

    @Test("a signing key that is none is refused, and left as it is", arguments: ["", "not a key\n", "AAAA\n"])
    func badKey(_ text: String) throws {
        let directory = DataDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try text.write(toFile: directory.path + "/signing.key", atomically: true, encoding: .utf8)
        #expect(throws: EngineError.self) { try Desk(directory.path) }
        #expect(try String(contentsOfFile: directory.path + "/signing.key", encoding: .utf8) == text)
    }

    @Test("one engine at a time has a directory open")
    func locked() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        let error = #expect(throws: LogError.self) { try Desk(directory.path) }
        #expect(error?.code == .locked)
        desk.engine.stop()
        try Desk(directory.path).engine.stop()
    }

    @Test("a clock more than an hour behind the log is refused, unless the operator accepts it; time never goes back")
    func clockBehind() throws {
        let directory = DataDirectory()
        let desk = try Desk(directory.path)
        _ = try desk.ask("g", grant(5))
        desk.clock.advance(seconds: -1000)
        let early = try desk.ask("d-1", debit(1)).events
        #expect(early.map(\.at) == [ManualClock.start])
        desk.clock.advance(seconds: 1060)
        #expect(try desk.ask("d-2", debit(1)).events.map(\.at) == [ManualClock.start.adding(seconds: 60)])
        desk.engine.stop()

        func reopen(behind seconds: Int64, accept: Bool = false) throws -> Desk {
            try Desk(directory.path, clock: ManualClock(ManualClock.start.adding(seconds: 60 - seconds))) {
                $0.acceptClock = accept
            }
        }
        let error = #expect(throws: EngineError.self) { try reopen(behind: 3601) }
        guard case .clockBehind(by: 3601)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try reopen(behind: 3600).engine.stop()
        let accepted = try reopen(behind: 9999, accept: true)
        #expect(try accepted.ask("d-3", debit(1)).events.map(\.at) == [ManualClock.start.adding(seconds: 60)])
        accepted.engine.stop()
        #expect(throws: EngineError.self) { try reopen(behind: 9999) }
    }

    @Test("a clock more than 30 days ahead of the log is told")
    func clockAhead() throws {
        let directory = DataDirectory()
        try Desk(directory.path).engine.stop()
        for (days, isTold) in [(30, false), (31, true)] as [(Int64, Bool)] {
            let desk = try Desk(directory.path, clock: ManualClock(ManualClock.start.adding(days: days)))
            #expect(desk.notices.contains { $0.hasPrefix("clockAhead") } == isTold)
            desk.engine.stop()
        }
    }

    @Test(
        "the zones are those of Foundation's database, through all their changes",
        arguments: [
            "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Pyongyang", "Australia/Lord_Howe",
            "America/Sao_Paulo",
        ])
    func zones(_ identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        let rules = try #require(ZoneTable.foundation.rules(Name(identifier)!))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for hour in stride(from: 0, to: 24 * 365 * 70, by: 37) {
            let date = Date(timeIntervalSince1970: Double(hour) * 3600)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let day = rules.day(of: Timestamp(microseconds: Int64(hour) * 3_600_000_000))
            try #require(day == Day(year: parts.year!, month: parts.month!, day: parts.day!), "\(identifier) \(date)")
        }
    }

    @Test(
        "there is no other zone",
        arguments: ["utc", "Mars/Olympus", "GMT+25", "GMT+05:30", "+01:00", "PST", "europe/berlin", "Europe/Berlin "])
    func noZone(_ identifier: String) {
        #expect(ZoneTable.foundation.rules(Name(identifier)!) == nil)
    }
}

extension Timestamp {
    func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: rawValue + seconds * Timestamp.microsecondsPerSecond) }
}
