import LedgerTestKit
import Testing

@testable import LedgerModel

@Suite("Events hashed before their turn")
struct HashedEventsTests {
    @Test("a book that takes them in stretches equals one that takes each event for itself", arguments: 1031...1036)
    func stretches(seed: Int) throws {
        let events = Walk.grown(seed: seed, steps: 400).ledger.events
        var random = SeededGenerator(seed: UInt64(seed))
        var (one, other) = (MemoryLedger.emptyBook(zones: .ofSimulation), MemoryLedger.emptyBook(zones: .ofSimulation))
        var hasher = other.identifierHasher
        var start = 0
        while start < events.count {
            let end = min(events.count, start + Int.random(in: 1...40, using: &random))
            for event in events[start..<end] { one.apply(event) }
            other.apply(HashedEvents(Array(events[start..<end]), &hasher))
            let isSame = one == other
            try #require(isSame, "seed \(seed), events \(start + 1) to \(end)")
            start = end
        }
    }

    @Test("tenants that take turns have their own ids")
    func tenants() {
        let names: [Name] = ["a", "b", "b", "a", "a", "$system", "b"]
        let recovered = Fact.recovered(Recovered(segment: SequenceNumber(1), offset: 0, byteCount: 1, torn: "t"))
        let events = names.enumerated().map { index, tenant in
            Event(
                sequence: SequenceNumber(UInt64(index + 1)), at: Timestamp(microseconds: 0), day: Day(daysSinceEpoch: 0),
                tenant: tenant, id: "same", group: GroupHead(count: 1, body: 0), peer: nil, actor: nil,
                fact: tenant == .system ? recovered : .submitted(Submitted(commands: 1)))
        }
        var book = MemoryLedger.emptyBook(zones: .ofSimulation)
        var hasher = book.identifierHasher
        book.apply(HashedEvents(events, &hasher))
        for (tenant, last) in [("a", 5), ("b", 7), ("$system", 6)] as [(Name, UInt64)] {
            #expect(book.identifiers.sequence(of: book.identifiers.hash("same", of: tenant)) == SequenceNumber(last))
        }
        #expect(book.identifierCount == 3)
    }
}

@Suite("Names from bytes")
struct NameBytesTests {
    @Test("a byte at every place of a name of every length is judged as it is alone")
    func everyPlace() throws {
        for count in 1...24 {
            for place in 0..<count {
                for byte in UInt8(0)...0x7f {
                    var bytes = Array(repeating: UInt8(ascii: "x"), count: count)
                    bytes[place] = byte
                    let name = bytes.withUnsafeBytes { Name(utf8: $0) }
                    let text = String(decoding: bytes, as: UTF8.self)
                    let isPlain = byte >= 0x20 && byte != 0x7f
                    try #require(name?.text == (isPlain ? text : nil), "byte \(byte) at \(place) of \(count)")
                    try #require(Name(text) == name)
                }
            }
        }
    }

    @Test("a scalar of C1 is found behind words of plain bytes, its neighbours are let through")
    func everyScalar() throws {
        for prefix in 0...17 {
            for scalar in UInt32(0x7f)...0x17f {
                let text = String(repeating: "x", count: prefix) + String(Unicode.Scalar(scalar)!) + "y"
                let name = Array(text.utf8).withUnsafeBytes { Name(utf8: $0) }
                try #require((name == nil) == (0x7f...0x9f).contains(scalar), "\(scalar) behind \(prefix) bytes")
                try #require(Name(text) == name)
            }
        }
    }

    @Test("names are equal when all their bytes are, whatever their length")
    func equality() throws {
        for count in 1...40 {
            let bytes = Array(repeating: UInt8(ascii: "x"), count: count)
            let name = Name(String(decoding: bytes, as: UTF8.self))!
            try #require(name == bytes.withUnsafeBytes { Name(utf8: $0) })
            try #require(name != Name(name.text + "x"))
            for place in 0..<count {
                var other = bytes
                other[place] = UInt8(ascii: "y")
                try #require(name != other.withUnsafeBytes { Name(utf8: $0) }, "\(count) bytes, another at \(place)")
            }
        }
    }
}
