import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@testable import ReadModels

/// What is kept beside uses and balances: configuration, alerts and keys, each held against the events themselves.
@Suite struct EstateTests {
    private let ledger: BuiltInLedger

    init() throws { ledger = try BuiltInLedger() }

    // MARK: Configuration

    @Test func configurationIsKeptVersionByVersion() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let changes = ledger.events.filter { $0.tenant == tenant }.compactMap { event -> (Event, Configured)? in
                    if case .configured(let fact) = event.fact { (event, fact) } else { nil }
                }
                var current: [String] = []
                for (key, versions) in Dictionary(grouping: changes, by: { $0.1.key.description }).sorted(by: { $0.key < $1.key })
                {
                    let arguments: [String: QueryValue] = ["tenant": .init(tenant), "key": .text(key)]
                    let history = try await ask("config.history", arguments.merging(["limit": 2]) { $1 }, ledger.now)
                    #expect(history.map { $0.integer("version") } == versions.reversed().map { Int64($0.1.version) })
                    #expect(history.map { $0.integer("seq") } == versions.reversed().map { Int64($0.0.sequence.rawValue) })
                    #expect(history.map { $0.text("reason") } == versions.reversed().map(\.1.reason))
                    #expect(history.map { $0.text("actor") } == versions.reversed().map(\.0.actor?.text))
                    #expect(history.map { $0.text("effectiveAt") } == versions.reversed().map { $0.1.effectiveAt?.description })
                    let document = try await ask("config.document", arguments, ledger.now)
                    #expect(document.map { $0.integer("version") } == [Int64(versions.count)])
                    let first = try await ask("config.version", arguments.merging(["version": 1]) { $1 }, ledger.now)
                    #expect(first.map { $0.integer("seq") } == [Int64(versions[0].0.sequence.rawValue)])
                    #expect(first[0].fields["value"] is NSDictionary || versions[0].1.document == nil)
                    if versions.last!.1.document != nil { current.append(key) }
                }
                let found = try await ask("config.current", ["tenant": .init(tenant), "limit": 1], ledger.now)
                #expect(found.map { $0.text("key")! } == current)
                let prices = try await ask("config.current", ["tenant": .init(tenant), "prefix": "price/"], ledger.now)
                #expect(prices.map { $0.text("key")! } == current.filter { $0.hasPrefix("price/") })
            }
        }
    }

    @Test func whatIsScheduledIsListedUntilItComesOrIsCancelled() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                var pending: [String: Event] = [:]
                for event in ledger.events(of: tenant) {
                    switch event.fact {
                    case .configurationScheduled(let fact): pending[fact.key.description] = event
                    case .configurationCancelled(let fact): pending[fact.key.description] = nil
                    case .configured(let fact) where fact.effectiveAt != nil: pending[fact.key.description] = nil
                    default: break
                    }
                }
                let rows = try await ask("config.scheduled", ["tenant": .init(tenant), "limit": 1], ledger.now)
                #expect(rows.map { $0.text("key")! } == pending.keys.sorted())
                #expect(
                    rows.map { $0.integer("seq") } == pending.sorted { $0.key < $1.key }.map { Int64($0.value.sequence.rawValue) }
                )
            }
        }
    }

    // MARK: Alerts

    /// What became of an alert, taken straight from the events.
    private struct Alert {
        let seq: Int64
        let fact: AlertRaised
        var deliveredAt: Timestamp?
        var readAt: Timestamp?

        var state: String { readAt != nil ? "read" : deliveredAt != nil ? "delivered" : "raised" }
    }

    private func alerts(of tenant: Name) -> [Alert] {
        var alerts: [SequenceNumber: Alert] = [:]
        for event in ledger.events(of: tenant) {
            switch event.fact {
            case .alertRaised(let fact): alerts[event.sequence] = Alert(seq: Int64(event.sequence.rawValue), fact: fact)
            case .alertDelivered(let fact):
                for alert in fact.alerts { alerts[alert]!.deliveredAt = alerts[alert]!.deliveredAt ?? event.at }
            case .alertRead(let fact): for alert in fact.alerts { alerts[alert]!.readAt = alerts[alert]!.readAt ?? event.at }
            default: break
            }
        }
        return alerts.values.sorted { $0.seq > $1.seq }
    }

    @Test func alertsAreListedWithWhatBecameOfThem() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let (alerts, key) = (alerts(of: tenant), ["tenant": QueryValue(tenant), "limit": 7])
                let rows = try await ask("alerts.list", key, ledger.now)
                #expect(rows.map { $0.integer("seq") } == alerts.map(\.seq) && rows.count > 20)
                #expect(rows.map { $0.text("state") } == alerts.map(\.state))
                #expect(rows.map { $0.text("deliveredAt") } == alerts.map { $0.deliveredAt?.description })
                #expect(rows.map { $0.text("readAt") } == alerts.map { $0.readAt?.description })
                #expect(rows.map { $0.text("rule") } == alerts.map(\.fact.rule.text))
                #expect(Set(rows.map { $0.text("state") }) == ["raised", "delivered", "read"])
                for state in ["raised", "delivered", "read"] {
                    let found = try await ask("alerts.list", key.merging(["state": .text(state)]) { $1 }, ledger.now)
                    #expect(found.map { $0.integer("seq") } == alerts.filter { $0.state == state }.map(\.seq))
                }
                let unread = try await ask("alerts.unread", key, ledger.now)
                #expect(unread.map { $0.integer("seq") } == alerts.filter { $0.readAt == nil }.map(\.seq))
            }
        }
    }

    @Test func alertsAreFoundByWhatTheyAreAbout() async throws {
        try await ledger.following { ask in
            let alerts = alerts(of: "acme")
            let given: [(String, String, (AlertRaised) -> String?)] = [
                ("account", "u-2", { $0.account?.text }), ("rule", "low", { $0.rule.text }),
                ("severity", "info", { $0.severity.rawValue }),
            ]
            for (parameter, value, read) in given {
                let rows = try await ask("alerts.list", ["tenant": "acme", parameter: .text(value)], ledger.now)
                #expect(rows.map { $0.integer("seq") } == alerts.filter { read($0.fact) == value }.map(\.seq) && !rows.isEmpty)
            }
            let kinds = Set(try await ask("alerts.list", ["tenant": "acme"], ledger.now).map { $0.text("kind") })
            #expect(kinds.isSuperset(of: ["allowanceUsed", "lowBalance", "spend", "holdAgeing"]))
        }
    }

    // MARK: Keys

    /// A key, taken straight from the events.
    private struct Key {
        let account: Name
        var terms: KeyTerms
        var status = KeyStatus.active
    }

    private func keys(of tenant: Name) -> [String: Key] {
        var keys: [String: Key] = [:]
        for event in ledger.events(of: tenant) {
            switch event.fact {
            case .keyIssued(let fact): keys[fact.key.text] = Key(account: fact.account, terms: fact.terms)
            case .keyUpdated(let fact):
                keys[fact.key.text]!.terms = fact.terms
                keys[fact.key.text]!.status = fact.status
            case .keyRevoked(let fact): keys[fact.key.text]!.status = .revoked
            default: break
            }
        }
        return keys
    }

    @Test func keysAreListedAsTheyAre() async throws {
        try await ledger.following { ask in
            for tenant in EventLogGenerator.tenants {
                let keys = keys(of: tenant).sorted { $0.key < $1.key }
                let rows = try await ask("keys.list", ["tenant": .init(tenant), "limit": 2], ledger.now)
                #expect(rows.map { $0.text("key") } == keys.map(\.key) && rows.count > 5)
                #expect(rows.map { $0.text("account") } == keys.map(\.value.account.text))
                #expect(rows.map { $0.text("status") } == keys.map(\.value.status.rawValue))
                #expect(rows.map { $0.text("owner") } == keys.map { $0.value.terms.owner?.text })
                #expect(rows.map { $0.text("platform") } == keys.map { $0.value.terms.platform?.text })
                #expect(rows.map { $0.texts("tags") } == keys.map { $0.value.terms.tags.map(\.text) })
                #expect(rows.map { $0.text("expiresAt") } == keys.map { $0.value.terms.expiresAt?.description })
                #expect(
                    rows.map { $0.flag("isExpired") } == keys.map { $0.value.terms.expiresAt.map { $0 <= ledger.now } ?? false })
            }
        }
    }

    @Test func keysAreFoundByWhatIsSaidOfThem() async throws {
        try await ledger.following { ask in
            let keys = keys(of: "acme").sorted { $0.key < $1.key }
            let given: [(String, String, (Key) -> Bool)] = [
                ("owner", "ops", { $0.terms.owner == "ops" }), ("tag", "blue", { $0.terms.tags.contains("blue") }),
                ("platform", "web", { $0.terms.platform == "web" }), ("account", "u-1", { $0.account == "u-1" }),
                ("status", "revoked", { $0.status == .revoked }),
                ("expiresBefore", ledger.now.description, { $0.terms.expiresAt.map { $0 < ledger.now } ?? false }),
            ]
            for (parameter, value, matches) in given {
                let rows = try await ask("keys.list", ["tenant": "acme", parameter: .text(value)], ledger.now)
                #expect(
                    rows.map { $0.text("key") } == keys.filter { matches($0.value) }.map(\.key) && !rows.isEmpty, "\(parameter)")
            }
        }
    }

    @Test func keysThatExpireAreListedSoonestFirst() async throws {
        try await ledger.following { ask in
            let first = BuiltInLedger.generator.events[0].at
            let keys = keys(of: "acme").filter { $0.value.status != .revoked && $0.value.terms.expiresAt != nil }
            let expected = keys.map { ($0.value.terms.expiresAt!, $0.key) }.filter { $0.0 > first && $0.0 < ledger.now }.sorted(
                by: <)
            let arguments: [String: QueryValue] = ["tenant": "acme", "before": .text(ledger.now.description), "limit": 1]
            let rows = try await ask("keys.expiring", arguments, first)
            #expect(rows.map { $0.text("key") } == expected.map(\.1) && !rows.isEmpty)
        }
    }
}
