import LedgerModel
import LedgerTestKit
import Testing

@testable import WhatIf

/// Against the truth: the same commands sent to a ledger in which the proposed document was in force from the beginning, where what the
/// comparison assumes is so: nothing granted expires, refunds come at once, holds are settled at once.
@Suite("What if against a ledger that did it")
struct ReplayTests {
    /// What each account took of each unit, net of refunds.
    private static func taken(_ ledger: MemoryLedger) -> [[Name]: Int64] {
        var taken: [[Name]: Int64] = [:]
        for use in PastOfLedger(ledger.events, of: "acme").uses {
            for part in use.parts {
                taken[[use.account, part.unit], default: 0] += part.amount.rawValue - part.refunded.rawValue
            }
        }
        return taken
    }

    private static func expect(_ answer: WhatIfAnswer, _ twins: Twins) {
        let (was, would) = (taken(twins.actual), taken(twins.proposed))
        for account in Twins.accounts {
            for unit in ["credits", "usd"] as [Name] {
                let row = answer.mostAffected.first { $0.account == account && $0.unit == unit }
                guard let row else {
                    #expect(was[[account, unit]] ?? 0 == would[[account, unit]] ?? 0, "\(account) \(unit)")
                    continue
                }
                #expect(row.taken.actual == was[[account, unit]] ?? 0, "\(account) \(unit)")
                #expect(row.taken.proposed == would[[account, unit]] ?? 0, "\(account) \(unit)")
            }
        }
        #expect(Dictionary(uniqueKeysWithValues: answer.refusals.map { ($0.rejection, $0.uses) }) == twins.refusals)
        let alerts = (
            PastOfLedger(twins.actual.events, of: "acme").alerts, PastOfLedger(twins.proposed.events, of: "acme").alerts
        )
        for threshold in [80, 95, 100] {
            let row = answer.thresholds.first { $0.threshold == threshold }
            #expect(row?.actual ?? 0 == alerts.0.count { $0.threshold == threshold }, "\(threshold) %")
            #expect(row?.proposed ?? 0 == alerts.1.count { $0.threshold == threshold }, "\(threshold) %")
        }
    }

    @Test("another price costs and refuses what it would have", arguments: 1...40 as ClosedRange<UInt64>)
    func price(seed: UInt64) {
        let (twins, proposed) = Twins.priced(seed: seed)
        let past = PastOfLedger(twins.actual.events, of: "acme")
        let answer = past.answer(past.proposed(proposed, of: "chat"))
        #expect(answer.uses > 30)
        Self.expect(answer, twins)
    }

    @Test("another plan gives, refuses and warns as it would have", arguments: 1...40 as ClosedRange<UInt64>)
    func plan(seed: UInt64) {
        let (twins, proposed) = Twins.planned(seed: seed)
        let past = PastOfLedger(twins.actual.events, of: "acme")
        Self.expect(past.answer(past.proposed(proposed, of: "basic"), from: ManualClock.start), twins)
    }
}
