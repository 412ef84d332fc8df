import EventCodec
import Foundation
import LedgerModel
import LedgerTestKit
import Testing

@Suite("Decode is the inverse of encode")
struct InverseTests {
    @Test("for every kind of fact, whatever it carries", arguments: [UInt64(1), 2, 3, 4])
    func inverse(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        var types: Set<String> = []
        for _ in 0..<1500 {
            let event = events.next()
            types.insert(event.fact.type.description)
            let line = encoded(event)
            try #require(line.last == "\n" && line.utf8.filter { $0 == 0x0a }.count == 1)
            try #require(try decode(line) == event, "seed \(seed): \(line)")
        }
        #expect(types == Set(Fact.types))
    }

    @Test("for the least that a field can carry")
    func least() throws {
        var event = SampleEvents.version1[0]
        let part = SampleEvents.part("u", 1, [(1, 1, 1)], 1)
        event.fact = .refunded(
            Refunded(
                account: "a", of: "d", debit: .first, feature: nil, batch: nil, labels: [:], quantities: [], reason: "",
                returns: [Return(part: part, expired: 1)]))
        #expect(try decode(encoded(event)) == event)
    }

    @Test("every line is JSON to Foundation too", arguments: [UInt64(5)])
    func foundation(seed: UInt64) throws {
        var events = RandomEvents(seed: seed)
        for _ in 0..<300 {
            let line = encoded(events.next())
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }
}
