import LedgerTestKit
import Testing

@testable import LedgerModel

/// Every stored property in a book, by type: one that is added must be written and read too.
@Suite("Fields of a snapshot")
struct SnapshotFieldTests {
    @Test("no type in a book has a field that the snapshot does not know")
    func fields() throws {
        var found: [String: Set<String>] = [:]
        for seed in 5041...5046 {
            collect(try SteppedWalk.grown(seed: seed, steps: 400).ledger.book, into: &found)
        }
        collect(try SnapshotTests.rarities(), into: &found)
        for (type, fields) in found {
            #expect(
                fields == Self.known[type],
                "\(type): write and read the field where its others are (Sources/LedgerModel), raise Book.snapshotVersion, name it here"
            )
        }
        for type in Self.known.keys { #expect(found[type] != nil, "\(type) does not come in the random books") }
    }

    /// Walks through structures, tables and cases with content.
    private func collect(_ value: Any, into found: inout [String: Set<String>]) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .struct {
            let name = String(describing: mirror.subjectType)
            if name == "ZoneTable" || name == "Slot" { return }
            if !name.contains("<") { found[name, default: []].formUnion(mirror.children.compactMap(\.label)) }
        }
        for child in mirror.children { collect(child.value, into: &found) }
    }

    private static let known: [String: Set<String>] = [
        // What is made of the rest when it is read: agendas, keyHashes, accountCount; zones are the engine's.
        "Book": [
            "lastSequence", "lastAt", "identity", "tenants", "identifiers", "keyHashes", "agendas", "zones", "accountCount",
        ],
        "Agendas": ["documents", "others"], "Agenda": ["pieces"], "Entry": ["due", "cause", "task"],
        "KeyPlace": ["tenant", "key"],
        "IdentifierTable": ["shards", "key", "count"], "Shard": ["slots", "count"], "HashKey": ["low", "high"],
        "Name": ["text"], "Amount": ["rawValue"], "Timestamp": ["rawValue"], "SequenceNumber": ["rawValue"],
        "Interval": ["start", "end"], "KeyHash": ["words"], "Rate": ["text", "numerator", "denominator"],
        "Tenant": ["name", "tables"],
        "Tables": ["accounts", "batches", "holds", "keys", "configuration", "unreadAlerts", "refunds", "spending"],
        "Account": [
            "name", "openedAt", "state", "purses", "subscriptions", "planlessSince", "openHoldCount", "changing",
        ],
        "Purse": ["unit", "lots", "windows", "marks", "held"],
        "AlertDocument": ["enabled", "rule", "severity"], "AlertRule": ["document", "name"],
        "AllowanceDocument": ["amount", "anchor", "period", "priority", "rollover", "unit"],
        "Identity": ["ledger", "origin", "keys"], "PlanPrice": ["unit", "amount"],
        "Balance": ["available", "held", "isUnlimited"], "Batch": ["isOpen"], "BatchKey": ["account", "batch"],
        "Charge": ["rates", "unit"], "ChargeCost": ["denominator", "dimensions", "numerators"],
        "Configuration": ["defaultPlans", "prices", "rules", "scheduled", "slots", "unitsInUse", "versions", "zones"],
        "ConfigurationScheduled": ["document", "effectiveAt", "key", "reason"],
        "Counter": ["period", "unit", "used", "window"], "DimensionRate": ["dimension", "rate"],
        "DocumentKey": ["kind", "name"], "Draw": ["amount", "lot", "remaining"],
        "HoldTerms": ["expiresAt", "onExpiry", "overage"],
        "Key": [
            "account", "counter", "due", "hash", "issuedAt", "limitSince", "marks", "number", "openHoldCount", "status", "terms",
        ],
        "KeyLimit": ["amount", "period", "unit"],
        "KeyTerms": ["expiresAt", "features", "limit", "maxOpenHolds", "name", "owner", "platform", "tags"],
        "Lot": ["held", "number", "remaining", "terms"], "LotTerms": ["effectiveAt", "expiresAt", "priority", "source"],
        "Mark": ["below", "days", "limit", "period", "plan", "rule", "seconds", "start", "threshold"],
        "OpenHold": ["account", "due", "heldAt", "keyWindow", "marks", "number", "parts", "priced", "terms", "use"],
        "Override": ["amount", "period", "unit"], "Part": ["amount", "balance", "lots", "unit"],
        "PlanDocument": ["allowances", "cycle", "enabled", "name", "price"], "Price": ["costs", "document", "version"],
        "PriceDocument": ["charges", "enabled", "minimum"], "Priced": ["feature", "quantities", "version"],
        "Quantity": ["count", "dimension"], "RefundProgress": ["amounts", "quantities"],
        "Scheduled": ["command", "fact", "number"],
        "SettingsDocument": ["defaultPlan", "holdSeconds", "lateDays", "maxOpenHolds", "timeZone"],
        "SpendKey": ["rule", "subject"], "Spending": ["isRaised", "period", "unit", "used", "window"],
        "Subscription": ["anchor", "from", "isDefault", "number", "overrides", "plan", "since", "until"],
        "TagDocument": ["colour", "note"], "Transition": ["at", "offsetSeconds"], "UnitDocument": ["scale"],
        "Use": ["batch", "details", "key", "labels", "occurredAt"], "Version": ["document", "from"],
        "Window": [
            "amount", "carried", "interval", "lot", "marks", "period", "plan", "replaced", "subscription", "used", "version",
        ],
        "ZoneRules": ["initialOffsetSeconds", "name", "transitions"],
    ]
}
