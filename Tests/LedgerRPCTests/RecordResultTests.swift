import JSONText
import LedgerModel
import Testing

@testable import LedgerRPC

@Suite struct RecordResults {
    private let start = instant("2026-11-01T00:00:00Z")
    private let end = instant("2026-12-01T00:00:00Z")

    private func opened(_ plan: Name, used: Amount = .zero, amount: Amount? = 5, replaces: SequenceNumber? = nil) -> Fact {
        .allowanceOpened(
            AllowanceOpened(
                account: "u", plan: plan, version: 1, period: .month, window: Interval(start: start, end: end), amount: amount,
                carried: 2, used: used, replaces: replaces, priority: 10, expiresAt: end, part: part(3, of: "articles", left: 3)))
    }

    private func subscribed(_ plan: Name, isDefault: Bool = false) -> Fact {
        .subscribed(Subscribed(account: "u", plan: plan, from: start, until: end, anchor: 31, isDefault: isDefault))
    }

    private func unsubscribed(_ plan: Name) -> Fact {
        .unsubscribed(Unsubscribed(account: "u", plan: plan, endedAt: start))
    }

    private let lapsed = Fact.lotExpired(
        LotExpired(account: "u", lot: SequenceNumber(3), expiresAt: instant("2026-11-01T00:00:00Z"), part: part(1, left: 0)))

    @Test func whatOpensByItselfIsNotTheDeed() {
        let debited = Fact.debited(Debited(account: "u", priced: nil, use: Use(), parts: [part(3, left: 4)]))
        #expect(
            deed(group(subscribed("free", isDefault: true), lapsed, opened("free"), debited))
                == #""parts":[{"unit":"credits","amount":3,"balance":{"available":4,"held":0}}]"#)
        let account = Fact.accountOpened(AccountOpened(account: "u"))
        #expect(deed(group(account, subscribed("free", isDefault: true), opened("free"))) == #""account":"u""#)
        #expect(
            deed(
                group(
                    unsubscribed("old"), subscribed("free", isDefault: true),
                    .batchOpened(BatchOpened(account: "u", batch: "b")))) == #""batch":"b""#)
    }

    @Test func subscriptions() {
        #expect(
            deed(group(unsubscribed("free"), lapsed, subscribed("pro")))
                == #""plan":"pro","from":"2026-11-01T00:00:00.000000Z","until":"2026-12-01T00:00:00.000000Z","anchor":31"#)
        #expect(
            deed(group(unsubscribed("free"), lapsed, unsubscribed("pro")))
                == #""plan":"pro","endedAt":"2026-11-01T00:00:00.000000Z""#)
    }

    @Test func aChangeOfPlanTellsTheWindowsThatStay() {
        let changed = Fact.planChanged(
            PlanChanged(account: "u", from: "pro", to: "max", effectiveAt: start, until: nil, anchor: 1))
        let head =
            #""from":"pro","to":"max","effectiveAt":"2026-11-01T00:00:00.000000Z","anchor":1,"allowances":"#
        #expect(deed(group(opened("pro"), changed)) == head + "[]")
        #expect(
            deed(group(changed, lapsed, opened("max", used: 4, replaces: SequenceNumber(3))))
                == head
                + #"[{"unit":"articles","period":"month","used":4,"limit":7,"start":"2026-11-01T00:00:00.000000Z","end":"2026-12-01T00:00:00.000000Z"}]"#
        )
    }

    @Test func anAllowanceWithAndWithoutLimitOrWindow() {
        let overridden = Fact.allowanceOverridden(
            AllowanceOverridden(account: "u", plan: "pro", unit: "articles", period: .month, amount: .unlimited, reason: "r"))
        let reset = Fact.allowanceReset(
            AllowanceReset(account: "u", plan: "pro", unit: "articles", period: .month, reason: "r"))
        let place = #""plan":"pro","unit":"articles","period":"month""#
        #expect(deed(group(overridden)) == place)
        #expect(
            deed(group(opened("pro", used: 1), overridden, opened("pro", used: 2, amount: nil)))
                == place
                + #","allowance":{"used":2,"start":"2026-11-01T00:00:00.000000Z","end":"2026-12-01T00:00:00.000000Z"}"#)
        #expect(deed(group(reset, opened("pro"))).hasPrefix(place + #","allowance":{"used":0,"limit":7,"#))
    }

    @Test func accountStates() {
        let changed = AccountStateChanged(account: "u", reason: "r")
        #expect(deed(group(.accountFrozen(changed))) == #""account":"u","state":"frozen""#)
        #expect(deed(group(.accountUnfrozen(changed))) == #""account":"u","state":"open""#)
        #expect(deed(group(.accountClosed(changed))) == #""account":"u","state":"closed""#)
    }

    @Test func changesNowLaterAndNotAtAll() {
        let key = { (name: Name) in DocumentKey(.unit, name) }
        let facts = group(
            .configured(Configured(key: key("a"), version: 3, document: nil, reason: "r")),
            .configurationScheduled(ConfigurationScheduled(key: key("b"), document: nil, reason: "r", effectiveAt: end)),
            .configurationCancelled(ConfigurationCancelled(key: key("c"), scheduled: SequenceNumber(7), reason: "r")))
        #expect(
            deed(facts)
                == #""changes":[{"key":"unit/a","version":3},{"key":"unit/b","effectiveAt":"2026-12-01T00:00:00.000000Z"},{"key":"unit/c","cancelled":7}]"#
        )
        #expect(deed([facts[2]]) == #""changes":[{"key":"unit/c","cancelled":7}]"#)
    }

    @Test func keysAndReports() {
        let issued = KeyIssued(
            key: "k", hash: KeyHash(String(repeating: "0", count: 64))!, account: "u", terms: KeyTerms())
        #expect(deed(group(.keyIssued(issued))) == #""keys":[{"key":"k","account":"u","status":"active"}]"#)
        let updated = KeyUpdated(key: "k", account: "u", status: .faulty, terms: KeyTerms())
        let faulty = Fact.alertRaised(
            AlertRaised(rule: "$keyFaulty", severity: .warning, account: "u", condition: .keyFaulty(key: "k")))
        #expect(
            deed(group(.keyUpdated(updated), faulty))
                == #""keys":[{"key":"k","account":"u","status":"faulty"}],"alerts":[{"seq":13,"rule":"$keyFaulty","severity":"warning","kind":"keyFaulty"}]"#
        )
        let revoked = { (key: Name) in Fact.keyRevoked(KeyRevoked(key: key, account: "u", reason: nil)) }
        #expect(
            deed(group(revoked("k"), revoked("l")))
                == #""keys":[{"key":"k","account":"u","status":"revoked"},{"key":"l","account":"u","status":"revoked"}]"#)
        let reported = UsageReported(
            platform: "p", key: nil, from: start, to: end, quantities: [], unit: "usd", cost: 1)
        #expect(deed(group(.usageReported(reported))) == #""platform":"p""#)
    }

    /// Each inner group answers as it would alone, its alerts included.
    @Test func aSubmitAnswersForEachCommandInOrder() {
        let debited = Fact.debited(Debited(account: "u", priced: nil, use: Use(), parts: [part(3, left: 4)]))
        let low = Fact.alertRaised(
            AlertRaised(
                rule: "low", severity: .warning, account: "u", condition: .lowBalance(unit: "credits", below: 5, available: 4)))
        let first = group(lapsed, debited, low, id: "d-1", from: 13)
        let second = group(.batchClosed(BatchClosed(account: "u", batch: "b")), id: "c-1", from: 16)
        let outer = group(.submitted(Submitted(commands: 2)), id: "s-1")
        let results = [first, second].map { events in written { $0.commandResult(events, replayed: false) } }
        #expect(deed(outer + first + second) == #""results":[\#(results[0]),\#(results[1])]"#)
        #expect(results[0].contains(#""alerts":[{"seq":15,"#))
    }
}
