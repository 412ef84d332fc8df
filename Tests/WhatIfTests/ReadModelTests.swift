import LedgerModel
import LedgerTestKit
import ReadModels
import Testing

@testable import WhatIf

/// What the read models tell of the past is what happened.
@Suite("What if from the read models")
struct ReadModelTests {
    @Test("prices", arguments: [3, 4] as [UInt64])
    func price(seed: UInt64) async throws {
        let (twins, proposed) = Twins.priced(seed: seed)
        let past = PastOfLedger(twins.actual.events, of: "acme")
        let ledger = try await FollowedLedger(twins.actual.events)
        let report = try ledger.ask(DocumentKey(.price, "chat"), .price(proposed), from: Day(utc: ManualClock.start))
        #expect(report.answer == past.answer(past.proposed(proposed, of: "chat")))
        #expect(report.answer.refused == twins.refusals.values.reduce(0, +))
        #expect(report.readCount == past.uses.count)
        #expect(report.asOf.sequence == twins.actual.events.last!.sequence)
        await ledger.stop()
    }

    @Test("plans", arguments: [3, 4, 5] as [UInt64])
    func plan(seed: UInt64) async throws {
        let (twins, proposed) = Twins.planned(seed: seed)
        let past = PastOfLedger(twins.actual.events, of: "acme")
        let ledger = try await FollowedLedger(twins.actual.events)
        let report = try ledger.ask(DocumentKey(.plan, "basic"), .plan(proposed), from: Day(utc: ManualClock.start))
        #expect(report.answer == past.answer(past.proposed(proposed, of: "basic"), from: ManualClock.start))
        #expect(report.answer.refused == twins.refusals.values.reduce(0, +))
        await ledger.stop()
    }

    /// Whatever commands there were: the documents in force change nothing, in any part of the past.
    @Test("nothing changes under what was in force", arguments: [2, 3] as [UInt64])
    func identity(seed: UInt64) async throws {
        let events = IdentityTests.events(seed: seed, count: 1500)
        let past = PastOfLedger(events, of: "acme")
        let ledger = try await FollowedLedger(events)
        let middle = Day(utc: events[events.count / 2].at)
        for start in [Day(utc: ManualClock.start), middle] {
            for key in [("price/chat"), ("price/rank"), ("plan/free"), ("plan/basic"), ("plan/pro")].map({ DocumentKey($0)! }) {
                guard let document = past.lasting(key) else { continue }
                let report = try ledger.ask(key, document, from: start)
                IdentityTests.expectNothing(report.answer, "\(key) from \(start)")
            }
        }
        await ledger.stop()
    }

    @Test("a period that began before is judged by what its windows had used")
    func middle() async throws {
        let (twins, proposed) = Twins.planned(seed: 5)
        let past = PastOfLedger(twins.actual.events, of: "acme")
        let ledger = try await FollowedLedger(twins.actual.events)
        let start = Day(utc: past.uses[past.uses.count / 2].at)
        let report = try ledger.ask(DocumentKey(.plan, "basic"), .plan(proposed), from: start)
        #expect(report.answer.uses == past.uses.count { $0.day >= start })
        #expect(
            report.answer == past.answer(past.proposed(proposed, of: "basic"), from: Timestamp(rfc3339: "\(start)T00:00:00Z")!))
        await ledger.stop()
    }

    /// The unit in which the proposed price is paid: the use has not moved it, and the last event before was days ago.
    @Test(
        "a unit is judged at the time of the use, whether its lot has come into force or lapsed since", arguments: [true, false])
    func timeAlone(comes: Bool) async throws {
        let (start, page) = (
            ManualClock.start, { (unit: Name) in Charge(unit: unit, rates: [.init(dimension: "pages", rate: Rate("1")!)]) }
        )
        let second = start.adding(days: 2)
        let terms = LotTerms(effectiveAt: comes ? second : nil, expiresAt: comes ? nil : second, source: .bonus)
        let price = Configure.Change(key: DocumentKey(.price, "chat"), document: .price(PriceDocument(charges: [page("u")])))
        let steps: [(day: Int64, command: Command)] = [
            (0, .configure(Configure(changes: [price], reason: ""))),
            (0, .grant(Grant(account: "a", unit: "u", amount: 70, terms: LotTerms(source: .bonus)))),
            (0, .grant(Grant(account: "a", unit: "v", amount: 70, terms: terms))),
            (
                3,
                .debit(Debit(account: "a", ask: .priced(feature: "chat", quantities: [Quantity(dimension: "pages", count: 10)])))
            ),
        ]
        var memory = MemoryLedger()
        for (number, step) in steps.enumerated() {
            let request = Request(tenant: "acme", id: Name("c-\(number)")!, body: 0, command: step.command)
            _ = try memory.send(request, at: start.adding(days: step.day))
        }
        let ledger = try await FollowedLedger(memory.events)
        let report = try ledger.ask(
            DocumentKey(.price, "chat"), .price(PriceDocument(charges: [page("v")])), from: Day(utc: start))
        #expect(report.answer.uses == 1 && report.answer.refused == (comes ? 0 : 1))
        await ledger.stop()
    }

    @Test("rates that cannot be computed are refused as configure refuses them")
    func rateOutOfRange() async throws {
        let (twins, _) = Twins.priced(seed: 1)
        let ledger = try await FollowedLedger(twins.actual.events)
        let rates = ["999999999999999989", "999999999999999967"].enumerated().map { index, prime in
            Charge.DimensionRate(dimension: index == 0 ? "in" : "out", rate: Rate("1/\(prime)")!)
        }
        let price = PriceDocument(charges: [Charge(unit: "credits", rates: rates)])
        do throws(WhatIfError) {
            _ = try ledger.ask(DocumentKey(.price, "chat"), .price(price), from: Day(utc: ledger.now))
            Issue.record("it was answered")
        } catch {
            guard case .rejected(.rateOutOfRange(DocumentKey(.price, "chat"))) = error else {
                Issue.record("\(error)")
                return
            }
        }
        await ledger.stop()
    }

    @Test("one question after the other, a few wait, the rest are told so, and one that is not wanted any more ends")
    func desk() async throws {
        let (twins, proposed) = Twins.priced(seed: 1)
        let ledger = try await FollowedLedger(twins.actual.events)
        let desk = WhatIfDesk(ledger.readModels, zones: .utcOnly)
        let days = Day(utc: ManualClock.start)...Day(utc: ledger.now)
        let question = WhatIfQuestion(
            tenant: "acme", key: DocumentKey(.price, "chat"), document: .price(proposed), days: days, top: 3)
        let now = ledger.now
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(WhatIfError) { return try await desk.answer(question, now: now).answer.uses > 0 } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect((WhatIfDesk.questionCountMax...20).contains(outcomes))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await desk.answer(question, now: now)
        }
        let result = await task.result
        if case .failure(let error) = result, case .cancelled? = error as? WhatIfError {} else { Issue.record("\(result)") }
        await ledger.stop()
    }
}
