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

    @Test func theGeneratorGivesEveryKindOfEvent() {
        let types = Set(
            (1...3 as ClosedRange<UInt64>).flatMap { generatedEvents(seed: $0, count: 3000) }.map { EventType($0.fact) })
        #expect(types == Set(EventType.allCases).subtracting([.ledgerOpened, .recovered]))
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
