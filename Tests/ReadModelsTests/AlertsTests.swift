import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// Alerts, and who was told of them, are those of the events.
@Suite struct AlertsTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    /// An alert with the instants at which it was first delivered and read.
    private struct Alert {
        let line: EventLine
        var deliveredAt: String?
        var readAt: String?

        var state: String { readAt != nil ? "read" : deliveredAt != nil ? "delivered" : "raised" }
        func text(_ name: String) -> String? { line.text(name) }
    }

    /// Newest first.
    private func alerts(of tenant: Name) throws -> [Alert] {
        var alerts: [Int64: Alert] = [:]
        for line in try ledger.lines(of: tenant, "alertRaised", "alertDelivered", "alertRead") {
            for alert in line.fields["alerts"] as? [Int64] ?? [] {
                let field = line.type == "alertRead" ? \Alert.readAt : \Alert.deliveredAt
                if alerts[alert]?[keyPath: field] == nil { alerts[alert]?[keyPath: field] = line.text("at") }
            }
            if line.type == "alertRaised" { alerts[line.seq] = Alert(line: line) }
        }
        return alerts.values.sorted { $0.line.seq > $1.line.seq }
    }

    @Test func theListIsFiltered() async throws {
        try await ledger.following { ask in
            let all = try alerts(of: "acme")
            func check(
                _ arguments: [String: QueryValue], _ isWanted: (Alert) -> Bool, at place: SourceLocation = #_sourceLocation
            )
                async throws
            {
                for (method, alerts) in [("alerts.list", all), ("alerts.unread", all.filter { $0.readAt == nil })] {
                    if method == "alerts.unread", arguments["states"] != nil || arguments["state"] != nil { continue }
                    let rows = try await ask(method, arguments.merging(["tenant": "acme", "limit": 5]) { $1 }, ledger.now)
                    let wanted = alerts.filter(isWanted)
                    #expect(rows.map { $0.integer("seq") } == wanted.map(\.line.seq), sourceLocation: place)
                    #expect(rows.map { $0.text("deliveredAt") } == wanted.map(\.deliveredAt), sourceLocation: place)
                    #expect(!wanted.isEmpty, sourceLocation: place)
                }
            }
            let middle = all[all.count / 2].line
            try await check([:]) { _ in true }
            try await check(["accounts": .texts(["u-1", "u-2"])]) { ["u-1", "u-2"].contains($0.text("account")) }
            try await check(["rules": .texts(["low", "spending"])]) { ["low", "spending"].contains($0.text("rule")) }
            try await check(["kinds": .texts(["lowBalance"])]) { $0.text("kind") == "lowBalance" }
            try await check(["severities": .texts(["info", "error"])]) { $0.text("severity") != "warning" }
            try await check(["since": instant(middle)]) { $0.line.event.at >= middle.event.at }
            try await check(["until": instant(middle)]) { $0.line.event.at < middle.event.at }
            for state in ["raised", "delivered", "read"] { try await check(["state": .text(state)]) { $0.state == state } }
            try await check(["states": .texts(["raised", "read"])]) { $0.state != "delivered" }
        }
    }

    @Test(arguments: ["day", "month", "all"])
    func statisticsAreCountsOfTheAlerts(per: String) async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let all = try alerts(of: tenant)
                try await check(all, ["tenant": .init(tenant)], per, ask)
                let day = all[all.count / 2].text("day")!
                try await check(all.filter { $0.text("day")! >= day }, ["tenant": .init(tenant), "from": .text(day)], per, ask)
                try await check(all.filter { $0.text("day")! <= day }, ["tenant": .init(tenant), "to": .text(day)], per, ask)
                try await check(
                    all.filter { $0.text("rule") == "low" && $0.text("severity") == "warning" },
                    ["tenant": .init(tenant), "rules": .texts(["low"]), "severities": .texts(["warning"])], per, ask)
            }
        }
    }

    private func check(_ alerts: [Alert], _ arguments: [String: QueryValue], _ per: String, _ ask: BuiltInLedger.Ask) async throws
    {
        let arguments = arguments.merging(["per": .text(per), "limit": 3]) { $1 }
        let rows = try await ask("alerts.stats", arguments, ledger.now)
        let length = ["day": 10, "month": 7][per] ?? 0
        let groups = Dictionary(grouping: alerts) { alert in
            let period = per == "all" ? "all" : String(alert.text("day")!.prefix(length))
            return [period] + ["rule", "kind", "severity"].map { alert.text($0)! }
        }
        let keys = groups.keys.sorted { $0.joined(separator: "\0") < $1.joined(separator: "\0") }
        #expect(rows.map { row in ["period", "rule", "kind", "severity"].map { row.text($0)! } } == keys && !keys.isEmpty)
        for (row, key) in zip(rows, keys) {
            let group = groups[key]!
            let counts = [
                group.count, group.count { $0.state != "raised" }, group.count { $0.readAt != nil },
                group.count { $0.readAt == nil },
            ]
            #expect(["raised", "delivered", "read", "unread"].map(row.integer) == counts.map(Int64.init))
        }
    }
}
