import JSONText
import LedgerClient
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "9007199254740993", "-9223372036854775808", "0.5", "1e400", "-0",
        "123456789012345678901234",
        #""""#, #""a\"b\\c\n\u0001""#, #""žluť 🐎""#, "[]", "{}", #"[1,[2,[null]]]"#, #"{"z":1,"a":{"b":[true,"x"]},"m":-0.0}"#,
    ])
    func textComesOutAsItWentIn(text: String) throws {
        #expect(try JSONValue(parsing: text).description == text)
    }

    @Test(arguments: ["", "{", "[1,]", #"{"a":1,"a":2}"#, #"{"b":{"a":1,"a":2}}"#, "1 2", "01", "nul", #""\ud800""#, "{1:2}"])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func treesComeBack() throws {
        var generator = Seeded(state: 7)
        for _ in 0..<500 {
            let tree = JSONValue.random(depth: 4, using: &generator)
            #expect(try JSONValue(parsing: tree.description) == tree)
        }
    }

    @Test func whiteSpaceIsNotKept() throws {
        #expect(try JSONValue(parsing: " { \"a\" : [ 1 , 2 ] }\r\n").description == #"{"a":[1,2]}"#)
    }

    @Test func literalsAndSubscripts() {
        let value: JSONValue = ["name": "x", "list": [1, 2.description.isEmpty ? 3 : 4], "none": .null, "yes": true]
        #expect(value["name"]?.string == "x")
        #expect(value["list"]?[1]?.integer == 4)
        #expect(value["list"]?[2] == nil)
        #expect(value["none"]?.isNull == true)
        #expect(value["yes"]?.boolean == true)
        #expect(value["absent"] == nil)
        #expect(value["name"]?["x"] == nil)
        #expect(value.members?.map(\.key) == ["name", "list", "none", "yes"])
    }
}

/// splitmix64 (Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

extension JSONValue {
    static func random(depth: Int, using generator: inout Seeded) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &generator) {
        case 0: .null
        case 1: .boolean(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3: .number("\(Int.random(in: 0...9, using: &generator)).5")
        case 4: .string(text(using: &generator))
        case 5: .array((0..<3).map { _ in random(depth: depth - 1, using: &generator) })
        default: .object((0..<3).map { Member("\($0)\(text(using: &generator))", random(depth: depth - 1, using: &generator)) })
        }
    }

    private static func text(using generator: inout Seeded) -> String {
        let scalars: [Character] = ["a", "\"", "\\", "\n", "\u{1}", "é", "🐎", "/"]
        return String((0..<Int.random(in: 0...5, using: &generator)).map { _ in scalars.randomElement(using: &generator)! })
    }
}
