import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// The audit trail has every act of a person or service once, with what was before and after; and nothing else.
@Suite struct AuditTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    private static let envelope = [
        "seq", "at", "day", "type", "tenant", "id", "events", "body", "peer", "actor", "account", "reason",
    ]

    /// What an act says besides its event's envelope, told from the lines alone.
    private struct Act {
        let line: EventLine
        var before: Any?
        var after: Any?
    }

    private static func isAct(_ line: EventLine) -> Bool {
        switch line.type {
        case "refunded": line.fields["reason"] != nil
        case "subscribed": line.fields["isDefault"] == nil
        case "granted", "adjusted", "planChanged", "unsubscribed", "allowanceOverridden", "allowanceReset", "configured",
            "configurationScheduled",
            "configurationCancelled", "keyIssued", "keyUpdated", "keyRevoked", "alertDelivered", "alertRead", "accountOpened",
            "accountFrozen", "accountUnfrozen", "accountClosed":
            true
        default: false
        }
    }

    /// The numbers of those ends of plans that end a default plan, of which an account has one at a time.
    private static func endsOfDefaults(_ lines: [EventLine]) -> Set<Int64> {
        var (defaults, ends): ([String: String], Set<Int64>) = ([:], [])
        for line in lines {
            guard let account = line.text("account") else { continue }
            switch line.type {
            case "subscribed" where line.fields["isDefault"] != nil: defaults[account] = line.text("plan")
            case "planChanged" where line.text("effectiveAt") == line.text("at") && line.text("from") == defaults[account]:
                defaults[account] = nil
            case "unsubscribed" where line.text("plan") == defaults[account]:
                defaults[account] = nil
                ends.insert(line.seq)
            default: break
            }
        }
        return ends
    }

    /// The acts of a tenant, the states of things kept on the way.
    private func acts(of tenant: Name) throws -> [Act] {
        var states: [String: Any] = [:]
        let lines = try ledger.lines(of: tenant)
        let ends = AuditTests.endsOfDefaults(lines)
        return lines.filter { AuditTests.isAct($0) && !ends.contains($0.seq) }.map { line in
            var act = Act(line: line)
            switch line.type {
            case "configured":
                (act.before, act.after) = (states["document \(line.text("key")!)"], line.fields["value"])
                states["document \(line.text("key")!)"] = act.after
            case "configurationScheduled":
                (act.before, act.after) = (states["document \(line.text("key")!)"], line.fields["value"])
                states["schedule \(line.text("key")!)"] = act.after
            case "configurationCancelled": act.before = states["schedule \(line.text("key")!)"]
            case "keyIssued", "keyUpdated", "keyRevoked":
                let key = "key \(line.text("key")!)"
                (act.before, act.after) = (states[key], terms(line, states[key]))
                states[key] = act.after
            case "accountOpened", "accountFrozen", "accountUnfrozen", "accountClosed":
                let key = "account \(line.text("account")!)"
                act.before = states[key].map { ["state": $0] }
                states[key] = ["accountFrozen": "frozen", "accountClosed": "closed"][line.type] ?? "open"
                act.after = ["state": states[key]!]
            case "granted", "adjusted", "refunded": (act.before, act.after) = balances(line)
            case "planChanged":
                (act.before, act.after) = (
                    ["plan": line.text("from")], ["plan": line.text("to"), "effectiveAt": line.text("effectiveAt")]
                )
            case "unsubscribed": act.before = ["plan": line.text("plan")]
            default: act.after = line.without(AuditTests.envelope)
            }
            return act
        }
    }

    private func terms(_ line: EventLine, _ before: Any?) -> [String: Any] {
        if line.type == "keyRevoked" { return (before as! [String: Any]).merging(["status": "revoked"]) { $1 } }
        let terms = line.without(AuditTests.envelope + ["key", "hash"])
        return terms.merging(line.type == "keyIssued" ? ["status": "active"] : [:]) { $1 }
    }

    /// Of the first unit.
    private func balances(_ line: EventLine) -> (before: Any?, after: Any?) {
        let part = (line.fields["parts"] as! [[String: Any]])[0]
        let after = part["balance"] as! [String: Any]
        switch line.type {
        case "adjusted": return (line.fields["before"], after)
        case "granted":
            let isInForce = line.text("effectiveAt").map { $0 <= line.text("at")! } ?? true
            let amount = isInForce ? (part["amount"] as! NSNumber).int64Value : 0
            return (after.merging(["available": (after["available"] as! NSNumber).int64Value - amount]) { $1 }, after)
        default: return (nil, after)
        }
    }

    @Test func everyActIsThereOnceWithItsBeforeAndAfter() async throws {
        try await ledger.following { ask in
            var kinds: Set<String> = []
            for tenant in EventLogGenerator.tenants {
                let acts = try acts(of: tenant).reversed().map { $0 }
                let rows = try await ask("audit.list", ["tenant": .init(tenant), "limit": 7], ledger.now)
                let first = rows.filter { $0.integer("part") == 0 }
                #expect(first.map { $0.integer("seq") } == acts.map(\.line.seq))
                for (row, act) in zip(first, acts) { check(row, act) }
                for row in rows where row.integer("part") > 0 { #expect(row.text("kind") == "refunded") }
                kinds.formUnion(acts.map(\.line.type))
            }
            #expect(kinds.count >= 19)
        }
    }

    private func check(_ row: Row, _ act: Act) {
        let line = act.line
        #expect(row.text("kind") == line.type && row.text("at") == line.text("at") && row.text("id") == line.text("id"))
        #expect(row.text("actor") == line.text("actor") && row.text("account") == line.text("account"))
        #expect(canonical(row.fields["peer"]) == canonical(line.fields["peer"]))
        #expect(canonical(row.fields["before"]) == canonical(act.before), "\(line.type) \(line.seq)")
        #expect(canonical(row.fields["after"]) == canonical(act.after), "\(line.type) \(line.seq)")
        #expect(row.text("reason") == line.text(line.type == "granted" ? "memo" : "reason"))
    }

    @Test func amountsAreThoseOfTheEventsAndDownIsNegative() async throws {
        try await ledger.following { ask in
            let kinds: QueryValue = .texts(["granted", "adjusted", "refunded"])
            let rows = try await ask("audit.list", ["tenant": "acme", "kinds": kinds], ledger.now)
            var told: [[String]] = []
            for line in try ledger.lines(of: "acme", "granted", "adjusted", "refunded") where AuditTests.isAct(line) {
                let sign = line.text("direction") == "down" ? "-" : ""
                for part in line.fields["parts"] as! [[String: Any]] {
                    told.append(["\(line.seq)", part["unit"] as! String, sign + canonical(part["amount"])])
                }
            }
            #expect(Set(rows.map { ["\($0.integer("seq"))", $0.text("unit")!, "\($0.integer("amount"))"] }) == Set(told))
            #expect(rows.count == told.count && told.contains { $0[2].hasPrefix("-") })
            let restored = rows.filter { $0.text("kind") == "adjusted" && $0.fields["before"] is [String: Any] }
            for row in restored {
                let (before, after) = (Row(row.fields["before"] as! [String: Any]), Row(row.fields["after"] as! [String: Any]))
                if after.flag("unlimited") == true { continue }
                #expect(before.integer("available") + row.integer("amount") == after.integer("available"))
            }
            #expect(!restored.isEmpty)
        }
    }

    @Test func theTrailIsFiltered() async throws {
        let all = try acts(of: "acme").map(\.line).reversed().map { $0 }
        let middle = all[all.count / 2]
        let key = try #require(all.first { $0.type == "keyRevoked" }?.text("key"))
        let filters: [([String: QueryValue], (EventLine) -> Bool)] = [
            (["since": instant(middle)], { $0.event.at >= middle.event.at }),
            (["until": instant(middle)], { $0.event.at < middle.event.at }),
            (["account": "u-1"], { $0.text("account") == "u-1" }),
            (["account": "u-1", "since": instant(middle)], { $0.text("account") == "u-1" && $0.event.at >= middle.event.at }),
            (["kinds": .texts(["keyRevoked", "adjusted"])], { ["keyRevoked", "adjusted"].contains($0.type) }),
            (["actors": .texts(["operator", "nobody"])], { $0.text("actor") == "operator" }),
            (["peer": 1000], { $0.integer("peer") == 1000 }),
            (["document": "price/siterank"], { $0.text("key") == "price/siterank" }),
            (["subject": .text(key)], { $0.text("key") == key && $0.type.hasPrefix("key") }),
            (["text": "LEAKED"], { $0.text("reason") == "leaked" }),
            (["text": "price/SITE"], { $0.text("key") == "price/siterank" }),
        ]
        try await ledger.following { ask in
            for (arguments, isWanted) in filters {
                let rows = try await ask("audit.list", arguments.merging(["tenant": "acme", "limit": 5]) { $1 }, ledger.now)
                let wanted = all.filter(isWanted).map(\.seq)
                #expect(rows.filter { $0.integer("part") == 0 }.map { $0.integer("seq") } == wanted, "\(arguments)")
                #expect(!wanted.isEmpty && wanted.count < all.count, "\(arguments)")
            }
        }
    }

    @Test func aKindThatThereIsNotIsNamed() async throws {
        try await ledger.following { ask in
            await #expect(throws: QueryError.self) {
                try await ask("audit.list", ["tenant": "acme", "kinds": .texts(["debited"])], ledger.now)
            }
        }
    }

    /// States follow one another, each account's its own; what was done to the ledger itself is among the acts of `$system`.
    @Test func statesHaveTheirBeforeAndAfter() async throws {
        let own = try Ledger()
        let changes = [
            ("accountOpened", "a", ""), ("accountOpened", "b", ""), ("accountFrozen", "a", "not paid"),
            ("accountFrozen", "b", "asked"),
            ("accountUnfrozen", "a", "paid"), ("accountClosed", "b", "left"), ("accountFrozen", "a", "again"),
        ]
        let key = "n+1b2c3d4e+AQIDBA=="
        let replaced = try event(
            seq: 1,
            #""type":"signingKeyReplaced","tenant":"$system","id":"$signingKeyReplaced/1","events":1,"body":"0000000000000000","#
                + #""key":"\#(key)","reason":"lost""#)
        try own.append([replaced])
        for (index, (type, account, reason)) in changes.enumerated() {
            let told = type == "accountOpened" ? "" : #","reason":"\#(reason)""#
            let change = try event(
                seq: index + 2,
                #""type":"\#(type)","tenant":"acme","id":"f-\#(index)","events":1,"body":"0123456789abcdef","peer":7,"#
                    + #""account":"\#(account)"\#(told)"#)
            try own.append([change])
        }
        let readModels = try own.readModels()
        readModels.start()
        func rows(_ arguments: [String: QueryValue]) async throws -> [Row] {
            try await readModels.rows("audit.list", arguments, at: SequenceNumber(8), now: Timestamp(microseconds: 1))
        }
        func state(_ value: Any?) -> String? { (value as? [String: Any])?["state"] as? String }
        let states = try await rows(["tenant": "acme", "account": "a"])
        #expect(states.map { state($0.fields["before"]) } == ["open", "frozen", "open", nil])
        #expect(states.map { state($0.fields["after"]) } == ["frozen", "open", "frozen", "open"])
        let closed = try await rows(["tenant": "acme", "kinds": .texts(["accountClosed"])])
        #expect(closed.map { state($0.fields["before"]) } == ["frozen"] && state(closed[0].fields["after"]) == "closed")
        let ofLedger = try await readModels.rows(
            "audit.list", ["tenant": "$system"], at: SequenceNumber(8), now: Timestamp(microseconds: 1))
        #expect(
            ofLedger.map { $0.text("reason") } == ["lost"] && canonical(ofLedger[0].fields["after"]) == canonical(["key": key]))
        await readModels.stop()
    }
}
