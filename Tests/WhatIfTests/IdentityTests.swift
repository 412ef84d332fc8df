import LedgerModel
import LedgerTestKit
import Testing

@testable import WhatIf

/// A document that was in force all the time changes nothing, whatever happened.
@Suite("What if nothing were changed")
struct IdentityTests {
    /// Random commands of every kind, of which no document changes once there are some.
    static func events(seed: UInt64, count: Int) -> [Event] {
        var commands = RandomCommands(seed: seed)
        var ledger = MemoryLedger()
        for index in 0..<count {
            let request = commands.next()
            if index > 20, request.command.isOfDocuments { continue }
            for group in ledger.passDue(at: commands.now) { commands.note(group) }
            if case .accepted(let group)? = try? ledger.send(request, at: commands.now) { commands.note(group) }
        }
        return ledger.events
    }

    static func expectNothing(_ answer: WhatIfAnswer, _ label: String) {
        #expect(answer.units.allSatisfy { $0.taken.difference == 0 && $0.beyondAllowance.difference == 0 }, "\(label)")
        #expect(answer.refused == 0, "\(label): \(answer.refusals)")
        #expect(answer.thresholds.allSatisfy { $0.gained == 0 && $0.lost == 0 && $0.actual == $0.proposed }, "\(label)")
        #expect(answer.mostAffected == [], "\(label)")
    }

    @Test("the price and the plan in force change nothing", arguments: 1...16 as ClosedRange<UInt64>)
    func same(seed: UInt64) {
        let events = Self.events(seed: seed, count: 2500)
        var useCount = 0
        for tenant in RandomCommands.tenants {
            let past = PastOfLedger(events, of: tenant)
            for feature in ["chat", "rank", "vast"] as [Name] {
                guard case .price(let document)? = past.lasting(DocumentKey(.price, feature)) else { continue }
                let answer = past.answer(past.proposed(document, of: feature))
                useCount += answer.uses
                Self.expectNothing(answer, "\(tenant) price/\(feature)")
            }
            for plan in ["free", "basic", "pro"] as [Name] {
                guard case .plan(let document)? = past.lasting(DocumentKey(.plan, plan)) else { continue }
                Self.expectNothing(past.answer(past.proposed(document, of: plan)), "\(tenant) plan/\(plan)")
            }
        }
        #expect(useCount > 100)
    }
}
