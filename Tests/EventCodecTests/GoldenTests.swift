import EventCodec
import Foundation
import JSONText
import LedgerModel
import Testing

/// The lines of events that are written, and every line that ever was: `Golden/events` is only ever added to.
@Suite("Golden events")
struct GoldenTests {
    @Test("each line reads as the event it was, and the newest version's is written so")
    func version1() throws {
        let lines = try GoldenTests.lines("version-1.jsonl")
        #expect(lines.count == SampleEvents.version1.count)
        for (line, event) in zip(lines, SampleEvents.version1) {
            #expect(try decode(line) == event)
            #expect(encoded(event) == line + "\n")
        }
    }

    @Test("every type of event is among them")
    func allTypes() throws {
        let types = Set(SampleEvents.version1.map { Mirror(reflecting: $0.fact).children.first!.label! })
        #expect(types == Set(SampleEvents.version1.map { $0.fact.type.description }))
        #expect(types == Set(Fact.types) && types.count == Fact.types.count)
        for line in try GoldenTests.lines("version-1.jsonl") {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(types.contains(try #require(object["type"] as? String)))
        }
    }

    @Test("one byte changed is an event that can be written again or an error, never a trap")
    func mutations() throws {
        var (accepted, refused) = (0, 0)
        for line in try GoldenTests.lines("version-1.jsonl") {
            var bytes = Array(line.utf8)
            for index in bytes.indices {
                let byte = bytes[index]
                for mutated in [
                    byte ^ 1, byte ^ 2, byte ^ 0x10, byte ^ 0x20, byte ^ 0x80, 0, UInt8(ascii: "9"), UInt8(ascii: "\""),
                    UInt8(ascii: "}"),
                ]
                where mutated != byte {
                    bytes[index] = mutated
                    if let event = try? decode(bytes) {
                        accepted += 1
                        #expect(try decode(encoded(event)) == event, "\(String(decoding: bytes, as: UTF8.self))")
                    } else {
                        refused += 1
                    }
                }
                bytes[index] = byte
            }
        }
        #expect(accepted > 1000 && refused > 10_000)
    }

    @Test("a line that is cut short is refused, at every length")
    func truncations() throws {
        for line in try GoldenTests.lines("version-1.jsonl") {
            let bytes = Array(line.utf8)
            for count in 0..<bytes.count { #expect(throws: EventError.self) { try decode(Array(bytes[..<count])) } }
        }
    }

    static func lines(_ name: String) throws -> [String] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "Golden/events").appending(path: name), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }
}

func encoded(_ event: Event) -> String {
    var writer = JSONWriter()
    EventCodec.encode(event, into: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

func decode(_ line: String) throws -> Event { try decode(Array(line.utf8)) }

func decode(_ line: [UInt8]) throws -> Event {
    try line.withUnsafeBytes { try EventCodec.decode($0) }
}
