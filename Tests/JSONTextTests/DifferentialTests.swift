import Foundation
import JSONText
import LedgerTestKit
import Testing

/// The reader held against Foundation's on random texts and on mutations of them.
///
/// Foundation is known to be more lenient or otherwise different in these, which are left out of the comparison:
/// - it accepts a key that stands twice in an object: ours refuses it;
/// - it nests deeper than 64: ours does not;
/// - it refuses a number that no Double holds, such as 1e400: ours passes over it, for it reads integers only;
/// - it skips a byte order mark and takes UTF-16 and UTF-32 for what they are: ours reads UTF-8 only, as RFC 8259 section 8.1 says.
@Suite("JSON reader against Foundation")
struct DifferentialTests {
    @Test("both find the same texts well-formed", arguments: [UInt64(1), 2, 3, 4])
    func agreement(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (wellFormed, malformed) = (0, 0)
        for _ in 0..<1500 {
            var text = Array(RandomJSON.value(depth: 3, &random).utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) { mutate(&text, &random) }
            guard isComparable(text) else { continue }
            let fault = fault(text)
            if let fault, fault.code == .duplicateKey || fault.code == .tooDeep { continue }
            let foundation = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
            #expect((fault == nil) == (foundation != nil), "seed \(seed): \(String(decoding: text, as: UTF8.self)) \(text)")
            if fault == nil { wellFormed += 1 } else { malformed += 1 }
        }
        #expect(wellFormed > 300 && malformed > 300)
    }

    @Test("both read the same strings and integers", arguments: [UInt64(5), 6])
    func sameValues(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let string = RandomJSON.string(&random)
            let foundation = try JSONSerialization.jsonObject(with: Data(string.utf8), options: .fragmentsAllowed) as? String
            try read(string) { (reader) throws in #expect(Array(try reader.string().utf8) == foundation.map { Array($0.utf8) }) }
            let integer = Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random)
            try read(String(integer)) { (reader) throws in #expect(try reader.integer() == integer) }
        }
    }

    private func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0..<text.count, using: &random)
        let bytes = Array("{}[]\",:\\u0123456789.eE+-tfn \n".utf8) + [0x00, 0x1f, 0x7f, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xf0, 0xff]
        switch Int.random(in: 0...3, using: &random) {
        case 0: text[place] = bytes.randomElement(using: &random)!
        case 1: text.insert(bytes.randomElement(using: &random)!, at: place)
        case 2 where text.count > 1: text.remove(at: place)
        default: text[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
    }

    /// Foundation guesses an encoding from the first bytes; with a zero or a mark among them the two read different texts.
    private func isComparable(_ text: [UInt8]) -> Bool {
        !text.prefix(4).contains { $0 == 0 || $0 >= 0x80 } && !RandomJSON.holdsHugeNumber(text)
    }
}

/// JSON texts at random.
private enum RandomJSON {
    static func value(depth: Int, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: depth > 0 ? 0...7 : 2...7, using: &random) {
        case 0: list(depth, &random)
        case 1: object(depth, &random)
        case 2: ["true", "false", "null"].randomElement(using: &random)!
        case 3: String(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
        case 4: ["0", "-0", "1.5", "-2.25e3", "7E-2", "0.1", "12e+2"].randomElement(using: &random)!
        default: string(&random)
        }
    }

    private static func list(_ depth: Int, _ random: inout SeededGenerator) -> String {
        "[" + (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, &random) }.joined(separator: ", ")
            + "]"
    }

    private static func object(_ depth: Int, _ random: inout SeededGenerator) -> String {
        let fields = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            string(&random) + " :" + value(depth: depth - 1, &random)
        }
        return "{" + fields.joined(separator: ",\n") + "}"
    }

    static func string(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "é", "€", "\u{1F600}", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0041"#, #"\u00e9"#, #"\ud83d\ude00"#, #"\u0000"#, " ",
            "\u{7f}",
        ]
        return "\"" + (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            + "\""
    }

    /// An exponent of three digits or more, anywhere.
    static func holdsHugeNumber(_ text: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).contains(#/[eE][+-]?\d{3,}|\d{300,}/#)
    }
}
