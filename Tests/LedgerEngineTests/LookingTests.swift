import Foundation
import LedgerEngine
import LedgerModel
import LedgerTestKit
import SegmentLog
import Testing

@Suite("Questions that only look")
struct LookingTests {
    private let day: Int64 = 86_400
    private static let documents: [Configure.Change] = [
        .init(
            key: DocumentKey(.price, "chat"),
            document: .price(
                PriceDocument(charges: [
                    Charge(unit: "tokens", rates: [.init(dimension: "words", rate: Rate("2")!)]),
                    Charge(unit: "u", rates: [.init(dimension: "words", rate: Rate("1")!)]),
                ]))),
        .init(
            key: DocumentKey(.plan, "pro"),
            document: .plan(PlanDocument(allowances: [AllowanceDocument(unit: "tokens", amount: .units(100), period: .day)]))),
    ]

    /// An account with 50 units and a plan that gives 100 tokens a day.
    private func desk(_ directory: borrowing DataDirectory) throws -> Desk {
        let desk = try Desk(directory.path)
        _ = try desk.ask("c", .configure(Configure(changes: LookingTests.documents, reason: "start")))
        _ = try desk.ask("g", grant(50))
        _ = try desk.ask("p", .subscribe(Subscribe(account: "a", plan: "pro")))
        return desk
    }

    private func chat(_ words: Amount) -> Ask {
        .priced(feature: "chat", quantities: [Quantity(dimension: "words", count: words)])
    }
    private func check(_ words: Amount, key: Name? = nil) -> Check {
        Check(tenant: "t", account: "a", ask: chat(words), key: key)
    }

    @Test("a check says what the debit would, and changes nothing")
    func checks() throws {
        let directory = DataDirectory()
        let desk = try desk(directory)
        #expect(try desk.ask(.check(check(60))).told == "allowed allowanceOpened debited alertRaised alertRaised alertRaised")
        #expect(try desk.ask(.check(check(101))).told == "refused insufficientBalance")
        #expect(try desk.ask(.check(check(1, key: "k"))).told == "refused keyNotFound")
        #expect(try desk.ask(.check(Check(tenant: "t", account: "nobody", ask: chat(1)))).told == "refused accountNotFound")
        let last = desk.engine.status.head.lastSequence
        guard case .checked(.success(let checked)) = try desk.ask(.check(check(60))) else { throw Desk.NotTaken() }
        let done = try desk.ask("d", .debit(Debit(account: "a", ask: chat(60)))).events
        #expect(checked.map(\.fact) == done.map(\.fact))
        #expect(done[0].sequence == last.next)
        desk.engine.stop()
    }

    @Test("the quota is that of the windows now, whether or not anybody touched them")
    func quota() throws {
        let directory = DataDirectory()
        let desk = try desk(directory)
        func quota() throws -> [String] {
            guard case .quotas(let quotas) = try desk.ask(.quota(tenant: "t", account: "a")) else { return [] }
            return quotas.map { "\($0.plan) \($0.unit) \($0.used)/\($0.limit?.description ?? "-")" }
        }
        #expect(try quota() == ["pro tokens 0/100"])
        _ = try desk.ask("d", .debit(Debit(account: "a", ask: chat(20))))
        #expect(try quota() == ["pro tokens 40/100"])
        desk.clock.advance(seconds: day)
        #expect(try quota() == ["pro tokens 0/100"])
        #expect(try desk.ask(.quota(tenant: "t", account: "nobody")).told == "accountNotFound")
        desk.engine.stop()
    }

    @Test("a key is verified from memory, and a revoked one is refused by the very next command, on any connection")
    func keys() throws {
        let directory = DataDirectory()
        var desk = try desk(directory)
        let hash = KeyHash(String(repeating: "a", count: 64))!
        _ = try desk.ask("k", .issueKeys(IssueKeys(keys: [KeyIssued(key: "key", hash: hash, account: "a", terms: KeyTerms())])))
        func use(_ id: Name) -> Question {
            command(id, .debit(Debit(account: "a", ask: chat(1), use: Use(key: "key"))))
        }
        for _ in 0..<2 {
            guard case .key(let view) = try desk.ask(.verifyKey(hash)) else { throw Desk.NotTaken() }
            #expect(view.key == "key" && view.account == "a" && view.status == .active)
            desk.engine.stop()
            desk = try Desk(directory.path)
        }
        let tags = try desk.put([
            (1, use("d-1")), (1, command("r", .revokeKeys(RevokeKeys(keys: ["key"])))), (1, use("d-2")), (2, use("d-3")),
            (3, .verifyKey(hash)),
        ])
        let outcomes = tags.map { desk.wait(for: $0) }
        #expect(outcomes[0].told == "accepted allowanceOpened debited")
        #expect(outcomes[1...3].map(\.told) == ["accepted keyRevoked", "keyRevoked", "keyRevoked"])
        guard case .key(let view) = outcomes[4] else { throw Desk.NotTaken() }
        #expect(view.status == .revoked)
        #expect(try desk.ask(.verifyKey(KeyHash(String(repeating: "b", count: 64))!)).told == "keyNotFound")
        desk.engine.stop()
    }

    @Test("a dry run answers what would change, and keeps its id free")
    func dryRun() throws {
        let directory = DataDirectory()
        let desk = try desk(directory)
        var configure = Configure(changes: [.init(key: DocumentKey(.plan, "pro"), document: nil)], reason: "away", isDryRun: true)
        guard case .dryRun(let dryRun) = try desk.ask("x", .configure(configure)) else { throw Desk.NotTaken() }
        #expect(dryRun.differences.map(\.accounts) == [1])
        configure.isDryRun = false
        #expect(try desk.ask("x", .configure(configure)).told == "accepted configured")
        desk.engine.stop()
    }

    @Test("an explanation has the lots, the documents and the hold behind what an id led to")
    func explainUses() throws {
        let directory = DataDirectory()
        var desk = try desk(directory)
        _ = try desk.ask("d", .debit(Debit(account: "a", ask: chat(60))))
        _ = try desk.ask("h", .hold(Hold(account: "a", ask: chat(10), expiresInSeconds: 60)))
        _ = try desk.ask("s", .settle(Settle(hold: "h", extent: .quantities([Quantity(dimension: "words", count: 5)]))))
        _ = try desk.ask("r", .refund(Refund(of: "h")))
        _ = try desk.ask(
            "b",
            .debitBatch(
                DebitBatch(account: "a", batch: "b", items: [.init(id: "i-1", ask: chat(1)), .init(id: "i-2", ask: chat(1))])))
        _ = try desk.ask("c-2", .configure(Configure(changes: [LookingTests.documents[0]], reason: "anew")))
        for _ in 0..<2 {
            func told(_ id: Name) throws -> String {
                let explanation = try desk.explain(.command(tenant: "t", id: id))
                return explanation.events.map(\.fact.caseName).joined(separator: " ") + " | "
                    + explanation.opened.map { "\($0.0) \($0.1.fact.caseName)" }.joined(separator: " ") + " | "
                    + explanation.documents.map { "\($0.0)@\($0.1)" }.joined(separator: " ")
            }
            let debited = "allowanceOpened debited alertRaised alertRaised alertRaised"
            #expect(try told("d") == debited + " | 5 granted 7 allowanceOpened | plan/pro@1 price/chat@1")
            #expect(try told("h") == "held settled | 5 granted | price/chat@1")
            #expect(try told("s") == "held settled | 5 granted | price/chat@1")
            #expect(try told("r") == "held settled refunded | 5 granted | price/chat@1")
            #expect(try told("i-2") == "debited | 5 granted | price/chat@1")
            #expect(try told("b") == "batchOpened debited debited | 5 granted | price/chat@1")
            #expect(try desk.ask(.explain(.command(tenant: "t", id: "never"))).told == "debitNotFound")
            desk.engine.stop()
            desk = try Desk(directory.path)
        }
        desk.engine.stop()
    }

    @Test("a balance, a use and a refusal are explained, windows that nobody has opened included")
    func explainOthers() throws {
        let directory = DataDirectory()
        let desk = try desk(directory)
        _ = try desk.ask("d", .debit(Debit(account: "a", ask: chat(40))))
        let balance = try desk.explain(.balance(tenant: "t", account: "a", unit: nil))
        #expect(balance.holdings.map(\.unit) == ["u", "tokens"])
        #expect(balance.opened.map(\.1.fact.caseName) == ["granted", "allowanceOpened"])
        #expect(balance.documents.map { "\($0.0)@\($0.1)" } == ["plan/pro@1"])
        desk.clock.advance(seconds: day)
        #expect(try desk.explain(.balance(tenant: "t", account: "a", unit: "tokens")).holdings[0].balance.available == 100)
        let allowed = try desk.explain(.use(check(60)))
        #expect(allowed.rejection == nil && allowed.events.contains { $0.fact.caseName == "debited" })
        #expect(allowed.opened.map(\.1.fact.caseName) == ["granted", "allowanceOpened", "allowanceOpened"])
        #expect(Set(allowed.documents.map { "\($0.0)@\($0.1)" }) == ["plan/pro@1", "price/chat@1"])
        let refused = try desk.explain(.use(check(1000)))
        #expect(refused.rejection.map { RejectionRecord($0).name } == "insufficientBalance" && refused.events.isEmpty)
        #expect(refused.holdings.map(\.unit) == ["u", "tokens"])
        #expect(refused.documents.map { "\($0.0)@\($0.1)" } == ["price/chat@1", "plan/pro@1"])
        #expect(try desk.ask(.explain(.balance(tenant: "t", account: "nobody", unit: nil))).told == "accountNotFound")
        desk.engine.stop()
    }

    @Test("what waits for an explanation is answered before the engine has stopped")
    func stop() throws {
        let directory = DataDirectory()
        let desk = try desk(directory)
        let tags = try desk.put((0..<50).map { (UInt64($0), .explain(.command(tenant: "t", id: "g"))) })
        desk.engine.stop()
        #expect(tags.allSatisfy { desk.wait(for: $0).told == "explained" })
    }
}
