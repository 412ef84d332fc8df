import EventCodec
import Foundation
import LedgerModel
import LedgerTestKit
import Projections
import SegmentLog
import Testing

@testable import ReadModels

/// Law 10: a read model is the same however the log was cut into stretches.
@Suite struct LawTests {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func isTheSameHoweverTheLogIsCut(seed: UInt64) throws {
        let events = generatedEvents(seed: seed, count: 1500)
        var random = SeededGenerator(seed: seed)
        let (coarse, fine) = (try Ledger(), try Ledger())
        try coarse.append(events, cutting: &random)
        try fine.append(events, cutting: &random)
        for projection in Projection.builtIn {
            var (large, small) = (ReadModelBounds(), ReadModelBounds())
            large.stretchEventCount = 100_000
            small.stretchEventCount = Int.random(in: 1...30, using: &random)
            small.commitEventCount = Int.random(in: 1...300, using: &random)
            try OfflineRebuild(projection, in: coarse.views, reader: coarse.reader, bounds: large).rebuild(upTo: coarse.log.head)
            { _ in }
            try OfflineRebuild(projection, in: fine.views, reader: fine.reader, bounds: small).rebuild(upTo: fine.log.head) { _ in
            }
            let comparison = ReadModelComparison(
                live: try Connection(coarse.file(projection.name), .reading),
                rebuilt: try Connection(fine.file(projection.name), .reading))
            let difference = try comparison.firstDifference()
            #expect(difference == nil, "\(projection.name): \(difference?.description ?? "")")
            #expect(try Connection(coarse.file(projection.name), .reading).rowCount > 0)
        }
    }

    /// A lot that is opened, used up and opened again by a refund has the refund's terms, whether or not one stretch holds it all.
    @Test func aLotOpenedAgainIsTheSameInOneStretchAndInMany() throws {
        var memory = MemoryLedger()
        let start = Timestamp(rfc3339: "2026-11-21T00:00:00Z")!
        let terms = LotTerms(effectiveAt: start.adding(days: 1), source: .bonus)
        let commands: [Command] = [
            .grant(Grant(account: "a", unit: "credits", amount: 5, terms: terms)),
            .debit(Debit(account: "a", ask: .amount(unit: "credits", 5))), .refund(Refund(of: "c-1")),
        ]
        for (number, command) in commands.enumerated() {
            let request = Request(tenant: "t", id: Name("c-\(number)")!, body: 0, command: command)
            _ = try memory.send(request, at: start.adding(days: Int64(number)))
        }
        let (whole, cut) = (try Ledger(), try Ledger())
        try whole.append(memory.events)
        for event in memory.events { try cut.append([event]) }
        var single = ReadModelBounds()
        (single.stretchEventCount, single.commitEventCount) = (1, 1)
        let balances = Projection.builtIn.first { $0.name == "balances" }!
        try OfflineRebuild(balances, in: whole.views, reader: whole.reader).rebuild(upTo: whole.log.head) { _ in }
        try OfflineRebuild(balances, in: cut.views, reader: cut.reader, bounds: single).rebuild(upTo: cut.log.head) { _ in }
        let comparison = ReadModelComparison(
            live: try Connection(whole.file("balances"), .reading), rebuilt: try Connection(cut.file("balances"), .reading))
        #expect(try comparison.firstDifference() == nil)
    }

    /// The lots of an account do not pile up: what is used up and not held is forgotten, and of an allowance only the newest is kept.
    @Test func whatIsUsedUpIsForgotten() throws {
        let ledger = try Ledger()
        try ledger.append(BuiltInLedger.generator.events)
        let balances = Projection.builtIn.first { $0.name == "balances" }!
        try OfflineRebuild(balances, in: ledger.views, reader: ledger.reader).rebuild(upTo: ledger.log.head) { _ in }
        let connection = try Connection(ledger.file("balances"), .reading)
        for forgotten in [
            "SELECT 1 FROM lots WHERE remaining = 0 AND plan IS NULL AND lot NOT IN (SELECT lot FROM heldLots)",
            "SELECT 1 FROM lots WHERE plan IS NOT NULL GROUP BY tenant, account, unit, plan, period HAVING count(*) > 1",
            "SELECT 1 FROM heldLots WHERE hold NOT IN (SELECT seq FROM holds)",
        ] { #expect(try !connection.statement(forgotten).step(), "\(forgotten)") }
        #expect(try connection.statement("SELECT 1 FROM lots WHERE plan IS NOT NULL").step())
    }

    @Test func theGeneratorGivesEveryKindOfEvent() {
        let types = Set(
            (1...3 as ClosedRange<UInt64>).flatMap { generatedEvents(seed: $0, count: 3000) }.map { EventType($0.fact) })
        #expect(types == Set(EventType.allCases).subtracting([.ledgerOpened, .recovered, .restored, .signingKeyReplaced]))
    }

    @Test func typesAreNamedAsInTheLog() {
        for event in generatedEvents(seed: 1, count: 3000) { #expect("\(EventType(event.fact))" == "\(event.fact.type)") }
    }
}

extension Connection {
    /// Rows of all tables of the folder.
    var rowCount: Int {
        get throws {
            let names = try statement("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'daybook%'")
            var count: Int64 = 0
            while try names.step() {
                let counting = try statement("SELECT count(*) FROM \"\(names.text(0))\"")
                if try counting.step() { count += counting.integer(0) }
            }
            return Int(count)
        }
    }
}
