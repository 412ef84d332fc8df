import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// The key estate is what the events say of the keys and of their uses.
@Suite struct KeysTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    private struct Key {
        let issued: EventLine
        /// The event that last said its terms.
        var terms: EventLine
        var status = "active"
        var lastUsedAt: Timestamp?
        var uses: Int64 = 0

        var name: String { issued.text("key")! }
        var expiresAt: Timestamp? { terms.text("expiresAt").flatMap { Timestamp(rfc3339: $0) } }
        func text(_ name: String) -> String? { terms.text(name) }
    }

    /// In order of their names.
    private func keys(of tenant: Name) throws -> [Key] { KeysTests.keys(in: try ledger.lines(of: tenant)) }

    private static func keys(in lines: [EventLine]) -> [Key] {
        var keys: [String: Key] = [:]
        for line in lines {
            guard let name = line.text("key") else { continue }
            switch line.type {
            case "keyIssued": keys[name] = Key(issued: line, terms: line)
            case "keyUpdated": (keys[name]!.terms, keys[name]!.status) = (line, line.text("status")!)
            case "keyRevoked": keys[name]!.status = "revoked"
            case "debited" where line.fields["late"] == nil, "held":
                keys[name]!.lastUsedAt = line.event.at
                keys[name]!.uses += 1
            default: break
            }
        }
        return keys.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private var now: Timestamp { ledger.now }

    @Test func theListIsFiltered() async throws {
        try await ledger.following { ask in
            let all = try keys(of: "acme")
            func check(
                _ arguments: [String: QueryValue], at place: SourceLocation = #_sourceLocation, _ isWanted: (Key) -> Bool
            ) async throws {
                let rows = try await ask("keys.list", arguments.merging(["tenant": "acme", "limit": 4]) { $1 }, now)
                let wanted = all.filter(isWanted)
                #expect(rows.map { $0.text("key")! } == wanted.map(\.name) && !wanted.isEmpty, sourceLocation: place)
                for (row, key) in zip(rows, wanted) {
                    #expect(row.text("status") == key.status && row.integer("uses") == key.uses, sourceLocation: place)
                    #expect(row.text("lastUsedAt") == key.lastUsedAt?.description, sourceLocation: place)
                }
            }
            let middle = all.map(\.issued.event.at).sorted()[all.count / 2]
            try await check([:]) { _ in true }
            try await check(["keys": .texts([all[0].name, all[2].name, "none"])]) {
                [all[0].name, all[2].name].contains($0.name)
            }
            try await check(["accounts": .texts(["u-1", "u-4"])]) { ["u-1", "u-4"].contains($0.text("account")) }
            try await check(["owners": .texts(["ops"])]) { $0.text("owner") == "ops" }
            try await check(["platforms": .texts(["web", "x"])]) { $0.text("platform") == "web" }
            try await check(["tags": .texts(["green", "red"])]) { $0.terms.texts("tags").contains("green") }
            try await check(["statuses": .texts(["revoked", "faulty"])]) { ["revoked", "faulty"].contains($0.status) }
            try await check(["issuedSince": .text(middle.description)]) { $0.issued.event.at >= middle }
            try await check(["issuedUntil": .text(middle.description)]) { $0.issued.event.at < middle }
            let expiry = try #require(all.compactMap(\.expiresAt).sorted().dropFirst(3).first)
            try await check(["expiresBefore": .text(expiry.description)]) { $0.expiresAt.map { $0 < expiry } ?? false }
            try await check(["expiresAfter": .text(expiry.description)]) { $0.expiresAt.map { $0 > expiry } ?? false }
            try await check(["expired": .boolean(true)]) { $0.expiresAt.map { $0 <= now } ?? false }
            try await check(["expired": .boolean(false)]) { $0.expiresAt.map { $0 > now } ?? true }
            try await check(["text": "GREEN"]) { $0.terms.texts("tags").contains("green") }
            try await check(["text": "Key-1"]) { $0.name.contains("key-1") }
        }
    }

    /// A use is a debit or a hold with the key; what ends a hold is none, in time or late.
    @Test func usesAreCounted() async throws {
        var memory = MemoryLedger()
        let start = Timestamp(rfc3339: "2026-11-21T00:00:00Z")!
        let keys = (1...3).map {
            KeyIssued(
                key: Name("k-\($0)")!, hash: KeyHash(String(repeating: "\($0)", count: 64))!, account: "a", terms: KeyTerms())
        }
        func use(_ key: Name) -> Use { Use(key: key) }
        let debit = { (key: Name) in Command.debit(Debit(account: "a", ask: .amount(unit: "credits", 5), use: use(key))) }
        let hold = { (key: Name) in
            Command.hold(Hold(account: "a", ask: .amount(unit: "credits", 5), use: use(key), expiresInSeconds: 60))
        }
        let settle = { (hold: Name) in Command.settle(Settle(hold: hold, extent: .everything, method: .reported, labels: [:])) }
        let commands: [Command] = [
            .grant(Grant(account: "a", unit: "credits", amount: 100)), .issueKeys(IssueKeys(keys: keys)), debit("k-1"),
            hold("k-1"),
            settle("c-3"), hold("k-2"), .grant(Grant(account: "a", unit: "credits", amount: 1)), settle("c-5"), debit("k-1"),
        ]
        for (number, command) in commands.enumerated() {
            let now = start.adding(days: Int64(number > 5 ? 1 : 0))
            _ = memory.passDue(at: now)
            _ = try memory.send(Request(tenant: "acme", id: Name("c-\(number)")!, body: 0, command: command), at: now)
        }
        let lines = try memory.events.map(EventLine.init)
        #expect(lines.contains { $0.type == "debited" && $0.fields["late"] != nil })
        let told = KeysTests.keys(in: lines)
        #expect(told.map(\.uses) == [3, 1, 0])
        let own = try Ledger()
        for event in memory.events { try own.append([event]) }
        let readModels = try own.readModels()
        readModels.start()
        func rows(_ arguments: [String: QueryValue]) async throws -> [Row] {
            try await readModels.rows(
                "keys.list", arguments.merging(["tenant": "acme"]) { $1 }, at: memory.events.last!.sequence, now: start)
        }
        #expect(try await rows([:]).map { $0.integer("uses") } == told.map(\.uses))
        #expect(try await rows([:]).map { $0.text("lastUsedAt") } == told.map { $0.lastUsedAt?.description })
        func names(_ arguments: [String: QueryValue]) async throws -> [String?] {
            try await rows(arguments).map { $0.text("key") }
        }
        #expect(try await names(["used": .boolean(true)]) == ["k-1", "k-2"])
        #expect(try await names(["used": .boolean(false)]) == ["k-3"])
        #expect(try await names(["unusedSince": .text(start.adding(days: 1).description)]) == ["k-2", "k-3"])
        #expect(try await names(["unusedSince": .text(start.description)]) == ["k-3"])
        await readModels.stop()
    }

    @Test func whatExpiresIsFiltered() async throws {
        try await ledger.following { ask in
            let early = Timestamp(microseconds: ledger.events[0].at.rawValue)
            let all = try keys(of: "acme").filter { $0.status != "revoked" && $0.expiresAt != nil }
                .sorted { ($0.expiresAt!, $0.name) < ($1.expiresAt!, $1.name) }
            for (arguments, isWanted) in [
                ([:], { _ in true }), (["tags": .texts(["blue"])], { $0.terms.texts("tags").contains("blue") }),
                (["platforms": .texts(["web"])], { $0.text("platform") == "web" }),
                (["owners": .texts(["ops"])], { $0.text("owner") == "ops" }),
                (["statuses": .texts(["active"])], { $0.status == "active" }),
            ] as [([String: QueryValue], (Key) -> Bool)] {
                let given = arguments.merging(["tenant": "acme", "before": "9999-01-01T00:00:00Z", "limit": 2]) { $1 }
                let rows = try await ask("keys.expiring", given, early)
                #expect(rows.map { $0.text("key")! } == all.filter(isWanted).map(\.name) && !rows.isEmpty)
            }
        }
    }

    @Test func statisticsAreCountsOfTheKeys() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = try keys(of: tenant)
                let tags = all.flatMap { key in key.terms.texts("tags").map { ($0, key) } }
                let untagged = all.filter { $0.terms.texts("tags").isEmpty }.map { (nil as String?, $0) }
                try await check("keys.tags", "tag", ["tenant": .init(tenant)], tags + untagged, ask)
                for by in ["owner", "platform", "account"] {
                    let groups = all.map { ($0.text(by), $0) }
                    try await check("keys.stats", "value", ["tenant": .init(tenant), "by": .text(by)], groups, ask)
                }
                try await check("keys.stats", "value", ["tenant": .init(tenant)], all.map { ($0.status, $0) }, ask)
                try await check(
                    "keys.stats", "value", ["tenant": .init(tenant), "owners": .texts(["ops"])],
                    all.filter { $0.text("owner") == "ops" }.map { ($0.status, $0) }, ask)
            }
        }
    }

    /// At two instants, for keys lapse by time alone.
    private func check(
        _ method: String, _ column: String, _ arguments: [String: QueryValue], _ keys: [(String?, Key)], _ ask: BuiltInLedger.Ask
    ) async throws {
        let groups = Dictionary(grouping: keys) { $0.0 ?? "" }.mapValues { $0.map(\.1) }
        for now in [now, Timestamp(microseconds: now.rawValue - 10 * Timestamp.microsecondsPerDay)] {
            let rows = try await ask(method, arguments.merging(["limit": 1, "days": 5]) { $1 }, now)
            #expect(rows.map { $0.text(column) ?? "" } == groups.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for row in rows { check(row, groups[row.text(column) ?? ""] ?? [], now) }
        }
    }

    private func check(_ row: Row, _ keys: [Key], _ now: Timestamp) {
        let soon = Timestamp(microseconds: now.rawValue + 5 * Timestamp.microsecondsPerDay)
        let live = keys.filter { $0.status != "revoked" }
        let counts =
            [keys.count] + ["active", "disabled", "faulty", "revoked"].map { status in keys.count { $0.status == status } } + [
                live.count { $0.expiresAt.map { $0 <= now } ?? false },
                live.count { $0.expiresAt.map { $0 > now && $0 <= soon } ?? false }, live.count { $0.uses == 0 },
            ]
        let names = ["keys", "active", "disabled", "faulty", "revoked", "expired", "expiring", "neverUsed"]
        #expect(names.map(row.integer) == counts.map(Int64.init))
        #expect(row.text("lastUsedAt") == keys.compactMap(\.lastUsedAt).max()?.description)
    }
}
