import EventCodec
import Testing

@Suite("Strictness of event lines")
struct StrictnessTests {
    private static let line =
        #"{"seq":9,"at":"2026-11-21T01:23:53.678901Z","day":"2026-11-21","type":"debited","tenant":"acme","id":"d-1","events":1,"#
        + #""body":"00f1e2d3c4b5a697","peer":1000,"account":"u-7","parts":[{"unit":"credits","amount":5,"#
        + #""lots":[{"lot":3,"amount":5,"remaining":1}],"balance":{"available":1,"held":0}}]}"#

    @Test("the line itself is sound, with or without its line feed")
    func sound() throws {
        #expect(encoded(try decode(Self.line)) == Self.line + "\n")
        #expect(try decode(Self.line + "\n") == decode(Self.line))
    }

    @Test(
        "what is missing, unknown, misplaced or of another type is named",
        arguments: [
            (#""seq":9,"#, "", "seq is missing"), (#""day":"2026-11-21","#, "", "day is missing"),
            (#""body":"00f1e2d3c4b5a697","#, "", "body is missing"),
            (#""account":"u-7","#, "", "account is missing"), (#","held":0"#, "", "held is missing"),
            (#","remaining":1"#, #","left":1"#, "left is not a field here"),
            (#""id":"d-1","#, #""id":"d-1","more":1,"#, "account is missing"),
            (#"}]}"#, #"}],"more":1}"#, "more is not a field here"),
            (#""held":0"#, #""held":0,"more":1"#, "more is not a field here"),
            (#""tenant":"acme","id":"d-1""#, #""id":"d-1","tenant":"acme""#, "tenant is missing"),
            (#""seq":9"#, #""seq":"9""#, "seq must be a number"),
            (#""seq":9"#, #""seq":0"#, "seq must be a sequence number, from 1"),
            (#""seq":9"#, #""seq":9.0"#, "seq must be an integer from 0 to 2^53-1"),
            (#""seq":9"#, #""seq":-9"#, "seq must be an integer from 0 to 2^53-1"),
            (#""seq":9"#, #""seq":9007199254740992"#, "seq must be an integer from 0 to 2^53-1"),
            (#""events":1"#, #""events":0"#, "events must be an integer from 1 to 9007199254740991"),
            ("00f1e2d3c4b5a697", "00f1e2d3c4b5a69", "body must be 16 lower-case hexadecimal digits"),
            ("00f1e2d3c4b5a697", "00F1e2d3c4b5a697", "body must be 16 lower-case hexadecimal digits"),
            ("00f1e2d3c4b5a697", "+0f1e2d3c4b5a697", "body must be 16 lower-case hexadecimal digits"),
            (#""peer":1000"#, #""peer":4294967296"#, "peer must be an integer from 0 to 4294967295"),
            (#""type":"debited""#, #""type":"holed""#, #"type "holed" is unknown: the log was written by a newer version"#),
            (#""day":"2026-11-21""#, #""day":"2026-02-30""#, "day must be a date such as 2026-11-21"),
            ("01:23:53.678901Z", "01:23:53.678901", "at must be a time such as 2026-11-21T01:23:45.678901Z, with six digits"),
            ("01:23:53.678901Z", "01:23:53.67890Z", "at must be a time such as 2026-11-21T01:23:45.678901Z, with six digits"),
            (#""account":"u-7""#, #""account":"""#, "account must be 1 to 128 bytes of UTF-8 without control characters"),
            (#""account":"u-7""#, #""account":"a\nb""#, "account must be 1 to 128 bytes of UTF-8 without control characters"),
            (#""account":"u-7""#, #""account":null"#, "account must be a string"),
            (#""lots":["#, #""lots":{},"x":["#, "lots must be an array"),
            (#""parts":["#, #""parts":[7,"#, "event must be an object"), (#"{"seq""#, #"[{"seq""#, "event must be an object"),
        ])
    func faults(_ old: String, _ new: String, _ expected: String) throws {
        let line = Self.line.replacing(old, with: new, maxReplacements: 1)
        try #require(line != Self.line)
        let error = #expect(throws: EventError.self) { try decode(line) }
        #expect(error?.description == expected)
    }

    @Test("after the line there is nothing")
    func trailing() {
        #expect(throws: EventError.self) { try decode(Self.line + "{}") }
        #expect(throws: EventError.self) { try decode("") }
    }

    private static let hold =
        #"{"seq":9,"at":"2026-11-21T01:23:53.678901Z","day":"2026-11-21","type":"held","tenant":"acme","id":"h-1","#
        + #""account":"u-7","expiresAt":"2026-11-21T01:38:53.678901Z","onExpiry":"release","overage":{"allow":3},"parts":[],"#
        + #""meters":[{"rule":"r","subject":"s","unit":"c","used":1,"start":"2026-11-01T00:00:00.000000Z"}]}"#

    @Test(
        "the fields of holds and counters are as strict",
        arguments: [
            (#""overage":{"allow":3},"#, "", "overage is missing"),
            (#"{"allow":3}"#, #""allow""#, #"overage must be "reject", "cap" or {"allow": amount}"#),
            (#"{"allow":3}"#, "{}", "overage.allow is missing"),
            (#"{"allow":3}"#, #"{"allow":-1}"#, "overage.allow must be an integer from 0 to 2^53-1"),
            (#"{"allow":3}"#, "7", "overage must be a string"),
            (#""release""#, #""burn""#, "onExpiry must be one of release, capture"),
            (#""rule":"r","#, "", "allowance, key or rule is missing"),
            (#","subject":"s""#, "", "subject is missing"),
            (#","start":"2026-11-01T00:00:00.000000Z""#, "", "start is missing"),
            (#""rule":"r","#, #""key":"k","rule":"r","#, "unit is missing"),
        ])
    func holdFaults(_ old: String, _ new: String, _ expected: String) throws {
        #expect(encoded(try decode(Self.hold)) == Self.hold + "\n")
        let line = Self.hold.replacing(old, with: new, maxReplacements: 1)
        try #require(line != Self.hold)
        let error = #expect(throws: EventError.self) { try decode(line) }
        #expect(error?.description == expected)
    }
}
