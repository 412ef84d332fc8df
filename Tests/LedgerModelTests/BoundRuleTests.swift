import LedgerTestKit
import Testing

@testable import LedgerModel

/// What is bounded so that no line, group or round of the ledger grows without end; and what is judged together.
@Suite("Bounds and togetherness")
struct BoundRuleTests {
    private static let start = ManualClock.start

    private static func request(_ id: Name, _ command: Command) -> Request {
        Request(tenant: "acme", id: id, body: 1, command: command)
    }

    /// What refuses a command; nil when it is accepted.
    private static func refusal(_ ledger: inout MemoryLedger, _ id: Name, _ command: Command, at now: Timestamp = start)
        -> String?
    {
        do throws(Rejection) {
            _ = try ledger.send(request(id, command), at: now)
            return nil
        } catch { return error.name }
    }

    private static func labels(_ range: ClosedRange<Int>) -> Labels {
        Labels(uniqueKeysWithValues: range.map { (Name("l\($0)")!, "x") })
    }

    @Test("a settlement, late or not, may add labels up to eight in all")
    func labels() {
        var ledger = MemoryLedger()
        #expect(Self.refusal(&ledger, "g", .grant(Grant(account: "u", unit: "credits", amount: 100))) == nil)
        for id in ["h-1", "h-2"] as [Name] {
            let hold = Hold(account: "u", ask: .amount(unit: "credits", 5), use: Use(labels: Self.labels(1...8)))
            #expect(Self.refusal(&ledger, id, .hold(hold)) == nil)
        }
        #expect(Self.refusal(&ledger, "s-1", .settle(Settle(hold: "h-1", labels: Self.labels(8...9)))) == "invalidField")
        #expect(Self.refusal(&ledger, "s-1", .settle(Settle(hold: "h-1", labels: Self.labels(7...8)))) == nil)
        let later = Self.start.adding(days: 1)
        #expect(ledger.passDue(at: later).count == 1)
        #expect(
            Self.refusal(&ledger, "s-2", .settle(Settle(hold: "h-2", labels: Self.labels(9...9))), at: later) == "invalidField")
        #expect(Self.refusal(&ledger, "s-2", .settle(Settle(hold: "h-2")), at: later) == nil)
    }

    @Test("a tenant has at most 64 alert rules")
    func rules() {
        var ledger = MemoryLedger()
        func rule(_ number: Int) -> Command {
            let document = AlertDocument(rule: .lowBalance(unit: "credits", below: 5))
            let key = DocumentKey(.alert, Name("a\(number)")!)
            return .configure(Configure(changes: [.init(key: key, document: .alert(document))], reason: "r"))
        }
        for number in 1...64 { #expect(Self.refusal(&ledger, Name("c\(number)")!, rule(number)) == nil) }
        #expect(Self.refusal(&ledger, "c65", rule(65)) == "invalidField")
        #expect(Self.refusal(&ledger, "c66", rule(64)) == nil)
    }

    @Test("no item inside a submit bears the submit's id")
    func itemOfSubmit() {
        var ledger = MemoryLedger()
        #expect(Self.refusal(&ledger, "g", .grant(Grant(account: "u", unit: "credits", amount: 100))) == nil)
        let batch = DebitBatch(account: "u", batch: "b", items: [.init(id: "s", ask: .amount(unit: "credits", 1))])
        let submit = Submit(commands: [.init(id: "s/1", body: 1, command: .debitBatch(batch))])
        #expect(Self.refusal(&ledger, "s", .submit(submit)) == "duplicateId")
    }

    @Test("a submit asks once for all that it needs of the log")
    func recallsOfSubmit() throws {
        var ledger = MemoryLedger()
        #expect(Self.refusal(&ledger, "g", .grant(Grant(account: "u", unit: "credits", amount: 100))) == nil)
        for number in 1...9 {
            let debit = Debit(account: "u", ask: .amount(unit: "credits", 1))
            #expect(Self.refusal(&ledger, Name("d\(number)")!, .debit(debit)) == nil)
        }
        let refunds = (1...9).map { Submit.Inner(id: Name("r\($0)")!, body: 1, command: .refund(Refund(of: Name("d\($0)")!))) }
        guard
            case .recall(let numbers) = try ledger.book.decide(
                Self.request("s", .submit(Submit(commands: refunds))), at: Self.start)
        else {
            Issue.record("nothing was asked for")
            return
        }
        #expect(numbers.count == 9)
        #expect(Self.refusal(&ledger, "s", .submit(Submit(commands: refunds))) == nil)
        #expect(ledger.book.holdings(of: "u", in: "acme", at: Self.start)?.first?.balance.available == 100)
    }

    @Test("a late settlement takes from 256 lots at most, and the rest is a shortfall")
    func lateLots() throws {
        var ledger = MemoryLedger()
        let units: [Name] = ["a", "b"]
        let charges = units.map { Charge(unit: $0, rates: [.init(dimension: "n", rate: Rate("1")!)]) }
        let price = Configure(
            changes: [.init(key: DocumentKey(.price, "f"), document: .price(PriceDocument(charges: charges)))], reason: "r")
        #expect(Self.refusal(&ledger, "c", .configure(price)) == nil)
        for unit in units {
            #expect(Self.refusal(&ledger, Name("g-\(unit)")!, .grant(Grant(account: "u", unit: unit, amount: 200))) == nil)
        }
        let ask = Ask.priced(feature: "f", quantities: [Quantity(dimension: "n", count: 400)])
        #expect(Self.refusal(&ledger, "h", .hold(Hold(account: "u", ask: ask))) == nil)
        let later = Self.start.adding(days: 1)
        #expect(ledger.passDue(at: later).count == 1)
        for unit in units {
            let taken = Debit(account: "u", ask: .amount(unit: unit, 200))
            #expect(Self.refusal(&ledger, Name("d-\(unit)")!, .debit(taken), at: later) == nil)
            for number in 1...200 {
                let grant = Grant(account: "u", unit: unit, amount: 1)
                #expect(Self.refusal(&ledger, Name("g-\(unit)-\(number)")!, .grant(grant), at: later) == nil)
            }
        }
        #expect(Self.refusal(&ledger, "s", .settle(Settle(hold: "h")), at: later) == nil)
        guard case .debited(let fact)? = ledger.events.last?.fact else {
            Issue.record("no late debit")
            return
        }
        #expect(fact.parts.map(\.amount) == [200, 56] && fact.late?.shortfall == 144)
        #expect(fact.parts.reduce(0) { $0 + $1.lots.count } == 256)
    }

    @Test("documents come into force before all else that is due, together or not at all")
    func documentsFirst() {
        let late = RuleTable(
            """
            plan pro articles 5 day                                          => ok
            subscribe u-7 pro                                                => ok
            hold h-1 u-7 articles 1 for 23h                                  => ok
            configure plan/pro articles 50 day effective 2026-03-02T00:00:00Z    => ok
            at +36h                                                          => due configured / lotExpired allowanceOpened holdExpired
            quota u-7 pro articles day                                       => used 0 limit 50
            """)
        #expect(late.complaints == [])
        let together = RuleTable(
            """
            configure unit/usd 2 , price/f usd requests=1 effective +1d      => ok
            grant u-7 usd 1000                                               => ok
            at +1d                                                           => due configurationCancelled configurationCancelled
            document price/f 1                                               => none
            """)
        #expect(together.complaints == [])
    }

    @Test("who subscribed before there was the plan has it from its beginning; a year back is far enough")
    func subscribedBefore() {
        let table = RuleTable(
            """
            at +5d
            plan pro articles 5 month                                        => ok
            subscribe u-7 pro from 2026-03-02T00:00:00Z                      => ok
            quota u-7 pro articles month                                     => used 0 limit 5 start 2026-03-01T00:00:00Z
            debit u-7 articles 1                                             => ok
            subscribe u-8 pro from 2025-02-01T00:00:00Z                      => invalidField field from
            """)
        #expect(table.complaints == [])
    }
}
