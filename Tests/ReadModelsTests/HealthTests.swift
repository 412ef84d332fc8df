import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@testable import ReadModels

/// Health finds nothing where all is well, and names what is not.
@Suite struct HealthTests {
    private struct Drift: Hashable {
        let tenant: String
        let account: String
        let unit: String
        let seq: Int64
        let expected: Int64
        let found: Int64

        init(_ row: Row) {
            (tenant, account, unit) = (row.text("tenant")!, row.text("account")!, row.text("unit")!)
            (seq, expected, found) = (row.integer("seq"), row.integer("expected"), row.integer("found"))
        }

        init(_ tenant: Name, _ account: Name, _ unit: Name, _ seq: SequenceNumber, expected: Int64, found: Int64) {
            (self.tenant, self.account, self.unit) = (tenant.text, account.text, unit.text)
            (self.seq, self.expected, self.found) = (Int64(seq.rawValue), expected, found)
        }
    }

    private func ledger(of events: [Event]) throws -> Ledger {
        let ledger = try Ledger()
        var random = SeededGenerator(seed: 3)
        try ledger.append(events, cutting: &random)
        return ledger
    }

    private var health: Projection { Projection.builtIn.first { $0.name == "health" }! }

    /// Health follows the ledger in stretches of so many events, and is asked for its drifts.
    private func drifts(_ ledger: Ledger, stretch: Int = 10_000) async throws -> [Drift] {
        var bounds = Ledger.patient
        bounds.stretchEventCount = stretch
        let readModels = try ledger.readModels([health], bounds: bounds)
        readModels.start()
        let now = Timestamp(rfc3339: "2030-01-01T00:00:00Z")!
        let rows = try await readModels.rows("health.drift", ["limit": 1], at: ledger.log.head.lastSequence, now: now)
        await readModels.stop()
        return rows.map(Drift.init)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func nothingDrifts(seed: UInt64) async throws {
        #expect(try await drifts(ledger(of: generatedEvents(seed: seed, count: 3000))) == [])
    }

    /// What was given, what has gone and what is left, summed anew from the events; the rest is 0.
    @Test func whatIsGivenIsThereOrHasGone() async throws {
        let ledger = try BuiltInLedger()
        try await ledger.following("health", "balances") { ask in
            for tenant in EventLogGenerator.tenants {
                let rows = try await ask("health.conservation", ["tenant": .init(tenant)], ledger.now)
                #expect(rows.map { $0.text("unit") } == ["ap", "credits"])
                for row in rows {
                    let expected = sums(of: Name(row.text("unit")!)!, ledger.events(of: tenant))
                    #expect(Dictionary(uniqueKeysWithValues: expected.keys.map { ($0, row.integer($0)) }) == expected)
                    #expect(row.integer("drift") == 0)
                    let list = try await ask(
                        "balances.list", ["tenant": .init(tenant), "units": .texts([row.text("unit")!])], ledger.now)
                    #expect(row.integer("held") == list.reduce(0) { $0 + $1.integer("held") } && row.integer("accounts") == 5)
                }
                let one = try await ask("health.conservation", ["tenant": .init(tenant), "units": .texts(["ap"])], ledger.now)
                #expect(one.map { $0.text("unit") } == ["ap"])
            }
        }
    }

    private func sums(of unit: Name, _ events: [Event]) -> [String: Int64] {
        var sums: [String: Int64] = [
            "granted": 0, "allowed": 0, "increased": 0, "decreased": 0, "used": 0, "refunded": 0, "expired": 0, "reissued": 0,
        ]
        for event in events {
            for (_, part) in event.fact.moved where part.unit == unit {
                switch event.fact {
                case .granted: sums["granted"]! += part.amount.rawValue
                case .allowanceOpened: sums["allowed"]! += part.amount.rawValue
                case .adjusted(let fact): sums[fact.isIncrease ? "increased" : "decreased"]! += part.amount.rawValue
                case .debited: sums["used"]! += part.amount.rawValue
                case .lotExpired: sums["expired"]! += part.amount.rawValue
                default: break
                }
            }
            if case .settled(let fact) = event.fact { sums["used"]! += fact.parts.amount(of: unit) }
            if case .holdExpired(let fact) = event.fact { sums["used"]! += fact.parts.amount(of: unit) }
            for returned in event.fact.returns where returned.part.unit == unit {
                sums["expired"]! += returned.expired.rawValue
                if returned.reissued != nil { sums["reissued"]! += returned.expired.rawValue }
                if case .refunded = event.fact { sums["refunded"]! += returned.part.amount.rawValue }
            }
        }
        return sums
    }

    /// An event that tells a balance its amounts do not come to is named, wherever it stands, however the log is cut.
    @Test(arguments: [1, 7, 10_000])
    func aWrongBalanceIsNamed(stretch: Int) async throws {
        var events = BuiltInLedger.generator.events
        var expected: [Drift] = []
        for index in [400, 1100, 2000] {
            let (at, part, drift) = wrong(events, from: index, besides: expected)
            events[at] = part
            expected.append(drift)
        }
        let found = try await drifts(ledger(of: events), stretch: stretch)
        #expect(Set(found) == Set(expected) && found.count == expected.count)
    }

    /// A debit, hold or grant from an index on, of an account and unit that none of these is of, which tells one unit too much.
    private func wrong(_ events: [Event], from first: Int, besides others: [Drift]) -> (index: Int, event: Event, drift: Drift) {
        for (index, event) in events.enumerated().dropFirst(first) {
            var event = event
            guard case .debited(var fact) = event.fact, let part = fact.parts.last else { continue }
            let (told, isHeld) = (part.balance, others.count == 1)
            let right = isHeld ? told.held : told.available
            let drift = Drift(
                event.tenant, fact.account, part.unit, event.sequence, expected: right.rawValue, found: right.rawValue + 1)
            if others.contains(where: { ($0.tenant, $0.account, $0.unit) == (drift.tenant, drift.account, drift.unit) }) {
                continue
            }
            if hasDeferredLot(events[..<index], drift) { continue }
            if isHeld {
                fact.parts[fact.parts.count - 1].balance.held += 1
            } else {
                fact.parts[fact.parts.count - 1].balance.available += 1
            }
            event.fact = .debited(fact)
            return (index, event, drift)
        }
        preconditionFailure("no debit behind \(first)")
    }

    /// While a lot is not in force yet, what is available cannot be compared.
    private func hasDeferredLot(_ events: ArraySlice<Event>, _ drift: Drift) -> Bool {
        events.contains { event in
            guard case .granted(let fact) = event.fact, fact.account.text == drift.account, event.tenant.text == drift.tenant
            else {
                return false
            }
            return fact.terms.effectiveAt.map { $0 > events.last!.at } ?? false
        }
    }

    /// More is taken than the event says: all that follow tell less than is expected, and the first of them is named.
    @Test func aWrongAmountIsNamed() async throws {
        var events = generatedEvents(seed: 21, count: 2500)
        let index = try #require(
            events.indices.dropFirst(1500).first { index in
                if case .granted(let fact) = events[index].fact { fact.terms.effectiveAt == nil } else { false }
            })
        guard case .granted(var fact) = events[index].fact else { return }
        fact.part.amount += 7
        events[index].fact = .granted(fact)
        let found = try await drifts(ledger(of: events))
        let told = fact.part.balance.available.rawValue
        #expect(
            found == [
                Drift(
                    events[index].tenant, fact.account, fact.part.unit, events[index].sequence, expected: told + 7, found: told)
            ])
    }

    /// A row of the read model that is changed behind its back is found at once, and so is a sum.
    @Test func aChangedRowIsFound() async throws {
        let ledger = try ledger(of: BuiltInLedger.generator.events)
        #expect(try await drifts(ledger) == [])
        let connection = try Connection(ledger.file("health"), .following)
        try connection.execute("UPDATE accounts SET held = held + 3 WHERE tenant = 'zenith' AND account = 'u-2' AND unit = 'ap'")
        let found = try await drifts(ledger)
        #expect(
            found.map(\.account) == ["u-2"] && found.map(\.tenant) == ["zenith"] && found.map { $0.expected - $0.found } == [3])
        try connection.execute("UPDATE accounts SET held = held - 3 WHERE tenant = 'zenith' AND account = 'u-2' AND unit = 'ap'")
        #expect(try await drifts(ledger) == [])
        try connection.execute("UPDATE flows SET upper = upper + 1 WHERE tenant = 'acme' AND unit = 'ap' AND kind = 'used'")
        let readModels = try ledger.readModels([health])
        readModels.start()
        let rows = try await readModels.rows(
            "health.conservation", ["tenant": "acme"], at: ledger.log.head.lastSequence, now: Timestamp(microseconds: 0))
        await readModels.stop()
        #expect(rows.map { $0.integer("drift") } == [-4_294_967_296, 0])
    }

    /// Asking costs nothing as long as all is well: an index holds what drifts, and no more.
    @Test func driftsAreIndexed() throws {
        let steps = try health.plan("health.drift")
        #expect(steps.count == 1 && steps[0].contains("USING INDEX drifts"), "\(steps)")
    }
}

extension [Part] {
    fileprivate func amount(of unit: Name) -> Int64 { reduce(0) { $1.unit == unit ? $0 + $1.amount.rawValue : $0 } }
}

extension Fact {
    /// What came back.
    var returns: [Return] {
        switch self {
        case .refunded(let fact): fact.returns
        case .settled(let fact), .released(let fact), .holdExpired(let fact): fact.returns
        default: []
        }
    }
}
